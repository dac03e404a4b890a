package caldav

import (
	"encoding/xml"
	"errors"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// failure is how a request is refused: a status, and where a standard has a word for it the condition that was not met (RFC 4918 §16).
type failure struct {
	status    int
	condition xml.Name // zero: none
	inside    []element
	more      []element // further conditions
	message   string
}

// Error returns the sentence.
func (f *failure) Error() string { return f.message }

func refuse(status int, condition xml.Name, message string) *failure {
	return &failure{status: status, condition: condition, message: message}
}

// What standards have no word for.
var (
	overlapCondition = xml.Name{Space: nsColloque, Local: "overlaps-appointment"}
	overlapStart     = xml.Name{Space: nsColloque, Local: "start"}
)

// none is no condition.
var none xml.Name

// answers that are the same for everybody.
func notFound() *failure {
	return refuse(http.StatusNotFound, none, "There is nothing at this address.")
}
func notHere(method string) *failure {
	return refuse(http.StatusMethodNotAllowed, none, "This address does not know the method "+method+".")
}

// failureOf makes of any error one that may be said.
func failureOf(err error) *failure {
	var own *failure
	if errors.As(err, &own) {
		return own
	}
	switch consult.CodeOf(err) {
	case consult.CodeNotFound:
		return notFound()
	case consult.CodeConflict:
		return refuse(http.StatusConflict, none, err.Error())
	case consult.CodeTooFast, consult.CodeUnavailable:
		return refuse(http.StatusServiceUnavailable, none, err.Error())
	case consult.CodeBadMessage:
		return refuse(http.StatusBadRequest, none, err.Error())
	}
	if errors.Is(err, account.ErrSignedOut) {
		return refuse(http.StatusUnauthorized, none, err.Error())
	}
	return refuse(http.StatusInternalServerError, none, consult.ErrInternal.Error())
}

// errAppointment is the answer to who would change an appointment: patients are told of each change, and a calendar program asks
// nobody whether they should be. Programs know need-privileges (RFC 3744 §7.1.1): DAVx5 puts back what the server has, and would fail
// at every sync without it.
func errAppointment(at place) *failure {
	f := refuse(http.StatusForbidden, dav("need-privileges"), "This is a patient's appointment. Move or cancel it in Colloque, where the patient is told.")
	f.inside = []element{el(dav("resource"), text(dav("href"), at.path()), el(dav("privilege"), el(dav("write-content"))))}
	f.more = []element{el(xml.Name{Space: nsColloque, Local: "appointment"})}
	return f
}

// write answers with the failure.
func (f *failure) write(w http.ResponseWriter) {
	if f.condition.Local == "" && len(f.inside) == 0 {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.message + "\n")) // who is gone does not read it
		return
	}
	w.Header().Set("Content-Type", xmlType)
	w.WriteHeader(f.status)
	said := append([]element{el(f.condition, f.inside...)}, f.more...)
	_, _ = w.Write(document(el(dav("error"), append(said, text(dav("responsedescription"), f.message))...)))
}

const xmlType = "application/xml; charset=utf-8"
