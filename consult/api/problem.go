package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/table"
)

const problemType = "application/problem+json"

// Problem is how an error is answered: RFC 9457 with the code of docs/protocol.md.
type Problem struct {
	Title  string       `json:"title" doc:"The status in words." example:"Conflict"`
	Status int          `json:"status" doc:"The HTTP status." example:"409"`
	Detail string       `json:"detail" doc:"One English sentence for whoever reads the console." example:"The consultation has ended."`
	Code   consult.Code `json:"code" doc:"For programs, see docs/protocol.md." example:"conflict"`
	Field  string       `json:"field,omitempty" doc:"The field that was refused, when it was one." example:"birth_date"`

	Next []nextTimeBody `json:"next,omitempty" doc:"When a time is taken (field start): the next three that are free."`

	Dates []TakenDateFields `json:"dates,omitempty" doc:"Of a series that is moved (field start): those that cannot have their new times. None was moved."`
}

// Error returns the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status; huma asks for it.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of RFC 9457 §3; huma asks for it.
func (p *Problem) ContentType(string) string { return problemType }

func newProblem(status int, code consult.Code, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Detail: detail, Code: code}
}

// problemOf words an error of consult. Anything else is hidden.
func problemOf(err error) *Problem {
	if errors.Is(err, account.ErrSignedOut) {
		return newProblem(http.StatusUnauthorized, consult.CodeForbidden, err.Error())
	}
	var own *consult.Error
	if !errors.As(err, &own) {
		own = &consult.Error{Code: consult.CodeInternal, Message: consult.ErrInternal.Error()}
	}
	problem := newProblem(statusOf(own.Code), own.Code, own.Message)
	var field *patient.FieldError
	if errors.As(err, &field) {
		problem.Field = field.Field
	}
	var booked *booking.FieldError
	if errors.As(err, &booked) {
		problem.Field, problem.Detail = bookedField(booked)
	}
	var taken *booking.TakenError
	if errors.As(err, &taken) {
		problem.Field, problem.Next = "start", nextTimes(taken.Next)
	}
	var series *booking.SeriesTakenError
	if errors.As(err, &series) {
		problem.Field, problem.Dates = "start", takenDates(series.Taken)
	}
	return problem
}

func statusOf(code consult.Code) int {
	switch code {
	case consult.CodeBadMessage, account.CodePassword, account.CodeWrongCode, table.CodeSpreadsheet, table.CodeArchive:
		return http.StatusBadRequest
	case consult.CodeBadTicket, consult.CodeNotFound:
		return http.StatusNotFound
	case consult.CodeForbidden, consult.CodeConfirm:
		return http.StatusForbidden
	case consult.CodeLocked:
		return http.StatusLocked
	case consult.CodeConflict, consult.CodeTooEarly, patient.CodeSimilar, account.CodeMailTaken, account.CodeLastMeans, account.CodeLastOperator:
		return http.StatusConflict
	case consult.CodeBadType:
		return http.StatusUnsupportedMediaType
	case consult.CodeTooFast:
		return http.StatusTooManyRequests
	case consult.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case consult.CodeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// problemOfHuma turns what huma found wrong with a request into one sentence, without echoing what was sent.
func problemOfHuma(_ huma.Context, _ string, body any) (any, error) {
	model, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	if model.Status >= http.StatusInternalServerError {
		return newProblem(model.Status, consult.CodeInternal, consult.ErrInternal.Error()), nil
	}
	code := consult.CodeBadMessage
	if model.Status == http.StatusRequestEntityTooLarge {
		code = consult.CodeTooLarge
	}
	detail := "The request cannot be read: " + model.Detail
	if len(model.Errors) > 0 && model.Errors[0] != nil {
		where := placeOf(model.Errors[0])
		detail += ", " + where + ": " + model.Errors[0].Message
	}
	return newProblem(model.Status, code, detail+"."), nil
}

// placeOf says where in a request something is wrong. The name of a field that nobody knows is the other side's: it is left out.
func placeOf(e *huma.ErrorDetail) string {
	where := strings.TrimSpace(e.Location)
	if e.Message == validation.MsgUnexpectedProperty || strings.HasPrefix(e.Message, "unknown query parameter") {
		where, _, _ = strings.Cut(where, ".")
	}
	if where == "" {
		return "body"
	}
	return where
}

// write answers outside of huma.
func (p *Problem) write(w http.ResponseWriter) {
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and a number: can only be a programmer's mistake
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the other side is gone: nothing to do
}

// writeHuma answers from a middleware of huma.
func (p *Problem) writeHuma(h huma.Context) {
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // as above
	}
	h.SetHeader("Content-Type", problemType)
	h.SetStatus(p.Status)
	_, _ = h.BodyWriter().Write(append(body, '\n')) // the other side is gone: nothing to do
}
