package notify

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"
)

func TestCode(t *testing.T) {
	p := newPost(t, DefaultConfig())
	seat := SeatRef{"c_1", "p_1"}
	here := netip.MustParseAddr("192.0.2.1")
	code, err := p.NewCode(seat, time.Hour)
	p.check(err)
	arabic := ""
	for _, r := range code {
		arabic += string('٠' + (r - '0'))
	}
	for _, typed := range []string{code, code[:3] + " " + code[3:], " " + code[:2] + "-" + code[2:], arabic} {
		if got, err := p.SeatOfCode(typed, here); err != nil || got != seat {
			t.Errorf("%q: %+v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "12345", "1234567", "abcdef", "../../"} {
		for range 5 { // these cost nothing: no such code can exist
			if _, err := p.SeatOfCode(typed, here); !errors.Is(err, ErrBadCode) {
				t.Errorf("%q: %v", typed, err)
			}
		}
	}
	if raw, err := p.store.Range("v1/code/", "", 10); err != nil || len(raw) != 1 {
		t.Errorf("%v, %v", raw, err)
	}
	p.clock.Forward(2 * time.Hour)
	p.check(p.store.Revoke(0)) // lets the store look at its leases
	if _, err := p.SeatOfCode(code, here); err == nil {
		t.Log("the lease is ended by its own goroutine") // covered by kv's own tests
	}
}

func TestCodesCannotBeGuessed(t *testing.T) {
	p := newPost(t, DefaultConfig())
	real, err := p.NewCode(SeatRef{"c_1", "p_1"}, 48*time.Hour)
	p.check(err)
	guess := func(i int, from string) error {
		code := fmt.Sprintf("%06d", i)
		if code == real {
			code = "999999"
		}
		_, err := p.SeatOfCode(code, netip.MustParseAddr(from))
		return err
	}
	for i := range wrongPerAddress {
		if err := guess(i, "192.0.2.1"); !errors.Is(err, ErrBadCode) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	if err := guess(100, "192.0.2.1"); !errors.Is(err, ErrTooManyCodes) {
		t.Errorf("one address: %v", err)
	}
	if _, err := p.SeatOfCode(real, netip.MustParseAddr("192.0.2.1")); !errors.Is(err, ErrTooManyCodes) {
		t.Errorf("even the right one: %v", err)
	}
	if _, err := p.SeatOfCode(real, netip.MustParseAddr("192.0.2.2")); err != nil {
		t.Errorf("another address: %v", err)
	}
	looked := 0
	for i := range 100_000 { // from everywhere
		if errors.Is(guess(i, fmt.Sprintf("2001:db8:%x::1", i%60000)), ErrBadCode) {
			looked++
		}
	}
	if looked > wrongEverywhere {
		t.Errorf("%d of 100,000 guesses were looked at", looked)
	}
	p.clock.Forward(codeWindow)
	if _, err := p.SeatOfCode(real, netip.MustParseAddr("192.0.2.1")); err != nil {
		t.Errorf("later: %v", err)
	}
}
