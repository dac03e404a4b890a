package main

import (
	"fmt"
	"time"
)

// shape is who is there: equal rooms of senders, who also receive each other, and of viewers, who only receive.
type shape struct{ rooms, senders, viewers int }

// people is how many participants a room has.
func (s shape) people() int { return s.senders + s.viewers }

// streams is how many streams the participant of this index should hear: sound and picture of every other sender.
func (s shape) streams(index int) int {
	if index < s.senders {
		return 2 * (s.senders - 1)
	}
	return 2 * s.senders
}

// String is like "5 × 1→10" or "25 × 2".
func (s shape) String() string {
	if s.viewers == 0 {
		return fmt.Sprintf("%d × %d", s.rooms, s.senders)
	}
	return fmt.Sprintf("%d × %d→%d", s.rooms, s.senders, s.viewers)
}

// webinarShape gives so many viewers one sender, or, where a room holds fewer people, as few equal rooms with one sender each as it takes.
// limit 0: none.
func webinarShape(viewers, limit int) shape {
	rooms := 1
	if limit > 1 {
		rooms = (viewers + limit - 2) / (limit - 1)
	}
	return shape{rooms: rooms, senders: 1, viewers: (viewers + rooms - 1) / rooms}
}

// plan is one case.
type plan struct {
	scenario string
	size     int // as asked for: consultations, people or viewers
	shape
	warm   time.Duration // between the last join and the window
	window time.Duration
	media  mediaOptions

	// of join and churn
	joins  int
	rate   float64 // joins a second
	cut    float64 // share of joins that are cut in the middle
	settle time.Duration
}

func (p plan) String() string { return fmt.Sprintf("%s %d", p.scenario, p.size) }
