package signal

import (
	"time"

	"github.com/colloque/colloque/consult"
)

// What the practitioner alone is told of a consultation, and what everybody is told of a call by telephone. Private notes never come here:
// they are read over HTTP by who wrote them.

type visitEvent struct {
	reply
	Patients []identityView `json:"patients"`
	Phone    *phoneView     `json:"phone,omitempty"`
	Spans    []spanView     `json:"spans"`
	Requests []requestView  `json:"requests"`
}

// requestView is a request for an interpreter. Its state is as of now: what is asked lapses at the deadline.
type requestView struct {
	ID       consult.RequestID    `json:"id"`
	Name     string               `json:"name"`
	From     string               `json:"from"`
	Into     string               `json:"into"`
	Deadline time.Time            `json:"deadline"`
	State    consult.RequestState `json:"state"`
}

type identityView struct {
	Participant consult.ParticipantID `json:"participant"`
	Name        string                `json:"name"`
	BirthDate   string                `json:"birth_date,omitempty"`
	Place       string                `json:"place,omitempty"`
	Country     string                `json:"country,omitempty"`
	CallBack    string                `json:"call_back,omitempty"`
	SaidAt      *time.Time            `json:"said_at,omitempty"`
	SaidBySelf  bool                  `json:"said_by_self,omitempty"`
	Emergency   string                `json:"emergency,omitempty"`
	Verified    consult.Proof         `json:"verified,omitempty"`
	VerifiedBy  string                `json:"verified_by,omitempty"`
	VerifiedAt  *time.Time            `json:"verified_at,omitempty"`
}

type phoneView struct {
	Participant consult.ParticipantID `json:"participant"`
	Number      string                `json:"number"`
	Since       time.Time             `json:"since"`
}

type spanView struct {
	Medium consult.Medium `json:"medium"`
	From   time.Time      `json:"from"`
	To     *time.Time     `json:"to,omitempty"`
}

// phoneEvent tells of a call by telephone. Only whom it is with is told the number.
type phoneEvent struct {
	reply
	On     bool       `json:"on"`
	Since  *time.Time `json:"since,omitempty"`
	Number string     `json:"number,omitempty"`
}

// whereView is what a patient said of where they are: told to nobody but them, and to the practitioner in visitEvent.
type whereView struct {
	Place    string `json:"place"`
	CallBack string `json:"call_back"`
}

// whereRequest is the patient's word.
type whereRequest struct {
	header
	whereView
}

func (k *call) visitEvent() visitEvent {
	c := k.consultation
	e := visitEvent{reply: reply{Type: "visit"}, Patients: []identityView{}, Spans: []spanView{}, Requests: []requestView{}}
	country := k.hub.practice.Profile().Country
	for _, p := range c.Participants {
		if p.Role != consult.RolePatient {
			continue
		}
		e.Patients = append(e.Patients, identityView{
			Participant: p.ID, Name: p.Name, BirthDate: p.BirthDate, Place: p.Where.Place, Country: p.Where.Country, CallBack: p.CallBack(),
			SaidAt: timeOrNil(p.Where.SaidAt), SaidBySelf: p.Where.SaidBy == p.ID, Emergency: p.EmergencyNumber(country),
			Verified: p.Verified.How, VerifiedBy: p.Verified.ByName, VerifiedAt: timeOrNil(p.Verified.At),
		})
	}
	for _, r := range c.Requests {
		e.Requests = append(e.Requests, requestView{r.ID, r.Name, r.From, r.Into, r.Deadline.UTC(), k.hub.practice.RequestState(c, r)})
	}
	if on, is := c.OnPhone(); is {
		e.Phone = &phoneView{on.With, on.Number, on.From.UTC()}
	}
	for _, s := range c.Spans {
		e.Spans = append(e.Spans, spanView{s.Medium, s.From.UTC(), timeOrNil(s.To)})
	}
	return e
}

// tellVisit tells the practitioner all, and the others whether it goes on by telephone: who is in the call, and whom it is with wherever
// they wait.
func (k *call) tellVisit() {
	on, is := k.consultation.OnPhone()
	for _, s := range k.sessions {
		if s.role == consult.RolePractitioner {
			s.tell(k.visitEvent())
			continue
		}
		called := is && on.With == s.participant
		told := called || is && s.inRoom
		if !told && !s.hasPhone {
			continue // nothing to say, and nothing was said
		}
		e := phoneEvent{reply: reply{Type: "phone"}}
		if told {
			e.On, e.Since = true, timeOrNil(on.From)
		}
		if called {
			e.Number = on.Number
		}
		s.hasPhone = e.On
		s.tell(e)
	}
}

// handleWhere keeps what the patient says of where they are.
func (k *call) handleWhere(s *session, c *conn, r *whereRequest) error {
	now, err := k.hub.practice.Consultation(k.id)
	if err != nil {
		return err
	}
	who, _ := now.Participant(s.participant)
	if _, err := k.hub.practice.SayWhere(consult.Seat{Consultation: now, Participant: who}, r.Place, r.CallBack); err != nil {
		return err
	}
	c.sendDone(r)
	return nil
}
