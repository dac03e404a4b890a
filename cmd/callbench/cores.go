package main

import (
	"errors"
	"fmt"
	"runtime"
)

// cores says which CPUs the server gets, and which callbench itself. The zero value: all for both.
type cores struct{ server, own []int }

var errTooFewCores = errors.New("too few cores")

// splitCores gives the server the last n of the CPUs, and us the others; n 0: all for both.
func splitCores(n int, available []int) (cores, error) {
	if n == 0 {
		return cores{}, nil
	}
	if n < 0 || n >= len(available) {
		return cores{}, fmt.Errorf("%w: %d for the server, of %d, leave none to send from", errTooFewCores, n, len(available))
	}
	at := len(available) - n
	return cores{server: available[at:], own: available[:at]}, nil
}

// keep moves callbench itself to its own CPUs for good.
func (c cores) keep() error {
	if len(c.own) == 0 {
		return nil
	}
	runtime.GOMAXPROCS(len(c.own))
	return pinProcess(c.own)
}
