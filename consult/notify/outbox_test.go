package notify

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

var t0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// post is an outbox on a real store, with a clock to turn and a log to read.
type post struct {
	*Outbox
	t     *testing.T
	dir   string
	store kv.Store
	clock *consulttest.Clock
	log   *consulttest.Log
}

func newPost(t *testing.T, cfg Config) *post {
	t.Helper()
	p := &post{t: t, dir: t.TempDir(), clock: consulttest.NewClock(t0), log: &consulttest.Log{}}
	master, err := consult.OpenKeyring(filepath.Join(p.dir, "master.key"))
	p.check(err)
	p.store, err = kv.OpenBolt(filepath.Join(p.dir, "store.db"), kv.BoltConfig{Clock: p.clock.Now})
	p.check(err)
	t.Cleanup(func() { p.check(p.store.Close()) })
	logger := slog.New(slog.NewTextHandler(p.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	profile := consult.DefaultConfig().Profile
	profile.Name = "Cabinet des Tilleuls"
	p.Outbox, err = Open(cfg, profile, p.store, master, p.clock.Now, logger)
	p.check(err)
	return p
}

func (p *post) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) put(n consult.Notice) error {
	return p.store.Update(func(tx kv.Txn) error { return p.Put(tx, n) })
}

func (p *post) mustDeliveries(of consult.ConsultationID) []Delivery {
	p.t.Helper()
	d, err := p.Deliveries(of)
	p.check(err)
	return d
}

func mailOnly() Config {
	cfg := DefaultConfig()
	cfg.Mail.Host, cfg.Mail.From = "127.0.0.1", "rendez-vous@example.org"
	return cfg
}

func invitation() consult.Notice {
	return consult.Notice{
		Kind: consult.NoticeInvitation, Consultation: "c_1", Participant: "p_1", Name: "Canary Martin", Language: "fr",
		To: consult.Contact{Mail: "canary@example.org", Phone: "+33639980010", Reach: consult.ReachMail}, Secret: "canary-secret", Key: "invitation/p_1",
	}
}

func TestPutOnce(t *testing.T) {
	p := newPost(t, mailOnly())
	for range 3 {
		p.check(p.put(invitation()))
	}
	got := p.mustDeliveries("c_1")
	if len(got) != 1 || got[0].State != StateQueued || got[0].Channel != ChannelMail || got[0].Participant != "p_1" {
		t.Errorf("%+v", got)
	}
}

func TestCancel(t *testing.T) {
	p := newPost(t, mailOnly())
	p.check(p.put(invitation()))
	for _, first := range []bool{true, false} {
		var back, none bool
		p.check(p.store.Update(func(tx kv.Txn) error {
			var err, err2 error
			back, err = p.Cancel(tx, "invitation/p_1")
			none, err2 = p.Cancel(tx, "no-such")
			return errors.Join(err, err2)
		}))
		if back != first || none {
			t.Errorf("taken back: %v, %v", back, none)
		}
	}
	if got := p.mustDeliveries("c_1"); len(got) != 1 || got[0].State != StateCancelled {
		t.Errorf("%+v", got)
	}
	due, err := p.store.Range(duePrefix, "", 10)
	if err != nil || len(due) != 0 {
		t.Errorf("still due: %v, %v", due, err)
	}
}

func TestUnreachable(t *testing.T) {
	p := newPost(t, mailOnly())
	before := p.store.Revision()
	for _, to := range []consult.Contact{
		{}, {Mail: "a@example.org", Reach: consult.ReachHanded}, {Phone: "+33639980010", Reach: consult.ReachSMS}, {Reach: consult.ReachMail},
	} {
		n := invitation()
		n.To = to
		if err := p.put(n); !errors.Is(err, consult.ErrUnreachable) {
			t.Errorf("%+v: %v", to, err)
		}
	}
	if p.store.Revision() != before {
		t.Error("something was written")
	}
}

func TestNothingReadableIsStored(t *testing.T) {
	p := newPost(t, mailOnly())
	p.check(p.put(invitation()))
	raw, err := os.ReadFile(filepath.Join(p.dir, "store.db"))
	p.check(err)
	for _, canary := range []string{"anary", "39980010"} {
		if bytes.Contains(raw, []byte(canary)) {
			t.Errorf("%q is in the store", canary)
		}
	}
	if !bytes.Contains(raw, []byte("p_1")) {
		t.Error("the id is not in the store: this test looks at the wrong thing")
	}
}
