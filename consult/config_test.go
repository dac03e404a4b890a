package consult

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	bad := map[string]func(*Config){
		"no name":       func(c *Config) { c.Profile.Name = " " },
		"no zone":       func(c *Config) { c.Profile.TimeZone = "" },
		"unknown zone":  func(c *Config) { c.Profile.TimeZone = "Europe/Atlantis" },
		"no language":   func(c *Config) { c.Profile.Language = "" },
		"bad language":  func(c *Config) { c.Profile.Language = "f r" },
		"no country":    func(c *Config) { c.Profile.Country = "" },
		"bad country":   func(c *Config) { c.Profile.Country = "Utopia" },
		"short tickets": func(c *Config) { c.TicketLifetime = time.Second },
		"long tickets":  func(c *Config) { c.TicketLifetime = MaxTicketLifetime + 1 },
		"no allowance":  func(c *Config) { c.Guard.Allowance = 0 },
		"no step":       func(c *Config) { c.Guard.Step = 0 },
		"small cap":     func(c *Config) { c.Guard.MaxDelay = c.Guard.Step - 1 },
		"big cap":       func(c *Config) { c.Guard.MaxDelay = time.Hour },
		"no memory":     func(c *Config) { c.Guard.Addresses = 0 },
	}
	for name, spoil := range bad {
		cfg := DefaultConfig()
		spoil(&cfg)
		if err := cfg.Validate(); err == nil {
			t.Errorf("%s: taken", name)
		}
		if _, err := Open(cfg, nil, nil, nil, time.Now, nil); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestErrors(t *testing.T) {
	wrapped := fmt.Errorf("while joining: %w", ErrBadTicket)
	for _, test := range []struct {
		err  error
		code Code
	}{{nil, ""}, {errors.New("disk"), CodeInternal}, {ErrEnded, CodeConflict}, {wrapped, CodeBadTicket}} {
		if got := CodeOf(test.err); got != test.code {
			t.Errorf("%v: %q, want %q", test.err, got, test.code)
		}
	}
	if !errors.Is(wrapped, &Error{CodeBadTicket, ErrBadTicket.Error()}) || errors.Is(ErrEnded, ErrNotFound) {
		t.Error("errors.Is does not compare code and sentence")
	}
}
