package api

import (
	"fmt"
	"testing"

	"github.com/colloque/colloque/consult/booking"
)

// TestLackingAppointments: who acts for a practitioner is shown which appointments need another room, interpreter or practitioner, by name,
// and gives them another at the same time; services do not offer what is closed.
func TestLackingAppointments(t *testing.T) {
	w := newWorld(t)
	lacking := func(who string) []lackBody {
		t.Helper()
		return mustJSON[lacksBody](w.site, request{method: "GET", path: "/api/v1/appointments/lacking", cookie: w.cookies[who]}, 200).Lacking
	}
	first := w.room() // the only one yet
	second, err := w.book.ReviseRoom(booking.Room{ID: booking.NewRoomID(), Name: "Cabinet 2"})
	w.check(err)
	w.given.Resources = []booking.Resource{{AnyOf: []booking.OwnerID{booking.OwnerOf(w.ids["interpreter"]), booking.OwnerOf(w.ids["other"])}}, {AnyOf: []booking.OwnerID{first.ID, second.ID}}}
	w.check(w.book.SetService(w.given))
	one := w.mustBook(wednesday(15, 0), booking.ModalityInPerson)
	if all := lacking("delegate"); len(all) != 0 {
		t.Errorf("%+v", all)
	}
	w.leaves("interpreter")
	closed := mustJSON[roomBody](w.site, request{
		method: "PUT", path: "/api/v1/rooms/" + string(first.ID), cookie: w.cookies["owner"], body: fmt.Sprintf(`{"revision":%d,"name":"Cabinet 1","closed":true}`, first.Revision),
	}, 200)
	if !closed.Closed {
		t.Errorf("%+v", closed)
	}
	all := lacking("delegate")
	if len(all) != 1 || all[0].Appointment.ID != one.ID || all[0].Practitioner || len(all[0].Resources) != 2 || all[0].Resources[0].Name != "The interpreter" || all[0].Resources[1].Name != "Cabinet 1" {
		t.Fatalf("%+v", all)
	}
	if seen := lacking("other"); len(seen) != 0 {
		t.Errorf("somebody else's: %+v", seen)
	}
	replaced := mustJSON[wholeAppointmentBody](w.site, w.post("/appointments/"+string(one.ID)+"/replace", "{}", "delegate"), 200)
	if last := replaced.History[len(replaced.History)-1]; last.Action != booking.ActionReplace || last.ByName != "The delegate" || len(lacking("delegate")) != 0 {
		t.Errorf("%+v", replaced.History)
	}
	second.Closed = true
	_, err = w.book.ReviseRoom(second)
	w.check(err)
	if taken := mustJSON[Problem](w.site, w.post("/appointments/"+string(one.ID)+"/replace", "{}", "owner"), 409); taken.Field != "start" {
		t.Errorf("%+v", taken)
	}
	w.leaves("owner")
	if all := lacking("delegate"); len(all) < 2 || !all[0].Practitioner {
		t.Errorf("whose practitioner has left: %+v", all)
	}
}
