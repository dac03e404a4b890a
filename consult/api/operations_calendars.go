package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult/account"
)

// calendars is the area of how an account's appointments go into calendar programs; what these programs ask is consult/caldav's.
func (a *api) calendars() []operation {
	return []operation{
		op(http.MethodGet, "/me/calendars", "calendars", "How appointments go into calendar programs", http.StatusOK, inPerson, a.myCalendars),
		op(http.MethodPatch, "/me/calendars", "set-calendars", "What appointments are called in calendar programs", http.StatusNoContent, inPerson, a.setCalendars),
		op(http.MethodPost, "/me/calendars/passwords", "new-app-password", "Make an app password", http.StatusCreated, inPerson, a.newAppPassword).freshly(),
		op(http.MethodDelete, "/me/calendars/passwords/{id}", "revoke-app-password", "Make an app password worthless", http.StatusNoContent, inPerson, a.revokeAppPassword),
		op(http.MethodPost, "/me/calendars/feed", "new-feed", "Make the link of a calendar feed, in place of the one before", http.StatusCreated, inPerson, a.newFeed).freshly(),
		op(http.MethodDelete, "/me/calendars/feed", "end-feed", "Make the link of the calendar feed worthless", http.StatusNoContent, inPerson, a.endFeed),
	}
}

type (
	calendarsBody struct {
		Address   string            `json:"address" doc:"Of the calendar server (CalDAV)."`
		User      string            `json:"user" doc:"To sign in with, of a password that is made now."`
		Titles    account.Titles    `json:"titles" enum:"name,initials,neutral"`
		Passwords []appPasswordBody `json:"passwords"`
		FeedSince *time.Time        `json:"feed_since,omitempty" doc:"When the link of the feed was made; absent when there is none."`
	}
	appPasswordBody struct {
		ID        string     `json:"id"`
		Name      string     `json:"name"`
		User      string     `json:"user"`
		CreatedAt time.Time  `json:"created_at"`
		UsedAt    *time.Time `json:"used_at,omitempty" doc:"By the hour."`
	}
	titlesBody struct {
		Titles account.Titles `json:"titles" enum:"name,initials,neutral" doc:"What appointments are called in calendar programs: the patient's name and the service, initials, or nothing that says who."`
	}
	newAppPasswordBody struct {
		Name string `json:"name" maxLength:"400" doc:"To know it again."`
	}
	madeAppPasswordBody struct {
		Made     appPasswordBody `json:"made"`
		Password string          `json:"password" doc:"It cannot be shown again."`
	}
	feedBody struct {
		Link string `json:"link" doc:"To subscribe to. It cannot be shown again."`
	}
)

func (a *api) myCalendars(ctx context.Context, _ *struct{}) (*bodyOf[calendarsBody], error) {
	c, err := a.Accounts.Calendars(a.actor(ctx).Account.ID)
	if err != nil {
		return nil, err
	}
	out := calendarsBody{a.BaseURL() + "/caldav/", c.User, c.Titles, []appPasswordBody{}, timeOrNil(c.FeedSince)}
	for _, p := range c.Passwords {
		out.Passwords = append(out.Passwords, appPasswordOf(p))
	}
	return &bodyOf[calendarsBody]{out}, nil
}

func appPasswordOf(p account.AppPassword) appPasswordBody {
	return appPasswordBody{p.ID, p.Name, p.User, p.CreatedAt, timeOrNil(p.UsedAt)}
}

func (a *api) setCalendars(ctx context.Context, in *bodyOf[titlesBody]) (*struct{}, error) {
	return nil, a.Accounts.SetTitles(a.actor(ctx).Account.ID, in.Body.Titles)
}

func (a *api) newAppPassword(ctx context.Context, in *bodyOf[newAppPasswordBody]) (*bodyOf[madeAppPasswordBody], error) {
	password, made, err := a.Accounts.NewAppPassword(a.actor(ctx).Account.ID, in.Body.Name)
	return bodyOrError(madeAppPasswordBody{appPasswordOf(made), password}, err)
}

func (a *api) revokeAppPassword(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Accounts.RevokeAppPassword(a.actor(ctx).Account.ID, in.ID)
}

func (a *api) newFeed(ctx context.Context, _ *noInput) (*bodyOf[feedBody], error) {
	secret, err := a.Accounts.NewFeed(a.actor(ctx).Account.ID)
	return bodyOrError(feedBody{a.BaseURL() + "/calendar/" + secret + ".ics"}, err)
}

func (a *api) endFeed(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, a.Accounts.EndFeed(a.actor(ctx).Account.ID)
}
