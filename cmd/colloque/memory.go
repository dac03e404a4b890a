package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/colloque/colloque/configs"
)

// Where Linux says how much memory there is: what the container may use (cgroup v2, v1), and what the machine has.
const (
	cgroup2File = "sys/fs/cgroup/memory.max"
	cgroup1File = "sys/fs/cgroup/memory/memory.limit_in_bytes"
	machineFile = "proc/meminfo"
)

// limitMemory sets the collector's two goals. GOGC and GOMEMLIMIT in the environment, which the runtime took already, win.
func limitMemory(m configs.Memory, environ []string, root string) {
	isSet := func(name string) bool {
		return slices.ContainsFunc(environ, func(e string) bool { return strings.HasPrefix(e, name+"=") })
	}
	if !isSet("GOGC") {
		debug.SetGCPercent(m.GCPercent)
	}
	if isSet("GOMEMLIMIT") {
		return
	}
	limit := int64(m.LimitMiB) << 20
	if limit == 0 {
		limit = availableMemory(root) / 4 * 3
	}
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
}

// availableMemory is the least of what the files under root say, in bytes; 0: they say nothing.
func availableMemory(root string) (least int64) {
	for _, name := range []string{cgroup2File, cgroup1File, machineFile} {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue
		}
		if n := readMemory(string(b)); n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// readMemory reads a number of bytes, or the line "MemTotal: … kB"; 0: there is no limit ("max", or a very high one).
func readMemory(text string) int64 {
	unit := int64(1)
	if _, rest, found := strings.Cut(text, "MemTotal:"); found {
		text, _, _ = strings.Cut(rest, "kB")
		unit = 1 << 10
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n <= 0 || n >= 1<<50 {
		return 0
	}
	return n * unit
}
