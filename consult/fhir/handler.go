package fhir

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// Root is where the handler is to be mounted.
const Root = "/fhir/"

// Deps are what the handler needs.
type Deps struct {
	Book     *booking.Book
	Accounts *account.Accounts
	Profile  consult.Profile
	BaseURL  func() string                              // "https://example.org"
	Compute  func(ctx context.Context, do func()) error // calls do when computing hinders no call
	Log      *slog.Logger
}

const (
	mediaType = "application/fhir+json"
	maxBody   = 64 << 10
)

// server answers. Its methods may be called at the same time.
type server struct {
	deps Deps
	zone *time.Location // of dates that are asked for
}

// New returns the handler for everything below Root.
func New(deps Deps) (http.Handler, error) {
	zone, err := time.LoadLocation(deps.Profile.TimeZone)
	if err != nil {
		return nil, err
	}
	s := &server{deps, zone}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /fhir/metadata", s.metadata)
	const read, write = account.ScopeAppointmentsRead, account.ScopeAppointmentsWrite
	for name, resource := range s.resources() {
		mux.HandleFunc("GET /fhir/"+name, s.guarded(read, s.searched(name, resource)))
		mux.HandleFunc("POST /fhir/"+name+"/_search", s.guarded(read, s.searched(name, resource)))
		mux.HandleFunc("GET /fhir/"+name+"/{id}", s.guarded(read, func(rq *request) (any, error) { return resource.read(rq, rq.PathValue("id")) }))
	}
	mux.HandleFunc("GET /fhir/Appointment/$find", s.guarded(read, s.find))
	mux.HandleFunc("POST /fhir/Appointment/$find", s.guarded(read, s.find))
	mux.HandleFunc("POST /fhir/Appointment/$hold", s.guarded(write, s.hold))
	mux.HandleFunc("POST /fhir/Appointment/$book", s.guarded(write, s.book))
	mux.HandleFunc(Root, s.elsewhere)
	return mux, nil
}

// elsewhere answers for what is not offered: another way to deal with what there is, or nothing at all.
func (s *server) elsewhere(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Root), "/")
	if _, known := s.resources()[kind]; (known || kind == "metadata") && r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(w, errMethod)
		return
	}
	s.refuse(w, errNoSuch)
}

// resource is how a type of resource is read and searched.
type resource struct {
	read   func(rq *request, id string) (any, error)
	search func(rq *request) ([]any, error)
	params []string // that search understands, beside those of all
}

func (s *server) resources() map[string]resource {
	return map[string]resource{
		"Practitioner":      {s.readPractitioner, s.searchPractitioners, []string{"_id", "name", "active"}},
		"PractitionerRole":  {s.readRole, s.searchRoles, []string{"_id", "practitioner", "active"}},
		"HealthcareService": {s.readService, s.searchServices, []string{"_id", "name", "active"}},
		"Schedule":          {s.readSchedule, s.searchSchedules, []string{"_id", "actor", "active", "service-type"}},
		"Slot":              {s.readSlot, s.searchSlots, []string{"schedule", "service-type", "start", "status"}},
		"Appointment":       {s.readAppointment, s.searchAppointments, []string{"_id", "actor", "practitioner", "date", "status", "service-type"}},
	}
}

// request is a request whose sender is known.
type request struct {
	*http.Request
	actor   account.Actor
	actsFor []consult.AccountID
	params  url.Values // of a search, or of an operation that is asked for with GET
}

// mayRead reports whether what belongs to a practitioner exists for who asks.
func (rq *request) mayRead(of consult.AccountID) bool { return slices.Contains(rq.actsFor, of) }

// guarded answers what do returns, to whom has a token with this scope.
func (s *server) guarded(scope account.Scope, do func(*request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rq, err := s.known(w, r, scope)
		var answer any
		if err == nil && scope == account.ScopeAppointmentsRead {
			if gone := s.deps.Compute(r.Context(), func() { answer, err = do(rq) }); gone != nil {
				err = gone
			}
		} else if err == nil {
			answer, err = do(rq) // waits for the disk
		}
		if err != nil {
			s.refuse(w, err)
			return
		}
		if one, versioned := answer.(appointment); versioned && one.Meta != nil { // R4 §3.1.0.3, §3.1.0.1.1
			tag := `W/"` + one.Meta.VersionID + `"`
			w.Header().Set("ETag", tag)
			w.Header().Set("Last-Modified", one.Meta.LastUpdated.UTC().Format(http.TimeFormat))
			if slices.ContainsFunc(strings.Split(r.Header.Get("If-None-Match"), ","), func(had string) bool { return strings.TrimSpace(had) == tag }) {
				w.Header().Set("Cache-Control", "no-store")
				w.WriteHeader(http.StatusNotModified)
				return
			}
		}
		s.answer(w, http.StatusOK, answer)
	}
}

// known says who asks. Cookies do not count: nothing here is for a page.
func (s *server) known(w http.ResponseWriter, r *http.Request, scope account.Scope) (*request, error) {
	if accepted(r) != nil {
		return nil, errFormat
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, errNoToken
	}
	actor, err := s.deps.Accounts.ActorByToken(token)
	if errors.Is(err, account.ErrSignedOut) {
		return nil, errNoToken
	}
	if err != nil {
		return nil, err
	}
	if !actor.Has(scope) {
		return nil, errScope
	}
	rq := &request{Request: r, actor: actor, params: r.URL.Query()}
	if rq.actsFor, err = s.deps.Accounts.ActsFor(actor.Account); err != nil {
		return nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if strings.HasSuffix(r.URL.Path, "/_search") {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.ContentLength != 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
			return nil, errMedia // what is asked for would be passed over
		}
		if err := r.ParseForm(); err != nil {
			return nil, errBody
		}
		rq.params = r.Form
		if format := r.PostForm.Get("_format"); format != "" && !isJSON(format) {
			return nil, errFormat
		}
	}
	return rq, nil
}

// accepted refuses whoever wants something else than JSON.
func accepted(r *http.Request) error {
	wants := r.Header.Get("Accept")
	if format := r.URL.Query().Get("_format"); format != "" {
		wants = strings.ReplaceAll(format, " ", "+") // application/fhir+json in a query that was not escaped
	}
	for _, want := range strings.Split(wants, ",") {
		kind, _, err := mime.ParseMediaType(want)
		if err != nil {
			kind = strings.TrimSpace(want)
		}
		switch kind {
		case "", "*/*", "application/*", mediaType, "application/json", "application/json+fhir", "json", "text/html":
			return nil
		}
	}
	return errFormat
}

// isJSON reports whether a media type, or FHIR's short name of it, is JSON.
func isJSON(kind string) bool {
	if named, _, err := mime.ParseMediaType(strings.ReplaceAll(kind, " ", "+")); err == nil {
		kind = named
	}
	return slices.Contains([]string{mediaType, "application/json", "application/json+fhir", "text/json", "json"}, kind)
}

// searched wraps what was found into a Bundle, page by page.
func (s *server) searched(name string, r resource) func(*request) (any, error) {
	return func(rq *request) (any, error) {
		for param := range rq.params {
			base, _, _ := strings.Cut(param, ":")
			if !slices.Contains(append([]string{"_count", "_offset", "_format", "_pretty"}, r.params...), base) || base != param {
				return nil, &paramError{param, "This search parameter is not known here, or not with this modifier. /fhir/metadata lists those that are."}
			}
		}
		count, err := number(rq.params, "_count", 100, 1000)
		if err != nil {
			return nil, err
		}
		offset, err := number(rq.params, "_offset", 0, 1<<20)
		if err != nil {
			return nil, err
		}
		found, err := r.search(rq)
		if err != nil {
			return nil, err
		}
		return s.page(name, rq, found, offset, count), nil
	}
}

func number(params url.Values, name string, usual, most int) (int, error) {
	text := params.Get(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, &paramError{name, "This is not a number."}
	}
	return min(n, most), nil
}

func (s *server) page(name string, rq *request, found []any, offset, count int) bundle {
	total := len(found)
	at := func(offset int) string {
		params := url.Values{}
		for k, v := range rq.params {
			params[k] = v
		}
		params.Del("_offset")
		if offset > 0 {
			params.Set("_offset", strconv.Itoa(offset))
		}
		address := s.deps.BaseURL() + Root + name
		if len(params) > 0 {
			address += "?" + params.Encode()
		}
		return address
	}
	b := bundle{ResourceType: "Bundle", Type: "searchset", Total: &total, Link: []link{{"self", at(offset)}}}
	end := min(total, offset+count)
	for _, one := range found[min(offset, end):end] {
		b.Entry = append(b.Entry, s.entryOf(one))
	}
	if end < total && count > 0 {
		b.Link = append(b.Link, link{"next", at(end)})
	}
	return b
}

func (s *server) entryOf(one any) entry {
	return entry{FullURL: s.deps.BaseURL() + Root + nameOf(one), Resource: one, Search: &search{"match"}}
}

// nameOf is "Slot/…".
func nameOf(one any) string {
	switch r := one.(type) {
	case practitioner:
		return "Practitioner/" + r.ID
	case practitionerRole:
		return "PractitionerRole/" + r.ID
	case healthcareService:
		return "HealthcareService/" + r.ID
	case schedule:
		return "Schedule/" + r.ID
	case slot:
		return "Slot/" + r.ID
	case appointment:
		return "Appointment/" + r.ID
	}
	return ""
}

func (s *server) answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // made of strings, numbers and times: can only be a programmer's mistake
	}
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the other side is gone: nothing to do
}

// paramError is a search parameter, or one of an operation, that is not good.
type paramError struct{ name, sentence string }

func (e *paramError) Error() string { return e.sentence }

var (
	errNoSuch  error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such resource."}
	errNoToken error = &consult.Error{Code: "signed-out", Message: "This needs an API token: Authorization: Bearer …"}
	errScope   error = &consult.Error{Code: consult.CodeForbidden, Message: "This token may not do that."}
	errFormat  error = &consult.Error{Code: "format", Message: "Only JSON is spoken here."}
	errCostly  error = &consult.Error{Code: "too-costly", Message: "There are more than 20,000: ask for less time, for one practitioner or one service."}
	errBody    error = &consult.Error{Code: "structure", Message: "The request cannot be read."}
	errMedia   error = &consult.Error{Code: "media", Message: "Send JSON; a search with POST as application/x-www-form-urlencoded."}
	errMethod  error = &consult.Error{Code: "method", Message: "This is not offered: /fhir/metadata lists what is."}
)

// maxFound bounds what one search holds in memory: pages are cut from it.
const maxFound = 20_000

// tooCostly refuses a search that finds more than maxFound.
func tooCostly(found int) error {
	if found > maxFound {
		return errCostly
	}
	return nil
}

// refuse answers with an OperationOutcome.
func (s *server) refuse(w http.ResponseWriter, err error) {
	status, code := statusOf(err)
	i := issue{Severity: "error", Code: code}
	var param *paramError
	var own *consult.Error
	var taken *booking.TakenError
	switch {
	case errors.As(err, &param):
		i.Expression = []string{param.name}
		i.Details = &codeableConcept{Text: param.sentence}
	case errors.As(err, &taken):
		i.Details = &codeableConcept{Text: taken.Error()}
	case errors.As(err, &own):
		i.Details = &codeableConcept{Text: own.Message}
	default:
		s.deps.Log.Error("fhir", "error", err)
		i.Details = &codeableConcept{Text: consult.ErrInternal.Error()}
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	s.answer(w, status, operationOutcome{"OperationOutcome", []issue{i}})
}

// statusOf is the status of HTTP, and FHIR's code of the issue.
func statusOf(err error) (int, string) {
	var param *paramError
	if errors.As(err, &param) {
		return http.StatusBadRequest, "value"
	}
	switch consult.CodeOf(err) {
	case "signed-out":
		return http.StatusUnauthorized, "login"
	case "too-costly":
		return http.StatusBadRequest, "too-costly"
	case "structure":
		return http.StatusBadRequest, "structure"
	case "media":
		return http.StatusUnsupportedMediaType, "not-supported"
	case "method":
		return http.StatusMethodNotAllowed, "not-supported"
	case "format":
		return http.StatusNotAcceptable, "not-supported"
	case consult.CodeForbidden:
		return http.StatusForbidden, "forbidden"
	case consult.CodeNotFound, consult.CodeBadTicket:
		return http.StatusNotFound, "not-found"
	case consult.CodeConflict:
		return http.StatusConflict, "conflict"
	case consult.CodeTooFast:
		return http.StatusTooManyRequests, "throttled"
	case consult.CodeTooLarge:
		return http.StatusRequestEntityTooLarge, "too-long"
	case consult.CodeUnavailable:
		return http.StatusServiceUnavailable, "transient"
	case consult.CodeBadMessage:
		return http.StatusUnprocessableEntity, "invalid"
	default:
		return http.StatusInternalServerError, "exception"
	}
}
