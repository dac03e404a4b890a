// Package notify sends notices, by mail and as text messages. consult writes them into the outbox in the very transaction that
// causes them.
//
// Types: Outbox (the service, consult's Outbox), Config, Delivery and State (what became of a notice). row.go lists the keys and
// the states.
package notify
