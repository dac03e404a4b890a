package consult

import (
	"slices"
	"time"
)

// The rest of the machine: what happens around the waiting room. Nothing here happens by itself: a patient who is late is
// shown as late, and what follows is the practitioner's doing.

const (
	lateAfter = 10 * time.Minute // after its time, a consultation's patient is late
	maxPasses = 20               // of one consultation, back and forth
)

// opensAt is when the waiting room lets people in; zero: it is open from the start.
func (c Consultation) opensAt(before time.Duration) time.Time {
	if c.ScheduledAt.IsZero() {
		return time.Time{}
	}
	return c.ScheduledAt.Add(-before)
}

// opensTo says whether a participant may come in now. Whoever was in, and whoever finds the practitioner there, is not turned away.
func (c Consultation) opensTo(i int, before time.Duration, now time.Time) bool {
	p := c.Participants[i]
	return p.Admitted || !p.WaitingSince.IsZero() || c.Participants[0].Place == PlaceCall || !now.Before(c.opensAt(before))
}

// LateAt is when the patient is late, and whether somebody is still looked out for: a patient who has not come, or came and
// left again without having been seen, and was not marked as absent. A consultation at once has nobody to be late.
func (c Consultation) LateAt() (at time.Time, expected bool) {
	if c.ScheduledAt.IsZero() || c.State != StateCreated || !c.CalledAt.IsZero() {
		return time.Time{}, false
	}
	expected = slices.ContainsFunc(c.Participants, func(p Participant) bool { return p.Role == RolePatient && p.AbsentAt.IsZero() })
	return c.ScheduledAt.Add(lateAfter), expected
}

// test keeps what a device test found; a bad word is refused.
func (p *Participant) test(devices Devices, now time.Time) error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	if err := devices.Validate(); err != nil {
		return err
	}
	p.Devices, p.TestedAt = devices, now
	return nil
}

// expect notes that somebody did not come, or takes that back.
func (p *Participant) expect(expected bool, now time.Time) error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	switch {
	case expected:
		p.AbsentAt = time.Time{}
	case p.Place == PlaceWaiting || p.Place == PlaceCall:
		return errIsHere
	default:
		p.AbsentAt = firstOf(p.AbsentAt, now)
	}
	return nil
}

// message replaces what was said before.
func (p *Participant) message(text string, now time.Time) error {
	if p.Role == RolePractitioner {
		return errPractitioner
	}
	if p.Place == PlaceCall {
		return errInCall
	}
	p.Message, p.MessageAt = text, now
	return nil
}

// pass gives the consultation to a colleague, whose seat is a new one: what was written in the old one stays the author's. Who
// was in the call waits for the colleague, in their place in the order.
func (c *Consultation) pass(s step, now time.Time) error {
	if s.to.ID == c.Practitioner {
		return errPassToOneself
	}
	if len(c.Passes) >= maxPasses {
		return errPassedTooOften
	}
	c.handOver(s, now)
	return nil
}

// passBack is for the one who passed it on, as long as the colleague has let nobody in.
func (c *Consultation) passBack(s step, now time.Time) error {
	last := len(c.Passes) - 1
	if last < 0 || c.Passes[last].From != s.by || c.Practitioner == s.by {
		return ErrNotFound
	}
	if c.somebodyInCall() || len(c.Passes) >= maxPasses {
		return errPassTaken
	}
	c.handOver(s, now)
	return nil
}

func (c *Consultation) handOver(s step, now time.Time) {
	c.Passes = append(slices.Clone(c.Passes), Pass{c.Practitioner, s.to.ID, c.Participants[0].ID, c.Participants[0].Name, now})
	c.Practitioner = s.to.ID
	c.Participants[0] = Participant{ID: s.seat, Role: RolePractitioner, Place: PlaceInvited, Admitted: true}
	c.rename(s.to.Name)
	c.closeSpan(now)
	for i := range c.Participants[1:] {
		p := &c.Participants[i+1]
		if p.Place == PlaceCall {
			p.Place = PlaceWaiting
			p.keepOrder(now)
		}
		p.Admitted = false
	}
}

func (c *Consultation) rename(name string) {
	c.PractitionerName, c.Participants[0].Name = name, name
}
