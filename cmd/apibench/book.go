package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	bookers    = 200
	bookRounds = 10
)

// book lets 200 people at a time want each another time of the practitioner who asks, at one instant, round after round.
func book(ctx context.Context, o options, c *client) error {
	service, free, err := offer(ctx, c)
	if err != nil {
		return err
	}
	if len(free) < bookers*bookRounds {
		return fmt.Errorf("%d free times for %d bookings", len(free), bookers*bookRounds)
	}
	var t times
	for round := range bookRounds {
		var all sync.WaitGroup
		now := make(chan struct{})
		failed := make([]error, bookers)
		for i, at := range free[round*bookers:][:bookers] {
			body := fmt.Appendf(nil, `{"service":%q,"start":%q,"modality":"phone","person":{"name":"Jeanne Martin","contact":{"phone":"0639980011","reach":"handed"}},"tell":false}`, service, at)
			all.Go(func() {
				<-now
				failed[i] = c.timed(ctx, question{method: http.MethodPost, path: "/appointments", body: body}, &t)
			})
		}
		close(now)
		all.Wait()
		if err := cmp.Or(failed...); err != nil {
			return fmt.Errorf("book: %w", err)
		}
	}
	fmt.Fprintln(o.out, "book    ", t.summary("20 ms", 20*time.Millisecond))
	return nil
}

// offer gives the practitioner who asks hours at all times, and a service of ten minutes. It returns the service and its free times.
func offer(ctx context.Context, c *client) (service string, times []string, err error) {
	var me struct{ ID string }
	if err := c.read(ctx, question{method: http.MethodGet, path: "/me"}, &me); err != nil {
		return "", nil, err
	}
	weekly := make([]map[string]any, 7)
	for day := range weekly {
		weekly[day] = map[string]any{"weekday": day, "from": "00:00", "to": "24:00"}
	}
	hours, err := json.Marshal(map[string]any{"revision": 0, "name": "Dr Asks", "time_zone": "Europe/Paris", "weekly": weekly})
	if err != nil {
		return "", nil, err
	}
	if err := c.ask(ctx, question{method: http.MethodPut, path: "/schedules/" + me.ID, body: hours}); err != nil {
		return "", nil, err
	}
	var made struct{ ID string }
	kind := fmt.Appendf(nil, `{"label":{"en":"Visit"},"practitioners":[%q],"duration_minutes":10,"horizon_days":60,"modalities":["phone"]}`, me.ID)
	if err := c.read(ctx, question{method: http.MethodPost, path: "/services", body: kind}, &made); err != nil {
		return "", nil, err
	}
	for day := range bookRounds * 2 { // 144 times each, or two fewer
		from := time.Now().AddDate(0, 0, 1+day).UTC()
		query := url.Values{"service": {made.ID}, "from": {from.Format(time.RFC3339)}, "to": {from.AddDate(0, 0, 1).Format(time.RFC3339)}, "limit": {"1000"}}
		var free struct{ Times []struct{ Start string } }
		if err := c.read(ctx, question{method: http.MethodGet, path: "/free-times?" + query.Encode()}, &free); err != nil {
			return "", nil, err
		}
		for _, one := range free.Times {
			times = append(times, one.Start)
		}
	}
	return made.ID, times, nil
}
