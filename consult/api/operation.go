package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// access says who may use an operation: a scope, or one of the words below.
type access = account.Scope

const (
	public     access = "public"      // anybody; what it may do, its own input says (a ticket, say)
	signedIn   access = "signed-in"   // whoever is signed in, and their API tokens
	inPerson   access = "in-person"   // whoever is signed in, in a browser: nothing that a program should do
	evenLocked access = "even-locked" // whoever is signed in, also behind a locked screen
)

// words is every access that is no scope.
func words() []access { return []access{public, signedIn, inPerson, evenLocked} }

// operation is one row of the table: what docs/, the matrix test and the gate read. Rows are made with op or with stream.
type operation struct {
	method, path, id, summary string
	status                    int
	access                    access

	accepts   []string // content types of the body; none: JSON
	maxBody   int64    // bytes
	raw       bool     // reads and writes its bodies itself
	elsewhere bool     // programs use it that are no page of ours and have no cookie: a webhook
	fresh     bool     // a browser must have shown lately that it is really them

	add func(*api, huma.API, operation)
}

const base = "/api/v1"

// op is an operation with a JSON body, or none, in and out.
func op[I, O any](method, path, id, summary string, status int, who access, do func(context.Context, *I) (*O, error)) operation {
	return operation{
		method: method, path: base + path, id: id, summary: summary, status: status, access: who, maxBody: maxBody,
		add: func(a *api, h huma.API, row operation) { register(a, h, row, do) },
	}
}

// stream is an operation that reads and writes its bodies itself: uploads, downloads, what others call. Who asks
// was checked before.
func stream(method, path, id, summary string, status int, who access, do http.HandlerFunc) operation {
	return operation{
		method: method, path: base + path, id: id, summary: summary, status: status, access: who, maxBody: maxBody, raw: true,
		add: func(a *api, h huma.API, row operation) { a.registerStream(h, row, do) },
	}
}

// taking makes the operation accept these content types instead of JSON, and bodies up to so many bytes.
func (o operation) taking(most int64, types ...string) operation {
	o.maxBody, o.accepts = most, types
	return o
}

// upTo makes the operation read JSON of up to so many bytes.
func (o operation) upTo(most int64) operation {
	o.maxBody = most
	return o
}

// fromElsewhere lets programs that are no page of ours use the operation. It must be public and look at no cookie.
func (o operation) fromElsewhere() operation {
	o.elsewhere = true
	return o
}

// freshly lets a browser use the operation only when its person showed lately that it is them: for what changes who gets in.
func (o operation) freshly() operation {
	o.fresh = true
	return o
}

// pattern is how the mux knows the operation.
func (o operation) pattern() string { return o.method + " " + o.path }

// operations is the table. Each area has a file operations_<area>.go with its rows and what they do.
func (a *api) operations() []operation {
	return slices.Concat(
		a.signingIn(),
		a.invitations(),
		a.means(), a.calendars(),
		a.team(),
		a.consultations(),
		a.documents(),
		a.patients(),
		a.waiting(), a.pushes(), a.notices(),
		a.visit(), a.interpreters(),
		a.requests(), a.waitLists(), a.outcomes(), a.takeOver(),
		a.services(), a.schedules(),
		a.appointments(),
		a.outsideCalendars(),
	)
}

// document is what OpenAPI says of the operation.
func (o operation) document(h huma.API) huma.Operation {
	doc := huma.Operation{
		Method: o.method, Path: o.path, OperationID: o.id, Summary: o.summary, DefaultStatus: o.status,
		MaxBodyBytes: o.maxBody, Responses: map[string]*huma.Response{"default": problemResponse(h)},
	}
	switch o.access {
	case public:
	case inPerson:
		doc.Security = []map[string][]string{{"cookie": {}}}
	case signedIn, evenLocked:
		doc.Security = []map[string][]string{{"cookie": {}}, {"token": {}}}
	default:
		doc.Security = []map[string][]string{{"cookie": {}}, {"token": {string(o.access)}}}
	}
	return doc
}

func register[I, O any](a *api, h huma.API, row operation, do func(context.Context, *I) (*O, error)) {
	doc := row.document(h)
	doc.Middlewares = huma.Middlewares{a.authorised(row)}
	huma.Register(h, doc, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, problemOf(err)
		}
		return out, nil
	})
}

func (a *api) registerStream(h huma.API, row operation, do http.HandlerFunc) {
	doc := row.document(h)
	h.OpenAPI().AddOperation(&doc)
	a.mux.HandleFunc(row.pattern(), func(w http.ResponseWriter, r *http.Request) {
		ctx, err := a.authorise(r.Context(), row)
		if err != nil {
			problemOf(err).write(w)
			return
		}
		do(w, r.WithContext(ctx))
	})
}

// authorised refuses before the input is looked at, so that who may not ask learns nothing of what could be asked.
func (a *api) authorised(row operation) func(huma.Context, func(huma.Context)) {
	return func(h huma.Context, next func(huma.Context)) {
		ctx, err := a.authorise(h.Context(), row)
		if err != nil {
			problemOf(err).writeHuma(h)
			return
		}
		next(huma.WithContext(h, ctx))
	}
}

type actorKey struct{}

// authorise says whether whoever asks may use the operation, and puts the actor into the context.
func (a *api) authorise(ctx context.Context, row operation) (context.Context, error) {
	if row.elsewhere {
		return ctx, nil
	}
	from := callerOf(ctx)
	actor, err := a.whoAsks(from)
	switch {
	case row.access == public && (errors.Is(err, account.ErrSignedOut) || actor.Locked):
		return ctx, nil
	case err != nil:
		return nil, err
	case actor.Locked && row.access != evenLocked:
		return nil, account.ErrLocked
	case row.access == inPerson && actor.Kind != account.KindBrowser:
		return nil, errInPerson
	case !slices.Contains(words(), row.access) && !actor.Has(row.access):
		return nil, errScope
	case row.fresh && actor.Kind == account.KindBrowser && !actor.Confirmed:
		return nil, errConfirm
	}
	if actor.Kind == account.KindBrowser && row.access != evenLocked && !readsOnly(row.method) {
		if err := a.Accounts.Touch(from.cookie); err != nil {
			return nil, err
		}
	}
	return context.WithValue(ctx, actorKey{}, actor), nil
}

// whoAsks returns the actor behind a request, or account.ErrSignedOut.
func (a *api) whoAsks(c caller) (account.Actor, error) {
	if c.token != "" {
		return a.Accounts.ActorByToken(c.token)
	}
	return a.Accounts.ActorByCookie(c.cookie)
}

// actor returns who asks. In a public operation it may be nobody: the zero Actor.
func (a *api) actor(ctx context.Context) account.Actor {
	who, _ := ctx.Value(actorKey{}).(account.Actor)
	return who
}

// mayActFor returns nil when whoever asks may do so on behalf of the owner, else consult.ErrNotFound: what is
// somebody else's does not exist.
func (a *api) mayActFor(ctx context.Context, owner consult.AccountID) error {
	may, err := a.Accounts.MayActFor(a.actor(ctx).Account, owner)
	if err == nil && !may {
		err = consult.ErrNotFound
	}
	return err
}

// owner returns the practitioner on whose behalf whoever asks wants to do something: the one who is named, if they
// may act for them; when nobody is named, themselves, or the only one whom they act for.
func (a *api) owner(ctx context.Context, named consult.AccountID) (account.Account, error) {
	who := a.actor(ctx).Account
	switch {
	case named != "" && named != who.ID:
		if err := a.mayActFor(ctx, named); err != nil {
			return account.Account{}, err
		}
		return a.Accounts.Account(named)
	case who.Has(account.RolePractitioner):
		return who, nil
	case named != "":
		return account.Account{}, consult.ErrNotFound
	}
	owners, err := a.Accounts.ActsFor(who)
	if err != nil {
		return account.Account{}, err
	}
	if len(owners) != 1 {
		return account.Account{}, errWhose
	}
	return a.Accounts.Account(owners[0])
}

// consultation returns the consultation, if whoever asks may act for its practitioner, else consult.ErrNotFound.
func (a *api) consultation(ctx context.Context, id consult.ConsultationID) (consult.Consultation, error) {
	c, err := a.Practice.Consultation(id)
	if err == nil {
		err = a.mayActFor(ctx, c.Practitioner)
	}
	if err != nil {
		return consult.Consultation{}, err
	}
	return c, nil
}

var (
	errScope    error = &consult.Error{Code: consult.CodeForbidden, Message: "This account, or this token, may not do that."}
	errInPerson error = &consult.Error{Code: consult.CodeForbidden, Message: "This is done in a browser, not with a token."}
	errConfirm  error = &consult.Error{Code: consult.CodeConfirm, Message: "Please show first that it is you."}
	errWhose    error = &consult.Error{Code: consult.CodeBadMessage, Message: "Say for which practitioner."}
)
