package caldav

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/clientip"
)

// feedEvery is how often programs are to look at a feed.
const feedEvery = time.Hour

// feedBack is how far back a feed reaches: it is read whole each time.
const feedBack = 60 * 24 * time.Hour

// Feed answers at FeedRoot + secret + ".ics" with the account's appointments, to read only.
func (s *Server) Feed(w http.ResponseWriter, r *http.Request) {
	defer s.recoverPanic(w)
	if err := s.feed(w, r); err != nil {
		f := failureOf(err)
		if f.status == http.StatusUnauthorized {
			f = notFound() // nobody signs in here
		}
		s.fail(w, r, f)
	}
}

func (s *Server) feed(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return notHere("of this request")
	}
	secret, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, FeedRoot), suffix)
	if !ok {
		return notFound()
	}
	actor, titles, err := s.deps.Accounts.ActorByFeed(r.Context(), clientip.Of(r), secret)
	if err != nil {
		return err
	}
	if !actor.Has(account.ScopeAppointmentsRead) {
		return notFound()
	}
	owners := []consult.AccountID{actor.Account.ID}
	if !actor.Account.Has(account.RolePractitioner) { // a secretary's is of those she works for
		if owners, err = s.deps.Accounts.ActsFor(actor.Account); err != nil {
			return err
		}
	}
	tag, err := s.feedTag(owners, titles)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if matches(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	data, err := s.writeFeed(r.Context(), owners, titles)
	if err != nil {
		return fmt.Errorf("caldav: write a feed: %w", err)
	}
	h.Set("Content-Type", calendarType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(data) // who is gone does not read it
	}
	return nil
}

// feedTag says in a few reads whether a feed is still the same: it is another each day, because it reaches back so many.
func (s *Server) feedTag(owners []consult.AccountID, titles account.Titles) (string, error) {
	parts := []string{form, string(titles), s.deps.Profile.Language, s.deps.Profile.Name, s.deps.BaseURL(), s.deps.Clock().UTC().Format(time.DateOnly)}
	for _, of := range owners {
		last, err := s.deps.Book.LastChange(of)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(of), strconv.FormatUint(last, 10))
	}
	return etagOf(parts...), nil
}

func (s *Server) writeFeed(ctx context.Context, owners []consult.AccountID, titles account.Titles) ([]byte, error) {
	from := s.deps.Clock().UTC().Truncate(24 * time.Hour).Add(-feedBack)
	var entries []calendar.Entry
	for _, of := range owners {
		all, err := s.appointments(ctx, of, from, endOfTime())
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			told := s.told(a, titles)
			if len(owners) > 1 && a.PractitionerName != "" {
				told.Summary += " – " + a.PractitionerName
			}
			entries = append(entries, calendar.Entry{Appointment: a, Event: told})
		}
	}
	return calendar.EncodeFeed(strings.Trim(s.words.appointments+" – "+s.deps.Profile.Name, " –"), s.deps.Profile.TimeZone, feedEvery, entries)
}
