package patient

import (
	"errors"
	"fmt"
	"testing"

	"github.com/colloque/colloque/consult"
)

// TestRegister: who is added is found, is not added twice, is written in few transactions, and not at all when somebody else was quicker.
func TestRegister(t *testing.T) {
	h := newHouse(t)
	there := h.mustCreate(Patient{FamilyName: "Martin", GivenNames: "Jeanne", BirthDate: "1948-03-09"})
	r, err := h.Register(t.Context(), h.doctor)
	h.check(err)
	add := func(family string) Patient {
		t.Helper()
		p, err := r.Add(Patient{FamilyName: family, GivenNames: "Ann", BirthDate: "1900-01-01"})
		h.check(err)
		return p
	}
	if _, err := r.Add(Patient{FamilyName: "MARTIN", GivenNames: "Jeanne Marie", BirthDate: "1948-03-09"}); !errors.Is(err, ErrSimilar) {
		t.Error(err)
	}
	var wrong *FieldError
	if _, err := r.Add(Patient{FamilyName: "Petit", BirthDate: "1948-02-31"}); !errors.As(err, &wrong) || wrong.Field != FieldBirthDate {
		t.Error(err)
	}
	petit := add("Petit")
	if _, err := r.Add(Patient{FamilyName: "Petit", GivenNames: "Ann", BirthDate: "1900-01-01"}); !errors.Is(err, ErrSimilar) {
		t.Error(err)
	}
	if found := r.Match(Named{Name: "ann petit", BirthDate: "1900-01-01"}); len(found) != 1 || found[0].ID != petit.ID {
		t.Error(found)
	}
	if found := r.Match(Named{Name: "Jeanne Martin", BirthDate: "1948-03-09"}); len(found) != 1 || found[0].ID != there.ID {
		t.Error(found)
	}
	if _, err := h.Patient(petit.ID); !errors.Is(err, ErrNotFound) {
		t.Error("written before Write")
	}

	for i := range 300 {
		add(fmt.Sprint("Nom", i))
	}
	other := h.mustCreate(Patient{FamilyName: "Nom7", GivenNames: "Ann", BirthDate: "1900-01-01"}) // after the register was read
	before := h.store.Revision()
	gone, err := r.Write(t.Context())
	h.check(err)
	found := r.Match(Named{Name: "Ann Nom7", BirthDate: "1900-01-01"})
	if len(gone) != 1 || len(found) != 1 || found[0].ID != other.ID {
		t.Errorf("%v are there already, %v is found", gone, found)
	}
	if wrote := h.store.Revision() - before; wrote > 300/writtenAtATime+1 {
		t.Errorf("%d transactions", wrote)
	}
	if got, err := h.Patient(petit.ID); err != nil || !got.sameAs(petit) {
		t.Error(got, err)
	}
	if got, err := h.Search(t.Context(), []consult.AccountID{h.doctor}, "", 0, 1); err != nil || got.Total != 302 {
		t.Error(got.Total, err)
	}

	add("Later")
	if gone, err := r.Write(canceled()); consult.CodeOf(err) != consult.CodeUnavailable || len(gone) != 0 {
		t.Error(gone, err)
	}
	h.check(h.Erase(petit.ID)) // touches; nobody to be written is there
	if gone, err := r.Write(t.Context()); err != nil || len(gone) != 0 || len(h.find("later")) != 1 {
		t.Error(gone, err)
	}
	if _, err := h.Register(canceled(), h.doctor); consult.CodeOf(err) != consult.CodeUnavailable {
		t.Error(err)
	}
}
