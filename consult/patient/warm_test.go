package patient

import (
	"errors"
	"testing"

	"github.com/colloque/colloque/consult"
)

// TestWarm: what was warmed is loaded before anybody searches, and Close waits for what is still to be.
func TestWarm(t *testing.T) {
	h := newHouse(t)
	h.mustCreate(jeanne())
	h.closeAll()
	h.open()
	many := []consult.AccountID{h.doctor, h.doctor}
	for range maxWarm {
		many = append(many, consult.NewAccountID())
	}
	h.Warm(many)
	h.Warm(many)
	h.Patients.mu.Lock()
	waiting := len(h.toWarm)
	h.Patients.mu.Unlock()
	if waiting > maxWarm {
		t.Errorf("%d wait to be loaded", waiting)
	}
	x, err := h.index(t.Context(), h.doctor)
	h.check(err)
	if x.len() != 1 {
		t.Errorf("%d patients", x.len())
	}
	h.check(h.Close())
	h.Warm(many) // of no use, and no harm
	h.Patients.mu.Lock()
	defer h.Patients.mu.Unlock()
	if h.warming {
		t.Error("Close did not wait")
	}
}

// TestErasedIsForgotten: nothing of an erased or changed record stays in memory.
func TestErasedIsForgotten(t *testing.T) {
	h := newHouse(t)
	p := h.mustCreate(jeanne())
	read := func() Patient {
		p, err := h.Patient(p.ID)
		h.check(err)
		return p
	}
	read().IDs[0].Value = "scribbled"
	if read().IDs[0].Value == "scribbled" {
		t.Error("a caller wrote into what all read")
	}
	p.GivenNames = "Jeanne Marie"
	p, err := h.Update(p)
	h.check(err)
	if read().GivenNames != "Jeanne Marie" {
		t.Error("an old record was read")
	}
	h.check(h.Erase(p.ID))
	if _, err := h.Patient(p.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("erased: %v", err)
	}
}
