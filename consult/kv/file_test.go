package kv

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

func TestOpenRefuses(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole")
	s := mustOpen(t, whole, BoltConfig{})
	for range 20 {
		must(t, s.Update(func(tx Txn) error {
			return errors.Join(tx.Put("v1/a", make([]byte, MaxValue)), tx.Put("v1/b", make([]byte, MaxValue)))
		}))
	}
	must(t, s.Close())
	data, err := os.ReadFile(whole)
	must(t, err)

	damaged := func(at int) []byte {
		b := bytes.Clone(data)
		for _, page := range []int{0, os.Getpagesize()} {
			b[page+at] ^= 0xff
		}
		return b
	}
	foreign := func(change func(*bolt.Tx) error) []byte {
		path := filepath.Join(t.TempDir(), "foreign")
		must(t, os.WriteFile(path, data, 0o600))
		db, err := bolt.Open(path, 0o600, nil)
		must(t, err)
		must(t, db.Update(change))
		must(t, db.Close())
		b, err := os.ReadFile(path)
		must(t, err)
		return b
	}
	cases := map[string][]byte{
		"empty":             {},
		"short":             []byte("kv"),
		"zeros":             make([]byte, 1<<16),
		"text":              bytes.Repeat([]byte("not a store "), 1<<10),
		"one page":          data[:os.Getpagesize()],
		"meta pages only":   data[:2*os.Getpagesize()],
		"cut off":           data[:len(data)/50],
		"wrong magic":       damaged(16),
		"wrong checksum":    damaged(16 + 40),
		"another program's": foreign(func(tx *bolt.Tx) error { return tx.DeleteBucket(leasedBucket()) }),
		"newer": foreign(func(tx *bolt.Tx) error {
			return tx.Bucket(metaBucket()).Put(formatKey(), uint64Bytes(fileFormat+1))
		}),
		"no revision": foreign(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket()).Delete(revisionKey()) }),
	}
	for name, content := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kv")
			must(t, os.WriteFile(path, content, 0o600))
			s, err := OpenBolt(path, BoltConfig{})
			if err == nil {
				must(t, s.Close())
			}
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("got %v, want %v", err, ErrFormat)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
				t.Fatalf("the refused file has changed (%v)", err)
			}
		})
	}
	if _, err := OpenBolt(filepath.Join(t.TempDir(), "no", "folder"), BoltConfig{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	for _, cfg := range []BoltConfig{{LockTimeout: -1}, {History: -1}} {
		if _, err := OpenBolt(whole, cfg); err == nil {
			t.Errorf("%+v is accepted", cfg)
		}
	}
	mustOpen(t, whole, BoltConfig{})
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	s := mustOpen(t, path, BoltConfig{})
	if _, err := OpenBolt(path, BoltConfig{LockTimeout: time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Fatalf("got %v, want %v", err, ErrLocked)
	}
	handedOver := make(chan error)
	go func() {
		next, err := OpenBolt(path, BoltConfig{LockTimeout: time.Minute})
		if err == nil {
			err = next.Close()
		}
		handedOver <- err
	}()
	must(t, s.Close())
	must(t, <-handedOver)
}

// TestMadeOnce opens a file that is not there many times at once: one wins, and no other makes a second file in its place.
func TestMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	left := filepath.Join(filepath.Dir(path), temporaryPrefix(path)+"left")
	must(t, os.WriteFile(left, []byte("half a store"), 0o600))
	var group sync.WaitGroup
	won := make(chan Store, 16)
	for range cap(won) {
		group.Go(func() {
			s, err := OpenBolt(path, BoltConfig{LockTimeout: time.Second / 2})
			if err == nil {
				won <- s
			} else if !errors.Is(err, ErrLocked) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if len(won) != 1 {
		t.Fatalf("%d stores are open at the same path", len(won))
	}
	s := <-won
	mustPut(t, s, "v1/a", "x")
	must(t, s.Close())
	s = mustOpen(t, path, BoltConfig{})
	if _, err := s.Get("v1/a"); err != nil {
		t.Error(err)
	}
	names, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(names) != 1 {
		t.Errorf("files left: %v, %v", names, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestNameIsTaken has two processes make the file at once: the second takes the first one's.
func TestNameIsTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	must(t, os.WriteFile(path, []byte("first"), 0o600))
	must(t, os.WriteFile(path+"2", []byte("second"), 0o600))
	must(t, giveName(path+"2", path))
	if b, err := os.ReadFile(path); err != nil || string(b) != "first" {
		t.Fatalf("%q, %v", b, err)
	}
	must(t, os.Remove(path))
	must(t, giveName(path+"2", path))
	if b, err := os.ReadFile(path); err != nil || string(b) != "second" {
		t.Fatalf("%q, %v", b, err)
	}
	if err := giveName(path+"3", path+"4"); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("nothing to name: %v", err)
	}
}

func TestMmapSize(t *testing.T) {
	for size, want := range map[int64]int{0: 1 << 30, 1 << 20: 1 << 30, 1 << 30: 4 << 30} {
		if got := mmapSize(size); got != want {
			t.Errorf("%d bytes: %d, want %d", size, got, want)
		}
	}
}

// TestReaderDoesNotBlockGrowth keeps a transaction open, as a backup does, while writes make the file larger.
func TestReaderDoesNotBlockGrowth(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "kv"), BoltConfig{})
	must(t, s.db.View(func(*bolt.Tx) error {
		for range 100 {
			must(t, s.Update(func(tx Txn) error { return tx.Put("v1/a", make([]byte, MaxValue)) }))
		}
		return nil
	}))
	if info, err := os.Stat(s.db.Path()); err != nil || info.Size() < 100*MaxValue {
		t.Fatalf("the file did not grow: %d bytes, %v", info.Size(), err)
	}
}
