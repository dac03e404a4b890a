package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// galene drives a Galene by version 2 of its protocol (galene-protocol.md there): one PeerConnection for each stream, offered by its sender.
// Rooms are subgroups of one group that makes them as they are asked for.
type galene struct{ url string }

// galeneMessage is any message, as far as we use it.
type galeneMessage struct {
	Type      string          `json:"type"`
	Version   []string        `json:"version,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	ID        string          `json:"id,omitempty"`
	Source    string          `json:"source,omitempty"`
	Username  string          `json:"username,omitempty"`
	Password  string          `json:"password,omitempty"`
	Group     string          `json:"group,omitempty"`
	Label     string          `json:"label,omitempty"`
	SDP       string          `json:"sdp,omitempty"`
	Request   any             `json:"request,omitempty"`
	Candidate json.RawMessage `json:"candidate,omitempty"`
	Value     json.RawMessage `json:"value,omitempty"`
	Error     string          `json:"error,omitempty"`
}

var errRefused = errors.New("refused")

// galeneTab is one participant. Its websocket's read goroutine owns it.
type galeneTab struct {
	*peer
	ws     *textSocket
	id     string
	joined bool
	pcs    map[string]*negotiation // by stream
}

func (g *galene) join(ctx context.Context, p *peer) error {
	p.dialled.note(p.lab.meter)
	ws, err := dialText(ctx, g.url)
	if err != nil {
		return err
	}
	t := &galeneTab{peer: p, ws: ws, id: "c-" + p.name(), pcs: map[string]*negotiation{}}
	p.closing(ws.close)
	ws.listen(t.read)
	for _, m := range []galeneMessage{
		{Type: "handshake", Version: []string{"2"}, ID: t.id},
		{Type: "join", Kind: "join", Group: fmt.Sprintf("%s/room%d", galeneGroup, p.seat.room), Username: p.name(), Password: "x"},
	} {
		if err := ws.send(m); err != nil {
			return err
		}
	}
	if err := p.awaitUp(ctx, ws.done); err != nil {
		return ws.because(err)
	}
	p.publish()
	return nil
}

func (t *galeneTab) read(b []byte) error {
	var m galeneMessage
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	handle := map[string]func(galeneMessage) error{
		"ping":   func(galeneMessage) error { return t.ws.send(galeneMessage{Type: "pong"}) },
		"joined": t.handleJoined, "offer": t.handleOffer, "answer": t.handleAnswer, "ice": t.handleICE, "close": t.handleClose,
	}[m.Type]
	if handle == nil {
		return nil
	}
	if err := handle(m); err != nil {
		return fmt.Errorf("galene's %s: %w", m.Type, err)
	}
	return nil
}

func (t *galeneTab) handleJoined(m galeneMessage) error {
	if m.Kind == "fail" {
		return fmt.Errorf("%w: %s %s", errRefused, m.Error, m.Value)
	}
	if m.Kind != "join" || t.joined {
		return nil
	}
	t.joined = true
	if err := t.ws.send(galeneMessage{Type: "request", Request: map[string][]string{"": {"audio", "video"}}}); err != nil {
		return err
	}
	if t.sends() {
		return t.sendStream()
	}
	return nil
}

func (t *galeneTab) handleOffer(m galeneMessage) error {
	n := t.pcs[m.ID]
	if n == nil {
		var err error
		if n, err = t.newStream(m.ID); err != nil {
			return err
		}
	}
	if err := n.remote(webrtc.SDPTypeOffer, m.SDP); err != nil {
		return err
	}
	sdp, err := n.answer(context.Background(), false)
	if err != nil {
		return err
	}
	return t.ws.send(galeneMessage{Type: "answer", ID: m.ID, SDP: sdp})
}

func (t *galeneTab) handleAnswer(m galeneMessage) error {
	if n := t.pcs[m.ID]; n != nil {
		return n.remote(webrtc.SDPTypeAnswer, m.SDP)
	}
	return nil
}

func (t *galeneTab) handleICE(m galeneMessage) error {
	var c webrtc.ICECandidateInit
	if err := json.Unmarshal(m.Candidate, &c); err != nil {
		return err
	}
	if n := t.pcs[m.ID]; n != nil {
		return n.candidate(c)
	}
	return nil
}

func (t *galeneTab) handleClose(m galeneMessage) error {
	delete(t.pcs, m.ID) // the peer's close closes it
	return nil
}

func (t *galeneTab) newStream(id string) (*negotiation, error) {
	pc, err := t.newConnection()
	if err != nil {
		return nil, err
	}
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		if b, err := json.Marshal(c.ToJSON()); err == nil {
			_ = t.ws.send(galeneMessage{Type: "ice", ID: id, Candidate: b}) // when the websocket has ended, join says so
		}
	})
	n := &negotiation{PeerConnection: pc}
	t.pcs[id] = n
	return n, nil
}

func (t *galeneTab) sendStream() error {
	id := "st-" + t.name()
	n, err := t.newStream(id)
	if err != nil {
		return err
	}
	if _, err := t.addSources(n.PeerConnection); err != nil {
		return err
	}
	d, err := n.CreateOffer(nil)
	if err != nil {
		return err
	}
	// The offer goes first: candidates of a stream that the server does not know yet would be lost.
	if err := t.ws.send(galeneMessage{Type: "offer", ID: id, Label: "camera", Source: t.id, Username: t.name(), SDP: d.SDP}); err != nil {
		return err
	}
	return n.SetLocalDescription(d)
}

func (g *galene) clear(context.Context, int) error { return nil } // an empty subgroup goes by itself
func (g *galene) vitals(context.Context) vitals    { return vitals{} }
func (g *galene) close()                           {}
