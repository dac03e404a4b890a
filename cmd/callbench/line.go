package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// request is any request of docs/protocol.md, as far as a participant of ours makes it.
type request struct {
	Type         string        `json:"type"`
	ID           string        `json:"id"`
	Ticket       string        `json:"ticket,omitempty"`
	Consultation string        `json:"consultation,omitempty"`
	Participant  string        `json:"participant,omitempty"`
	Offer        string        `json:"offer,omitempty"`
	Publish      []publishLine `json:"publish,omitempty"`
	Devices      *devices      `json:"devices,omitempty"`
	Source       string        `json:"source,omitempty"`
}

type publishLine struct {
	Mid    string `json:"mid"`
	Source string `json:"source"`
}

type devices struct {
	Camera     string `json:"camera"`
	Microphone string `json:"microphone"`
	Sound      string `json:"sound"`
}

// message is any reply or event, as far as a participant of ours reads it.
type message struct {
	Type    string    `json:"type"`
	Reply   string    `json:"reply"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Answer  string    `json:"answer"`
	Reason  string    `json:"reason"`
	Waiting *struct{} `json:"waiting"` // of joined: in the waiting room
}

const closeWithin = time.Second

var errLineLost = errors.New("websocket lost")

// refusal is an error that the server answered.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return "refused: " + r.code + ": " + r.message }

// line is one websocket. Its goroutine "line" reads until the websocket ends; close waits for it.
type line struct {
	// static
	conn  *websocket.Conn
	event func(message) // called in the read goroutine
	done  chan struct{} // closed when reading has ended

	mu      sync.Mutex // guards the following, and writing
	last    int
	waiting map[string]chan message
}

// newLine starts reading.
func newLine(conn *websocket.Conn, event func(message)) *line {
	l := &line{conn: conn, event: event, done: make(chan struct{}), waiting: map[string]chan message{}}
	go l.read()
	return l
}

func (l *line) read() {
	defer close(l.done)
	for {
		_, b, err := l.conn.ReadMessage()
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(b, &m) != nil {
			continue
		}
		if m.Reply == "" {
			l.event(m)
			continue
		}
		l.mu.Lock()
		reply := l.waiting[m.Reply]
		delete(l.waiting, m.Reply)
		l.mu.Unlock()
		if reply != nil {
			reply <- m // has room for one
		}
	}
}

// ask sends a request and waits for its reply. An error reply is an error.
func (l *line) ask(ctx context.Context, r request) (message, error) {
	reply := make(chan message, 1)
	if err := l.send(&r, reply); err != nil {
		return message{}, fmt.Errorf("%s: %w", r.Type, err)
	}
	select {
	case m := <-reply:
		if m.Type == "error" {
			return m, fmt.Errorf("%s: %w", r.Type, &refusal{m.Code, m.Message})
		}
		return m, nil
	case <-l.done:
		return message{}, fmt.Errorf("%s: %w", r.Type, errLineLost)
	case <-ctx.Done():
		return message{}, fmt.Errorf("%s: %w", r.Type, ctx.Err())
	}
}

func (l *line) send(r *request, reply chan message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	r.ID = strconv.Itoa(l.last)
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	l.waiting[r.ID] = reply
	return l.conn.WriteMessage(websocket.TextMessage, b)
}

// close ends it, with or without saying so.
func (l *line) close(politely bool) {
	if politely {
		_ = l.send(&request{Type: "leave"}, make(chan message, 1)) // the reply would come too late
		farewell := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = l.conn.WriteControl(websocket.CloseMessage, farewell, time.Now().Add(closeWithin))
	}
	_ = l.conn.Close()
	<-l.done
}
