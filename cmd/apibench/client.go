package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	startWithin = 2 * time.Minute
	stopWithin  = 15 * time.Second
)

// server is the program that is measured.
type server struct {
	process *exec.Cmd
	base    string // "http://localhost:1234"
	ended   chan struct{}
}

// start starts the program on the folder, on free ports, and waits until it says where it is.
func start(ctx context.Context, binary, folder string) (*server, error) {
	s := &server{process: exec.CommandContext(ctx, binary, "serve", "--sign-in-link"), ended: make(chan struct{})}
	s.process.Env = append(os.Environ(), "COLLOQUE_LISTEN=127.0.0.1:0", "COLLOQUE_MEDIA_LISTEN=127.0.0.1:0", "COLLOQUE_DATA="+folder, "COLLOQUE_LOG_LEVEL=warn")
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("starting %s (make build): %w", binary, err)
	}
	base := make(chan string, 1)
	go func() {
		defer close(s.ended)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if where, _, ok := strings.Cut(strings.TrimSpace(lines.Text()), "/sign-in/"); ok {
				select {
				case base <- where:
				default:
				}
			}
		}
		_ = s.process.Wait()
	}()
	select {
	case s.base = <-base:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("%s ended", binary)
	case <-time.After(startWithin):
		s.stop()
		return nil, fmt.Errorf("%s did not become ready", binary)
	}
}

// stop ends the program, gently first.
func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(stopWithin):
		_ = s.process.Process.Kill()
		<-s.ended
	}
}

// question is one request of the API.
type question struct {
	method, path string
	body         []byte
	mayConflict  bool // 409 is an answer, too
}

// client is a signed-in browser.
type client struct {
	http   *http.Client
	base   string
	cookie string
}

func signIn(ctx context.Context, base, ticket string) (*client, error) {
	c := &client{http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 30 * time.Second}, base: base}
	body, err := json.Marshal(map[string]string{"ticket": ticket})
	if err != nil {
		return nil, err
	}
	answer, err := c.send(ctx, question{method: "POST", path: "/sign-in", body: body})
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	for _, cookie := range answer.Cookies() {
		c.cookie = cookie.Name + "=" + cookie.Value
	}
	if answer.StatusCode != http.StatusOK || c.cookie == "" {
		return nil, fmt.Errorf("sign in: %s", answer.Status)
	}
	return c, nil
}

func (c *client) send(ctx context.Context, q question) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, q.method, c.base+"/api/v1"+q.path, bytes.NewReader(q.body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", c.base)
	if q.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	return c.http.Do(r)
}

// ask sends a question and reads the whole answer, which must be a good one.
func (c *client) ask(ctx context.Context, q question) error { return c.read(ctx, q, nil) }

// read is ask, and decodes the answer into something unless that is nil.
func (c *client) read(ctx context.Context, q question, into any) error {
	answer, err := c.send(ctx, q)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode >= 400 && (!q.mayConflict || answer.StatusCode != http.StatusConflict) {
		return fmt.Errorf("%s %s: %s", q.method, strings.Split(q.path, "/")[1], answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(body, into)
}

func (c *client) timed(ctx context.Context, q question, t *times) error {
	began := time.Now()
	err := c.ask(ctx, q)
	t.add(time.Since(began))
	return err
}

// calls has callbench run consultations on the server, and prints what it says.
func calls(ctx context.Context, o options, s *server, ticket string) error {
	command := exec.CommandContext(ctx, o.callbench, "consult", "-server", s.base+"/sign-in/"+ticket, "-pid", strconv.Itoa(s.process.Process.Pid),
		"-rooms", strconv.Itoa(o.rooms), "-dur", o.window.String())
	command.Stderr = os.Stderr
	out, err := command.Output()
	if _, writing := o.out.Write(out); writing != nil {
		return writing
	}
	if err != nil {
		return fmt.Errorf("callbench: %w", err)
	}
	return nil
}
