package booking

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids, hashes and times, never personal data:
//
//	v1/service/<service>                       Service
//	v1/schedule/<account>                      Schedule
//	v1/room/<room>                             Room
//	v1/book-day/<owner>/<yyyymmdd>             day document: what is taken of that day in UTC, of a practitioner, interpreter or room
//	v1/book-hold/<hash>                        hold, by the hash of its secret (leased)
//	v1/book-once/<hash>                        appointment that a request with this key has made (leased)
//	v1/book-secret                             random key from which manage secrets are made, sealed
//	v1/appointment/<appointment>               Appointment, sealed with a key of its own
//	v1/appointment-of/<account>/<instant>/<appointment>        index by practitioner and start, of all with a time
//	v1/appointment-patient/<patient>/<instant>/<appointment>   index by patient
//	v1/appointment-series/<series>/<instant>/<appointment>     index by series
//	v1/appointment-series-move/<series>        what is left of a move, sealed: see series_move.go
//	v1/appointment-declined/<account>/<instant>/<appointment>   index of what the patient's calendar has declined
//	v1/appointment-asked/<instant>/<appointment>   those that somebody must say yes or no to, the oldest first
//	v1/appointment-due/<instant>/<task>/<appointment>   what the worker does at that instant: see worker.go; for the wait list its entry's id
//	v1/appointment-call/<consultation>         appointment of a consultation
//	v1/appointment-imported/<hash>             appointment that an import has made of what another book calls by a key
//	v1/appointment-touched/<account>           written with every change of that practitioner's book: see changes.go, as the next
//	v1/appointment-changes/<account>/<chunk>   earlier changes
//	v1/calendar-event/<account>/<event>        Event, sealed; of a deleted one its name
//	v1/calendar-event-uid/<account>/<hash>     event with this UID
//	v1/calendar-event-due/<instant>/<account>/<event>   when it is worked out anew, or its name forgotten
//	v1/calendar-event-half/<account>/<event>   see event_days.go
//	v1/wait/<service>/<instant>/<wait>         entry of the wait list, sealed; the first come first
//	v1/wait-id/<wait>                          key of that entry
const (
	servicePrefix  = "v1/service/"
	schedulePrefix = "v1/schedule/"
	roomPrefix     = "v1/room/"
	duePrefix      = "v1/appointment-due/"
	askedPrefix    = "v1/appointment-asked/"
	secretKey      = "v1/book-secret"
)

func serviceKey(id ServiceID) string            { return servicePrefix + string(id) }
func scheduleKey(of consult.AccountID) string   { return schedulePrefix + string(of) }
func roomKey(id OwnerID) string                 { return roomPrefix + string(id) }
func dayPrefix(of OwnerID) string               { return "v1/book-day/" + string(of) + "/" }
func dayKey(of OwnerID, day Date) string        { return dayPrefix(of) + day.digits() }
func holdKey(hash string) string                { return "v1/book-hold/" + hash }
func onceKey(key string) string                 { return "v1/book-once/" + hashOf(key) }
func appointmentKey(id AppointmentID) string    { return "v1/appointment/" + string(id) }
func ofPrefix(of consult.AccountID) string      { return "v1/appointment-of/" + string(of) + "/" }
func patientPrefix(of consult.PatientID) string { return "v1/appointment-patient/" + string(of) + "/" }
func seriesPrefix(of SeriesID) string           { return "v1/appointment-series/" + string(of) + "/" }
func declinedPrefix(of consult.AccountID) string {
	return "v1/appointment-declined/" + string(of) + "/"
}
func callKey(of consult.ConsultationID) string { return "v1/appointment-call/" + string(of) }
func touchedKey(of consult.AccountID) string   { return "v1/appointment-touched/" + string(of) }
func waitPrefix(of ServiceID) string           { return "v1/wait/" + string(of) + "/" }
func dueKey(at time.Time, what task, id AppointmentID) string {
	return duePrefix + instant(at) + "/" + string(what) + "/" + string(id)
}

// instant writes a time so that the order of the text is that of the times.
func instant(t time.Time) string { return t.UTC().Format(instantLayout) }

const instantLayout = "20060102T150405.000000000Z"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// recordVersion is the first byte of a record that consult.Keyring has sealed.
const recordVersion = 2

// seal encodes a record under a fresh key, so that what an older one said is gone with its key.
func seal(master *consult.Keyring, key string, record any) ([]byte, error) {
	plain, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("booking: encode %s: %w", key, err)
	}
	return master.AppendRecord([]byte{recordVersion}, key, plain), nil
}

func unseal(master *consult.Keyring, entry kv.Entry, record any) error {
	if len(entry.Value) == 0 || entry.Value[0] != recordVersion {
		return fmt.Errorf("booking: %s is damaged, or of another version than %d", entry.Key, recordVersion)
	}
	plain, err := master.OpenRecord(entry.Key, entry.Value[1:])
	if err != nil {
		return fmt.Errorf("booking: open %s: %w", entry.Key, err)
	}
	if err := json.Unmarshal(plain, record); err != nil {
		return fmt.Errorf("booking: decode %s: %w", entry.Key, err)
	}
	return nil
}

// load reads an appointment from the store, or from a transaction.
func (b *Book) load(from consult.Getter, id AppointmentID) (Appointment, error) {
	if !id.Valid() {
		return Appointment{}, ErrNotFound
	}
	entry, err := from.Get(appointmentKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return Appointment{}, ErrNotFound
	}
	if err != nil {
		return Appointment{}, err
	}
	return b.opened(entry)
}

func (b *Book) opened(entry kv.Entry) (Appointment, error) {
	var a Appointment
	if err := unseal(b.master, entry, &a); err != nil {
		return Appointment{}, err
	}
	a.Revision = entry.Revision
	return a, nil
}

// indexKeys are where an appointment is found.
func (b *Book) indexKeys(a *Appointment) []string {
	if a.ID == "" {
		return nil
	}
	var keys []string
	if !a.Start.IsZero() {
		keys = append(keys, ofPrefix(a.Practitioner)+instant(a.Start)+"/"+string(a.ID))
		if a.Patient != "" {
			keys = append(keys, patientPrefix(a.Patient)+instant(a.Start)+"/"+string(a.ID))
		}
		if a.Series != "" {
			keys = append(keys, seriesPrefix(a.Series)+instant(a.Start)+"/"+string(a.ID))
		}
		if a.Declined() {
			keys = append(keys, declinedPrefix(a.Practitioner)+instant(a.Start)+"/"+string(a.ID))
		}
	}
	if a.State == StateRequested {
		keys = append(keys, askedPrefix+instant(a.CreatedAt)+"/"+string(a.ID))
	}
	if a.opens() && b.practice != nil {
		keys = append(keys, dueKey(a.Start.Add(-b.cfg.OpensBefore), taskOpen, a.ID))
	}
	if len(a.Reminders) > 0 && a.State.ahead() {
		keys = append(keys, dueKey(a.Start.Add(-a.Reminders[0]), taskRemind, a.ID))
	}
	return keys
}

// opens reports whether its consultation is still to be made; one that was over when it was imported never has one.
func (a *Appointment) opens() bool {
	return a.Modality == ModalityVideo && a.State == StateBooked && a.Consultation == "" && !a.Start.IsZero() && a.End.After(a.CreatedAt)
}

// openSecret reads the key from which manage secrets are made, and makes it the first time.
func openSecret(store kv.Store, master *consult.Keyring) ([]byte, error) {
	entry, err := store.Get(secretKey)
	if errors.Is(err, kv.ErrNotFound) {
		err = store.Update(func(tx kv.Txn) error {
			if err := tx.Compare(secretKey, 0); err != nil {
				return err
			}
			fresh := make([]byte, sha256.Size)
			_, _ = rand.Read(fresh) // never fails: crypto/rand ends the program instead
			value, err := seal(master, secretKey, fresh)
			if err != nil {
				return err
			}
			return tx.Put(secretKey, value)
		})
		if err == nil || errors.Is(err, kv.ErrConflict) {
			entry, err = store.Get(secretKey)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("booking: read %s: %w", secretKey, err)
	}
	var secret []byte
	return secret, unseal(master, entry, &secret)
}

// manageSecret is the secret of an appointment's manage link: when the appointment was made, as its id says, and a MAC of the id under a
// key that only this program has. It is made whenever it is needed, so a move, a reminder and a repeated request all give the same
// link, and nothing of it is in the store.
func (b *Book) manageSecret(id AppointmentID) string {
	mac := hmac.New(sha256.New, b.secret)
	mac.Write([]byte("manage\x00" + string(id)))
	made := string(id[len(appointmentLetters):][:consult.TimedTextTime])
	return made + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:manageBytes])
}

// manageBytes are those of the MAC: with the time before them the secret has the form that all tickets have.
const manageBytes = 14

// ofSecret returns the appointment whose manage link has this secret, or consult.ErrBadTicket. It looks at those that were made in the same
// millisecond.
func (b *Book) ofSecret(secret string) (Appointment, error) {
	if _, ok := consult.HashSecret(secret); !ok {
		return Appointment{}, consult.ErrBadTicket
	}
	prefix := appointmentKey(AppointmentID(appointmentLetters + secret[:consult.TimedTextTime]))
	for from := ""; ; {
		entries, err := b.kv.Range(prefix, from, workPage)
		if err != nil {
			return Appointment{}, err
		}
		for _, entry := range entries {
			id := AppointmentID(entry.Key[len(appointmentKey("")):])
			if hmac.Equal([]byte(b.manageSecret(id)), []byte(secret)) {
				return b.opened(entry)
			}
		}
		if len(entries) < workPage {
			return Appointment{}, consult.ErrBadTicket
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

// linkEnds is when the manage link says nothing any more.
func (b *Book) linkEnds(a *Appointment) time.Time {
	last := a.End
	if a.ChangedAt.After(last) {
		last = a.ChangedAt
	}
	return last.Add(b.cfg.KeepLinks)
}
