package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	subprotocol = "colloque.v1"
	mostPeople  = 12                    // that a consultation holds, the practitioner among them
	deskPause   = 50 * time.Millisecond // when a request was too fast
	maxBody     = 1 << 20               // bytes of an answer of the API
)

// colloque drives our own server: one signed-in practitioner, who has a consultation for each room and a desk to admit from.
type colloque struct {
	// static after newColloque
	base   string // "http://localhost:8080"
	dialer *net.Dialer
	addr   string // where base really is: names are resolved once
	client *http.Client
	desk   *line

	mu    sync.Mutex // guards the following
	rooms map[int]*consultation
	links map[seat]*consultation
}

// consultation is the part of the API's answer that we need.
type consultation struct {
	ID          string `json:"id"`
	Participant string `json:"participant"`
	Link        string `json:"link"`
}

// newColloque signs in by a one-time link, http://host/sign-in/TICKET, and watches the desk.
func newColloque(ctx context.Context, signIn string, dialer *net.Dialer) (*colloque, error) {
	base, ticket, ok := strings.Cut(signIn, "/sign-in/")
	if !ok || ticket == "" {
		return nil, fmt.Errorf("%q is not a sign-in link like http://localhost:8080/sign-in/…", signIn)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &colloque{base: base, dialer: dialer, rooms: map[int]*consultation{}, links: map[seat]*consultation{}}
	if c.addr, err = resolve(ctx, dialer, base); err != nil {
		return nil, err
	}
	c.client = &http.Client{Jar: jar, Transport: &http.Transport{DialContext: c.dial}}
	if err := c.post(ctx, "/api/v1/sign-in", map[string]string{"ticket": ticket}, nil); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	if c.desk, err = c.open(ctx, true, func(message) {}); err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	if _, err := c.desk.ask(ctx, request{Type: "watch"}); err != nil {
		c.close()
		return nil, fmt.Errorf("desk: %w", err)
	}
	return c, nil
}

// resolve finds the address at which a base URL answers: localhost may be ::1 or 127.0.0.1.
func resolve(ctx context.Context, dialer *net.Dialer, base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return conn.RemoteAddr().String(), nil
}

func (c *colloque) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return c.dialer.DialContext(ctx, "tcp", c.addr)
}

// post makes an API request as the page does.
func (c *colloque) post(ctx context.Context, path string, body, answer any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", c.base)
	resp, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("POST %s: %s: %s", path, resp.Status, strings.TrimSpace(string(b)))
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(b, answer)
}

// open opens a websocket, with the practitioner's cookie or as a patient has it, without any.
func (c *colloque) open(ctx context.Context, signedIn bool, event func(message)) (*line, error) {
	d := websocket.Dialer{NetDialContext: c.dial, Subprotocols: []string{subprotocol}}
	if signedIn {
		d.Jar = c.client.Jar
	}
	conn, resp, err := d.DialContext(ctx, "ws"+strings.TrimPrefix(c.base, "http")+"/signal", nil)
	if err != nil {
		if resp != nil {
			err = fmt.Errorf("%w: %s", err, resp.Status)
		}
		return nil, err
	}
	return newLine(conn, event), nil
}

// join follows the way of docs/protocol.md: the practitioner by cookie, straight into the call; the others by their link, into the
// waiting room, whence the desk admits them. Who was admitted before goes straight in too.
func (c *colloque) join(ctx context.Context, p *peer) error {
	room, link, err := c.invite(ctx, p.seat)
	if err != nil {
		return err
	}
	o, err := newOffer(p)
	if err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	first := request{Type: "join", Offer: o.sdp.SDP, Publish: o.publish, Devices: &devices{Camera: "ok", Microphone: "ok", Sound: "heard"}}
	practitioner := p.seat.index == 0
	if practitioner {
		first.Consultation = room.ID
	} else {
		first.Ticket = link.Link[strings.LastIndexByte(link.Link, '/')+1:]
	}
	admitted, ended := make(chan struct{}, 1), make(chan string, 1)
	event := func(m message) {
		switch m.Type {
		case "admitted":
			offerTo(admitted, struct{}{})
		case "ended":
			offerTo(ended, m.Reason)
		}
	}
	p.dialled.note(p.lab.meter)
	ws, err := c.open(ctx, practitioner, event)
	if err != nil {
		return err
	}
	p.closing(func() { ws.close(!p.abrupt) })
	joined, err := ws.ask(ctx, first)
	if err != nil {
		return err
	}
	if err := o.accept(ctx, p, joined.Answer); err != nil {
		return err
	}
	if joined.Waiting != nil {
		p.admission.note(p.lab.meter)
		if _, err := c.askDesk(ctx, request{Type: "admit", Consultation: room.ID, Participant: link.Participant}); err != nil {
			return err
		}
	}
	select {
	case <-admitted:
	case reason := <-ended:
		return fmt.Errorf("ended: %s", reason)
	case <-ws.done:
		return errLineLost
	case <-ctx.Done():
		return fmt.Errorf("not admitted: %w", ctx.Err())
	}
	return c.publish(ctx, ws, p)
}

// askDesk asks at the desk, at the rate that is allowed.
func (c *colloque) askDesk(ctx context.Context, r request) (message, error) {
	for {
		m, err := c.desk.ask(ctx, r)
		var refused *refusal
		if !errors.As(err, &refused) || refused.code != "too-fast" {
			return m, err
		}
		if err := rest(ctx, deskPause); err != nil {
			return m, err
		}
	}
}

// publish sends what the tab does when it is admitted: media at once, and word of it.
func (c *colloque) publish(ctx context.Context, ws *line, p *peer) error {
	if !p.sends() {
		return nil
	}
	p.publish()
	for _, source := range []string{"microphone", "camera"} {
		if _, err := ws.ask(ctx, request{Type: "publish", Source: source}); err != nil {
			return err
		}
	}
	return nil
}

// invite gives the seat's consultation, which its first participant starts, and the participant's link, the same whenever that seat joins.
func (c *colloque) invite(ctx context.Context, at seat) (room, link *consultation, err error) {
	c.mu.Lock()
	room, link = c.rooms[at.room], c.links[at]
	c.mu.Unlock()
	switch {
	case room != nil && at.index == 0:
		return room, room, nil
	case room == nil && at.index > 0:
		return nil, nil, errors.New("the practitioner's join was refused")
	case link != nil:
		return room, link, nil
	case at.index == 0:
		room = &consultation{}
		if err := c.post(ctx, "/api/v1/consultations", map[string]string{"language": "fr"}, room); err != nil {
			return nil, nil, err
		}
		c.mu.Lock()
		c.rooms[at.room], c.links[seat{at.room, 1}] = room, room
		c.mu.Unlock()
		return room, room, nil
	}
	link = &consultation{}
	err = c.post(ctx, "/api/v1/consultations/"+url.PathEscape(room.ID)+"/participants", map[string]string{"role": "guest"}, link)
	if err != nil {
		return nil, nil, err
	}
	c.mu.Lock()
	c.links[at] = link
	c.mu.Unlock()
	return room, link, nil
}

func (c *colloque) clear(ctx context.Context, room int) error {
	c.mu.Lock()
	k := c.rooms[room]
	delete(c.rooms, room)
	c.mu.Unlock()
	if k == nil {
		return nil
	}
	_, err := c.askDesk(ctx, request{Type: "end", Consultation: k.ID})
	return err
}

func (c *colloque) vitals(ctx context.Context) vitals {
	m, err := readMetrics(ctx, c.client, c.base+"/metrics")
	if err != nil {
		return vitals{}
	}
	return vitals{goroutines: int(m["go_goroutines"]), transit: bucketsOf(m, "colloque_media_transit_seconds")}
}

func (c *colloque) close() {
	if c.desk != nil {
		c.desk.close(true)
	}
	c.client.CloseIdleConnections()
}

// offerTo puts v into a channel with room for one, unless something is there.
func offerTo[T any](ch chan<- T, v T) {
	select {
	case ch <- v:
	default:
	}
}
