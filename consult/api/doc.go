// Package api is consult over HTTP: the pages, and REST under /api/v1 with an OpenAPI 3.1 document at
// /api/v1/openapi.json. It decides nothing: it checks what comes in, asks consult, and words the answer.
//
//	request ─▶ SecurityHeaders ─▶ gate: recover, method, size, same origin, JSON ─┬─▶ pages.go      (net/http, Pages renders)
//	                                                                              └─▶ operation.go: authorise ─▶ operations_<area>.go (huma)
//
// Every operation is one row of one table (operation.go): method, path, id, what it takes, and its access, which is public,
// signedIn, inPerson or an account.Scope. A row gets its actor checked before its input is read; what it does finds it with
// a.actor, and reaches what belongs to a practitioner through a.owner and a.consultation, which answer not-found for what is somebody
// else's. A new area is a file with a function that returns its rows, named in operations(), and a file of trials for the
// matrix test, which walks every row × everybody × somebody else's data; badrequests_test.go spoils the same trials in every way
// that the document lets it think of.
//
// operations_documents.go and uploads.go carry documents, whose bytes go past huma. Types: Deps (what New needs), Pages (who renders), PageData (what a page is told), Problem (an error, RFC 9457).
//
// What creates takes a key (Keyed), so that sent again it is made once; idempotency_test.go says which does not, and why. GET and HEAD change nothing; everything that changes something comes from a page of our own
// origin, or with an API token, and in JSON unless its row says otherwise. Wrong, expired and revoked links are
// answered with the same bytes. Whose address is slowed is clientip's to say: the
// request's RemoteAddr, where it puts the patient's when a trusted proxy asks for them.
//
// Operations that compute and wait for nobody take turns, on one processor fewer than there are (turns.go): media goes first. No
// goroutines. Locks: takings.mu, held briefly. Errors: consult.Error becomes a Problem in problem.go and nowhere else.
package api
