package consult

import (
	"time"

	"github.com/colloque/colloque/consult/kv"
)

const (
	maxOpen     = 1000                     // open consultations of a practitioner, planned ones too; not above kv.MaxRange
	maxAhead    = 18 * 31 * 24 * time.Hour // how far ahead one is planned
	maxLate     = 24 * time.Hour           // how long ago a planned one may have been to begin: somebody writes down what was agreed
	minDuration = 5 * time.Minute
	maxDuration = 8 * time.Hour
)

// StartRequest is what is needed to open a consultation. Only By is necessary.
type StartRequest struct {
	By          Practitioner
	Patient     PatientID // whose record the following was copied from, or ""
	Name        string
	BirthDate   string // YYYY-MM-DD
	Language    string // BCP 47
	TimeZone    string // IANA; "": the practice's
	Contact     Contact
	Needs       []string
	ScheduledAt time.Time     // zero: at once
	Duration    time.Duration // 5 minutes to 8 hours, or 0
	Tell        bool          // send the patient an invitation, as Contact.Reach says
	TellStart   bool          // of one that is planned: tell the patient when it begins, unless they are there
}

// Start opens a consultation with the practitioner and a patient, now or for later, and returns it with the secret of the
// patient's join ticket. When it cannot tell the patient, their Contact.Reach becomes ReachHanded.
func (p *Practice) Start(r StartRequest) (Consultation, string, error) {
	now := p.clock()
	c, err := p.planned(r, now)
	if err != nil {
		return Consultation{}, "", err
	}
	open, err := p.store.Range(openPrefixOf(r.By.ID), "", maxOpen)
	if err != nil {
		return Consultation{}, "", p.fail("start", "", err)
	}
	if len(open) >= maxOpen {
		return Consultation{}, "", errTooManyOpen
	}
	stored, secret := newRecord(p.master, c), NewSecret()
	stored.DayKey = p.dayKey(c)
	err = p.write(stored, func(tx kv.Txn) error {
		if err := p.issue(tx, stored, c.Participants[1].ID, secret, now); err != nil {
			return err
		}
		if r.Tell {
			if err := p.tellInvitation(tx, stored, 1, secret); err != nil {
				return err
			}
		}
		if err := tx.Put(openKey(c), []byte(c.ID)); err != nil {
			return err
		}
		if err := tx.Put(stored.DayKey, []byte(c.ID)); err != nil {
			return err
		}
		if c.Patient != "" {
			if err := tx.Put(patientKey(c), []byte(c.ID)); err != nil {
				return err
			}
		}
		return putEvent(tx, c, ActionStart, "", now)
	})
	if err != nil {
		return Consultation{}, "", p.fail("start", c.ID, err)
	}
	return stored.Consultation, secret, nil
}

// planned checks a request and makes of it what is to be stored.
func (p *Practice) planned(r StartRequest, now time.Time) (Consultation, error) {
	patient, err := newParticipant(RolePatient, person{r.Name, r.BirthDate, r.Language, r.TimeZone, r.Contact, r.Needs, p.cfg.Profile.Country, now})
	if err != nil {
		return Consultation{}, err
	}
	if r.By.Name, err = p.shownName(r.By.Name); err != nil {
		return Consultation{}, err
	}
	if r.Patient != "" && !r.Patient.Valid() {
		return Consultation{}, errBadPatient
	}
	if err := checkSchedule(r.ScheduledAt, r.Duration, now); err != nil {
		return Consultation{}, err
	}
	c := newConsultation(newConsultationID(), r.By, patient, now)
	c.Patient, c.Duration = r.Patient, r.Duration
	if !r.ScheduledAt.IsZero() {
		c.ScheduledAt = r.ScheduledAt.UTC().Round(0)
	}
	return c, nil
}

func checkSchedule(at time.Time, duration time.Duration, now time.Time) error {
	if duration != 0 && (duration < minDuration || duration > maxDuration) {
		return errBadSchedule
	}
	if !at.IsZero() && (at.Before(now.Add(-maxLate)) || at.After(now.Add(maxAhead))) {
		return errBadSchedule
	}
	return nil
}

// person is what is said of somebody who is invited. All of it may be empty.
type person struct {
	Name, BirthDate, Language, TimeZone string
	Contact                             Contact
	Needs                               []string
	country                             string // whose phone numbers are written without a +
	now                                 time.Time
}

// newParticipant checks what is said of somebody who is invited.
func newParticipant(role Role, said person) (Participant, error) {
	if role != RolePatient && role != RoleInterpreter && role != RoleGuest {
		return Participant{}, errBadRole
	}
	p := Participant{ID: newParticipantID(), Role: role, Place: PlaceInvited}
	var err error
	if p.Name, err = cleanName(said.Name, false); err != nil {
		return Participant{}, err
	}
	if p.Language, err = cleanLanguage(said.Language); err != nil {
		return Participant{}, err
	}
	if p.BirthDate, err = CleanBirthDate(said.BirthDate, said.now); err != nil {
		return Participant{}, err
	}
	if p.TimeZone, err = cleanTimeZone(said.TimeZone); err != nil {
		return Participant{}, err
	}
	if p.Contact, err = said.Contact.Clean(said.country); err != nil {
		return Participant{}, err
	}
	p.Needs, err = CleanNeeds(said.Needs)
	return p, err
}

func cleanTimeZone(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return "", errBadTimeZone
	}
	return name, nil
}
