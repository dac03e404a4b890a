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
	// The door is not shut for long: whoever types the code of their sheet is looked at within a minute, again and again.
	for range 3 {
		if errors.Is(guess(0, "198.51.100.7"), ErrBadCode) {
			t.Error("looked at a guess although nothing is left")
		}
		p.clock.Forward(codeRefill)
		if _, err := p.SeatOfCode(real, netip.MustParseAddr("203.0.113.9")); err != nil {
			t.Errorf("the right code, a minute later: %v", err)
		}
		if err := guess(0, "2001:db8:7::1"); errors.Is(err, ErrBadCode) {
			t.Error("who was wrong before is looked at before who was not")
		}
		if err := guess(0, fmt.Sprintf("2001:db9:%x::1", p.clock.Now().Unix()&0xffff)); !errors.Is(err, ErrBadCode) {
			t.Errorf("a new address: %v", err)
		}
	}
	p.clock.Forward(wrongEverywhere * codeRefill)
	if _, err := p.SeatOfCode(real, netip.MustParseAddr("192.0.2.1")); err != nil {
		t.Errorf("later: %v", err)
	}
}

// TestCodesGuessedAllDay holds the odds that code.go promises.
func TestCodesGuessedAllDay(t *testing.T) {
	p := newPost(t, DefaultConfig())
	looked := 0
	for second := range 24 * 3600 {
		_, err := p.SeatOfCode("000000", netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::1", second>>16, second&0xffff)))
		if errors.Is(err, ErrBadCode) {
			looked++
		}
		p.clock.Forward(time.Second)
	}
	if looked > 1470 || looked < 1400 {
		t.Errorf("%d guesses a day were looked at", looked)
	}
}
