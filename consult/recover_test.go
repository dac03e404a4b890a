package consult

import (
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

// TestRecoverLooksAtWhatIsHere: a start reads those in which somebody was, and no other: a hundred thousand planned ones cost nothing.
func TestRecoverLooksAtWhatIsHere(t *testing.T) {
	h, by := newHouse(t), doctor()
	planned, _ := h.mustStart(by)
	practitioner, _ := h.mustLive(by)
	if err := h.store.Update(func(tx kv.Txn) error { return tx.Put(consultationKey(planned.ID), []byte("unreadable")) }); err != nil {
		t.Fatal(err)
	}
	h.restart()
	if c := h.must(h.Consultation(practitioner.Consultation.ID)); c.State != StateInterrupted {
		t.Errorf("was live: %s", c.State)
	}
	if _, err := h.Consultation(planned.ID); CodeOf(err) != CodeInternal {
		t.Errorf("the test proves nothing: %v", err)
	}
}
