package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestReadMetrics(t *testing.T) {
	page := "# HELP go_goroutines Number\n# TYPE go_goroutines gauge\ngo_goroutines_max 9\ngo_goroutines 17\nbad x\n\n" +
		"transit_bucket{le=\"0.001\"} 50\ntransit_bucket{le=\"+Inf\"} 100\ntransit_bucket{le=\"0.0005\"} 0\ntransit_bucket{le=\"0.005\"} 99\ntransit_sum 3\ntransit_count 100\n"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/metrics" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(page))
	}))
	defer s.Close()
	m, err := readMetrics(t.Context(), s.Client(), s.URL+"/metrics")
	if err != nil || m["go_goroutines"] != 17 {
		t.Errorf("%v %v", m, err)
	}
	b := bucketsOf(m, "transit")
	if len(b) != 4 {
		t.Fatalf("%v", b)
	}
	for _, c := range []struct {
		q    float64
		want time.Duration
	}{{.5, time.Millisecond}, {.25, 750 * time.Microsecond}, {.99, 5 * time.Millisecond}, {.995, 5 * time.Millisecond}} {
		if got := b.quantile(c.q); (got - c.want).Abs() > time.Microsecond {
			t.Errorf("quantile %v: %v, want %v", c.q, got, c.want)
		}
	}
	if got := b.minus(b); got.quantile(.5) != 0 || b[3].count != 100 {
		t.Errorf("nothing came, but %v", got)
	}
	if bucketsOf(m, "trans") != nil || buckets(nil).quantile(.5) != 0 {
		t.Error("a histogram that is not there")
	}
	if _, err := readMetrics(t.Context(), s.Client(), s.URL+"/"); err == nil {
		t.Error("a page that is not there was read")
	}
}
