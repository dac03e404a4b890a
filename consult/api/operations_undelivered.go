package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/notify"
)

// undelivered is the area of messages that did not arrive: one list for all on whose behalf somebody works, until they are dealt with.
func (a *api) undelivered() []operation {
	const read, write = account.ScopeNoticesRead, account.ScopeNoticesWrite
	return []operation{
		op(http.MethodGet, "/notices/undelivered", "undelivered", "The messages that did not arrive, and with which nobody has dealt yet", http.StatusOK, read, computed(a.Turns, a.listUndelivered)),
		op(http.MethodPost, "/notices/{notice}/settle", "settle-notice", "Say that a message that did not arrive has been dealt with", http.StatusNoContent, write, a.settleNotice),
	}
}

type (
	undeliveredBody struct {
		notify.Delivery
		Practitioner consult.AccountID      `json:"practitioner" doc:"On whose behalf it was sent."`
		Consultation consult.ConsultationID `json:"consultation,omitempty"`
		Name         string                 `json:"name,omitempty" doc:"Of the recipient, as far as it is still known."`
		Phone        string                 `json:"phone,omitempty"`
		Mail         string                 `json:"mail,omitempty"`
		At           *time.Time             `json:"at,omitempty" doc:"The time that it told, or for which the consultation is planned."`
		SendAgain    bool                   `json:"send_again" doc:"send-link brings what it should have brought."`
	}
	undeliveredListBody struct {
		Notices []undeliveredBody `json:"notices" doc:"Oldest first."`
	}
	undeliveredInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Left out: all on whose behalf the one who asks may act."`
	}
	noticeInput struct {
		Notice consult.NoticeID `path:"notice" maxLength:"64"`
		Body   *noBody
	}
)

func (a *api) listUndelivered(ctx context.Context, in *undeliveredInput) (*bodyOf[undeliveredListBody], error) {
	who := a.actor(ctx).Account
	owners := []consult.AccountID{in.Practitioner}
	if in.Practitioner == "" {
		others, err := a.Accounts.ActsFor(who)
		if err != nil {
			return nil, err
		}
		owners = append(others, who.ID)
	} else if in.Practitioner != who.ID {
		if err := a.mayActFor(ctx, in.Practitioner); err != nil {
			return nil, err
		}
	}
	slices.Sort(owners)
	found, err := a.Notices.Undelivered(slices.Compact(owners)...)
	if err != nil {
		return nil, err
	}
	out := undeliveredListBody{Notices: make([]undeliveredBody, 0, len(found))}
	for _, u := range found {
		body, open, err := a.undeliveredOf(u)
		if err != nil {
			return nil, err
		}
		if open {
			out.Notices = append(out.Notices, body)
		}
	}
	return &bodyOf[undeliveredListBody]{out}, nil
}

// undeliveredOf says whom a notice was for. What was about a consultation that is over, or has gone to a colleague, is nobody's concern.
func (a *api) undeliveredOf(u notify.Undelivered) (undeliveredBody, bool, error) {
	body := undeliveredBody{
		Delivery: u.Delivery, Practitioner: u.Owner, Consultation: u.Consultation, Name: u.Name, Phone: u.To.Phone, Mail: u.To.Mail,
	}
	if at, err := time.Parse(time.RFC3339, u.At); err == nil {
		body.At = &at
	}
	if u.Consultation == "" {
		return body, true, nil
	}
	c, err := a.Practice.Consultation(u.Consultation)
	if errors.Is(err, consult.ErrNotFound) {
		return body, false, nil
	}
	if err != nil {
		return body, false, err
	}
	if c.Practitioner != u.Owner || c.State == consult.StateEnded && u.Kind != consult.NoticeDocument {
		return body, false, nil
	}
	if at := timeOrNil(c.ScheduledAt); at != nil {
		body.At = at
	}
	if p, ok := c.Participant(u.Participant); ok {
		body.Name, body.Phone, body.Mail = p.Name, p.Contact.Phone, p.Contact.Mail
		body.SendAgain = c.State != consult.StateEnded && a.Notices.Reaches(p.Contact) && u.BringsLink()
	}
	return body, true, nil
}

func (a *api) settleNotice(ctx context.Context, in *noticeInput) (*struct{}, error) {
	who := a.actor(ctx).Account
	return nil, a.Notices.Settle(in.Notice, func(owner consult.AccountID) (bool, error) {
		if owner == who.ID {
			return true, nil
		}
		return a.Accounts.MayActFor(who, owner)
	})
}
