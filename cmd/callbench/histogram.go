package main

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// Each power of two of microseconds is cut into this many buckets, so that a quantile is at most 1.6 % off.
const (
	bucketSteps  = 32
	bucketPowers = 27 // up to 2^31 µs, more than half an hour
)

// histogram counts durations in logarithmic buckets. The zero value is empty. It is not safe for concurrent use.
type histogram struct {
	n       uint64
	max     time.Duration
	buckets [bucketSteps * bucketPowers]uint32
}

func bucketOf(d time.Duration) int {
	us := uint64(max(0, d.Microseconds()))
	if us < bucketSteps {
		return int(us)
	}
	shift := bits.Len64(us) - 6 // us>>shift is in 32..63
	return min(bucketSteps*(shift+1)+int(us>>shift)-bucketSteps, bucketSteps*bucketPowers-1)
}

// middleOf is the duration in the middle of a bucket.
func middleOf(bucket int) time.Duration {
	if bucket < bucketSteps {
		return time.Duration(bucket) * time.Microsecond
	}
	shift := bucket/bucketSteps - 1
	low := uint64(bucketSteps+bucket%bucketSteps) << shift
	return time.Duration(low)*time.Microsecond + time.Microsecond<<shift/2
}

func (h *histogram) add(d time.Duration) {
	h.n++
	h.max = max(h.max, d)
	h.buckets[bucketOf(d)]++
}

func (h *histogram) merge(o *histogram) {
	h.n += o.n
	h.max = max(h.max, o.max)
	for i, n := range o.buckets {
		h.buckets[i] += n
	}
}

// quantile is the smallest duration that a share q of all are not above (nearest rank); 0 when there are none.
func (h *histogram) quantile(q float64) time.Duration {
	rank := nearestRank(q, h.n)
	var below uint64
	for i, n := range h.buckets {
		below += uint64(n)
		if n > 0 && below >= rank {
			return min(middleOf(i), h.max)
		}
	}
	return 0
}

// quantileOf is the same, exactly, of a few durations.
func quantileOf(durations []time.Duration, q float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[nearestRank(q, uint64(len(sorted)))-1]
}

func nearestRank(q float64, n uint64) uint64 {
	return max(1, uint64(math.Ceil(q*float64(n))))
}

// milliseconds is how durations are reported.
func milliseconds(d time.Duration) float64 {
	return rounded(float64(d) / float64(time.Millisecond))
}

// rounded leaves three decimals.
func rounded(v float64) float64 { return math.Round(v*1e3) / 1e3 }
