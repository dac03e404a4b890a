package notify

import (
	"errors"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// refusing is an outbox whose mail server takes nothing for these addresses.
func refusing(t *testing.T) *post {
	t.Helper()
	server := newMailServer(t, TLSNone)
	server.refuse = func(step string) error {
		if step == "rcpt" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person"}
		}
		return nil
	}
	cfg := DefaultConfig()
	cfg.Mail = server.config(TLSNone)
	return running(t, cfg)
}

// settled waits until nothing is due.
func (p *post) settled() {
	p.t.Helper()
	changes, err := p.store.Watch(p.t.Context(), duePrefix, 0)
	p.check(err)
	for {
		due, err := p.store.Range(duePrefix, "", 1)
		p.check(err)
		if len(due) == 0 {
			return
		}
		<-changes
	}
}

func (p *post) mustUndelivered(of ...consult.AccountID) []Undelivered {
	p.t.Helper()
	got, err := p.Undelivered(of...)
	p.check(err)
	return got
}

func TestUndelivered(t *testing.T) {
	p := refusing(t)
	seat := invitation()
	seat.Owner = "a_1"
	p.check(p.put(seat))
	p.clock.Forward(time.Second)
	appointment := consult.Notice{
		Kind: consult.NoticeAppointment, Owner: "a_2", Name: "Canary Martin", To: invitation().To, Secret: "canary-secret", Language: "fr",
		Fields: map[string]string{consult.FieldAt: "2026-11-24T13:30:00Z"}, Key: "appointment/1",
	}
	p.check(p.put(appointment))
	nobodys := invitation()
	nobodys.Key = "nobody"
	p.check(p.put(nobodys))
	p.settled()

	if got := p.mustUndelivered("a_3"); len(got) != 0 {
		t.Errorf("somebody else's: %+v", got)
	}
	got := p.mustUndelivered("a_1", "a_2")
	if len(got) != 2 || got[0].Participant != "p_1" || got[0].Name != "" || got[0].Reason != ReasonNoAddress || got[0].Consultation != "c_1" {
		t.Fatalf("%+v", got)
	}
	if u := got[1]; u.Name != "Canary Martin" || u.To.Phone != "+33639980010" || u.At != "2026-11-24T13:30:00Z" || u.Owner != "a_2" {
		t.Errorf("of an appointment: %+v", u)
	}
	p.nothingPersonalIn("store", p.dump())

	// A newer link replaces the old one: this one waits for a gateway that never comes.
	p.clock.Forward(time.Minute)
	again := seat
	again.Kind, again.Key, again.NotBefore = consult.NoticeLinkAgain, "again", p.clock.Now().Add(time.Hour)
	p.check(p.put(again))
	if got := p.mustUndelivered("a_1"); len(got) != 0 {
		t.Errorf("sent again: %+v", got)
	}

	// Somebody has phoned.
	theirs := func(owner consult.AccountID) (bool, error) { return owner == "a_2", nil }
	if err := p.Settle(got[0].Notice, theirs); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("settled what is somebody else's: %v", err)
	}
	if err := p.Settle("n_none", theirs); !errors.Is(err, consult.ErrNotFound) {
		t.Errorf("settled nothing: %v", err)
	}
	for range 2 {
		p.check(p.Settle(got[1].Notice, theirs))
	}
	if got := p.mustUndelivered("a_2"); len(got) != 0 {
		t.Errorf("settled: %+v", got)
	}
	if entry, err := p.store.Get(noticeKey(got[1].Notice)); err != nil {
		t.Error(err)
	} else if r, err := loadRow(p.store, got[1].Notice); err != nil || r.sealed != nil {
		t.Errorf("who it was for is still there: %s, %v", entry.Value, err)
	}
}

// dump is everything in the store, as text.
func (p *post) dump() string {
	p.t.Helper()
	entries, err := p.store.Range("v1/", "", kv.MaxRange)
	p.check(err)
	all := ""
	for _, e := range entries {
		all += e.Key + " " + string(e.Value) + "\n"
	}
	return all
}

func TestUndeliveredIsSwept(t *testing.T) {
	p := refusing(t)
	n := invitation()
	n.Owner = "a_1"
	p.check(p.put(n))
	p.settled()
	p.clock.Forward(p.cfg.Keep + 48*time.Hour)
	_, err := p.sweep()
	p.check(err)
	left, err := p.store.Range(troublePrefix("a_1"), "", 10)
	p.check(err)
	if len(left) != 0 {
		t.Errorf("%v", left)
	}
}

func TestStats(t *testing.T) {
	p := refusing(t)
	p.check(p.put(invitation()))
	p.settled()
	planned := invitation()
	planned.Key, planned.NotBefore = "planned", p.clock.Now().Add(20*time.Minute)
	p.check(p.put(planned))
	s, err := p.Stats()
	p.check(err)
	if n := s.Outcomes[Outcome{ChannelMail, "", "failed"}]; n != 1 || s.Waiting[ChannelMail] != 0 || s.Oldest[ChannelMail] != 0 {
		t.Errorf("%+v", s)
	}
}

func TestStatsOfAServerThatIsDown(t *testing.T) {
	p := newPost(t, mailOnly())
	p.cfg.Mail.Port = 1 // nobody listens
	p.check(p.Start(testBase))
	changes, err := p.store.Watch(t.Context(), "v1/notice/", 0)
	p.check(err)
	p.check(p.put(invitation()))
	for range 3 { // put, and put off
		r, err := p.Stats()
		p.check(err)
		if r.Outcomes[Outcome{ChannelMail, "", outcomeRetried}] > 0 {
			break
		}
		<-changes
	}
	p.check(p.Close())
	p.clock.Forward(3 * time.Second)
	s, err := p.Stats()
	p.check(err)
	if s.Waiting[ChannelMail] != 1 || s.Oldest[ChannelMail] != 3*time.Second || s.Outcomes[Outcome{ChannelMail, "", outcomeRetried}] != 1 {
		t.Errorf("%+v", s)
	}
}
