package consult

import (
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"
)

func TestAnswers(t *testing.T) {
	const first, second, third = RequestID("r_1"), RequestID("r_2"), RequestID("r_3")
	type turn struct {
		action Action
		id     RequestID
		at     time.Duration
		want   error
	}
	for name, turns := range map[string][]turn{
		"one accepts":                {{ActionAccept, first, 0, nil}, {ActionAccept, first, time.Hour, nil}, {ActionRefuse, first, 0, ErrRequestAnswered}},
		"two may not both accept":    {{ActionAccept, first, 0, nil}, {ActionAccept, second, 0, ErrRequestTaken}, {ActionRefuse, second, 0, nil}},
		"another pair of languages":  {{ActionAccept, first, 0, nil}, {ActionAccept, third, 0, nil}},
		"refused":                    {{ActionRefuse, first, 0, nil}, {ActionRefuse, first, 0, nil}, {ActionAccept, first, 0, ErrRequestAnswered}, {ActionAccept, second, 0, nil}},
		"too late":                   {{ActionAccept, first, 10 * time.Minute, ErrRequestLapsed}, {ActionRefuse, first, 11 * time.Minute, ErrRequestLapsed}},
		"withdrawn":                  {{ActionWithdraw, first, 0, nil}, {ActionAccept, first, 0, ErrRequestAnswered}},
		"not withdrawn once agreed":  {{ActionAccept, first, 0, nil}, {ActionWithdraw, first, 0, ErrRequestAnswered}},
		"nobody was asked like that": {{ActionAccept, "r_9", 0, errNoRequest}},
	} {
		c, _ := consultationWith(situation{role: RolePatient, place: PlaceInvited})
		for _, r := range []InterpreterRequest{{ID: first, From: "fr", Into: "ar"}, {ID: second, From: "ar", Into: "fr"}, {ID: third, From: "fr", Into: "fsl"}} {
			r.State, r.Deadline = RequestAsked, t0.Add(10*time.Minute)
			next, _, err := c.apply(step{action: ActionAsk, by: owner, request: r}, t0)
			if err != nil {
				t.Fatal(err)
			}
			c = next
		}
		for i, turn := range turns {
			seat := Participant{ID: newParticipantID(), Role: RoleInterpreter, Place: PlaceInvited}
			next, _, err := c.apply(step{action: turn.action, by: owner, request: InterpreterRequest{ID: turn.id}, newcomer: seat}, t0.Add(turn.at))
			if !errors.Is(err, turn.want) {
				t.Errorf("%s, turn %d: %v, want %v", name, i, err, turn.want)
			}
			c = next
		}
		seats := 0
		for _, p := range c.Participants {
			if p.Role == RoleInterpreter {
				seats++
			}
		}
		for _, r := range c.Requests {
			if r.State == RequestAccepted {
				seats--
			}
		}
		if seats != 0 {
			t.Errorf("%s: seats are not those who accepted: %+v", name, c.Requests)
		}
	}
}

func askFor(h *house) AskInterpreter {
	return AskInterpreter{
		Of: "o_x", Name: "ISM", To: Contact{Mail: "ism@example.org"}, From: "fr", Into: "fsl", Deadline: h.clock.Now().Add(30 * time.Minute),
	}
}

func TestInterpreterFromRequestToSeat(t *testing.T) {
	h, by := newTellingHouse(t), doctor()
	c, _ := h.mustStart(by)
	from := netip.MustParseAddr("192.0.2.1")
	ask := func(change func(*AskInterpreter), want error) AskedInterpreter {
		t.Helper()
		one := askFor(h)
		if change != nil {
			change(&one)
		}
		asked, err := h.AskForInterpreter(by.ID, c.ID, one)
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
		return asked
	}
	first, second := ask(nil, nil), ask(func(a *AskInterpreter) { a.Name = "Other" }, nil)
	if !first.Sent || first.Request.State != RequestAsked {
		t.Errorf("%+v", first)
	}
	handed := ask(func(a *AskInterpreter) { a.To = Contact{} }, nil)
	if handed.Sent {
		t.Error("sent to nowhere")
	}
	ask(func(a *AskInterpreter) { a.Into = "fr" }, errBadPair)
	ask(func(a *AskInterpreter) { a.Into = "" }, errBadPair)
	ask(func(a *AskInterpreter) { a.Name = "" }, errNameMissing)
	ask(func(a *AskInterpreter) { a.Deadline = h.clock.Now() }, errBadDeadline)
	ask(func(a *AskInterpreter) { a.Deadline = h.clock.Now().Add(2 * maxWaitFor) }, errBadDeadline)
	before := h.must(h.Consultation(c.ID)).Revision
	for range 3 { // looking changes nothing
		if _, r, err := h.PeekRequest(t.Context(), first.Secret, from); err != nil || r.ID != first.Request.ID {
			t.Fatal(err)
		}
	}
	if h.must(h.Consultation(c.ID)).Revision != before {
		t.Error("looking at the link changed something")
	}
	// Both accept at the same moment: one of them has the seat.
	var group sync.WaitGroup
	links := make(chan string, 8)
	for i := range 8 {
		group.Go(func() {
			secret := []string{first.Secret, second.Secret}[i%2]
			yes, err := h.AcceptRequest(t.Context(), secret, Acceptance{}, from)
			if err == nil {
				links <- yes.Secret
			} else if !errors.Is(err, ErrRequestTaken) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	c = h.must(h.Consultation(c.ID))
	accepted := 0
	for _, r := range c.Requests {
		if r.State == RequestAccepted {
			accepted++
		}
	}
	if accepted != 1 || len(c.Participants) != 3 || len(links) == 0 {
		t.Fatalf("%d accepted, %d seats: %+v", accepted, len(c.Participants), c.Requests)
	}
	seat, err := h.Redeem(t.Context(), <-links, from)
	if err != nil || seat.Participant.Role != RoleInterpreter {
		t.Errorf("%+v, %v", seat.Participant, err)
	}
	ask(nil, errHasInterpreter)
	if _, err := h.AcceptRequest(t.Context(), NewSecret(), Acceptance{}, from); !errors.Is(err, ErrBadTicket) {
		t.Errorf("a link that is none: %v", err)
	}
	h.must(h.End(by.ID, c.ID))
	for _, secret := range []string{first.Secret, second.Secret, handed.Secret} {
		if _, _, err := h.PeekRequest(t.Context(), secret, from); !errors.Is(err, ErrBadTicket) {
			t.Errorf("after the end: %v", err)
		}
	}
}

func TestRequestLapsesAndIsRefused(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	from := netip.MustParseAddr("192.0.2.1")
	asked, err := h.AskForInterpreter(by.ID, c.ID, askFor(h))
	if err != nil || asked.Sent {
		t.Fatal(err, asked.Sent)
	}
	if err := h.WithdrawRequest(doctor().ID, c.ID, asked.Request.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else withdraws: %v", err)
	}
	h.clock.Forward(time.Hour)
	if _, err := h.AcceptRequest(t.Context(), asked.Secret, Acceptance{}, from); !errors.Is(err, ErrRequestLapsed) {
		t.Errorf("too late: %v", err)
	}
	now, r, err := h.PeekRequest(t.Context(), asked.Secret, from)
	if err != nil || now.RequestStateAt(r, h.clock.Now()) != RequestLapsed {
		t.Errorf("%+v, %v", r, err)
	}
	again, err := h.AskForInterpreter(by.ID, c.ID, askFor(h))
	if err == nil {
		err = h.RefuseRequest(t.Context(), again.Secret, from)
	}
	if err != nil {
		t.Fatal(err)
	}
	c = h.must(h.Consultation(c.ID))
	if got := c.RequestStateAt(c.Requests[1], h.clock.Now()); got != RequestRefused {
		t.Errorf("%s", got)
	}
}

func TestOrganisations(t *testing.T) {
	h := newHouse(t)
	save := func(o Organisation, want error) Organisation {
		t.Helper()
		o, err := h.SaveOrganisation(o)
		if !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
		return o
	}
	b := save(Organisation{Name: "Migrations Santé", Contact: Contact{Mail: "a@example.org"}, Languages: []string{"ar", "FR", "fsl", "ar"}}, nil)
	a := save(Organisation{Name: "ISM", Contact: Contact{Phone: "0639980010"}}, nil)
	save(Organisation{}, errNameMissing)
	save(Organisation{Name: "x", Languages: []string{"nonsense-language-tag"}}, errBadLanguage)
	save(Organisation{ID: newOrganisationID(), Name: "x"}, errNoOrganisation)
	b.Name = "Abc"
	save(b, nil)
	h.restart()
	all, err := h.Organisations()
	if err != nil || len(all) != 2 || all[0].ID != b.ID || all[0].Name != "Abc" || len(all[0].Languages) != 3 || all[1].Contact.Phone != "+33639980010" {
		t.Errorf("%+v, %v", all, err)
	}
	if err := h.RemoveOrganisation(a.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.RemoveOrganisation(a.ID); !errors.Is(err, errNoOrganisation) {
		t.Errorf("twice: %v", err)
	}
}
