package booking

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// raceOp is one thing that one booker did, and raceResult what came of it.
type (
	raceOp struct {
		kind    string // book, hold, use, move, cancel, read
		start   int64
		subject string
	}
	raceResult struct {
		result string
		id     string
		until  int64            // of a hold, on the test's clock, nanoseconds
		end    int64            // when it returned
		there  map[string]int64 // read: start by appointment
	}
	raceTaken struct {
		start, until int64 // until 0: an appointment
	}
	raceState map[string]raceTaken // by id; never written to
)

func (s raceState) overlaps(start int64, except string, certainAt int64) bool {
	for id, t := range s {
		apart := t.start - start
		if id != except && apart < raceLength+raceBuffer && -apart < raceLength+raceBuffer && (t.until == 0 || certainAt < t.until) {
			return true
		}
	}
	return false
}

func (s raceState) with(id string, t raceTaken, without string) raceState {
	next := maps.Clone(s)
	delete(next, without)
	if id != "" {
		next[id] = t
	}
	return next
}

// raceModel is what a book must look like from outside. doubtful says that a hold was asked for whose answer died with the program.
func raceModel(doubtful bool) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return raceState{} },
		Step: func(state, input, output any) (bool, any) {
			return raceStep(state.(raceState), input.(raceOp), output.(raceResult), doubtful)
		},
		Equal: func(a, b any) bool { return maps.Equal(a.(raceState), b.(raceState)) },
	}
}

func raceStep(s raceState, op raceOp, out raceResult, doubtful bool) (bool, raceState) {
	if op.kind == "read" {
		there := 0
		for id, t := range s {
			if t.until == 0 {
				if out.there[id] != t.start {
					return false, s
				}
				there++
			}
		}
		return there == len(out.there), s
	}
	except := op.subject
	if out.result == "taken" {
		// There was something: an appointment, or a hold, lapsed or not: who looked may have looked before it lapsed.
		// A hold that has lapsed may be forgotten.
		mine, there := s[op.subject]
		return doubtful || s.overlaps(op.start, except, math.MinInt64) || (op.kind == "use" && (!there || mine.until <= out.end)), s
	}
	switch op.kind {
	case "book":
		return !s.overlaps(op.start, "", out.end), s.with(out.id, raceTaken{start: op.start}, "")
	case "hold":
		return !s.overlaps(op.start, "", out.end), s.with(out.id, raceTaken{op.start, out.until}, "")
	case "use":
		return !s.overlaps(op.start, op.subject, out.end), s.with(out.id, raceTaken{start: op.start}, op.subject)
	case "move":
		_, there := s[op.subject]
		return there && !s.overlaps(op.start, op.subject, out.end), s.with(op.subject, raceTaken{start: op.start}, op.subject)
	case "cancel":
		_, there := s[op.subject]
		return there, s.with("", raceTaken{}, op.subject)
	}
	return false, s
}

// raceRecord is what the children have told of one race.
type raceRecord struct {
	ops    map[string]porcupine.Operation // by op; Return 0: killed before it answered
	killed int64                          // when, 0: it was not
	dump   []raceLeft
	ended  int64
}

type raceLeft struct {
	id, by, state string
	start         int64
	moves         int
}

// operations are the history to check. What died with the program is judged by what it left.
func (r *raceRecord) operations(t *testing.T) (ops []porcupine.Operation, doubtful bool) {
	left := map[string]raceLeft{}
	for _, l := range r.dump {
		left[l.id] = l
	}
	moved := map[string]int{}
	for _, op := range r.ops {
		if in := op.Input.(raceOp); in.kind == "move" && op.Return != 0 && op.Output.(raceResult).result == "ok" {
			moved[in.subject]++
		}
	}
	for name, op := range r.ops {
		in := op.Input.(raceOp)
		if op.Return != 0 {
			if out := op.Output.(raceResult); strings.HasPrefix(out.result, "error") {
				t.Errorf("%s %v: %s", name, in, out.result)
			}
			ops = append(ops, op)
			continue
		}
		out, happened := raceResult{result: "ok", id: in.subject, end: r.killed}, false
		switch in.kind {
		case "hold":
			doubtful = true
		case "book", "use":
			i := slices.IndexFunc(r.dump, func(l raceLeft) bool { return l.by == name })
			if happened = i >= 0; happened {
				out.id = r.dump[i].id
			}
		case "move":
			happened = left[in.subject].moves > moved[in.subject]
		case "cancel":
			happened = left[in.subject].state == string(StateCancelled)
		}
		if happened {
			op.Return, op.Output = r.killed, out
			ops = append(ops, op)
		}
	}
	there := map[string]int64{}
	for _, l := range r.dump {
		if l.state == string(StateBooked) {
			there[l.id] = l.start
		}
	}
	return append(ops, porcupine.Operation{ClientId: raceBookers, Input: raceOp{kind: "read"}, Call: r.ended, Output: raceResult{there: there}, Return: r.ended + 1}), doubtful
}

// TestRaces lets 200 bookers at a time want overlapping times, with holds that lapse, moves and cancels, kills the program with -9 in
// between, and has the history checked: no two appointments overlap, and nothing that was acknowledged is lost. TEST_RACES says how many
// races there are.
func TestRaces(t *testing.T) {
	races, perKill := 30, 10
	if text := os.Getenv("TEST_RACES"); text != "" {
		var err error
		if races, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
		perKill = 50
	}
	dir, zero := t.TempDir(), time.Now().UnixNano()
	records := make([]raceRecord, races)
	for i := range records {
		records[i].ops = map[string]porcupine.Operation{}
	}
	random := rand.New(rand.NewPCG(rand.Uint64(), 0))
	began := time.Now()
	kills, from, begun := 0, 0, false
	for from < races {
		killAt := from + 1 + random.IntN(2*perKill)
		next, interrupted, err := raceProcess(dir, zero, from, races, begun, killAt, random.IntN(raceBookers), records)
		if err != nil {
			t.Fatal(err)
		}
		if interrupted {
			kills++
		}
		from, begun = next, interrupted
	}
	took := time.Since(began)
	booked, taken, others, unknown := 0, 0, 0, 0
	var bookings []time.Duration // how long each took
	for race := range records {
		ops, doubtful := records[race].operations(t)
		for _, op := range ops {
			if kind := op.Input.(raceOp).kind; (kind == "book" || kind == "use") && op.Return != records[race].killed {
				bookings = append(bookings, time.Duration(op.Return-op.Call))
			}
			switch out := op.Output.(raceResult); {
			case op.Input.(raceOp).kind == "read":
			case out.result == "taken":
				taken++
			case op.Input.(raceOp).kind == "book", op.Input.(raceOp).kind == "use":
				booked++
			default:
				others++
			}
		}
		if problem := overlapping(records[race].dump); problem != "" {
			t.Errorf("race %d: %s", race, problem)
			continue // the checker would try for long
		}
		if problem := refusedForNothing(ops, doubtful); problem != "" {
			t.Errorf("race %d: %s", race, problem)
			continue
		}
		switch porcupine.CheckOperationsTimeout(raceModel(doubtful), thinned(ops, random), 20*time.Second) {
		case porcupine.Illegal:
			t.Errorf("race %d is not linearizable (killed: %t):\n%s", race, records[race].killed != 0, told(ops))
		case porcupine.Unknown:
			if unknown++; unknown > races/100 {
				t.Fatal("too many histories cannot be checked")
			}
		}
	}
	slices.Sort(bookings)
	t.Logf("%d races of %d bookers in %v, %d kills: %d booked, %d too late, %d holds, moves and cancels; %d histories too long to check; a booking: median %v, p99 %v",
		races, raceBookers, took.Round(time.Millisecond), kills, booked, taken, others, unknown, bookings[len(bookings)/2], bookings[len(bookings)*99/100])
	if booked < races || kills == 0 {
		t.Error("the races have met too little")
	}
}

// told is a history without those who came too late, in the order in which things began.
func told(ops []porcupine.Operation) string {
	ops = slices.DeleteFunc(slices.Clone(ops), func(op porcupine.Operation) bool { return op.Output.(raceResult).result == "taken" })
	slices.SortFunc(ops, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	var b strings.Builder
	for _, op := range ops {
		fmt.Fprintf(&b, "%d to %d: %+v %+v\n", op.Call-ops[0].Call, op.Return-ops[0].Call, op.Input, op.Output)
	}
	return b.String()
}

// thinned leaves out most of those who came too late: they change nothing, and 200 of them at once, in every order, are more than the
// checker can try. refusedForNothing looks at all of them.
func thinned(ops []porcupine.Operation, random *rand.Rand) []porcupine.Operation {
	const few = 12
	tooLate := func(op porcupine.Operation) bool { return op.Output.(raceResult).result == "taken" }
	kept := slices.DeleteFunc(slices.Clone(ops), tooLate)
	late := slices.DeleteFunc(slices.Clone(ops), func(op porcupine.Operation) bool { return !tooLate(op) })
	random.Shuffle(len(late), func(i, j int) { late[i], late[j] = late[j], late[i] })
	return append(kept, late[:min(few, len(late))]...)
}

// refusedForNothing holds that for each who came too late there was, while they asked, something that may have been in the way.
func refusedForNothing(ops []porcupine.Operation, doubtful bool) string {
	if doubtful {
		return ""
	}
	for _, op := range ops {
		in, out := op.Input.(raceOp), op.Output.(raceResult)
		if out.result != "taken" || in.kind == "use" {
			continue
		}
		if !slices.ContainsFunc(ops, func(other porcupine.Operation) bool {
			by, came := other.Input.(raceOp), other.Output.(raceResult)
			apart := by.start - in.start
			return came.result == "ok" && by.kind != "cancel" && by.kind != "read" && other.Call < op.Return && apart < raceLength+raceBuffer && -apart < raceLength+raceBuffer
		}) {
			return fmt.Sprintf("%v was refused, and nothing was there", in)
		}
	}
	return ""
}

func overlapping(left []raceLeft) string {
	for i, a := range left {
		for _, b := range left[i+1:] {
			if apart := a.start - b.start; a.state == string(StateBooked) && b.state == string(StateBooked) && apart < raceLength+raceBuffer && -apart < raceLength+raceBuffer {
				return fmt.Sprintf("%s and %s overlap", a.id, b.id)
			}
		}
	}
	return ""
}

// raceProcess runs races in a child and kills it in the middle of race killAt, after so many answers. It returns the race to go on with.
func raceProcess(dir string, zero int64, from, to int, begun bool, killAt, after int, records []raceRecord) (next int, interrupted bool, err error) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), raceChildVariable+"="+dir, fmt.Sprint(raceFromVariable, "=", from), fmt.Sprint(raceToVariable, "=", to), fmt.Sprint("TEST_RACE_ZERO=", zero))
	if begun {
		child.Env = append(child.Env, raceBegunVariable+"=yes")
	}
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return 0, false, err
	}
	if err := child.Start(); err != nil {
		return 0, false, err
	}
	next, answers, killed := from, 0, int64(0)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 2 || f[0] == "error" {
			return 0, false, errors.Join(errors.New(lines.Text()), child.Process.Kill(), child.Wait())
		}
		race, _ := strconv.Atoi(f[1])
		r := &records[race]
		if err := r.read(f, zero); err != nil {
			return 0, false, errors.Join(err, child.Process.Kill(), child.Wait())
		}
		switch f[0] {
		case "e":
			next = race + 1
			r.ended = math.MaxInt64 - 1
		case "f":
			if race == killAt {
				answers++
			}
		}
		if killed == 0 && race == killAt && answers >= after && f[0] == "f" {
			if err := child.Process.Kill(); err != nil {
				return 0, false, err
			}
			killed = 1
		}
	}
	if err := child.Wait(); err != nil && killed == 0 {
		return 0, false, err
	}
	if killed == 0 || next >= to {
		return next, false, nil
	}
	records[next].killed = time.Now().UnixNano()
	records[next].dump = nil
	return next, len(records[next].ops) > 0, nil
}

func undash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// read takes a line.
func (r *raceRecord) read(f []string, zero int64) error {
	number := func(i int) int64 {
		n, _ := strconv.ParseInt(f[i], 10, 64)
		return n
	}
	switch {
	case f[0] == "s" && len(f) == 7:
		client, _, _ := strings.Cut(f[2], ".")
		id, err := strconv.Atoi(client)
		r.ops[f[2]] = porcupine.Operation{ClientId: id, Input: raceOp{f[3], number(4), undash(f[5])}, Call: number(6)}
		return err
	case f[0] == "f" && len(f) == 7:
		op, ok := r.ops[f[2]]
		if !ok {
			return fmt.Errorf("an answer to nothing: %v", f)
		}
		bookZero, _ := time.Parse(time.RFC3339, raceZero)
		until := zero + (number(6)-bookZero.UnixNano())/raceSpeed // from the book's clock to the test's
		op.Return, op.Output = number(3), raceResult{result: f[4], id: undash(f[5]), until: until, end: number(3)}
		r.ops[f[2]] = op
	case f[0] == "d" && len(f) == 7:
		r.dump = append(r.dump, raceLeft{f[2], f[3], f[4], number(5), int(number(6))})
	case f[0] != "e":
		return fmt.Errorf("a line that is none: %v", f)
	}
	return nil
}
