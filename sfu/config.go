package sfu

import (
	"fmt"
	"net/netip"
	"time"
)

// Config is what an SFU needs to know.
type Config struct {
	// AdvertisedAddrs are the addresses that browsers reach the media socket at, with the socket's own port (NAT 1:1).
	// Empty: the addresses of the interfaces that the socket listens on.
	AdvertisedAddrs []netip.Addr
	// OnEvent gets every event, in order, from one goroutine. It may call the SFU's methods, except Close. nil: events are dropped.
	OnEvent func(Event)
	// LostAfter is the silence after which a peer is told as lost. Browsers renew their ICE consent every 2.5 s (Chrome)
	// to 6 s (Firefox, RFC 7675 §5.1) when nothing else is sent, so less than 6 s gives false alarms. 0: 6.5 s.
	LostAfter time.Duration
	// KeepFor is how long a silent transport is kept for an ICE restart before it fails. 0: 60 s.
	KeepFor time.Duration
}

const (
	defaultLostAfter = 6500 * time.Millisecond
	defaultKeepFor   = time.Minute
)

// Validate reports the first value that can't be used.
func (c Config) Validate() error {
	for _, a := range c.AdvertisedAddrs {
		if !a.IsValid() || a.IsUnspecified() || a.IsMulticast() {
			return fmt.Errorf("%w: advertised address %q", ErrBadConfig, a)
		}
	}
	if c.LostAfter < 0 || c.KeepFor < 0 {
		return fmt.Errorf("%w: negative duration", ErrBadConfig)
	}
	if c.LostAfter > 0 && c.KeepFor > 0 && c.KeepFor < c.LostAfter {
		return fmt.Errorf("%w: KeepFor %v is shorter than LostAfter %v", ErrBadConfig, c.KeepFor, c.LostAfter)
	}
	return nil
}

// withDefaults fills the zero values.
func (c Config) withDefaults() Config {
	if c.LostAfter == 0 {
		c.LostAfter = defaultLostAfter
	}
	if c.KeepFor == 0 {
		c.KeepFor = max(defaultKeepFor, c.LostAfter)
	}
	if c.OnEvent == nil {
		c.OnEvent = func(Event) {}
	}
	return c
}
