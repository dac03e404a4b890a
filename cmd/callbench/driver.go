package main

import "context"

// driver speaks one server's signalling. A server of another make needs one file with another driver.
type driver interface {
	// join brings a participant into its room, connects its transport and has it publish. It fills in the participant's moments.
	// A refusal by the server is an error; what was opened is closed by the participant's close.
	join(ctx context.Context, p *peer) error
	// clear ends what a room was for, once everybody in it has been counted.
	clear(ctx context.Context, room int) error
	// goroutines is how many the server has, or 0 when it can't say.
	goroutines(ctx context.Context) int
	close()
}
