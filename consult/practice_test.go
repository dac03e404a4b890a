package consult

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

var here = netip.MustParseAddr("192.0.2.7")

func TestPatientsAlwaysSeeSomebodysName(t *testing.T) {
	h, by := newHouse(t), doctor()
	by.Name = ""
	if c, _ := h.mustStart(by); c.PractitionerName != h.Profile().Name || c.PractitionerParticipant().Name != h.Profile().Name {
		t.Errorf("started as %q: a practitioner without a name shows the practice's", c.PractitionerName)
	}
}

func TestFromLinkToEnd(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, secret := h.mustStart(by)
	if c.State != StateCreated || len(c.Participants) != 2 || c.PractitionerName != by.Name {
		t.Fatalf("started: %+v", c)
	}
	seat := h.must1(h.Redeem(t.Context(), secret, here))
	if seat.Participant.Name != "Jeanne Martin" || seat.Participant.Role != RolePatient || seat.Participant.Language != "fr" {
		t.Fatalf("seat: %+v", seat.Participant)
	}
	seat = h.must1(h.Arrive(seat, Devices{"ok", "ok", "heard"}))
	if seat.Participant.Place != PlaceWaiting || seat.Participant.WaitingSince != h.clock.Now() {
		t.Fatalf("arrived: %+v", seat.Participant)
	}
	h.must(h.Admit(by.ID, c.ID, seat.Participant.ID))
	doc := h.must1(h.PractitionerSeat(by.ID, c.ID))
	if doc = h.must1(h.Arrive(doc, Devices{})); doc.Participant.Place != PlaceCall {
		t.Fatalf("practitioner: %+v", doc.Participant)
	}
	h.must(h.Connected(c.ID, doc.Participant.ID))
	h.must(h.Connected(c.ID, seat.Participant.ID))
	ended := h.must(h.End(by.ID, c.ID))
	if ended.State != StateEnded || ended.EndReason != EndReasonPractitioner {
		t.Fatalf("ended: %+v", ended)
	}
	read := h.must(h.Consultation(c.ID))
	if read.State != StateEnded || read.Revision != ended.Revision {
		t.Fatalf("read again: %+v", read)
	}
	events, err := h.Events(c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var actions []Action
	var states []State
	for _, e := range events {
		actions, states = append(actions, e.Action), append(states, e.State)
	}
	wantActions := []Action{ActionStart, ActionArrive, ActionAdmit, ActionArrive, ActionConnected, ActionConnected, ActionEnd}
	wantStates := []State{StateCreated, StateWaiting, StateCalled, StateCalled, StateCalled, StateLive, StateEnded}
	if !slices.Equal(actions, wantActions) || !slices.Equal(states, wantStates) {
		t.Errorf("events %v %v\nwant   %v %v", actions, states, wantActions, wantStates)
	}
}

// TestOthersFindNothing holds that a consultation is its practitioner's only.
func TestOthersFindNothing(t *testing.T) {
	h, by, other := newHouse(t), doctor(), doctor()
	_, patient := h.mustLive(by)
	id, p := patient.Consultation.ID, patient.Participant.ID
	unknown := newConsultationID()
	calls := map[string]func(AccountID, ConsultationID) error{
		"admit":     func(a AccountID, c ConsultationID) error { _, err := h.Admit(a, c, p); return err },
		"send-back": func(a AccountID, c ConsultationID) error { _, err := h.SendBack(a, c, p); return err },
		"decline":   func(a AccountID, c ConsultationID) error { _, err := h.Decline(a, c, p); return err },
		"end":       func(a AccountID, c ConsultationID) error { _, err := h.End(a, c); return err },
		"link":      func(a AccountID, c ConsultationID) error { _, err := h.Link(a, c, p); return err },
		"seat":      func(a AccountID, c ConsultationID) error { _, err := h.PractitionerSeat(a, c); return err },
		"invite": func(a AccountID, c ConsultationID) error {
			_, _, err := h.Invite(a, c, RoleGuest, "")
			return err
		},
	}
	for name, call := range calls {
		for what, err := range map[string]error{
			"another practitioner": call(other.ID, id),
			"nobody":               call("", id),
			"unknown":              call(by.ID, unknown),
			"not an id":            call(by.ID, "../"+id),
		} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s, %s: %v, want ErrNotFound", name, what, err)
			}
		}
	}
	if c := h.must(h.Consultation(id)); c.State != StateLive {
		t.Errorf("state %s, want live still", c.State)
	}
	if open, err := h.OpenConsultations(other.ID); err != nil || len(open) != 0 {
		t.Errorf("the other practitioner sees %v, %v", open, err)
	}
}

func TestBadValues(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	tests := map[string]struct {
		do   func() error
		want Code
	}{
		"practitioner": {func() error {
			_, _, err := h.Invite(by.ID, c.ID, RolePractitioner, "")
			return err
		}, CodeBadMessage},
		"no role":           {func() error { _, _, err := h.Invite(by.ID, c.ID, "", ""); return err }, CodeBadMessage},
		"devices":           {func() error { _, err := h.Arrive(Seat{c, c.Participants[1]}, Devices{Camera: "broken"}); return err }, CodeBadMessage},
		"link of the owner": {func() error { _, err := h.Link(by.ID, c.ID, c.Participants[0].ID); return err }, CodeForbidden},
		"nobody's link":     {func() error { _, err := h.Link(by.ID, c.ID, newParticipantID()); return err }, CodeNotFound},
		"delay":             {func() error { _, err := h.SetDelay(by.ID, 241, nil); return err }, CodeBadMessage},
		"negative delay":    {func() error { _, err := h.SetDelay(by.ID, -1, nil); return err }, CodeBadMessage},
		"delay of nobody":   {func() error { _, err := h.SetDelay("x/y", 5, nil); return err }, CodeNotFound},
		"watch of nobody":   {func() error { _, err := h.Watch(t.Context(), ""); return err }, CodeNotFound},
	}
	for name, test := range tests {
		if err := test.do(); CodeOf(err) != test.want {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	if _, _, err := h.Start(StartRequest{By: by, Name: "  Nguye\u0302\u0303n \u06af\u200c\u06af ", Language: "EN-gb"}); err != nil {
		t.Errorf("a name from elsewhere: %v", err)
	}
}

func TestOpenConsultationsOldestFirst(t *testing.T) {
	h, by := newHouse(t), doctor()
	var want []ConsultationID
	for range 12 {
		c, _ := h.mustStart(by)
		h.clock.Forward(time.Second)
		want = append(want, c.ID)
	}
	h.must(h.End(by.ID, want[4]))
	want = slices.Delete(want, 4, 5)
	open, err := h.OpenConsultations(by.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []ConsultationID
	for _, c := range open {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
}

func TestTooManyOpen(t *testing.T) {
	h, by := newHouse(t), doctor()
	first, _ := h.mustStart(by)
	for range maxOpen - 1 {
		h.mustStart(by)
	}
	if _, _, err := h.Start(StartRequest{By: by}); !errors.Is(err, errTooManyOpen) {
		t.Fatalf("one too many: %v", err)
	}
	h.must(h.End(by.ID, first.ID))
	h.mustStart(by)
}

// TestTheFullHouseEnds holds that the largest consultation still ends in one transaction.
func TestTheFullHouseEnds(t *testing.T) {
	h, by := newHouse(t), doctor()
	h.withoutDelay()
	c, secret := h.mustStart(by)
	secrets := []string{secret}
	for range maxParticipants - 2 {
		_, secret, err := h.Invite(by.ID, c.ID, RoleGuest, "Paul")
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
	}
	if _, _, err := h.Invite(by.ID, c.ID, RoleGuest, ""); !errors.Is(err, errFull) {
		t.Fatalf("one too many: %v", err)
	}
	for _, p := range h.must(h.Consultation(c.ID)).Participants[1:] {
		for range maxTickets {
			secret, err := h.Link(by.ID, c.ID, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, secret)
		}
	}
	h.must(h.End(by.ID, c.ID))
	after := 0
	for _, secret := range secrets {
		if _, err := h.Redeem(t.Context(), secret, here); !errors.Is(err, ErrBadTicket) {
			t.Fatalf("somebody may still join: %v", err)
		}
		if _, err := FindTicket(h.store, secret, PurposeAfter, h.clock.Now()); err == nil {
			after++
		}
		if _, err := FindTicket(h.store, secret, PurposeAfter, h.clock.Now().Add(h.KeepDocuments())); !errors.Is(err, ErrBadTicket) {
			t.Fatalf("a link opens something after the time for it: %v", err)
		}
	}
	if after != maxTickets {
		t.Fatalf("%d links lead to the documents, want the patient's last %d", after, maxTickets)
	}
}

// TestRestart holds that a new program finds everything, and that nobody's media outlived the old one.
func TestRestart(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id := doc.Consultation.ID
	_, secret := h.mustStart(by)
	if _, err := h.AppendChat(id, patient.Participant.ID, "Bonjour"); err != nil {
		t.Fatal(err)
	}
	h.restart()
	c := h.must(h.Consultation(id))
	if c.State != StateInterrupted || c.PractitionerName != "Dr Claire Moreau" {
		t.Errorf("after the restart: %+v", c)
	}
	if chat, err := h.Chat(id, ""); err != nil || len(chat) != 1 || chat[0].Text != "Bonjour" {
		t.Errorf("chat %v, %v", chat, err)
	}
	h.must1(h.Redeem(t.Context(), secret, here))
	if seat := h.must1(h.Arrive(patient, Devices{})); seat.Participant.Place != PlaceCall {
		t.Errorf("who was admitted is %s", seat.Participant.Place)
	}
	h.must(h.Connected(id, patient.Participant.ID))
	if c := h.must(h.Connected(id, doc.Participant.ID)); c.State != StateLive {
		t.Errorf("state %s, want live again", c.State)
	}
}

// TestFailureIsToldAndHidden holds that what did not reach the disk is an error, without its cause.
func TestFailureIsToldAndHidden(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	h.Practice.store = brokenStore{h.store, errors.New("disk on fire")}
	seat := Seat{c, c.Participants[1]}
	_, err := h.Arrive(seat, Devices{})
	if !errors.Is(err, ErrInternal) || strings.Contains(err.Error(), "fire") {
		t.Errorf("arrive: %v", err)
	}
	if _, _, err := h.Start(StartRequest{By: by}); !errors.Is(err, ErrInternal) {
		t.Errorf("start: %v", err)
	}
	if !strings.Contains(h.log.String(), "disk on fire") {
		t.Error("the cause is not in the log")
	}
	h.Practice.store = h.store
	if c := h.must(h.Consultation(c.ID)); c.State != StateCreated {
		t.Errorf("state %s, want created", c.State)
	}
	h.Practice.store = brokenStore{h.store, kv.ErrConflict}
	if _, err := h.Arrive(seat, Devices{}); !errors.Is(err, ErrBusy) {
		t.Errorf("overtaken for ever: %v", err)
	}
	h.Practice.store = h.store
}

// brokenStore reads, and writes nothing.
type brokenStore struct {
	kv.Store
	err error
}

func (b brokenStore) Update(func(kv.Txn) error) error { return b.err }

func TestDelay(t *testing.T) {
	h, by := newHouse(t), doctor()
	if _, said, err := h.DelayOf(by.ID); said || err != nil {
		t.Fatalf("before: %v, %v", said, err)
	}
	for _, minutes := range []int{10, 240, 0} {
		if _, err := h.SetDelay(by.ID, minutes, nil); err != nil {
			t.Fatal(err)
		}
		d, said, err := h.DelayOf(by.ID)
		if err != nil || !said || d.Minutes != minutes || !d.SaidAt.Equal(h.clock.Now()) {
			t.Errorf("%d minutes: %+v, %v, %v", minutes, d, said, err)
		}
	}
	h.clock.Forward(delayLifetime + time.Second)
	if _, said, _ := h.DelayOf(by.ID); said {
		t.Error("what was said yesterday still holds")
	}
}

func TestWatch(t *testing.T) {
	h, by := newHouse(t), doctor()
	ctx, cancel := context.WithCancel(t.Context())
	wake, err := h.Watch(ctx, by.ID)
	if err != nil {
		t.Fatal(err)
	}
	others, err := h.Watch(t.Context(), doctor().ID)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := h.mustStart(by)
	expectWake(t, wake)
	patient := Seat{c, c.Participants[1]}
	steps := map[string]func() error{
		"arrive": func() error { _, err := h.Arrive(patient, Devices{}); return err },
		"admit":  func() error { _, err := h.Admit(by.ID, c.ID, patient.Participant.ID); return err },
		"delay":  func() error { _, err := h.SetDelay(by.ID, 5, nil); return err },
		"invite": func() error { _, _, err := h.Invite(by.ID, c.ID, RoleGuest, ""); return err },
		"end":    func() error { _, err := h.End(by.ID, c.ID); return err },
	}
	for _, name := range []string{"arrive", "admit", "delay", "invite", "end"} {
		if err := steps[name](); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		expectWake(t, wake)
	}
	select {
	case <-others:
		t.Error("another practitioner's desk was woken")
	default:
	}
	cancel()
	expectClosed(t, wake)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	expectClosed(t, others)
	if _, err := h.Watch(t.Context(), by.ID); !errors.Is(err, errClosed) {
		t.Errorf("watch after close: %v", err)
	}
}

// TestNobodyComplainsOfWhoStopped: who stops following in the moment in which they begin again has not failed.
func TestNobodyComplainsOfWhoStopped(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Changes(ctx); !errors.Is(err, errStoppedWaiting) {
		t.Errorf("changes: %v", err)
	}
	if _, err := h.Watch(ctx, doctor().ID); !errors.Is(err, errStoppedWaiting) {
		t.Errorf("watch: %v", err)
	}
}

// TestWatchSurvivesBeingCutOff holds that a desk that read too slowly is woken for what it missed.
func TestWatchSurvivesBeingCutOff(t *testing.T) {
	h, by := newHouse(t), doctor()
	cutOff := make(chan kv.Event)
	h.Practice.store = &slowOnce{Store: h.store, first: cutOff}
	wake, err := h.Watch(t.Context(), by.ID)
	if err != nil {
		t.Fatal(err)
	}
	close(cutOff)
	expectWake(t, wake)
	h.mustStart(by)
	expectWake(t, wake)
}

// slowOnce gives a channel of the test's own to the first watch.
type slowOnce struct {
	kv.Store
	first chan kv.Event
}

func (s *slowOnce) Watch(ctx context.Context, prefix string, from uint64) (<-chan kv.Event, error) {
	if s.first != nil {
		defer func() { s.first = nil }()
		return s.first, nil
	}
	return s.Store.Watch(ctx, prefix, from)
}

func expectWake(t *testing.T, wake <-chan struct{}) {
	t.Helper()
	select {
	case _, open := <-wake:
		if !open {
			t.Fatal("the watch has ended")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no wake-up")
	}
}

func expectClosed(t *testing.T, wake <-chan struct{}) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case _, open := <-wake:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("the watch does not end")
		}
	}
}
