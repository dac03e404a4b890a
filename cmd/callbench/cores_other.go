//go:build !linux

package main

import (
	"errors"
	"os/exec"
)

var errNoAffinity = errors.New("-cores needs Linux")

func availableCores() ([]int, error) { return nil, errNoAffinity }

func pinProcess([]int) error { return errNoAffinity }

func (c cores) start(program *exec.Cmd) error { return program.Start() }
