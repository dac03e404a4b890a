package notify

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
)

// night is consultations and an appointment book with a real outbox, at 22:30 in Paris: text messages wait for the morning, and the mail
// server is too busy to take anything.
type night struct {
	*post
	practice *consult.Practice
	book     *booking.Book
	mails    *mailServer
	texts    *smsServer
	service  booking.Service
	by       consult.Practitioner
	staff    booking.Staff // nil: practitioners are told nothing
}

func newNight(t *testing.T) *night {
	t.Helper()
	h := &night{mails: newMailServer(t, TLSNone), texts: newSMSServer(t, accept), by: consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Claire Moreau"}}
	cfg := smsOnly(gatewayFor("main", h.texts.URL))
	cfg.Mail = h.mails.config(TLSNone)
	h.post = newPost(t, cfg)
	var err error
	h.practice, err = consult.Open(consult.DefaultConfig(), h.store, h.master, h.Outbox, h.clock.Now, slog.New(slog.DiscardHandler))
	h.check(err)
	h.opensBook()
	schedule := booking.Schedule{Practitioner: h.by.ID, Name: h.by.Name, TimeZone: "Europe/Paris"}
	for day := time.Sunday; day <= time.Saturday; day++ {
		schedule.Weekly = append(schedule.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 8 * 60, To: 18 * 60}})
	}
	h.service = booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"en": "Visit"}, Duration: 30 * time.Minute, Horizon: 60,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{h.by.ID}, Reminders: []time.Duration{11 * time.Hour},
	}
	h.check(errors.Join(h.book.SetService(h.service), h.book.SetSchedule(schedule)))
	h.check(h.Start(testBase))
	t.Cleanup(func() { h.check(errors.Join(h.book.Close(), h.practice.Close(), h.Close())) })
	h.settled()
	return h
}

func (h *night) opensBook() {
	h.t.Helper()
	var err error
	h.book, err = booking.Open(booking.DefaultConfig(), booking.Deps{Store: h.store, Master: h.master, Practice: h.practice, Outbox: h.Outbox, Staff: h.staff, Clock: h.clock.Now, Log: slog.New(slog.DiscardHandler)})
	h.check(err)
}

// settled returns when nothing is under way: all that is left waits for a later time.
func (h *night) settled() {
	h.t.Helper()
	changes, err := h.store.Watch(h.t.Context(), "v1/notice/", 0)
	h.check(err)
	deadline := time.After(30 * time.Second)
	for {
		var busy []string
		entries, err := h.store.Range("v1/notice/", "", kv.MaxRange)
		h.check(err)
		for _, entry := range entries {
			r, err := loadRow(h.store, consult.NoticeID(strings.TrimPrefix(entry.Key, "v1/notice/")))
			h.check(err)
			if r.State == StateHanding || r.State == StateQueued && !r.Due.After(h.clock.Now()) {
				busy = append(busy, fmt.Sprintf("%s %s %v", r.Kind, r.State, r.Due))
			}
		}
		if len(busy) == 0 {
			return
		}
		select {
		case <-changes:
		case <-deadline:
			h.t.Fatalf("under way: %v\n%s", busy, h.log)
		}
	}
}

// falls makes it night.
func (h *night) falls() {
	h.t.Helper()
	h.settled()
	h.mails.mu.Lock()
	h.mails.refuse = func(string) error { return &smtp.SMTPError{Code: 451, Message: "busy"} }
	h.mails.mails = nil
	h.mails.mu.Unlock()
	h.texts.mu.Lock()
	h.texts.requests = nil
	h.texts.mu.Unlock()
	h.clock.Set(time.Date(2026, 11, 22, 21, 30, 0, 0, time.UTC))
}

// morning is what arrives from 08:05 on.
func (h *night) morning() []string {
	h.t.Helper()
	h.settled()
	if sent := len(h.texts.received()) + len(h.mails.received()); sent != 0 {
		h.t.Errorf("%d sent in the night", sent)
	}
	h.mails.mu.Lock()
	h.mails.refuse = nil
	h.mails.mu.Unlock()
	h.clock.Set(time.Date(2026, 11, 23, 7, 5, 0, 0, time.UTC))
	h.wakeIn(0)
	h.settled()
	var all []string
	for _, m := range h.mails.received() {
		all = append(all, plain(m.raw))
	}
	for _, r := range h.texts.received() {
		all = append(all, r.body)
	}
	return all
}

// wednesdayAt is a time on Wednesday in Paris.
func wednesdayAt(hour int) time.Time { return time.Date(2026, 11, 25, hour-1, 0, 0, 0, time.UTC) }

func (h *night) books(by booking.ActorKind, to consult.Contact) booking.AppointmentID {
	h.t.Helper()
	made, err := h.book.Book(booking.Request{
		By: booking.Actor{Kind: by}, Service: h.service.ID, Start: wednesdayAt(10), Person: booking.Person{Name: "Canary Martin", Language: "en", Contact: to},
	})
	h.check(err)
	return made.Appointment.ID
}

func (h *night) moves(id booking.AppointmentID, hour int, quiet bool) {
	h.t.Helper()
	h.settled() // what was put waits now
	_, err := h.book.Move(id, booking.MoveRequest{By: booking.Actor{Kind: booking.ByPractice}, Start: wednesdayAt(hour), Quiet: quiet})
	h.check(err)
}

func (h *night) cancels(id booking.AppointmentID) {
	h.t.Helper()
	h.settled()
	_, err := h.book.Cancel(id, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice}})
	h.check(err)
}

// starts is a consultation by SMS, with a guest by mail who is invited too.
func (h *night) starts() (consult.Consultation, consult.Participant) {
	h.t.Helper()
	c, _, err := h.practice.Start(consult.StartRequest{
		By: h.by, Name: "Canary Martin", Language: "en", Contact: consult.Contact{Phone: "+33639980010"}, ScheduledAt: wednesdayAt(10), Tell: true,
	})
	h.check(err)
	return c, h.invites(c.ID)
}

func (h *night) invites(id consult.ConsultationID) consult.Participant {
	h.t.Helper()
	made, err := h.practice.InviteAs(h.by.ID, id, consult.Invitation{Role: consult.RoleGuest, Name: "Paul", Language: "en", Contact: consult.Contact{Mail: "paul@example.org"}, Tell: true})
	h.check(err)
	return made.Participant
}

func (h *night) asks(id consult.ConsultationID) string {
	h.t.Helper()
	asked, err := h.practice.AskForInterpreter(h.by.ID, id, consult.AskInterpreter{
		Of: "o_1", Name: "ISM", To: consult.Contact{Mail: "ism@example.org"}, From: "fr", Into: "fsl", Deadline: wednesdayAt(8),
	})
	h.check(err)
	return asked.Secret
}

// remind lets the book do what is due.
func (h *night) remind() {
	h.t.Helper()
	changes, err := h.store.Watch(h.t.Context(), "v1/notice-key/", 0)
	h.check(err)
	h.check(h.book.Close())
	h.opensBook()
	<-changes
}

func (h *night) ends(id consult.ConsultationID) {
	h.t.Helper()
	h.settled()
	_, err := h.practice.End(h.by.ID, id)
	h.check(err)
}

// TestNobodyIsToldOfWhatIsNotAnyMore: what waits in the outbox goes with the consultation or the appointment that it is about. In the
// morning everybody is told what is true then, and nobody that something is off of which they never heard.
func TestNobodyIsToldOfWhatIsNotAnyMore(t *testing.T) {
	bySMS := consult.Contact{Phone: "+33639980010"}
	byMail := consult.Contact{Mail: "canary@example.org"}
	const ten, eleven, noon = "10:00", "11:00", "12:00"
	for name, test := range map[string]struct {
		do   func(*night)
		want []string // one for each message: what is in it; "|" between
	}{
		"a consultation": {func(h *night) {
			h.falls()
			c, _ := h.starts()
			h.asks(c.ID)
			h.ends(c.ID)
		}, nil},
		"one whose guest was given a link by hand": {func(h *night) {
			h.falls()
			c, guest := h.starts()
			_, err := h.practice.Link(h.by.ID, c.ID, guest.ID)
			h.check(err)
			h.ends(c.ID)
		}, []string{"will not take place|" + ten}},
		"one of which all had heard": {func(h *night) {
			c, _ := h.starts()
			h.falls()
			h.ends(c.ID)
		}, []string{"will not take place|" + ten, "is cancelled|" + ten}},
		"one whose interpreter has just said yes": {func(h *night) {
			c, _ := h.starts()
			secret := h.asks(c.ID)
			h.falls()
			_, err := h.practice.AcceptRequest(t.Context(), secret, consult.Acceptance{Language: "en"}, netip.MustParseAddr("192.0.2.1"))
			h.check(err)
			h.ends(c.ID)
		}, []string{"will not take place|" + ten, "will not take place|" + ten, "is cancelled|" + ten}},
		"an appointment that the practice made": {func(h *night) {
			h.falls()
			h.cancels(h.books(booking.ByPractice, bySMS))
		}, nil},
		"the same, moved": {func(h *night) {
			h.falls()
			h.moves(h.books(booking.ByPractice, byMail), 11, false)
		}, []string{"is booked|" + eleven}},
		"the same, moved quietly": {func(h *night) {
			h.falls()
			h.moves(h.books(booking.ByPractice, bySMS), 11, true)
		}, []string{"appointment Wed|" + eleven}},
		"the same, moved and cancelled": {func(h *night) {
			h.falls()
			id := h.books(booking.ByPractice, bySMS)
			h.moves(id, 11, false)
			h.cancels(id)
		}, nil},
		"an appointment that the patient made": {func(h *night) {
			h.falls()
			h.cancels(h.books(booking.ByPatient, bySMS))
		}, []string{"is cancelled|" + ten}},
		"one that the patient was told of, moved twice": {func(h *night) {
			id := h.books(booking.ByPractice, byMail)
			h.falls()
			h.moves(id, 11, false)
			h.moves(id, 12, false)
		}, []string{"is now|" + noon + "|It was: |" + ten}},
		"one that the patient was told of, moved and cancelled": {func(h *night) {
			id := h.books(booking.ByPractice, bySMS)
			h.falls()
			h.moves(id, 11, false)
			h.cancels(id)
		}, []string{"is cancelled|" + ten}},
		"the guest of an appointment": {func(h *night) {
			id := h.books(booking.ByPractice, bySMS)
			a, err := h.book.OpenNow(id)
			h.check(err)
			h.falls()
			h.invites(a.Consultation)
			h.asks(a.Consultation)
			h.moves(id, 11, true)
		}, nil},
		"a reminder": {func(h *night) {
			id := h.books(booking.ByPatient, bySMS)
			_, err := h.book.Move(id, booking.MoveRequest{By: booking.Actor{Kind: booking.ByPractice}, Start: time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)}) // 11 hours from 22:30
			h.check(err)
			h.falls()
			h.remind()
			h.cancels(id)
		}, []string{"is cancelled|09:30"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newNight(t)
			test.do(h)
			got := h.morning()
			if len(got) != len(test.want) {
				t.Fatalf("%d messages, want %d:\n%s", len(got), len(test.want), strings.Join(got, "\n---\n"))
			}
			for _, want := range test.want {
				i := slices.IndexFunc(got, func(text string) bool {
					return !slices.ContainsFunc(strings.Split(want, "|"), func(part string) bool { return !strings.Contains(text, part) })
				})
				if i < 0 {
					t.Fatalf("none says %q:\n%s", want, strings.Join(got, "\n---\n"))
				}
				got = slices.Delete(got, i, i+1)
			}
		})
	}
}

// TestMuchTakenBackAtOnce: an appointment that is moved to a colleague, with all that there can be around it, still fits into one transaction,
// and no invitation to what it was goes out.
func TestMuchTakenBackAtOnce(t *testing.T) {
	h := newNight(t)
	colleague := booking.Schedule{Practitioner: consult.NewAccountID(), Name: "Dr Anne Petit", TimeZone: "Europe/Paris", Weekly: []booking.Rule{{Weekday: time.Wednesday, Hours: booking.Hours{From: 8 * 60, To: 18 * 60}}}}
	h.service.Practitioners = append(h.service.Practitioners, colleague.Practitioner)
	for range booking.MaxResources {
		h.service.Resources = append(h.service.Resources, booking.Resource{AnyOf: []booking.OwnerID{booking.NewRoomID(), booking.NewRoomID()}})
	}
	h.service.Reminders = []time.Duration{0, time.Hour, 24 * time.Hour}
	h.check(errors.Join(h.book.SetSchedule(colleague), h.book.SetService(h.service), h.book.Close()))
	h.staff = bookMail{}
	h.opensBook()
	_, err := h.book.Wait(booking.WaitRequest{Service: h.service.ID, From: wednesdayAt(8), To: wednesdayAt(18), Person: booking.Person{Name: "Paul", Contact: consult.Contact{Mail: "waits@example.org"}}})
	h.check(err)
	a, err := h.book.OpenNow(h.books(booking.ByPractice, consult.Contact{Phone: "+33639980010"}))
	h.check(err)
	h.falls()
	h.moves(a.ID, 14, false)
	a, err = h.book.OpenNow(a.ID)
	h.check(err)
	h.invites(a.Consultation)
	h.invites(a.Consultation)
	secret := h.asks(a.Consultation)
	_, err = h.practice.AcceptRequest(t.Context(), secret, consult.Acceptance{Language: "en"}, netip.MustParseAddr("192.0.2.1"))
	h.check(err)
	h.settled()
	_, err = h.book.Move(a.ID, booking.MoveRequest{By: booking.Actor{Kind: booking.ByPractice}, Practitioner: colleague.Practitioner, Start: wednesdayAt(16)})
	h.check(err)
	for _, text := range h.morning() {
		if strings.Contains(text, "/c/") {
			t.Errorf("a link into what is not any more:\n%s", text)
		}
	}
}

// bookMail has every practitioner wish to be told.
type bookMail struct{}

func (bookMail) BookContact(consult.AccountID) (consult.Contact, error) {
	return consult.Contact{Mail: "doctor@example.org", Reach: consult.ReachMail}, nil
}
