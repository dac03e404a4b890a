package signal

import (
	"context"
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
	"github.com/gorilla/websocket"
)

// negotiateWithin bounds what an offer may take; a browser gives up on us long before.
const negotiateWithin = 10 * time.Second

// join opens a websocket as a participant's session: the right to be there first, then the media, then the place.
func (h *Hub) join(c *conn, r *joinRequest) error {
	seat, err := h.seat(c, r)
	if err != nil {
		return err
	}
	k, err := h.enter(seat.Consultation)
	if err != nil {
		return err
	}
	if r.Ticket != "" && k.taken(seat.Participant.ID, r.Seat) {
		return k.knock(c, r, seat.Participant.ID)
	}
	s := newSession(seat, r.Seat)
	h.register(s, k)
	giveUp := func(err error) error {
		h.media.Disconnect(s.peer)
		h.relay.Drop(s.id)
		h.unregister(s)
		h.release(k)
		return err
	}
	answer, err := h.connect(s, r)
	if err != nil {
		return giveUp(err)
	}
	before := seat.Participant.Place
	seat, err = h.practice.Arrive(seat, consult.Devices(r.Devices))
	if err != nil {
		return giveUp(err)
	}
	if seat.Participant.Place == consult.PlaceWaiting && before != consult.PlaceWaiting {
		h.announce(seat.Consultation, seat.Participant)
	}
	chat := []consult.Message{}
	if seat.Participant.Place == consult.PlaceCall {
		if chat, err = h.chatFor(k.id, s.role); err != nil {
			return giveUp(err)
		}
	}
	c.open(func(r request) error { return k.serve(s, c, r) }, func() { k.box.post(func() { k.lose(s, c) }) })
	if !k.box.post(func() { k.joined(s, c, r.ID, answer, chat) }) {
		return giveUp(errFull)
	}
	return nil
}

// seat asks consult whether this websocket may sit down: by its ticket, or as the signed-in practitioner of the consultation.
func (h *Hub) seat(c *conn, r *joinRequest) (consult.Seat, error) {
	if r.Ticket != "" {
		return h.practice.Redeem(h.ctx, r.Ticket, c.from)
	}
	if c.account.ID == "" {
		return consult.Seat{}, errSignedOut
	}
	return h.practice.PractitionerSeat(c.account.ID, r.Consultation)
}

// connect takes the offer to the media server. What it says of a bad offer stays here: it may quote SDP.
func (h *Hub) connect(s *session, r *joinRequest) (string, error) {
	req := sfu.ConnectRequest{Peer: s.peer, Offer: r.Offer}
	for _, p := range r.Publish {
		req.Publish = append(req.Publish, sfu.PublishLine{Mid: p.Mid, Source: p.Source})
	}
	ctx, cancel := context.WithTimeout(h.ctx, negotiateWithin)
	defer cancel()
	reply, err := h.media.Connect(ctx, req)
	if err != nil {
		h.log.Info("offer refused", "session", s.id)
		return "", errOffer
	}
	return reply.Answer, nil
}

// joined seats a session, in the call's goroutine: the tab that sat there before is replaced. Whether it may be was asked before;
// of two devices that came at the same moment the second one asks again.
func (k *call) joined(s *session, c *conn, requestID, answer string, chat []consult.Message) {
	if fresh, err := k.hub.practice.Consultation(k.id); err != nil {
		k.log.Error("can't read the consultation", "err", err)
	} else {
		k.consultation = fresh
	}
	if old := k.byParticipant(s.participant); old != nil {
		if s.role != consult.RolePractitioner && k.holds(old, s.seat) {
			c.send(errorFor(requestID, errElsewhere, k.log))
			c.close(websocket.CloseServiceRestart)
			k.drop(s)
			return
		}
		k.end(old, "replaced")
	}
	s.conn, s.hasChat = c, len(chat) > 0
	k.sessions[s.id] = s
	profile := k.hub.practice.Profile()
	c.send(joinedReply{
		reply: reply{Type: "joined", Reply: requestID}, Session: s.id, Token: s.token, Self: s.participant, Role: s.role,
		Answer: answer, ICEServers: k.hub.relay.ICEServers(s.id), Practice: practiceView{Name: profile.Name, Phone: profile.Phone},
		Consultation: k.view(), Waiting: k.waitingView(s.participant), Chat: chatLines(chat),
	})
	k.reconcileWith(k.consultation)
	k.tellAll(s)
}

// resume gives a session a new websocket. The media never noticed.
func (h *Hub) resume(c *conn, r *resumeRequest) error {
	h.mu.Lock()
	k := h.sessions[r.Session]
	h.mu.Unlock()
	if k == nil {
		return consult.ErrBadTicket
	}
	result := make(chan *session, 1)
	if !k.box.post(func() { result <- k.resumable(r, c) }) {
		return consult.ErrBadTicket
	}
	var s *session
	select {
	case s = <-result:
	case <-h.ctx.Done():
		return errFull
	case <-k.quit:
	}
	if s == nil {
		return consult.ErrBadTicket
	}
	chat, err := h.practice.Chat(k.id, r.ChatAfter)
	if err != nil && !errors.As(err, new(*consult.Error)) {
		return err
	}
	c.open(func(r request) error { return k.serve(s, c, r) }, func() { k.box.post(func() { k.lose(s, c) }) })
	k.box.post(func() { k.resumed(s, c, r.ID, chat) })
	return nil
}

// resumable checks the token and keeps the session from expiring meanwhile.
func (k *call) resumable(r *resumeRequest, c *conn) *session {
	s := k.sessions[r.Session]
	if s == nil || !s.tokenIs(r.Token) {
		return nil
	}
	if s.expiry != nil {
		s.expiry.Stop()
		s.expiry = nil
	}
	if s.conn != nil && s.conn != c {
		s.conn.close(websocket.CloseNormalClosure)
	}
	s.conn, s.told = c, nil
	return s
}

// resumed says again all that holds.
func (k *call) resumed(s *session, c *conn, requestID string, chat []consult.Message) {
	if s.ended || s.conn != c {
		c.send(errorFor(requestID, consult.ErrBadTicket, k.log))
		c.close(websocket.CloseNormalClosure)
		return
	}
	if !s.inRoom {
		chat = nil
	}
	c.send(resumedReply{
		reply: reply{Type: "resumed", Reply: requestID}, ICEServers: k.hub.relay.ICEServers(s.id),
		Consultation: k.view(), Waiting: k.waitingView(s.participant), Chat: chatLines(chat),
	})
	if s.inRoom {
		c.send(admittedEvent{reply: reply{Type: "admitted"}, Consultation: k.view()})
	}
	k.tellAll(s)
	k.tellParticipants()
	k.tellDocuments()
	k.tellVisit()
}
