package signal

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/colloque/colloque/consult"
)

// deskPause is how long a desk leaves its tab alone after a snapshot: one join is three or four changes within some milliseconds, and a
// snapshot is all of the day's consultations.
const deskPause = 50 * time.Millisecond

// desk is a practitioner's tab that watches the waiting room. It holds no state of its own: each message is the whole snapshot.
type desk struct {
	hub     *Hub
	conn    *conn
	account consult.AccountID // whose desk it is
	own     bool              // it is who looks at it; somebody else may not let people in
	changed chan struct{}     // holds one element while there is something to look at
	quit    chan struct{}
	ended   chan struct{}
	last    []byte // owned by run: the snapshot that the tab has
}

// watch opens a websocket as a desk.
func (h *Hub) watch(c *conn, r *watchRequest) error {
	if c.account.ID == "" {
		return errSignedOut
	}
	of := r.Practitioner
	if of == "" {
		of = c.account.ID
	}
	if of != c.account.ID && !h.mayAct(c.account.ID, of) {
		return consult.ErrNotFound
	}
	d := &desk{
		hub: h, conn: c, account: of, own: of == c.account.ID,
		changed: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	ctx, cancel := context.WithCancel(h.ctx)
	watched, err := h.practice.Watch(ctx, d.account)
	if err != nil {
		cancel()
		return err
	}
	first, err := d.snapshot()
	if err != nil {
		cancel()
		return err
	}
	first.Reply = r.ID
	c.send(first)
	h.addDesk(d)
	go d.run(watched)
	c.open(d.serve, func() {
		cancel()
		close(d.quit)
		<-d.ended
		h.removeDesk(d)
	})
	return nil
}

// addDesk makes a desk findable. Only the practitioner's own makes them available, see Hub.Availability.
func (h *Hub) addDesk(d *desk) {
	h.mu.Lock()
	if h.desks[d.account] == nil {
		h.desks[d.account] = make(map[*desk]struct{})
	}
	h.desks[d.account][d] = struct{}{}
	h.mu.Unlock()
	h.accountChanged(d.account)
}

func (h *Hub) removeDesk(d *desk) {
	h.mu.Lock()
	delete(h.desks[d.account], d)
	if len(h.desks[d.account]) == 0 {
		delete(h.desks, d.account)
	}
	h.mu.Unlock()
	h.accountChanged(d.account)
}

// wake makes the desk look again, soon.
func (d *desk) wake() {
	select {
	case d.changed <- struct{}{}:
	default:
	}
}

func (d *desk) run(watched <-chan struct{}) {
	defer close(d.ended)
	pause := time.NewTimer(deskPause)
	defer pause.Stop()
	for {
		select {
		case _, ok := <-watched:
			if !ok {
				watched = nil
				continue
			}
		case <-d.changed:
		case <-d.quit:
			return
		}
		d.tell()
		pause.Reset(deskPause)
		select {
		case <-pause.C:
		case <-d.quit:
			return
		}
	}
}

// tell sends the snapshot if it differs from what the tab has.
func (d *desk) tell() {
	e, err := d.snapshot()
	if err != nil {
		d.hub.log.Error("can't read the waiting room", "account", d.account, "err", err)
		return
	}
	b, err := json.Marshal(e)
	if err != nil || bytes.Equal(b, d.last) {
		return
	}
	d.last = b
	d.conn.sendBytes(b)
}

func (d *desk) snapshot() (deskEvent, error) {
	e := deskEvent{reply: reply{Type: "desk"}, Consultations: []deskConsultation{}, Undelivered: d.undelivered()}
	delay, ok, err := d.hub.practice.DelayOf(d.account)
	if err != nil {
		return e, err
	}
	if ok {
		e.Delay = delayOf(delay)
	}
	consultations, err := d.hub.practice.AtDesk(d.account)
	if err != nil {
		return e, err
	}
	for _, c := range consultations {
		e.Consultations = append(e.Consultations, d.consultation(c))
	}
	return e, nil
}

func (d *desk) consultation(c consult.Consultation) deskConsultation {
	v := deskConsultation{
		ID: c.ID, State: c.State, Patient: c.Patient, CreatedAt: c.CreatedAt.UTC(), ScheduledAt: timeOrNil(c.ScheduledAt),
		Minutes: int(c.Duration / time.Minute), Participants: []deskParticipant{},
	}
	if at, expected := c.LateAt(); expected {
		v.LateAt = timeOrNil(at)
	}
	if last := len(c.Passes) - 1; last >= 0 {
		v.PassedBy = c.Passes[last].Name
	}
	here, sent := d.hub.attendances(c.ID), d.deliveries(c.ID)
	for _, p := range c.Participants {
		q := deskParticipant{
			ID: p.ID, Role: p.Role, Name: p.Name, BirthDate: p.BirthDate, Language: p.Language, Needs: p.Needs,
			Phone: p.Contact.Phone, Reach: p.Contact.Reach, Place: p.Place, Since: timeOrNil(p.WaitingSince), Presence: presenceAway,
			Devices: devices(p.Devices), TestedAt: timeOrNil(p.TestedAt), AbsentAt: timeOrNil(p.AbsentAt), Message: messageOf(p), Delivery: sent[p.ID],
		}
		if now, ok := here[p.ID]; ok {
			q.Presence, q.Knocking = now.presence, now.knocking
		}
		v.Participants = append(v.Participants, q)
	}
	return v
}

// serve answers a request at the desk. The changes come back through consult's watch, to this desk and to the calls.
func (d *desk) serve(r request) error {
	by, p := d.account, d.hub.practice
	var err error
	switch r := r.(type) {
	case *admitRequest:
		if !d.own {
			return errPractOnly
		}
		_, err = p.Admit(by, r.Consultation, r.Participant)
	case *sendBackRequest:
		_, err = p.SendBack(by, r.Consultation, r.Participant)
	case *declineRequest:
		_, err = p.Decline(by, r.Consultation, r.Participant)
	case *delayRequest:
		_, err = p.SetDelay(by, r.Minutes, d.hub.here)
	case *messageRequest:
		return d.message(r)
	case *absentRequest:
		if r.Absent {
			_, err = p.MarkAbsent(by, r.Consultation, r.Participant)
		} else {
			_, err = p.MarkExpected(by, r.Consultation, r.Participant)
		}
	case *endRequest:
		_, err = p.End(by, r.Consultation)
	default:
		return errNotNow
	}
	if err != nil {
		return err
	}
	d.conn.sendDone(r)
	return nil
}

// message says something to one who is not in the call, or to all who wait.
func (d *desk) message(r *messageRequest) error {
	var told consult.Told
	var err error
	if r.Participant == "" {
		told, err = d.hub.practice.MessageToWaiting(d.account, r.Text, d.hub.here)
	} else {
		told, err = d.hub.practice.MessageTo(d.account, r.Consultation, r.Participant, r.Text, d.hub.here)
	}
	if err != nil {
		return err
	}
	d.conn.send(toldReply{reply: reply{Type: "told", Reply: r.ID}, Shown: told.Shown, Sent: told.Sent})
	return nil
}
