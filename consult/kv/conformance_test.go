package kv_test

import (
	"path/filepath"
	"testing"

	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/kv/kvtest"
)

func openAt(t *testing.T, path string) kv.Store {
	t.Helper()
	s, err := kv.OpenBolt(path, kv.BoltConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBolt(t *testing.T) {
	kvtest.Run(t, func(t *testing.T) kv.Store { return openAt(t, filepath.Join(t.TempDir(), "kv")) })
}

func TestBoltDurable(t *testing.T) {
	kvtest.RunDurable(t, openAt)
}

func FuzzBolt(f *testing.F) {
	f.Add([]byte("2345678"))
	f.Add([]byte{2, 7, 1, 0, 0, 4, 200, 30, 0, 0, 2, 3, 7, 0, 1, 1, 3, 7, 2, 2})
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 1<<10 {
			t.Skip("longer than it takes")
		}
		s := openAt(t, filepath.Join(t.TempDir(), "kv"))
		kvtest.Script(t, s, script)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzCheckKey(f *testing.F) {
	f.Add("v1/a")
	f.Add("v1/\x00")
	f.Fuzz(func(t *testing.T, key string) {
		printable := 0
		for _, r := range key {
			if r > ' ' && r <= '~' {
				printable++
			}
		}
		good := printable == len(key) && len(key) > 0 && len(key) <= kv.MaxKey
		if err := kv.CheckKey(key); (err == nil) != good {
			t.Fatalf("%q: %v", key, err)
		}
	})
}
