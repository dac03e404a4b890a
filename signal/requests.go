package signal

import (
	"context"
	"errors"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
)

// errCallEnded is given when a session was dropped while its request was under way; the browser has been told by then.
var errCallEnded = &consult.Error{Code: consult.CodeConflict, Message: "The call has ended."}

// serve answers a request of a session, in its conn's read goroutine. What writes to the disk or negotiates is done here, in the order
// of the requests of this websocket; what touches the call's state is posted to it.
func (k *call) serve(s *session, c *conn, r request) error {
	switch r := r.(type) {
	case *publishRequest:
		return k.change(s, c, r, func() error { return k.handlePublish(s, r.Source) })
	case *unpublishRequest:
		return k.change(s, c, r, func() error { return k.handleUnpublish(s, r.Source) })
	case *muteRequest:
		return k.change(s, c, r, func() error { return k.handleMute(s, r) })
	case *wantRequest:
		return k.change(s, c, r, func() error { return k.handleWant(s, r) })
	case *chatRequest:
		return k.handleChat(s, c, r)
	case *offerRequest:
		return k.handleOffer(s, c, r)
	case *leaveRequest:
		return k.handleLeave(s, c, r)
	case *endRequest:
		return k.handleEnd(s, c, r)
	case *answerKnockRequest:
		return k.answerKnock(s, c, r)
	case *whereRequest:
		return k.handleWhere(s, c, r)
	default:
		return errNotNow
	}
}

// change posts a change of the call's state and answers it from there.
func (k *call) change(s *session, c *conn, r request, f func() error) error {
	ok := k.box.post(func() {
		err := error(errCallEnded)
		if !s.ended {
			err = f()
		}
		if err != nil {
			c.send(errorFor(r.head().ID, err, k.log))
			return
		}
		c.sendDone(r)
	})
	if !ok {
		return errCallEnded
	}
	return nil
}

func (k *call) handlePublish(s *session, src sfu.Source) error {
	if !s.inRoom {
		return errNotInCall
	}
	if err := k.hub.media.Publish(s.peer, src); err != nil {
		return errOffer
	}
	if s.published(src) == nil {
		s.publications = append(s.publications, publicationView{Source: src})
	}
	k.tellParticipants()
	return nil
}

func (k *call) handleUnpublish(s *session, src sfu.Source) error {
	if s.published(src) == nil {
		return nil
	}
	if err := k.hub.media.Unpublish(s.peer, src); err != nil {
		return errOffer
	}
	s.unpublish(src)
	k.tellParticipants()
	return nil
}

func (k *call) handleMute(s *session, r *muteRequest) error {
	p := s.published(r.Source)
	if p == nil {
		return errNotNow
	}
	if err := k.hub.media.Mute(s.peer, r.Source, r.Muted); err != nil {
		return errOffer
	}
	p.Muted = r.Muted
	k.tellParticipants()
	return nil
}

func (k *call) handleWant(s *session, r *wantRequest) error {
	wants := make([]sfu.Want, 0, len(r.Wants))
	for _, w := range r.Wants {
		if of := k.byParticipant(w.Participant); of != nil {
			wants = append(wants, sfu.Want{Peer: of.peer, Source: w.Source, Height: w.Height})
		}
	}
	if err := k.hub.media.Want(s.peer, wants); err != nil {
		return errNobody
	}
	return nil
}

// handleChat answers when the line is on disk, and only then shows it to the others.
func (k *call) handleChat(s *session, c *conn, r *chatRequest) error {
	m, err := k.hub.practice.AppendChat(k.id, s.participant, r.Text)
	if err != nil {
		return err
	}
	c.sendDone(r)
	k.box.post(func() {
		if !k.hasChat { // the first: patients learn how they find it again
			k.hasChat = true
			k.tellDocuments()
		}
		for _, to := range k.sessions {
			if to.inRoom {
				to.send(chatEvent{reply: reply{Type: "chat"}, Messages: chatLines([]consult.Message{m})})
			}
		}
	})
	return nil
}

// handleOffer negotiates again: an ICE restart, or more lanes. Nothing else ever needs it.
func (k *call) handleOffer(s *session, c *conn, r *offerRequest) error {
	ctx, cancel := context.WithTimeout(k.hub.ctx, negotiateWithin)
	defer cancel()
	a, err := k.hub.media.Renegotiate(ctx, sfu.RenegotiateRequest{Peer: s.peer, Offer: r.Offer})
	if err != nil {
		k.log.Info("offer refused", "session", s.id)
		return errOffer
	}
	c.send(answerReply{reply: reply{Type: "answer", Reply: r.ID}, Answer: a.Answer})
	return nil
}

// handleLeave gives the place up on purpose. The session ends first, so that what consult then says can't be taken for a refusal.
func (k *call) handleLeave(s *session, c *conn, r *leaveRequest) error {
	ended := make(chan struct{})
	ok := k.box.post(func() {
		defer close(ended)
		c.sendDone(r)
		k.end(s, "left")
		k.tellParticipants()
	})
	if !ok {
		return errCallEnded
	}
	select {
	case <-ended:
	case <-k.quit:
	}
	_, err := k.hub.practice.Leave(k.id, s.participant)
	if e := new(consult.Error); errors.As(err, &e) && e.Code == consult.CodeConflict {
		return nil // it had ended meanwhile
	}
	return err
}

// handleEnd ends the consultation; reconcile ends the sessions, this one too.
func (k *call) handleEnd(s *session, c *conn, r *endRequest) error {
	switch {
	case r.Consultation != "":
		return errBadField
	case s.role != consult.RolePractitioner:
		return errPractOnly
	}
	// In the call's goroutine, so that the reply is out before the sessions end.
	return k.change(s, c, r, func() error {
		_, err := k.hub.practice.End(k.practitioner, k.id)
		return err
	})
}
