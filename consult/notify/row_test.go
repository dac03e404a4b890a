package notify

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestRow writes rows and reads them again: what is sealed comes back whole, and a row from before there was a version is read as well.
func TestRow(t *testing.T) {
	master, err := consult.OpenKeyring(filepath.Join(t.TempDir(), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	n := consult.Notice{
		Kind: consult.NoticeAppointment, Owner: "a_1", Consultation: "c_1", Participant: "p_1", To: consult.Contact{Mail: "jeanne@example.org", Reach: consult.ReachMail},
		Name: "Jeanne Martin", Language: "fr", TimeZone: "Europe/Paris", Secret: "secret", Fields: map[string]string{consult.FieldAt: "2026-11-24T09:00:00Z"}, Urgent: true,
		Event: &consult.CalendarEvent{UID: "u", Sequence: 3, Start: at, End: at.Add(time.Hour), TimeZone: "Europe/Paris", CreatedAt: at, ChangedAt: at},
	}
	r := row{Kind: n.Kind, Owner: n.Owner, Consultation: n.Consultation, Participant: n.Participant, State: StateQueued, CreatedAt: at, id: "n_1"}
	if err := r.seal(master, n); err != nil {
		t.Fatal(err)
	}
	value, err := r.encode()
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, value []byte) {
		t.Helper()
		got := row{id: r.id}
		if err := got.decode(value); err != nil {
			t.Fatal(name, err)
		}
		if said, err := got.open(master); err != nil || !reflect.DeepEqual(said, n) || got.State != StateQueued || !got.CreatedAt.Equal(at) {
			t.Fatalf("%s: %+v %+v %v", name, got, said, err)
		}
	}
	check("now", value)

	plain, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, key := master.NewDataKey(noticeKey(r.id))
	before, err := json.Marshal(map[string]any{
		"kind": n.Kind, "owner": n.Owner, "consultation": n.Consultation, "participant": n.Participant, "state": StateQueued, "created_at": at,
		"key": wrapped, "sealed": key.Seal(noticeKey(r.id), plain),
	})
	if err != nil {
		t.Fatal(err)
	}
	check("before there was a version", before)

	r.forget()
	value, err = r.encode()
	if err != nil {
		t.Fatal(err)
	}
	var forgotten row
	if err := forgotten.decode(value); err != nil || forgotten.sealed != nil {
		t.Fatalf("%+v %v", forgotten, err)
	}
	for name, damaged := range map[string][]byte{
		"empty": {}, "another version": {9, 1, '{'}, "no length": {rowVersion}, "endless length": {rowVersion, 0xff, 0xff}, "cut off": value[:len(value)-3], "no JSON": {rowVersion, 1, 'x'},
	} {
		if err := new(row).decode(damaged); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}
