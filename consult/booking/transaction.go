package booking

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// days are the day documents that one transaction reads and writes, each once.
type days struct {
	tx      kv.Txn
	now     int64
	docs    map[ownerDay]*openDay
	leaving []entryID // ids of what is about to go elsewhere: it stands in nobody's way
}

type ownerDay struct {
	owner OwnerID
	day   Date
}

type openDay struct {
	key      string
	day      Date
	doc      dayDoc
	revision uint64
	changed  bool
}

func openDays(tx kv.Txn, now time.Time) *days {
	return &days{tx: tx, now: now.Unix(), docs: map[ownerDay]*openDay{}}
}

// of reads the document of a day. One operation, the first time.
func (d *days) of(owner OwnerID, day Date) (*openDay, error) {
	of := ownerDay{owner, day}
	if open := d.docs[of]; open != nil {
		return open, nil
	}
	open := &openDay{day: day, key: dayKey(owner, day)}
	entry, err := d.tx.Get(open.key)
	if err == nil {
		open.revision = entry.Revision
		open.doc, err = decodeDay(day, entry.Value) // not remembered: its revision may not be on disk yet
	}
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return nil, err
	}
	d.docs[of] = open
	return open, nil
}

// free reports whether the owner has nothing in the span.
func (d *days) free(owner OwnerID, s span) (bool, error) {
	first, last := s.utcDays()
	for day := first; day <= last; day++ {
		open, err := d.of(owner, day)
		if err != nil || !open.doc.free(s, d.leaving, d.now) {
			return false, err
		}
	}
	return true, nil
}

// add puts an entry into all days that it touches.
func (d *days) add(owner OwnerID, e entry) error {
	first, last := e.utcDays()
	for day := first; day <= last; day++ {
		open, err := d.of(owner, day)
		if err != nil {
			return err
		}
		open.doc = open.doc.without("", d.now).with(e)
		open.changed = true
		if len(open.doc) > maxEntries {
			return errDayFull
		}
	}
	return nil
}

// remove takes an entry out of all days that the span touches. It is no error if there is none.
func (d *days) remove(owner OwnerID, s span, id string) error {
	first, last := s.utcDays()
	for day := first; day <= last; day++ {
		open, err := d.of(owner, day)
		if err != nil {
			return err
		}
		open.doc = open.doc.without(entryIDOf(id), d.now)
		open.changed = true
	}
	return nil
}

// load counts what the owner has on their own day, which may lie in two days of UTC.
func (d *days) load(owner OwnerID, in span, service ServiceID) (all, own int, err error) {
	first, last := in.utcDays()
	for day := first; day <= last; day++ {
		open, err := d.of(owner, day)
		if err != nil {
			return 0, 0, err
		}
		utc := span{int64(day) * secondsPerDay, int64(day+1) * secondsPerDay} // what crosses midnight counts where it starts
		a, o := load(open.doc, span{max(in.from, utc.from), min(in.to, utc.to)}, service, d.now)
		all, own = all+a, own+o
	}
	return all, own, nil
}

// write compares and writes what was changed. What was only read is compared too: another engine than bbolt runs transactions side by
// side. 2 operations for each changed document, 1 for each other.
func (d *days) write() error {
	all := slices.SortedFunc(maps.Values(d.docs), func(a, b *openDay) int { return cmp.Compare(a.key, b.key) })
	for _, open := range all {
		if err := d.tx.Compare(open.key, open.revision); err != nil {
			return err
		}
		if !open.changed {
			continue
		}
		var err error
		if len(open.doc) == 0 {
			err = d.tx.Delete(open.key)
		} else {
			err = d.tx.Put(open.key, open.doc.encode(open.day))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// claim is what somebody wants: a time of a service, and who could give it.
type claim struct {
	service    *Service
	start      int64
	candidates []candidate // the least loaded first, as they were when they were read
	over       bool        // knowingly over others
	daily      bool        // the daily maximum holds
	entry      entry       // kind, id and until; the rest follows
}

// candidate is a practitioner who could take it.
type candidate struct {
	schedule *Schedule
	zone     *time.Location
	load     int
	place    string
}

// maxCandidates is how many practitioners one transaction tries: their days are operations of it.
const maxCandidates = 8

// take finds the least loaded candidate who is still free, and puts the claim into their day and those of the resources. It returns
// ErrTaken when there is none among the first maxCandidates; then nothing may be written.
func (d *days) take(c claim) (candidate, []OwnerID, error) {
	taken := c.service.padded(c.start)
	best, bestLoad := -1, 0
	for i, who := range c.candidates[:min(len(c.candidates), maxCandidates)] {
		if best >= 0 && bestLoad <= who.load {
			break // nobody behind has less
		}
		owner := OwnerOf(who.schedule.Practitioner)
		free, err := d.free(owner, taken)
		if err != nil {
			return candidate{}, nil, err
		}
		if !free && !c.over {
			continue
		}
		all := 0
		if len(c.candidates) > 1 || (c.daily && c.service.DailyMax > 0) {
			in := localDay(c.start, who.zone)
			var own int
			if all, own, err = d.load(owner, in, c.service.ID); err != nil {
				return candidate{}, nil, err
			}
			if c.daily && c.service.DailyMax > 0 && own >= c.service.DailyMax {
				continue
			}
		}
		if best < 0 || all < bestLoad {
			best, bestLoad = i, all
		}
	}
	if best < 0 {
		return candidate{}, nil, ErrTaken
	}
	who := c.candidates[best]
	e := c.entry
	e.over, e.service, e.span, e.start = c.over, c.service.ID, taken, c.start
	used, err := assign(c.service.Resources, nil, c.over, func(owner OwnerID) (bool, error) { return d.free(owner, taken) })
	if err != nil {
		return candidate{}, nil, err
	}
	for _, owner := range append([]OwnerID{OwnerOf(who.schedule.Practitioner)}, used...) {
		if err := d.add(owner, e); err != nil {
			return candidate{}, nil, err
		}
	}
	return who, used, nil
}

// assign gives each of the resources somebody, or a room, that is free and that none before it has; knowingly over others also what is not
// free. ErrTaken when that cannot be.
func assign(rest []Resource, had []OwnerID, over bool, free func(OwnerID) (bool, error)) ([]OwnerID, error) {
	if len(rest) == 0 {
		return had, nil
	}
	for _, want := range []bool{true, false} {
		if !want && !over {
			break
		}
		for _, owner := range rest[0].AnyOf {
			if slices.Contains(had, owner) {
				continue
			}
			is, err := free(owner)
			if err != nil {
				return nil, err
			}
			if is != want {
				continue
			}
			if all, err := assign(rest[1:], append(had, owner), over, free); !errors.Is(err, ErrTaken) {
				return all, err
			}
		}
	}
	return nil, ErrTaken
}

// release takes an appointment out of its days.
func (d *days) release(a *Appointment) error {
	if a.Start.IsZero() {
		return nil
	}
	for _, owner := range append([]OwnerID{OwnerOf(a.Practitioner)}, a.Resources...) {
		if err := d.remove(owner, a.padded(), string(a.ID)); err != nil {
			return err
		}
	}
	return nil
}

// localDay is the whole day, on clocks in the zone, in which the instant lies.
func localDay(at int64, zone *time.Location) span {
	day := newWallDay(DateOf(time.Unix(at, 0).In(zone)), zone)
	return span{day.start, day.end()}
}

func byLoad(a, b candidate) int { return cmp.Compare(a.load, b.load) }

// index moves an appointment from where it was found to where it is now.
func (b *Book) index(tx kv.Txn, before, after *Appointment) error {
	was, is := b.indexKeys(before), b.indexKeys(after)
	for _, key := range was {
		if !slices.Contains(is, key) {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
	}
	for _, key := range is {
		if !slices.Contains(was, key) {
			if err := tx.Put(key, []byte(after.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// touch lets the calendars and desks of those whose book has changed look again. At most 12 operations.
func touch(tx kv.Txn, before, after *Appointment) error {
	for _, of := range slices.Compact([]consult.AccountID{before.Practitioner, after.Practitioner}) {
		if of == "" {
			continue
		}
		if err := noteChange(tx, of, Changed{Appointment: after.ID}); err != nil {
			return err
		}
		if err := consult.TouchDesk(tx, of); err != nil {
			return err
		}
	}
	return nil
}

// store writes an appointment where it was read, with its indexes. At most 39 operations.
func (b *Book) store(tx kv.Txn, before, after *Appointment) error {
	value, err := seal(b.master, appointmentKey(after.ID), after)
	if err != nil {
		return err
	}
	return b.storeSealed(tx, before, after, value)
}

// storeSealed is store for what is sealed already.
func (b *Book) storeSealed(tx kv.Txn, before, after *Appointment, value []byte) error {
	if err := b.tellPractitioner(tx, before, after); err != nil {
		return err
	}
	if err := b.index(tx, before, after); err != nil {
		return err
	}
	if err := touch(tx, before, after); err != nil {
		return err
	}
	if err := b.keepFiles(tx, before, after); err != nil {
		return err
	}
	return putSealed(tx, before, after, value)
}

// put writes an appointment where it was read. 2 operations.
func (b *Book) put(tx kv.Txn, before, after *Appointment) error {
	value, err := seal(b.master, appointmentKey(after.ID), after)
	if err != nil {
		return err
	}
	return putSealed(tx, before, after, value)
}

func putSealed(tx kv.Txn, before, after *Appointment, value []byte) error {
	key := appointmentKey(after.ID)
	if err := tx.Compare(key, before.Revision); err != nil {
		return err
	}
	return tx.Put(key, value)
}

// putJSON writes what is not personal.
func putJSON(tx kv.Txn, key string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.Put(key, encoded)
}
