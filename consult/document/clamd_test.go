package document

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// eicar is the test string of eicar.org, in two parts, so that no scanner takes this file for it.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// startClamd starts the real daemon with a database of one signature; the test is skipped where there is none.
func startClamd(t *testing.T, more string) string {
	t.Helper()
	binary, err := exec.LookPath("clamd")
	if err != nil {
		if binary = "/usr/sbin/clamd"; func() error { _, err := os.Stat(binary); return err }() != nil {
			t.Skip("no clamd on this machine (Debian: clamav-daemon)")
		}
	}
	dir, err := os.MkdirTemp("", "clamd-test-") // short: the path of a socket has at most 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket, conf := filepath.Join(dir, "s"), filepath.Join(dir, "conf")
	signature := "Eicar-Test:0:*:" + hex.EncodeToString([]byte(eicar)) + "\n"
	settings := fmt.Sprintf("Foreground yes\nLocalSocket %s\nDatabaseDirectory %s\n%s", socket, filepath.Join(dir, "db"), more)
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "db"), 0o700), os.WriteFile(filepath.Join(dir, "db", "test.ndb"), []byte(signature), 0o600), os.WriteFile(conf, []byte(settings), 0o600)); err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command(binary, "--config-file", conf)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("unix", socket); err == nil {
			_ = conn.Close()
			return "unix:" + socket
		}
	}
	t.Fatal("clamd does not listen")
	return ""
}

// TestClamd: a real daemon refuses the EICAR string; nobody else ever sees the document, and its bytes are gone.
func TestClamd(t *testing.T) {
	address := startClamd(t, "StreamMaxLength 1M\n")
	h := newHouse(t, func(c *Config) { c.Clamd = address })
	p := h.people()
	if doc := h.send(p.doctor, "clean.txt", []byte("Deux par jour.")); doc.State != StateReady {
		t.Errorf("a clean one: %+v", doc)
	}
	bad := h.send(p.doctor, "x.txt", []byte(eicar))
	if bad.State != StateRefused || bad.Reason != ReasonVirus {
		t.Fatalf("%+v", bad)
	}
	gone := func() bool { _, err := os.Stat(h.pathOf(bad)); return errors.Is(err, os.ErrNotExist) }
	for deadline := time.Now().Add(30 * time.Second); !gone(); time.Sleep(time.Millisecond) { // right after its key
		if time.Now().After(deadline) {
			t.Fatal("its bytes are still there")
		}
	}
	if r := must(h.load(bad.Consultation, bad.ID))(t); r.wrappedBlob != nil {
		t.Error("its key is still there")
	}
	for _, v := range []Viewer{p.doctor, p.patient} {
		if _, err := h.Open(v, bad.ID); err == nil {
			t.Error("it opens")
		}
	}
	if list := must(h.List(p.patient))(t); len(list.Documents) != 1 {
		if len(list.Documents) != 0 { // two patients, none in the call: the practitioner's are for nobody yet
			t.Errorf("the patient's list: %+v", list.Documents)
		}
	}
	if doc := h.send(p.patient, "large.jpg", snapshot(3<<20, 1)); doc.State != StateRefused || doc.Reason != ReasonUnchecked {
		t.Errorf("over the scanner's limit: %+v", doc)
	}
}

// TestScannerAway: while the scanner does not answer nobody else sees the document, and afterwards it is looked at.
func TestScannerAway(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.Clamd = "unix:/nonexistent/clamd" })
	p := h.people()
	content := []byte("Deux par jour.")
	doc, _, err := h.Create(p.patient, New{Name: "a.txt", Size: int64(len(content))})
	if err == nil {
		_, err = h.Append(p.patient, doc.ID, 0, bytes.NewReader(content), func() {})
	}
	if err != nil {
		t.Fatal(err)
	}
	if !h.checkAll() {
		t.Fatal("it was checked without a scanner")
	}
	if _, err := h.Open(p.doctor, doc.ID); !errors.Is(err, errNotReady) {
		t.Fatalf("it opens unchecked: %v", err)
	}
	h.cfg.Clamd = ""
	h.restart()
	if h.checked(doc).State != StateReady {
		t.Error("it is never looked at again")
	}
}

func TestVerdicts(t *testing.T) {
	for reply, want := range map[string]verdict{
		"stream: OK\x00": clean,
		"stream: Eicar-Test.UNOFFICIAL FOUND\x00":       infected,
		"stream: a OK FOUND\n":                          infected,
		"INSTREAM size limit exceeded. ERROR\x00":       unscanned,
		"stream: INSTREAM size limit exceeded. ERROR\n": unscanned,
	} {
		if got, err := readVerdict([]byte(reply)); err != nil || got != want {
			t.Errorf("%q: %v, %v", reply, got, err)
		}
	}
	for _, reply := range []string{"x", "OK", "stream: OKAY", "UNKNOWN COMMAND", "stream: Can't allocate memory ERROR"} {
		if got, err := readVerdict([]byte(reply)); err == nil {
			t.Errorf("%q: %v, want an error: nothing is clean by mistake", reply, got)
		}
	}
}

// TestClamdHangsUp: no answer is no verdict.
func TestClamdHangsUp(t *testing.T) {
	listener := must(net.Listen("tcp", "localhost:0"))(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.CopyN(io.Discard, conn, 5)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-done })
	c := clamd{"tcp", listener.Addr().String()}
	if got, err := c.scan(context.Background(), bytes.NewReader(snapshot(1<<20, 1))); err == nil {
		t.Errorf("verdict %v", got)
	}
}

func FuzzVerdict(f *testing.F) {
	f.Add([]byte("stream: OK\x00"))
	f.Add([]byte("stream: X FOUND"))
	f.Fuzz(func(t *testing.T, reply []byte) {
		if got, err := readVerdict(reply); err == nil && got == clean && !bytes.HasPrefix(reply, []byte("stream: OK")) {
			t.Errorf("%q is clean", reply)
		}
	})
}
