package notify

import (
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// graceAfterStart is how long after the beginning an invitation is still of use: who is late comes anyway.
const graceAfterStart = 4 * time.Hour

// lifetime is how long after it was due a notice is still of use. Later it would mislead, and is not sent.
func lifetime(kind consult.NoticeKind) time.Duration {
	switch kind {
	case consult.NoticeConfirmCode:
		return 15 * time.Minute
	case consult.NoticeStartsNow, consult.NoticeDelay,
		consult.NoticeAppointmentReminder: // or until the appointment begins
		return 30 * time.Minute
	case consult.NoticeLinkAgain, consult.NoticeAppointmentOffer:
		return time.Hour
	case consult.NoticeMessage:
		return 12 * time.Hour
	case consult.NoticeDocument, consult.NoticeAccountInvitation:
		return 48 * time.Hour
	default:
		return 24 * time.Hour
	}
}

func known(kind consult.NoticeKind) bool { return slices.Contains(consult.NoticeKinds(), kind) }

// expiry is the instant from which the notice is of no use any more.
func expiry(n consult.Notice, due time.Time) time.Time {
	switch n.Kind {
	case consult.NoticeInvitation, consult.NoticeInterpreterAccepted:
		if at := instantOf(n, consult.FieldAt); at.After(due) {
			return at.Add(graceAfterStart)
		}
	case consult.NoticeAppointmentReminder:
		if at := instantOf(n, consult.FieldAt); at.After(due) {
			return at
		}
	case consult.NoticeInterpreterRequest, consult.NoticeAppointmentOffer:
		if deadline := instantOf(n, consult.FieldDeadline); !deadline.IsZero() {
			return deadline
		}
	}
	return due.Add(lifetime(n.Kind))
}

// instantOf reads a field that holds an instant; zero when it holds none.
func instantOf(n consult.Notice, field string) time.Time {
	at, err := time.Parse(time.RFC3339, n.Fields[field])
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
