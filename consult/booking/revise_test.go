package booking

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func TestReviseService(t *testing.T) {
	d := newDesk(t)
	made, err := d.ReviseService(visit(everyDay(t, "Europe/Paris", "09:00-12:00")))
	if err != nil || made.Revision == 0 {
		t.Fatalf("%+v %v", made, err)
	}
	mine, theirs := made, made
	mine.Duration, theirs.Duration = 40*time.Minute, 50*time.Minute
	changed, err := d.ReviseService(mine)
	if err != nil || changed.Revision <= made.Revision || changed.Duration != mine.Duration {
		t.Fatalf("%+v %v", changed, err)
	}
	if _, err := d.ReviseService(theirs); !errors.Is(err, ErrStale) {
		t.Errorf("over a change that was not read: %v", err)
	}
	if again, err := d.ReviseService(mine); err != nil || again.Revision != changed.Revision {
		t.Errorf("the same again: %+v %v", again, err)
	}
	if all, err := d.Services(); err != nil || len(all) != 1 || all[0].Revision != changed.Revision || all[0].Duration != mine.Duration {
		t.Errorf("%+v %v", all, err)
	}
	if err := d.DeleteService(made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ReviseService(changed); !errors.Is(err, ErrNotFound) {
		t.Errorf("a deleted one comes back: %v", err)
	}
}

// TestReviseAtOnce: of those who change what they have read at the same moment, one does.
func TestReviseAtOnce(t *testing.T) {
	d := newDesk(t)
	schedule, err := d.ReviseSchedule(everyDay(t, "Europe/Paris", "09:00-12:00"))
	if err != nil {
		t.Fatal(err)
	}
	const editors = 8
	errs := make([]error, editors)
	var all sync.WaitGroup
	for i := range editors {
		all.Go(func() {
			mine := schedule
			mine.Name = fmt.Sprintf("Dr %d", i)
			_, errs[i] = d.ReviseSchedule(mine)
		})
	}
	all.Wait()
	kept := 0
	for i, err := range errs {
		switch {
		case err == nil:
			kept++
			if now, err := d.Schedule(schedule.Practitioner); err != nil || now.Name != fmt.Sprintf("Dr %d", i) {
				t.Errorf("%+v %v", now, err)
			}
		case !errors.Is(err, ErrStale):
			t.Error(err)
		}
	}
	if kept != 1 {
		t.Errorf("%d changes were kept, want 1", kept)
	}
}

func TestRooms(t *testing.T) {
	d := newDesk(t)
	room, err := d.ReviseRoom(Room{ID: NewRoomID(), Name: "  Cabinet 2 "})
	if err != nil || room.Name != "Cabinet 2" || room.Revision == 0 {
		t.Fatalf("%+v %v", room, err)
	}
	old := room
	room.Name = "Cabinet bleu"
	if room, err = d.ReviseRoom(room); err != nil {
		t.Fatal(err)
	}
	old.Name = "Cabinet vert"
	if _, err := d.ReviseRoom(old); !errors.Is(err, ErrStale) {
		t.Errorf("over a change that was not read: %v", err)
	}
	for _, bad := range []Room{{ID: NewRoomID()}, {ID: NewRoomID(), Name: "a\nb"}, {ID: OwnerOf(consult.NewAccountID()), Name: "an account"}, {Name: "no id"}} {
		if _, err := d.ReviseRoom(bad); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	service := d.offer(func(s *Service) { s.Resources = []Resource{{AnyOf: []OwnerID{room.ID}}} })
	if err := d.DeleteRoom(room.ID); !errors.Is(err, ErrRoomNeeded) {
		t.Errorf("a room that a service needs: %v", err)
	}
	if err := d.DeleteService(service.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.DeleteRoom(room.ID); err != nil {
		t.Error(err)
	}
	if err := d.DeleteRoom(room.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("once more: %v", err)
	}
	if all, err := d.Rooms(); err != nil || len(all) != 0 {
		t.Errorf("%+v %v", all, err)
	}
}

// TestRefusalsNameTheField walks what cannot work.
func TestRefusalsNameTheField(t *testing.T) {
	for field, change := range map[string]func(*Service){
		"label":         func(s *Service) { s.Label = map[string]string{"fr": "two\nlines"} },
		"description":   func(s *Service) { s.Description = map[string]string{"fr": strings.Repeat("é", 501)} },
		"price":         func(s *Service) { s.Price = map[string]string{"no tag!": "30 €"} },
		"duration":      func(s *Service) { s.Duration = 4 * time.Minute },
		"step":          func(s *Service) { s.Step = 90 * time.Second },
		"before":        func(s *Service) { s.Before = -time.Minute },
		"after":         func(s *Service) { s.After = 5 * time.Hour },
		"min_notice":    func(s *Service) { s.MinNotice = 91 * 24 * time.Hour },
		"cut_off":       func(s *Service) { s.CutOff = time.Second },
		"horizon":       func(s *Service) { s.Horizon = 0 },
		"daily_max":     func(s *Service) { s.DailyMax = -1 },
		"modalities":    func(s *Service) { s.Modalities = []Modality{ModalityVideo, ModalityVideo} },
		"practitioners": func(s *Service) { s.Practitioners = []consult.AccountID{"Dr Moreau"} },
		"resources":     func(s *Service) { s.Resources = []Resource{{}} },
		"reminders":     func(s *Service) { s.Reminders = []time.Duration{time.Hour, time.Hour} },
		"questions.0":   func(s *Service) { s.Questions = []Question{{ID: "a b", Label: s.Label, Kind: QuestionText}} },
		"questions.1": func(s *Service) {
			q := Question{ID: "same", Label: s.Label, Kind: QuestionChoice, Choices: []Choice{{Value: "oui"}, {Value: "non"}}}
			s.Questions = []Question{q, q}
		},
	} {
		s := visit(everyDay(t, "Europe/Paris", "09:00-12:00"))
		change(&s)
		checkField(t, field, s.Validate())
	}
	for field, change := range map[string]func(*Schedule){
		"name":         func(s *Schedule) { s.Name = "" },
		"time_zone":    func(s *Schedule) { s.TimeZone = "Local" },
		"languages":    func(s *Schedule) { s.Languages = []string{"?"} },
		"holidays":     func(s *Schedule) { s.Holidays = "xx" },
		"places":       func(s *Schedule) { s.Places = map[string]string{" ": "1 rue de la Paix"} },
		"weekly.6":     func(s *Schedule) { s.Weekly[6].Every = 2 },
		"weekly.3":     func(s *Schedule) { s.Weekly[3].Since, s.Weekly[3].Until = 20000, 19999 },
		"exceptions.1": func(s *Schedule) { s.Exceptions = []Exception{{Date: 20000}, {Date: 20000}} },
		"closed.0":     func(s *Schedule) { s.Closed = []Period{{From: 20000, To: 19999}} },
		"extra.0":      func(s *Schedule) { s.Extra = []Session{{Date: 20000, Hours: Hours{From: 24 * 60}}} },
	} {
		s := everyDay(t, "Europe/Paris", "09:00-12:00")
		change(&s)
		checkField(t, field, s.Validate())
	}
}

func checkField(t *testing.T, field string, err error) {
	t.Helper()
	var wrong *FieldError
	if !errors.As(err, &wrong) || wrong.Field != field || wrong.Why == "" || consult.CodeOf(err) != consult.CodeBadMessage {
		t.Errorf("%s: %v", field, err)
	}
}

func TestHolidaysHaveNames(t *testing.T) {
	for text, want := range map[string]Holiday{
		"2026-04-03": GoodFriday, "2026-04-06": EasterMonday, "2026-05-01": LabourDay, "2026-05-08": Victory1945, "2026-05-14": Ascension,
		"2026-05-25": WhitMonday, "2026-12-25": Christmas, "2026-12-26": SaintStephen, "2026-12-24": "", "2008-05-01": LabourDay,
	} {
		d, err := ParseDate(text)
		if got := HolidaysAlsaceMoselle.Of(d); err != nil || got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
		if france := HolidaysFrance.On(d); france != (want != "" && want != GoodFriday && want != SaintStephen) {
			t.Errorf("%s in France: %v", text, france)
		}
	}
}
