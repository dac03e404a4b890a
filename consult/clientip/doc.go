// Package clientip tells from which address a request comes, also when reverse proxies of the operator stand in between. All that is limited or
// slowed by address, in whatever package, reads it here; nothing else reads X-Forwarded-For.
//
//	patient ──▶ proxy ──▶ proxy ──▶ Proxies.Handler ──▶ every handler: Of(r)
//	            X-Forwarded-For: what the patient wrote, patient, proxy
//	                             ◀── read from the right, over those that are trusted
//
// Types: Proxies, the networks whose word is taken (http.trusted_proxies); it reads and checks itself from YAML. Handler puts the address into
// the request's RemoteAddr, with port 0, once and outermost. A peer that is not in Proxies is who asks, whatever it sends. Where the header
// holds what is no address before one that is not trusted, or none but trusted ones, the peer is who asks.
//
// X-Forwarded-For and not Forwarded (RFC 7239): a proxy writes one of them and passes the other on as the patient wrote it. Scheme and host
// are never read from a request: `url` says them.
//
// No goroutines, no locks, no logs. Errors: those of a bad setting, with its line.
package clientip
