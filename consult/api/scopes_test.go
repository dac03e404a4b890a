package api

import (
	"fmt"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/patient"
)

// TestRecordsAreNotReadByTheWay: a program that may book, or start a consultation, and not read records, is not told a record by booking for
// its id, or by importing a name.
func TestRecordsAreNotReadByTheWay(t *testing.T) {
	w := newWorld(t)
	p, err := w.patients.Create(t.Context(), w.ids["owner"], patient.Patient{
		FamilyName: "Martin", GivenNames: "Jeanne", BirthDate: "1957-03-09", Contact: consult.Contact{Phone: "+33639980010"},
	}, true)
	w.check(err)
	token := func(scopes ...account.Scope) map[string]string {
		secret, _, err := w.accounts.NewToken(w.ids["owner"], "a program", scopes, 48*time.Hour)
		w.check(err)
		return map[string]string{"Authorization": "Bearer " + secret, "Origin": "", "Sec-Fetch-Site": ""}
	}
	book := fmt.Sprintf(`{"service":%q,"practitioner":%q,"start":"2026-11-25T14:00:00Z","patient":%q,"tell":false}`, w.given.ID, w.owner.ID, p.ID)
	start := fmt.Sprintf(`{"patient":%q}`, p.ID)
	const file = "date;heure;nom;date de naissance\n2026-11-30;9:00;Martin Jeanne;09/03/1957\n"
	for _, c := range []struct {
		scope            account.Scope
		path, body, kind string
	}{
		{account.ScopeAppointmentsWrite, "/appointments", book, "application/json"},
		{account.ScopeConsultationsWrite, "/consultations", start, "application/json"},
		{account.ScopeAppointmentsWrite, "/appointments/import?practitioner=" + string(w.owner.ID), file, "text/csv"},
	} {
		ask := func(scopes ...account.Scope) int {
			header := token(scopes...)
			header["Content-Type"] = c.kind
			return w.do(request{method: "POST", path: "/api/v1" + c.path, body: c.body, header: header}).Code
		}
		if got := ask(c.scope); got != 403 {
			t.Errorf("%s with %s alone: %d", c.path, c.scope, got)
		}
		if got := ask(c.scope, account.ScopePatientsRead); got/100 != 2 {
			t.Errorf("%s with patients:read too: %d", c.path, got)
		}
	}
}
