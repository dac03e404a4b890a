// Package push tells a practitioner's browser who came to wait, also while no page of ours is open: Web Push (RFC 8030), encrypted for
// that one browser (RFC 8291) and signed as ours (RFC 8292).
//
//	signal ── Arrived ──▶ queue ──▶ sender ── HTTPS ──▶ the browser maker's push service ──▶ service worker
//
// It is off unless the operator turns it on: a push leaves the house. The service learns that something was sent to a browser, and when;
// not what. Nothing is sent to a host that the configuration does not name.
//
// Types: Push, Subscription, Config. What is stored is sealed: the subscriptions and our signing key.
//
// Goroutines: one sender, from Open to Close, which waits for it. No locks of its own.
//
// Errors: *consult.Error for what a browser sends; errors of sending are logged with ids only, and a browser that has let go is forgotten.
package push
