package transfer

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/patient"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(killChildVariable); dir != "" {
		killChild(dir)
		return
	}
	os.Exit(consulttest.Run(m))
}

// desk is a practitioner with hours and a service, on a real store.
type desk struct {
	Importer
	t        testing.TB
	store    kv.Store
	practice *consult.Practice
	of       consult.AccountID
	service  booking.ServiceID
	told     *told
	clock    *consulttest.Clock
}

// told counts what somebody would be sent.
type told struct{ notices int }

func (o *told) Put(kv.Txn, consult.Notice) error { o.notices++; return nil }
func (o *told) Prepare(n consult.Notice) (func(kv.Txn) error, error) {
	return func(tx kv.Txn) error { return o.Put(tx, n) }, nil
}
func (o *told) Cancel(kv.Txn, string) (bool, error) { return false, nil }

func newDesk(t testing.TB) *desk {
	t.Helper()
	d, closeDesk, err := openDesk(t.TempDir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	d.t = t
	t.Cleanup(func() {
		if err := closeDesk(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// openDesk opens the desk in a folder, and makes it there the first time. It kills the process in a later transaction, unless that is the 0th.
func openDesk(dir string, kill int64) (*desk, func() error, error) {
	d := &desk{
		of: "a_AAAAAAAAAAAAAAAAAAAAAA", service: "s_AAAAAAAAAAAAAAAAAAAAAA", told: &told{}, clock: consulttest.NewClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)),
	}
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	if err != nil {
		return nil, nil, err
	}
	if d.store, err = kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: d.clock.Now}); err != nil {
		return nil, nil, err
	}
	if kill > 0 {
		store := &killer{Store: d.store}
		store.left.Store(kill)
		d.store = store
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if d.Patients, err = patient.Open("FR", d.store, master, d.clock.Now, log); err != nil {
		return nil, nil, err
	}
	d.Book, err = booking.Open(booking.DefaultConfig(), booking.Deps{Store: d.store, Master: master, Outbox: d.told, Clock: d.clock.Now, Log: log})
	if err != nil {
		return nil, nil, err
	}
	if d.practice, err = consult.Open(consult.DefaultConfig(), d.store, master, d.told, d.clock.Now, log); err != nil {
		return nil, nil, err
	}
	d.Country = "FR"
	err = errors.Join(
		d.Book.SetSchedule(booking.Schedule{Practitioner: d.of, Name: "Dr Claire Moreau", TimeZone: "Europe/Paris"}),
		d.Book.SetService(booking.Service{
			ID: d.service, Label: map[string]string{"fr": "Suivi", "en": "Follow-up"}, Duration: 20 * time.Minute, Horizon: 60, Before: 10 * time.Minute,
			Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{d.of}, Reminders: []time.Duration{24 * time.Hour, 0},
		}))
	return d, func() error {
		return errors.Join(d.Book.Close(), d.practice.Close(), d.Patients.Close(), d.store.Close())
	}, err
}

func (d *desk) exporter() Exporter {
	return Exporter{Book: d.Book, Patients: d.Patients, Practice: d.practice}
}

func (d *desk) run(rows []Row, o Options) string {
	d.t.Helper()
	o.By, o.Practitioner = booking.Actor{Kind: booking.ByPractice}, d.of
	results, err := d.Run(d.t.Context(), rows, o)
	if err != nil {
		d.t.Fatal(err)
	}
	var all []string
	for _, r := range results {
		text := fmt.Sprintf("%d %s", r.Row.Number, r.Outcome)
		if r.Reason != "" {
			text += " " + string(r.Reason)
		}
		if r.Outcome == OutcomeNew || r.Outcome == OutcomeOverbooked {
			text += " " + string(r.Record)
		}
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}

func (d *desk) table(text string) []Row {
	d.t.Helper()
	zone, _ := time.LoadLocation("Europe/Paris")
	rows, _, err := Read([]byte(text), zone, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

const sheet = `Date;Heure;Durée;Nom;Prénom;DDN;Téléphone;Motif;Salle
24/11/2026;9h00;30;Martin;Jeanne;09/03/1948;;Suivi;2
24/11/2026;09:15;20;Petit;Paul;;06 39 98 00 11;suivi;2
2026-11-24;10:00;;Durand;Léa;;;Inconnu;1
24/11/2026;11:00;3;Court;Un;;;Suivi;
24/11/2026;25:00;20;Heure;Non;;;Suivi;
29/03/2026;02:30;20;Sauté;Temps;;;Suivi;
24/11/2026;12:00;20;Faux;Tel;;12;Suivi;
24/11/2026;9h00;30;Martin;Jeanne;09/03/1948;;Suivi;2
02/11/2026;9:00;20;Passé;Ancien;01/02/1950;;Suivi;
`

// TestTable: row by row as it would be, then as it is, then again.
func TestTable(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Patients.Create(t.Context(), d.of, patient.Patient{FamilyName: "Martin", GivenNames: "Jeanne", BirthDate: "1948-03-09"}, false); err != nil {
		t.Fatal(err)
	}
	rows := d.table(sheet)
	const want = "2 new found\n3 left-out taken\n4 left-out service\n5 left-out length\n6 left-out time\n7 left-out skipped-time\n8 left-out phone\n9 known\n10 new none"
	if got := d.run(rows, Options{DryRun: true}); got != want {
		t.Errorf("dry:\n%s", got)
	}
	if got := d.run(rows, Options{}); got != want {
		t.Errorf("done:\n%s", got)
	}
	again := strings.NewReplacer("2 new found", "2 known", "10 new none", "10 known").Replace(want)
	if got := d.run(rows, Options{}); got != again {
		t.Errorf("again:\n%s", got)
	}
	if got := d.run(rows, Options{Overbook: "reprise", Service: d.service, CreatePatients: true, DryRun: true}); !strings.HasPrefix(got, "2 known\n3 overbooked created\n4 new nothing-known none\n") {
		t.Errorf("otherwise:\n%s", got)
	}
	d.run(rows, Options{Overbook: "reprise", Service: d.service, CreatePatients: true})
	all, err := d.Book.Appointments(d.of, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(all) != 4 {
		t.Fatalf("%d %v", len(all), err)
	}
	first := all[1]
	if first.Wall != "2026-11-24T09:00" || first.Duration() != 30*time.Minute || first.Before != 0 || first.Patient == "" || first.Person.Name != "Jeanne Martin" || !first.Silent || first.Overbooked {
		t.Errorf("%+v", first)
	}
	if second := all[2]; !second.Overbooked || second.Patient == "" || second.Person.Contact.Phone != "+33639980011" || second.History[0].Reason != "reprise" {
		t.Errorf("%+v", second)
	}
	d.clock.Set(first.End)
	if unsaid, err := d.Book.Unsaid(t.Context(), []consult.AccountID{d.of}, d.clock.Now().Add(-31*24*time.Hour), 10); err != nil || len(unsaid) != 1 {
		t.Errorf("what was over when it came is not asked about: %d %v", len(unsaid), err)
	}
	if d.told.notices != 0 {
		t.Errorf("%d were told something", d.told.notices)
	}
}

const events = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/Paris:20261124T090000\r\nDTEND;TZID=Europe/Paris:20261124T093000\r\nSUMMARY:MARTIN Jeanne\r\nDESCRIPTION:Tél. 06 39 98 00 10\\, suivi\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261125T080000Z\r\nDURATION:PT20M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:Follow-up\r\nATTENDEE;CN=Paul Petit:mailto:paul@example.org\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:weekly\r\nRECURRENCE-ID:20261202T080000Z\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261202T100000Z\r\nDURATION:PT20M\r\nSUMMARY:Follow-up\r\nATTENDEE;CN=Paul Petit:mailto:paul@example.org\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:gone\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261126T080000Z\r\nDURATION:PT20M\r\nSTATUS:CANCELLED\r\nSUMMARY:X Y\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:day\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:20261127\r\nSUMMARY:Congé\r\nEND:VEVENT\r\n" +
	"END:VCALENDAR\r\n"

// TestCalendar: events, what recurs and what was moved of it; the same file again makes nothing.
func TestCalendar(t *testing.T) {
	d := newDesk(t)
	jeanne := patient.Patient{FamilyName: "Martin", GivenNames: "Jeanne"}
	jeanne.Contact.Phone = "0639980010"
	if _, err := d.Patients.Create(t.Context(), d.of, jeanne, false); err != nil {
		t.Fatal(err)
	}
	rows, _, err := Read([]byte(events), time.UTC, d.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	const want = "1 new found\n2 new none\n2 new none\n3 new none\n4 new cancelled none\n5 left-out whole-day"
	if got := d.run(rows, Options{Service: d.service, DryRun: true}); got != want {
		t.Errorf("dry:\n%s", got)
	}
	if got := d.run(rows, Options{Service: d.service, Remind: true}); got != want {
		t.Errorf("done:\n%s", got)
	}
	if got := d.run(rows, Options{Service: d.service}); strings.Count(got, "known") != 5 {
		t.Errorf("again:\n%s", got)
	}
	all, err := d.Book.Appointments(d.of, d.clock.Now(), d.clock.Now().AddDate(0, 1, 0))
	var starts []string
	for _, a := range all {
		starts = append(starts, a.Start.Format("02T15:04")+" "+a.Person.Name)
	}
	if got := strings.Join(starts, ", "); err != nil || got != "24T08:00 Jeanne Martin, 25T08:00 Paul Petit, 26T08:00 X Y, 02T10:00 Paul Petit, 09T08:00 Paul Petit" {
		t.Errorf("%s %v", got, err)
	}
	if all[0].UID != "one" || all[0].Silent || len(all[0].Reminders) == 0 {
		t.Errorf("%+v", all[0])
	}
	if d.told.notices != 0 {
		t.Error("somebody was told something")
	}
}

// manyRows is a table of as many appointments, each of another patient who is born on one of few days.
func manyRows(n int) string {
	var b strings.Builder
	b.WriteString("date;heure;duree;nom;prenom;ddn;motif\n")
	for i := range n {
		at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).AddDate(0, 0, i/20).Add(time.Duration(i%20) * 20 * time.Minute)
		fmt.Fprintf(&b, "%s;%s;20;Nom%d;Jeanne;%02d/02/1950;Suivi\n", at.Format("02/01/2006"), at.Format("15:04"), i, 1+i%3)
	}
	return b.String()
}

// TestLargeFile takes a year over at once, of patients who are all new, within what a person waits.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("5,000 appointments")
	}
	const many = 5000
	d := newDesk(t)
	began := time.Now()
	rows := d.table(manyRows(many))
	var steps []int
	o := Options{CreatePatients: true, DryRun: true}
	if got := d.run(rows, o); strings.Count(got, "new created") != many {
		t.Fatalf("%.500s", got)
	}
	dry, before := time.Since(began), d.store.Revision()
	o.DryRun, o.Progress = false, func(rows int) { steps = append(steps, rows) }
	if got := d.run(rows, o); strings.Count(got, "new created") != many {
		t.Fatalf("%.500s", got)
	}
	t.Logf("dry %s, done %s", dry, time.Since(began)-dry)
	if wrote := d.store.Revision() - before; wrote > many/5 {
		t.Errorf("%d transactions for %d rows: each waits for the disk", wrote, many)
	}
	if len(steps) < 10 || steps[len(steps)-1] != many || !slices.IsSorted(steps) {
		t.Errorf("progress: %v", steps)
	}
}

// TestTwiceAtOnce: two who press the button for the same file, and somebody who writes one of its patients down by hand, make everything once.
func TestTwiceAtOnce(t *testing.T) {
	d := newDesk(t)
	rows := d.table(manyRows(2 * chunk))
	by := Options{By: booking.Actor{Kind: booking.ByPractice}, Practitioner: d.of, CreatePatients: true}
	by.Progress = func(int) { // after the first chunk
		jeanne := patient.Patient{FamilyName: fmt.Sprintf("Nom%d", 2*chunk-1), GivenNames: "Jeanne", BirthDate: fmt.Sprintf("1950-02-%02d", 1+(2*chunk-1)%3)}
		if _, err := d.Patients.Create(t.Context(), d.of, jeanne, false); err != nil && !errors.Is(err, patient.ErrSimilar) {
			t.Error(err)
		}
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			results, err := d.Run(t.Context(), rows, by)
			for _, one := range results {
				if one.Outcome == OutcomeLeftOut {
					t.Errorf("%+v", one)
				}
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	if appointments, people := countAll(t, d); appointments != len(rows) || people != len(rows) {
		t.Errorf("%d appointments, %d patients of %d rows", appointments, people, len(rows))
	}
}
