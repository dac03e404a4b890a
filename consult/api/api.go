package api

import (
	"errors"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/notify"
	"github.com/colloque/colloque/consult/outside"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/push"
)

// Deps is what the handler works with. All fields but Availability are needed.
type Deps struct {
	Practice *consult.Practice
	Accounts *account.Accounts
	Patients *patient.Patients
	Notices  *notify.Outbox
	Pages    Pages
	BaseURL  func() string // where browsers find us, without a slash at the end: "https://example.org"
	Secure   bool          // served over TLS
	Logger   *slog.Logger

	// Availability says what a practitioner does now: "available", "in-consultation" or "away". Nil: nobody knows.
	Availability func(consult.AccountID) string

	Turns     Turns
	Documents *document.Documents
	Book      *booking.Book
	Outside   *outside.Calendars
	Push      *push.Push // nil: there is none
}

type api struct {
	Deps
	mux     *http.ServeMux
	takings takings
}

// New returns the handler for the pages and for /api/v1. Its answers have the headers of SecurityHeaders.
func New(deps Deps) (http.Handler, error) {
	if deps.Practice == nil || deps.Accounts == nil || deps.Patients == nil || deps.Documents == nil || deps.Book == nil || deps.Turns == nil || deps.Outside == nil || deps.Notices == nil || deps.Pages == nil || deps.BaseURL == nil || deps.Logger == nil {
		return nil, errors.New("api: a dependency is missing")
	}
	mux := http.NewServeMux()
	a := &api{Deps: deps, mux: mux, takings: takings{of: map[consult.AccountID]takingOverBody{}}}
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /desk", a.desk)
	mux.HandleFunc("GET /desk/{screen...}", a.desk) // the page finds its screen by the address
	mux.HandleFunc("GET /c/{ticket...}", a.patient)
	mux.HandleFunc("GET /sign-in", a.enterPage)
	mux.HandleFunc("GET /sign-in/{ticket...}", a.signInPage)
	mux.HandleFunc("GET /d/{consultation}/{document}/{right}", a.openedDocument)
	mux.HandleFunc("GET /r/{ticket...}", a.requestPage)
	mux.HandleFunc("GET /invitation/{ticket...}", a.invitationPage)
	mux.HandleFunc("GET /provider/{id}", a.visitProvider)
	mux.HandleFunc("GET /provider/{id}/sign-out", a.leaveProvider)
	mux.HandleFunc("GET /provider/{id}/back", a.returnFromProvider)
	rest := humago.New(mux, a.humaConfig())
	rows := a.operations()
	for _, row := range rows {
		row.add(a, rest, row)
	}
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own form of an error, which Problem replaces
		delete(rest.OpenAPI().Components.Schemas.Map(), unused)
	}
	guarded := newGate(mux, rows, deps.BaseURL, deps.Logger)
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		guarded.ServeHTTP(w, withCaller(r, deps.Secure))
	})
	return SecurityHeaders(known, deps.BaseURL, deps.Secure), nil
}

// humaConfig leaves out what huma adds by default: a page that loads scripts from elsewhere, and fields and links
// for schemas.
func (a *api) humaConfig() huma.Config {
	config := huma.DefaultConfig("Colloque", "1")
	config.Info.Description = "What the practitioner's page does outside of a call. Calls are docs/protocol.md."
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{problemOfHuma}
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"cookie": {Type: "apiKey", In: "cookie", Name: CookieName(a.Secure), Description: "Set by sign-in."},
		"token":  {Type: "http", Scheme: "bearer", Description: "An API token, made in the settings, with some of its account's scopes."},
	}
	return config
}

// problemResponse documents how every operation answers when it fails.
func problemResponse(h huma.API) *huma.Response {
	schema := h.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return &huma.Response{
		Description: "What went wrong",
		Content:     map[string]*huma.MediaType{problemType: {Schema: schema}},
	}
}
