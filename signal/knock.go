package signal

import (
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/gorilla/websocket"
)

// A knock is a second device at a seat that is taken: somebody opened the link on their phone while the page is open on their
// computer, or somebody else has the link. The first device is asked. The second one holds its websocket meanwhile; it has no
// media and learns nothing. When the seat becomes free its websocket is closed with 1012, and it joins again.
//
// A tab that proves with its seat token that it is the one that sat there (a reload, a crash) does not knock, and neither
// does anybody while the first device's connection is lost.

// knockPatience is how long the first device may leave the question unanswered in the waiting room: then nobody sits before it.
// In the call it has as long as it likes.
const knockPatience = 30 * time.Second

// knock is owned by its call's goroutine.
type knock struct {
	conn  *conn
	timer *time.Timer
}

// holds says whether a session keeps its seat from a tab that proves itself with this, or with nothing.
func (k *call) holds(s *session, proof string) bool { return s.conn != nil && !s.sameTab(proof) }

// taken asks the call whether a seat is held by another device.
func (k *call) taken(p consult.ParticipantID, proof string) bool {
	result := make(chan bool, 1)
	if !k.box.post(func() {
		s := k.byParticipant(p)
		result <- s != nil && k.holds(s, proof)
	}) {
		return false
	}
	select {
	case taken := <-result:
		return taken
	case <-k.quit:
		return false
	}
}

// knock opens a websocket as a second device. It keeps the call's place that its join took until the websocket is gone.
func (k *call) knock(c *conn, r *joinRequest, p consult.ParticipantID) error {
	knocker := &knock{conn: c}
	c.open(func(request) error { return errNotNow }, func() {
		k.box.post(func() { k.stopKnocking(p, knocker) })
		k.hub.release(k)
	})
	if !k.box.post(func() { k.knocked(p, knocker, r.ID) }) {
		c.close(websocket.CloseServiceRestart)
	}
	return nil
}

// knocked asks the first device, unless it has gone meanwhile.
func (k *call) knocked(p consult.ParticipantID, knocker *knock, requestID string) {
	s := k.byParticipant(p)
	if s == nil || s.conn == nil {
		knocker.conn.close(websocket.CloseServiceRestart)
		return
	}
	if earlier := k.knocks[p]; earlier != nil { // one question at a time: the last device that came is meant
		k.turnAway(p, earlier)
	}
	k.knocks[p] = knocker
	knocker.conn.send(knockingReply{reply{Type: "knocking", Reply: requestID}})
	knocker.timer = time.AfterFunc(knockPatience, func() { k.box.post(func() { k.knockUnanswered(p, knocker) }) })
	k.tellKnock(s)
	k.publishPresence()
}

// knockUnanswered gives the seat to the second device when nobody answers at the first. In a call somebody sits before it.
func (k *call) knockUnanswered(p consult.ParticipantID, knocker *knock) {
	if s := k.byParticipant(p); k.knocks[p] == knocker && s != nil && !s.inRoom {
		k.end(s, "replaced")
	}
}

// answerKnock is the first device's word.
func (k *call) answerKnock(s *session, c *conn, r *answerKnockRequest) error {
	ok := k.box.post(func() {
		knocker := k.knocks[s.participant]
		if s.ended || knocker == nil {
			c.send(errorFor(r.ID, errNoKnock, k.log))
			return
		}
		c.sendDone(r)
		if r.Continue {
			k.end(s, "replaced")
			return
		}
		k.turnAway(s.participant, knocker)
		k.tellKnock(s)
	})
	if !ok {
		return errCallEnded
	}
	return nil
}

// turnAway ends a knock with no.
func (k *call) turnAway(p consult.ParticipantID, knocker *knock) {
	knocker.conn.send(endedEvent{reply: reply{Type: "ended"}, Reason: "elsewhere"})
	knocker.conn.close(websocket.CloseNormalClosure)
	k.forgetKnock(p, knocker)
}

// seatFree ends a knock with yes: the device joins again.
func (k *call) seatFree(p consult.ParticipantID) {
	if knocker := k.knocks[p]; knocker != nil {
		knocker.conn.close(websocket.CloseServiceRestart)
		k.forgetKnock(p, knocker)
	}
}

// stopKnocking is told when the second device went away.
func (k *call) stopKnocking(p consult.ParticipantID, knocker *knock) {
	if k.knocks[p] != knocker {
		return
	}
	k.forgetKnock(p, knocker)
	if s := k.byParticipant(p); s != nil {
		k.tellKnock(s)
	}
}

func (k *call) forgetKnock(p consult.ParticipantID, knocker *knock) {
	delete(k.knocks, p)
	if knocker.timer != nil {
		knocker.timer.Stop()
	}
	k.publishPresence()
}

func (k *call) tellKnock(s *session) {
	s.tell(knockEvent{reply: reply{Type: "knock"}, Open: k.knocks[s.participant] != nil})
}
