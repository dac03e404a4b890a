package booking

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Imported is an appointment as another book has kept it.
type Imported struct {
	Key          string // what the other book calls it: with the same key of the same practitioner it is imported once; "": each time
	UID          string // of iCalendar; "": as that of an appointment made here
	State        State  // "": StateBooked. Any but StateArrived, StateInVisit and StateInterrupted; what does not take place takes no time
	Service      ServiceID
	Practitioner consult.AccountID
	Start        time.Time
	Duration     time.Duration // 0: the service's
	Modality     Modality      // "": the first of the service's
	Place        string
	Patient      consult.PatientID
	Person       Person
	Note         string
}

// ImportRequest asks to take over appointments. Nobody is told; rules that patients are bound by (hours, notice, daily maximum) do not count.
type ImportRequest struct {
	By       Actor
	Items    []Imported // at most MaxImport
	Overbook string     // the reason that stands with those that overlap others and are taken over anyway; "": they are refused with ErrTaken
	Remind   bool       // patients get the reminders that are still to come
}

// ImportResult is what became of one item: the appointment, or why there is none.
type ImportResult struct {
	Appointment AppointmentID
	Overbooked  bool // it overlaps what was there
	Repeated    bool // an earlier import made it; it was left as it is
	Err         error
}

// MaxImport is how many appointments one call of Import takes.
const MaxImport = 1000

const (
	importBatch   = 12  // items of one transaction: 7 operations each, and those of the days
	importWriters = 24  // transactions at a time, which share the waits for the disk: half as many again a second as with 8
	maxImportKey  = 500 // characters
)

// Import takes appointments over, each or not by itself, a dozen in a transaction. It is as good as booking them one by one, and no time is given
// twice unknowingly. Once more with the same keys adds what is missing.
func (b *Book) Import(r ImportRequest) ([]ImportResult, error) {
	if len(r.Items) > MaxImport || r.By.Kind == ByPatient {
		return nil, errBadImport
	}
	reason, err := cleanText(r.Overbook, maxText)
	if err != nil {
		return nil, err
	}
	r.Overbook = reason
	results := make([]ImportResult, len(r.Items))
	var batches [][]importing
	for _, batch := range b.importable(r, results) {
		batches = slices.AppendSeq(batches, slices.Chunk(batch, importBatch))
	}
	next := make(chan []importing)
	var writers sync.WaitGroup
	for range min(importWriters, len(batches)) {
		writers.Go(func() {
			for batch := range next {
				b.importSome(r, batch, results)
			}
		})
	}
	for _, batch := range batches {
		next <- batch
	}
	close(next)
	writers.Wait()
	return results, nil
}

// importing is an item that was checked.
type importing struct {
	item  *Imported
	index int // of the result
	asked Appointment
	claim claim
}

// importable checks the items, and returns those that can be by practitioner and in order of time, so that those of a day come together.
func (b *Book) importable(r ImportRequest, results []ImportResult) [][]importing {
	by := map[consult.AccountID][]importing{}
	now := b.clock()
	for i := range r.Items {
		one, err := b.importOne(r, i, now)
		if err != nil {
			results[i].Err = b.fail("import", "", err)
			continue
		}
		by[one.item.Practitioner] = append(by[one.item.Practitioner], one)
	}
	var all [][]importing
	for _, of := range by {
		slices.SortStableFunc(of, func(a, b importing) int { return cmp.Compare(a.claim.start, b.claim.start) })
		all = append(all, of)
	}
	return all
}

// importOne makes of an item what does not depend on what is in the book.
func (b *Book) importOne(r ImportRequest, i int, now time.Time) (importing, error) {
	item := &r.Items[i]
	if _, known := wayTo(item.State); !known || item.Start.IsZero() || item.Practitioner == "" || len(item.Key) > maxImportKey || len(item.UID) > maxImportKey {
		return importing{}, errBadImport
	}
	offered, err := b.serviceOf(item.Service)
	if err != nil {
		return importing{}, err
	}
	schedule, err := b.scheduleOf(item.Practitioner)
	if err != nil {
		return importing{}, err
	}
	zone, err := b.zone(schedule.TimeZone)
	if err != nil {
		return importing{}, err
	}
	service := *offered
	service.Before, service.After, service.Resources = 0, 0, nil // it is as it was agreed there
	if item.Duration != 0 {
		service.Duration = item.Duration.Truncate(time.Minute)
	}
	if service.Duration < MinDuration || service.Duration > MaxDuration {
		return importing{}, errBadImport
	}
	a, err := b.asked(&service, Request{
		By: r.By, Practitioner: item.Practitioner, Start: item.Start, Modality: item.Modality, Patient: item.Patient, Person: item.Person, Note: item.Note,
	}, now)
	if err != nil {
		return importing{}, err
	}
	if item.State == StateRequested || item.State == StateRefused {
		a.State, a.History = "", nil
		if err := a.step(ActionRequest, r.By, "", now); err != nil {
			return importing{}, err
		}
	}
	if item.UID != "" {
		a.UID = item.UID
	}
	a.Silent = !r.Remind
	c := claim{service: &service, start: wholeMinute(item.Start).Unix(), candidates: []candidate{{schedule: schedule, zone: zone, place: item.Place}}}
	c.entry = entry{kind: entryAppointment, id: entryIDOf(string(a.ID))}
	return importing{item, i, a, c}, nil
}

// importSome writes a batch in one transaction; in two when it has too many operations for one, or when one item spoils it for the others.
func (b *Book) importSome(r ImportRequest, batch []importing, results []ImportResult) {
	made := make([]ImportResult, len(batch))
	err := b.update(func(tx kv.Txn) error {
		now := b.clock()
		open := openDays(tx, now)
		var changed []Changed
		for i, one := range batch {
			var err error
			if made[i], err = b.importInto(tx, open, r, one, now); err != nil {
				return err
			}
			if made[i].Err == nil && !made[i].Repeated {
				changed = append(changed, Changed{Appointment: made[i].Appointment})
			}
		}
		if len(changed) == 0 {
			return nil
		}
		of := batch[0].item.Practitioner
		return errors.Join(noteChange(tx, of, changed...), consult.TouchDesk(tx, of), open.write())
	})
	if len(batch) > 1 && (errors.Is(err, kv.ErrTooManyOperations) || errors.Is(err, errDayFull)) {
		b.importSome(r, batch[:len(batch)/2], results)
		b.importSome(r, batch[len(batch)/2:], results)
		return
	}
	for i, one := range batch {
		if results[one.index] = made[i]; err != nil {
			results[one.index] = ImportResult{Err: b.fail("import", "", err)}
		}
	}
}

// importInto puts one item into the transaction. What is wrong with the item alone is in the result. 7 operations and those of its days.
func (b *Book) importInto(tx kv.Txn, open *days, r ImportRequest, one importing, now time.Time) (ImportResult, error) {
	key := importKey(one.item)
	if one.item.Key != "" {
		had, err := tx.Get(key)
		if err == nil {
			return ImportResult{Appointment: AppointmentID(had.Value), Repeated: true}, nil
		}
		if !errors.Is(err, kv.ErrNotFound) {
			return ImportResult{}, err
		}
	}
	a, c := one.asked, one.claim
	var err error
	if one.item.State != "" && !one.item.State.takesTime() {
		a.placed(c, c.candidates[0], nil)
	} else {
		err = a.place(open, c)
	}
	if errors.Is(err, ErrTaken) && r.Overbook != "" {
		c.over, a.Overbooked, a.History = true, true, slices.Clone(a.History) // the transaction may run again
		a.History[len(a.History)-1].Reason = r.Overbook
		err = a.place(open, c)
	}
	if errors.Is(err, ErrTaken) {
		return ImportResult{Err: err}, nil
	}
	if err != nil {
		return ImportResult{}, err
	}
	if err := a.become(one.item.State, r.By, now); err != nil {
		return ImportResult{}, err
	}
	if r.Remind {
		a.plan(b.remindersOf(&a, c.service), now)
	}
	if one.item.Key != "" {
		if err := tx.Put(key, []byte(a.ID)); err != nil {
			return ImportResult{}, err
		}
	}
	none := Appointment{}
	if err := b.index(tx, &none, &a); err != nil {
		return ImportResult{}, err
	}
	return ImportResult{Appointment: a.ID, Overbooked: a.Overbooked}, b.put(tx, &none, &a)
}

// wayTo is what happened to an appointment that was booked, or asked for, until it was in this state; false when none can be imported in it.
func wayTo(s State) ([]Action, bool) {
	switch s {
	case "", StateBooked, StateRequested:
		return nil, true
	case StateFulfilled:
		return []Action{ActionFulfil}, true
	case StateNoShow:
		return []Action{ActionAbsent}, true
	case StateByPhone:
		return []Action{ActionBegin, ActionInterrupt, ActionPhone}, true
	case StateToRebook:
		return []Action{ActionBegin, ActionInterrupt, ActionRebook}, true
	case StateCancelled:
		return []Action{ActionCancel}, true
	case StateRefused:
		return []Action{ActionRefuse}, true
	case StateInError:
		return []Action{ActionMistake}, true
	}
	return nil, false
}

// become brings an appointment that was just made to the state that it had in the other book. When that came to be, nobody knows any more.
func (a *Appointment) become(s State, by Actor, now time.Time) error {
	way, _ := wayTo(s)
	for _, action := range way {
		if err := a.step(action, by, "", now); err != nil {
			return err
		}
	}
	switch s {
	case StateCancelled:
		a.Notice = noticeUnknown
	case StateByPhone, StateToRebook:
		a.ArrivedAt, a.PractitionerAt = time.Time{}, time.Time{}
	}
	return nil
}

func importKey(item *Imported) string {
	return "v1/appointment-imported/" + hashOf(string(item.Practitioner)+"\x00"+item.Key)
}

// ImportedAs returns the appointment that an import has made with this key, or ErrNotFound.
func (b *Book) ImportedAs(of consult.AccountID, key string) (AppointmentID, error) {
	entry, err := b.kv.Get(importKey(&Imported{Practitioner: of, Key: key}))
	if errors.Is(err, kv.ErrNotFound) {
		return "", ErrNotFound
	}
	return AppointmentID(entry.Value), b.fail("imported", "", err)
}

// Taken reports whether a practitioner has something between two instants.
func (b *Book) Taken(of consult.AccountID, from, to time.Time) (bool, error) {
	s := span{from.Unix(), to.Unix()}
	first, last := s.utcDays()
	days, err := b.daysOf(OwnerOf(of), first, last)
	now := b.clock().Unix()
	taken := slices.ContainsFunc(days, func(d dayDoc) bool { return !d.free(s, nil, now) })
	return err == nil && taken, b.fail("taken", "", err)
}
