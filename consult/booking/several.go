package booking

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// several is the one text message in which a patient is told of several appointments that are booked, cancelled or moved at once. It grows: each
// change takes back the message that waits in the outbox and puts one that lists one more, in its own transaction. So it lists what was
// done and nothing else, wherever the program stops. Mails stay one each: a calendar takes one appointment from a mail (RFC 5546 §3.2.2,
// §3.2.5). It belongs to one goroutine.
type several struct {
	kind consult.NoticeKind
	told listed // by the changes before
	next listed // by them and the one that is being written
}

// listed is a message as it waits.
type listed struct {
	key    string // Notice.Key
	secret string // of the link: that of the first that was listed
	to     Person
	starts []time.Time
}

const (
	growing   = 10 * time.Second // for how long a message waits for the next change
	maxListed = 20               // starts in one message: beyond, another one begins
)

// begin is called before each change, and done after one that is on disk.
func (w *several) begin() { w.next = w.told }
func (w *several) done()  { w.told = w.next }

// takes reports whether what the patient is to be told goes into this message. Nil takes nothing.
func (w *several) takes(a *Appointment, kind consult.NoticeKind) bool {
	return w != nil && kind == w.kind && a.Person.Contact.Reach == consult.ReachSMS && !a.Start.IsZero()
}

// tellTogether lists an appointment in the message. At most 11 operations.
func (b *Book) tellTogether(tx kv.Txn, a *Appointment, w *several, knew Said, now time.Time) error {
	had := w.told
	if had.key != "" && (len(had.starts) >= maxListed || had.to.Contact != a.Person.Contact || had.to.Language != a.Person.Language || had.to.TimeZone != a.Person.TimeZone) {
		had = listed{}
	}
	if had.key != "" {
		waited, err := b.outbox.Cancel(tx, had.key)
		if err != nil {
			return err
		}
		if !waited { // it is on its way
			had = listed{}
		}
	}
	n := b.notice(a, w.kind)
	at := a.Start
	if w.kind == consult.NoticeAppointmentCancelled && !knew.Start.IsZero() {
		at = knew.Start
	}
	starts := append(slices.Clone(had.starts), at)
	slices.SortFunc(starts, time.Time.Compare)
	if had.secret != "" {
		n.Secret = had.secret
	}
	n.Fields[consult.FieldAt] = starts[0].Format(time.RFC3339)
	if len(starts) > 1 {
		n.Fields[consult.FieldTimes] = instants(starts)
	}
	n.Event, n.NotBefore, n.Key = nil, now.Add(growing), noticeKey(a, string(w.kind))
	err := b.outbox.Put(tx, n)
	if errors.Is(err, consult.ErrUnreachable) {
		return nil
	}
	if err != nil {
		return err
	}
	a.Told = true // a.Said stays nothing: to change this one later does not take back what is said of the others
	w.next = listed{n.Key, n.Secret, a.Person, starts}
	return nil
}

// instants writes what consult.FieldTimes holds.
func instants(of []time.Time) string {
	all := make([]string, len(of))
	for i, at := range of {
		all[i] = at.Format(time.RFC3339)
	}
	return strings.Join(all, " ")
}
