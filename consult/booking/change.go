package booking

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// CancelRequest asks for the end of an appointment before it began.
type CancelRequest struct {
	By     Actor
	Reason string // may be ""
	Quiet  bool   // by the practice: the patient is not told

	with *several // nil: by itself
}

// Cancel cancels an appointment, or takes a request back. Once more changes nothing and is no error.
func (b *Book) Cancel(id AppointmentID, r CancelRequest) (Appointment, error) {
	reason, err := cleanText(r.Reason, maxText)
	if err != nil {
		return Appointment{}, err
	}
	return b.change("cancel", id, func(tx kv.Txn, c *changing) error {
		if c.after.State == StateCancelled {
			return errUnchanged
		}
		if err := c.inTime(r.By); err != nil {
			return err
		}
		return b.end(tx, c, ActionCancel, r.By, reason, unless(r.Quiet && r.By.Kind == ByPractice, consult.NoticeAppointmentCancelled), r.with)
	})
}

// Refuse says no to a request.
func (b *Book) Refuse(id AppointmentID, by Actor, reason string) (Appointment, error) {
	reason, err := cleanText(reason, maxText)
	if err != nil {
		return Appointment{}, err
	}
	return b.change("refuse", id, func(tx kv.Txn, c *changing) error {
		return b.end(tx, c, ActionRefuse, by, reason, consult.NoticeAppointmentRefused, nil)
	})
}

// Mistake says that an appointment was entered in error: it counts nowhere. Nobody is told.
func (b *Book) Mistake(id AppointmentID, by Actor, reason string) (Appointment, error) {
	reason, err := cleanText(reason, maxText)
	if err != nil {
		return Appointment{}, err
	}
	return b.change("mistake", id, func(tx kv.Txn, c *changing) error { return b.end(tx, c, ActionMistake, by, reason, "", nil) })
}

// end takes an appointment off the book: its time is free for others, its consultation withdrawn, its reminders cancelled.
func (b *Book) end(tx kv.Txn, c *changing, action Action, by Actor, reason string, tell consult.NoticeKind, with *several) error {
	a := &c.after
	took := a.State.takesTime() && !a.Start.IsZero()
	if err := a.step(action, by, reason, c.now); err != nil {
		return err
	}
	if took {
		if err := c.days.release(a); err != nil {
			return err
		}
		if err := b.freed(tx, a, c.now); err != nil {
			return err
		}
	}
	if err := b.withdraw(tx, a, time.Time{}); err != nil {
		return err
	}
	return b.tell(tx, a, c.service, tell, with, a.Start, c.now)
}

// withdraw ends the consultation that was made for an appointment; moved to another time, or cancelled (zero).
func (b *Book) withdraw(tx kv.Txn, a *Appointment, movedTo time.Time) error {
	if a.Consultation == "" || b.practice == nil {
		return nil
	}
	if err := b.practice.Withdraw(tx, a.Consultation, movedTo); err != nil {
		return err
	}
	err := tx.Delete(callKey(a.Consultation))
	a.Consultation = ""
	return err
}

// MoveRequest asks for another time.
type MoveRequest struct {
	By           Actor
	Hold         string            // secret of a hold of the new time; then the rest is its
	Practitioner consult.AccountID // "": the same as before
	Start        time.Time
	Overbook     string // by the practice: the reason to book over others
	Quiet        bool   // by the practice: the patient is not told
	Reason       string

	with *several // nil: by itself
}

// Move gives an appointment another time. Its link stays the same, its old time is in the history and back on sale. To the time that it
// has already is no change and no error. *TakenError when somebody was quicker.
func (b *Book) Move(id AppointmentID, r MoveRequest) (Appointment, error) {
	reason, err := cleanText(r.Reason+r.Overbook, maxText)
	if err != nil {
		return Appointment{}, err
	}
	was, err := b.Appointment(id)
	if err != nil {
		return Appointment{}, err
	}
	if r.Practitioner == "" {
		r.Practitioner = was.Practitioner
	}
	return b.setTime(id, was, r, reason, ActionMove)
}

// ApproveRequest says yes to a request.
type ApproveRequest struct {
	By           Actor
	Practitioner consult.AccountID // "": as it was asked for
	Start        time.Time         // zero: as it was asked for
	Overbook     string            // the reason to give a time over others
}

// Approve says yes to a request, at the time that was asked for, which it keeps, or at another. *TakenError when that one is taken,
// ErrState when the time that was asked for has passed.
func (b *Book) Approve(id AppointmentID, r ApproveRequest) (Appointment, error) {
	reason, err := cleanText(r.Overbook, maxText)
	if err != nil {
		return Appointment{}, err
	}
	was, err := b.Appointment(id)
	if err != nil {
		return Appointment{}, err
	}
	by, practitioner, start := r.By, r.Practitioner, r.Start
	if start.IsZero() && was.Start.IsZero() {
		return Appointment{}, ErrState
	}
	if start.IsZero() || (start.Equal(was.Start) && (practitioner == "" || practitioner == was.Practitioner)) {
		return b.change("approve", id, func(tx kv.Txn, c *changing) error {
			if !c.after.Start.After(c.now) || (!start.IsZero() && !c.after.Start.Equal(start)) { // it has passed, or was moved meanwhile
				return ErrState
			}
			if err := c.after.step(ActionApprove, by, "", c.now); err != nil {
				return err
			}
			return b.tell(tx, &c.after, c.service, consult.NoticeAppointment, nil, c.after.Start, c.now)
		})
	}
	if practitioner == "" {
		practitioner = was.Practitioner
	}
	return b.setTime(id, was, MoveRequest{By: by, Practitioner: practitioner, Start: start, Overbook: reason}, reason, ActionApprove)
}

// setTime is Move and Approve: out of the old time and into the new in one transaction.
func (b *Book) setTime(id AppointmentID, was Appointment, r MoveRequest, reason string, action Action) (Appointment, error) {
	now := b.clock()
	var hold Hold
	if r.Hold != "" {
		var err error
		if hold, _, err = b.findHold(b.kv, r.Hold); err != nil {
			return Appointment{}, b.fail("move", id, err)
		}
		if hold.Service != was.Service {
			return Appointment{}, ErrHoldLapsed
		}
		if !hold.keeps(was.Service, r.Practitioner, r.Start, "", was.Modality) {
			return Appointment{}, errNotHeld
		}
		r.Practitioner, r.Start = hold.Practitioner, hold.Start
	}
	r.Start = wholeMinute(r.Start)
	if _, err := was.State.After(action); err != nil {
		return Appointment{}, err
	}
	if r.Start.Equal(was.Start) && r.Practitioner == was.Practitioner && r.Hold == "" {
		return was, nil
	}
	if r.By.Kind == ByPatient && r.Overbook != "" {
		return Appointment{}, errNotOffered
	}
	service, err := b.offeredNow(was.Service)
	if err != nil {
		return Appointment{}, b.fail("move", id, err)
	}
	want := wish{by: r.By, practitioner: r.Practitioner, start: r.Start, modality: was.Modality, over: r.Overbook != ""}
	c := claim{service: service, start: r.Start.Unix(), over: want.over, daily: r.By.Kind == ByPatient, entry: entry{kind: entryAppointment, id: entryIDOf(string(id))}}
	c.candidates, err = b.candidatesBeside(service, want, hold, was, now)
	if errors.Is(err, ErrTaken) {
		err = b.next(service, want)
	}
	if err != nil {
		return Appointment{}, b.fail("move", id, err)
	}
	a, err := b.change(string(action), id, func(tx kv.Txn, ch *changing) error {
		a := &ch.after
		if !a.Start.Equal(was.Start) || a.Practitioner != was.Practitioner {
			return ErrState // somebody else moved it meanwhile
		}
		if action == ActionMove {
			if err := ch.inTime(r.By); err != nil {
				return err
			}
		}
		if err := a.step(action, r.By, reason, ch.now); err != nil {
			return err
		}
		return b.retime(tx, ch, c, r)
	})
	if errors.Is(err, ErrTaken) {
		err = b.next(service, want)
	}
	return a, err
}

// retime is the part of setTime that writes.
func (b *Book) retime(tx kv.Txn, ch *changing, c claim, r MoveRequest) error {
	a := &ch.after
	if r.Hold != "" {
		if err := b.useHold(tx, ch.days, r.Hold); err != nil {
			return err
		}
	}
	old := *a
	if err := ch.days.release(a); err != nil {
		return err
	}
	if err := b.withdraw(tx, a, r.Start); err != nil {
		return err
	}
	if err := a.place(ch.days, c); err != nil {
		return err
	}
	a.Overbooked = c.over
	kind := consult.NoticeAppointment
	if !old.Start.IsZero() {
		if err := b.freed(tx, &old, ch.now); err != nil {
			return err
		}
		kind = consult.NoticeAppointmentMoved
	}
	return b.tell(tx, a, c.service, unless(r.Quiet && r.By.Kind == ByPractice, kind), r.with, old.Start, ch.now)
}

// candidatesBeside is candidatesOrHold for an appointment that stands in the way of itself: moved by ten minutes it overlaps what it had.
func (b *Book) candidatesBeside(service *Service, want wish, hold Hold, was Appointment, now time.Time) ([]candidate, error) {
	found, err := b.candidatesOrHold(service, want, hold, now)
	if !errors.Is(err, ErrTaken) || want.practitioner != was.Practitioner || was.Start.IsZero() || !service.padded(want.start.Unix()).overlaps(was.padded()) {
		return found, err
	}
	q := Query{Service: service.ID, Practitioner: want.practitioner, From: want.start, To: want.start.Add(time.Second), Modality: want.modality, Everything: want.by.Kind != ByPatient}
	s, err := b.supply(service, q)
	if err != nil || len(s.givers) == 0 {
		return nil, errors.Join(err, ErrTaken)
	}
	g := &s.givers[0]
	for i, doc := range g.days {
		g.days[i] = doc.without(entryIDOf(string(was.ID)), s.now)
	}
	clear(s.resources) // the transaction looks at them
	if want.by.Kind == ByPatient {
		if offers := s.offersOf(0, q, span{q.From.Unix(), q.To.Unix()}, 0, nil); len(offers) == 0 {
			return nil, ErrTaken
		}
	}
	return []candidate{{schedule: g.schedule, zone: g.zone, place: g.placeAt(want.start, service, q)}}, nil
}

// Act notes what happens around the visit: arrive, begin, interrupt, fulfil, phone, rebook.
func (b *Book) Act(id AppointmentID, action Action, by Actor) (Appointment, error) {
	switch action {
	case ActionArrive, ActionBegin, ActionInterrupt, ActionFulfil, ActionPhone, ActionRebook:
	default:
		return Appointment{}, ErrState
	}
	return b.change(string(action), id, func(tx kv.Txn, c *changing) error {
		if next, err := c.after.State.After(action); err == nil && next == c.after.State {
			return errUnchanged
		}
		if err := c.after.step(action, by, "", c.now); err != nil {
			return err
		}
		return b.replan(tx, &c.after, nil, c.now)
	})
}

// Absent says who did not come; or, once more, corrects who it was.
func (b *Book) Absent(id AppointmentID, who Absence, by Actor) (Appointment, error) {
	if who != AbsentPatient && who != AbsentPractitioner {
		return Appointment{}, ErrState
	}
	return b.change("absent", id, func(tx kv.Txn, c *changing) error {
		if c.after.State == StateNoShow {
			if c.after.Absent == who {
				return errUnchanged
			}
			c.after.Absent = who
			c.after.note(Change{At: c.now, By: by, Action: ActionAbsent, Who: who})
			return nil
		}
		if err := c.after.step(ActionAbsent, by, "", c.now); err != nil {
			return err
		}
		c.after.Absent = who
		c.after.History[len(c.after.History)-1].Who = who
		return b.replan(tx, &c.after, nil, c.now)
	})
}

// changing is an appointment while it changes in a transaction.
type changing struct {
	after   Appointment
	service *Service // nil when it is gone
	days    *days
	now     time.Time
}

// inTime refuses patients after the cut-off.
func (c *changing) inTime(by Actor) error {
	if by.Kind != ByPatient || c.after.Start.IsZero() {
		return nil
	}
	if !c.now.Before(c.after.Start) || (c.service != nil && c.after.Start.Sub(c.now) < c.service.CutOff) {
		return ErrTooLate
	}
	return nil
}

// errUnchanged ends a change that changes nothing; it does not leave the package.
var errUnchanged = errors.New("booking: unchanged")

// change reads an appointment, lets apply change it, and writes it with its days, in one transaction.
func (b *Book) change(what string, id AppointmentID, apply func(kv.Txn, *changing) error) (Appointment, error) {
	seen, err := b.Appointment(id)
	if err != nil {
		return Appointment{}, err
	}
	service, err := b.serviceOf(seen.Service)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Appointment{}, b.fail(what, id, err)
	}
	var result Appointment
	err = b.update(func(tx kv.Txn) error {
		before, err := b.load(tx, id)
		if err != nil {
			return err
		}
		now := b.clock()
		c := &changing{after: before, service: service, days: openDays(tx, now), now: now}
		result = before
		if err := apply(tx, c); err != nil {
			return err
		}
		if err := c.days.write(); err != nil {
			return err
		}
		if err := b.store(tx, &before, &c.after); err != nil {
			return err
		}
		result = c.after
		return nil
	})
	if errors.Is(err, errUnchanged) {
		return result, nil
	}
	if err != nil {
		return Appointment{}, b.fail(what, id, err)
	}
	b.log.Info("appointment", "appointment", id, "action", what, "state", result.State)
	return result, nil
}

func unless(quiet bool, kind consult.NoticeKind) consult.NoticeKind {
	if quiet {
		return ""
	}
	return kind
}
