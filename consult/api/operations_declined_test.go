package api

import (
	"testing"
	"time"

	"github.com/colloque/colloque/consult/booking"
)

// TestDeclinedAppointments: who acts for a practitioner is shown which patients say that they won't come, and settles it either way.
func TestDeclinedAppointments(t *testing.T) {
	w := newWorld(t)
	wish := w.visit(wednesday(15, 0), booking.ModalityVideo)
	wish.Person.Contact.Mail = "jeanne@example.org"
	booked, err := w.book.Book(wish)
	w.check(err)
	one := booked.Appointment
	declined := func(who string) []AppointmentFields {
		t.Helper()
		return mustJSON[declinedBody](w.site, request{method: "GET", path: "/api/v1/appointments/declined", cookie: w.cookies[who]}, 200).Declined
	}
	answer := func(at time.Duration) {
		t.Helper()
		w.check(w.book.Answer(booking.Answer{UID: one.UID, Mail: one.Person.Contact.Mail, Declined: true, Sequence: one.Sequence, Stamp: one.CreatedAt.Add(at)}))
	}
	if all := declined("delegate"); len(all) != 0 {
		t.Fatal(all)
	}
	answer(time.Minute)
	if all := declined("delegate"); len(all) != 1 || all[0].ID != one.ID || all[0].DeclinedAt == nil || len(declined("other")) != 0 {
		t.Fatal(all)
	}
	path := "/api/v1/appointments/" + string(one.ID)
	kept := mustJSON[wholeAppointmentBody](w.site, request{method: "POST", path: path + "/keep", cookie: w.cookies["delegate"]}, 200)
	if last := kept.History[len(kept.History)-1]; last.Action != booking.ActionKeep || last.ByName != "The delegate" || kept.DeclinedAt != nil || len(declined("delegate")) != 0 {
		t.Fatal(kept)
	}
	answer(time.Hour)
	mustJSON[wholeAppointmentBody](w.site, request{method: "POST", path: path + "/cancel", body: `{"tell":true,"reason":"declined"}`, cookie: w.cookies["delegate"]}, 200)
	if all := declined("delegate"); len(all) != 0 {
		t.Error(all)
	}
}
