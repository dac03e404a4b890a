package api

import (
	"context"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// What happens around the waiting room and is not said over the websocket (docs/protocol.md §3).
type (
	deviceTestBody struct {
		Ticket  string      `json:"ticket" maxLength:"100" doc:"From the participant's link."`
		Devices devicesBody `json:"devices"`
	}
	passBody struct {
		To consult.AccountID `json:"to" maxLength:"64" doc:"A practitioner of the practice."`
	}
	passInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body passBody
	}
	colleagueBody struct {
		ID    consult.AccountID `json:"id"`
		Name  string            `json:"name"`
		State string            `json:"state" enum:"available,in-consultation,away"`
	}
	colleaguesBody struct {
		Colleagues []colleagueBody `json:"colleagues" doc:"By name, without the one who asks."`
	}
)

func (a *api) waiting() []operation {
	const at = "/consultations/{id}"
	const write = account.ScopeConsultationsWrite
	return []operation{
		op(http.MethodPost, "/device-test", "device-test", "Say what a device test found", http.StatusNoContent, public, a.deviceTest),
		op(http.MethodGet, "/colleagues", "colleagues", "To whom a consultation can be passed on", http.StatusOK, write, a.colleagues),
		op(http.MethodPost, at+"/pass", "pass", "Pass a consultation on to a colleague", http.StatusNoContent, write, a.pass),
		op(http.MethodPost, at+"/pass-back", "pass-back", "Take back what was passed on, while the colleague has let nobody in", http.StatusNoContent, write, a.passBack),
	}
}

func (a *api) deviceTest(ctx context.Context, in *bodyOf[deviceTestBody]) (*struct{}, error) {
	seat, err := a.Practice.Redeem(ctx, in.Body.Ticket, callerOf(ctx).from)
	if err != nil {
		return nil, err
	}
	return nil, a.Practice.TestDevices(seat, consult.Devices(in.Body.Devices))
}

func (a *api) colleagues(ctx context.Context, _ *struct{}) (*bodyOf[colleaguesBody], error) {
	all, err := a.Accounts.Practitioners()
	if err != nil {
		return nil, err
	}
	out := colleaguesBody{[]colleagueBody{}}
	for _, one := range all {
		if one.ID == a.actor(ctx).Account.ID {
			continue
		}
		state := "away"
		if a.Availability != nil {
			state = a.Availability(one.ID)
		}
		out.Colleagues = append(out.Colleagues, colleagueBody{one.ID, one.Name, state})
	}
	return &bodyOf[colleaguesBody]{out}, nil
}

func (a *api) pass(ctx context.Context, in *passInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	to, err := a.Accounts.Account(in.Body.To)
	if err == nil && (!to.Has(account.RolePractitioner) || to.Disabled) {
		err = errNoColleague
	}
	if err != nil {
		return nil, err
	}
	_, err = a.Practice.Pass(c.Practitioner, c.ID, to.Practitioner())
	return nil, err
}

// passBack is for who passed it on, or somebody who may act for them: the consultation is the colleague's meanwhile.
func (a *api) passBack(ctx context.Context, in *consultationInput) (*struct{}, error) {
	c, err := a.Practice.Consultation(in.ID)
	if err == nil && len(c.Passes) == 0 {
		err = consult.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	from := c.Passes[len(c.Passes)-1].From
	if err := a.mayActFor(ctx, from); err != nil {
		return nil, err
	}
	who, err := a.Accounts.Account(from)
	if err != nil {
		return nil, err
	}
	_, err = a.Practice.PassBack(who.Practitioner(), c.ID)
	return nil, err
}

var errNoColleague error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such practitioner."}
