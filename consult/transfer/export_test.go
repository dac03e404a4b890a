package transfer

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

// unpacked is what stands in an archive.
func unpacked(t *testing.T, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func namesOf(files map[string]string) string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// TestExport: all of a book goes out, and comes into another machine as it was, by the table or by the calendar.
func TestExport(t *testing.T) {
	d := newDesk(t)
	rows := d.table("Date;Heure;Durée;Nom;Prénom;DDN;Téléphone;Motif;Statut;Note;Lieu\n" +
		"31/12/2025;9h;30;Martin;Jeanne;09/03/1948;06 39 98 00 10;Suivi;Honoré;=1+1;Cabinet\n" +
		"02/11/2026;9h;20;Petit;Paul;06/11/1957;;Suivi;Absent;;\n" +
		"24/11/2026;9h;20;Martin;Jeanne;09/03/1948;06 39 98 00 10;Suivi;;\"à jeun\nle matin\";\n")
	d.run(rows, Options{CreatePatients: true})
	for i, state := range []booking.State{ // and a time that was given back and taken again
		booking.StateCancelled, booking.StateBooked, booking.StateRefused, booking.StateInError, booking.StateByPhone, booking.StateToRebook, booking.StateRequested,
	} {
		_, err := d.Book.Import(booking.ImportRequest{By: booking.Actor{Kind: booking.ByPractice}, Items: []booking.Imported{{
			State: state, Service: d.service, Practitioner: d.of, Start: time.Date(2026, 11, 1+i/2*2, 9, 0, 0, 0, time.UTC), Person: booking.Person{Name: "Jeanne Martin", BirthDate: "1948-03-09", Contact: consult.Contact{Phone: "+33639980010"}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	person := booking.Person{Name: "Léa Durand"}
	person.Contact.Phone = "+33639980012"
	if _, err := d.Book.Wait(booking.WaitRequest{Service: d.service, From: d.clock.Now(), To: d.clock.Now().AddDate(0, 1, 0), Person: person}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.exporter().WriteBook(t.Context(), d.of, &out); err != nil {
		t.Fatal(err)
	}
	files := unpacked(t, out.Bytes())
	const want = "LISEZMOI-README.txt appointments-2025.csv appointments-2025.ics appointments-2025.json appointments-2026.csv appointments-2026.ics appointments-2026.json book.json patients.csv wait-list.csv"
	if got := namesOf(files); got != want {
		t.Fatalf("%s", got)
	}
	if !strings.Contains(files["wait-list.csv"], "Léa Durand") || !strings.Contains(files["appointments-2025.csv"], "'=1+1") {
		t.Errorf("%s%s", files["wait-list.csv"], files["appointments-2025.csv"])
	}
	var rules Rules
	if err := json.Unmarshal([]byte(files["book.json"]), &rules); err != nil || rules.Schedule.Name != "Dr Claire Moreau" || len(rules.Services) != 1 || rules.Services[0].Duration != 20*time.Minute {
		t.Errorf("%+v %v", rules, err)
	}

	for _, kind := range []string{".csv", ".ics"} {
		other := newDesk(t)
		if got, err := other.Patients.Import(t.Context(), other.of, []byte(files["patients.csv"]), false); err != nil || got.Created != 2 {
			t.Fatal(got, err)
		}
		for _, year := range []string{"2025", "2026"} {
			read, unknown, err := Read([]byte(files["appointments-"+year+kind]), time.UTC, d.clock.Now()) // whatever zone the other one has
			if err != nil || len(unknown) > 0 {
				t.Fatal(unknown, err)
			}
			would := other.run(read, Options{Service: other.service, DryRun: true})
			got := other.run(read, Options{Service: other.service})
			if got != would || strings.Count(got, "new") != len(read) || (kind == ".csv" && strings.Count(got, "found") != len(read)) {
				t.Errorf("%s %s: would %s\nis %s", kind, year, would, got)
			}
		}
		if was, is := bookOf(t, d), bookOf(t, other); kind == ".csv" && was != is {
			t.Errorf("was\n%s\nis\n%s", was, is)
		} else if strings.Count(was, "row-") != strings.Count(is, "row-") {
			t.Errorf("was\n%s\nis\n%s", was, is)
		}
	}
}

func bookOf(t *testing.T, d *desk) string {
	t.Helper()
	var lines []string // sorted: those at one time are in the order of their ids, which mean nothing
	err := d.Book.Each(t.Context(), d.of, time.Time{}, endOfTime(), func(a booking.Appointment) error {
		lines = append(lines, strings.Join([]string{a.UID, string(a.State), a.Start.Format(time.RFC3339), a.Duration().String(), a.Label, a.Person.Name, a.Person.BirthDate, a.Person.Contact.Phone, a.Note, a.Place}, "|"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// TestPatientsOwn: a patient gets what is theirs, and nothing of anybody else.
func TestPatientsOwn(t *testing.T) {
	d := newDesk(t)
	d.run(d.table("Date;Heure;Nom;Prénom;DDN;Motif\n24/11/2026;9h;Martin;Jeanne;09/03/1948;Suivi\n25/11/2026;9h;Petit;Paul;06/11/1957;Suivi\n"), Options{CreatePatients: true})
	register, err := d.Patients.Register(t.Context(), d.of)
	if err != nil {
		t.Fatal(err)
	}
	jeanne := register.Match(patient.Named{Name: "Jeanne Martin", BirthDate: "1948-03-09"})[0]
	var out bytes.Buffer
	if err := d.exporter().WritePatient(t.Context(), jeanne.ID, &out); err != nil {
		t.Fatal(err)
	}
	files := unpacked(t, out.Bytes())
	if got := namesOf(files); got != "LISEZMOI-README.txt appointments-2026.csv appointments-2026.ics appointments-2026.json consultations.json patient.json" {
		t.Errorf("%s", got)
	}
	for name, text := range files {
		if strings.Contains(text, "Petit") {
			t.Errorf("%s says who else was there", name)
		}
	}
	if err := d.exporter().WritePatient(t.Context(), "pt_none", io.Discard); err == nil {
		t.Error("nobody's data")
	}
}

// TestTakeRules: what can be booked comes into another practice, once, beside what is there.
func TestTakeRules(t *testing.T) {
	d := newDesk(t)
	room := booking.Room{ID: booking.NewRoomID(), Name: "Salle 1"}
	if _, err := d.Book.ReviseRoom(room); err != nil {
		t.Fatal(err)
	}
	other := booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Bilan"}, Duration: 40 * time.Minute, Horizon: 60, Modalities: []booking.Modality{booking.ModalityInPerson},
		Practitioners: []consult.AccountID{d.of}, Resources: []booking.Resource{{AnyOf: []booking.OwnerID{room.ID, booking.OwnerOf(consult.NewAccountID())}}},
	}
	if err := d.Book.SetService(other); err != nil {
		t.Fatal(err)
	}
	gone := booking.Hours{From: 14 * 60, To: 15 * 60, Services: []booking.ServiceID{booking.NewServiceID()}}
	hours := booking.Hours{From: 9 * 60, To: 12 * 60, Services: []booking.ServiceID{other.ID}}
	schedule, err := d.Book.Schedule(d.of)
	if err != nil {
		t.Fatal(err)
	}
	schedule.Weekly = []booking.Rule{{Weekday: 1, Hours: hours}, {Weekday: 2, Hours: gone}}
	if err := d.Book.SetSchedule(schedule); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := d.exporter().WriteBook(t.Context(), d.of, &out); err != nil {
		t.Fatal(err)
	}
	rules, err := ReadRules([]byte(unpacked(t, out.Bytes())["book.json"]))
	if err != nil {
		t.Fatal(err)
	}

	there := newDesk(t) // it has a service of the same name, which somebody else gives
	newcomer := consult.NewAccountID()
	for round, want := range []TakenRules{{Services: 1, Shared: 1, Rooms: 1, Hours: true}, {Known: 2}} {
		if got, err := there.TakeRules(newcomer, "Dr Paul Petit", rules); err != nil || got != want {
			t.Errorf("round %d: %+v %v, want %+v", round, got, err, want)
		}
	}
	services, err := there.Book.Services()
	if err != nil || len(services) != 2 {
		t.Fatal(services, err)
	}
	rooms, _ := there.Book.Rooms()
	for _, s := range services {
		if !slices.Contains(s.Practitioners, newcomer) {
			t.Errorf("%+v", s)
		}
		if s.Label["fr"] == "Bilan" {
			if s.ID == other.ID || len(s.Resources) != 1 || len(s.Resources[0].AnyOf) != 1 || s.Resources[0].AnyOf[0] != rooms[0].ID {
				t.Errorf("%+v", s)
			}
			made, err := there.Book.Schedule(newcomer)
			if err != nil || made.Name != "Dr Paul Petit" || len(made.Weekly) != 1 || made.Weekly[0].Services[0] != s.ID {
				t.Errorf("%+v %v", made, err)
			}
		}
	}
	for _, text := range []string{"", "{}", "[]", `{"colloque_book":2}`} {
		if _, err := ReadRules([]byte(text)); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%q: %v", text, err)
		}
	}
}
