package signal

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/clientip"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/sfu"
	"github.com/gorilla/websocket"
)

// Config is what an operator may set.
type Config struct {
	// Origins are web origins, besides the server's own, whose pages may open a websocket ("https://example.org").
	Origins []string `yaml:"origins"`
	// MaxWebsockets is how many websockets may be open at once; more are answered 503.
	MaxWebsockets int `yaml:"max_websockets"`
	// ResumeWithin is how long a session waits for its lost websocket to come back.
	ResumeWithin time.Duration `yaml:"resume_within"`
}

// DefaultConfig is what example.yaml documents.
func DefaultConfig() Config {
	return Config{Origins: []string{}, MaxWebsockets: 2000, ResumeWithin: time.Minute}
}

// Validate says in one sentence what to change.
func (c Config) Validate() error {
	for _, o := range c.Origins {
		if u, err := url.Parse(o); err != nil || u.Scheme == "" || u.Host == "" || u.Path != "" {
			return errors.New("signal.origins: write origins like https://example.org, without a path")
		}
	}
	if c.MaxWebsockets < 1 {
		return errors.New("signal.max_websockets: must be at least 1")
	}
	if c.ResumeWithin < time.Second || c.ResumeWithin > time.Hour {
		return errors.New("signal.resume_within: must be between 1s and 1h")
	}
	return nil
}

// Media is what signal asks of the media server; *sfu.SFU is one. Requests and replies are plain values, and what happens there comes
// back through Hub.HandleMedia, so that the media server can later be another process.
type Media interface {
	Connect(context.Context, sfu.ConnectRequest) (sfu.ConnectReply, error)
	Renegotiate(context.Context, sfu.RenegotiateRequest) (sfu.ConnectReply, error)
	Room
}

// Room is the part of Media that needs no negotiation.
type Room interface {
	Enter(sfu.PeerID, sfu.RoomID) error
	Withdraw(sfu.PeerID) error
	Publish(sfu.PeerID, sfu.Source) error
	Unpublish(sfu.PeerID, sfu.Source) error
	Mute(sfu.PeerID, sfu.Source, bool) error
	Want(sfu.PeerID, []sfu.Want) error
	Disconnect(sfu.PeerID)
}

// Relay gives a session its TURN credentials and takes them back.
type Relay interface {
	ICEServers(session SessionID) []ICEServer
	Drop(session SessionID)
}

// Deps are what a Hub works with. All are needed.
type Deps struct {
	Practice *consult.Practice
	Media    Media
	Relay    Relay
	// Account says who signed in in the browser that sent this request, by its cookie.
	Account func(*http.Request) (consult.Practitioner, bool)
	// MayActFor says whether an account may do something on behalf of another's. Nil: only for itself.
	MayActFor func(account, practitioner consult.AccountID) bool
	// Announce is told of everybody who comes to wait while the practitioner is in no call, outside of all locks; it must not
	// block. Nil: nobody needs to know.
	Announce func(of consult.AccountID, arrival Arrival)
	Log      *slog.Logger

	// Documents lists what somebody may know of a consultation's documents; nil: there are none.
	Documents Documents
	// Notices says what became of messages; nil: none are sent.
	Notices Notices
}

// Documents is what signal asks about documents; *document.Documents is one. What changes there wakes consult's watch.
type Documents interface {
	List(document.Viewer) (document.List, error)
	EnsureCodes(consult.Consultation) error
}

// Arrival is somebody who came to wait.
type Arrival struct {
	Consultation consult.ConsultationID
	Participant  consult.ParticipantID
	Role         consult.Role
	Name         string // may be ""
}

// Hub is the websocket endpoint and the registry of calls and desks.
type Hub struct {
	// static after New
	cfg      Config
	practice *consult.Practice
	media    Media
	relay    Relay
	account  func(*http.Request) (consult.Practitioner, bool)
	log      *slog.Logger
	mayAct   func(account, practitioner consult.AccountID) bool
	arrived  func(consult.AccountID, Arrival)
	decoder  decoder
	upgrader websocket.Upgrader
	ctx      context.Context // ends with Close
	stop     context.CancelFunc
	work     sync.WaitGroup // conns and calls
	panics   atomic.Int64

	documents Documents // nil: none
	notices   Notices   // nil: none

	mu       sync.Mutex // guards the following
	closed   bool
	places   int // websockets, and those being opened
	conns    map[*conn]struct{}
	calls    map[consult.ConsultationID]*call
	sessions map[SessionID]*call
	peers    map[sfu.PeerID]*call
	desks    map[consult.AccountID]map[*desk]struct{}
	inCall   map[consult.AccountID]int // practitioners' sessions in a call
}

// New makes a Hub. HandleMedia must be given every event of the media server.
func New(cfg Config, deps Deps) (*Hub, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{
		cfg: cfg, practice: deps.Practice, media: deps.Media, relay: deps.Relay, account: deps.Account, log: deps.Log,
		mayAct: deps.MayActFor, arrived: deps.Announce, documents: deps.Documents, notices: deps.Notices,
		decoder: newDecoder(), ctx: ctx, stop: stop,
		conns:    make(map[*conn]struct{}),
		calls:    make(map[consult.ConsultationID]*call),
		sessions: make(map[SessionID]*call),
		peers:    make(map[sfu.PeerID]*call),
		desks:    make(map[consult.AccountID]map[*desk]struct{}),
		inCall:   make(map[consult.AccountID]int),
	}
	if h.mayAct == nil {
		h.mayAct = func(account, practitioner consult.AccountID) bool { return account == practitioner }
	}
	if h.arrived == nil {
		h.arrived = func(consult.AccountID, Arrival) {}
	}
	h.upgrader = websocket.Upgrader{
		// The HTTP server's buffer goes on being read from; those to write from are lent while a message is written.
		HandshakeTimeout: writeTimeout, ReadBufferSize: 0, WriteBufferSize: writeBuffer, WriteBufferPool: &sync.Pool{},
		Subprotocols: []string{Subprotocol}, CheckOrigin: h.checkOrigin, EnableCompression: false,
	}
	return h, nil
}

// checkOrigin lets pages of this server open a websocket, pages of the configured origins, and programs, which send no Origin (RFC 6455 §10.2).
func (h *Hub) checkOrigin(r *http.Request) bool {
	o := r.Header.Get("Origin")
	if o == "" {
		return true
	}
	u, err := url.Parse(o)
	return err == nil && (u.Host == r.Host || slices.Contains(h.cfg.Origins, o))
}

// ServeHTTP upgrades a request to a websocket. It is read in a goroutine of its own, so that what belongs to the request (its header,
// its buffers, a grown stack) does not stay for as long as the websocket.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(websocket.Subprotocols(r), Subprotocol) {
		http.Error(w, "This is the signalling websocket; it speaks "+Subprotocol+".", http.StatusBadRequest)
		return
	}
	account, _ := h.account(r)
	if !h.reserve() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, errFull.Message, http.StatusServiceUnavailable)
		return
	}
	ws, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		h.free()
		return // Upgrade has answered
	}
	c := newConn(h, ws, clientip.Of(r), account)
	if !h.add(c) {
		_ = ws.Close()
		h.free()
		return
	}
	go func() {
		defer h.free()
		defer h.remove(c)
		c.run()
	}()
}

// reserve takes a place for one more websocket; Close waits until it is free again.
func (h *Hub) reserve() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.places >= h.cfg.MaxWebsockets {
		return false
	}
	h.places++
	h.work.Add(1)
	return true
}

func (h *Hub) free() {
	h.mu.Lock()
	h.places--
	h.mu.Unlock()
	h.work.Done()
}

func (h *Hub) add(c *conn) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.conns[c] = struct{}{}
	return true
}

func (h *Hub) remove(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, c)
}

// enter finds or makes the call of a consultation and counts one more who needs it; the caller owes it a release.
func (h *Hub) enter(c consult.Consultation) (*call, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, errFull
	}
	k := h.calls[c.ID]
	if k == nil {
		k = newCall(h, c)
		h.calls[c.ID] = k
		h.work.Add(1)
		go func() {
			defer h.work.Done()
			k.run(h.ctx)
		}()
	}
	k.needed++
	return k, nil
}

// release takes back one enter. The last one ends the call.
func (h *Hub) release(k *call) {
	h.mu.Lock()
	k.needed--
	last := k.needed == 0
	if last {
		delete(h.calls, k.id)
	}
	h.mu.Unlock()
	if last {
		k.stop()
	}
}

// register makes a session and its peer findable.
func (h *Hub) register(s *session, k *call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sessions[s.id] = k
	h.peers[s.peer] = k
}

func (h *Hub) unregister(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, s.id)
	delete(h.peers, s.peer)
}

// HandleMedia takes an event of the media server to the call that it concerns. It never blocks.
func (h *Hub) HandleMedia(e sfu.Event) {
	h.mu.Lock()
	var k *call
	switch e := e.(type) {
	case sfu.PeerUp:
		k = h.peers[e.Peer]
	case sfu.PeerLost:
		k = h.peers[e.Peer]
	case sfu.PeerFailed:
		k = h.peers[e.Peer]
	case sfu.LanesEvent:
		k = h.peers[e.Peer]
	case sfu.QualityEvent:
		k = h.peers[e.Peer]
	case sfu.SpeakingEvent:
		k = h.calls[consult.ConsultationID(e.Room)]
	}
	h.mu.Unlock()
	if k != nil {
		k.box.post(func() { k.handleMedia(e) })
	}
}

// Availability says how a waiting patient sees the practitioner: "available", "in-consultation" or "away".
func (h *Hub) Availability(of consult.AccountID) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.inCall[of] > 0:
		return "in-consultation"
	case h.atDeskLocked(of):
		return "available"
	default:
		return "away"
	}
}

func (h *Hub) atDeskLocked(of consult.AccountID) bool {
	for d := range h.desks[of] {
		if d.own {
			return true
		}
	}
	return false
}

// practitionerIn counts a practitioner's session into (+1) or out of (−1) a call.
func (h *Hub) practitionerIn(of consult.AccountID, delta int) {
	h.mu.Lock()
	h.inCall[of] += delta
	if h.inCall[of] == 0 {
		delete(h.inCall, of)
	}
	h.mu.Unlock()
	h.accountChanged(of)
}

// accountChanged tells the calls and the desks of an account that something signal itself knows (availability, presence) is different.
func (h *Hub) accountChanged(of consult.AccountID) {
	h.mu.Lock()
	var calls []*call
	for _, k := range h.calls {
		if k.practitioner == of {
			calls = append(calls, k)
		}
	}
	desks := make([]*desk, 0, len(h.desks[of]))
	for d := range h.desks[of] {
		desks = append(desks, d)
	}
	h.mu.Unlock()
	for _, k := range calls {
		k.box.post(k.tellWaiting)
	}
	for _, d := range desks {
		d.wake()
	}
}

// presenceChanged tells the desks of an account to look again.
func (h *Hub) presenceChanged(of consult.AccountID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for d := range h.desks[of] {
		d.wake()
	}
}

// attendances is who is here in a consultation, as its call last said.
func (h *Hub) attendances(id consult.ConsultationID) map[consult.ParticipantID]attendance {
	h.mu.Lock()
	defer h.mu.Unlock()
	if k := h.calls[id]; k != nil {
		if a := k.attendance.Load(); a != nil {
			return *a
		}
	}
	return nil
}

// here says whether a participant's page is connected now: a consult.Here.
func (h *Hub) here(c consult.ConsultationID, p consult.ParticipantID) bool {
	return h.attendances(c)[p].presence == presenceHere
}

// announce lets the practitioner know who came, unless they are in a call: the counter on their page is enough then.
func (h *Hub) announce(c consult.Consultation, p consult.Participant) {
	if h.Availability(c.Practitioner) != "in-consultation" {
		h.arrived(c.Practitioner, Arrival{c.ID, p.ID, p.Role, p.Name})
	}
}

// Stats is what the Hub counts, for /metrics.
type Stats struct {
	Websockets, Calls, Sessions, Desks int
	Panics                             int64
}

// Stats counts what is open now.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := Stats{Websockets: len(h.conns), Calls: len(h.calls), Sessions: len(h.sessions), Panics: h.panics.Load()}
	for _, d := range h.desks {
		s.Desks += len(d)
	}
	return s
}

// Close ends every websocket with code 1012 (service restart: browsers join again with the same ticket) and waits for all goroutines.
func (h *Hub) Close() error {
	h.mu.Lock()
	h.closed = true
	conns := make([]*conn, 0, len(h.conns))
	for c := range h.conns {
		conns = append(conns, c)
	}
	h.mu.Unlock()
	for _, c := range conns {
		c.close(websocket.CloseServiceRestart)
	}
	h.stop()
	h.work.Wait()
	return nil
}
