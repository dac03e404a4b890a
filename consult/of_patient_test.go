package consult

import (
	"errors"
	"testing"
	"time"
)

func TestOfPatient(t *testing.T) {
	h := newHouse(t)
	by, patient := doctor(), NewPatientID()
	var want []ConsultationID
	for _, after := range []time.Duration{time.Hour, 0, 48 * time.Hour} {
		c, _, err := h.Start(StartRequest{By: by, Patient: patient, Name: "Jeanne Martin", ScheduledAt: t0.Add(after)})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, c.ID)
	}
	h.mustStart(by)
	got, err := h.OfPatient(patient)
	if err != nil || len(got) != 3 || got[0].ID != want[2] || got[1].ID != want[0] || got[2].ID != want[1] {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if got, err := h.OfPatient(NewPatientID()); len(got) != 0 || err != nil {
		t.Errorf("somebody else: %v, %v", got, err)
	}
	if _, err := h.OfPatient("pt_/"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
