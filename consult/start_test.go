package consult

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

func TestStartRefuses(t *testing.T) {
	h, by := newHouse(t), doctor()
	now := h.clock.Now()
	for name, r := range map[string]StartRequest{
		"long name":          {Name: strings.Repeat("é", maxName+1)},
		"direction in name":  {Name: "Jeanne\u202eMartin"},
		"newline in name":    {Name: "Jeanne\nMartin"},
		"not UTF-8":          {Name: "\xff"},
		"no language":        {Language: "fr; drop"},
		"no day":             {BirthDate: "1957-02-30"},
		"another form":       {BirthDate: "09/03/1957"},
		"born tomorrow":      {BirthDate: now.AddDate(0, 0, 2).Format(time.DateOnly)},
		"born too long ago":  {BirthDate: "1857-03-09"},
		"no zone":            {TimeZone: "Europe/Atlantis"},
		"zone of the server": {TimeZone: "Local"},
		"zone out of a tree": {TimeZone: "../../etc/passwd"},
		"phone with words":   {Contact: Contact{Phone: "+33six"}},
		"mail without @":     {Contact: Contact{Mail: "jeanne"}},
		"mail of two lines":  {Contact: Contact{Mail: "j@example.org\nBcc: x@example.org"}},
		"long mail":          {Contact: Contact{Mail: strings.Repeat("x", 255) + "@example.org"}},
		"pigeon":             {Contact: Contact{Reach: "pigeon"}},
		"unknown need":       {Needs: []string{"money"}},
		"another's id":       {Patient: PatientID(newConsultationID())},
		"too short":          {Duration: time.Minute},
		"too long":           {Duration: 9 * time.Hour},
		"two years ahead":    {ScheduledAt: now.AddDate(2, 0, 0)},
		"the day before":     {ScheduledAt: now.Add(-25 * time.Hour)},
	} {
		r.By = by
		if _, _, err := h.Start(r); CodeOf(err) != CodeBadMessage {
			t.Errorf("%s: %v", name, err)
		}
	}
	if day, err := h.Day(by.ID, h.Today()); err != nil || len(day) != 0 {
		t.Errorf("what was refused is there: %v %v", day, err)
	}
}

func TestStartKeepsWhatWasSaid(t *testing.T) {
	h, by := newHouse(t), doctor()
	r := StartRequest{
		By: by, Patient: NewPatientID(), Name: "Jeanne Martin", BirthDate: "1957-03-09", Language: "fr", TimeZone: "Indian/Reunion",
		Contact: Contact{"+33639980010", "jeanne@example.org", ReachSMS}, Needs: []string{NeedCarer, NeedHearing},
		ScheduledAt: h.clock.Now().Add(10 * 24 * time.Hour), Duration: 20 * time.Minute,
	}
	started, secret, err := h.Start(r)
	if err != nil {
		t.Fatal(err)
	}
	h.restart()
	c := h.must(h.Consultation(started.ID))
	p := c.Participants[1]
	if c.Patient != r.Patient || !c.ScheduledAt.Equal(r.ScheduledAt) || c.Duration != r.Duration {
		t.Errorf("consultation: %+v", c)
	}
	if p.Name != r.Name || p.BirthDate != r.BirthDate || p.TimeZone != r.TimeZone || p.Contact != r.Contact || !slices.Equal(p.Needs, []string{NeedHearing, NeedCarer}) {
		t.Errorf("participant: %+v", p)
	}
	for _, canary := range []string{r.Name, r.BirthDate, r.Contact.Phone, r.Contact.Mail} {
		if strings.Contains(string(h.rawStore()), canary) {
			t.Errorf("%q is readable in the store", canary)
		}
	}
	h.clock.Forward(10*24*time.Hour + 19*time.Minute) // the link lives as long after it as any other link
	if _, err := h.Redeem(t.Context(), secret, guesser); err != nil {
		t.Errorf("the link of a planned consultation: %v", err)
	}
}

// TestDay is in the practice's zone, which is an hour ahead of UTC in winter and two in summer.
func TestDay(t *testing.T) {
	h, by, other := newHouse(t), doctor(), doctor()
	at := func(r StartRequest, text string) ConsultationID {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		r.ScheduledAt = when
		c, _, err := h.Start(r)
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	late := at(StartRequest{By: by}, "2026-11-22T22:59:00Z")
	now, _ := h.mustStart(by) // at once: 09:00Z
	after := at(StartRequest{By: by}, "2026-11-22T23:00:00Z")
	summer := at(StartRequest{By: by}, "2027-06-30T22:00:00Z")
	theirs := at(StartRequest{By: other}, "2026-11-22T10:00:00Z")
	h.must(h.End(by.ID, now.ID))
	for _, test := range []struct {
		of   AccountID
		day  string
		want []ConsultationID
	}{
		{by.ID, "2026-11-22", []ConsultationID{now.ID, late}},
		{by.ID, "2026-11-23", []ConsultationID{after}},
		{by.ID, "2027-06-30", nil},
		{by.ID, "2027-07-01", []ConsultationID{summer}},
		{other.ID, "2026-11-22", []ConsultationID{theirs}},
		{other.ID, "2026-11-23", nil},
	} {
		day, err := h.Day(test.of, test.day)
		var got []ConsultationID
		for _, c := range day {
			got = append(got, c.ID)
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v, want %v", test.day, got, err, test.want)
		}
	}
	for _, bad := range []string{"", "today", "2026-13-01", "2026-11-22/", "20261122"} {
		if _, err := h.Day(by.ID, bad); CodeOf(err) != CodeBadMessage {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := h.Day("x/y", "2026-11-22"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's day: %v", err)
	}
}

// TestRecordsOfBefore opens a record as the first version of this program wrote it, and finds it in the day's list.
func TestRecordsOfBefore(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	r, err := h.load(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	const before = `{"consultation":{"ID":%q,"Practitioner":%q,"PractitionerName":"Dr Claire Moreau","State":"waiting",
	"CreatedAt":"2026-11-22T09:00:00Z","CalledAt":"0001-01-01T00:00:00Z","LiveAt":"0001-01-01T00:00:00Z","EndedAt":"0001-01-01T00:00:00Z","EndReason":"",
	"Participants":[
	{"ID":%q,"Role":"practitioner","Name":"Dr Claire Moreau","Language":"","Place":"invited","WaitingSince":"0001-01-01T00:00:00Z","Admitted":true,"MediaUp":false,"Devices":{"Camera":"","Microphone":"","Sound":""}},
	{"ID":%q,"Role":"patient","Name":"Jeanne Martin","Language":"fr","Place":"waiting","WaitingSince":"2026-11-22T09:01:00Z","Admitted":false,"MediaUp":false,"Devices":{"Camera":"ok","Microphone":"ok","Sound":"heard"}}],
	"Revision":2},"tickets":{}}`
	plain := fmt.Sprintf(before, c.ID, by.ID, c.Participants[0].ID, c.Participants[1].ID)
	sealed, err := json.Marshal(sealedRecord{1, r.wrappedKey, r.wrappedChat, r.key.Seal(consultationKey(c.ID), []byte(plain))})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Update(func(tx kv.Txn) error {
		return errors.Join(tx.Put(consultationKey(c.ID), sealed), tx.Delete(r.DayKey), tx.Delete(indexedKey))
	}); err != nil {
		t.Fatal(err)
	}
	h.restart()
	day, err := h.Day(by.ID, "2026-11-22")
	if err != nil || len(day) != 1 || day[0].ID != c.ID {
		t.Fatalf("day: %v %v", day, err)
	}
	if c := day[0]; c.State != StateWaiting || c.Participants[1].Name != "Jeanne Martin" || !c.ScheduledAt.IsZero() {
		t.Errorf("%+v", c)
	}
	h.must(h.Admit(by.ID, c.ID, c.Participants[1].ID))
	h.must(h.End(by.ID, c.ID))
}
