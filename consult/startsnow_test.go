package consult

import (
	"net/netip"
	"testing"
	"time"
)

// TestStartsNow: who is awaited is told once, when the practitioner is there and it is time; who is there already is not.
func TestStartsNow(t *testing.T) {
	for name, c := range map[string]struct {
		comes     []time.Duration // when the practitioner comes, after the time
		before    bool            // the patient came before
		tellStart bool            // it was planned that they be told
		want      []time.Duration // when they are told, after the time
	}{
		"in time":                       {comes: []time.Duration{0}, want: []time.Duration{0}},
		"late":                          {comes: []time.Duration{7 * time.Minute}, want: []time.Duration{7 * time.Minute}},
		"early: not before the time":    {comes: []time.Duration{-10 * time.Minute}, want: []time.Duration{0}},
		"again and again":               {comes: []time.Duration{-10 * time.Minute, 0, time.Minute, 5 * time.Minute}, want: []time.Duration{0}},
		"hours before, to try the room": {comes: []time.Duration{-5 * time.Hour}},
		"the patient is there":          {comes: []time.Duration{0}, before: true},
		"planned, and the practitioner": {comes: []time.Duration{time.Minute}, tellStart: true, want: []time.Duration{0}},
	} {
		t.Run(name, func(t *testing.T) {
			h, by := newTellingHouse(t), doctor()
			r := StartRequest{By: by, Name: "Jeanne Martin", Contact: Contact{Phone: mobile}, ScheduledAt: t0.Add(8 * time.Hour), TellStart: c.tellStart}
			plan, err := h.Plan(r)
			if err != nil {
				t.Fatal(err)
			}
			if err := h.store.Update(plan.Put); err != nil {
				t.Fatal(err)
			}
			begin, err := h.Consultation(plan.ID())
			if err != nil {
				t.Fatal(err)
			}
			h.clock.Set(r.ScheduledAt.Add(-20 * time.Minute))
			if c.before {
				if _, err := h.Arrive(Seat{begin, begin.Participants[1]}, Devices{}); err != nil {
					t.Fatal(err)
				}
			}
			for _, at := range c.comes {
				h.clock.Set(r.ScheduledAt.Add(at))
				if _, err := h.Arrive(Seat{begin, begin.Participants[0]}, Devices{}); err != nil {
					t.Fatal(err)
				}
			}
			told := h.outbox.take()
			if len(told) != len(c.want) {
				t.Fatalf("told %+v, want %v", told, c.want)
			}
			for i, n := range told {
				if n.Kind != NoticeStartsNow || !n.NotBefore.Equal(r.ScheduledAt.Add(c.want[i])) || n.Fields[FieldAt] == "" {
					t.Errorf("%+v, want %s", n, c.want[i])
				}
				if _, err := h.Redeem(t.Context(), n.Secret, netip.Addr{}); err != nil {
					t.Errorf("the link: %v", err)
				}
			}
		})
	}
}
