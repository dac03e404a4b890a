package main

import "slices"

// medianOf is the middle value, or the mean of the two in the middle; 0 of none.
func medianOf(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	m := len(s) / 2
	if len(s)%2 == 1 {
		return s[m]
	}
	return (s[m-1] + s[m]) / 2
}

// spread is the smallest and the largest value; 0 of none.
func spread(values []float64) (low, high float64) {
	if len(values) == 0 {
		return 0, 0
	}
	return slices.Min(values), slices.Max(values)
}

// ratios divides pair by pair. Pairs whose second is 0 are left out.
func ratios(a, b []float64) []float64 {
	var out []float64
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			out = append(out, a[i]/b[i])
		}
	}
	return out
}

// largest finds the largest multiple of step from step to limit for which good holds, taking for granted that good does not come back
// once it is lost. It begins at from, doubles or halves until it has one good and one bad number, and then halves what is between.
// 0: none is good.
func largest(from, step, limit int, good func(int) (bool, error)) (int, error) {
	round := func(n int) int { return max(step, min(limit, n)/step*step) }
	most := round(limit)
	low, high := 0, most+step // low is good (or 0), high is bad (or beyond)
	for n := round(from); high-low > step; {
		ok, err := good(n)
		if err != nil {
			return low, err
		}
		if ok {
			low = n
		} else {
			high = n
		}
		switch {
		case high > most:
			n = min(round(2*low), most)
			if n <= low {
				return low, nil
			}
		case low == 0:
			n = round(high / 2)
			if n >= high {
				return 0, nil
			}
		default:
			n = round((low + high) / 2)
		}
	}
	return low, nil
}
