package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/colloque/colloque/configs"
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// TestNobodyBooksWhoIsDisabled: the book asks the accounts.
func TestNobodyBooksWhoIsDisabled(t *testing.T) {
	cfg := configs.Default()
	cfg.Data, cfg.Listen, cfg.Media.Listen = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	s, err := newServer(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	doctor, err := s.accounts.Create("Dr Claire Moreau", account.RolePractitioner)
	if err != nil {
		t.Fatal(err)
	}
	schedule := booking.Schedule{Practitioner: doctor.ID, Name: doctor.Name, TimeZone: "Europe/Paris"}
	for day := time.Sunday; day <= time.Saturday; day++ {
		schedule.Weekly = append(schedule.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 9 * 60, To: 12 * 60}})
	}
	service := booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Suivi"}, Duration: 30 * time.Minute, Horizon: 30,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{doctor.ID},
	}
	if err := s.book.SetSchedule(schedule); err != nil {
		t.Fatal(err)
	}
	if err := s.book.SetService(service); err != nil {
		t.Fatal(err)
	}
	for _, disabled := range []bool{false, true} {
		if _, err := s.accounts.Update(doctor.ID, account.Change{Disabled: &disabled}); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		free, err := s.book.Free(booking.Query{Service: service.ID, From: now, To: now.AddDate(0, 0, 7)})
		if err != nil || (len(free) == 0) != disabled {
			t.Errorf("disabled %t: %d free times, %v", disabled, len(free), err)
		}
	}
}
