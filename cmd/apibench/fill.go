package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/patient"
)

const (
	today  = 40  // consultations of the practitioner who asks
	others = 800 // of each other one
)

// stock is what was put into the store, as far as questions need it.
type stock struct {
	size        int64 // bytes of the file
	ticket      string
	callTickets [2]string
	patients    []patient.Patient
}

// fill makes a store as a practice has it after years.
func fill(ctx context.Context, folder string, o options) (*stock, error) {
	master, err := consult.OpenKeyring(filepath.Join(folder, "master.key"))
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "colloque.db")
	store, err := kv.OpenBolt(file, kv.BoltConfig{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	log := slog.New(slog.DiscardHandler)
	practice, err := consult.Open(consult.DefaultConfig(), store, master, nil, time.Now, log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = practice.Close() }()
	accounts, err := account.Open(account.DefaultConfig(), account.Deps{
		Store: store, Master: master, Guard: practice.Guard(), Clock: time.Now, Log: log, BaseURL: func() string { return "http://localhost" },
	})
	if err != nil {
		return nil, err
	}
	patients, err := patient.Open("FR", store, master, time.Now, log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = patients.Close() }()
	s := &stock{}
	asks, err := accounts.Create("Dr Asks", account.RolePractitioner)
	if err != nil {
		return nil, err
	}
	calls, err := accounts.Create("Dr Calls", account.RolePractitioner)
	if err != nil {
		return nil, err
	}
	for ticket, id := range map[*string]consult.AccountID{&s.ticket: asks.ID, &s.callTickets[0]: calls.ID, &s.callTickets[1]: calls.ID} {
		if *ticket, err = accounts.NewSignInLink(id); err != nil {
			return nil, err
		}
	}
	if err := s.fillPatients(ctx, patients, asks.ID, o.patients); err != nil {
		return nil, err
	}
	if err := fillConsultations(ctx, practice, asks, o.consultations); err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	s.size = info.Size()
	return s, nil
}

// fillPatients takes a table over, as a practice that arrives does.
func (s *stock) fillPatients(ctx context.Context, patients *patient.Patients, owner consult.AccountID, n int) error {
	r := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"mar", "tin", "ber", "nard", "du", "rand", "le", "goff", "pe", "tit", "mo", "reau", "lau", "rent", "gi", "rard"}
	word := func() string { return syllables[r.IntN(16)] + syllables[r.IntN(16)] + syllables[r.IntN(8)] }
	table := []byte("nom,prenoms,date_de_naissance,telephone,courriel,ipp\n")
	for i := range n {
		day := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(33000))
		table = fmt.Appendf(table, "%s,%s-%s,%s,06 39 98 %02d %02d,%s@example.org,%d\n", word(), word(), word(), day.Format(consult.BirthDateForm), i/100%100, i%100, word(), 1_000_000+i)
	}
	for chunk := range bytesOfLines(table, 15_000) {
		if _, err := patients.Import(ctx, owner, chunk, false); err != nil {
			return err
		}
	}
	for from := 0; from < 1000; from += patient.MaxFound {
		found, err := patients.Search(ctx, []consult.AccountID{owner}, "", from, patient.MaxFound)
		if err != nil {
			return err
		}
		s.patients = append(s.patients, found.Patients...)
	}
	if len(s.patients) == 0 {
		return fmt.Errorf("no patients")
	}
	return nil
}

// bytesOfLines cuts a table into tables of so many lines, each with the first one.
func bytesOfLines(table []byte, n int) func(yield func([]byte) bool) {
	head, rest, _ := bytes.Cut(table, []byte("\n"))
	lines := bytes.SplitAfter(rest, []byte("\n"))
	return func(yield func([]byte) bool) {
		for len(lines) > 0 {
			some := lines[:min(n, len(lines))]
			lines = lines[len(some):]
			if !yield(append(append(bytes.Clone(head), '\n'), bytes.Join(some, nil)...)) {
				return
			}
		}
	}
}

// fillConsultations starts the consultations of today for the one who asks, and all others for colleagues, on other days.
func fillConsultations(ctx context.Context, practice *consult.Practice, asks account.Account, n int) error {
	now := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, 1)
	colleagues := make([]consult.Practitioner, n/others+1)
	for i := range colleagues {
		colleagues[i] = consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Other"}
	}
	for range 32 { // at once: they share the disk's commits
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n || len(failed) > 0 {
					return
				}
				r := consult.StartRequest{By: colleagues[i/others], Name: "Jeanne Martin", Language: "fr", BirthDate: "1948-03-09", ScheduledAt: now.Add(time.Duration(24+i%others) * time.Hour / 2)}
				if i < today {
					r.By, r.ScheduledAt = asks.Practitioner(), time.Time{}
				}
				if _, _, err := practice.Start(r); err != nil {
					select {
					case failed <- err:
					default:
					}
					return
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
}

// day asks for today's consultations.
func (s *stock) day() question { return question{method: "GET", path: "/consultations"} }

func (s *stock) search(words string) question {
	body, err := json.Marshal(map[string]any{"words": words})
	if err != nil {
		panic(err) // a string: can only be a programmer's mistake
	}
	return question{method: "POST", path: "/patients/search", body: body}
}

// typed is what somebody has typed after each key, looking for one patient.
func (s *stock) typed(i int) []string {
	p := s.patients[i*17%len(s.patients)]
	whole := []string{p.GivenNames + " " + p.FamilyName, p.BirthDate[8:] + "/" + p.BirthDate[5:7] + "/" + p.BirthDate[:4], "0" + p.Contact.Phone[3:], p.IDs[0].Value}[i%4]
	var typed []string
	for n := range len(whole) {
		typed = append(typed, whole[:n+1])
	}
	return typed
}

// mixed is the i-th request of the load: of 20, eight days, six searches, three records, two changes, one new consultation.
func (s *stock) mixed(i int) question {
	p := s.patients[i*31%len(s.patients)]
	switch kind := i % 20; {
	case kind < 8:
		return s.day()
	case kind < 14:
		typed := s.typed(i)
		return s.search(typed[i%len(typed)])
	case kind < 17:
		return question{method: "GET", path: "/patients/" + string(p.ID)}
	case kind < 19:
		body := fmt.Appendf(nil, `{"revision":1,"family_name":"%s %d"}`, p.FamilyName, i)
		return question{method: "PUT", path: "/patients/" + string(p.ID), body: body, mayConflict: true}
	default:
		at := time.Now().AddDate(0, 0, 1+i/20%300).UTC().Format(time.RFC3339) // on other days: today's page stays as long as it is
		return question{method: "POST", path: "/consultations", body: fmt.Appendf(nil, `{"patient":%q,"scheduled_at":%q}`, p.ID, at), mayConflict: true}
	}
}
