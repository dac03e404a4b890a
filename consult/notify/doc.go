// Package notify sends notices, by mail and as text messages. consult writes them into the outbox in the very transaction that causes them, and this
// package hands them over once.
//
//	consult ──Put──▶ row, due ──dispatcher──▶ sender ──▶ mail server            (postman, mail.go)
//	 (in its own       ▲   (one per channel)    │  └────▶ gateway, gateway, …    (sms.go, by prefix, then the next)
//	  transaction)     └──── back-off ──────────┘                │
//	desk ◀── state ◀──────────────────────────────── Report ◀────┘  (delivery reports)
//	           ▲─────── bounceLoop ◀── mailbox (IMAP): mails that came back (bounces.go, dsn.go)
//	UseReplies' function ◀──┘          and what calendars answer to invitations (replies.go)
//
// Never twice: a row goes queued → handing → sent. handing is on disk before the last byte that counts leaves: for a mail, after the server has said
// yes to the recipient and to DATA; for a text message, before the request. If the program or the line breaks after that, nobody knows whether it was
// taken: the row becomes uncertain and is not sent again, the desk says so and offers the link and the phone. Only a gateway that is described as
// idempotent is asked again. Whatever fails before is tried again: after 5 s, 15 s, … 30 min, as long as the notice is of use (expiry.go). A notice's
// key is put once only.
//
// Types: Outbox (the service; consult's Outbox), Config with MailConfig and GatewayConfig (a gateway is a description; presets.go has some), Template
// and Preview (texts, checked), Length (of a text message), Delivery and State, SeatRef with NewCode (the printed sheet) and SeatsOf (a lost link),
// Undelivered (trouble.go) and Stats. row.go lists the keys in the store. What is said, to whom, and the link's secret are sealed, and erased when
// the notice is over (whom a failed one was for, when nothing else knows it, stays until Settle); numbers and addresses to look for stand there as
// keyed hashes.
//
// Goroutines, from Start to Close, which waits for all: per channel one dispatch and four deliver; one sweepLoop; one bounceLoop when a mailbox is
// configured, with the reader of its connection. Locks: Outbox.mu (start, stop, tests), stuck.mu, codeLimit.mu, counts.mu; none is held while another
// is taken or while the store writes.
//
// Errors: *consult.Error; consult.ErrUnreachable when nothing can be sent to somebody, ErrBadCode, ErrTooManyCodes. Logs hold ids of notices, names
// of gateways, and what was answered without addresses and secrets.
package notify
