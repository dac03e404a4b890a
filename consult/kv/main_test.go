package kv

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMain is also the beginning of the crash test's child, and afterwards looks for goroutines of this package that
// no Close has waited for.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashChildVariable); path != "" {
		crashChild(path)
		return
	}
	code := m.Run()
	if leak := leakedGoroutine(); leak != "" {
		fmt.Fprintf(os.Stderr, "a goroutine is left:\n%s\n", leak)
		code = 1
	}
	os.Exit(code)
}

func leakedGoroutine() string {
	deadline := time.Now().Add(30 * time.Second)
	for {
		stacks := make([]byte, 4<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		leak := ""
		for i, stack := range strings.Split(string(stacks), "\n\n") {
			if i > 0 && strings.Contains(stack, "/consult/kv.") { // 0 is this one
				leak = stack
			}
		}
		if leak == "" || time.Now().After(deadline) {
			return leak
		}
		runtime.Gosched()
	}
}

func mustOpen(tb testing.TB, path string, cfg BoltConfig) *boltStore {
	tb.Helper()
	s, err := OpenBolt(path, cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { must(tb, s.Close()) })
	return s.(*boltStore)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func mustPut(tb testing.TB, s Store, key, value string) {
	tb.Helper()
	must(tb, s.Update(func(tx Txn) error { return tx.Put(key, []byte(value)) }))
}
