package document

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// afterCall is a consultation with a contact, whose patient was in the call, and the link.
func (h *house) afterCall(admit bool) (patient Viewer, link string) {
	h.t.Helper()
	by := consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Claire Moreau"}
	c, link, err := h.prac.Start(consult.StartRequest{By: by, Contact: consult.Contact{Mail: "jeanne@example.org"}})
	if err != nil {
		h.t.Fatal(err)
	}
	patient = Viewer{Consultation: c, Participant: c.Participants[1], Marks: true}
	if admit {
		patient = h.inCall(patient)
	}
	return patient, link
}

func (h *house) end(v Viewer) {
	h.t.Helper()
	if _, err := h.prac.End(v.Consultation.Practitioner, v.Consultation.ID); err != nil {
		h.t.Fatal(err)
	}
}

// TestMessagesAlone: what was written stays behind link and code without any document, for its time, for who was in the call.
func TestMessagesAlone(t *testing.T) {
	h := newHouse(t)
	patient, link := h.afterCall(true)
	id := patient.Consultation.ID
	if err := h.EnsureCodes(patient.Consultation); err != nil {
		t.Fatal(err)
	}
	if list := must(h.List(patient))(t); list.Code != "" || list.Messages {
		t.Errorf("before anything was written: %+v", list)
	}
	must(h.prac.AppendChat(id, patient.Participant.ID, "Two a day?"))(t)
	if err := errors.Join(h.EnsureCodes(patient.Consultation), h.EnsureCodes(patient.Consultation)); err != nil {
		t.Fatal(err)
	}
	list := must(h.List(patient))(t)
	if len(list.Code) != codeDigits || !list.Messages || list.MessageDays != 30 || list.MessagesUntil != nil {
		t.Fatalf("in the call: %+v", list)
	}
	h.end(patient)
	v, kept, err := h.After(link)
	if err != nil || !kept.Documents.IsZero() || kept.Messages.Sub(h.clock.Now()) != h.prac.KeepChat() {
		t.Fatalf("%v, %+v", err, kept)
	}
	if list = must(h.List(v))(t); list.MessagesUntil == nil || !list.MessagesUntil.Equal(kept.Messages) {
		t.Errorf("after the end: %+v", list)
	}
	secret, _, err := h.Unlock(t.Context(), link, list.Code, netip.MustParseAddr("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	if reader := must(h.Reader(secret))(t); !reader.ReadsMessages() {
		t.Error("link and code do not read the messages")
	}
	for range 3 { // the index says again and again when to look
		if err := h.eraseDue(h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if len(must(h.store.Range("v1/document-code", "", 10))(t)) != 1 {
			t.Fatal("the code is gone before its time")
		}
		h.clock.Forward(25 * time.Hour)
	}
	h.clock.Forward(h.prac.KeepChat())
	if _, _, err := h.After(link); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("after its time: %v", err)
	}
	for range 2 {
		if err := h.eraseDue(h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if left := must(h.store.Range("v1/document", "", 10))(t); len(left) != 0 {
		t.Errorf("left: %d, %s", len(left), left[0].Key)
	}
}

// TestMessagesNotForWhoWaited: a patient who never was in the call has no code for what was written there.
func TestMessagesNotForWhoWaited(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	in := h.inCall(p.patient)
	must(h.prac.AppendChat(in.Consultation.ID, in.Participant.ID, "secret"))(t)
	if err := h.EnsureCodes(in.Consultation); err != nil {
		t.Fatal(err)
	}
	if list := must(h.List(h.again(p.other)))(t); list.Messages || list.Code != "" {
		t.Errorf("%+v", list)
	}
	if _, err := h.Code(h.again(p.doctor), p.other.Participant.ID, false); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// TestCodeIsMadeUp: when the program ended between the message and its code, whoever asks for the code later gets one.
func TestCodeIsMadeUp(t *testing.T) {
	h := newHouse(t)
	patient, link := h.afterCall(true)
	must(h.prac.AppendChat(patient.Consultation.ID, patient.Participant.ID, "Two a day?"))(t)
	h.end(patient)
	v, _, err := h.After(link)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SendCode(v.Consultation, v.Participant.ID); err != nil || len(h.sent.all) != 1 {
		t.Errorf("%v, %d sent", err, len(h.sent.all))
	}
}

// TestUploadGoesOnAfterTheEnd: with the link alone, what was begun is completed; nothing new is begun, and nothing read.
func TestUploadGoesOnAfterTheEnd(t *testing.T) {
	h := newHouse(t)
	patient, link := h.afterCall(true)
	content := snapshot(3*pieceSize, 1)
	announced := New{Name: "a.jpg", Size: int64(len(content)), Key: "k1"}
	doc, _, err := h.Create(patient, announced)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Append(patient, doc.ID, 0, bytes.NewReader(content[:pieceSize]), func() {}); err != nil {
		t.Fatal(err)
	}
	h.end(patient)
	v := must(h.Completer(link))(t)
	again, fresh, err := h.Create(v, announced)
	if err != nil || fresh || again.ID != doc.ID {
		t.Fatalf("announced again: %v, fresh %v", err, fresh)
	}
	if _, _, err := h.Create(v, New{Name: "b.jpg", Size: 5, Key: "k2"}); !errors.Is(err, consult.ErrEnded) {
		t.Errorf("something new: %v", err)
	}
	offset, _, err := h.Offset(v, doc.ID)
	if err != nil || offset != pieceSize {
		t.Fatalf("offset %d, %v", offset, err)
	}
	if _, err := h.Append(v, doc.ID, offset, bytes.NewReader(content[offset:]), func() {}); err != nil {
		t.Fatal(err)
	}
	if ready := h.checked(doc); ready.State != StateReady {
		t.Fatalf("%+v", ready)
	}
	if _, err := h.Open(v, doc.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("opened with the link alone: %v", err)
	}
	if list, err := h.List(v); err == nil && len(list.Documents)+len(list.Code) > 0 {
		t.Errorf("listed with the link alone: %+v", list)
	}
	if err := h.Remove(v, doc.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("removed: %v", err)
	}
	if _, err := h.Completer(strings.Repeat("A", 43)); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("with another link: %v", err)
	}
}

// TestGuestCompletes: what a guest began to send in the call is completed after they left it, and after the end, with their link and nothing
// but that.
func TestGuestCompletes(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	h.inCall(p.patient)
	link := must(h.prac.Link(p.doctor.Consultation.Practitioner, p.guest.Consultation.ID, p.guest.Participant.ID))(t)
	guest := h.inCall(p.guest)
	content := snapshot(3*pieceSize, 1)
	announced := New{Name: "a.jpg", Size: int64(len(content)), Key: "k1"}
	doc := must2(h.Create(guest, announced))(t)
	later := must2(h.Create(guest, New{Name: "b.jpg", Size: int64(len(content)), Key: "k2"}))(t)
	if _, err := h.prac.Leave(guest.Consultation.ID, guest.Participant.ID); err != nil {
		t.Fatal(err)
	}
	away := h.again(guest)
	if again, fresh, err := h.Create(away, announced); err != nil || fresh || again.ID != doc.ID {
		t.Fatalf("announced again: %v, fresh %v", err, fresh)
	}
	if _, _, err := h.Create(away, New{Name: "c.jpg", Size: 5, Key: "k3"}); !errors.Is(err, errNotNow) {
		t.Errorf("something new: %v", err)
	}
	if _, err := h.Append(away, doc.ID, 0, bytes.NewReader(content[:pieceSize]), func() {}); err != nil {
		t.Fatal(err)
	}
	h.end(guest)
	if _, err := h.Append(h.again(guest), doc.ID, pieceSize, bytes.NewReader(content[pieceSize:]), func() {}); !errors.Is(err, consult.ErrEnded) {
		t.Errorf("without a ticket that completes: %v", err)
	}
	v := must(h.Completer(link))(t)
	if _, err := h.Append(v, doc.ID, pieceSize, bytes.NewReader(content[pieceSize:]), func() {}); err != nil {
		t.Fatal(err)
	}
	if ready := h.checked(doc); ready.State != StateReady || len(ready.To) != 0 {
		t.Fatalf("%+v", ready)
	}
	if _, _, err := h.Create(v, New{Name: "c.jpg", Size: 5, Key: "k3"}); !errors.Is(err, consult.ErrEnded) {
		t.Errorf("something new: %v", err)
	}
	if _, _, err := h.After(link); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("there is something behind a guest's link: %v", err)
	}
	if err := h.SendCode(v.Consultation, v.Participant.ID); err == nil {
		t.Error("a guest has a code")
	}
	if err := h.Remove(v, later.ID); err != nil {
		t.Errorf("given up: %v", err)
	}
	h.clock.Forward(24 * time.Hour)
	if _, err := h.Completer(link); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("a day later: %v", err)
	}
}

func must2[T any](value T, _ bool, err error) func(testing.TB) T { return must(value, err) }

// TestSentAfterTheEnd: a document that comes later is told to its patient, once for several, with a link and without the code.
func TestSentAfterTheEnd(t *testing.T) {
	h := newHouse(t)
	patient, _ := h.afterCall(true)
	h.end(patient)
	c := must(h.prac.Consultation(patient.Consultation.ID))(t)
	doctor := Viewer{Consultation: c, Participant: c.PractitionerParticipant(), Marks: true}
	h.send(doctor, "ordonnance.jpg", snapshot(1000, 1))
	h.send(doctor, "letter.jpg", snapshot(1000, 2))
	for range 2 {
		if _, err := h.Share(doctor, must(h.List(doctor))(t).Documents[0].ID, nil); err != nil { // for the practitioner alone
			t.Fatal(err)
		}
	}
	h.sent.mu.Lock()
	all := h.sent.all
	h.sent.mu.Unlock()
	if len(all) != 2 || all[0].Key != all[1].Key {
		t.Fatalf("%+v", all)
	}
	n := all[0]
	if n.Kind != consult.NoticeDocument || n.Fields[consult.FieldCode] != "" || n.Secret == "" || n.Participant != patient.Participant.ID || n.Urgent {
		t.Errorf("%+v", n)
	}
	v, kept, err := h.After(n.Secret)
	if err != nil || !kept.Documents.Equal(h.until(c)) || v.Participant.ID != patient.Participant.ID {
		t.Errorf("the link leads nowhere: %v, %+v", err, kept)
	}
	if err := h.SendCode(c, v.Participant.ID); err != nil { // as the page does
		t.Error(err)
	}
}
