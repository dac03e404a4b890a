package signal

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
)

// session is one participant's signalling connection. It outlives its websocket by Config.ResumeWithin, and the media does not notice.
// All of it is owned by its call's goroutine, but for what is static.
type session struct {
	// static after newSession
	id          SessionID
	token       string
	participant consult.ParticipantID
	role        consult.Role
	peer        sfu.PeerID
	seat        string // what the tab proves with that it is the one that sat here before; may be ""

	conn         *conn // nil while the websocket is lost
	expiry       *time.Timer
	ended        bool
	inRoom       bool // the media server has the peer in the room
	hasChat      bool // all lines up to now were sent to it
	hasDocuments bool // it was told of some
	hasPhone     bool // it was told of a call by telephone
	mediaUp      bool // DTLS is up and packets come
	mediaLost    bool // it was up, and nothing comes
	publications []publicationView
	lanes        lanesEvent
	told         map[string][]byte // the last snapshot of each kind that the tab got
}

func newSession(seat consult.Seat, proof string) *session {
	id := SessionID("s_" + rand.Text())
	return &session{
		id: id, token: rand.Text(), participant: seat.Participant.ID, role: seat.Participant.Role, peer: sfu.PeerID(id), seat: proof,
		lanes: lanesEvent{reply: reply{Type: "lanes"}, Lanes: []laneView{}},
	}
}

func (s *session) tokenIs(token string) bool {
	return subtle.ConstantTimeCompare([]byte(s.token), []byte(token)) == 1
}

// sameTab says whether this is what the session's tab proves itself with.
func (s *session) sameTab(proof string) bool {
	return s.seat != "" && subtle.ConstantTimeCompare([]byte(s.seat), []byte(proof)) == 1
}

// send does nothing while the websocket is lost: what holds is sent again on resume.
func (s *session) send(v any) {
	if s.conn != nil {
		s.conn.send(v)
	}
}

// tell sends a snapshot, unless the tab has it already.
func (s *session) tell(e event) {
	if s.conn == nil {
		return
	}
	if b, err := json.Marshal(e); err == nil {
		s.tellBytes(e.kind(), b)
	}
}

// tellBytes is tell for what is encoded already.
func (s *session) tellBytes(kind string, b []byte) {
	if s.conn == nil || bytes.Equal(s.told[kind], b) {
		return
	}
	if s.told == nil {
		s.told = make(map[string][]byte)
	}
	s.told[kind] = b
	s.conn.sendBytes(b)
}

// presence is how the others see this session's browser: while somebody is in the call the media counts, while waiting the websocket.
func (s *session) presence() presence {
	byMedia := s.inRoom && s.mediaUp
	if s.mediaLost || (s.conn == nil && !byMedia) {
		return presenceLost
	}
	return presenceHere
}

// published finds what the session publishes of a source.
func (s *session) published(src sfu.Source) *publicationView {
	for i := range s.publications {
		if s.publications[i].Source == src {
			return &s.publications[i]
		}
	}
	return nil
}

func (s *session) unpublish(src sfu.Source) {
	s.publications = slices.DeleteFunc(s.publications, func(p publicationView) bool { return p.Source == src })
}
