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
	signIn  string // a one-time link, of our own
	address string // host:port, of others
	pid     int
	host    netip.Addr // on which it is
	maker   *maker

	// of one that we started; nil otherwise
	process *exec.Cmd
	folder  string
	output  *tail
	exited  chan struct{} // closed when it has ended
	ended   error         // how; read after exited
}

// command is how a server is started.
type command struct {
	args, env []string
	signIn    chan string // gets the sign-in link, of our own
	ready     string      // host:port that accepts when it is ready, of others
}

// startServer starts a server on free ports of an address, with a folder of its own, and waits until it is ready. stop ends it and removes
// the folder.
func startServer(ctx context.Context, c contender, host netip.Addr, pin cores) (*server, error) {
	folder, err := os.MkdirTemp("", "callbench-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, host: host, maker: c.maker, output: &tail{}, exited: make(chan struct{})}
	how, err := c.maker.configure(s, folder)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, fmt.Errorf("configuring %s: %w", c.name, err)
	}
	s.process = exec.Command(c.binary, how.args...)
	s.process.Env = append(os.Environ(), how.env...)
	s.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us; we then stop it
	s.process.Stderr = s.output
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = pin.start(s.process)
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, fmt.Errorf("can't start the server: %w (build it first: make build)", err)
	}
	s.pid = s.process.Process.Pid
	go func() { // ends with the process, as its output does
		if how.signIn != nil {
			readLink(out, how.signIn)
		} else {
			_, _ = io.Copy(s.output, out)
		}
		s.ended = s.process.Wait()
		close(s.exited)
	}()
	if err := s.await(ctx, how); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the server: %w", err), s.stop())
	}
	return s, nil
}

// await waits until the server can be used.
func (s *server) await(ctx context.Context, how *command) error {
	late := time.After(startWithin)
	look := time.NewTicker(pollEvery)
	defer look.Stop()
	for {
		select {
		case s.signIn = <-how.signIn:
			return nil
		case <-look.C:
			if how.ready != "" && answers(ctx, how.ready) {
				return nil
			}
		case <-late:
			return errors.New("it did not become ready\n" + s.output.String())
		case <-s.exited:
			return errors.New("it ended\n" + s.output.String())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// answers says whether anything accepts at host:port.
func answers(ctx context.Context, addr string) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
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

// drive gets ready to have people join.
func (s *server) drive(ctx context.Context) (driver, error) { return s.maker.drive(ctx, s) }

// stop ends a server that we started, gently first, and removes its folder. It leaves others alone.
func (s *server) stop() error {
	if s.process == nil {
		return nil
	}
	defer func() { _ = os.RemoveAll(s.folder) }()
	_ = s.process.Process.Signal(syscall.SIGTERM) // fails when it has ended
	select {
	case <-s.exited:
		if s.ended != nil && s.maker.exitsWell {
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
