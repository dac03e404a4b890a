package caldav

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/colloque/colloque/consult/booking"
)

// tokenStart makes of a mark an URI, as RFC 6578 §3.2 wants it.
const tokenStart = "urn:x-colloque:sync:"

// mark is what a sync token says: a program knows everything up to a change. Where an answer was cut off (RFC 6578 §3.6) it knows what is
// named up to after of it: of all that there is, or of what changed since another change.
type mark struct {
	last  uint64
	after string // "": not cut off
	since string // the number of that change; "": of all
}

// token is the sync token, and the ctag, of a mark: with the number goes how things are shown.
func (rq *request) token(m mark) string {
	text := fmt.Sprintf("%s%d:%s", tokenStart, m.last, rq.shown())
	if m.after != "" {
		text += ":" + m.since + ":" + base64.RawURLEncoding.EncodeToString([]byte(m.after))
	}
	return text
}

// shown is another text when this account is shown the same things otherwise.
func (rq *request) shown() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{form, string(rq.titles), rq.deps.Profile.Language, rq.deps.BaseURL()}, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// readToken is the inverse; false when everything must be read again.
func (rq *request) readToken(text string) (mark, bool) {
	rest, ok := strings.CutPrefix(text, tokenStart)
	parts := strings.Split(rest, ":")
	if !ok || len(parts) != 2 && len(parts) != 4 || parts[1] != rq.shown() {
		return mark{}, false
	}
	last, err := strconv.ParseUint(parts[0], 10, 64)
	m := mark{last: last}
	if len(parts) == 4 {
		after, badName := base64.RawURLEncoding.DecodeString(parts[3])
		m.since, m.after = parts[2], string(after)
		err = errors.Join(err, badName)
	}
	return m, err == nil
}

// news is an object of which a program is told: one that is there, or a name of which is to be seen what became of it.
type news struct {
	at     place
	object *object
}

// sync tells what changed since a token was given (RFC 6578 §3).
func (rq *request) sync(body *node) error {
	want, err := reported(body)
	if err != nil {
		return err
	}
	if level := body.one(dav("sync-level")).value(); level != "" && level != "1" {
		return refuse(http.StatusForbidden, dav("sync-traversal-supported"), "A calendar holds no calendars: ask with the level 1.")
	}
	most, err := limitOf(body)
	if err != nil {
		return err
	}
	var from mark
	given := body.one(dav("sync-token")).value()
	if given != "" {
		var ok bool
		if from, ok = rq.readToken(given); !ok {
			return errOldToken()
		}
	}
	all, next, err := rq.news(from, given == "")
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b news) int { return cmp.Compare(a.at.name, b.at.name) })
	all = slices.DeleteFunc(all, func(n news) bool { return n.at.name <= from.after })
	cut := most > 0 && len(all) > most
	if cut {
		all = all[:most]
		next.after = all[most-1].at.name
	} else {
		next.since = ""
	}
	out, err := gather(all, func(n news) (response, error) { return rq.tell(n, want) })
	if err != nil {
		return err
	}
	if cut {
		out = append(out, response{path: rq.at.path(), status: http.StatusInsufficientStorage, condition: el(dav("number-of-matches-within-limits"))})
	}
	token := text(dav("sync-token"), rq.token(next))
	return out.write(rq.w, &token)
}

// limitOf is how many objects a program wants to be told of at once; 0: as many as there are.
func limitOf(body *node) (int, error) {
	limit := body.one(dav("limit"))
	if limit == nil {
		return 0, nil
	}
	most, err := strconv.Atoi(limit.one(dav("nresults")).value())
	if err != nil || most < 1 {
		return 0, refuse(http.StatusForbidden, dav("number-of-matches-within-limits"), "There is more than was asked for.")
	}
	return most, nil
}

func errOldToken() *failure {
	return refuse(http.StatusForbidden, dav("valid-sync-token"), "This token is too old: read everything again.")
}

// news are all objects, or what changed, and the mark of who has been told of them. What changes while an answer is fetched in parts is
// told at the next time.
func (rq *request) news(from mark, first bool) ([]news, mark, error) {
	if first || from.after != "" && from.since == "" {
		last, err := rq.deps.Book.LastChange(rq.at.practitioner) // before: what changes meanwhile is told twice
		if err != nil {
			return nil, mark{}, err
		}
		if from.after != "" {
			last = from.last
		}
		subjects, err := rq.objectSubjects()
		all := make([]news, 0, len(subjects))
		for _, s := range subjects {
			all = append(all, news{s.place, s.object})
		}
		return all, mark{last: last}, err
	}
	since, goal := from.last, from.last
	if from.after != "" {
		var err error
		if since, err = strconv.ParseUint(from.since, 10, 64); err != nil {
			return nil, mark{}, errOldToken()
		}
	}
	changes, last, err := rq.deps.Book.Changes(rq.at.practitioner, since)
	if errors.Is(err, booking.ErrTooOld) {
		return nil, mark{}, errOldToken()
	}
	if err != nil {
		return nil, mark{}, err
	}
	if from.after == "" {
		goal = last
	}
	var all []news
	for _, c := range changes {
		at := place{kindObject, rq.at.account, rq.at.practitioner, string(c.Appointment) + suffix}
		if c.Event != "" {
			e, err := rq.deps.Book.Event(rq.at.practitioner, c.Event)
			if errors.Is(err, booking.ErrNotFound) { // deleted so long ago that its name is forgotten
				return nil, mark{}, errOldToken()
			}
			if err != nil {
				return nil, mark{}, err
			}
			at.name = e.Name
		}
		all = append(all, news{at: at})
	}
	return all, mark{last: goal, since: strconv.FormatUint(since, 10)}, nil
}

func (rq *request) tell(n news, want wanted) (response, error) {
	if n.object != nil {
		return rq.describe(subject{place: n.at, object: n.object}, want)
	}
	return rq.describeHref(n.at.path(), want)
}
