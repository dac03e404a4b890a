package notify

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
)
