package consult

import (
	"slices"
	"time"
)

// Medium is by what a consultation is held.
type Medium string

// The media.
const (
	MediumVideo Medium = "video"
	MediumPhone Medium = "phone"
)

// Span is a time during which practitioner and patient talked.
type Span struct {
	Medium Medium
	With   ParticipantID // on the phone: whom the practitioner calls
	Number string        // on the phone: E.164
	From   time.Time
	To     time.Time // zero: it goes on
}

const (
	maxSpans = 200              // of a consultation whose connection flaps for hours; then the last one grows
	joins    = 30 * time.Second // a video that was interrupted for less goes on as the same span
)

// OnPhone returns the span of the call by telephone that is under way.
func (c Consultation) OnPhone() (Span, bool) {
	if n := len(c.Spans); n > 0 && c.Spans[n-1].Medium == MediumPhone && c.Spans[n-1].To.IsZero() {
		return c.Spans[n-1], true
	}
	return Span{}, false
}

// Talked is for how long practitioner and patient talked by this medium, until now.
func (c Consultation) Talked(by Medium, now time.Time) time.Duration {
	var sum time.Duration
	for _, s := range c.Spans {
		if s.Medium != by {
			continue
		}
		if s.To.IsZero() {
			s.To = now
		}
		sum += s.To.Sub(s.From)
	}
	return sum
}

// toPhone converts the consultation to a call by telephone. Whatever becomes of the video meanwhile, the phone counts.
func (c *Consultation) toPhone(s step, now time.Time) error {
	i := c.index(s.participant)
	if i < 0 {
		return ErrNotFound
	}
	p := c.Participants[i]
	if p.Role != RolePatient {
		return errNoPatient
	}
	number := s.text
	if number == "" {
		number = p.CallBack()
	}
	if number == "" {
		return errNoNumber
	}
	if on, is := c.OnPhone(); is && on.With == p.ID && on.Number == number {
		return nil
	}
	if len(c.Spans) >= maxSpans {
		return errTooManySpans
	}
	c.closeSpan(now)
	c.Spans = append(slices.Clone(c.Spans), Span{Medium: MediumPhone, With: p.ID, Number: number, From: now})
	c.CalledAt = firstOf(c.CalledAt, now)
	return nil
}

// toVideo ends the call by telephone. The video counts again as soon as both are there.
func (c *Consultation) toVideo(now time.Time) {
	if _, is := c.OnPhone(); is {
		c.closeSpan(now)
	}
}

func (c *Consultation) closeSpan(now time.Time) {
	if n := len(c.Spans); n > 0 && c.Spans[n-1].To.IsZero() {
		c.Spans = slices.Clone(c.Spans)
		c.Spans[n-1].To = now
	}
}

// span brings the spans into line with the state.
func (c *Consultation) span(now time.Time) {
	if _, is := c.OnPhone(); is && c.State != StateEnded {
		return
	}
	n := len(c.Spans)
	open := n > 0 && c.Spans[n-1].To.IsZero()
	switch {
	case c.State != StateLive:
		c.closeSpan(now)
	case open:
	case n > 0 && c.Spans[n-1].Medium == MediumVideo && (n >= maxSpans || now.Sub(c.Spans[n-1].To) < joins):
		c.Spans = slices.Clone(c.Spans)
		c.Spans[n-1].To = time.Time{}
	default:
		c.Spans = append(slices.Clone(c.Spans), Span{Medium: MediumVideo, From: now})
	}
}

// ToPhone converts the consultation to a call by telephone with this patient, on this number or, with "", on the one that is known. It is
// told to the patient, and its time is kept.
func (p *Practice) ToPhone(by AccountID, id ConsultationID, patient ParticipantID, number string) (Consultation, error) {
	number, err := CleanPhone(number, p.cfg.Profile.Country)
	if err != nil {
		return Consultation{}, err
	}
	return p.change(id, step{action: ActionPhone, by: by, participant: patient, text: number}, nil)
}

// ToVideo takes ToPhone back.
func (p *Practice) ToVideo(by AccountID, id ConsultationID) (Consultation, error) {
	return p.change(id, step{action: ActionVideo, by: by}, nil)
}

var (
	errNoNumber     error = &Error{CodeConflict, "No telephone number of this patient is known."}
	errTooManySpans error = &Error{CodeConflict, "This consultation went between video and telephone too often."}
)
