// Package signal carries: it is the websocket between a browser tab and the rest of Colloque. consult decides who may do what, sfu moves the
// packets; signal brings the two together for as long as people are connected, and keeps nothing that a restart may not lose.
//
//	browser ── websocket ── conn ──┬── call (one per consultation with somebody connected) ── consult.Practice   what holds
//	                               │      sessions, presence, what is published       └──── Media (sfu.SFU)     who sees whom
//	                               └── desk (one per tab and practitioner): the waiting room, as a snapshot
//
// A command (admit, send back, end) changes the consultation in consult and nothing else. The call of that consultation watches consult and
// reconciles: whoever is admitted now enters the media room, whoever is sent back is withdrawn, an ended consultation ends its sessions.
// So it does not matter whether the change came by this websocket, by HTTP, or later from another machine.
//
// A second device at a taken seat knocks, and the first one is asked (knock.go). A consultation that is passed on to a colleague takes its
// call with it: the call then watches the colleague's desk (call.moveTo).
//
// What of a patient is for the practitioner alone (visit.go) goes to the practitioner's session and to no other.
//
// Types: Hub (the http.Handler and the registry), conn (one websocket), call (one consultation's actor), session (one participant's
// signalling connection, resumable for 60 s after its websocket was lost), desk. The wire is in messages.go and in docs/protocol.md.
//
// Goroutines, each started by and waited for in Hub.Close:
//
//	conn read    one per websocket, owned by the Hub; decodes, limits, hands to call or desk; ends with the websocket
//	conn write   one per websocket, owned by conn; the only writer; pings and ticks; ends with the websocket
//	call run     one per call, owned by the Hub; owns all of the call's state; ends with its last session
//	desk run     one per desk, owned by its conn; sends a snapshot when something changed
//
// Locks: Hub.mu guards the registry and is never held while calling consult, sfu or a conn; a mailbox and a conn's outbox have their own leaf
// locks. A call's state has none: its one goroutine owns it.
//
// Errors: what crosses the wire is a consult.Error (code and one sentence), made in errors.go; everything else becomes "internal" and is logged
// with ids only.
package signal
