package notify

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids, hashes and times, never personal data:
//
//	v1/notice/<notice>                        row; what is said and to whom is sealed in it until it is handed over
//	v1/notice-due/<channel>/<instant>/<notice>   what is still to be sent, the next first
//	v1/notice-key/<key>                       id of the notice that has this key (Notice.Key): it is not written twice
//	v1/notice-age/<day>/<notice>              index by the day it was put, for sweeping
//	v1/notice-of/<consultation>/<notice>      index of a consultation's notices
//	v1/notice-trouble/<owner>/<notice>        index of what did not arrive, until somebody has dealt with it
//	v1/notice-contact/<keyed hash>/<consultation>/<participant>/<notice>   who can be sent a fresh link at this number or address
//	v1/notice-sent/<gateway>/<hash>           id of the notice that a gateway calls by another name
//	v1/notice-report/<gateway>/<hash>         a report that came before the gateway's own answer (leased)
//	v1/notice-secret                          random key of the keyed hashes, sealed
//	v1/notice-bounces                         how far the mailbox of mails that came back was read
//	v1/code/<keyed hash>                      seat that a six-figure code leads to (leased)
//	v1/template/<kind>/<channel>/<language>   a text that the practice wrote itself
const (
	duePrefix = "v1/notice-due/"
	agePrefix = "v1/notice-age/"
	secretKey = "v1/notice-secret"

	bookmarkKey = "v1/notice-bounces"
)

func noticeKey(id consult.NoticeID) string      { return "v1/notice/" + string(id) }
func keyKey(key string) string                  { return "v1/notice-key/" + key }
func ofPrefix(c consult.ConsultationID) string  { return "v1/notice-of/" + string(c) + "/" }
func troublePrefix(of consult.AccountID) string { return "v1/notice-trouble/" + string(of) + "/" }
func duePrefixOf(c Channel) string              { return duePrefix + string(c) + "/" }
func contactPrefix(hash string) string          { return "v1/notice-contact/" + hash + "/" }
func sentKey(gateway, messageID string) string {
	return "v1/notice-sent/" + gateway + "/" + hashOf(messageID)
}
func earlyReportKey(gateway, message string) string {
	return "v1/notice-report/" + gateway + "/" + hashOf(message)
}

// dueLayout sorts as text in the order of time.
const dueLayout = "20060102T150405.000000000Z"

// ageLayout is a day.
const ageLayout = "20060102"

func (r *row) ageKey() string {
	return agePrefix + r.CreatedAt.UTC().Format(ageLayout) + "/" + string(r.id)
}

// Channel is what carries a notice.
type Channel string

// The channels.
const (
	ChannelMail Channel = "mail"
	ChannelSMS  Channel = "sms"
)

// State is how far a notice has come.
type State string

// The states. A notice goes queued → handing → sent → delivered; from queued and handing it may fail.
const (
	StateQueued    State = "queued"    // waiting for its time, or for the next attempt
	StateHanding   State = "handing"   // the gateway is being told right now; it may know already
	StateSent      State = "sent"      // the mail server or the gateway has taken it
	StateDelivered State = "delivered" // the phone has it, says the gateway
	StateFailed    State = "failed"    // it will not be sent any more, or was not delivered
	StateUncertain State = "uncertain" // the line or this program broke while handing: it may have been sent. It is not sent again
	StateCancelled State = "cancelled" // taken back before it was sent
)

// final says that nothing is left to send.
func (s State) final() bool { return s != StateQueued && s != StateHanding }

// row is what is stored of a notice. Personal data is in sealed only.
type row struct {
	Kind         consult.NoticeKind     `json:"kind"`
	Channel      Channel                `json:"channel"`
	Owner        consult.AccountID      `json:"owner,omitempty"`
	Consultation consult.ConsultationID `json:"consultation,omitempty"`
	Participant  consult.ParticipantID  `json:"participant,omitempty"`
	State        State                  `json:"state"`
	CreatedAt    time.Time              `json:"created_at"`
	Due          time.Time              `json:"due"`
	Since        time.Time              `json:"since,omitzero"` // the first Due, or the last morning that it had to wait for
	NotAfter     time.Time              `json:"not_after"`
	ChangedAt    time.Time              `json:"changed_at"`
	Attempts     int                    `json:"attempts,omitempty"`
	Refusals     []string               `json:"refusals,omitempty"` // gateways that refused it for good
	Gateway      string                 `json:"gateway,omitempty"`
	MessageID    string                 `json:"message_id,omitempty"` // what the gateway calls it
	Reason       Reason                 `json:"reason,omitempty"`
	Indexed      []string               `json:"indexed,omitempty"` // other keys that go when the row is swept

	id        consult.NoticeID
	sealed    []byte // consult.Keyring.AppendRecord's: what is said and to whom; nil: forgotten
	revision  uint64
	overtaken bool            // somebody else ended the notice (Cancel) while it was being prepared
	recipient *consult.Notice // of one that is being handed over: what keepRecipient looks at
}

func (r *row) dueKey() string {
	return duePrefixOf(r.Channel) + r.Due.UTC().Format(dueLayout) + "/" + string(r.id)
}

// seal puts into the row what of the notice the row does not say openly, under a key of its own that goes with it.
func (r *row) seal(master *consult.Keyring, n consult.Notice) error {
	n.Kind, n.Owner, n.Consultation, n.Participant, n.NotBefore, n.Key = "", "", "", "", time.Time{}, ""
	plain, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("notify: encode %s: %w", r.id, err)
	}
	r.sealed = master.AppendRecord(nil, noticeKey(r.id), plain)
	return nil
}

// open is the notice, but for NotBefore and Key, which have done their work.
func (r *row) open(master *consult.Keyring) (consult.Notice, error) {
	var n consult.Notice
	plain, err := master.OpenRecord(noticeKey(r.id), r.sealed)
	if err != nil {
		return n, fmt.Errorf("notify: open %s: %w", r.id, err)
	}
	if err := json.Unmarshal(plain, &n); err != nil {
		return n, fmt.Errorf("notify: decode %s: %w", r.id, err)
	}
	n.Kind, n.Owner, n.Consultation, n.Participant = r.Kind, r.Owner, r.Consultation, r.Participant
	return n, nil
}

// forget erases what was said, and to whom.
func (r *row) forget() { r.sealed = nil }

// putAgain writes a row that this goroutine has read, and may have written since: whose notice it is, is settled by the dispatcher, and
// anybody else (Cancel, Report) reads and writes in one transaction. It fails with kv.ErrConflict when it is not in a state that this
// row could have come from. 2 operations.
func (r *row) putAgain(tx kv.Txn) error {
	now, err := loadRow(tx, r.id)
	if err != nil {
		return err
	}
	if now.State.final() {
		return kv.ErrConflict
	}
	r.revision = now.revision
	value, err := r.encode()
	if err != nil {
		return err
	}
	return tx.Put(noticeKey(r.id), value)
}

// rowVersion is the first byte of a row. After it: the length of its JSON (uvarint), the JSON, what is sealed.
const rowVersion = 1

// encode is the row as the store has it.
func (r *row) encode() ([]byte, error) {
	open, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("notify: encode %s: %w", r.id, err)
	}
	b := append(make([]byte, 0, 1+binary.MaxVarintLen32+len(open)+len(r.sealed)), rowVersion)
	return append(append(binary.AppendUvarint(b, uint64(len(open))), open...), r.sealed...), nil
}

// decode is the inverse of encode. It reads rows that were written before there was a version as well: JSON and nothing else.
func (r *row) decode(value []byte) error {
	if len(value) > 0 && value[0] == '{' {
		var before struct{ Key, Sealed []byte }
		err := errors.Join(json.Unmarshal(value, r), json.Unmarshal(value, &before))
		if before.Sealed != nil {
			r.sealed = slices.Concat([]byte{byte(len(before.Key))}, before.Key, before.Sealed)
		}
		return err
	}
	if len(value) == 0 || value[0] != rowVersion {
		return errDamaged
	}
	length, size := binary.Uvarint(value[1:])
	rest := value[1+max(0, size):]
	if size <= 0 || length > uint64(len(rest)) {
		return errDamaged
	}
	if r.sealed = rest[length:]; len(r.sealed) == 0 {
		r.sealed = nil
	}
	return json.Unmarshal(rest[:length], r)
}

// put writes the row; one that was read is written only if nobody changed it meanwhile. 2 operations.
func (r *row) put(tx kv.Txn) error {
	value, err := r.encode()
	if err != nil {
		return err
	}
	if err := tx.Compare(noticeKey(r.id), r.revision); err != nil {
		return err
	}
	return tx.Put(noticeKey(r.id), value)
}

// loadRow gives kv.ErrNotFound when there is no such notice.
func loadRow(from consult.Getter, id consult.NoticeID) (*row, error) {
	entry, err := from.Get(noticeKey(id))
	if errors.Is(err, kv.ErrBadKey) {
		return nil, kv.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	r := &row{id: id, revision: entry.Revision}
	if err := r.decode(entry.Value); err != nil {
		return nil, fmt.Errorf("notify: decode %s: %w", id, err)
	}
	return r, nil
}

// hashOf makes a key of any text.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
