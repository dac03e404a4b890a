package sfu

import "errors"

// Errors that callers may test with errors.Is. They are wrapped with the operand where there is one.
var (
	// ErrClosed: the SFU or the socket is closed.
	ErrClosed = errors.New("sfu: closed")
	// ErrBadOffer: the offer can't be used as docs/media-path.md §1 describes it.
	ErrBadOffer = errors.New("sfu: unusable offer")
	// ErrNoPeer: no living peer has this id.
	ErrNoPeer = errors.New("sfu: no such peer")
	// ErrPeerExists: a living peer has this id already.
	ErrPeerExists = errors.New("sfu: peer exists")
	// ErrNoPublication: the peer's offer named no m-line for this source.
	ErrNoPublication = errors.New("sfu: peer has no such publication")
	// ErrInRoom: the peer is in another room; withdraw it first.
	ErrInRoom = errors.New("sfu: peer is in another room")
	// ErrBadConfig: a configuration value can't be used.
	ErrBadConfig = errors.New("sfu: bad configuration")
)
