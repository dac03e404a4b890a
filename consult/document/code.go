package document

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	codeDigits   = 6
	maxTries     = 10        // wrong codes in a row, after which only a new one opens
	readLifetime = time.Hour // of what link and code give together
	maxSent      = 10        // times that a code is sent in a day
	sendAgain    = 2 * time.Minute
)

// code opens, together with the link, the documents of one patient after the end. It is stored sealed and not as a hash: it is shown again
// to the patient and the practitioner, and has too few digits for a hash to hide it.
type code struct {
	Code    string              `json:"code"`
	Tries   int                 `json:"tries"` // wrong ones since the last right one
	Tickets []consult.TicketRef `json:"tickets,omitempty"`
	Sent    []time.Time         `json:"sent,omitempty"` // when it was sent, in the last day

	entry kv.Entry
}

// sealedCode is a code as the store sees it.
type sealedCode struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

// newCode draws six digits.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // crypto/rand never fails: it ends the program instead
	}
	return fmt.Sprintf("%0*d", codeDigits, n)
}

// loadCode gives ErrBadCode when there is none.
func (d *Documents) loadCode(c consult.ConsultationID, p consult.ParticipantID) (code, error) {
	entry, err := d.store.Get(codeKey(c, p))
	if errors.Is(err, kv.ErrNotFound) {
		return code{}, ErrBadCode
	}
	if err != nil {
		return code{}, err
	}
	var stored sealedCode
	if err := json.Unmarshal(entry.Value, &stored); err != nil || stored.Version != recordVersion {
		return code{}, fmt.Errorf("document: decode %s: version %d, %w", entry.Key, stored.Version, err)
	}
	key, err := d.master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return code{}, fmt.Errorf("document: key of %s: %w", entry.Key, err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return code{}, fmt.Errorf("document: open %s: %w", entry.Key, err)
	}
	var k code
	if err := json.Unmarshal(plain, &k); err != nil {
		return code{}, fmt.Errorf("document: decode %s: %w", entry.Key, err)
	}
	k.entry = entry
	return k, nil
}

// putCode writes it where it was read. 2 operations.
func (d *Documents) putCode(tx kv.Txn, c consult.ConsultationID, p consult.ParticipantID, k code) error {
	where := codeKey(c, p)
	plain, err := json.Marshal(k)
	if err != nil {
		return err
	}
	wrapped, key := d.master.NewDataKey(where)
	value, err := json.Marshal(sealedCode{recordVersion, wrapped, key.Seal(where, plain)})
	if err != nil {
		return err
	}
	if err := tx.Compare(where, k.entry.Revision); err != nil {
		return err
	}
	return tx.Put(where, value)
}

// ensureCodes gives a code to every patient who sees this document and has none. 3 operations for each.
func (d *Documents) ensureCodes(tx kv.Txn, c consult.Consultation, doc Document) error {
	for _, p := range c.Participants {
		sees := Viewer{Consultation: c, Participant: p}.maySee(doc)
		if p.Role != consult.RolePatient || !sees {
			continue
		}
		if _, err := tx.Get(codeKey(c.ID, p.ID)); err == nil {
			continue
		} else if !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		if err := d.putCode(tx, c.ID, p.ID, code{Code: newCode()}); err != nil {
			return err
		}
	}
	return nil
}

// Code returns a patient's code for the practitioner, who tells or sends it. With renew it is a new one, and the old one opens nothing more.
func (d *Documents) Code(v Viewer, patient consult.ParticipantID, renew bool) (string, error) {
	text, err := d.codeOf(v, patient, renew)
	return text, d.fail("code", v.Consultation.ID, "", err)
}

func (d *Documents) codeOf(v Viewer, patient consult.ParticipantID, renew bool) (string, error) {
	if !v.practitioner() {
		return "", errOnlyDoctor
	}
	if p, ok := v.Consultation.Participant(patient); !ok || p.Role != consult.RolePatient {
		return "", consult.ErrNotFound
	}
	k, err := d.codeFor(v.Consultation, patient)
	if errors.Is(err, ErrBadCode) {
		return "", ErrNotFound // nothing to open, no code
	}
	if err != nil || !renew {
		return k.Code, err
	}
	k.Code, k.Tries = newCode(), 0
	err = d.store.Update(func(tx kv.Txn) error {
		for _, ref := range k.Tickets {
			if err := consult.RevokeTicket(tx, ref.Hash); err != nil {
				return err
			}
		}
		k := k
		k.Tickets = nil
		if err := d.putCode(tx, v.Consultation.ID, patient, k); err != nil {
			return err
		}
		return consult.Wake(tx, v.Consultation)
	})
	return k.Code, err
}

// SendCode sends a patient their code, by the way on which they are reached. It fails with consult.ErrUnreachable when there is none, and when it was
// sent often enough: twice within two minutes, or ten times a day.
func (d *Documents) SendCode(c consult.Consultation, patient consult.ParticipantID) error {
	return d.fail("send code", c.ID, "", d.sendCode(c, patient))
}

func (d *Documents) sendCode(c consult.Consultation, patient consult.ParticipantID) error {
	p, ok := c.Participant(patient)
	if !ok || p.Role != consult.RolePatient {
		return consult.ErrNotFound
	}
	k, err := d.codeFor(c, patient)
	if err != nil {
		return err
	}
	now := d.clock()
	k.Sent = slices.DeleteFunc(k.Sent, func(at time.Time) bool { return now.Sub(at) > 24*time.Hour })
	if n := len(k.Sent); n >= maxSent || n > 0 && now.Sub(k.Sent[n-1]) < sendAgain {
		return errSentEnough
	}
	if d.outbox == nil {
		return consult.ErrUnreachable
	}
	if k.Tries >= maxTries {
		k.Code, k.Tries = newCode(), 0
	}
	k.Sent = append(k.Sent, now)
	return d.store.Update(func(tx kv.Txn) error {
		n := consult.Notice{
			Kind: consult.NoticeDocument, Owner: c.Practitioner, Consultation: c.ID, Participant: p.ID, To: p.Contact, Name: p.Name,
			Language: p.Language, TimeZone: p.TimeZone, Urgent: true, // somebody waits for it
			Fields: map[string]string{consult.FieldPractitioner: c.PractitionerName, consult.FieldCode: k.Code},
		}
		if err := d.outbox.Put(tx, n); err != nil {
			return err
		}
		return d.putCode(tx, c.ID, patient, k)
	})
}

// Unlock gives, for a link and its code, the secret of a ticket that reads the documents for an hour.
func (d *Documents) Unlock(ctx context.Context, link, digits string, from netip.Addr) (string, Viewer, error) {
	if err := d.practice.Guard().Wait(ctx, from); err != nil {
		return "", Viewer{}, errGivenUp
	}
	v, _, err := d.After(link)
	var secret string
	if err == nil {
		secret, err = d.unlock(v, strings.Join(strings.Fields(digits), ""))
	}
	if errors.Is(err, ErrBadCode) || errors.Is(err, consult.ErrBadTicket) {
		d.practice.Guard().Wrong(from)
	}
	if err != nil {
		v = Viewer{}
	}
	return secret, v, d.fail("unlock", v.Consultation.ID, "", err)
}

func (d *Documents) unlock(v Viewer, digits string) (string, error) {
	c, p := v.Consultation.ID, v.Participant.ID
	for range maxAttempts {
		k, err := d.loadCode(c, p)
		if err != nil {
			return "", err
		}
		if k.Tries >= maxTries {
			return "", ErrCodeLocked
		}
		right := subtle.ConstantTimeCompare([]byte(digits), []byte(k.Code)) == 1
		if right {
			k.Tries = 0
		} else {
			k.Tries++
		}
		secret, now := consult.NewSecret(), d.clock()
		err = d.store.Update(func(tx kv.Txn) error {
			k := k
			if right {
				var err error
				t := consult.Ticket{Purpose: consult.PurposeDocuments, Subject: string(c) + "/" + string(p), ExpiresAt: now.Add(readLifetime)}
				if k.Tickets, err = consult.IssueTicket(tx, secret, t, k.Tickets, now); err != nil {
					return err
				}
			}
			return d.putCode(tx, c, p, k)
		})
		switch {
		case errors.Is(err, kv.ErrConflict):
			continue
		case err != nil:
			return "", err
		case !right:
			return "", ErrBadCode
		}
		return secret, nil
	}
	return "", consult.ErrBusy
}

// Reader returns whom a ticket that Unlock gave is for. Whatever is wrong with it, the answer is consult.ErrBadTicket.
func (d *Documents) Reader(secret string) (Viewer, error) {
	v, err := d.viewer(secret, consult.PurposeDocuments)
	return v, d.fail("reader", "", "", err)
}

// Completer returns whom a link is for after the end, without a code: they may complete what they were sending, and do nothing else.
// Whatever is wrong with it, the answer is consult.ErrBadTicket.
func (d *Documents) Completer(link string) (Viewer, error) {
	v, err := d.viewer(link, consult.PurposeAfter)
	if errors.Is(err, consult.ErrBadTicket) {
		v, err = d.viewer(link, consult.PurposeComplete)
	}
	v.ReadOnly, v.Completes = false, true
	return v, d.fail("completer", "", "", err)
}

func (d *Documents) viewer(secret string, purpose consult.Purpose) (Viewer, error) {
	ticket, err := consult.FindTicket(d.store, secret, purpose, d.clock())
	if err != nil {
		return Viewer{}, err
	}
	id, participant, _ := strings.Cut(ticket.Subject, "/")
	c, err := d.practice.Consultation(consult.ConsultationID(id))
	if errors.Is(err, consult.ErrNotFound) {
		return Viewer{}, consult.ErrBadTicket
	}
	if err != nil {
		return Viewer{}, err
	}
	who, ok := c.Participant(consult.ParticipantID(participant))
	if !ok || (who.Role == consult.RolePatient) == (purpose == consult.PurposeComplete) {
		return Viewer{}, consult.ErrBadTicket
	}
	return Viewer{Consultation: c, Participant: who, Marks: true, ReadOnly: true}, nil
}

// eraseCodes forgets the consultation's codes, and what they opened.
func (d *Documents) eraseCodes(c consult.ConsultationID) error {
	entries, err := d.store.Range(codePrefix(c), "", kv.MaxRange)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		k, err := d.loadCode(c, consult.ParticipantID(strings.TrimPrefix(entry.Key, codePrefix(c))))
		if err != nil {
			return err
		}
		if err := d.store.Update(func(tx kv.Txn) error {
			for _, ref := range k.Tickets {
				if err := consult.RevokeTicket(tx, ref.Hash); err != nil {
					return err
				}
			}
			return tx.Delete(entry.Key)
		}); err != nil {
			return err
		}
	}
	return nil
}
