package consult

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// An interpreter is asked for, and answers by link:
//
//	asked ── accept ──▶ accepted: a seat, and a join link       several may be asked for the same languages; one accepts
//	  ├──── refuse ──▶ refused
//	  ├──── withdraw ▶ withdrawn       by the practitioner
//	  └──── (deadline) lapsed          nothing is written for that

// RequestState is how far a request for an interpreter has come.
type RequestState string

// The states.
const (
	RequestAsked     RequestState = "asked"
	RequestAccepted  RequestState = "accepted"
	RequestRefused   RequestState = "refused"
	RequestWithdrawn RequestState = "withdrawn"
	RequestLapsed    RequestState = "lapsed" // never stored: StateAt says it
	RequestTaken     RequestState = "taken"  // never stored: another one was accepted
)

// InterpreterRequest is one asking of one organisation, or of one interpreter who has an account.
type InterpreterRequest struct {
	ID          RequestID
	Of          string // id of the organisation or the account
	Name        string // of them
	To          Contact
	From, Into  string // language tags; of a sign language too: "fsl" is LSF
	At          time.Time
	Deadline    time.Time
	State       RequestState
	AskedAt     time.Time
	AnsweredAt  time.Time
	Participant ParticipantID // the interpreter's seat, once accepted
}

const (
	maxRequests = 10
	maxWaitFor  = 60 * 24 * time.Hour // until a request lapses
	minWaitFor  = time.Minute
	requestDays = 24 * time.Hour // how long after all its times a request's link still says what became of it
)

// samePair says whether both ask for the same two languages, in whichever direction.
func (r InterpreterRequest) samePair(o InterpreterRequest) bool {
	return r.From == o.From && r.Into == o.Into || r.From == o.Into && r.Into == o.From
}

// RequestStateAt is the state of a request as people are to see it.
func (c Consultation) RequestStateAt(r InterpreterRequest, now time.Time) RequestState {
	switch {
	case r.State != RequestAsked:
		return r.State
	case c.accepted(r):
		return RequestTaken
	case c.State == StateEnded || !now.Before(r.Deadline):
		return RequestLapsed
	default:
		return RequestAsked
	}
}

// accepted says whether somebody else has accepted for the same languages.
func (c Consultation) accepted(r InterpreterRequest) bool {
	return slices.ContainsFunc(c.Requests, func(o InterpreterRequest) bool {
		return o.ID != r.ID && o.State == RequestAccepted && o.samePair(r)
	})
}

// Request returns the request with this id.
func (c Consultation) Request(id RequestID) (InterpreterRequest, bool) {
	i := slices.IndexFunc(c.Requests, func(r InterpreterRequest) bool { return r.ID == id })
	if i < 0 {
		return InterpreterRequest{}, false
	}
	return c.Requests[i], true
}

func (c *Consultation) ask(r InterpreterRequest) error {
	if len(c.Requests) >= maxRequests {
		return errTooManyRequests
	}
	if c.accepted(r) {
		return errHasInterpreter
	}
	c.Requests = append(slices.Clone(c.Requests), r)
	return nil
}

// answer is accept, refuse or withdraw. Saying the same again changes nothing.
func (c *Consultation) answer(s step, now time.Time) error {
	i := slices.IndexFunc(c.Requests, func(r InterpreterRequest) bool { return r.ID == s.request.ID })
	if i < 0 {
		return errNoRequest
	}
	want := map[Action]RequestState{ActionAccept: RequestAccepted, ActionRefuse: RequestRefused, ActionWithdraw: RequestWithdrawn}[s.action]
	switch state := c.RequestStateAt(c.Requests[i], now); {
	case state == want:
		return nil
	case state == RequestLapsed:
		return ErrRequestLapsed
	case state == RequestTaken && want == RequestAccepted:
		return ErrRequestTaken
	case state != RequestAsked && state != RequestTaken:
		return ErrRequestAnswered
	}
	c.Requests = slices.Clone(c.Requests)
	r := &c.Requests[i]
	r.State, r.AnsweredAt = want, now
	if want != RequestAccepted {
		return nil
	}
	r.Participant = s.newcomer.ID
	return c.invite(s.newcomer)
}

// AskInterpreter is what is needed to ask for an interpreter.
type AskInterpreter struct {
	Of         string // id of an organisation, or of an interpreter's account
	Name       string
	To         Contact
	From, Into string
	Deadline   time.Time
}

// AskedInterpreter is what AskForInterpreter made.
type AskedInterpreter struct {
	Request InterpreterRequest
	Secret  string // of the link to answer with
	Sent    bool   // by mail or SMS; else it is to be handed over
}

// AskForInterpreter asks an organisation or an interpreter to come to the consultation, at its time or now.
func (p *Practice) AskForInterpreter(by AccountID, id ConsultationID, ask AskInterpreter) (AskedInterpreter, error) {
	now := p.clock()
	r, err := p.newRequest(ask, now)
	if err != nil {
		return AskedInterpreter{}, err
	}
	asked := AskedInterpreter{Secret: NewSecret()}
	_, err = p.change(id, step{action: ActionAsk, by: by, request: r}, func(tx kv.Txn, rec *record, now time.Time) error {
		c := &rec.Consultation
		last := &c.Requests[len(c.Requests)-1]
		last.At = c.ScheduledAt
		asked.Request = *last
		n := Notice{
			Kind: NoticeInterpreterRequest, Owner: c.Practitioner, Consultation: id, To: r.To, Name: r.Name, Secret: asked.Secret,
			Fields: map[string]string{FieldLanguages: r.From + " " + r.Into, FieldDeadline: r.Deadline.Format(time.RFC3339)},
			Urgent: c.ScheduledAt.IsZero(), Key: requestKey(id, r.ID),
		}
		if !c.ScheduledAt.IsZero() {
			n.Fields[FieldAt] = c.ScheduledAt.Format(time.RFC3339)
		}
		err := p.outbox.Put(tx, n)
		asked.Sent = err == nil
		if err != nil && !errors.Is(err, ErrUnreachable) {
			return err
		}
		good := latestOf(r.Deadline, c.ScheduledAt.Add(c.Duration), now).Add(requestDays)
		refs, err := IssueTicket(tx, asked.Secret, Ticket{PurposeInterpreter, string(id) + "/" + string(r.ID), good}, nil, now)
		rec.Tickets[ParticipantID(r.ID)] = refs // beside the participants': all go when the consultation ends
		return err
	})
	if err != nil {
		return AskedInterpreter{}, err
	}
	return asked, nil
}

func (p *Practice) newRequest(ask AskInterpreter, now time.Time) (InterpreterRequest, error) {
	r := InterpreterRequest{ID: newRequestID(), Of: ask.Of, Deadline: ask.Deadline.UTC().Round(0), State: RequestAsked, AskedAt: now}
	var err error
	if r.Name, err = cleanName(ask.Name, true); err != nil {
		return r, err
	}
	if r.To, err = ask.To.Clean(p.cfg.Profile.Country); err != nil {
		return r, err
	}
	if r.From, err = cleanLanguage(ask.From); err != nil {
		return r, err
	}
	if r.Into, err = cleanLanguage(ask.Into); err != nil {
		return r, err
	}
	if r.From == "" || r.Into == "" || r.From == r.Into {
		return r, errBadPair
	}
	if r.Deadline.Before(now.Add(minWaitFor)) || r.Deadline.After(now.Add(maxWaitFor)) {
		return r, errBadDeadline
	}
	return r, nil
}

// WithdrawRequest takes a request back that nobody answered.
func (p *Practice) WithdrawRequest(by AccountID, id ConsultationID, request RequestID) error {
	_, err := p.change(id, step{action: ActionWithdraw, by: by, request: InterpreterRequest{ID: request}}, func(tx kv.Txn, _ *record, _ time.Time) error {
		_, err := p.outbox.Cancel(tx, requestKey(id, request))
		return err
	})
	return err
}

// PeekRequest returns what a link asks an interpreter for. It changes nothing. Whatever is wrong with the link, the answer is ErrBadTicket.
func (p *Practice) PeekRequest(ctx context.Context, secret string, from netip.Addr) (Consultation, InterpreterRequest, error) {
	if err := p.guard.Wait(ctx, from); err != nil {
		return Consultation{}, InterpreterRequest{}, errStoppedWaiting
	}
	c, r, err := p.findRequest(secret)
	if errors.Is(err, ErrBadTicket) {
		p.guard.Wrong(from)
	}
	return c, r, p.fail("request", "", err)
}

func (p *Practice) findRequest(secret string) (Consultation, InterpreterRequest, error) {
	ticket, err := FindTicket(p.store, secret, PurposeInterpreter, p.clock())
	if err != nil {
		return Consultation{}, InterpreterRequest{}, err
	}
	id, request, _ := strings.Cut(ticket.Subject, "/")
	rec, err := p.load(ConsultationID(id))
	if err != nil {
		return Consultation{}, InterpreterRequest{}, errors.Join(ErrBadTicket, err)
	}
	r, ok := rec.Consultation.Request(RequestID(request))
	if !ok {
		return Consultation{}, InterpreterRequest{}, ErrBadTicket
	}
	return rec.Consultation, r, nil
}

// Acceptance is what an interpreter says with their yes. All of it may be left out.
type Acceptance struct {
	Name     string // instead of that of who was asked
	Language string // BCP 47: what they read
	TimeZone string // IANA: where their clock is; one that nobody knows is left out
}

// Accepted is what AcceptRequest made.
type Accepted struct {
	Secret string // of the join link
	Sent   bool   // it was sent to who was asked, too
}

// AcceptRequest gives the interpreter a seat, and sends the join link to who was asked, as far as they can be reached. Said again it
// gives another link for the same seat. It fails with ErrRequestTaken, ErrRequestLapsed or ErrRequestAnswered when it is too late.
func (p *Practice) AcceptRequest(ctx context.Context, secret string, yes Acceptance, from netip.Addr) (Accepted, error) {
	c, r, err := p.PeekRequest(ctx, secret, from)
	if err != nil {
		return Accepted{}, err
	}
	if yes.Name, err = cleanName(yes.Name, false); err != nil {
		return Accepted{}, err
	}
	if yes.Language, err = cleanLanguage(yes.Language); err != nil {
		return Accepted{}, err
	}
	seat := Participant{
		ID: newParticipantID(), Role: RoleInterpreter, Place: PlaceInvited, Name: cmp.Or(yes.Name, r.Name), Contact: r.To,
		Language: yes.Language, TimeZone: knownZone(yes.TimeZone),
	}
	var made Accepted
	c, err = p.change(c.ID, step{action: ActionAccept, request: r, newcomer: seat}, func(tx kv.Txn, rec *record, now time.Time) error {
		for _, other := range rec.Consultation.Requests {
			if other.State == RequestAsked && other.samePair(r) {
				if _, err := p.outbox.Cancel(tx, requestKey(c.ID, other.ID)); err != nil {
					return err
				}
			}
		}
		made.Secret = NewSecret()
		err := p.outbox.Put(tx, acceptedNotice(rec.Consultation, seat, r, made.Secret))
		made.Sent = err == nil
		if err != nil && !errors.Is(err, ErrUnreachable) {
			return err
		}
		return p.issue(tx, rec, seat.ID, made.Secret, now)
	})
	if err != nil {
		return Accepted{}, err
	}
	if r, _ = c.Request(r.ID); r.Participant != seat.ID { // they said it before
		made = Accepted{}
		made.Secret, err = p.Link(c.Practitioner, c.ID, r.Participant)
	}
	return made, err
}

// acceptedNotice tells an interpreter when they are expected, with their link.
func acceptedNotice(c Consultation, seat Participant, r InterpreterRequest, secret string) Notice {
	n := noticeTo(c, seat, NoticeInterpreterAccepted, map[string]string{FieldLanguages: r.From + " " + r.Into})
	if !c.ScheduledAt.IsZero() {
		n.Fields[FieldAt] = c.ScheduledAt.Format(time.RFC3339)
	}
	n.Secret, n.Urgent = secret, true // they have just written to us
	n.Key = acceptedKey(c.ID, seat.ID)
	return n
}

// knownZone is the zone, or "" when there is no such.
func knownZone(name string) string {
	if len(name) > maxZoneName || name == "Local" {
		return ""
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ""
	}
	return name
}

const maxZoneName = 64 // bytes

// RefuseRequest says that nobody comes.
func (p *Practice) RefuseRequest(ctx context.Context, secret string, from netip.Addr) error {
	c, r, err := p.PeekRequest(ctx, secret, from)
	if err == nil {
		_, err = p.change(c.ID, step{action: ActionRefuse, request: r}, nil)
	}
	return err
}

// RequestState is the state of a request now.
func (p *Practice) RequestState(c Consultation, r InterpreterRequest) RequestState {
	return c.RequestStateAt(r, p.clock())
}

func requestKey(id ConsultationID, request RequestID) string {
	return "interpreter/" + string(id) + "/" + string(request)
}

func acceptedKey(id ConsultationID, seat ParticipantID) string {
	return "interpreter-accepted/" + string(id) + "/" + string(seat)
}

func latestOf(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

var (
	// ErrRequestTaken says that another interpreter has accepted.
	ErrRequestTaken error = &Error{CodeConflict, "Another interpreter has accepted already."}
	// ErrRequestLapsed says that the answer came after the deadline.
	ErrRequestLapsed error = &Error{CodeConflict, "The time to answer is over."}
	// ErrRequestAnswered says that the request was answered otherwise, or withdrawn.
	ErrRequestAnswered error = &Error{CodeConflict, "This request was answered or withdrawn already."}

	errNoRequest       error = &Error{CodeNotFound, "There is no such request."}
	errTooManyRequests error = &Error{CodeConflict, "For this consultation as many interpreters were asked as can be."}
	errHasInterpreter  error = &Error{CodeConflict, "An interpreter has accepted for these languages."}
	errBadPair         error = &Error{CodeBadMessage, "An interpreter is asked for two different languages."}
	errBadDeadline     error = &Error{CodeBadMessage, "The time to answer ends in a minute at the soonest, and in 60 days at the latest."}
)
