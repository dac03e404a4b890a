package signal

import (
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
)

// deskPerson is a participant of a desk event; nil when nobody of that id is there.
func deskPerson(m map[string]any, id string) map[string]any {
	for _, c := range m["consultations"].([]any) {
		for _, p := range c.(map[string]any)["participants"].([]any) {
			if q := p.(map[string]any); q["id"] == id {
				return q
			}
		}
	}
	return nil
}

func TestMessageToWhoWaits(t *testing.T) {
	w := newWaitingRoom(t)
	_, ticket := w.start("Ahmed Benali")
	other := w.tab("")
	wantType(t, other.join(map[string]any{"ticket": ticket, "seat": tabTwo}), "joined")
	said := func(b *tab) string {
		m := b.expect("waiting", func(m map[string]any) bool { return m["message"] != nil })
		return m["message"].(map[string]any)["text"].(string)
	}

	told := w.desk.ask("message", map[string]any{"consultation": w.c.ID, "participant": w.patient, "text": "I saw your photograph."})
	wantType(t, told, "told")
	if told["shown"] != 1.0 || told["sent"] != 0.0 {
		t.Errorf("%v", told)
	}
	if text := said(w.one); text != "I saw your photograph." {
		t.Errorf("%q", text)
	}
	told = w.desk.ask("message", map[string]any{"text": "Five minutes."})
	wantType(t, told, "told")
	if told["shown"] != 2.0 {
		t.Errorf("%v", told)
	}
	// The other one is told what was said to all, and nothing of what was said to the first.
	if text := said(other); text != "Five minutes." {
		t.Errorf("%q", text)
	}
	w.desk.expect("desk", func(m map[string]any) bool { return deskPerson(m, w.patient)["message"] != nil })
	wantType(t, w.desk.ask("admit", w.admitWords), "done")
	w.one.expect("admitted", nil)
	wantError(t, w.desk.ask("message", map[string]any{"consultation": w.c.ID, "participant": w.patient, "text": "x"}), "conflict")
	wantError(t, w.tab("a_AAAAAAAAAAAAAAAAAAAAAA").watching().ask("message", map[string]any{"consultation": w.c.ID, "participant": w.patient, "text": "x"}), "not-found")
}

func (b *tab) watching() *tab {
	b.t.Helper()
	wantType(b.t, b.ask("watch", nil), "desk")
	return b
}

func TestAbsentAndExpected(t *testing.T) {
	h := newHouse(t, nil)
	c, ticket := h.start("Jeanne Martin")
	patient := c.Participants[1].ID
	desk := h.tab(string(h.doctor.ID)).watching()
	who := map[string]any{"consultation": c.ID, "participant": patient, "absent": true}
	wantType(t, desk.ask("absent", who), "done")
	desk.expect("desk", func(m map[string]any) bool { return deskPerson(m, string(patient))["absent_at"] != nil })
	who["absent"] = false
	wantType(t, desk.ask("absent", who), "done")
	desk.expect("desk", func(m map[string]any) bool { return deskPerson(m, string(patient))["absent_at"] == nil })
	wantType(t, h.tab("").join(map[string]any{"ticket": ticket}), "joined")
	who["absent"] = true
	wantError(t, desk.ask("absent", who), "conflict")
}

func TestTooEarly(t *testing.T) {
	h := newHouse(t, nil)
	at := time.Now().Add(48 * time.Hour)
	_, ticket, err := h.practice.Start(consult.StartRequest{By: h.doctor, Name: "Jeanne Martin", ScheduledAt: at, Duration: 20 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	b := h.tab("")
	wantError(t, b.join(map[string]any{"ticket": ticket}), "too-early")
	if n := h.media.count("disconnect"); n != 1 {
		t.Errorf("%d peers let go, want 1", n)
	}
}

func TestPassedToAColleague(t *testing.T) {
	w := newWaitingRoom(t)
	_, bystander := w.start("Ahmed Benali")
	other := w.tab("")
	wantType(t, other.join(map[string]any{"ticket": bystander}), "joined")
	doc := w.tab(string(w.doctor.ID))
	docIs := doc.join(map[string]any{"consultation": w.c.ID})
	wantType(t, docIs, "joined")
	wantType(t, w.desk.ask("admit", w.admitWords), "done")
	w.one.expect("admitted", nil)
	for _, one := range []map[string]any{docIs, w.oneIs} {
		w.hub.HandleMedia(sfu.PeerUp{Peer: peerOf(one)})
	}
	colleague := consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Paul Durand"}
	theirs := w.tab(string(colleague.ID)).watching()
	mayNot := w.tab(string(colleague.ID))
	wantError(t, mayNot.join(map[string]any{"consultation": w.c.ID}), "not-found")

	if _, err := w.practice.Pass(w.doctor.ID, w.c.ID, colleague); err != nil {
		t.Fatal(err)
	}
	if m := doc.expect("ended", nil); m["reason"] != "passed" {
		t.Errorf("who passed it on: %v", m)
	}
	m := w.one.expect("waiting", nil)
	if m["practitioner_name"] != colleague.Name || m["practitioner"] != "available" {
		t.Errorf("the patient: %v", m)
	}
	theirs.expect("desk", func(m map[string]any) bool { return deskPeople(m)[w.patient] == "waiting here" })
	w.desk.expect("desk", func(m map[string]any) bool { return deskPerson(m, w.patient) == nil })
	if got := w.hub.Availability(w.doctor.ID); got != "available" {
		t.Errorf("who passed it on is %s", got)
	}

	again := w.tab(string(colleague.ID))
	wantType(t, again.join(map[string]any{"consultation": w.c.ID}), "joined")
	wantType(t, theirs.ask("admit", w.admitWords), "done")
	w.one.expect("admitted", nil)
	again.expect("participants", func(m map[string]any) bool { return len(people(m)) == 2 })
	if got := w.hub.Availability(colleague.ID); got != "in-consultation" {
		t.Errorf("the colleague is %s", got)
	}
	// The other one who waits is still the first practitioner's, and heard nothing of all that.
	wantError(t, other.ask("mute", map[string]any{"source": "camera", "muted": true}), "bad-message")
	for _, m := range other.held {
		if m["practitioner_name"] == colleague.Name {
			t.Errorf("the bystander was told %v", m)
		}
	}
}

// TestAnnouncements: every arrival, no reload, none during a call; and the colleague is told of who is passed to them.
func TestAnnouncements(t *testing.T) {
	h := newHouse(t, nil)
	var mu sync.Mutex
	type told struct {
		of   consult.AccountID
		name string
	}
	var all []told
	h.hub.arrived = func(of consult.AccountID, a Arrival) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, told{of, a.Name})
	}
	want := func(expected ...told) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if len(all) != len(expected) {
			t.Fatalf("told %v, want %v", all, expected)
		}
		for i := range all {
			if all[i] != expected[i] {
				t.Errorf("told %v, want %v", all, expected)
			}
		}
	}
	c, ticket := h.start("Jeanne Martin")
	jeanne := told{h.doctor.ID, "Jeanne Martin"}
	wantType(t, h.tab("").join(map[string]any{"ticket": ticket, "seat": tabOne}), "joined")
	want(jeanne)
	wantType(t, h.tab("").join(map[string]any{"ticket": ticket, "seat": tabOne}), "joined")
	want(jeanne)

	colleague := consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Paul Durand"}
	theirs := h.tab(string(colleague.ID)).watching()
	if _, err := h.practice.Pass(h.doctor.ID, c.ID, colleague); err != nil {
		t.Fatal(err)
	}
	theirs.expect("desk", func(m map[string]any) bool { return deskPeople(m)[string(c.Participants[1].ID)] == "waiting here" })
	wantEventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(all) == 2 })
	want(jeanne, told{colleague.ID, "Jeanne Martin"})

	busy, _ := h.start("Ahmed Benali")
	doc := h.tab(string(h.doctor.ID))
	wantType(t, doc.join(map[string]any{"consultation": busy.ID}), "joined")
	doc.expect("participants", nil)
	_, third := h.start("Marie Petit")
	wantType(t, h.tab("").join(map[string]any{"ticket": third}), "joined")
	want(jeanne, told{colleague.ID, "Jeanne Martin"})
}

func wantEventually(t *testing.T, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came to be")
		}
	}
}

// TestOthersDesk: who may act for a practitioner sees their desk and may speak for them, and lets nobody in.
func TestOthersDesk(t *testing.T) {
	w := newWaitingRoom(t)
	secretary, stranger := consult.NewAccountID(), consult.NewAccountID()
	w.hub.mayAct = func(account, practitioner consult.AccountID) bool {
		return account == secretary && practitioner == w.doctor.ID
	}
	wantError(t, w.tab(string(stranger)).ask("watch", map[string]any{"practitioner": w.doctor.ID}), "not-found")
	desk := w.tab(string(secretary))
	first := desk.ask("watch", map[string]any{"practitioner": w.doctor.ID})
	wantType(t, first, "desk")
	if deskPerson(first, w.patient) == nil {
		t.Errorf("%v", first)
	}
	wantError(t, desk.ask("admit", w.admitWords), "forbidden")
	wantType(t, desk.ask("message", map[string]any{"text": "Dr Moreau is on her way."}), "told")
	w.desk.ws.Close()
	w.one.expect("waiting", func(m map[string]any) bool { return m["practitioner"] == "away" })
}
