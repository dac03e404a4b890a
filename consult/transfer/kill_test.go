package transfer

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
)

const (
	killChildVariable = "TEST_TRANSFER_CHILD" // folder
	killAtVariable    = "TEST_TRANSFER_KILL"  // in which transaction
	killRows          = 2000
)

// killer is a store that kills the process, as kill -9 does, within one of its transactions.
type killer struct {
	kv.Store
	left atomic.Int64
}

func (k *killer) Update(do func(kv.Txn) error) error {
	return k.Store.Update(func(tx kv.Txn) error {
		err := do(tx)
		if k.left.Add(-1) == 0 {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
			}
			select {} // nothing is written any more
		}
		return err
	})
}

// killChild takes a file over and says after each chunk how many rows are done with, until it is killed.
func killChild(dir string) {
	at, _ := strconv.ParseInt(os.Getenv(killAtVariable), 10, 64)
	d, closeDesk, err := openDesk(dir, at)
	if err == nil {
		_, err = d.Run(context.Background(), killTable(), killOptions(d, func(rows int) { fmt.Fprintln(os.Stdout, rows) }))
	}
	if err == nil {
		err = closeDesk()
	}
	fmt.Fprintln(os.Stdout, "end", err)
}

func killTable() []Row {
	zone, _ := time.LoadLocation("Europe/Paris")
	rows, _, _ := Read([]byte(manyRows(killRows)), zone, time.Now())
	return rows
}

func killOptions(d *desk, progress func(int)) Options {
	return Options{By: booking.Actor{Kind: booking.ByPractice}, Practitioner: d.of, CreatePatients: true, Progress: progress}
}

// TestKilled: what was told to be done with is there after a kill at any moment, and the same file again adds what is missing and nothing twice.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir := t.TempDir()
	for _, at := range []int{7, 20, 31, 45, 90} { // a chunk has 8 transactions of patients and 20 of appointments
		told := killedAt(t, dir, at)
		d, closeDesk, err := openDesk(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		there, people := countAll(t, d)
		t.Logf("killed in transaction %d: %d rows were told to be done; %d appointments, %d patients", at, told, there, people)
		if there < told || people < there || people > there+chunk {
			t.Errorf("%d rows were told to be done: %d appointments, %d patients", told, there, people)
		}
		if err := closeDesk(); err != nil {
			t.Fatal(err)
		}
	}
	d, closeDesk, err := openDesk(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	results, err := d.Run(t.Context(), killTable(), killOptions(d, nil))
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for _, one := range results {
		if one.Outcome == OutcomeKnown {
			known++
		} else if one.Outcome != OutcomeNew {
			t.Fatalf("%+v", one)
		}
	}
	if there, people := countAll(t, d); there != killRows || people != killRows || known == 0 {
		t.Errorf("%d appointments and %d patients of %d rows, %d of them there before", there, people, killRows, known)
	}
	if err := closeDesk(); err != nil {
		t.Fatal(err)
	}
}

// killedAt runs the child until it kills itself, and returns the rows that it told to be done.
func killedAt(t *testing.T, dir string, at int) (told int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killChildVariable+"="+dir, fmt.Sprintf("%s=%d", killAtVariable, at))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if told, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child was not killed")
	}
	return told
}

// countAll counts what is there, and finds who is there twice.
func countAll(t *testing.T, d *desk) (appointments, people int) {
	t.Helper()
	names := map[string]consult.PatientID{}
	for month := range 12 {
		from := time.Date(2026, time.Month(1+month), 1, 0, 0, 0, 0, time.UTC)
		all, err := d.Book.Appointments(d.of, from, from.AddDate(0, 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if had, twice := names[a.Person.Name]; twice || a.Patient == "" {
				t.Errorf("%s: %s %s", a.ID, a.Patient, had)
			}
			names[a.Person.Name] = a.Patient
		}
	}
	found, err := d.Patients.Search(t.Context(), []consult.AccountID{d.of}, "", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	return len(names), found.Total
}
