// Package api is consult over HTTP: the pages, and REST under /api/v1 with an OpenAPI 3.1 document at
// /api/v1/openapi.json. It decides nothing: it checks what comes in, asks consult, and words the answer.
//
//	request ─▶ SecurityHeaders ─▶ gate: recover, method, size, same origin, JSON ─┬─▶ pages.go      (net/http, Pages renders)
//	                                                                              └─▶ operations.go (huma)
//
// Types: Deps (what New needs), Pages (who renders), PageData (what a page is told), Problem (an error, RFC 9457).
//
// GET and HEAD change nothing; everything that changes something is POST or PATCH, from a page of our own
// origin, in JSON, and with the sign-in cookie except for signing in itself. Wrong, expired and revoked links are
// answered with the same bytes. Whose address is slowed is read from the request's RemoteAddr: behind a proxy
// that is trusted, put the patient's address there first.
//
// No goroutines, no locks. Errors: consult.Error becomes a Problem in problem.go and nowhere else.
package api
