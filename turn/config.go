package turn

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/pion/stun/v3"
)

// Config says what a Server reaches and whom it lets in. A zero field takes its default.
type Config struct {
	// Realm is told to clients (RFC 8489 §9.2). Short: it is part of every unauthenticated answer. Default "colloque".
	Realm string `yaml:"realm"`
	// MediaAddrs are the advertised addresses of our media, the only peers that exist. Required. Browsers use a relay
	// only towards addresses of the same family as the relayed one, so one of them should be IPv4.
	MediaAddrs []netip.AddrPort `yaml:"-"`
	// URLs are given to clients with the credentials, such as turn:203.0.113.7:8080?transport=udp. Each costs a browser
	// an allocation or more. Default: the first IPv4 and the first IPv6 media address, on which TURN is served too.
	URLs []string `yaml:"urls"`
	// Secret signs credentials: at least 16 bytes. Default: random, so that credentials end with the process.
	Secret []byte `yaml:"-"`
	// CredentialLifetime is how long after Credentials a new allocation may be made with them. Default 5 minutes.
	CredentialLifetime time.Duration `yaml:"credential_lifetime"`
	// AllocationsPerSession bounds the live allocations of a session. Firefox makes 2 a PeerConnection, and an ICE
	// restart needs one more beside the old ones. Default 4.
	AllocationsPerSession int `yaml:"allocations_per_session"`
	// MaxAllocations bounds all live allocations. Default 2048.
	MaxAllocations int `yaml:"max_allocations"`
	// QueuePackets bounds the packets that wait on the way from the media to one client. Default 512, about a second of
	// a 4 Mbit/s picture.
	QueuePackets int `yaml:"queue_packets"`
	// UnauthenticatedRate is how many requests without an allocation are answered a second, for each IPv4 address or
	// IPv6 /64; three seconds' worth may come at once. A whole hospital may share one address. Default 100.
	UnauthenticatedRate int `yaml:"unauthenticated_rate"`
}

const (
	minSecret = 16 // bytes
	// allocationsLimit keeps synthetic addresses in 240.0.0.0/12, far from 255.255.255.255, and memory bounded.
	allocationsLimit = 1 << 16
)

// DefaultConfig returns the defaults. MediaAddrs has none.
func DefaultConfig() Config { return Config{}.withDefaults() }

func (c Config) withDefaults() Config {
	if c.Realm == "" {
		c.Realm = "colloque"
	}
	if c.CredentialLifetime == 0 {
		c.CredentialLifetime = 5 * time.Minute
	}
	if c.AllocationsPerSession == 0 {
		c.AllocationsPerSession = 4
	}
	if c.MaxAllocations == 0 {
		c.MaxAllocations = 2048
	}
	if c.QueuePackets == 0 {
		c.QueuePackets = 512
	}
	if c.UnauthenticatedRate == 0 {
		c.UnauthenticatedRate = 100
	}
	c.MediaAddrs = slices.Clone(c.MediaAddrs)
	for i, addr := range c.MediaAddrs {
		c.MediaAddrs[i] = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	}
	if len(c.URLs) == 0 {
		c.URLs = defaultURLs(c.MediaAddrs)
	}
	return c
}

func defaultURLs(media []netip.AddrPort) []string {
	var urls []string
	for _, family := range []func(netip.Addr) bool{netip.Addr.Is4, netip.Addr.Is6} {
		if i := slices.IndexFunc(media, func(a netip.AddrPort) bool { return family(a.Addr()) }); i >= 0 {
			urls = append(urls, "turn:"+media[i].String()+"?transport=udp")
		}
	}
	return urls
}

// Validate says what is wrong with c, if anything is, with zero fields taken as their defaults.
func (c Config) Validate() error {
	c = c.withDefaults()
	complain := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{ErrConfig}, args...)...)
	}
	if len(c.MediaAddrs) == 0 {
		return complain("no media address")
	}
	for _, addr := range c.MediaAddrs {
		ip := addr.Addr()
		if !ip.IsValid() || ip.IsUnspecified() || ip.IsMulticast() || ip.Zone() != "" || isSynthetic(ip) || addr.Port() == 0 {
			return complain("media address %v cannot be reached by a browser", addr)
		}
	}
	for _, url := range c.URLs {
		if uri, err := stun.ParseURI(url); err != nil || uri.Scheme != stun.SchemeTypeTURN || uri.Proto != stun.ProtoTypeUDP {
			return complain("URL %q is not of the form turn:host:port?transport=udp", url)
		}
	}
	if len(c.Realm) > 64 {
		return complain("realm of %d bytes, at most 64", len(c.Realm))
	}
	if len(c.Secret) != 0 && len(c.Secret) < minSecret {
		return complain("secret of %d bytes, at least %d", len(c.Secret), minSecret)
	}
	if c.CredentialLifetime < time.Second || c.CredentialLifetime > 24*time.Hour {
		return complain("credential lifetime %v, from 1s to 24h", c.CredentialLifetime)
	}
	for _, number := range []struct {
		name            string
		value, from, to int
	}{
		{"allocations per session", c.AllocationsPerSession, 1, 64},
		{"allocations", c.MaxAllocations, 1, allocationsLimit},
		{"packets in a queue", c.QueuePackets, 8, 8192},
		{"unauthenticated requests a second", c.UnauthenticatedRate, 1, 100_000},
	} {
		if number.value < number.from || number.value > number.to {
			return complain("%s: %d, from %d to %d", number.name, number.value, number.from, number.to)
		}
	}
	return nil
}

// mediaAddrs are the only peers, in both forms that are needed.
type mediaAddrs struct {
	list []netip.AddrPort
	udp  []*net.UDPAddr
}

func newMediaAddrs(list []netip.AddrPort) mediaAddrs {
	m := mediaAddrs{list: list}
	for _, addr := range list {
		m.udp = append(m.udp, net.UDPAddrFromAddrPort(addr))
	}
	return m
}

// index returns the place of peer among the media addresses, and -1 for everybody else. The comparison is exact: no
// other way to write one of our addresses is accepted, since no client has a reason to use one.
func (m mediaAddrs) index(peer netip.AddrPort) int { return slices.Index(m.list, peer) }

// permit is pion's PermissionHandler. Permissions know no ports (RFC 8656 §9); the gate and relay.WriteTo check those.
func (m mediaAddrs) permit(_ net.Addr, peer net.IP) bool {
	ip, ok := netip.AddrFromSlice(peer)
	return ok && slices.ContainsFunc(m.list, func(a netip.AddrPort) bool { return a.Addr() == ip })
}
