package outside

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav"
	"github.com/emersion/go-webdav/caldav"

	"github.com/colloque/colloque/consult/calendar"
)

// Bounds of talking to other people's servers.
const (
	fetchWithin  = 30 * time.Second
	maxRedirects = 5
	maxBody      = 16 << 20
)

// troubleError says what a calendar's owner is told.
type troubleError struct {
	trouble Trouble
	cause   error
}

func (e *troubleError) Error() string { return fmt.Sprintf("%s: %v", e.trouble, e.cause) }
func (e *troubleError) Unwrap() error { return e.cause }

var (
	errPrivate  = &troubleError{TroubleForbidden, errors.New("an address of a private network")}
	errPlain    = &troubleError{TroubleForbidden, errors.New("a password without TLS")}
	errTooLarge = &troubleError{TroubleTooLarge, errors.New("too many bytes")}
)

// troubleOf is what an error of fetching means to the calendar's owner.
func troubleOf(err error) Trouble {
	var known *troubleError
	if errors.As(err, &known) {
		return known.trouble
	}
	if errors.Is(err, calendar.ErrBadCalendar) {
		return TroubleNoCalendar
	}
	return TroubleUnreachable
}

// newClient makes a client that goes to public addresses only, unless private ones are allowed.
func newClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: fetchWithin, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		// Here the name is an address already: whatever it resolves to is what is checked.
		to, err := netip.ParseAddrPort(address)
		if err != nil || (!private && !public(to.Addr().Unmap())) {
			return errPrivate
		}
		return nil
	}}
	return &http.Client{
		Timeout:   fetchWithin,
		Transport: bounded{&http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: fetchWithin}},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects || via[0].URL.Scheme == "https" && r.URL.Scheme != "https" || via[0].Method != http.MethodGet {
				return http.ErrUseLastResponse // of other methods a GET would be made: follower does it
			}
			return nil
		},
	}
}

// shared is the address space behind carriers' NAT (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !a.IsLoopback() && !shared.Contains(a)
}

// bounded cuts off answers that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip does so.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, maxBody}
	}
	return answer, err
}

// CloseIdleConnections lets http.Client reach the transport.
func (b bounded) CloseIdleConnections() {
	if t, ok := b.RoundTripper.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// Choice is a calendar that was found at an address.
type Choice struct {
	Address string
	Name    string // as the other program calls it; may be ""
}

// Look says which calendars there are at an address: the .ics file or the CalDAV collection itself, or all collections of that user.
func (s *Calendars) Look(ctx context.Context, address, user, password string) ([]Choice, Trouble, error) {
	address, err := normalAddress(address)
	if err != nil {
		return nil, "", err
	}
	if !validCredentials(user, password) {
		return nil, "", errBadCredentials
	}
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	choices, err := s.look(ctx, Calendar{Address: address, User: user, Password: password})
	if err != nil {
		return nil, troubleOf(err), nil
	}
	return choices, "", nil
}

func (s *Calendars) look(ctx context.Context, c Calendar) ([]Choice, error) {
	found, err := s.collections(ctx, c)
	if len(found) > 0 {
		return found, nil
	}
	if _, plain := s.file(ctx, c); plain != nil {
		if err == nil || !tells(err) {
			err = plain
		}
		return nil, err
	}
	return []Choice{{Address: c.Address}}, nil
}

// file reads an .ics file.
func (s *Calendars) file(ctx context.Context, c Calendar) (*ical.Calendar, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Address, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/calendar")
	do, err := s.doer(c)
	if err != nil {
		return nil, err
	}
	answer, err := do.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, statusError(answer.StatusCode, errors.New(answer.Status))
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	return calendar.Read(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
}

// doer sends requests with user and password, if there are any.
func (s *Calendars) doer(c Calendar) (webdav.HTTPClient, error) {
	if c.User == "" && c.Password == "" {
		return follower{s.client}, nil
	}
	if !s.cfg.PrivateNetworks && !strings.HasPrefix(c.Address, "https://") {
		return nil, errPlain
	}
	return webdav.HTTPClientWithBasicAuth(follower{s.client}, c.User, c.Password), nil
}

func (s *Calendars) caldav(c Calendar) (*url.URL, *caldav.Client, error) {
	at, err := url.Parse(c.Address)
	if err != nil {
		return nil, nil, err
	}
	do, err := s.doer(c)
	if err != nil {
		return nil, nil, err
	}
	client, err := caldav.NewClient(do, c.Address)
	return at, client, err
}

// statusError is what the owner is told of a status that is not OK.
func statusError(status int, cause error) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return &troubleError{TroubleRefused, cause}
	case http.StatusNotFound, http.StatusGone:
		return &troubleError{TroubleNotFound, cause}
	case http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType:
		return &troubleError{TroubleNoCalendar, cause}
	default:
		return cause
	}
}

// davError finds the status in an error of the library, whose type for it nobody else can name.
func davError(err error) error {
	var known *troubleError
	if err == nil || errors.As(err, &known) {
		return err
	}
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone, http.StatusMethodNotAllowed} {
		if strings.Contains(err.Error(), fmt.Sprintf("%d %s", status, http.StatusText(status))) {
			return statusError(status, err)
		}
	}
	return err
}

// collection reads what a CalDAV collection has between two instants.
func (s *Calendars) collection(ctx context.Context, c Calendar, from, to time.Time) (all []*ical.Calendar, err error) {
	defer calendar.Caught(&err)
	at, client, err := s.caldav(c)
	if err != nil {
		return nil, err
	}
	objects, err := client.QueryCalendar(ctx, at.Path, &caldav.CalendarQuery{
		CompRequest: caldav.CalendarCompRequest{Name: ical.CompCalendar, AllProps: true, AllComps: true},
		CompFilter: caldav.CompFilter{Name: ical.CompCalendar, Comps: []caldav.CompFilter{{
			Name: ical.CompEvent, Start: from, End: to,
		}}},
	})
	for _, o := range objects {
		all = append(all, o.Data)
	}
	return all, davError(err)
}
