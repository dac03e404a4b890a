package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/gorilla/websocket"
)

// textSocket is a websocket to another maker's server: whole JSON messages. Its goroutine "socket" reads until it ends; close waits for it.
type textSocket struct {
	conn *websocket.Conn
	done chan struct{} // closed when reading has ended
	err  error         // why; read after done

	mu sync.Mutex // guards writing
}

func dialText(ctx context.Context, url string, subprotocols ...string) (*textSocket, error) {
	conn, _, err := (&websocket.Dialer{Subprotocols: subprotocols}).DialContext(ctx, url, nil)
	if err != nil {
		return nil, err
	}
	return &textSocket{conn: conn, done: make(chan struct{})}, nil
}

// listen starts reading. handle is called in the read goroutine; an error ends the websocket.
func (s *textSocket) listen(handle func([]byte) error) {
	go func() {
		defer close(s.done)
		defer s.conn.Close()
		for {
			_, b, err := s.conn.ReadMessage()
			if err == nil {
				err = handle(b)
			}
			if err != nil {
				s.err = err
				return
			}
		}
	}()
}

func (s *textSocket) send(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn.WriteMessage(websocket.TextMessage, b)
}

func (s *textSocket) close() {
	_ = s.conn.Close()
	<-s.done
}

// because adds why the websocket ended, when that is what an error is about.
func (s *textSocket) because(err error) error {
	if errors.Is(err, errLineLost) {
		<-s.done
		return fmt.Errorf("%w: %w", err, s.err)
	}
	return err
}
