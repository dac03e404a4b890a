package fhir

import (
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// FHIR's ids have letters, figures, "-" and ".", at most 64 of them (R4 §2.24.0.1); ours have "_" and never ".".

func toID[T ~string](own T) string { return strings.ReplaceAll(string(own), "_", ".") }

func ownID[T ~string](id string) T { return T(strings.ReplaceAll(id, ".", "_")) }

// A Slot is named by what it is: service, practitioner, and when it begins. Both ids have always the same length.

func slotID(service booking.ServiceID, t booking.FreeTime) string {
	return toID(service) + toID(t.Practitioner) + strconv.FormatInt(t.Start.Unix(), 36)
}

const lengthOfID = len("s_") + 22

func parseSlotID(id string) (booking.ServiceID, consult.AccountID, time.Time, bool) {
	if len(id) <= 2*lengthOfID {
		return "", "", time.Time{}, false
	}
	service, practitioner := ownID[booking.ServiceID](id[:lengthOfID]), ownID[consult.AccountID](id[lengthOfID:2*lengthOfID])
	seconds, err := strconv.ParseInt(id[2*lengthOfID:], 36, 64)
	if err != nil || !service.Valid() || !booking.OwnerOf(practitioner).Valid() || seconds < 0 {
		return "", "", time.Time{}, false
	}
	return service, practitioner, time.Unix(seconds, 0).UTC(), true
}

// heldPrefix begins the id of an appointment that is only held. What follows is the secret of the hold.
const heldPrefix = "hold-"
