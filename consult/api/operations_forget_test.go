package api

import (
	"testing"

	"github.com/colloque/colloque/consult/booking"
)

// TestForgetContact: counted first, then erased, of the books for which one may act, and of no other.
func TestForgetContact(t *testing.T) {
	w := newWorld(t)
	table := "Date;Heure;Nom;Téléphone;Motif\n16/11/2026;9:00;Jeanne Martin;06 39 98 00 19;Suivi\n30/11/2026;9:00;Jeanne Martin;06 39 98 00 19;Suivi\n"
	at := "/api/v1/appointments/import?practitioner=" + string(w.owner.ID)
	if done := mustJSON[takenOverBody](w.site, request{method: "POST", path: at, body: table, cookie: w.cookies["owner"], header: map[string]string{"Content-Type": "text/csv"}}, 200); done.New != 2 {
		t.Fatalf("%+v", done)
	}
	ask := func(who, body string, want int) forgottenBody {
		t.Helper()
		r := request{method: "POST", path: "/api/v1/patients/forget-contact", body: body, cookie: w.cookies[who]}
		if want != 200 {
			mustJSON[Problem](w.site, r, want)
			return forgottenBody{}
		}
		return mustJSON[forgottenBody](w.site, r, want)
	}
	const number = `"phone":"+33639980019"`
	if got := ask("owner", `{`+number+`,"dry_run":true}`, 200); got != (forgottenBody{Appointments: 1, Ahead: 1}) {
		t.Errorf("%+v", got)
	}
	if got := ask("other", `{`+number+`}`, 200); got != (forgottenBody{}) {
		t.Errorf("a stranger erased %+v", got)
	}
	ask("owner", `{}`, 400)
	ask("owner", `{"phone":"12"}`, 400)
	ask("owner", `{`+number+`}`, 409)
	from := w.book.Now().AddDate(0, -1, 0)
	all, err := w.book.Appointments(w.owner.ID, from, from.AddDate(0, 3, 0))
	w.check(err)
	for _, one := range all {
		if one.Person.Contact.Phone == "+33639980019" && one.Start.After(w.book.Now()) {
			_, err := w.book.Cancel(one.ID, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice}, Quiet: true})
			w.check(err)
		}
	}
	if got := ask("delegate", `{`+number+`}`, 200); got != (forgottenBody{Appointments: 2}) {
		t.Errorf("%+v", got)
	}
	for _, one := range all {
		if left, err := w.book.Appointment(one.ID); err != nil || one.Person.Contact.Phone == "+33639980019" && left.Person.Name != booking.Nobody {
			t.Errorf("%+v %v", left, err)
		}
	}
	if got := ask("owner", `{`+number+`,"dry_run":true}`, 200); got != (forgottenBody{}) {
		t.Errorf("%+v", got)
	}
}
