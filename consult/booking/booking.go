package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// HoldRequest asks to keep a time while a form is filled in.
type HoldRequest struct {
	Service      ServiceID
	Practitioner consult.AccountID // "": any
	Start        time.Time
	Modality     Modality
	Language     string
	Place        string
	By           Actor
}

// Hold is a time that is kept. Who has its secret books it, until it lapses.
type Hold struct {
	Secret       string            `json:"-"`
	ID           string            `json:"id"` // of its entries in day documents: no right
	Service      ServiceID         `json:"service"`
	Practitioner consult.AccountID `json:"practitioner"`
	Resources    []OwnerID         `json:"resources,omitempty"`
	Start        time.Time         `json:"start"`
	From         int64             `json:"from"` // with buffers, Unix seconds
	To           int64             `json:"to"`
	Modality     Modality          `json:"modality,omitempty"`
	Place        string            `json:"place,omitempty"`
	Until        time.Time         `json:"until"`
	Wait         string            `json:"wait,omitempty"` // key of the wait list's entry that it was offered to
}

// Hold keeps a time for Config.HoldLifetime. *TakenError when somebody was quicker.
func (b *Book) Hold(r HoldRequest) (Hold, error) {
	service, err := b.offeredNow(r.Service)
	if err != nil {
		return Hold{}, b.fail("hold", "", err)
	}
	if !service.offers(r.Modality) {
		return Hold{}, errBadModality
	}
	want := wish{by: r.By, practitioner: r.Practitioner, start: wholeMinute(r.Start), modality: r.Modality, language: r.Language, place: r.Place}
	candidates, err := b.candidates(service, want)
	var hold Hold
	if err == nil {
		hold, err = b.hold(service, want, candidates, b.cfg.HoldLifetime, nil)
	}
	if errors.Is(err, ErrTaken) {
		err = b.next(service, want)
	}
	return hold, b.fail("hold", "", err)
}

// hold puts a hold into the first candidate's day who is free, or has nothing there but what is leaving, with what else belongs into the
// transaction.
func (b *Book) hold(service *Service, want wish, candidates []candidate, keep time.Duration, also func(kv.Txn, *Hold) error, leaving ...entryID) (Hold, error) {
	now := b.clock()
	secret := consult.NewSecret()
	hash, _ := consult.HashSecret(secret)
	until := now.Add(keep).Truncate(time.Second) // the grain of day documents
	hold := Hold{Secret: secret, ID: holdLetters + randomText(), Service: service.ID, Start: want.start, Modality: want.modality, Until: until}
	lasts := &b.holds
	if keep > b.cfg.HoldLifetime {
		lasts = &sharedLease{keep: keep}
	}
	err := b.leased(lasts, func(tx kv.Txn, lease kv.LeaseID) error {
		open := openDays(tx, now)
		open.leaving = leaving
		who, used, err := open.take(claim{
			service: service, start: want.start.Unix(), candidates: candidates, daily: want.by.Kind == ByPatient,
			entry: entry{kind: entryHold, id: entryIDOf(hold.ID), until: until.Unix()},
		})
		if err != nil {
			return err
		}
		taken := service.padded(want.start.Unix())
		hold.Practitioner, hold.Resources, hold.Place, hold.From, hold.To = who.schedule.Practitioner, used, who.place, taken.from, taken.to
		if also != nil {
			if err := also(tx, &hold); err != nil {
				return err
			}
		}
		if err := open.write(); err != nil {
			return err
		}
		value, err := json.Marshal(hold)
		if err != nil {
			return err
		}
		return tx.PutLease(holdKey(hash), value, lease)
	})
	return hold, err
}

// findHold returns a hold by its secret, lapsed or not, or ErrHoldLapsed.
func (b *Book) findHold(from consult.Getter, secret string) (Hold, string, error) {
	hash, ok := consult.HashSecret(secret)
	if !ok {
		return Hold{}, "", ErrHoldLapsed
	}
	entry, err := from.Get(holdKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return Hold{}, "", ErrHoldLapsed
	}
	if err != nil {
		return Hold{}, "", err
	}
	var h Hold
	if err := json.Unmarshal(entry.Value, &h); err != nil {
		return Hold{}, "", fmt.Errorf("booking: decode hold: %w", err)
	}
	return h, holdKey(hash), nil
}

// Held returns what a hold's secret keeps, or ErrHoldLapsed. It changes nothing.
func (b *Book) Held(secret string) (Hold, error) {
	h, _, err := b.findHold(b.kv, secret)
	if err == nil && !b.clock().Before(h.Until) {
		err = ErrHoldLapsed
	}
	return h, b.fail("held", "", err)
}

// keeps reports whether what a request names is what is kept. It need name nothing; a hold for no way in particular is good for each of the
// service's.
func (h Hold) keeps(service ServiceID, practitioner consult.AccountID, start time.Time, place string, by Modality) bool {
	return (service == "" || service == h.Service) && (practitioner == "" || practitioner == h.Practitioner) && (start.IsZero() || wholeMinute(start).Equal(h.Start)) &&
		(place == "" || place == h.Place) && (by == "" || h.Modality == "" || by == h.Modality)
}

// Release gives a hold back. It is no error when it has lapsed.
func (b *Book) Release(secret string) error {
	err := b.update(func(tx kv.Txn) error {
		open := openDays(tx, b.clock())
		if err := b.useHold(tx, open, secret); err != nil {
			return err
		}
		return open.write()
	})
	if errors.Is(err, ErrHoldLapsed) {
		return nil
	}
	return b.fail("release", "", err)
}

// useHold takes a hold out of its days, and forgets it. At most 4 operations and those of its days.
func (b *Book) useHold(tx kv.Txn, open *days, secret string) error {
	h, key, err := b.findHold(tx, secret)
	if err != nil {
		return err
	}
	for _, owner := range append([]OwnerID{OwnerOf(h.Practitioner)}, h.Resources...) {
		if err := open.remove(owner, span{h.From, h.To}, h.ID); err != nil {
			return err
		}
	}
	if h.Wait != "" { // who waited has what they waited for
		if err := tx.Delete(h.Wait); err != nil {
			return err
		}
		if err := tx.Delete(waitIDKey(WaitID(h.Wait[strings.LastIndexByte(h.Wait, '/')+1:]))); err != nil {
			return err
		}
	}
	return tx.Delete(key)
}

// Request asks for an appointment.
type Request struct {
	Key          string // of idempotency: the same key makes one appointment; "": none. It must be random, or name who asks
	By           Actor
	Hold         string // secret of a hold; then service, practitioner, start, place and modality are its, and may be left out but not be others
	Service      ServiceID
	Practitioner consult.AccountID // "": any
	Start        time.Time         // zero: a request without a time, to which the practice answers
	Modality     Modality          // "": the first of the service's
	Language     string            // that the practitioner speaks
	Place        string
	Patient      consult.PatientID // whose record Person was copied from, or ""
	Person       Person
	Answers      map[string]string
	Files        consult.FolderID // with the documents that Answers name, or ""
	Note         string
	Overbook     string // by the practice: the reason to book over others
	Series       SeriesID
	Quiet        bool // by the practice: the patient is not told

	with *several // nil: by itself
}

// Booked is what came of a request.
type Booked struct {
	Appointment Appointment
	Secret      string // of the manage link
	Repeated    bool   // an earlier request with this key made it
}

// Book makes an appointment, or the request for one when the service needs approval or there is no time. *TakenError when somebody was quicker.
func (b *Book) Book(r Request) (Booked, error) {
	booked, err := b.book(r)
	return booked, b.fail("book", booked.Appointment.ID, err)
}

func (b *Book) book(r Request) (Booked, error) {
	coming := b.kv.Announce()
	defer coming()
	if len(r.Key) > 100 {
		return Booked{}, errBadKey
	}
	if made, err := b.repeated(b.kv, r.Key); err != nil || made.Repeated {
		return made, err
	}
	var hold Hold
	if r.Hold != "" {
		var err error
		if hold, _, err = b.findHold(b.kv, r.Hold); err != nil {
			return Booked{}, err
		}
		if !hold.keeps(r.Service, r.Practitioner, r.Start, r.Place, r.Modality) {
			return Booked{}, errNotHeld
		}
		r.Service, r.Practitioner, r.Start, r.Place = hold.Service, hold.Practitioner, hold.Start, hold.Place
		if r.Modality == "" {
			r.Modality = hold.Modality
		}
	}
	service, err := b.offeredNow(r.Service)
	if err != nil {
		return Booked{}, err
	}
	now := b.clock()
	a, err := b.asked(service, r, now)
	if err != nil {
		return Booked{}, err
	}
	want := wish{
		by: r.By, practitioner: r.Practitioner, start: wholeMinute(r.Start), modality: a.Modality, language: r.Language, place: r.Place, over: r.Overbook != "",
	}
	c := claim{service: service, start: want.start.Unix(), over: want.over, daily: r.By.Kind == ByPatient}
	if r.Start.IsZero() {
		if err := b.mayBeAsked(r.Practitioner); err != nil {
			return Booked{}, err
		}
	} else {
		if c.candidates, err = b.candidatesOrHold(service, want, hold, now); errors.Is(err, ErrTaken) {
			coming()
			return Booked{}, b.next(service, want)
		}
		if err != nil {
			return Booked{}, err
		}
	}
	made, err := b.write(r, c, a, now, coming)
	for errors.Is(err, ErrTaken) && len(c.candidates) > maxCandidates {
		c.candidates = c.candidates[maxCandidates:]
		made, err = b.write(r, c, a, now, coming)
	}
	if errors.Is(err, ErrTaken) {
		return Booked{}, b.next(service, want)
	}
	return made, err
}

// candidatesOrHold: who has a hold that lives is the only candidate; it stands in the day itself.
func (b *Book) candidatesOrHold(service *Service, want wish, hold Hold, now time.Time) ([]candidate, error) {
	if hold.ID == "" || !now.Before(hold.Until) {
		return b.candidates(service, want)
	}
	gives, err := b.stillGives(hold.Practitioner)
	if err != nil {
		return nil, err
	}
	if !gives { // they have left since
		return nil, ErrTaken
	}
	schedule, err := b.scheduleOf(hold.Practitioner)
	if err != nil {
		return nil, err
	}
	zone, err := b.zone(schedule.TimeZone)
	return []candidate{{schedule: schedule, zone: zone, place: hold.Place}}, err
}

// asked checks a request and makes of it what does not depend on the time.
func (b *Book) asked(service *Service, r Request, now time.Time) (Appointment, error) {
	if r.Modality == "" {
		r.Modality = service.Modalities[0]
	}
	if !service.offers(r.Modality) {
		return Appointment{}, errBadModality
	}
	person, err := r.Person.clean(b.country, now)
	if err != nil {
		return Appointment{}, err
	}
	note, err := cleanText(r.Note, maxAnswer)
	if err != nil {
		return Appointment{}, err
	}
	reason, err := cleanText(r.Overbook, maxText)
	if err != nil {
		return Appointment{}, err
	}
	switch {
	case r.By.Kind == ByPatient && person.Contact.Phone == "" && person.Contact.Mail == "":
		return Appointment{}, errNoContact
	case r.By.Kind == ByPatient && (r.Overbook != "" || service.Hidden):
		return Appointment{}, errNotOffered
	case r.Overbook != "" && (reason == "" || r.Practitioner == ""):
		return Appointment{}, errBadReason
	case r.Patient != "" && !r.Patient.Valid():
		return Appointment{}, errBadPatient
	case r.Files != "" && !r.Files.Valid():
		return Appointment{}, errBadAnswer
	case r.Practitioner != "" && !service.gives(r.Practitioner):
		return Appointment{}, ErrNotFound
	}
	if r.By.Kind == ByPatient {
		if err := service.checkAnswers(r.Answers, !r.Start.IsZero()); err != nil {
			return Appointment{}, err
		}
	}
	action := ActionBook
	if r.Start.IsZero() || (service.Approval && r.By.Kind == ByPatient) {
		action = ActionRequest
	}
	id := newAppointmentID(now)
	a := Appointment{
		ID: id, UID: string(id), Service: service.ID, Label: service.LabelIn(person.Language), Practitioner: r.Practitioner, Patient: r.Patient,
		Person: person, Modality: r.Modality, Answers: r.Answers, Files: r.Files, Note: note, Series: r.Series, Overbooked: reason != "", CreatedAt: now,
	}
	return a, a.step(action, r.By, reason, now)
}

// place takes the claim and notes what is agreed by it.
func (a *Appointment) place(open *days, c claim) error {
	who, used, err := open.take(c)
	if err != nil {
		return err
	}
	a.placed(c, who, used)
	return nil
}

// placed notes who has taken the claim.
func (a *Appointment) placed(c claim, who candidate, used []OwnerID) {
	a.Practitioner, a.PractitionerName, a.TimeZone = who.schedule.Practitioner, who.schedule.Name, who.schedule.TimeZone
	a.Resources, a.Place = used, who.place
	a.Start = time.Unix(c.start, 0).UTC()
	a.End = a.Start.Add(c.service.Duration)
	a.Wall = wallOf(a.Start, who.zone)
	a.Before, a.After = c.service.Before, c.service.After
}

// repeated returns what an earlier request with this key has made.
func (b *Book) repeated(from consult.Getter, key string) (Booked, error) {
	if key == "" {
		return Booked{}, nil
	}
	entry, err := from.Get(onceKey(key))
	if errors.Is(err, kv.ErrNotFound) {
		return Booked{}, nil
	}
	if err != nil {
		return Booked{}, err
	}
	a, err := b.load(from, AppointmentID(entry.Value))
	return Booked{a, b.manageSecret(AppointmentID(entry.Value)), true}, err
}

func wholeMinute(t time.Time) time.Time { return t.UTC().Truncate(time.Minute) }
