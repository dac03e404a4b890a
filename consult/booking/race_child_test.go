package booking

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
)

// The child of TestRaces is a whole book on a real store, with the real outbox, that is killed somewhere. Each race is one practitioner's
// morning, which 200 bookers want at once. It tells what it does on its standard output, one line at a time:
//
//	s <race> <op> <kind> <start> <subject> <instant>              begins
//	f <race> <op> <instant> <ok|taken|error> <id> <until>         has ended so
//	d <race> <appointment> <op that made it> <state> <start> <moves>   what is there after the race
//	e <race>                                                      the race is over
const (
	raceChildVariable = "TEST_RACE_CHILD" // folder
	raceFromVariable  = "TEST_RACE_FROM"  // first race; of it only what is there is told, if it began before
	raceToVariable    = "TEST_RACE_TO"
	raceBegunVariable = "TEST_RACE_BEGUN" // "yes": the first race was interrupted

	raceBookers = 200
	raceDoctors = 25
	raceStarts  = 10                     // times in a morning, 10 minutes apart
	raceSpeed   = 1200                   // the book's clock runs so much faster, so that holds of a minute lapse in 50 ms
	raceLength  = 30 * 60                // seconds of an appointment
	raceBuffer  = 5 * 60                 // seconds after it
	raceZero    = "2026-11-23T07:00:00Z" // of the book's clock, when the test began
)

func raceDoctor(i int) consult.AccountID {
	return consult.AccountID(fmt.Sprintf("a_AAAAAAAAAAAAAAAAAAA%dA", i+10))
}

func raceService() Service {
	s := Service{
		ID: "s_AAAAAAAAAAAAAAAAAAAAAA", Label: map[string]string{"fr": "Consultation"}, Duration: raceLength * time.Second, After: raceBuffer * time.Second,
		Step: 10 * time.Minute, Horizon: 500, Modalities: []Modality{ModalityPhone}, Reminders: []time.Duration{24 * time.Hour, time.Hour},
	}
	for i := range raceDoctors {
		s.Practitioners = append(s.Practitioners, raceDoctor(i))
	}
	return s
}

// raceMorning is the first start of a race, Unix seconds.
func raceMorning(race int) int64 {
	zero, _ := time.Parse(time.RFC3339, raceZero)
	return zero.Add(time.Duration(60+race/raceDoctors) * 24 * time.Hour).Unix()
}

func raceChild(dir string) {
	if err := raceRun(dir); err != nil {
		fmt.Fprintln(os.Stdout, "error", err)
		os.Exit(1)
	}
}

func raceRun(dir string) error {
	from, _ := strconv.Atoi(os.Getenv(raceFromVariable))
	to, _ := strconv.Atoi(os.Getenv(raceToVariable))
	zero, _ := time.Parse(time.RFC3339, raceZero)
	began, err := strconv.ParseInt(os.Getenv("TEST_RACE_ZERO"), 10, 64)
	if err != nil {
		return err
	}
	clock := func() time.Time { return zero.Add(time.Duration(time.Now().UnixNano()-began) * raceSpeed) }
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	if err != nil {
		return err
	}
	store, err := kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: clock})
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	mail := notify.DefaultConfig()
	mail.Mail.Host, mail.Mail.Port, mail.Mail.TLS, mail.Mail.From = "127.0.0.1", 1, notify.TLSNone, "a@example.org"
	outbox, err := notify.Open(mail, consult.DefaultConfig().Profile, store, master, clock, log)
	if err != nil {
		return err
	}
	cfg := DefaultConfig()
	cfg.HoldLifetime = time.Minute
	book, err := Open(cfg, Deps{Store: store, Master: master, Outbox: outbox, Clock: clock, Log: log})
	if err != nil {
		return err
	}
	if err := book.SetService(raceService()); err != nil {
		return err
	}
	for i := range raceDoctors {
		s := Schedule{Practitioner: raceDoctor(i), Name: "Dr", TimeZone: "UTC"}
		for day := time.Sunday; day <= time.Saturday; day++ {
			s.Weekly = append(s.Weekly, Rule{Weekday: day, Hours: Hours{From: 7 * 60, To: 9 * 60}})
		}
		if err := book.SetSchedule(s); err != nil {
			return err
		}
	}
	for race := from; race < to; race++ {
		if race > from || os.Getenv(raceBegunVariable) == "" {
			raceAll(book, race)
		}
		if err := raceTell(book, race); err != nil {
			return err
		}
	}
	return errors.Join(book.Close(), outbox.Close(), store.Close())
}

func raceTell(book *Book, race int) error {
	morning := time.Unix(raceMorning(race), 0)
	list, err := book.Appointments(raceDoctor(race%raceDoctors), morning.Add(-time.Hour), morning.Add(12*time.Hour))
	for _, a := range list {
		moves := 0
		for _, c := range a.History {
			if c.Action == ActionMove {
				moves++
			}
		}
		fmt.Fprintln(os.Stdout, "d", race, a.ID, a.Person.Name, a.State, a.Start.Unix(), moves)
	}
	fmt.Fprintln(os.Stdout, "e", race)
	return err
}

// raceAll is one race: each booker does one to three things.
func raceAll(book *Book, race int) {
	var bookers sync.WaitGroup
	gun := make(chan struct{})
	for client := range raceBookers {
		bookers.Go(func() {
			<-gun
			raceOne(book, race, client, rand.New(rand.NewPCG(uint64(race), uint64(client))))
		})
	}
	close(gun)
	bookers.Wait()
}

func raceOne(book *Book, race, client int, random *rand.Rand) {
	doctor, morning := raceDoctor(race%raceDoctors), raceMorning(race)
	at := func() time.Time { return time.Unix(morning+int64(random.IntN(raceStarts))*600, 0) }
	n := 0
	do := func(kind string, start time.Time, subject string, act func() (id string, until time.Time, err error)) (string, error) {
		op := fmt.Sprintf("%d.%d", client, n)
		n++
		fmt.Fprintln(os.Stdout, "s", race, op, kind, start.Unix(), orDash(subject), time.Now().UnixNano())
		id, until, err := act()
		result := "ok"
		if errors.Is(err, ErrTaken) || errors.Is(err, ErrHoldLapsed) {
			result = "taken"
		} else if err != nil {
			result = "error:" + string(consult.CodeOf(err))
		}
		fmt.Fprintln(os.Stdout, "f", race, op, time.Now().UnixNano(), result, orDash(id), until.UnixNano())
		return id, err
	}
	name := func() string { return fmt.Sprintf("%d.%d", client, n) }
	request := Request{
		By: byPatient(), Service: raceService().ID, Practitioner: doctor, Person: Person{Contact: consult.Contact{Mail: "a@example.org"}},
	}
	var id string
	var err error
	if random.IntN(4) == 0 {
		var hold Hold
		start := at()
		var held string
		held, err = do("hold", start, "", func() (string, time.Time, error) {
			hold, err = book.Hold(HoldRequest{Service: request.Service, Practitioner: doctor, Start: start, By: byPatient()})
			return hold.ID, hold.Until, err
		})
		if err != nil || random.IntN(3) == 0 {
			return // it lapses
		}
		r := request
		r.Hold, r.Person.Name = hold.Secret, name()
		id, err = do("use", start, held, func() (string, time.Time, error) {
			made, err := book.Book(r)
			return string(made.Appointment.ID), time.Time{}, err
		})
	} else {
		r := request
		r.Start, r.Person.Name = at(), name()
		id, err = do("book", r.Start, "", func() (string, time.Time, error) {
			made, err := book.Book(r)
			return string(made.Appointment.ID), time.Time{}, err
		})
	}
	if err != nil {
		return
	}
	if random.IntN(2) == 0 {
		start := at()
		_, _ = do("move", start, id, func() (string, time.Time, error) {
			_, err := book.Move(AppointmentID(id), MoveRequest{By: byPatient(), Start: start})
			return id, time.Time{}, err
		})
	}
	if random.IntN(2) == 0 {
		_, _ = do("cancel", time.Time{}, id, func() (string, time.Time, error) {
			_, err := book.Cancel(AppointmentID(id), CancelRequest{By: byPatient()})
			return id, time.Time{}, err
		})
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
