package signal

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

// patientOf is the first patient of a visit event.
func patientOf(m map[string]any) map[string]any {
	return m["patients"].([]any)[0].(map[string]any)
}

// guest is somebody more, in the call or in the waiting room.
func (s *seated) guest(name string, admitted bool) *tab {
	s.t.Helper()
	who, ticket, err := s.practice.Invite(s.doctor.ID, s.c.ID, consult.RoleGuest, name)
	if err != nil {
		s.t.Fatal(err)
	}
	tab := s.tab("")
	wantType(s.t, tab.join(map[string]any{"ticket": ticket}), "joined")
	if admitted {
		wantType(s.t, s.desk.ask("admit", map[string]any{"consultation": s.c.ID, "participant": who.ID}), "done")
		tab.expect("participants", nil)
	}
	return tab
}

func TestWhereIsToldToThePractitioner(t *testing.T) {
	w := newWaitingRoom(t)
	doc := w.tab(string(w.doctor.ID))
	wantType(t, doc.join(map[string]any{"consultation": w.c.ID}), "joined")
	doc.expect("visit", func(m map[string]any) bool { return patientOf(m)["place"] == nil })
	wantType(t, w.one.ask("where", map[string]any{"place": "12 rue des Lilas", "call_back": "06 39 98 00 10"}), "done")
	w.one.expect("waiting", func(m map[string]any) bool {
		where, _ := m["where"].(map[string]any)
		return where["place"] == "12 rue des Lilas" && where["call_back"] == "+33639980010"
	})
	doc.expect("visit", func(m map[string]any) bool {
		p := patientOf(m)
		return p["place"] == "12 rue des Lilas" && p["said_by_self"] == true && p["emergency"] == "15"
	})
	wantError(t, w.one.ask("where", map[string]any{"place": "", "call_back": "12"}), "bad-message")
	wantError(t, doc.ask("where", map[string]any{"place": "", "call_back": ""}), "conflict")
}

// TestPhoneIsToldToEachWhatIsTheirs: the one who is called reads the number, others in the call that it goes on by telephone, and who
// waits nothing.
func TestPhoneIsToldToEachWhatIsTheirs(t *testing.T) {
	s := newSeated(t, nil)
	patient := consult.ParticipantID(s.patIs["self"].(string))
	inCall, waiting := s.guest("Ana Lopes", true), s.guest("Paul Durand", false)
	if _, err := s.practice.ToPhone(s.doctor.ID, s.c.ID, patient, "0639980010"); err != nil {
		t.Fatal(err)
	}
	s.pat.expect("phone", func(m map[string]any) bool { return m["on"] == true && m["number"] == "+33639980010" })
	inCall.expect("phone", func(m map[string]any) bool { return m["on"] == true && m["number"] == nil })
	s.doc.expect("visit", func(m map[string]any) bool {
		phone, _ := m["phone"].(map[string]any)
		return phone["number"] == "+33639980010"
	})
	if _, err := s.practice.ToVideo(s.doctor.ID, s.c.ID); err != nil {
		t.Fatal(err)
	}
	s.pat.expect("phone", func(m map[string]any) bool { return m["on"] == false })
	inCall.expect("phone", func(m map[string]any) bool { return m["on"] == false })
	wantType(t, waiting.ask("leave", nil), "done") // from the call's goroutine: all that came before is there
	for _, m := range waiting.seen {
		if m["type"] == "phone" || m["type"] == "visit" {
			t.Errorf("who waits is told %v", m)
		}
	}
}

// TestVisitStaysWithThePractitioner walks all that everybody else in a consultation is sent: nothing of the identity and of the private notes
// is in it.
func TestVisitStaysWithThePractitioner(t *testing.T) {
	s := newSeated(t, nil)
	patient := consult.ParticipantID(s.patIs["self"].(string))
	others := map[string]*tab{"guest in the call": s.guest("Ana Lopes", true), "guest who waits": s.guest("Paul Durand", false), "patient": s.pat}
	canaries := map[string]string{
		"place": "CanaryPlace", "birth date": "1957-03-09", "number": "639980010", "note": "CanaryNote", "proof": "qualified", "who verified": "CanaryVerifier",
	}
	if _, err := s.practice.Identify(s.doctor.ID, s.c.ID, patient, consult.Identity{
		Name: "Jeanne Martin", BirthDate: canaries["birth date"], Whereabouts: consult.Whereabouts{Place: canaries["place"], CallBack: "+33" + canaries["number"]},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.practice.Verify(s.doctor.ID, consult.Practitioner{ID: s.doctor.ID, Name: canaries["who verified"]}, s.c.ID, patient, consult.ProofQualified); err != nil {
		t.Fatal(err)
	}
	if _, err := s.practice.SetNote(s.doctor.ID, s.c.ID, canaries["note"], 0); err != nil {
		t.Fatal(err)
	}
	s.doc.expect("visit", func(m map[string]any) bool { return patientOf(m)["verified"] == "qualified" })
	wantType(t, s.doc.ask("chat", map[string]any{"text": "Can you hear me?"}), "done")
	s.pat.expect("chat", nil)
	others["guest in the call"].expect("chat", nil)
	wantType(t, others["guest who waits"].ask("leave", nil), "done")
	for who, tab := range others {
		for _, m := range tab.seen {
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			for what, canary := range canaries {
				if strings.Contains(string(b), canary) {
					t.Errorf("the %s is sent the %s: %s", who, what, b)
				}
			}
		}
	}
	found := false
	for _, m := range s.doc.seen {
		b, _ := json.Marshal(m)
		found = found || strings.Contains(string(b), canaries["place"])
		if strings.Contains(string(b), canaries["note"]) {
			t.Errorf("the note goes over the websocket: %s", b)
		}
	}
	if !found {
		t.Error("not even the practitioner is sent the place: this test looks at the wrong thing")
	}
}
