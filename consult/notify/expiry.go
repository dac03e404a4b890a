package notify

import (
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// graceAfterStart is how long after the beginning an invitation is still of use: who is late comes anyway.
const graceAfterStart = 4 * time.Hour

// lifetimes say how long after it was due a notice is still of use. Later it would mislead, and is not sent.
func lifetimes() map[consult.NoticeKind]time.Duration {
	return map[consult.NoticeKind]time.Duration{
		consult.NoticeInvitation:         24 * time.Hour,
		consult.NoticeStartsNow:          30 * time.Minute,
		consult.NoticeDelay:              30 * time.Minute,
		consult.NoticeMessage:            12 * time.Hour,
		consult.NoticeLinkAgain:          time.Hour,
		consult.NoticeDocument:           48 * time.Hour,
		consult.NoticeInterpreterRequest: 24 * time.Hour,
		consult.NoticeAccountInvitation:  48 * time.Hour,

		consult.NoticeInterpreterAccepted: 24 * time.Hour,
		consult.NoticeCalledOff:           24 * time.Hour,

		consult.NoticeConsultationCancelled: 24 * time.Hour,

		consult.NoticeAppointment:          24 * time.Hour,
		consult.NoticeAppointmentAsked:     24 * time.Hour,
		consult.NoticeAppointmentMoved:     24 * time.Hour,
		consult.NoticeAppointmentCancelled: 24 * time.Hour,
		consult.NoticeAppointmentRefused:   24 * time.Hour,
		consult.NoticeAppointmentReminder:  30 * time.Minute, // or until the appointment begins
		consult.NoticeAppointmentOffer:     time.Hour,
		consult.NoticeConfirmCode:          15 * time.Minute,

		consult.NoticeBookNew:       24 * time.Hour,
		consult.NoticeBookMoved:     24 * time.Hour,
		consult.NoticeBookCancelled: 24 * time.Hour,
		consult.NoticeBookAsked:     24 * time.Hour,
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
	return due.Add(lifetimes()[n.Kind])
}

// instantOf reads a field that holds an instant; zero when it holds none.
func instantOf(n consult.Notice, field string) time.Time {
	at, err := time.Parse(time.RFC3339, n.Fields[field])
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
