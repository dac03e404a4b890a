package main

import (
	"errors"
	"slices"
	"testing"
)

func TestMedianAndRatios(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{{nil, 0}, {[]float64{4}, 4}, {[]float64{9, 1, 4}, 4}, {[]float64{1, 9, 3, 5}, 4}} {
		if got := medianOf(c.in); got != c.want {
			t.Errorf("median of %v: %v", c.in, got)
		}
	}
	got := ratios([]float64{1, 2, 3, 4}, []float64{2, 0, 6})
	if !slices.Equal(got, []float64{.5, .5}) {
		t.Errorf("ratios %v", got)
	}
	if low, high := spread([]float64{3, 1, 2}); low != 1 || high != 3 {
		t.Errorf("spread %v %v", low, high)
	}
	if low, high := spread(nil); low != 0 || high != 0 {
		t.Error("a spread of nothing")
	}
}

func TestLargest(t *testing.T) {
	for _, c := range []struct {
		name                          string
		from, step, limit, true, want int
	}{
		{"in the middle", 50, 5, 200, 87, 85},
		{"exactly", 50, 5, 200, 75, 75},
		{"far below the start", 80, 5, 200, 11, 10},
		{"none", 40, 5, 200, 3, 0},
		{"all", 50, 5, 120, 1000, 120},
		{"a limit that is no multiple", 50, 10, 125, 1000, 120},
		{"start above the limit", 500, 10, 100, 70, 70},
		{"one step", 5, 5, 5, 5, 5},
		{"one step, bad", 5, 5, 5, 4, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var tried []int
			got, err := largest(c.from, c.step, c.limit, func(n int) (bool, error) {
				if slices.Contains(tried, n) || n%c.step != 0 || n < 1 || n > c.limit {
					t.Fatalf("tries %d after %v", n, tried)
				}
				tried = append(tried, n)
				return n <= c.true, nil
			})
			if err != nil || got != c.want || len(tried) > 9 {
				t.Errorf("%d, %v, tried %v", got, err, tried)
			}
		})
	}
	broken := errors.New("broken")
	if got, err := largest(10, 5, 50, func(n int) (bool, error) { return true, map[bool]error{true: broken}[n > 20] }); got != 20 || !errors.Is(err, broken) {
		t.Errorf("%d, %v", got, err)
	}
}
