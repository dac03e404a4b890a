package main

import (
	"errors"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

// control answers the operator's subcommands while the server has the database to itself: HTTP on a socket in the data folder, which
// nobody but the server's own user can open.
type control struct {
	http *http.Server
	done chan struct{} // closed when serving has ended
}

// openControl listens. Without it the server works all the same: only the subcommands need it.
func (s *server) openControl() error {
	path := s.cfg.ControlSocket()
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // left by a process that was killed; the database's lock says that it is gone
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(err, listener.Close())
	}
	asked := &operator{s.accounts, s.baseURL}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "the request cannot be read", http.StatusBadRequest)
			return
		}
		var out strings.Builder
		if err := asked.answer(&out, r.URL.Path, r.PostForm); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.log.Info("asked by the operator", "what", r.URL.Path)
		_, _ = w.Write([]byte(out.String())) // the other side is gone: nothing to do
	})
	s.control = &control{
		http: &http.Server{Handler: handler, ReadHeaderTimeout: readHeaderWithin, ReadTimeout: readWithin, ErrorLog: log.New(io.Discard, "", 0)},
		done: make(chan struct{}),
	}
	go func() {
		defer close(s.control.done)
		_ = s.control.http.Serve(listener) // ends with Close
	}()
	return nil
}

// Close ends the socket and waits.
func (c *control) Close() error {
	err := c.http.Close()
	<-c.done
	return err
}
