package booking

import (
	"cmp"
	"slices"
	"time"
)

// Interval is a time from an instant on until, and without, another.
type Interval struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Merge sorts intervals, joins those that touch, and leaves out what is empty, to the second. It may change the slice.
func Merge(all []Interval) []Interval {
	slices.SortFunc(all, func(a, b Interval) int { return a.From.Compare(b.From) })
	joined := all[:0]
	for _, i := range all {
		i.From, i.To = i.From.UTC().Truncate(time.Second), i.To.UTC().Truncate(time.Second)
		n := len(joined)
		switch {
		case !i.From.Before(i.To):
		case n > 0 && !i.From.After(joined[n-1].To):
			if i.To.After(joined[n-1].To) {
				joined[n-1].To = i.To
			}
		default:
			joined = append(joined, i)
		}
	}
	return slices.Clip(joined)
}

// span is an interval in Unix seconds.
type span struct{ from, to int64 }

func (s span) overlaps(o span) bool { return s.from < o.to && o.from < s.to }

// spans are sorted, do not touch each other, and are not empty.
type spans []span

// merged sorts and joins intervals; it may change the slice.
func merged(all []span) spans {
	all = slices.DeleteFunc(all, func(s span) bool { return s.to <= s.from })
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	joined := all[:0]
	for _, s := range all {
		if n := len(joined); n > 0 && s.from <= joined[n-1].to {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// free reports whether nothing of it lies in the spans.
func (all spans) free(s span) bool {
	i, _ := slices.BinarySearchFunc(all, s.from, func(o span, from int64) int {
		if o.to <= from {
			return -1
		}
		return 1
	})
	return i == len(all) || all[i].from >= s.to
}

// spansOf are intervals from outside.
func spansOf(all []Interval) []span {
	out := make([]span, 0, len(all))
	for _, i := range all {
		out = append(out, span{i.From.Unix(), i.To.Unix()})
	}
	return out
}

// utcDays are the days, in UTC, of which something lies in the span: one, or two across midnight.
func (s span) utcDays() (first, last Date) {
	return Date(floorDiv(s.from, secondsPerDay)), Date(floorDiv(max(s.from, s.to-1), secondsPerDay))
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
