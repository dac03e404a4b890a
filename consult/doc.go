// Package consult is people, consultations and tickets: who may do what, and when. It decides, and knows
// nothing of HTTP, WebRTC or SQL: signal carries its decisions out. The machine itself (machine.go) is pure;
// Practice applies it to what is in a kv.Store.
//
//	          Start, Invite, Link          Redeem            Arrive           Admit
//	practice ────────────────────▶ ticket ────────▶ Seat ──────────▶ waiting ───────▶ call
//	                               (a link)                              ▲   SendBack   │
//	                                                                     └──────────────┘
//	consultation: created → waiting → called → live ⇄ interrupted → ended        (machine.go)
//
// waiting.go and waitingroom.go hold what happens around the waiting room: when it opens, who is late, messages, passing on to a
// colleague. tell.go writes what people are told outside of a call into the Outbox, in the transaction that causes it.
//
// identity.go holds who a patient is and where, and how that was verified; phone.go when they talked, by video or telephone; note.go the
// practitioner's private notes, which are sealed with keys of their own and reach nobody else.
//
// interpreter.go asks for interpreters, who answer by link; organisation.go keeps who sends them.
//
// Types: Practice (the service), StartRequest, Consultation, Participant and Seat (values), Ticket, Guard (slows guessing),
// Keyring and DataKey (sealing), Message, Delay, Event; Contact and Reach (contact.go: how somebody is reached, what they
// need, when they were born; all that comes from outside is cleaned there).
//
// Every change is a compare-and-swap on the consultation's revision, tried again when another change was
// quicker. A method that returned without error has what it did on disk. What is stored is sealed with a key of the
// consultation, which the master key wraps; only ids and times are readable in the store (record.go lists the
// keys). The chat has a key of its own, which is erased some time after the end
// (keepchat.go).
//
// Goroutines: one per Watch, ended by its context or by Practice.Close, which waits for it; one that erases chats whose time is over,
// until Practice.Close. Locks: Practice.mu
// (start of watches), Guard.mu and written.mu; none is held while another is taken, nor while the store writes.
//
// Errors: every method of Practice fails with *Error, a code of docs/protocol.md and one sentence. Causes from inside
// are logged and answered with ErrInternal. Open and OpenKeyring fail with errors for the operator.
package consult
