package main

import (
	"context"
)

// driver speaks one server's signalling. A server of another make needs one file with another driver, and one that starts it.
type driver interface {
	// join brings a participant into its room. It returns when who sends is connected and publishes; what a participant hears
	// may begin later. It fills in the participant's moments. A refusal by the server is an error;
	// what was opened is closed by the participant's close.
	join(ctx context.Context, p *peer) error
	// clear ends what a room was for, once everybody in it has been counted.
	clear(ctx context.Context, room int) error
	// vitals is what the server says of itself, as far as it does.
	vitals(ctx context.Context) vitals
	close()
}

// vitals is what a server says of itself. The zero value: nothing.
type vitals struct {
	goroutines int
	transit    buckets // how long packets were in the server
}
