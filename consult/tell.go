package consult

import (
	"errors"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// What consultations write into the outbox, each notice in the transaction that causes it.

// The hours around now in which somebody's consultation is to begin when they are told that things run late.
const (
	delayReachesAhead = 2 * time.Hour
	delayReachesBack  = 4 * time.Hour
)

// Here says whether a participant's page is open now, which consult does not know: somebody who closed the page while waiting
// keeps their place. Nil: whoever waits has the page open.
type Here func(ConsultationID, ParticipantID) bool

func (h Here) is(c Consultation, p Participant) bool {
	return p.Place == PlaceWaiting && (h == nil || h(c.ID, p.ID))
}

// noticeTo is a notice to somebody in a consultation.
func noticeTo(c Consultation, p Participant, kind NoticeKind, fields map[string]string) Notice {
	fields[FieldPractitioner] = c.PractitionerName
	return Notice{
		Kind: kind, Owner: c.Practitioner, Consultation: c.ID, Participant: p.ID,
		To: p.Contact, Name: p.Name, Language: p.Language, TimeZone: p.TimeZone, Fields: fields,
	}
}

// tellInvitation invites a participant. One at once passes quiet hours: somebody is on the phone with them.
func (p *Practice) tellInvitation(tx kv.Txn, r *record, at int, secret string) error {
	c := r.Consultation
	newcomer := &c.Participants[at]
	fields := map[string]string{}
	if !c.ScheduledAt.IsZero() {
		fields[FieldAt] = c.ScheduledAt.Format(time.RFC3339)
	}
	n := noticeTo(c, *newcomer, NoticeInvitation, fields)
	n.Secret, n.Urgent = secret, c.ScheduledAt.IsZero()
	n.Key = invitationKey(c.ID, newcomer.ID)
	err := p.outbox.Put(tx, n)
	if errors.Is(err, ErrUnreachable) {
		newcomer.Contact.Reach = ReachHanded
		return nil
	}
	return err
}

func invitationKey(c ConsultationID, p ParticipantID) string {
	return "invitation/" + string(c) + "/" + string(p)
}

// tellMessage sends a message to somebody who is not here, with a fresh link: who does not come may have lost theirs.
func (p *Practice) tellMessage(tx kv.Txn, r *record, to Participant, secret string, now time.Time) error {
	n := noticeTo(r.Consultation, to, NoticeMessage, map[string]string{FieldText: to.Message})
	n.Secret, n.Urgent = secret, true
	n.Key = "message/" + string(r.Consultation.ID) + "/" + string(to.ID) + "/" + instant(now)
	if err := p.outbox.Put(tx, n); err != nil {
		return err
	}
	return p.issue(tx, r, to.ID, secret, now)
}

// awaits says whether somebody who is not here should be told that things run late: they came and left, or their time is near.
func (c Consultation) awaits(p Participant, here bool, now time.Time) bool {
	if here || p.Role == RolePractitioner || !p.AbsentAt.IsZero() || c.State == StateEnded || !c.EndedAt.IsZero() {
		return false
	}
	near := !c.When().After(now.Add(delayReachesAhead)) && !c.When().Before(now.Add(-delayReachesBack))
	switch p.Place {
	case PlaceInvited:
		return near && c.CalledAt.IsZero()
	case PlaceWaiting:
		return near
	case PlaceLeft:
		return near && !p.Admitted && !p.WaitingSince.IsZero() // neither seen already nor turned away
	default:
		return false
	}
}

// delayNotices is what those are told who are not here. Nobody is told twice of the same delay.
func (p *Practice) delayNotices(of AccountID, d Delay, here Here) ([]Notice, error) {
	consultations, err := p.AtDesk(of)
	if err != nil {
		return nil, err
	}
	var notices []Notice
	for _, c := range consultations {
		for _, to := range c.Participants {
			if !c.awaits(to, here.is(c, to), d.SaidAt) {
				continue
			}
			n := noticeTo(c, to, NoticeDelay, map[string]string{FieldMinutes: strconv.Itoa(d.Minutes)})
			n.Urgent = true
			n.Key = "delay/" + string(c.ID) + "/" + string(to.ID) + "/" + instant(d.SaidAt)
			notices = append(notices, n)
		}
	}
	return notices, nil
}

// putAll writes notices to those who can be reached, and leaves the others out.
func (p *Practice) putAll(tx kv.Txn, notices []Notice) error {
	for _, n := range notices {
		if err := p.outbox.Put(tx, n); err != nil && !errors.Is(err, ErrUnreachable) {
			return err
		}
	}
	return nil
}
