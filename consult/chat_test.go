package consult

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

func TestChat(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id := doc.Consultation.ID
	var ids []MessageID
	for i := range 5 {
		from := []Seat{doc, patient}[i%2].Participant.ID
		m, err := h.AppendChat(id, from, fmt.Sprintf("message %d\nof it", i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	for after, want := range map[MessageID]int{"": 5, "m_unknown": 5, ids[0]: 4, ids[3]: 1, ids[4]: 0} {
		chat, err := h.Chat(id, after)
		if err != nil || len(chat) != want {
			t.Errorf("after %q: %d messages, want %d, %v", after, len(chat), want, err)
		}
	}
	chat, _ := h.Chat(id, ids[3])
	if m := chat[0]; m.ID != ids[4] || m.Text != "message 4\nof it" || m.Name != by.Name || m.From != doc.Participant.ID {
		t.Errorf("%+v", m)
	}
}

func TestWhoMayWrite(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id := doc.Consultation.ID
	guest, _, err := h.Invite(by.ID, id, RoleGuest, "Paul")
	if err != nil {
		t.Fatal(err)
	}
	write := func(from ParticipantID, text string) error {
		_, err := h.AppendChat(id, from, text)
		return err
	}
	expect := func(what string, err error, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	expect("invited", write(guest.ID, "x"), errChatNotInCall)
	h.must1(h.Arrive(Seat{doc.Consultation, guest}, Devices{}))
	expect("waiting", write(guest.ID, "x"), errChatNotInCall)
	expect("unknown", write(newParticipantID(), "x"), ErrNotFound)
	expect("empty", write(doc.Participant.ID, " \n"), errBadText)
	expect("not UTF-8", write(doc.Participant.ID, "a\xff"), errBadText)
	expect("control", write(doc.Participant.ID, "a\x00"), errBadText)
	expect("too long", write(doc.Participant.ID, strings.Repeat("é", maxChatText+1)), errChatTooLong)
	expect("longest", write(doc.Participant.ID, strings.Repeat("🙂", maxChatText)), nil)
	h.must(h.SendBack(by.ID, id, patient.Participant.ID))
	expect("sent back", write(patient.Participant.ID, "x"), errChatNotInCall)
	h.must(h.End(by.ID, id))
	expect("ended", write(doc.Participant.ID, "x"), ErrEnded)
	if chat, err := h.Chat(id, ""); err != nil || len(chat) != 1 {
		t.Errorf("read after the end: %d, %v", len(chat), err)
	}
}

func TestChatIsFullAtSomePoint(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, _ := h.mustLive(by)
	id := doc.Consultation.ID
	err := h.store.Update(func(tx kv.Txn) error { return tx.Put(chatHeadKey(id), []byte(strconv.Itoa(maxMessages-1))) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.AppendChat(id, doc.Participant.ID, "the last"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.AppendChat(id, doc.Participant.ID, "one more"); !errors.Is(err, errChatFull) {
		t.Errorf("one more: %v", err)
	}
}

// TestChatIsErasedInTime: it is read after the end until its time is over; then its key goes first, also when it needs several transactions, and
// when the program dies in between.
func TestChatIsErasedInTime(t *testing.T) {
	for _, dies := range []bool{false, true} {
		t.Run(fmt.Sprintf("dies=%v", dies), func(t *testing.T) {
			h, by := newHouse(t), doctor()
			doc, _ := h.mustLive(by)
			id := doc.Consultation.ID
			for i := range 2*eraseBatch + 5 {
				if _, err := h.AppendChat(id, doc.Participant.ID, strconv.Itoa(i)); err != nil {
					t.Fatal(err)
				}
			}
			c := h.must(h.End(by.ID, id))
			h.clock.Forward(h.ChatKeptUntil(c).Sub(h.clock.Now()) - 1)
			h.restart()
			if chat, err := h.Chat(id, ""); err != nil || len(chat) != 2*eraseBatch+5 {
				t.Fatalf("within its time: %d, %v", len(chat), err)
			}
			h.clock.Forward(1)
			if chat, err := h.Chat(id, ""); err != nil || len(chat) != 0 {
				t.Errorf("past its time: %d, %v", len(chat), err)
			}
			if dies {
				h.Practice.store = &oneUpdate{Store: h.Practice.store}
				h.eraseDue()
				if h.chatLeft(id) == 0 {
					t.Fatal("erased already: this test looks at the wrong thing")
				}
				h.keyIsGone(id)
				h.restart()
			} else {
				h.eraseDue()
			}
			if left := h.chatLeft(id); left != 0 {
				t.Errorf("%d keys are left", left)
			}
			h.keyIsGone(id)
			if chat, err := h.Chat(id, ""); err != nil || len(chat) != 0 {
				t.Errorf("erased: %d, %v", len(chat), err)
			}
		})
	}
}

func (h *house) keyIsGone(id ConsultationID) {
	h.t.Helper()
	entry, err := h.store.Get(consultationKey(id))
	if err != nil || strings.Contains(string(entry.Value), "chat_key") {
		h.t.Errorf("the chat's key is left: %v", err)
	}
}

func (h *house) chatLeft(id ConsultationID) int {
	h.t.Helper()
	left := 0
	for _, prefix := range []string{chatPrefix(id), chatHeadKey(id), erasePrefix} {
		entries, err := h.store.Range(prefix, "", kv.MaxRange)
		if err != nil {
			h.t.Fatal(err)
		}
		left += len(entries)
	}
	return left
}

// oneUpdate lets one transaction through, and fails from then on.
type oneUpdate struct {
	kv.Store
	done bool
}

func (o *oneUpdate) Update(f func(kv.Txn) error) error {
	if o.done {
		return errors.New("the program is dead")
	}
	o.done = true
	return o.Store.Update(f)
}
