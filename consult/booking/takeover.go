package booking

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TakeOver is an appointment that other software kept, to be taken over as it was agreed there.
type TakeOver struct {
	By           Actor
	UID          string // of iCalendar, or anything that names it for good: the same again makes nothing
	Service      ServiceID
	Practitioner consult.AccountID
	Start, End   time.Time
	Modality     Modality // "": the first of the service's
	Patient      consult.PatientID
	Person       Person
	Note         string
	Overbook     string // the reason to take it over though its time is taken; "": ErrTaken then
	Remind       bool   // the patient is reminded as others are
}

const maxUID = 255 // characters

var errBadUID error = &consult.Error{Code: consult.CodeBadMessage, Message: "An appointment that is taken over needs a UID of at most 255 characters."}
var errBadLength error = &consult.Error{Code: consult.CodeBadMessage, Message: "An appointment lasts 5 minutes to 8 hours."}

func uidKey(of consult.AccountID, uid string) string {
	return "v1/appointment-uid/" + string(of) + "/" + hashOf(uid)
}

// TakenOver returns the appointment that was taken over with this UID, or ErrNotFound.
func (b *Book) TakenOver(of consult.AccountID, uid string) (AppointmentID, error) {
	return b.takenOver(b.kv, of, uid)
}

func (b *Book) takenOver(from consult.Getter, of consult.AccountID, uid string) (AppointmentID, error) {
	entry, err := from.Get(uidKey(of, uid))
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return "", ErrNotFound
	}
	return AppointmentID(entry.Value), err
}

// Taken reports whether a practitioner has something between two instants.
func (b *Book) Taken(of consult.AccountID, from, to time.Time) (bool, error) {
	s := span{from.Unix(), to.Unix()}
	first, last := s.utcDays()
	entries, err := b.entries(OwnerOf(of), first, last)
	return err == nil && !dayDoc(entries).free(s, "", b.clock().Unix()), b.fail("taken", "", err)
}

// TakeOver books an appointment as other software had it: of its own length, without buffers and rooms, in the past too. Nobody is told
// anything. Repeated says that it was taken over before: then nothing changes. ErrTaken when its time is taken.
func (b *Book) TakeOver(r TakeOver) (Booked, error) {
	booked, err := b.takeOver(r)
	return booked, b.fail("take over", "", err)
}

func (b *Book) takeOver(r TakeOver) (Booked, error) {
	r.UID = strings.TrimSpace(r.UID)
	if r.UID == "" || len([]rune(r.UID)) > maxUID || strings.ContainsFunc(r.UID, unicode.IsControl) {
		return Booked{}, errBadUID
	}
	kept, err := b.serviceOf(r.Service)
	if err != nil {
		return Booked{}, err
	}
	start := wholeMinute(r.Start)
	service := *kept
	service.Duration, service.Before, service.After, service.Resources = r.End.Sub(start).Round(time.Minute), 0, 0, nil
	if service.Duration < MinDuration || service.Duration > MaxDuration {
		return Booked{}, errBadLength
	}
	schedule, err := b.scheduleOf(r.Practitioner)
	if err != nil {
		return Booked{}, err
	}
	zone, err := b.zone(schedule.TimeZone)
	if err != nil {
		return Booked{}, err
	}
	now := b.clock()
	asked, err := b.asked(&service, Request{
		By: r.By, Service: r.Service, Practitioner: r.Practitioner, Start: start, Modality: r.Modality, Patient: r.Patient, Person: r.Person,
		Note: r.Note, Overbook: r.Overbook,
	}, now)
	if err != nil {
		return Booked{}, err
	}
	asked.UID, asked.Silent, asked.quiet = r.UID, !r.Remind, true
	c := claim{
		service: &service, start: start.Unix(), over: r.Overbook != "", entry: entry{kind: entryAppointment, id: string(asked.ID)},
		candidates: []candidate{{schedule: schedule, zone: zone}},
	}
	var made Booked
	err = b.update(func(tx kv.Txn) error {
		made = Booked{}
		if id, err := b.takenOver(tx, r.Practitioner, r.UID); err == nil {
			made.Repeated = true
			made.Appointment, err = b.load(tx, id)
			return err
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		a, open := asked, openDays(tx, now)
		if err := a.place(open, c); err != nil {
			return err
		}
		if err := open.write(); err != nil {
			return err
		}
		if err := b.tell(tx, &a, kept, "", nil, now); err != nil {
			return err
		}
		if err := tx.Put(uidKey(r.Practitioner, r.UID), []byte(a.ID)); err != nil {
			return err
		}
		if err := b.store(tx, &Appointment{}, &a); err != nil {
			return err
		}
		made.Appointment = a
		return nil
	})
	return made, err
}
