package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
)

// janus drives a Janus by its websocket API and the videoroom plugin: one PeerConnection to send, and one for each batch of announced senders.
type janus struct {
	url string

	mu    sync.Mutex // guards the following
	rooms map[int]bool
}

// janusMessage is any message, as far as we use it.
type janusMessage struct {
	Janus       string          `json:"janus"`
	Transaction string          `json:"transaction,omitempty"`
	Session     uint64          `json:"session_id,omitempty"`
	Handle      uint64          `json:"handle_id,omitempty"`
	Plugin      string          `json:"plugin,omitempty"`
	Body        any             `json:"body,omitempty"`
	Description *janusSDP       `json:"jsep,omitempty"`
	Data        *janusCreated   `json:"data,omitempty"`
	PluginData  *janusEvent     `json:"plugindata,omitempty"`
	Error       json.RawMessage `json:"error,omitempty"`
}

type janusSDP struct {
	Type string `json:"type"`
	SDP  string `json:"sdp"`
}

type janusCreated struct {
	ID uint64 `json:"id"`
}

type janusEvent struct {
	Data janusRoom `json:"data"`
}

type janusRoom struct {
	ErrorCode  int           `json:"error_code"`
	Error      string        `json:"error"`
	Private    uint64        `json:"private_id"`
	Publishers []janusSender `json:"publishers"`
}

type janusSender struct {
	ID uint64 `json:"id"`
}

const (
	janusKeepAlive = 20 * time.Second
	janusReply     = 20 * time.Second
	janusEvents    = 256 // that wait to be followed
)

var errNoDescription = errors.New("an answer without a description")

// janusTab is one participant. Goroutines: "socket" reads, "follow" subscribes to who was announced, "keep-alive"; close waits for all.
type janusTab struct {
	// static
	*peer
	server *janus
	ws     *textSocket
	room   uint64
	quit   chan struct{} // closed by close
	events chan janusRoom

	// owned by join, then by "follow"
	session, sender, private uint64

	mu      sync.Mutex // guards the following
	last    int
	waiting map[string]chan janusMessage
}

func (j *janus) join(ctx context.Context, p *peer) error {
	p.dialled.note(p.lab.meter)
	ws, err := dialText(ctx, j.url, "janus-protocol")
	if err != nil {
		return err
	}
	t := &janusTab{
		peer: p, server: j, ws: ws, room: uint64(p.seat.room) + 1, quit: make(chan struct{}), events: make(chan janusRoom, janusEvents),
		waiting: map[string]chan janusMessage{},
	}
	p.closing(t.leave)
	ws.listen(t.read)
	here, err := t.enter(ctx)
	if err != nil {
		return err
	}
	p.spawn(t.keepAlive)
	if p.sends() {
		if err := t.sendTracks(ctx); err != nil {
			return err
		}
	}
	if err := t.follow(ctx, here); err != nil {
		return err
	}
	p.spawn(t.followAll)
	if !p.sends() {
		return nil // a second is not rare until a viewer is connected; others may come meanwhile
	}
	if err := p.awaitUp(ctx, ws.done); err != nil {
		return ws.because(err)
	}
	p.publish()
	return nil
}

func (t *janusTab) leave() {
	close(t.quit)
	_ = t.ws.send(janusMessage{Janus: "destroy", Transaction: "bye", Session: t.session})
	t.ws.close()
}

func (t *janusTab) read(b []byte) error {
	var m janusMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	if m.Janus == "ack" {
		return nil
	}
	t.mu.Lock()
	reply := t.waiting[m.Transaction]
	delete(t.waiting, m.Transaction)
	t.mu.Unlock()
	switch {
	case reply != nil:
		reply <- m // has room for one
	case m.Janus == "event" && m.PluginData != nil && len(m.PluginData.Data.Publishers) > 0:
		offerTo(t.events, m.PluginData.Data)
	}
	return nil
}

// ask sends a request and waits for its reply, or the event that answers it.
func (t *janusTab) ask(ctx context.Context, m janusMessage) (janusMessage, error) {
	reply := make(chan janusMessage, 1)
	t.mu.Lock()
	t.last++
	m.Transaction, m.Session = strconv.Itoa(t.last), t.session
	t.waiting[m.Transaction] = reply
	t.mu.Unlock()
	if err := t.ws.send(m); err != nil {
		return janusMessage{}, err
	}
	select {
	case r := <-reply:
		if r.Janus == "error" {
			return r, fmt.Errorf("%w: %s", errRefused, r.Error)
		}
		if r.PluginData != nil && r.PluginData.Data.ErrorCode != 0 {
			return r, fmt.Errorf("%w: videoroom %d %s", errRefused, r.PluginData.Data.ErrorCode, r.PluginData.Data.Error)
		}
		return r, nil
	case <-t.ws.done:
		return janusMessage{}, errLineLost
	case <-ctx.Done():
		return janusMessage{}, ctx.Err()
	}
}

func (t *janusTab) create(ctx context.Context, m janusMessage) (uint64, error) {
	r, err := t.ask(ctx, m)
	if err != nil {
		return 0, err
	}
	if r.Data == nil {
		return 0, fmt.Errorf("%s: %w", m.Janus, errNoDescription)
	}
	return r.Data.ID, nil
}

func (t *janusTab) attach(ctx context.Context) (uint64, error) {
	return t.create(ctx, janusMessage{Janus: "attach", Plugin: "janus.plugin.videoroom"})
}

func (t *janusTab) tell(ctx context.Context, handle uint64, d *janusSDP, body map[string]any) (janusMessage, error) {
	return t.ask(ctx, janusMessage{Janus: "message", Handle: handle, Body: body, Description: d})
}

// enter makes the session and the room, if need be, and joins it.
func (t *janusTab) enter(ctx context.Context) (janusRoom, error) {
	var err error
	if t.session, err = t.create(ctx, janusMessage{Janus: "create"}); err != nil {
		return janusRoom{}, err
	}
	if t.sender, err = t.attach(ctx); err != nil {
		return janusRoom{}, err
	}
	if t.server.firstIn(t.seat.room) {
		_, err := t.tell(ctx, t.sender, nil, map[string]any{
			"request": "create", "room": t.room, "publishers": 100, "bitrate": 0, "audiocodec": "opus", "videocodec": "vp8",
			"audiolevel_event": false, "permanent": false,
		})
		if err != nil {
			return janusRoom{}, err
		}
	}
	r, err := t.tell(ctx, t.sender, nil, map[string]any{"request": "join", "room": t.room, "ptype": "publisher", "display": t.name()})
	if err != nil {
		return janusRoom{}, err
	}
	if r.PluginData == nil {
		return janusRoom{}, fmt.Errorf("join: %w", errNoDescription)
	}
	t.private = r.PluginData.Data.Private
	return r.PluginData.Data, nil
}

// firstIn says once that a room is still to be made.
func (j *janus) firstIn(room int) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.rooms[room] {
		return false
	}
	j.rooms[room] = true
	return true
}

func (t *janusTab) sendTracks(ctx context.Context) error {
	pc, err := t.newConnection()
	if err != nil {
		return err
	}
	if _, err := t.addSources(pc); err != nil {
		return err
	}
	n := &negotiation{PeerConnection: pc}
	sdp, err := n.offer(ctx, true)
	if err != nil {
		return err
	}
	r, err := t.tell(ctx, t.sender, &janusSDP{"offer", sdp}, map[string]any{"request": "publish"})
	if err != nil {
		return err
	}
	if r.Description == nil {
		return fmt.Errorf("publish: %w", errNoDescription)
	}
	return n.remote(webrtc.SDPTypeAnswer, r.Description.SDP)
}

// follow subscribes to all senders that were announced.
func (t *janusTab) follow(ctx context.Context, here janusRoom) error {
	if len(here.Publishers) == 0 {
		return nil
	}
	var streams []map[string]any
	for _, sender := range here.Publishers {
		streams = append(streams, map[string]any{"feed": sender.ID})
	}
	handle, err := t.attach(ctx)
	if err != nil {
		return err
	}
	r, err := t.tell(ctx, handle, nil, map[string]any{
		"request": "join", "room": t.room, "ptype": "subscriber", "private_id": t.private, "streams": streams,
	})
	if err != nil {
		return err
	}
	if r.Description == nil {
		return fmt.Errorf("subscribe: %w", errNoDescription)
	}
	pc, err := t.newConnection()
	if err != nil {
		return err
	}
	n := &negotiation{PeerConnection: pc}
	if err := n.remote(webrtc.SDPTypeOffer, r.Description.SDP); err != nil {
		return err
	}
	sdp, err := n.answer(ctx, true)
	if err != nil {
		return err
	}
	_, err = t.tell(ctx, handle, &janusSDP{"answer", sdp}, map[string]any{"request": "start"})
	return err
}

func (t *janusTab) followAll() {
	for {
		select {
		case here := <-t.events:
			ctx, cancel := context.WithTimeout(context.Background(), janusReply)
			_ = t.follow(ctx, here) // its streams are then counted as missing
			cancel()
		case <-t.quit:
			return
		}
	}
}

func (t *janusTab) keepAlive() {
	every := time.NewTicker(janusKeepAlive)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			_ = t.ws.send(janusMessage{Janus: "keepalive", Transaction: "alive", Session: t.session})
		case <-t.quit:
			return
		}
	}
}

func (j *janus) clear(context.Context, int) error { return nil } // the server is stopped after each case
func (j *janus) vitals(context.Context) vitals    { return vitals{} }
func (j *janus) close()                           {}
