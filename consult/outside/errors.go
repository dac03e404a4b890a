package outside

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/colloque/colloque/consult"
)

// ErrNotFound is the answer for a calendar that does not exist and for one that is somebody else's.
var ErrNotFound error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such calendar."}

var (
	errBadAddress     error = &consult.Error{Code: consult.CodeBadMessage, Message: "The address is not like https://example.org/calendar.ics."}
	errBadName        error = &consult.Error{Code: consult.CodeBadMessage, Message: "The calendar needs a name of at most 100 characters."}
	errBadCredentials error = &consult.Error{Code: consult.CodeBadMessage, Message: "User and password have at most 200 characters each, and none that cannot be printed."}
	errKnown          error = &consult.Error{Code: consult.CodeConflict, Message: "This calendar is read already."}
	errTooMany        error = &consult.Error{Code: consult.CodeConflict, Message: "Ten calendars are read already: remove one first."}
)

// Bounds of what people enter.
const (
	maxAddress     = 2000
	maxName        = 100
	maxCredentials = 200
)

// normalAddress checks an address, and makes https of webcal and of nothing.
func normalAddress(address string) (string, error) {
	address = strings.TrimSpace(address)
	for _, scheme := range []string{"webcal://", "webcals://"} {
		if rest, ok := strings.CutPrefix(address, scheme); ok {
			address = "https://" + rest
		}
	}
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || len(address) > maxAddress || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return "", errBadAddress
	}
	u.Fragment = ""
	return u.String(), nil
}

func normalName(name string) (string, error) {
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	if name == "" || utf8.RuneCountInString(name) > maxName || !printable(name) {
		return "", errBadName
	}
	return name, nil
}

func validCredentials(user, password string) bool {
	return len(user) <= maxCredentials && len(password) <= maxCredentials && printable(user) && printable(password) && !strings.Contains(user, ":") // RFC 7617 §2
}

func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// fail logs what went wrong inside, and answers with what callers may know.
func (s *Calendars) fail(id CalendarID, err error) error {
	var own *consult.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	s.log.Error("calendars outside", "calendar", id, "error", err)
	return consult.ErrInternal
}
