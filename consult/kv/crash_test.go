package kv

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	crashChildVariable = "COLLOQUE_KV_CRASH_CHILD" // the file that the child writes to
	crashWriters       = 4
	crashLog           = 12 // entries that each writer keeps
	crashLanes         = 2  // children at a time
	crashNewFile       = 10 // rounds on one file

	crashLongest = 40 * time.Millisecond // that a child lives
	crashOpening = 5 * time.Millisecond  // the same when the kill is meant for the making or opening of the file
)

// crashValue is what a writer's entry holds: different each time, up to 8 KiB, and known to whoever checks it.
func crashValue(writer, n int) []byte {
	return bytes.Repeat([]byte(fmt.Sprintf("%d.%d;", writer, n)), 1+(n*131+writer*17)%1200)
}

// crashChild writes until it is killed. It prints "start", "open", and "<writer> <n>" after each Update that has returned.
func crashChild(path string) {
	fmt.Fprintln(os.Stdout, "start")
	s, err := OpenBolt(path, BoltConfig{})
	if err != nil {
		fmt.Fprintln(os.Stdout, "error", err)
		return
	}
	fmt.Fprintln(os.Stdout, "open")
	var writers sync.WaitGroup
	for writer := range crashWriters {
		writers.Go(func() {
			if err := crashWrite(s, writer); err != nil {
				fmt.Fprintln(os.Stdout, "error", err)
			}
		})
	}
	writers.Wait()
}

// crashWrite makes transactions of which each touches a head, a log, an old log entry and a tail.
func crashWrite(s Store, writer int) error {
	prefix := fmt.Sprintf("v1/crash/%d/", writer)
	head, err := s.Get(prefix + "head")
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	n, _ := strconv.Atoi(string(head.Value))
	lease, err := s.Lease(time.Hour)
	if err != nil {
		return err
	}
	for {
		n++
		number := []byte(strconv.Itoa(n))
		err := s.Update(func(tx Txn) error {
			e, err := tx.Get(prefix + "head")
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			return errors.Join(
				tx.Compare(prefix+"head", e.Revision),
				tx.Put(prefix+"head", number),
				tx.Put(fmt.Sprintf("%slog/%08d", prefix, n), crashValue(writer, n)),
				tx.Delete(fmt.Sprintf("%slog/%08d", prefix, n-crashLog)),
				tx.PutLease(prefix+"tail", number, lease),
			)
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(os.Stdout, writer, n)
		if n%16 == writer { // leases come and go too, but never one that holds the tail
			other, err := s.Lease(time.Hour)
			if err == nil {
				err = s.Update(func(tx Txn) error { return tx.PutLease(prefix+"other", nil, other) })
			}
			if err == nil {
				err = s.Revoke(other)
			}
			if err != nil {
				return err
			}
		}
	}
}

// TestCrash kills a writing process at random moments and looks at what is left.
func TestCrash(t *testing.T) {
	rounds := 500
	if testing.Short() {
		rounds = 50
	}
	began := time.Now()
	var lanes sync.WaitGroup
	var total crashTally
	var mu sync.Mutex
	for lane := range crashLanes {
		folder := t.TempDir()
		random := rand.New(rand.NewPCG(rand.Uint64(), uint64(lane)))
		lanes.Go(func() {
			tally, err := crashRounds(folder, rounds/crashLanes, random)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(tally)
		})
	}
	lanes.Wait()
	t.Logf("%d kills in %v: %d before the file was open (%d before there was one), %d with a write done but not acknowledged; %d writes acknowledged",
		total.kills, time.Since(began).Round(time.Millisecond), total.early, total.noFile, total.ahead, total.acknowledged)
	if !t.Failed() && (total.kills != rounds || total.acknowledged < rounds/10 || total.early == 0 && !testing.Short()) {
		t.Error("the kills have met too little")
	}
}

// crashTally counts what the kills have met.
type crashTally struct{ kills, early, noFile, ahead, acknowledged int }

func (c *crashTally) add(o crashTally) {
	c.kills += o.kills
	c.early += o.early
	c.noFile += o.noFile
	c.ahead += o.ahead
	c.acknowledged += o.acknowledged
}

func crashRounds(folder string, rounds int, random *rand.Rand) (tally crashTally, err error) {
	var path string
	var acknowledged [crashWriters]int
	for round := range rounds {
		if round%crashNewFile == 0 {
			path = filepath.Join(folder, fmt.Sprintf("kv%04d", round))
			acknowledged = [crashWriters]int{}
		}
		longest := crashLongest
		if round%crashNewFile == 0 || random.IntN(4) == 0 {
			longest = crashOpening
		}
		after := time.Duration(random.Int64N(int64(longest)))
		opened, writes, err := crashKill(path, after, &acknowledged)
		if err != nil {
			return tally, fmt.Errorf("round %d: %w", round, err)
		}
		tally.kills++
		tally.acknowledged += writes
		if !opened {
			tally.early++
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && !opened {
			tally.noFile++
		}
		ahead, err := crashVerify(path, &acknowledged)
		if err != nil {
			return tally, fmt.Errorf("round %d, killed after %v and %d writes: %w", round, after, writes, err)
		}
		tally.ahead += ahead
	}
	return tally, nil
}

// crashKill starts a child, kills it so long after it began, and notes what it has acknowledged.
func crashKill(path string, after time.Duration, acknowledged *[crashWriters]int) (opened bool, writes int, err error) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashChildVariable+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return false, 0, err
	}
	if err := child.Start(); err != nil {
		return false, 0, err
	}
	lines := bufio.NewScanner(out)
	var failed error
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "start":
			defer time.AfterFunc(after, func() { _ = child.Process.Kill() }).Stop()
		case line == "open":
			opened = true
		case strings.HasPrefix(line, "error"):
			failed = errors.New(line)
			_ = child.Process.Kill()
		default:
			var writer, n int
			if _, err := fmt.Sscan(line, &writer, &n); err == nil {
				acknowledged[writer] = n
				writes++
			}
		}
	}
	if err := child.Wait(); err == nil {
		failed = errors.Join(failed, errors.New("the child ended by itself"))
	}
	return opened, writes, failed
}

// crashVerify opens the file, checks it, and moves acknowledged to what is there: each writer's last transaction
// whole, and nothing older than it said.
func crashVerify(path string, acknowledged *[crashWriters]int) (ahead int, err error) {
	opened, err := OpenBolt(path, BoltConfig{})
	if err != nil {
		return 0, err
	}
	s := opened.(*boltStore)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := audit(s.db); err != nil {
		return 0, err
	}
	left, err := filepath.Glob(path + "?*")
	if err != nil {
		return 0, err
	}
	if len(left) > 0 {
		return 0, fmt.Errorf("files left: %q", left)
	}
	for writer := range crashWriters {
		prefix := fmt.Sprintf("v1/crash/%d/", writer)
		entries, err := s.Range(prefix, "", MaxRange)
		if err != nil {
			return 0, err
		}
		n := 0
		if len(entries) > 0 {
			n, _ = strconv.Atoi(string(entries[0].Value)) // the head
		}
		if n != acknowledged[writer] && n != acknowledged[writer]+1 {
			return 0, fmt.Errorf("writer %d: %d is there, %d was acknowledged", writer, n, acknowledged[writer])
		}
		ahead += n - acknowledged[writer]
		acknowledged[writer] = n
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Key == prefix+"other" })
		if err := crashWhole(entries, prefix, writer, n); err != nil {
			return 0, err
		}
	}
	return ahead, nil
}

// crashWhole tells whether the entries are those after n transactions, no half ones.
func crashWhole(entries []Entry, prefix string, writer, n int) error {
	want := map[string]string{}
	if n > 0 {
		want[prefix+"head"], want[prefix+"tail"] = strconv.Itoa(n), strconv.Itoa(n)
	}
	for i := max(1, n-crashLog+1); i <= n; i++ {
		want[fmt.Sprintf("%slog/%08d", prefix, i)] = string(crashValue(writer, i))
	}
	for _, e := range entries {
		value, ok := want[e.Key]
		if !ok || value != string(e.Value) {
			return fmt.Errorf("after %d: %s has %d bytes, want %d (%t)", n, e.Key, len(e.Value), len(value), ok)
		}
		delete(want, e.Key)
	}
	if len(want) > 0 {
		return fmt.Errorf("after %d: %d keys are missing", n, len(want))
	}
	return nil
}
