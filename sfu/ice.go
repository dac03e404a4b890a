package sfu

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pion/stun/v3"
)

// iceAgent is the lite agent of one peer (RFC 8445 §2.5): it answers the browser's checks and sends none. Where the browser
// nominates a path, the media goes; the last nomination holds. After a restart both generations of credentials are good,
// and the media goes on where it went, until a path of the new one is nominated: there is no gap.
type iceAgent struct {
	// Static after construction.
	wire  *socketWire
	table *muxTable

	mu          sync.Mutex   // guards the following; taken before muxTable.mu
	generations []generation // the newest last: at most one that is proven, and one that is not
	proven      bool         // the first of two was nominated under
	paths       []*path
	selected    *path
	closed      bool
}

// generation is the credentials of one offer and its answer.
type generation struct {
	ufrag, pwd string // ours
	remote     string // the peer's user name fragment
	remotePwd  string
}

// path is an address that an authentic check of the peer came from.
type path struct {
	wire   *socketWire // whose it is
	target *target
	heard  time.Time // the last check
	used   bool      // it was selected once
}

// Limits of what one peer can make the server remember: a browser with a few interfaces and relays has some ten paths.
const maxPaths = 24

// The lengths of what we make of rand.Text, whose characters hold 5 bits each (RFC 8839 §5.4: 24 and 128 bits at least).
const ufragLength = 10

// offered takes the peer's credentials from an offer. The same as before change nothing; others are a restart, and get
// new ones of ours. It returns ours.
func (a *iceAgent) offered(ufrag, pwd string) (generation, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.generations); n > 0 && a.generations[n-1].remote == ufrag && a.generations[n-1].remotePwd == pwd {
		return a.generations[n-1], nil
	}
	if a.closed {
		return generation{}, ErrClosed
	}
	g := generation{remote: ufrag, remotePwd: pwd, pwd: rand.Text()}
	for free := false; !free; {
		var err error
		g.ufrag = rand.Text()[:ufragLength]
		if free, err = a.table.add(g.ufrag, a.wire); err != nil {
			return generation{}, fmt.Errorf("%w: %w", ErrClosed, err)
		}
	}
	keep := 0
	if a.proven {
		keep = 1
	}
	a.dropLocked(keep, len(a.generations)) // an earlier restart that came to nothing
	a.generations = append(a.generations, g)
	return g, nil
}

// dropLocked forgets generations.
func (a *iceAgent) dropLocked(from, to int) {
	if from >= to {
		return
	}
	var ufrags []string
	for _, g := range a.generations[from:to] {
		ufrags = append(ufrags, g.ufrag)
	}
	a.table.forget(ufrags, nil)
	a.generations = slices.Delete(a.generations, from, to)
}

// stunScratch is what a check is read into and its answer is made in. It belongs to a batch.
type stunScratch struct{ request, reply *stun.Message }

func newSTUNScratch() stunScratch {
	// Strict: what follows MESSAGE-INTEGRITY is not read, for it is not protected (RFC 8489 §14.5).
	return stunScratch{request: stun.NewWithOptions(stun.WithStrict(true)), reply: stun.New()}
}

// receive answers one check (RFC 8445 §7.3). What does not authenticate gets no answer: whoever sent it learns nothing.
func (a *iceAgent) receive(b []byte, from netip.AddrPort, arrived time.Time, out *batch) {
	m := out.stun.request
	if _, err := m.Write(b); err != nil || m.Type != stun.BindingRequest || stun.Fingerprint.Check(m) != nil {
		a.table.socket.count.junk.Add(1)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at := a.authenticLocked(m)
	if at < 0 {
		a.table.socket.count.auth.Add(1)
		return
	}
	a.wire.media.heard.Add(1)
	key := stun.MessageIntegrity(a.generations[at].pwd)
	p := a.pathLocked(from, arrived)
	if unknown := unknownAttributes(m); len(unknown) > 0 {
		respond(m, p.target, out, stun.BindingError, stun.CodeUnknownAttribute, unknown, key, stun.Fingerprint)
		return
	}
	if m.Contains(stun.AttrICEControlled) {
		// The browser has to be controlling, for a lite agent is controlled (RFC 8445 §6.1.1, §7.3.1.1).
		respond(m, p.target, out, stun.BindingError, stun.CodeRoleConflict, key, stun.Fingerprint)
		return
	}
	mapped := stun.XORMappedAddress{IP: from.Addr().AsSlice(), Port: int(from.Port())}
	respond(m, p.target, out, stun.BindingSuccess, &mapped, key, stun.Fingerprint)
	switch {
	case m.Contains(stun.AttrUseCandidate):
		a.selectLocked(p)
		if at == len(a.generations)-1 {
			a.dropLocked(0, at) // the restart is over
		}
		a.proven = true
	case a.selected == nil && p.used:
		a.selectLocked(p) // the peer is back where it was
	}
}

// respond sends the answer to a check along the way that the check came.
func respond(m *stun.Message, to *target, out *batch, t stun.MessageType, rest ...stun.Setter) {
	reply := out.stun.reply
	setters := append([]stun.Setter{t, stun.NewTransactionIDSetter(m.TransactionID)}, rest...)
	if reply.Build(setters...) != nil || len(reply.Raw) > maxDatagram {
		return
	}
	out.add(copy(out.slot(), reply.Raw), to)
}

// authenticLocked finds the generation that a check is of: both halves of the user name are right, and its integrity; -1
// when there is none.
func (a *iceAgent) authenticLocked(m *stun.Message) int {
	name, err := m.Get(stun.AttrUsername)
	if err != nil {
		return -1
	}
	for i, g := range a.generations {
		if subtle.ConstantTimeCompare(name, []byte(g.ufrag+":"+g.remote)) == 1 {
			if stun.MessageIntegrity(g.pwd).Check(m) != nil {
				return -1
			}
			return i
		}
	}
	return -1
}

// understood are the attributes of a check that must be understood (RFC 8489 §14, RFC 8445 §16.1).
func understood(t stun.AttrType) bool {
	switch t {
	case stun.AttrUsername, stun.AttrMessageIntegrity, stun.AttrMessageIntegritySHA256, stun.AttrPriority, stun.AttrUseCandidate:
		return true
	}
	return !t.Required()
}

func unknownAttributes(m *stun.Message) (out stun.UnknownAttributes) {
	for _, attr := range m.Attributes {
		if !understood(attr.Type) {
			out = append(out, attr.Type)
		}
	}
	return out
}

// pathLocked is the path that an address is the end of, a new one if need be.
func (a *iceAgent) pathLocked(from netip.AddrPort, now time.Time) *path {
	at := slices.IndexFunc(a.paths, func(p *path) bool { return p.target.addr == from })
	if at < 0 {
		if len(a.paths) == maxPaths {
			a.dropOldestLocked()
		}
		at = len(a.paths)
		a.paths = append(a.paths, &path{wire: a.wire, target: newTarget(a.table.socket, from)})
	}
	p := a.paths[at]
	p.heard = now
	a.table.learn(p)
	return p
}

// dropOldestLocked forgets the path that no check came from for longest, but for the one in use.
func (a *iceAgent) dropOldestLocked() {
	oldest := -1
	for i, p := range a.paths {
		if p != a.selected && (oldest < 0 || p.heard.Before(a.paths[oldest].heard)) {
			oldest = i
		}
	}
	a.table.forget(nil, a.paths[oldest:oldest+1])
	a.paths = slices.Delete(a.paths, oldest, oldest+1)
}

func (a *iceAgent) selectLocked(p *path) {
	p.used = true
	if a.selected != p {
		a.selected = p
		a.wire.media.aim(p.target)
	}
}

// settle has the media go along a path, unless one was nominated already: the handshake may be over before the browser
// nominates (RFC 8445 §12.1 lets any valid pair be used until then).
func (a *iceAgent) settle(p *path) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.selected == nil && !a.closed {
		a.selectLocked(p)
	}
}

// hush stops the sending: the peer's consent expired (RFC 7675 §5.1). A check brings it back.
func (a *iceAgent) hush() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.selected != nil {
		a.selected = nil
		a.wire.media.aim(nil)
	}
}

// close forgets the peer's credentials and paths.
func (a *iceAgent) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	a.dropLocked(0, len(a.generations))
	a.table.forget(nil, a.paths)
	a.paths, a.selected = nil, nil
}
