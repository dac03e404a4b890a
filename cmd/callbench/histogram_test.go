package main

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	last := -1
	for us := range int64(1 << 20) {
		d := time.Duration(us) * time.Microsecond
		b := bucketOf(d)
		if b != last && b != last+1 {
			t.Fatalf("%v is in bucket %d, after %d", d, b, last)
		}
		last = b
		if off := middleOf(b) - d; off.Abs() > d/60+time.Microsecond {
			t.Fatalf("%v is in the bucket of %v", d, middleOf(b))
		}
	}
	for _, c := range []struct {
		d    time.Duration
		want int
	}{{-time.Second, 0}, {0, 0}, {31 * time.Microsecond, 31}, {32 * time.Microsecond, 32}, {1000 * time.Hour, bucketSteps*bucketPowers - 1}} {
		if got := bucketOf(c.d); got != c.want {
			t.Errorf("bucketOf(%v) = %d, want %d", c.d, got, c.want)
		}
	}
}

func TestQuantilesAgreeWithSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all, part histogram
	var exact []time.Duration
	for i := range 10_000 {
		d := time.Duration(r.ExpFloat64() * float64(3*time.Millisecond))
		exact = append(exact, d)
		if i%2 == 0 {
			all.add(d)
		} else {
			part.add(d)
		}
	}
	all.merge(&part)
	for _, q := range []float64{0, .01, .5, .95, .99, .999, 1} {
		want, got := quantileOf(exact, q), all.quantile(q)
		if (got - want).Abs() > want/50+time.Microsecond {
			t.Errorf("quantile %v is %v, sorting says %v", q, got, want)
		}
	}
	if all.max != slices.Max(exact) || all.n != 10_000 {
		t.Errorf("max %v of %d", all.max, all.n)
	}
}

func TestNearestRank(t *testing.T) {
	four := []time.Duration{4, 1, 3, 2}
	for _, c := range []struct {
		q    float64
		want time.Duration
	}{{0, 1}, {.25, 1}, {.26, 2}, {.5, 2}, {.75, 3}, {.95, 4}, {1, 4}} {
		if got := quantileOf(four, c.q); got != c.want {
			t.Errorf("quantile %v is %v, want %v", c.q, got, c.want)
		}
	}
	if !slices.Equal(four, []time.Duration{4, 1, 3, 2}) {
		t.Error("the argument was sorted in place")
	}
	if got := quantileOf(nil, .5); got != 0 {
		t.Errorf("of none: %v", got)
	}
	if got := (&histogram{}).quantile(.5); got != 0 {
		t.Errorf("of an empty histogram: %v", got)
	}
}
