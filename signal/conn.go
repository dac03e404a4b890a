package signal

import (
	"encoding/json"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"
)

const (
	pingEvery    = 4 * time.Second  // websocket ping, and a tick that the page can see
	silentAfter  = 10 * time.Second // a websocket that answers nothing for so long is lost
	writeTimeout = 5 * time.Second
	openWithin   = 10 * time.Second // the first request
	requestRate  = 20               // requests a second
	requestBurst = 60
	outboxSize   = 256     // messages; a tab that lets more pile up is dropped, and resumes
	writeBuffer  = 4 << 10 // bytes: most messages are one frame
)

// conn is one websocket: it reads and answers requests, and writes what calls and desks send. It is not the session, which outlives it.
type conn struct {
	hub     *Hub
	ws      *websocket.Conn
	from    netip.Addr
	account consult.Practitioner // empty: not signed in
	log     *slog.Logger

	wake chan struct{} // holds one element while the outbox is not empty
	done chan struct{} // closed by close

	// owned by the read goroutine
	limiter *rate.Limiter
	opened  bool
	serve   func(request) error // what answers requests once opened: a call's session or a desk
	lost    func()              // told when the websocket is gone

	mu        sync.Mutex // guards the following
	outbox    [][]byte   // encoded messages, in order
	closing   bool
	closeCode int // what the close frame says
}

func newConn(h *Hub, ws *websocket.Conn, from netip.Addr, account consult.Practitioner) *conn {
	return &conn{
		hub: h, ws: ws, from: from, account: account, log: h.log,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
		limiter: rate.NewLimiter(requestRate, requestBurst),
		lost:    func() {}, closeCode: websocket.CloseNormalClosure,
	}
}

// run reads until the websocket ends. The write goroutine ends before it returns.
func (c *conn) run() {
	written := make(chan struct{})
	go func() {
		defer close(written)
		c.writeLoop()
	}()
	opening := time.AfterFunc(openWithin, func() { c.close(websocket.ClosePolicyViolation) })
	c.ws.SetReadLimit(maxMessage)
	c.alive()
	c.ws.SetPongHandler(func(string) error { c.alive(); return nil })
	for {
		kind, b, err := c.ws.ReadMessage()
		if err != nil {
			break
		}
		c.alive()
		if kind != websocket.TextMessage {
			c.close(websocket.CloseUnsupportedData)
			break
		}
		c.handle(b)
		if c.opened {
			opening.Stop()
		}
	}
	opening.Stop()
	c.close(websocket.CloseNormalClosure)
	<-written
	c.lost()
}

func (c *conn) alive() { _ = c.ws.SetReadDeadline(time.Now().Add(silentAfter)) }

// handle answers one message. A panic in it ends this websocket only.
func (c *conn) handle(b []byte) {
	defer func() {
		if p := recover(); p != nil {
			c.log.Error("panic in a request", "panic", p)
			c.hub.panics.Add(1)
			c.close(websocket.CloseInternalServerErr)
		}
	}()
	if !c.limiter.Allow() {
		c.send(errorFor("", errTooFast, c.log))
		return
	}
	r, h, err := c.hub.decoder.decode(b)
	if err == nil {
		err = c.dispatch(r)
	}
	if err != nil {
		c.send(errorFor(h.ID, err, c.log))
	}
}

// dispatch hands a request to what this websocket was opened for.
func (c *conn) dispatch(r request) error {
	if c.opened {
		return c.serve(r)
	}
	var err error
	switch r := r.(type) {
	case *joinRequest:
		err = c.hub.join(c, r)
	case *resumeRequest:
		err = c.hub.resume(c, r)
	case *watchRequest:
		err = c.hub.watch(c, r)
	default:
		return errNotNow
	}
	c.opened = err == nil
	return err
}

// open says what answers from now on. It is called in the read goroutine, by join, resume and watch.
func (c *conn) open(serve func(request) error, lost func()) { c.serve, c.lost = serve, lost }

// send queues a message; a tab that does not read is dropped.
func (c *conn) send(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		c.log.Error("message not encodable", "err", err)
		return
	}
	c.sendBytes(b)
}

func (c *conn) sendBytes(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
	case len(c.outbox) >= outboxSize:
		c.closeLocked(websocket.CloseTryAgainLater)
	default:
		c.outbox = append(c.outbox, b)
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// take empties the outbox.
func (c *conn) take() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.outbox
	c.outbox = nil
	return out
}

// sendDone answers a request that has nothing to say.
func (c *conn) sendDone(r request) { c.send(reply{Type: "done", Reply: r.head().ID}) }

// close ends the websocket after what is queued was written. The first code given is the one that is sent.
func (c *conn) close(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code)
}

func (c *conn) closeLocked(code int) {
	if c.closing {
		return
	}
	c.closing, c.closeCode = true, code
	close(c.done)
}

func (c *conn) writeLoop() {
	tick := []byte(`{"type":"tick"}`)
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	defer c.ws.Close()
	for {
		select {
		case <-c.wake:
			if c.flush() != nil {
				return
			}
		case <-ticker.C:
			if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeTimeout)) != nil || c.write(tick) != nil {
				return
			}
		case <-c.done:
			if c.flush() == nil {
				_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(c.closeCode, ""), time.Now().Add(writeTimeout))
			}
			return
		}
	}
}

// flush writes what is queued.
func (c *conn) flush() error {
	for _, b := range c.take() {
		if err := c.write(b); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) write(b []byte) error {
	_ = c.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
	return c.ws.WriteMessage(websocket.TextMessage, b)
}
