// Package account is those who sign in, how they do, and what they may do. Cookies, links and tokens are random secrets of which only
// hashes are stored; what is personal is sealed; what people type is found by a keyed hash.
//
//	one-time link  (signin.go)       ┐
//	password + one-time code (means.go, password.go, totp.go)
//	passkey        (passkey.go)      ├─▶ signIn ─▶ cookie ─▶ ActorByCookie ─▶ Actor{Account, Scopes, Locked, Confirmed}
//	provider       (oidc.go)         │      idle, or Lock ─▶ Locked ─▶ Confirm… ─▶ a new cookie
//	recovery code  (recovery.go)     ┘                       token ─▶ ActorByToken
//	                                                         app password (apppassword.go), feed's secret (calendars.go) ─▶ ActorBy…
//	invitation     (invitation.go) ─▶ Accept: the person chooses one of them, and is signed in
//
// Looking at a link (Peek…) changes nothing: mail scanners may. Between two steps of a ceremony (a passkey's challenge, a visit to a
// provider, an app that is not proven) nothing is stored: the browser keeps it for us, sealed (secrets.go), and it is good once.
// Guessing is slowed by address (consult.Guard) and by account (patience.go).
//
// Types: Accounts (the service), Account, Unit and Actor (values), Role, Scope, Config.
//
// Two questions are answered here and nowhere else. What kind of thing may somebody do? Roles grant scopes (scope.go).
// Whose patients are concerned? MayActFor and ActsFor (actor.go): one's own, those of practitioners who
// delegated to this secretary, those of the practitioners of a unit that shares its patients.
//
// It stores, next to consult's keys:
//
//	v1/account/<account>     Account with the references to its tickets and sign-ins, sealed
//	v1/account-first         id of the account that First made
//	v1/sign-in/<hash>        which account a browser is signed in to, and until when
//	v1/account-mail/<mark>, v1/account-subject/<mark>, v1/recovery/<mark>   id of the account with this address, identity or code
//	v1/account-secrets       the keys of marks and steps, sealed
//	v1/api-token/<hash>      account, scopes and end of an API token
//	v1/app-password/<hash>   account of an app password, and when it was used last
//	v1/calendar-feed/<hash>  account of a calendar feed
//	v1/unit/<unit>           Unit
//	v1/unit-member/<unit>/<account>, v1/delegation/<secretary>/<practitioner>   indexes of what accounts say
//
// No goroutines. Locks: of patience, of the steps that were taken, and of each provider's document; none is held while another is taken. Each change is
// one transaction of the store. Errors are *consult.Error, as in
// package consult; ErrSignedOut is the one to compare with.
package account
