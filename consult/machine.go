package consult

import (
	"slices"
	"time"
)

// This file is the whole of what can happen to a consultation, without a store, a clock or a lock:
//
//	            a patient arrives       admit              both have media
//	 created ───────────────▶ waiting ───────▶ called ───────────────▶ live ◀──▶ interrupted
//	    ▲   the patient leaves   │  ▲             │ send-back            │            │
//	    └────────────────────────┘  └─────────────┴──────────────────────┴────────────┘
//	                                          end, from anywhere ──▶ ended (final)
//
// The state is computed from where the participants are, so it can not contradict them.

// Action is something that happens to a consultation. The words are those of docs/protocol.md where it has one.
type Action string

// The actions. Those of the practitioner are checked against the consultation's own practitioner.
const (
	ActionStart     Action = "start"
	ActionInvite    Action = "invite"    // by the practitioner
	ActionArrive    Action = "arrive"    // the participant opened the door
	ActionAdmit     Action = "admit"     // by the practitioner
	ActionSendBack  Action = "send-back" // by the practitioner
	ActionDecline   Action = "decline"   // by the practitioner
	ActionLeave     Action = "leave"     // the participant went away on purpose
	ActionConnected Action = "connected" // the participant's media is up
	ActionLost      Action = "lost"      // the participant's media is gone
	ActionEnd       Action = "end"       // by the practitioner

	ActionTest     Action = "test"      // the participant tried their devices, perhaps days before
	ActionAbsent   Action = "absent"    // by the practitioner: the participant did not come
	ActionExpected Action = "expected"  // by the practitioner: takes that back
	ActionMessage  Action = "message"   // by the practitioner, to somebody who is not in the call
	ActionPass     Action = "pass"      // by the practitioner, to a colleague
	ActionPassBack Action = "pass-back" // by who passed it on: takes that back
	ActionRename   Action = "rename"    // the practitioner has another name now

	ActionWhere    Action = "where"    // the patient says where they are
	ActionIdentify Action = "identify" // by the practitioner: corrects name, birth date and where the patient is
	ActionVerify   Action = "verify"   // by the practitioner: how the identity was verified
	ActionPhone    Action = "phone"    // by the practitioner: on by telephone
	ActionVideo    Action = "video"    // by the practitioner: back from the telephone

	ActionAsk      Action = "ask"      // by the practitioner: an interpreter is asked for
	ActionWithdraw Action = "withdraw" // by the practitioner: not any more
	ActionAccept   Action = "accept"   // by an interpreter
	ActionRefuse   Action = "refuse"   // by an interpreter
)

// maxParticipants keeps a consultation small enough that ending it fits in one transaction of the store
// (100 operations) with all its tickets.
const maxParticipants = 12

// step is one action with what it needs.
type step struct {
	action      Action
	by          AccountID          // who asks: for the practitioner's actions
	participant ParticipantID      // whom it is about: for all but invite, end, pass and rename
	devices     Devices            // arrive, test
	opensBefore time.Duration      // arrive: how long before its time the waiting room opens
	newcomer    Participant        // invite, accept
	request     InterpreterRequest // ask, withdraw, accept, refuse
	text        string             // message; phone: the number
	to          Practitioner       // pass, pass-back, rename; verify: who did it
	seat        ParticipantID      // pass, pass-back: the id of the new practitioner's seat; where: who says it
	identity    Identity           // where, identify
	proof       Proof              // verify
}

// byPractitioner says whether only the practitioner of the consultation may do this.
func (a Action) byPractitioner() bool {
	return slices.Contains([]Action{
		ActionInvite, ActionAdmit, ActionSendBack, ActionDecline, ActionEnd, ActionAbsent, ActionExpected, ActionMessage,
		ActionPass, ActionRename, ActionIdentify, ActionVerify, ActionPhone, ActionVideo, ActionAsk, ActionWithdraw,
	}, a)
}

// newConsultation is the only way into StateCreated from nothing.
func newConsultation(id ConsultationID, by Practitioner, patient Participant, now time.Time) Consultation {
	practitioner := Participant{
		ID: newParticipantID(), Role: RolePractitioner, Name: by.Name, Place: PlaceInvited, Admitted: true,
	}
	return Consultation{
		ID: id, Practitioner: by.ID, PractitionerName: by.Name, State: StateCreated, CreatedAt: now,
		Participants: []Participant{practitioner, patient}, Revision: 1,
	}
}

// apply returns the consultation after the step, and whether that differs from before. The receiver stays
// as it was.
func (c Consultation) apply(s step, now time.Time) (next Consultation, changed bool, err error) {
	if s.action.byPractitioner() && s.by != c.Practitioner {
		return c, false, ErrNotFound
	}
	if c.State == StateEnded {
		return c, false, ErrEnded
	}
	next = c
	next.Participants = slices.Clone(c.Participants)
	switch s.action {
	case ActionInvite:
		err = next.invite(s.newcomer)
	case ActionEnd:
		next.end(now)
	case ActionPass:
		err = next.pass(s, now)
	case ActionPassBack:
		err = next.passBack(s, now)
	case ActionRename:
		next.rename(s.to.Name)
	case ActionPhone:
		err = next.toPhone(s, now)
	case ActionVideo:
		next.toVideo(now)
	case ActionAsk:
		err = next.ask(s.request)
	case ActionWithdraw, ActionAccept, ActionRefuse:
		err = next.answer(s, now)
	default:
		i := next.index(s.participant)
		if i < 0 {
			return c, false, ErrNotFound
		}
		if s.action == ActionArrive && !next.opensTo(i, s.opensBefore, now) {
			return c, false, ErrTooEarly
		}
		if s.action == ActionIdentify {
			s.seat = c.Participants[0].ID
		}
		err = next.Participants[i].take(s, now)
	}
	if err != nil {
		return c, false, err
	}
	next.settle(now)
	if next.State == c.State && next.Practitioner == c.Practitioner && next.PractitionerName == c.PractitionerName &&
		slices.Equal(next.Spans, c.Spans) && slices.Equal(next.Requests, c.Requests) && slices.EqualFunc(next.Participants, c.Participants, Participant.equal) {
		return c, false, nil
	}
	next.Revision++
	return next, true, nil
}

func (c *Consultation) invite(newcomer Participant) error {
	if len(c.Participants) >= maxParticipants {
		return errFull
	}
	c.Participants = append(c.Participants, newcomer)
	return nil
}

func (c *Consultation) end(now time.Time) {
	c.EndedAt, c.EndReason = now, EndReasonPractitioner
	for i := range c.Participants {
		p := &c.Participants[i]
		p.MediaUp = false
		if p.Place != PlaceInvited {
			p.Place = PlaceLeft
		}
	}
}

// take is what an action does to one person.
func (p *Participant) take(s step, now time.Time) error {
	switch s.action {
	case ActionArrive:
		return p.arrive(s.devices, now)
	case ActionAdmit:
		return p.admit()
	case ActionSendBack:
		return p.sendBack(now)
	case ActionDecline:
		return p.decline()
	case ActionLeave:
		return p.leave()
	case ActionConnected, ActionLost:
		return p.media(s.action == ActionConnected)
	case ActionTest:
		return p.test(s.devices, now)
	case ActionAbsent, ActionExpected:
		return p.expect(s.action == ActionExpected, now)
	case ActionMessage:
		return p.message(s.text, now)
	case ActionWhere:
		return p.where(s, now)
	case ActionIdentify:
		return p.identify(s, now)
	case ActionVerify:
		return p.verify(s, now)
	default:
		return errUnknownAction
	}
}

// arrive puts a person into the waiting room, or into the call when they may go there. It happens again with
// every reload: the new tab has no media yet, and the place in the order stays.
func (p *Participant) arrive(devices Devices, now time.Time) error {
	if err := devices.Validate(); err != nil {
		return err
	}
	if !devices.unknown() || p.TestedAt.IsZero() { // who passes over the test has the result of an earlier one
		p.Devices, p.TestedAt = devices, now
	}
	p.MediaUp, p.AbsentAt = false, time.Time{}
	if p.Admitted {
		p.enter()
		return nil
	}
	p.Place = PlaceWaiting
	p.keepOrder(now)
	return nil
}

func (p *Participant) admit() error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	if p.Place != PlaceWaiting {
		return errNotWaiting
	}
	p.Admitted = true
	p.enter()
	return nil
}

// enter forgets what was said to somebody who waited.
func (p *Participant) enter() { p.Place, p.Message, p.MessageAt = PlaceCall, "", time.Time{} }

// sendBack leaves MediaUp alone: the transport of the tab stays up in the waiting room.
func (p *Participant) sendBack(now time.Time) error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	if p.Place != PlaceCall {
		return errNotInCall
	}
	p.Place, p.Admitted = PlaceWaiting, false
	p.keepOrder(now)
	return nil
}

// decline forgets the place in the order: who comes back later queues again.
func (p *Participant) decline() error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	if p.Place != PlaceWaiting {
		return errNotWaiting
	}
	p.Place, p.MediaUp, p.WaitingSince = PlaceLeft, false, time.Time{}
	return nil
}

// leave is harmless when repeated: a tab that closes may say it twice.
func (p *Participant) leave() error {
	if p.Place == PlaceInvited {
		return errNotHere
	}
	p.Place, p.MediaUp = PlaceLeft, false
	return nil
}

// media may come up in the waiting room, where the transport is prepared so that admitting is quick.
func (p *Participant) media(up bool) error {
	if up && p.Place != PlaceWaiting && p.Place != PlaceCall {
		return errNotHere
	}
	p.MediaUp = up
	return nil
}

func (p *Participant) keepOrder(now time.Time) {
	if p.WaitingSince.IsZero() {
		p.WaitingSince = now
	}
}

// settle computes the state from the people, and notes when it was first called and live.
func (c *Consultation) settle(now time.Time) {
	c.State = c.stateNow()
	if c.State == StateCalled || c.State == StateLive {
		c.CalledAt = firstOf(c.CalledAt, now)
	}
	if c.State == StateLive {
		c.LiveAt = firstOf(c.LiveAt, now)
	}
	c.span(now)
}

// stateNow reads c.State as the state before.
func (c *Consultation) stateNow() State {
	var waits, admitted, patientUp, practitionerUp bool
	for _, p := range c.Participants {
		inCall := p.Place == PlaceCall && p.MediaUp
		switch p.Role {
		case RolePractitioner:
			practitionerUp = inCall
		case RolePatient:
			waits = waits || p.Place == PlaceWaiting
			admitted = admitted || p.Admitted
			patientUp = patientUp || inCall
		}
	}
	switch {
	case !c.EndedAt.IsZero():
		return StateEnded
	case practitionerUp && patientUp:
		return StateLive
	case admitted && (c.State == StateLive || c.State == StateInterrupted):
		return StateInterrupted
	case admitted:
		return StateCalled
	case waits:
		return StateWaiting
	default:
		return StateCreated
	}
}

func firstOf(earlier, now time.Time) time.Time {
	if earlier.IsZero() {
		return now
	}
	return earlier
}
