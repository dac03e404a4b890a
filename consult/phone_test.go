package consult

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// TestSpans: what happens, by the minute, and the spans that it makes, as minutes.
func TestSpans(t *testing.T) {
	type span struct {
		medium   Medium
		from, to int // -1: it goes on
	}
	at := func(m int) time.Time { return t0.Add(time.Duration(m) * time.Minute) }
	up := []line{{action: ActionArrive, who: thePrac}, {action: ActionArrive, who: thePat}, {action: ActionAdmit, who: thePat}, {action: ActionConnected, who: thePrac}}
	for name, story := range map[string]struct {
		steps []line
		want  []span
	}{
		"video":                           {[]line{{action: ActionConnected, who: thePat}}, []span{{MediumVideo, 4, -1}}},
		"video to its end":                {[]line{{action: ActionConnected, who: thePat}, {action: ActionEnd}}, []span{{MediumVideo, 4, 5}}},
		"on by phone":                     {[]line{{action: ActionConnected, who: thePat}, {action: ActionPhone, who: thePat}, {action: ActionEnd}}, []span{{MediumVideo, 4, 5}, {MediumPhone, 5, 6}}},
		"the video goes on beside it":     {[]line{{action: ActionConnected, who: thePat}, {action: ActionPhone, who: thePat}, {action: ActionLost, who: thePat}, {action: ActionConnected, who: thePat}}, []span{{MediumVideo, 4, 5}, {MediumPhone, 5, -1}}},
		"back to video":                   {[]line{{action: ActionConnected, who: thePat}, {action: ActionPhone, who: thePat}, {action: ActionVideo}}, []span{{MediumVideo, 4, 5}, {MediumPhone, 5, 6}, {MediumVideo, 6, -1}}},
		"back, and nobody is there":       {[]line{{action: ActionPhone, who: thePat}, {action: ActionVideo}}, []span{{MediumPhone, 4, 5}}},
		"video that never came":           {[]line{{action: ActionPhone, who: thePat}}, []span{{MediumPhone, 4, -1}}},
		"phone twice":                     {[]line{{action: ActionPhone, who: thePat}, {action: ActionPhone, who: thePat}}, []span{{MediumPhone, 4, -1}}},
		"lost for a minute":               {[]line{{action: ActionConnected, who: thePat}, {action: ActionLost, who: thePat}, {action: ActionConnected, who: thePat}}, []span{{MediumVideo, 4, 5}, {MediumVideo, 6, -1}}},
		"video back when there was none":  {[]line{{action: ActionVideo}}, nil},
		"phone ends with the one who had": {[]line{{action: ActionPhone, who: thePat}, {action: ActionPass}}, []span{{MediumPhone, 4, 5}}},
	} {
		c, _ := consultationWith(situation{role: RolePatient, place: PlaceInvited})
		c.Participants[1].Contact.Phone = "+33639980010"
		for i, s := range append(slices.Clone(up), story.steps...) {
			next, _, err := c.apply(step{action: s.action, by: owner, participant: s.who, to: Practitioner{somebody, "Dr B"}, seat: "p_b"}, at(i))
			if err != nil {
				t.Fatalf("%s: %s: %v", name, s.action, err)
			}
			c = next
		}
		var got []span
		for _, s := range c.Spans {
			to := -1
			if !s.To.IsZero() {
				to = int(s.To.Sub(t0) / time.Minute)
			}
			if s.Medium == MediumPhone && (s.Number != "+33639980010" || s.With != thePat) {
				t.Errorf("%s: %+v", name, s)
			}
			got = append(got, span{s.Medium, int(s.From.Sub(t0) / time.Minute), to})
		}
		if !slices.Equal(got, story.want) {
			t.Errorf("%s: %v, want %v", name, got, story.want)
		}
	}
}

func TestShortLossIsOneSpan(t *testing.T) {
	c, _ := consultationWith(situation{role: RolePatient, place: PlaceCall, admitted: true})
	c.Participants[0].Place, c.Participants[0].MediaUp = PlaceCall, true
	now := t0
	for range 5 {
		for _, action := range []Action{ActionConnected, ActionLost} {
			next, _, err := c.apply(step{action: action, participant: thePat}, now)
			if err != nil {
				t.Fatal(err)
			}
			c, now = next, now.Add(10*time.Second)
		}
	}
	if len(c.Spans) != 1 || c.Talked(MediumVideo, now) != 90*time.Second {
		t.Errorf("%+v", c.Spans)
	}
}

func TestToPhone(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id, who := doc.Consultation.ID, patient.Participant.ID
	phone := func(participant ParticipantID, number string, want error) {
		t.Helper()
		if _, err := h.ToPhone(by.ID, id, participant, number); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	phone(who, "", errNoNumber)
	phone(who, "12", errBadPhone)
	phone(doc.Participant.ID, "0639980010", errNoPatient)
	phone(newParticipantID(), "0639980010", ErrNotFound)
	h.must(h.SayWhere(patient, "", "0639980011"))
	phone(who, "", nil)
	h.clock.Forward(10 * time.Minute)
	phone(who, "0639980012", nil)
	h.clock.Forward(time.Minute)
	h.restart()
	c := h.must(h.Consultation(id))
	on, is := c.OnPhone()
	if !is || on.Number != "+33639980012" || c.Talked(MediumPhone, h.clock.Now()) != 11*time.Minute {
		t.Errorf("%+v", c.Spans)
	}
	c = h.must(h.ToVideo(by.ID, id))
	if _, is := c.OnPhone(); is {
		t.Errorf("%+v", c.Spans)
	}
	if _, err := h.ToVideo(doctor().ID, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else: %v", err)
	}
	for range maxSpans {
		_, _ = h.ToPhone(by.ID, id, who, "")
		_, _ = h.ToVideo(by.ID, id)
	}
	phone(who, "", errTooManySpans)
}
