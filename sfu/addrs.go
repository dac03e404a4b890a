package sfu

import (
	"net"
	"net/netip"
	"slices"
)

// hostAddrs are the addresses that a socket bound to local can be reached at, as host candidates: the advertised ones when
// there are any, else the bound one, else those of every interface that is up. Link-local addresses are left out: a
// candidate can't carry their zone. Loopback is kept, for browsers on the same machine.
func hostAddrs(local netip.AddrPort, advertised []netip.Addr) ([]netip.AddrPort, error) {
	addrs := slices.Clone(advertised)
	if len(addrs) == 0 {
		if !local.Addr().IsUnspecified() {
			addrs = []netip.Addr{local.Addr()}
		} else {
			var err error
			if addrs, err = interfaceAddrs(local.Addr().Is4()); err != nil {
				return nil, err
			}
		}
	}
	out := make([]netip.AddrPort, 0, len(addrs))
	for _, a := range addrs {
		if ap := netip.AddrPortFrom(a.Unmap(), local.Port()); !slices.Contains(out, ap) {
			out = append(out, ap)
		}
	}
	return out, nil
}

func interfaceAddrs(only4 bool) ([]netip.Addr, error) {
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return nil, err
	}
	var out []netip.Addr
	for _, n := range nets {
		prefix, ok := n.(*net.IPNet)
		if !ok {
			continue
		}
		a, ok := netip.AddrFromSlice(prefix.IP)
		a = a.Unmap()
		if !ok || a.IsLinkLocalUnicast() || a.IsMulticast() || (only4 && !a.Is4()) {
			continue
		}
		out = append(out, a)
	}
	// Loopback last: ICE gives the first candidate the highest priority.
	slices.SortStableFunc(out, func(a, b netip.Addr) int { return boolInt(a.IsLoopback()) - boolInt(b.IsLoopback()) })
	return out, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Addrs are the addresses of the media that browsers are told, with the socket's port.
func (s *SFU) Addrs() ([]netip.AddrPort, error) {
	return hostAddrs(s.socket.local, s.cfg.AdvertisedAddrs)
}
