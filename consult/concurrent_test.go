package consult

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// TestAdmitsAtOnce: of many tabs that admit the same person, one does.
func TestAdmitsAtOnce(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	patient := Seat{c, c.Participants[1]}
	h.must1(h.Arrive(patient, Devices{}))
	var admitted, conflicts atomic.Int32
	together(16, func(int) {
		_, err := h.Admit(by.ID, c.ID, patient.Participant.ID)
		switch {
		case err == nil:
			admitted.Add(1)
		case errors.Is(err, errNotWaiting):
			conflicts.Add(1)
		default:
			t.Error(err)
		}
	})
	if admitted.Load() != 1 || conflicts.Load() != 15 {
		t.Errorf("%d admitted, %d conflicts", admitted.Load(), conflicts.Load())
	}
}

// TestEverythingAtOnce: nobody's change gets lost when all come together.
func TestEverythingAtOnce(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	const guests = 8
	participants := make([]Participant, guests)
	for i := range participants {
		var err error
		if participants[i], _, err = h.Invite(by.ID, c.ID, RoleGuest, fmt.Sprint("guest ", i)); err != nil {
			t.Fatal(err)
		}
	}
	together(guests, func(i int) {
		p := participants[i].ID
		if _, err := h.Arrive(Seat{c, participants[i]}, Devices{}); err != nil {
			t.Error("arrive", err)
		}
		if _, err := h.Admit(by.ID, c.ID, p); err != nil {
			t.Error("admit", err)
		}
		if _, err := h.Connected(c.ID, p); err != nil {
			t.Error("connected", err)
		}
		if _, err := h.AppendChat(c.ID, p, "hello"); err != nil {
			t.Error("chat", err)
		}
		if _, err := h.Link(by.ID, c.ID, p); err != nil {
			t.Error("link", err)
		}
		if _, err := h.OpenConsultations(by.ID); err != nil {
			t.Error("list", err)
		}
	})
	after := h.must(h.Consultation(c.ID))
	for _, p := range after.Participants[2:] {
		if p.Place != PlaceCall || !p.MediaUp {
			t.Errorf("%s is %s, media %v", p.ID, p.Place, p.MediaUp)
		}
	}
	if want := uint64(1 + guests*4); after.Revision != want {
		t.Errorf("revision %d, want %d: a change was lost or done twice", after.Revision, want)
	}
	chat, err := h.Chat(c.ID, "")
	if err != nil || len(chat) != guests {
		t.Errorf("%d messages, %v", len(chat), err)
	}
	events, err := h.Events(c.ID)
	if err != nil || uint64(len(events)) != after.Revision {
		t.Errorf("%d events, %v", len(events), err)
	}
}

// TestWritersAtOnce: no message takes the place of another.
func TestWritersAtOnce(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	const each = 15
	together(8, func(i int) {
		for range each {
			if _, err := h.AppendChat(doc.Consultation.ID, []Seat{doc, patient}[i%2].Participant.ID, "x"); err != nil {
				t.Error(err)
			}
		}
	})
	if chat, err := h.Chat(doc.Consultation.ID, ""); err != nil || len(chat) != 8*each {
		t.Errorf("%d messages, want %d, %v", len(chat), 8*each, err)
	}
}

// TestEndAgainstEverything: whatever comes at the moment of the end, nobody is left inside, no ticket lives.
func TestEndAgainstEverything(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id := doc.Consultation.ID
	secrets := make([]string, 8)
	together(8, func(i int) {
		if i == 4 {
			if _, err := h.End(by.ID, id); err != nil {
				t.Error("end", err)
			}
			return
		}
		for _, err := range []error{
			second(h.AppendChat(id, patient.Participant.ID, "x")), second(h.Lost(id, patient.Participant.ID)),
			second(h.Arrive(patient, Devices{})), second(h.Connected(id, patient.Participant.ID)),
		} {
			if err != nil && !errors.Is(err, ErrEnded) {
				t.Error(err)
			}
		}
		secrets[i], _ = h.Link(by.ID, id, patient.Participant.ID)
	})
	if c := h.must(h.Consultation(id)); c.State != StateEnded {
		t.Errorf("state %s", c.State)
	}
	for _, secret := range secrets {
		if _, err := h.Redeem(t.Context(), secret, here); !errors.Is(err, ErrBadTicket) {
			t.Errorf("a ticket lives: %v", err)
		}
	}
	h.clock.Forward(DefaultConfig().KeepChat)
	h.eraseDue()
	if left := h.chatLeft(id); left != 0 {
		t.Errorf("%d chat keys are left", left)
	}
}

// together runs do n times at once.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	wg.Wait()
}

func second[T any](_ T, err error) error { return err }
