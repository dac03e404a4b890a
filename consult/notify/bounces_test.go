package notify

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"github.com/colloque/colloque/consult"
)

// imapServer is a real IMAP server on this machine with a mailbox in memory.
type imapServer struct {
	t    testing.TB
	user *imapmemserver.User
	port int
	ca   string
}

func newIMAPServer(t testing.TB, kind string, caps ...imap.Cap) *imapServer {
	t.Helper()
	s := &imapServer{t: t, user: imapmemserver.NewUser("practice", "sesame-open")}
	if err := s.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory := imapmemserver.New()
	memory.AddUser(s.user)
	var certificate tls.Certificate
	certificate, s.ca = newCertificate(t)
	secure := &tls.Config{Certificates: []tls.Certificate{certificate}}
	set := imap.CapSet{imap.CapIMAP4rev1: {}}
	for _, c := range caps {
		set[c] = struct{}{}
	}
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		},
		Caps: set, Logger: log.New(io.Discard, "", 0), InsecureAuth: kind == TLSNone,
	}
	if kind == TLSStart {
		options.TLSConfig = secure
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	if kind == TLSImplicit {
		listener = tls.NewListener(listener, secure)
	}
	server := imapserver.New(options)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return s
}

func (s *imapServer) config(kind string) BouncesConfig {
	c := DefaultConfig().Mail.Bounces
	c.Host, c.Port, c.TLS, c.CA, c.Username, c.Password = "127.0.0.1", s.port, kind, s.ca, "practice", "sesame-open"
	return c
}

func (s *imapServer) deliver(mail string) {
	s.t.Helper()
	if _, err := s.user.Append("INBOX", literal{strings.NewReader(mail)}, &imap.AppendOptions{Time: t0}); err != nil {
		s.t.Fatal(err)
	}
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// left is how many mails are in the mailbox, and how many of them are marked as deleted.
func (s *imapServer) left() (mails, marked int) {
	s.t.Helper()
	status, err := s.user.Status("INBOX", &imap.StatusOptions{NumMessages: true, NumDeleted: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return int(*status.NumMessages), int(*status.NumDeleted)
}

// sentMail is an outbox with a mail that the server took, of somebody's. The test itself says when to look into a mailbox.
func sentMail(t *testing.T) (*post, consult.NoticeID) {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Mail = newMailServer(t, TLSNone).config(TLSNone)
	p := newPost(t, cfg)
	n := invitation()
	n.Owner = "a_1"
	p.check(p.put(n))
	p.check(p.Start(testBase))
	t.Cleanup(func() { p.check(p.Close()) })
	return p, p.become(StateSent)[0].Notice
}

func TestMailsThatComeBack(t *testing.T) {
	for _, kind := range []string{TLSImplicit, TLSStart, TLSNone} {
		t.Run(kind, func(t *testing.T) {
			box := newIMAPServer(t, kind, imap.CapUIDPlus)
			p, id := sentMail(t)
			box.deliver("From: a@b.example\r\nSubject: a patient writes\r\n\r\nHello\r\n")
			box.deliver(report(t, "delayed", id))
			box.deliver(report(t, "postfix", "n_ofanotherserver00000000"))
			box.deliver(strings.Replace(report(t, "postfix", id), "Secret.", strings.Repeat("long ", 200_000), 1))
			p.check(p.readBounces(box.config(kind)))
			got := p.mustDeliveries("c_1")[0]
			if got.State != StateFailed || got.Reason != ReasonNoAddress {
				t.Errorf("%+v", got)
			}
			if mails, _ := box.left(); mails != 2 {
				t.Errorf("%d mails are left, want the patient's and the other server's", mails)
			}
			open, err := p.Undelivered("a_1")
			p.check(err)
			if len(open) != 1 || open[0].Notice != id {
				t.Errorf("%+v", open)
			}
			p.nothingPersonalIn("log", p.log.String())

			before := p.store.Revision()
			p.check(p.readBounces(box.config(kind))) // nothing new: nothing is read again, nothing is written
			box.deliver(report(t, "postfix", id))
			p.check(p.readBounces(box.config(kind))) // known already: erased
			if mails, _ := box.left(); mails != 2 {
				t.Errorf("%d mails are left", mails)
			}
			if now := p.store.Revision(); now != before+1 { // the bookmark
				t.Errorf("%d writes", now-before)
			}
		})
	}
}

func TestMailboxWithoutUIDPlus(t *testing.T) {
	box := newIMAPServer(t, TLSNone)
	p, id := sentMail(t)
	box.deliver(report(t, "postfix", id))
	p.check(p.readBounces(box.config(TLSNone)))
	if mails, marked := box.left(); mails != 1 || marked != 1 {
		t.Errorf("%d mails, %d marked", mails, marked)
	}
	if got := p.mustDeliveries("c_1")[0]; got.State != StateFailed {
		t.Errorf("%+v", got)
	}
}

func TestMailboxThatCannotBeRead(t *testing.T) {
	box := newIMAPServer(t, TLSImplicit)
	right := box.config(TLSImplicit)
	with := func(change func(*BouncesConfig)) BouncesConfig {
		c := right
		change(&c)
		return c
	}
	for name, cfg := range map[string]BouncesConfig{
		"wrong password":         with(func(c *BouncesConfig) { c.Password = "sesame-shut" }),
		"no such mailbox":        with(func(c *BouncesConfig) { c.Mailbox = "Retours" }),
		"somebody else's server": with(func(c *BouncesConfig) { c.CA = "" }),
		"nobody there":           with(func(c *BouncesConfig) { c.Port = 1 }),
	} {
		t.Run(name, func(t *testing.T) {
			all := mailOnly()
			all.Mail.Bounces = cfg
			p := newPost(t, all)
			err := p.readBounces(cfg)
			if err == nil || strings.Contains(p.withoutPassword(err), cfg.Password) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestBounceLoop: the loop looks by itself, and Close ends it in the middle of a server that says nothing.
func TestBounceLoop(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	came := make(chan net.Conn, 1)
	go func() {
		if c, err := listener.Accept(); err == nil {
			came <- c
		}
	}()
	cfg := mailOnly()
	cfg.Mail.Bounces = BouncesConfig{"127.0.0.1", listener.Addr().(*net.TCPAddr).Port, TLSNone, "", "practice", "sesame-open", "INBOX", time.Minute}
	p := newPost(t, cfg)
	p.check(p.Start(testBase))
	select {
	case c := <-came:
		defer func() { _ = c.Close() }()
	case <-time.After(30 * time.Second):
		t.Fatal("nobody looked")
	}
	closed := make(chan error, 1)
	go func() { closed <- p.Close() }()
	select {
	case err := <-closed:
		p.check(err)
	case <-time.After(30 * time.Second):
		t.Fatal("Close waits for a server that says nothing")
	}
}
