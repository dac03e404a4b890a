// Package account is those who sign in, and how they do: a one-time link, then a cookie. Both are random
// secrets of which only hashes are stored; names are sealed.
//
//	NewSignInLink ──▶ ticket ──PeekSignIn──▶ Account        (changes nothing: mail scanners may look)
//	                    └──────SignIn──────▶ cookie ──Authenticate──▶ Account ──▶ SignOut
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
//	v1/unit/<unit>           Unit
//	v1/unit-member/<unit>/<account>, v1/delegation/<secretary>/<practitioner>   indexes of what accounts say
//
// No goroutines and no locks: each change is one transaction of the store. Errors are *consult.Error, as in
// package consult; ErrSignedOut is the one to compare with.
package account
