package booking

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

func TestBookCancelMove(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Reminders = []time.Duration{24 * time.Hour, time.Hour}; s.CutOff = 2 * time.Hour }, doctor)
	made := d.mustBook(d.ask(s, "2026-11-25T09:00:00Z"))
	a := made.Appointment
	if a.State != StateBooked || a.Wall != "2026-11-25T10:00" || a.TimeZone != "Europe/Paris" || a.Practitioner != doctor.Practitioner || a.Sequence != 0 || !a.Told {
		t.Fatalf("%+v", a)
	}
	if got := d.outbox.queued(); got != "appointment" || len(a.Reminders) != 2 {
		t.Error(got, a.Reminders)
	}
	var taken *TakenError
	_, err := d.Book.Book(d.ask(s, "2026-11-25T09:00:00Z"))
	if !errors.As(err, &taken) || !errors.Is(err, ErrTaken) || walls(taken.Next, time.UTC) != "25T09:30 25T10:00 25T10:30" || consult.CodeOf(err) != consult.CodeConflict {
		t.Fatalf("%v %v", err, taken)
	}

	moved, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-26T08:30:00Z")})
	if err != nil || moved.Sequence != 1 || moved.UID != a.UID || !moved.History[1].Was.Equal(a.Start) || moved.Wall != "2026-11-26T09:30" {
		t.Fatalf("%v %+v", err, moved)
	}
	if got := d.outbox.queued(); got != "appointment moved" || len(moved.Reminders) != 2 {
		t.Error(got, moved.Reminders)
	}
	if again, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: moved.Start}); err != nil || again.Sequence != 1 {
		t.Fatalf("the same move again: %v %+v", err, again)
	}
	d.mustBook(d.ask(s, "2026-11-25T09:00:00Z")) // back on sale at once
	d.restart()
	found, err := d.Find(made.Secret) // the same link
	if err != nil || found.ID != a.ID || !found.Start.Equal(moved.Start) {
		t.Fatalf("%v %+v", err, found)
	}
	if _, err := d.Find(consult.NewSecret()); !errors.Is(err, consult.ErrBadTicket) {
		t.Error(err)
	}

	d.clock.Set(mustTime(t, "2026-11-26T07:00:00Z"))
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); !errors.Is(err, ErrTooLate) {
		t.Fatalf("after the cut-off: %v", err)
	}
	gone, err := d.Cancel(a.ID, CancelRequest{By: byPractice(), Reason: "malade"})
	if err != nil || gone.State != StateCancelled || gone.Sequence != 2 || gone.Notice != 90*time.Minute || gone.History[2].Reason != "malade" {
		t.Fatalf("%v %+v", err, gone)
	}
	if again, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil || again.Sequence != 2 || len(again.History) != 3 {
		t.Fatalf("an old link: %v %+v", err, again)
	}
	if _, err := d.Move(a.ID, MoveRequest{By: byPractice(), Start: mustTime(t, "2026-11-27T09:00:00Z")}); !errors.Is(err, ErrState) {
		t.Fatalf("an old link never makes the appointment anew: %v", err)
	}
	if len(gone.Reminders) != 0 {
		t.Error(gone.Reminders)
	}
	if list, err := d.Appointments(doctor.Practitioner, mustTime(t, "2026-11-25T00:00:00Z"), mustTime(t, "2026-11-27T00:00:00Z")); err != nil || len(list) != 2 || list[1].State != StateCancelled {
		t.Fatalf("%v %v", err, list)
	}
}

func TestMoveOverItself(t *testing.T) {
	d := newDesk(t)
	s := d.offer(func(s *Service) { s.Step = 10 * time.Minute }, everyDay(t, "Europe/Paris", "09:00-12:00"))
	a := d.mustBook(d.ask(s, "2026-11-25T09:00:00Z")).Appointment
	d.mustBook(d.ask(s, "2026-11-25T09:40:00Z"))
	if moved, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-25T09:10:00Z")}); err != nil || moved.Wall != "2026-11-25T10:10" {
		t.Fatalf("%v %v", err, moved)
	}
	if _, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-25T09:20:00Z")}); !errors.Is(err, ErrTaken) {
		t.Fatal(err)
	}
	if _, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-25T09:05:00Z")}); !errors.Is(err, ErrTaken) {
		t.Fatalf("a time that is not offered: %v", err)
	}
	if got, _ := d.Appointment(a.ID); got.Wall != "2026-11-25T10:10" {
		t.Fatal(got.Wall)
	}
}

func TestHold(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-10:00"))
	at := mustTime(t, "2026-11-25T08:00:00Z")
	hold, err := d.Hold(HoldRequest{Service: s.ID, Start: at, By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Fatalf("held: %v", err)
	}
	made := d.mustBook(Request{By: byPatient(), Hold: hold.Secret, Person: jeanne()})
	if !made.Appointment.Start.Equal(at) {
		t.Fatal(made.Appointment.Start)
	}
	if _, err := d.Book.Book(Request{By: byPatient(), Hold: hold.Secret, Person: jeanne()}); !errors.Is(err, ErrHoldLapsed) {
		t.Fatalf("a hold is good once: %v", err)
	}

	second, err := d.Hold(HoldRequest{Service: s.ID, Start: at.Add(30 * time.Minute), By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	d.clock.Set(second.Until)
	if _, err := d.Held(second.Secret); !errors.Is(err, ErrHoldLapsed) {
		t.Fatal(err)
	}
	d.mustBook(d.ask(s, "2026-11-25T08:30:00Z")) // lapsed by time
	if _, err := d.Book.Book(Request{By: byPatient(), Hold: second.Secret, Person: jeanne()}); !errors.Is(err, ErrTaken) {
		t.Fatalf("lapsed and taken: %v", err)
	}
	third, err := d.Hold(HoldRequest{Service: s.ID, Start: at.Add(24 * time.Hour), By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Release(third.Secret); err != nil {
		t.Fatal(err)
	}
	if err := d.Release(third.Secret); err != nil {
		t.Fatal(err)
	}
	d.mustBook(d.ask(s, "2026-11-26T08:00:00Z"))
}

func TestIdempotencyKey(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-10:00"))
	r := d.ask(s, "2026-11-25T08:00:00Z")
	r.Key = "k"
	first := d.mustBook(r)
	d.restart()
	again := d.mustBook(r)
	if !again.Repeated || again.Appointment.ID != first.Appointment.ID || again.Secret != first.Secret {
		t.Fatalf("%+v", again)
	}
}

// entries are what is taken in the owner's days.
func (d *desk) entries(of OwnerID, first, last Date) ([]entry, error) {
	days, err := d.daysOf(of, first, last)
	var all []entry
	for _, doc := range days {
		all = append(all, doc...)
	}
	return all, err
}

// TestAcrossMidnight: one appointment, two day documents, and both keep its time.
func TestAcrossMidnight(t *testing.T) {
	d := newDesk(t)
	night := everyDay(t, "UTC", "22:00-02:00")
	s := d.offer(func(s *Service) { s.Step = 15 * time.Minute; s.After = 10 * time.Minute; s.DailyMax = 2 }, night)
	a := d.mustBook(d.ask(s, "2026-11-25T23:45:00Z")).Appointment
	for _, day := range []string{"2026-11-25", "2026-11-26"} {
		if e, err := d.entries(OwnerOf(night.Practitioner), mustDate(t, day), mustDate(t, day)); err != nil || len(e) != 1 || e[0].id != entryIDOf(string(a.ID)) {
			t.Fatalf("%s: %v %v", day, e, err)
		}
	}
	for _, start := range []string{"2026-11-25T23:15:00Z", "2026-11-26T00:15:00Z"} { // buffers
		if _, err := d.Book.Book(d.ask(s, start)); !errors.Is(err, ErrTaken) {
			t.Fatalf("%s: %v", start, err)
		}
	}
	d.mustBook(d.ask(s, "2026-11-26T00:30:00Z"))
	d.mustBook(d.ask(s, "2026-11-25T22:30:00Z")) // the second of the 25th
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T22:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Fatalf("the daily maximum: %v", err)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	if e, _ := d.entries(OwnerOf(night.Practitioner), mustDate(t, "2026-11-26"), mustDate(t, "2026-11-26")); len(e) != 1 {
		t.Fatalf("%v", e)
	}
}

func TestResources(t *testing.T) {
	d := newDesk(t)
	x, y := everyDay(t, "Europe/Paris", "09:00-10:00"), everyDay(t, "Europe/Paris", "09:00-10:00")
	room := NewRoomID()
	s := d.offer(func(s *Service) { s.Resources = []Resource{{AnyOf: []OwnerID{room}}} }, x, y)
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	if len(a.Resources) != 1 {
		t.Fatal(a.Resources)
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Fatalf("the colleague is free, the room is not: %v", err)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	d.mustBook(d.ask(s, "2026-11-25T08:00:00Z"))
}

// TestResourcesFit: of two things that are needed the one that has a choice leaves the other what that needs, and a time at which both would
// need the same one is not offered.
func TestResourcesFit(t *testing.T) {
	d := newDesk(t)
	doctor, colleague := everyDay(t, "Europe/Paris", "09:00-10:00"), everyDay(t, "Europe/Paris", "09:00-10:00")
	large, small := NewRoomID(), NewRoomID()
	s := d.offer(func(s *Service) {
		s.Resources = []Resource{{AnyOf: []OwnerID{large, small}}, {AnyOf: []OwnerID{large}}}
	}, doctor)
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	if !slices.Equal(a.Resources, []OwnerID{small, large}) {
		t.Fatal(a.Resources)
	}
	other := d.offer(func(s *Service) { s.Resources = []Resource{{AnyOf: []OwnerID{small}}} }, colleague)
	d.mustBook(d.ask(other, "2026-11-25T08:30:00Z"))
	if free, err := d.Free(Query{Service: s.ID, From: mustTime(t, "2026-11-25T08:30:00Z"), To: mustTime(t, "2026-11-25T08:31:00Z")}); err != nil || len(free) != 0 {
		t.Fatalf("%v %v", free, err)
	}
	r := d.ask(s, "2026-11-25T08:30:00Z")
	if _, err := d.Book.Book(r); !errors.Is(err, ErrTaken) {
		t.Fatal(err)
	}
	r.By, r.Practitioner, r.Overbook = byPractice(), doctor.Practitioner, "douleur aiguë"
	if a := d.mustBook(r).Appointment; !slices.Equal(a.Resources, []OwnerID{small, large}) {
		t.Fatal(a.Resources)
	}
}

func TestAnyIsTheLeastLoaded(t *testing.T) {
	d := newDesk(t)
	x, y := everyDay(t, "Europe/Paris", "09:00-12:00"), everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(nil, x, y)
	var got []string
	for _, start := range []string{"2026-11-25T08:00:00Z", "2026-11-25T08:00:00Z", "2026-11-25T08:30:00Z", "2026-11-25T09:00:00Z", "2026-11-25T09:30:00Z"} {
		a := d.mustBook(d.ask(s, start)).Appointment
		got = append(got, map[consult.AccountID]string{x.Practitioner: "x", y.Practitioner: "y"}[a.Practitioner])
	}
	if strings.Join(got, "") != "xyxyx" {
		t.Error(got)
	}
}

func TestOverbook(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	d.mustBook(d.ask(s, "2026-11-25T08:00:00Z"))
	r := d.ask(s, "2026-11-25T08:10:00Z")
	r.By, r.Practitioner = byPractice(), doctor.Practitioner
	if _, err := d.Book.Book(r); !errors.Is(err, ErrTaken) {
		t.Fatal(err)
	}
	r.Overbook = "douleur aiguë"
	a := d.mustBook(r).Appointment
	if !a.Overbooked || a.History[0].Reason != "douleur aiguë" {
		t.Fatalf("%+v", a)
	}
	r.By = byPatient()
	if _, err := d.Book.Book(r); consult.CodeOf(err) != consult.CodeForbidden {
		t.Fatal(err)
	}
	outside := d.ask(s, "2026-11-25T18:00:00Z") // the practice books outside of hours
	outside.By, outside.Practitioner = byPractice(), doctor.Practitioner
	d.mustBook(outside)
}

func TestApprovalTooLate(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(func(s *Service) { s.Approval = true }, doctor)
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	d.clock.Set(a.Start)
	if _, err := d.Approve(a.ID, ApproveRequest{By: byPractice()}); !errors.Is(err, ErrState) {
		t.Fatalf("its time has passed: %v", err)
	}
	if got, err := d.Approve(a.ID, ApproveRequest{By: byPractice(), Start: mustTime(t, "2026-11-26T08:00:00Z")}); err != nil || got.State != StateBooked {
		t.Fatalf("at another time: %v %s", err, got.State)
	}
}

func TestRequestAndApproval(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(func(s *Service) { s.Approval = true; s.Reminders = []time.Duration{time.Hour} }, doctor)
	asked := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	timeless := d.ask(s, "2026-11-25T08:00:00Z")
	timeless.Start, timeless.Note = time.Time{}, "Rappelez-moi quand vous pouvez"
	open := d.mustBook(timeless).Appointment
	if asked.State != StateRequested || open.State != StateRequested || d.outbox.queued() != "asked asked" {
		t.Fatalf("%s %s %s", asked.State, open.State, d.outbox.queued())
	}
	if list, err := d.Requests(); err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Fatalf("what waits for approval is not on sale: %v", err)
	}
	yes, err := d.Approve(asked.ID, ApproveRequest{By: byPractice()})
	if err != nil || yes.State != StateBooked {
		t.Fatal(yes, err)
	}
	if _, err := d.Approve(open.ID, ApproveRequest{By: byPractice(), Practitioner: doctor.Practitioner, Start: asked.Start}); !errors.Is(err, ErrTaken) {
		t.Fatal(err)
	}
	later, err := d.Approve(open.ID, ApproveRequest{By: byPractice(), Practitioner: doctor.Practitioner, Start: asked.Start.Add(30 * time.Minute)})
	if err != nil || later.State != StateBooked || later.Wall != "2026-11-25T09:30" {
		t.Fatal(later, err)
	}
	third := d.mustBook(d.ask(s, "2026-11-26T08:00:00Z")).Appointment
	if no, err := d.Refuse(third.ID, byPractice(), ""); err != nil || no.State != StateRefused {
		t.Fatal(no, err)
	}
	d.mustBook(d.ask(s, "2026-11-26T08:00:00Z"))
	if list, _ := d.Requests(); len(list) != 1 {
		t.Fatal(list)
	}
}

// TestConsultation: made the day before, withdrawn with the appointment, made anew after a move.
func TestConsultation(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	if got, _ := d.Appointment(a.ID); got.Consultation != "" {
		t.Fatal("too early")
	}
	d.clock.Set(mustTime(t, "2026-11-24T08:00:00Z"))
	d.restart()
	d.until("the consultation", func() bool { got, _ := d.Appointment(a.ID); return got.Consultation != "" })
	a, _ = d.Appointment(a.ID)
	c, err := d.practice.Consultation(a.Consultation)
	if err != nil || !c.ScheduledAt.Equal(a.Start) || c.Practitioner != doctor.Practitioner || c.Participants[1].Name != "Jeanne Martin" {
		t.Fatalf("%v %+v", err, c)
	}
	if list, err := d.practice.Day(doctor.Practitioner, "2026-11-25"); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	d.clock.Set(mustTime(t, "2026-11-24T09:00:00Z"))
	moved, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-25T08:30:00Z")})
	if err != nil {
		t.Fatal(err)
	}
	if old, _ := d.practice.Consultation(c.ID); old.State != consult.StateEnded {
		t.Fatalf("the old one is %s", old.State)
	}
	d.until("the new one", func() bool { got, _ := d.Appointment(a.ID); return got.Consultation != "" && got.Consultation != c.ID })
	a, _ = d.Appointment(a.ID)
	seat := func(i int) consult.Seat {
		c, err := d.practice.Consultation(a.Consultation)
		if err != nil {
			t.Fatal(err)
		}
		return consult.Seat{Consultation: c, Participant: c.Participants[i]}
	}
	if !seat(0).Consultation.ScheduledAt.Equal(moved.Start) {
		t.Fatal(seat(0).Consultation.ScheduledAt)
	}
	d.clock.Set(moved.Start)
	follow := func(want State) {
		t.Helper()
		d.until(string(want), func() bool { got, _ := d.Appointment(a.ID); return got.State == want })
	}
	follow(StateBooked)
	for i := range 2 {
		if _, err := d.practice.Arrive(seat(i), consult.Devices{}); err != nil {
			t.Fatal(err)
		}
	}
	follow(StateArrived)
	if _, err := d.practice.Admit(doctor.Practitioner, a.Consultation, seat(1).Participant.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPractice()}); consult.CodeOf(err) != consult.CodeConflict {
		t.Fatalf("under way: %v", err)
	}
	for i := range 2 {
		if _, err := d.practice.Connected(a.Consultation, seat(i).Participant.ID); err != nil {
			t.Fatal(err)
		}
	}
	follow(StateInVisit)
	if err := d.Close(); err != nil { // what happens now is not followed before the next start
		t.Fatal(err)
	}
	if _, err := d.practice.End(doctor.Practitioner, a.Consultation); err != nil {
		t.Fatal(err)
	}
	d.restart()
	follow(StateFulfilled)
}

func TestCancelWithdrawsConsultation(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-10:00"))
	a := d.mustBook(d.ask(s, "2026-11-24T08:00:00Z")).Appointment
	a, err := d.OpenNow(a.ID)
	if err != nil || a.Consultation == "" {
		t.Fatal(a, err)
	}
	c, _ := d.practice.Consultation(a.Consultation)
	secret, err := d.practice.Link(c.Practitioner, c.ID, c.Participants[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	if _, err := consult.FindTicket(d.store, secret, consult.PurposeJoin, d.clock.Now()); !errors.Is(err, consult.ErrBadTicket) {
		t.Fatal(err)
	}
	if open, err := d.practice.OpenConsultations(c.Practitioner); err != nil || len(open) != 0 {
		t.Fatal(open, err)
	}
}

// TestEndedBeforeItsTimeCancels: a consultation that is ended by hand days before takes its appointment and its reminders with it. The
// patient is told once.
func TestEndedBeforeItsTimeCancels(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	a := d.mustBook(d.ask(s, "2026-11-24T08:00:00Z")).Appointment
	a, err := d.OpenNow(a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.practice.End(doctor.Practitioner, a.Consultation); err != nil {
		t.Fatal(err)
	}
	d.until("cancelled", func() bool { got, _ := d.Appointment(a.ID); return got.State == StateCancelled })
	if got, _ := d.Appointment(a.ID); len(got.Reminders) != 0 || got.Consultation != "" {
		t.Errorf("%+v", got)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPractice()}); err != nil {
		t.Fatal(err)
	}
	d.outbox.mu.Lock()
	defer d.outbox.mu.Unlock()
	var told []consult.NoticeKind
	for _, n := range d.outbox.notices {
		if n.Kind == consult.NoticeAppointmentCancelled || n.Kind == consult.NoticeConsultationCancelled {
			told = append(told, n.Kind)
		}
	}
	if !slices.Equal(told, []consult.NoticeKind{consult.NoticeAppointmentCancelled}) {
		t.Errorf("told %v", told)
	}
}

func TestSeries(t *testing.T) {
	d := newDesk(t)
	d.clock.Set(mustTime(t, "2026-10-12T07:00:00Z"))
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	d.mustBook(d.ask(s, "2026-10-27T08:00:00Z")) // stands in the way of the third
	r := d.ask(s, "2026-10-13T07:00:00Z")
	r.By, r.Practitioner, r.Key = byPractice(), doctor.Practitioner, "series"
	results, err := d.BookSeries(r, 1, 4)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range results {
		if errors.Is(one.Err, ErrTaken) {
			got = append(got, "taken")
			continue
		}
		got = append(got, one.Booked.Appointment.Wall+one.Booked.Appointment.Start.Format("=15:04"))
	}
	if want := "2026-10-13T09:00=07:00 2026-10-20T09:00=07:00 taken 2026-11-03T09:00=08:00"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}

// TestNothingHalf: a notice that cannot be written takes the whole booking with it; nobody who can be reached is fine.
func TestNothingHalf(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	d.outbox.fail = kv.ErrTooLarge
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, consult.ErrInternal) {
		t.Fatal(err)
	}
	if e, _ := d.entries(OwnerOf(doctor.Practitioner), 0, 100000); len(e) != 0 {
		t.Fatal(e)
	}
	d.outbox.fail = consult.ErrUnreachable
	if a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment; a.Told {
		t.Fatal("told whom?")
	}
}

// TestNothingPersonal: the file holds no name, number or reason in the clear, and no secret.
func TestNothingPersonal(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-10:00"))
	r := d.ask(s, "2026-11-25T08:00:00Z")
	r.Note, r.Patient = "maux de ventre", consult.NewPatientID()
	made := d.mustBook(r)
	if _, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(72 * time.Hour), Person: jeanne()}); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(d.dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Jeanne", "33639980010", "ventre", made.Secret} {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("%q is in the file", secret)
		}
	}
	if list, err := d.AppointmentsOf(r.Patient); err != nil || len(list) != 1 || list[0].Note != "maux de ventre" {
		t.Fatal(list, err)
	}
}

func TestRemindersAhead(t *testing.T) {
	d := newDesk(t)
	s := d.offer(func(s *Service) { s.Reminders = []time.Duration{24 * time.Hour, time.Hour, 0} }, everyDay(t, "Europe/Paris", "09:00-12:00"))
	r := d.ask(s, "2026-11-23T08:30:00Z") // in an hour and a half
	r.Modality = ModalityPhone
	a := d.mustBook(r).Appointment
	if !slices.Equal(a.Reminders, []time.Duration{time.Hour, 0}) {
		t.Error(a.Reminders)
	}
}

// TestReminders: each is written when it is due, once, as the appointment is then; one that waits goes with a move, a
// cancel or the next; of
// several that a program that stood still has missed, the last.
func TestReminders(t *testing.T) {
	d := newDesk(t)
	s := d.offer(func(s *Service) {
		s.Reminders, s.Modalities = []time.Duration{0, 24 * time.Hour, time.Hour}, []Modality{ModalityPhone}
	}, everyDay(t, "Europe/Paris", "09:00-12:00"))
	a := d.mustBook(d.ask(s, "2026-11-26T09:00:00Z")).Appointment
	at := func(when, want string) {
		t.Helper()
		d.clock.Set(mustTime(t, when))
		d.restart() // the worker of the next program looks at the clock
		d.until(when, func() bool {
			keys := d.dues()
			return len(keys) == 0 || keys[0] > duePrefix+instant(d.clock.Now().Add(1))
		})
		if got := d.outbox.queued(); got != want {
			t.Errorf("%s: %s, want %s", when, got, want)
		}
	}
	at("2026-11-25T08:59:59Z", "appointment")
	at("2026-11-25T09:00:00Z", "appointment reminder-24h")
	at("2026-11-25T09:00:01Z", "appointment reminder-24h")
	if _, err := d.Move(a.ID, MoveRequest{By: byPatient(), Start: mustTime(t, "2026-11-27T09:30:00Z")}); err != nil {
		t.Fatal(err)
	}
	at("2026-11-25T10:00:00Z", "appointment moved")
	touched, _ := d.LastChange(a.Practitioner)
	at("2026-11-27T08:45:00Z", "appointment moved reminder-1h")
	at("2026-11-27T09:30:00Z", "appointment moved reminder-0h")
	if last := d.outbox.notices[len(d.outbox.notices)-1]; !last.Urgent || last.Fields[consult.FieldAt] != "2026-11-27T09:30:00Z" {
		t.Errorf("%+v", last)
	}
	if now, _ := d.LastChange(a.Practitioner); now != touched {
		t.Error("a reminder changes nobody's calendar")
	}
	if a, _ = d.Appointment(a.ID); len(d.dues()) != 0 || len(a.Reminders) != 0 || a.Sequence != 1 {
		t.Errorf("%v %+v", d.dues(), a)
	}

	late := d.mustBook(d.ask(s, "2026-11-30T09:00:00Z")).Appointment
	at("2026-11-30T08:30:00Z", "appointment moved reminder-0h appointment reminder-1h")
	if _, err := d.Cancel(late.ID, CancelRequest{By: byPractice(), Quiet: true}); err != nil {
		t.Fatal(err)
	}
	at("2026-11-30T09:00:00Z", "appointment moved reminder-0h appointment")
}

func TestAbsence(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-12:00"))
	a := d.mustBook(d.ask(s, "2026-11-23T08:30:00Z")).Appointment
	d.clock.Set(a.End)
	got, err := d.Absent(a.ID, AbsentPatient, byPractice())
	if err != nil || got.State != StateNoShow || got.Absent != AbsentPatient {
		t.Fatal(got, err)
	}
	if got, err = d.Absent(a.ID, AbsentPractitioner, byPractice()); err != nil || got.Absent != AbsentPractitioner {
		t.Fatal(got, err)
	}
	if got, err = d.Act(a.ID, ActionFulfil, byPractice()); err != nil || got.State != StateFulfilled || got.Absent != "" {
		t.Fatal(got, err)
	}
	for _, c := range []struct {
		arrived, practitioner bool
		state                 State
		want                  State
		absent                Absence
	}{
		{true, true, StateArrived, StateFulfilled, ""}, {false, true, StateBooked, StateNoShow, AbsentPatient},
		{true, false, StateArrived, StateNoShow, AbsentPractitioner}, {false, false, StateBooked, "", ""}, {true, true, StateCancelled, "", ""},
	} {
		a := Appointment{State: c.state, End: d.clock.Now()}
		if c.arrived {
			a.ArrivedAt = a.End
		}
		if c.practitioner {
			a.PractitionerAt = a.End
		}
		if state, absent := a.Proposal(a.End); state != c.want || absent != c.absent {
			t.Errorf("%+v: %s %s", c, state, absent)
		}
		if state, _ := a.Proposal(a.End.Add(-1)); state != "" {
			t.Error("it is not over")
		}
	}
}

func TestRefusedRequests(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(func(s *Service) {
		s.Questions = []Question{{ID: "first", Label: map[string]string{"fr": "Première visite ?"}, Kind: QuestionYesNo, Required: true}}
	}, doctor)
	good := d.ask(s, "2026-11-25T08:00:00Z")
	good.Answers = map[string]string{"first": "yes"}
	for name, change := range map[string]func(*Request){
		"no answer":          func(r *Request) { r.Answers = nil },
		"a wrong answer":     func(r *Request) { r.Answers = map[string]string{"first": "perhaps"} },
		"an unknown answer":  func(r *Request) { r.Answers = map[string]string{"first": "yes", "x": "y"} },
		"nowhere to reach":   func(r *Request) { r.Person.Contact = consult.Contact{} },
		"no name":            func(r *Request) { r.Person.Name = " " },
		"a modality":         func(r *Request) { r.Modality = ModalityInPerson },
		"not in the grid":    func(r *Request) { r.Start = r.Start.Add(7 * time.Minute) },
		"not in the hours":   func(r *Request) { r.Start = r.Start.Add(7 * time.Hour) },
		"in the past":        func(r *Request) { r.Start = r.Start.Add(-7 * 24 * time.Hour) },
		"beyond the horizon": func(r *Request) { r.Start = r.Start.Add(90 * 24 * time.Hour) },
		"another's service":  func(r *Request) { r.Service = NewServiceID() },
		"a stranger":         func(r *Request) { r.Practitioner = consult.NewAccountID() },
		"no such hold":       func(r *Request) { r.Hold = consult.NewSecret() },
		"a long key":         func(r *Request) { r.Key = strings.Repeat("k", 101) },
	} {
		r := good
		change(&r)
		if _, err := d.Book.Book(r); err == nil || consult.CodeOf(err) == consult.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
	if e, _ := d.entries(OwnerOf(doctor.Practitioner), 0, 100000); len(e) != 0 {
		t.Fatal(e)
	}
	d.mustBook(good)
	callMe := good
	callMe.Start, callMe.Answers = time.Time{}, nil
	if asked := d.mustBook(callMe).Appointment; asked.State != StateRequested {
		t.Error("who asks to be called back is asked on the telephone:", asked.State)
	}
	callMe.Answers = map[string]string{"first": "perhaps"}
	if _, err := d.Book.Book(callMe); !errors.Is(err, errBadAnswer) {
		t.Error(err)
	}
}

// TestMachineIsClosed: every state that something leads to is one.
func TestMachineIsClosed(t *testing.T) {
	for _, from := range append(allStates(), "") {
		actions := transitions(from)
		for action, to := range actions {
			if !slices.Contains(allStates(), to) {
				t.Errorf("%s %s leads to %q, which is not there", from, action, to)
			}
			if to == from && action != ActionMove {
				t.Errorf("%s %s goes nowhere", from, action)
			}
		}
		if from != "" && from != StateInError && !slices.Contains([]State{StateInError}, actions[ActionMistake]) {
			t.Errorf("%s can not be a mistake", from)
		}
	}
}

// TestFirstFew: who asks for three times gets them also when they lie weeks ahead.
func TestFirstFew(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	doctor.Closed = []Period{{mustDate(t, "2026-11-23"), mustDate(t, "2026-12-10")}}
	s := d.offer(nil, doctor)
	q := Query{Service: s.ID, From: mustTime(t, monday), To: mustTime(t, "2026-12-23T00:00:00Z"), Limit: 3}
	if free, err := d.Free(q); err != nil || walls(free, time.UTC) != "11T08:00 11T08:30 12T08:00" {
		t.Fatal(walls(free, time.UTC), err)
	}
	q.To = mustTime(t, "2026-12-11T08:10:00Z")
	if free, err := d.Free(q); err != nil || walls(free, time.UTC) != "11T08:00" {
		t.Fatal(walls(free, time.UTC), err)
	}
}

// TestHoldIsForWhatItKeeps: what a request names beside a hold is what is kept, or nothing is booked; the hold stays as it was.
func TestHoldIsForWhatItKeeps(t *testing.T) {
	d := newDesk(t)
	change := func(s *Service) {
		s.Modalities = []Modality{ModalityVideo, ModalityInPerson}
	}
	s := d.offer(change, everyDay(t, "Europe/Paris", "09:00-12:00"))
	other := d.offer(change, everyDay(t, "Europe/Paris", "09:00-12:00"))
	at := mustTime(t, "2026-11-25T08:00:00Z")
	hold, err := d.Hold(HoldRequest{Service: s.ID, Start: at, Modality: ModalityVideo, By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	onVideo := d.mustBook(d.ask(s, "2026-11-25T10:00:00Z")).Appointment
	ask := d.ask(s, "2026-11-25T10:30:00Z")
	ask.Modality = ModalityInPerson
	onSite := d.mustBook(ask).Appointment
	for name, r := range map[string]Request{
		"way":          {Modality: ModalityInPerson},
		"service":      {Service: other.ID},
		"practitioner": {Practitioner: "a_ZZZZZZZZZZZZZZZZZZZZZA"},
		"place":        {Place: "Annexe"},
		"start":        {Start: at.Add(30 * time.Minute)},
	} {
		r.By, r.Hold, r.Person = byPatient(), hold.Secret, jeanne()
		if _, err := d.Book.Book(r); !errors.Is(err, errNotHeld) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	for name, c := range map[string]struct {
		which AppointmentID
		move  MoveRequest
	}{
		"way":          {onSite.ID, MoveRequest{}},
		"practitioner": {onVideo.ID, MoveRequest{Practitioner: "a_ZZZZZZZZZZZZZZZZZZZZZA"}},
		"start":        {onVideo.ID, MoveRequest{Start: at.Add(30 * time.Minute)}},
	} {
		c.move.By, c.move.Hold = byPatient(), hold.Secret
		if _, err := d.Move(c.which, c.move); !errors.Is(err, errNotHeld) {
			t.Errorf("moved to another %s: %v", name, err)
		}
	}
	made := d.mustBook(Request{By: byPatient(), Hold: hold.Secret, Service: s.ID, Practitioner: hold.Practitioner, Start: at, Modality: ModalityVideo, Person: jeanne()})
	if made.Appointment.Modality != ModalityVideo || !made.Appointment.Start.Equal(at) {
		t.Errorf("%+v", made.Appointment)
	}
}
