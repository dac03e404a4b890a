package notify

import (
	"testing"
	"time"
)

func TestDay(t *testing.T) {
	for _, c := range []struct {
		day      int
		in, want string
	}{
		{1, "fr", "mardi 1er décembre"},
		{11, "fr", "vendredi 11 décembre"},
		{1, "en", "Tuesday 1 December"},
		{1, "pt", "Tuesday 1 December"},
	} {
		if got := Day(time.Date(2026, 12, c.day, 9, 0, 0, 0, time.UTC), c.in); got != c.want {
			t.Errorf("day %d in %s: %q, want %q", c.day, c.in, got, c.want)
		}
	}
}
