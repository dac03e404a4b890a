package notify

import "regexp"

// Reason says in one word why a notice failed, for whoever looks at the list. What a gateway answered stands in the log.
type Reason string

// The reasons.
const (
	ReasonExpired    Reason = "expired"     // it could not be sent while it was of use
	ReasonRefused    Reason = "refused"     // the mail server or every gateway said no for good
	ReasonUnreached  Reason = "unreached"   // not delivered, says the gateway: switched off, out of credit, no such number
	ReasonNoGateway  Reason = "no-gateway"  // no gateway is configured for this number, or none at all any more
	ReasonInterrupt  Reason = "interrupted" // the line or the program broke while it was handed over
	ReasonUnreadable Reason = "unreadable"  // the text or the row is broken

	ReasonNoAddress   Reason = "no-address"   // the mail server says that there is no such mailbox
	ReasonMailboxFull Reason = "mailbox-full" // the mail server says that the mailbox is full
	ReasonReturned    Reason = "returned"     // the mail came back, for another cause
)

// reasonOfAnswer reads why a mail server refused a mail.
func reasonOfAnswer(answer string) Reason { return reasonOfStatus(answer, ReasonRefused) }

// reasonOfStatus reads the first status code of RFC 3463 §3 in a text; what says nothing that somebody could act on is other.
func reasonOfStatus(text string, other Reason) Reason {
	found := regexp.MustCompile(`\b[245]\.(\d{1,3}\.\d{1,3})\b`).FindStringSubmatch(text)
	if found == nil {
		return other
	}
	switch found[1] {
	case "1.1", "1.2", "1.3", "1.6", "1.10", "2.1": // no such mailbox, host or address; moved; takes no mail (RFC 7505); disabled
		return ReasonNoAddress
	case "2.2":
		return ReasonMailboxFull
	default:
		return other
	}
}
