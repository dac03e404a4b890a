package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/outside"
)

// outsideCalendars is the area of the calendars that practitioners keep elsewhere, whose busy times are not offered.
func (a *api) outsideCalendars() []operation {
	const read, write = account.ScopeAppointmentsRead, account.ScopeServicesWrite
	const all = "/practitioners/{practitioner}/calendars"
	return []operation{
		op(http.MethodGet, all, "outside-calendars", "The calendars elsewhere whose busy times are not offered", http.StatusOK, read, a.outsideOf),
		op(http.MethodPost, all+"/look", "look-outside", "Which calendars there are at an address", http.StatusOK, write, a.lookOutside),
		op(http.MethodPost, all, "add-outside-calendar", "Take up a calendar", http.StatusCreated, write, a.addOutside),
		op(http.MethodDelete, all+"/{id}", "remove-outside-calendar", "Forget a calendar", http.StatusNoContent, write, a.removeOutside),
		op(http.MethodPost, all+"/{id}/read", "read-outside-calendar", "Read a calendar now", http.StatusAccepted, write, a.readOutside),
	}
}

type (
	ofPractitioner struct {
		Practitioner consult.AccountID `path:"practitioner" maxLength:"64"`
	}
	oneOutside struct {
		Practitioner consult.AccountID  `path:"practitioner" maxLength:"64"`
		ID           outside.CalendarID `path:"id" maxLength:"64"`
	}
	lookInput struct {
		Practitioner consult.AccountID `path:"practitioner" maxLength:"64"`
		Body         struct {
			Address  string `json:"address" maxLength:"2000" doc:"Of an .ics file, a CalDAV collection, or a CalDAV server." example:"https://cloud.example.org/remote.php/dav"`
			User     string `json:"user,omitempty" maxLength:"200"`
			Password string `json:"password,omitempty" maxLength:"200"`
		}
	}
	addOutsideInput struct {
		Practitioner consult.AccountID `path:"practitioner" maxLength:"64"`
		Body         struct {
			Name     string `json:"name" maxLength:"400" doc:"At most 100 characters."`
			Address  string `json:"address" maxLength:"2000" doc:"As it was found."`
			User     string `json:"user,omitempty" maxLength:"200"`
			Password string `json:"password,omitempty" maxLength:"200"`
		}
	}
	outsideChoice struct {
		Address string `json:"address"`
		Name    string `json:"name,omitempty"`
	}
	lookBody struct {
		Calendars []outsideChoice `json:"calendars"`
		Trouble   outside.Trouble `json:"trouble,omitempty" doc:"Why there are none: unreachable, refused, not-found, no-calendar, too-large, forbidden-address."`
	}
	outsideBody struct {
		ID           outside.CalendarID `json:"id"`
		Name         string             `json:"name"`
		Server       string             `json:"server" doc:"Its host. The whole address is not shown again: who has it may read the calendar."`
		ReadAt       *time.Time         `json:"read_at,omitempty" doc:"The last time that it could be. Left out: not yet."`
		Trouble      outside.Trouble    `json:"trouble,omitempty" doc:"Why it cannot be read now. What was read before counts."`
		TroubleSince *time.Time         `json:"trouble_since,omitempty"`
		Skipped      int                `json:"skipped" doc:"Events that could not be read; they keep no time free."`
	}
	outsideListBody struct {
		Calendars []outsideBody `json:"calendars"`
	}
)

func outsideBodyOf(c outside.Calendar) outsideBody {
	body := outsideBody{ID: c.ID, Name: c.Name, ReadAt: timeOrNil(c.ReadAt), Trouble: c.Trouble, TroubleSince: timeOrNil(c.TroubleSince), Skipped: c.Skipped}
	if u, err := url.Parse(c.Address); err == nil {
		body.Server = u.Host
	}
	return body
}

func (a *api) outsideOf(ctx context.Context, in *ofPractitioner) (*bodyOf[outsideListBody], error) {
	if err := a.mayActFor(ctx, in.Practitioner); err != nil {
		return nil, err
	}
	out := outsideListBody{Calendars: []outsideBody{}}
	for _, c := range a.Outside.Of(in.Practitioner) {
		out.Calendars = append(out.Calendars, outsideBodyOf(c))
	}
	return &bodyOf[outsideListBody]{out}, nil
}

func (a *api) lookOutside(ctx context.Context, in *lookInput) (*bodyOf[lookBody], error) {
	if err := a.mayActFor(ctx, in.Practitioner); err != nil {
		return nil, err
	}
	choices, trouble, err := a.Outside.Look(ctx, in.Body.Address, in.Body.User, in.Body.Password)
	if err != nil {
		return nil, err
	}
	out := lookBody{Calendars: []outsideChoice{}, Trouble: trouble}
	for _, c := range choices {
		out.Calendars = append(out.Calendars, outsideChoice(c))
	}
	return &bodyOf[lookBody]{out}, nil
}

func (a *api) addOutside(ctx context.Context, in *addOutsideInput) (*bodyOf[outsideBody], error) {
	if err := a.mayActFor(ctx, in.Practitioner); err != nil {
		return nil, err
	}
	c, err := a.Outside.Add(outside.Calendar{
		Practitioner: in.Practitioner, Name: in.Body.Name, Address: in.Body.Address, User: in.Body.User, Password: in.Body.Password,
	})
	if err != nil {
		return nil, err
	}
	return &bodyOf[outsideBody]{outsideBodyOf(c)}, nil
}

func (a *api) removeOutside(ctx context.Context, in *oneOutside) (*struct{}, error) {
	if err := a.mayActFor(ctx, in.Practitioner); err != nil {
		return nil, err
	}
	return nil, a.Outside.Remove(in.Practitioner, in.ID)
}

func (a *api) readOutside(ctx context.Context, in *oneOutside) (*struct{}, error) {
	if err := a.mayActFor(ctx, in.Practitioner); err != nil {
		return nil, err
	}
	return nil, a.Outside.Read(in.Practitioner, in.ID)
}
