package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// buckets is a cumulative histogram as Prometheus has it: how many were not above each bound. Nil: not known.
type buckets []bucket

type bucket struct {
	bound float64 // seconds; the last may be infinite
	count float64
}

// minus is what came since o.
func (b buckets) minus(o buckets) buckets {
	if len(b) != len(o) {
		return b
	}
	out := slices.Clone(b)
	for i := range out {
		out[i].count -= o[i].count
	}
	return out
}

// quantile is interpolated within its bucket; 0 when there is nothing. Above the last finite bound it is that bound.
func (b buckets) quantile(q float64) time.Duration {
	if len(b) == 0 || b[len(b)-1].count == 0 {
		return 0
	}
	rank, last := q*b[len(b)-1].count, bucket{}
	for i, one := range b {
		if one.count < rank {
			last = one
			continue
		}
		if i == len(b)-1 && i > 0 || one.count == last.count {
			return seconds(last.bound)
		}
		return seconds(last.bound + (one.bound-last.bound)*(rank-last.count)/(one.count-last.count))
	}
	return seconds(last.bound)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// readMetrics reads a Prometheus text page: its samples by name and labels.
func readMetrics(ctx context.Context, client *http.Client, url string) (map[string]float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	m := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		text := lines.Text()
		at := strings.LastIndexByte(text, ' ')
		if at < 0 || text[0] == '#' {
			continue
		}
		if v, err := strconv.ParseFloat(text[at+1:], 64); err == nil {
			m[text[:at]] = v
		}
	}
	return m, lines.Err()
}

// bucketsOf picks a histogram without labels of its own.
func bucketsOf(m map[string]float64, name string) buckets {
	var b buckets
	for k, count := range m {
		text, ok := strings.CutPrefix(k, name+`_bucket{le="`)
		if !ok {
			continue
		}
		if bound, err := strconv.ParseFloat(strings.TrimSuffix(text, `"}`), 64); err == nil {
			b = append(b, bucket{bound, count})
		}
	}
	slices.SortFunc(b, func(a, b bucket) int { return cmp.Compare(a.bound, b.bound) })
	return b
}
