package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maker is a make of servers: how one is configured, started and driven. Everything that a maker of another name needs is here and in the
// file of its driver.
type maker struct {
	name      string
	people    int           // people that a room holds; 0: no limit that matters
	pause     time.Duration // after one more sender has joined each room
	exitsWell bool          // with code 0, when told to end
	loopback  bool          // offers 127.0.0.1 as a candidate
	// configure writes what the server reads into the folder.
	configure func(s *server, folder string) (*command, error)
	drive     func(ctx context.Context, s *server) (driver, error)
}

// contender is one of the servers that are compared.
type contender struct {
	name   string
	maker  *maker
	binary string
}

const galeneGroup = "bench"

var errUnknownServer = errors.New("unknown server")

// makers is what -against may name.
func makers() []*maker {
	return []*maker{
		{name: "colloque", people: mostPeople, exitsWell: true, loopback: true, configure: configureColloque, drive: driveColloque},
		// When two senders join a room within some 100 ms, one of them may never see the other.
		{name: "galene", pause: 900 * time.Millisecond, configure: configureGalene, drive: driveGalene},
		{name: "janus", configure: configureJanus(0), drive: driveJanus},
		{name: "janus2", configure: configureJanus(2), drive: driveJanus},
	}
}

// newContender reads "galene=/path/of/binary".
func newContender(spec string) (contender, error) {
	name, binary, ok := strings.Cut(spec, "=")
	all := makers()
	i := slices.IndexFunc(all, func(m *maker) bool { return m.name == name })
	if !ok || binary == "" || i < 0 {
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		return contender{}, fmt.Errorf("%w %q: want name=path, name one of %s", errUnknownServer, spec, strings.Join(names, ", "))
	}
	return contender{name: name, maker: all[i], binary: binary}, nil
}

// freePort is a TCP port that was free a moment ago.
func freePort(host netip.Addr) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host.String(), "0"))
	if err != nil {
		return "", err
	}
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), l.Close()
}

// writeFiles writes files, by their path in the folder.
func writeFiles(folder string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// hostAddr is the address that servers are to use: loopback, unless one of them never offers that. Then any other of this machine's: packets
// to it go over the loopback interface all the same.
func hostAddr(all []contender) (netip.Addr, error) {
	if !slices.ContainsFunc(all, func(c contender) bool { return !c.maker.loopback }) {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	found, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, a := range found {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && p.Addr().IsGlobalUnicast() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("this machine has no IPv4 address but loopback, which Galene and Janus never offer: README, measuring")
}
