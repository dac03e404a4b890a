package api

import (
	"context"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

// What is known of somebody who has no record: who was booked, asked or waits with a phone number or a mail address only.
type (
	forgetContactBody struct {
		Phone  string `json:"phone,omitempty" maxLength:"64" example:"+33639980010"`
		Mail   string `json:"mail,omitempty" maxLength:"256" doc:"What has either of the two is reached."`
		DryRun bool   `json:"dry_run,omitempty" doc:"Only count."`
	}
	forgottenBody struct {
		Appointments int `json:"appointments" doc:"That are over or were cancelled: time, service and outcome stay. In a dry run these are what would be reached."`
		Requests     int `json:"requests" doc:"That nobody has answered, call-backs among them: they are closed."`
		Waiting      int `json:"waiting" doc:"Places on the wait list."`
		Notices      int `json:"notices" doc:"Messages that did not arrive and that somebody was still to deal with."`
		Ahead        int `json:"ahead" doc:"Appointments to come: cancel them first."`
		Recorded     int `json:"recorded" doc:"Appointments and requests with this contact whose patient has a record: they stay until that is erased."`
	}
)

func (a *api) forgetContact(ctx context.Context, in *bodyOf[forgetContactBody]) (*bodyOf[forgottenBody], error) {
	actor := a.actor(ctx)
	if !actor.Has(account.ScopeAppointmentsWrite) {
		return nil, errScope
	}
	owners, err := a.Accounts.ActsFor(actor.Account)
	if err != nil {
		return nil, err
	}
	found, err := a.Book.OfContact(ctx, consult.Contact{Phone: in.Body.Phone, Mail: in.Body.Mail}, owners, func(of consult.AccountID, service booking.ServiceID) (bool, error) {
		return a.concerns(owners, of, service)
	})
	if err != nil {
		return nil, err
	}
	notices, err := a.noticesTo(found.Contact, "", owners...)
	if err != nil {
		return nil, err
	}
	out := forgottenBody{len(found.Over), len(found.Requests), len(found.Waiting), len(notices), found.Ahead, found.Recorded}
	if in.Body.DryRun {
		return &bodyOf[forgottenBody]{out}, nil
	}
	if err := a.Book.ForgetContact(ctx, found, a.practiceActor(ctx)); err != nil {
		return nil, err
	}
	if err := a.settleAll(notices); err != nil {
		return nil, err
	}
	a.Logger.Info("contact forgotten", "by", actor.Account.ID, "appointments", out.Appointments, "requests", out.Requests, "waiting", out.Waiting, "notices", out.Notices)
	return &bodyOf[forgottenBody]{out}, nil
}

// noticesTo are the messages of these accounts that did not arrive and still say whom they were for, to this number or address; of somebody with
// this name, unless that is "".
func (a *api) noticesTo(to consult.Contact, name string, owners ...consult.AccountID) ([]notify.Undelivered, error) {
	all, err := a.Notices.Undelivered(owners...)
	var theirs []notify.Undelivered
	for _, one := range all {
		same := (to.Phone != "" && one.To.Phone == to.Phone) || (to.Mail != "" && one.To.Mail == to.Mail)
		if same && (name == "" || one.Name == name) {
			theirs = append(theirs, one)
		}
	}
	return theirs, err
}

// settleAll has messages that did not arrive forget whom they were for.
func (a *api) settleAll(notices []notify.Undelivered) error {
	for _, one := range notices {
		err := a.Notices.Settle(one.Notice, func(consult.AccountID) (bool, error) { return true, nil })
		if err != nil && consult.CodeOf(err) != consult.CodeNotFound { // swept meanwhile
			return err
		}
	}
	return nil
}
