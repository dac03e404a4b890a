package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
)

// benchDoctors is how many practitioners the benchmarks' practice has.
const benchDoctors = 50

// benchBook opens a book in a folder, with the real outbox, and returns what closes it.
func benchBook(b testing.TB, dir string) (*Book, func()) {
	b.Helper()
	opened := time.Now()
	now := mustTime(b, monday)
	clock := func() time.Time { return now.Add(time.Since(opened)) } // ids say when they were made
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	if err != nil {
		b.Fatal(err)
	}
	store, err := kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: clock})
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	mail := notify.DefaultConfig()
	mail.Mail.Host, mail.Mail.Port, mail.Mail.TLS, mail.Mail.From = "127.0.0.1", 1, notify.TLSNone, "a@example.org"
	outbox, err := notify.Open(mail, consult.DefaultConfig().Profile, store, master, clock, log)
	if err != nil {
		b.Fatal(err)
	}
	book, err := Open(DefaultConfig(), Deps{Store: store, Master: master, Outbox: outbox, Clock: clock, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	return book, func() {
		if err := errors.Join(book.Close(), outbox.Close(), store.Close()); err != nil {
			b.Error(err)
		}
	}
}

// benchDesk is a practice of 50 with so many appointments, imported.
func benchDesk(b testing.TB, appointments int) (*Book, Service) {
	b.Helper()
	book, closeBook := benchBook(b, b.TempDir())
	b.Cleanup(closeBook)
	return book, fillBook(b, book, appointments)
}

const (
	benchPerDay = 24 // of benchSlots times a day
	benchSlots  = 36
)

// benchAhead is how many days of the appointments lie ahead: 100,000; more of them are history.
const benchAhead = 84

// fillBook makes the practice: 24 appointments for each practitioner and day.
func fillBook(b testing.TB, book *Book, appointments int) Service {
	b.Helper()
	doctors := make([]Schedule, benchDoctors)
	for i := range doctors {
		doctors[i] = everyDay(b, "Europe/Paris", "08:00-12:00", "13:00-21:00")
		if err := book.SetSchedule(doctors[i]); err != nil {
			b.Fatal(err)
		}
	}
	service := visit(doctors...)
	service.Duration, service.Step, service.Horizon = 20*time.Minute, 20*time.Minute, MaxHorizon
	service.Reminders = []time.Duration{24 * time.Hour, time.Hour}
	if err := book.SetService(service); err != nil {
		b.Fatal(err)
	}
	first := mustDate(b, "2026-11-24") - Date(max(0, appointments/benchPerDay/benchDoctors-benchAhead))
	now := book.clock()
	r := ImportRequest{By: byPractice(), Remind: true}
	for n := range appointments {
		slot := (n%benchPerDay*3/2 + n/benchPerDay%benchDoctors) % benchSlots // two of three are taken, not of all at the same times
		at := int64(first+Date(n/benchPerDay/benchDoctors))*secondsPerDay + 7*3600 + int64(slot)*1200
		if slot >= 12 { // after the break
			at += 3600
		}
		item := Imported{
			Key: fmt.Sprint(n), Service: service.ID, Practitioner: doctors[n/benchPerDay%benchDoctors].Practitioner, Start: time.Unix(at, 0), Modality: ModalityPhone,
			Person: jeanne(),
		}
		if item.Start.Before(now) {
			item.State = StateFulfilled
		}
		if r.Items = append(r.Items, item); len(r.Items) < MaxImport && n < appointments-1 {
			continue
		}
		results, err := book.Import(r)
		if err != nil {
			b.Fatal(err)
		}
		for _, got := range results {
			if got.Err != nil || got.Overbooked || got.Repeated {
				b.Fatalf("%+v", got)
			}
		}
		r.Items = r.Items[:0]
	}
	return service
}

// benchAppointments are how many there are in the store; TEST_APPOINTMENTS says another number.
func benchAppointments(b testing.TB) int {
	text := os.Getenv("TEST_APPOINTMENTS")
	if text == "" {
		return 100_000
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkFree asks for free times with 100,000 appointments in the store.
func BenchmarkFree(b *testing.B) {
	book, service := benchDesk(b, benchAppointments(b))
	from := mustTime(b, "2026-11-23T23:00:00Z")
	for _, c := range []struct {
		name string
		q    Query
	}{
		{"one practitioner, 15 days", Query{Practitioner: service.Practitioners[7], To: from.Add(15 * 24 * time.Hour)}},
		{"any of 50, 30 days", Query{To: from.Add(30 * 24 * time.Hour)}},
		{"any of 50, the first three", Query{To: from.Add(30 * 24 * time.Hour), Limit: 3}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.q.Service, c.q.From = service.ID, from
			b.ReportAllocs()
			var times []time.Duration
			used, asked := spent(b), 0
			for b.Loop() {
				began := time.Now()
				free, err := book.Free(c.q)
				if err != nil || len(free) == 0 {
					b.Fatal(len(free), err)
				}
				times = append(times, time.Since(began))
				asked++
			}
			b.ReportMetric(float64((spent(b).cpu-used.cpu).Microseconds())/float64(asked), "cpu-µs/op")
			quantiles(b, times)
		})
	}
	memory(b)
}

// benchFree is when free times of each practitioner begin in the weeks behind the appointments. It is small, because the collector looks
// through it in the rounds that are measured.
func benchFree(b *testing.B, book *Book, service Service) [][]int64 {
	b.Helper()
	all := make([][]int64, benchDoctors)
	for i, of := range service.Practitioners {
		free, err := book.Free(Query{Service: service.ID, Practitioner: of, From: mustTime(b, "2026-11-26T00:00:00Z"), To: mustTime(b, "2027-01-20T00:00:00Z")})
		if err != nil || len(free) < 200 {
			b.Fatal(len(free), err)
		}
		for _, f := range free {
			all[i] = append(all[i], f.Start.Unix())
		}
	}
	return all
}

// BenchmarkBook books free times that nobody else wants, by so many at once, each as soon as the last answer is there; with a
// confirmation and two reminders in the outbox.
func BenchmarkBook(b *testing.B) {
	for _, bookers := range []int{1, 20, 200} {
		b.Run(fmt.Sprintf("bookers=%d", bookers), func(b *testing.B) {
			book, service := benchDesk(b, 24_000)
			free := benchFree(b, book, service)
			var next atomic.Int64
			took := make([][]time.Duration, bookers)
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range bookers {
				all.Go(func() {
					for {
						n := int(next.Add(1)) - 1
						if n >= b.N || n >= 200*benchDoctors {
							return
						}
						r := Request{By: byPatient(), Service: service.ID, Practitioner: service.Practitioners[n%benchDoctors], Start: time.Unix(free[n%benchDoctors][n/benchDoctors], 0), Modality: ModalityPhone,
							Person: Person{Name: "Jeanne Martin", Contact: consult.Contact{Mail: "a@example.org"}}, Key: fmt.Sprint("k", n)}
						began := time.Now()
						if _, err := book.Book(r); err != nil {
							b.Error(err)
							return
						}
						took[i] = append(took[i], time.Since(began))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			b.ReportMetric(float64(min(b.N, 200*benchDoctors))/b.Elapsed().Seconds(), "bookings/s")
			quantiles(b, slices.Concat(took...))
		})
	}
}

// BenchmarkBurst is 200 people who want a time at the same instant: each another one, each another one that they hold since they filled in
// the form, or all the same.
func BenchmarkBurst(b *testing.B) {
	for _, what := range []string{"200 times", "200 times held", "200 holds", "one time"} {
		b.Run(what, func(b *testing.B) {
			book, service := benchDesk(b, 24_000)
			free := benchFree(b, book, service)
			var times []time.Duration
			var used spending
			rounds := 0
			for b.Loop() {
				b.StopTimer()
				var secrets [200]string
				who := func(n int) (consult.AccountID, time.Time) {
					if what == "one time" {
						i := rounds % benchDoctors
						return service.Practitioners[i], time.Unix(free[i][rounds/benchDoctors%len(free[i])], 0)
					}
					i := n % benchDoctors
					return service.Practitioners[i], time.Unix(free[i][(rounds*4+n/benchDoctors)%len(free[i])], 0)
				}
				hold := func(i int) error {
					of, at := who(i)
					held, err := book.Hold(HoldRequest{By: byPatient(), Service: service.ID, Practitioner: of, Start: at, Modality: ModalityPhone})
					secrets[i] = held.Secret
					return err
				}
				do := func(i int) error {
					of, at := who(i)
					_, err := book.Book(Request{By: byPatient(), Service: service.ID, Practitioner: of, Start: at, Modality: ModalityPhone, Hold: secrets[i],
						Person: Person{Name: "Jeanne Martin", Contact: consult.Contact{Mail: "a@example.org"}}})
					return err
				}
				switch what {
				case "200 times held":
					if _, err := together(hold); err != nil {
						b.Fatal(err)
					}
				case "200 holds":
					do = hold
				}
				began := spent(b)
				b.StartTimer()
				took, err := together(do)
				if err != nil && !errors.Is(err, ErrTaken) {
					b.Fatal(err)
				}
				used = used.plus(spent(b), began)
				times = append(times, took...)
				rounds++
			}
			used.report(b, rounds*200)
			quantiles(b, times)
		})
	}
}

// together does something 200 times at the same instant. It returns how long each took, and an error of one that was not ErrTaken, if any.
func together(do func(i int) error) ([]time.Duration, error) {
	took := make([]time.Duration, 200)
	errs := make([]error, len(took))
	var all sync.WaitGroup
	gun := make(chan struct{})
	for i := range took {
		all.Go(func() {
			<-gun
			began := time.Now()
			errs[i] = do(i)
			took[i] = time.Since(began)
		})
	}
	close(gun)
	all.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, ErrTaken) {
			return took, err
		}
	}
	return took, nil
}

func quantiles(b *testing.B, times []time.Duration) {
	b.Helper()
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}

// spending is what the process has used so far.
type spending struct {
	cpu    time.Duration
	writes int64 // calls that write
}

func spent(b *testing.B) spending {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	s := spending{cpu: time.Duration(u.Utime.Nano() + u.Stime.Nano())}
	io, err := os.ReadFile("/proc/self/io")
	if err == nil {
		_, after, _ := strings.Cut(string(io), "syscw: ")
		_, _ = fmt.Sscan(after, &s.writes)
	}
	return s
}

// plus adds what was used from one instant to another.
func (s spending) plus(now, began spending) spending {
	return spending{s.cpu + now.cpu - began.cpu, s.writes + now.writes - began.writes}
}

// report says what each booking has cost.
func (s spending) report(b *testing.B, bookings int) {
	b.Helper()
	b.ReportMetric(float64(s.cpu.Microseconds())/float64(bookings), "cpu-µs/booking")
	b.ReportMetric(float64(s.writes)/float64(bookings), "writes/booking")
}

// memory tells what the heap holds once everything that can go has gone.
func memory(b *testing.B) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	out, _ := json.Marshal(map[string]uint64{"heap kB": m.HeapAlloc >> 10})
	b.Log(string(out))
}
