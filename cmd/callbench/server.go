package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startWithin = 20 * time.Second
	stopWithin  = 12 * time.Second // more than the server takes to stop by itself
	tailSize    = 4 << 10          // bytes of the server's log that are shown when it fails
)

// server is the server that is measured: one that we started, or one that was there.
type server struct {
	signIn string // a one-time link
	pid    int

	// of one that we started; nil otherwise
	process *exec.Cmd
	folder  string
	output  *tail
	exited  chan struct{} // closed when it has ended
	ended   error         // how; read after exited
}

// startServer starts a colloque on free ports of the loopback interface with a data folder of its own, and waits until it prints its
// sign-in link. stop ends it and removes the folder.
func startServer(ctx context.Context, binary string) (*server, error) {
	folder, err := os.MkdirTemp("", "callbench-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, output: &tail{}, exited: make(chan struct{})}
	s.process = exec.Command(binary, "serve")
	s.process.Env = append(os.Environ(),
		"COLLOQUE_LISTEN=127.0.0.1:0", "COLLOQUE_MEDIA_LISTEN=127.0.0.1:0", "COLLOQUE_DATA="+folder, "COLLOQUE_LOG_LEVEL=warn")
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we then stop it
	s.process.Stderr = s.output
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, fmt.Errorf("can't start the server: %w (build it first: make build)", err)
	}
	s.pid = s.process.Process.Pid
	link := make(chan string, 1)
	go func() { // ends with the process, as its output does
		readLink(out, link)
		s.ended = s.process.Wait()
		close(s.exited)
	}()
	select {
	case s.signIn = <-link:
		return s, nil
	case <-time.After(startWithin):
		err = errors.New("it printed no sign-in link")
	case <-s.exited:
		err = errors.New("it ended")
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(fmt.Errorf("starting the server: %w", err), s.stop())
}

// readLink finds the sign-in link in what the server prints, and drains the rest.
func readLink(r io.Reader, link chan<- string) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if text := strings.TrimSpace(lines.Text()); strings.Contains(text, "/sign-in/") {
			offerTo(link, text)
		}
	}
	_, _ = io.Copy(io.Discard, r)
}

// drive signs in. Here is where servers of other makes would get other drivers.
func (s *server) drive(ctx context.Context) (driver, error) {
	return newColloque(ctx, s.signIn, &net.Dialer{})
}

// stop ends a server that we started, gently first, and removes its folder. It leaves others alone.
func (s *server) stop() error {
	if s.process == nil {
		return nil
	}
	defer func() { _ = os.RemoveAll(s.folder) }()
	_ = s.process.Process.Signal(syscall.SIGTERM) // fails when it has ended
	select {
	case <-s.exited:
		if s.ended != nil {
			return fmt.Errorf("the server: %w\n%s", s.ended, s.output)
		}
		return nil
	case <-time.After(stopWithin):
	}
	_ = s.process.Process.Kill()
	<-s.exited
	return fmt.Errorf("the server did not stop within %v and was killed", stopWithin)
}

// mediaAddr is the local address from which media reaches a server at this URL.
func mediaAddr(ctx context.Context, link string) (netip.Addr, error) {
	u, err := url.Parse(link)
	if err != nil {
		return netip.Addr{}, err
	}
	addr, err := resolve(ctx, &net.Dialer{}, u.Scheme+"://"+u.Host)
	if err != nil {
		return netip.Addr{}, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "udp", addr) // nothing is sent
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), nil
}

// tail keeps the end of what is written to it.
type tail struct {
	mu sync.Mutex // guards the following
	b  []byte
}

// Write keeps the end.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, b...)
	if over := len(t.b) - tailSize; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(b), nil
}

// String is what was kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
