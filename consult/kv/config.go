package kv

import (
	"fmt"
	"log/slog"
	"time"
)

// BoltConfig configures OpenBolt. The zero value is good: all fields have defaults.
type BoltConfig struct {
	Logger *slog.Logger     // nil: nothing is logged
	Clock  func() time.Time // when leases end; nil: time.Now
	// LockTimeout is how long to wait for a process that has the file open. Default 5 s.
	LockTimeout time.Duration
	// History is how many changes are kept in memory for watches. Default 8192.
	History int
}

// Validate tells what can not work.
func (c BoltConfig) Validate() error {
	if c.LockTimeout < 0 {
		return fmt.Errorf("kv: lock timeout %v is negative", c.LockTimeout)
	}
	if c.History < 0 {
		return fmt.Errorf("kv: history of %d changes is negative", c.History)
	}
	return nil
}

func (c BoltConfig) withDefaults() BoltConfig {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.LockTimeout == 0 {
		c.LockTimeout = 5 * time.Second
	}
	if c.History == 0 {
		c.History = 8192
	}
	return c
}
