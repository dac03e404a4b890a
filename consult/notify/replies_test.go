package notify

import (
	"encoding/base64"
	"errors"
	"mime/quotedprintable"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
)

const replyText = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:Refusé : Rendez-vous\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

// mailOf is a mail of some parts, each with its header lines.
func mailOf(kind string, parts ...string) string {
	return "From: Jeanne Martin <jeanne@example.org>\r\nTo: rendez-vous@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: " + kind + "; boundary=\"=_b\"\r\n\r\n--=_b\r\n" +
		strings.Join(parts, "\r\n--=_b\r\n") + "\r\n--=_b--\r\n"
}

func inBase64(text string) string {
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	var lines []string
	for ; len(encoded) > 76; encoded = encoded[76:] {
		lines = append(lines, encoded[:76])
	}
	return strings.Join(append(lines, encoded), "\r\n")
}

func quoted(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, err := w.Write([]byte(text))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestRepliesInTheMailbox reads what calendar programs answer, in the forms in which they send it, from a real IMAP server: once each, and of
// all other mails nothing.
func TestRepliesInTheMailbox(t *testing.T) {
	const plain = "Content-Type: text/plain; charset=utf-8\r\n\r\nJeanne Martin has declined.\r\n"
	long := strings.Repeat("x", maxReply)
	for name, c := range map[string]struct {
		mail string
		want bool
	}{
		"Google": {mailOf("multipart/mixed", strings.TrimPrefix(strings.ReplaceAll(mailOf("multipart/alternative", plain,
			"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Declined</p>", "Content-Type: text/calendar; charset=\"UTF-8\"; method=REPLY\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"+quoted(t, replyText)), "=_b", "=_inside"),
			"From: Jeanne Martin <jeanne@example.org>\r\nTo: rendez-vous@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"),
			"Content-Type: application/ics; name=\"invite.ics\"\r\nContent-Disposition: attachment; filename=\"invite.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"+inBase64(replyText)), true},
		"Outlook":           {mailOf("multipart/alternative", plain, "Content-Type: text/calendar; charset=\"utf-8\"; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"+inBase64(replyText)), true},
		"Thunderbird":       {mailOf("multipart/mixed", plain, "Content-Type: text/calendar; method=REPLY; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"+replyText), true},
		"Apple, only that":  {"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: TEXT/CALENDAR; METHOD=reply\r\nContent-Transfer-Encoding: 7BIT\r\n\r\n" + replyText, true},
		"an invitation":     {mailOf("multipart/alternative", plain, "Content-Type: text/calendar; method=REQUEST\r\n\r\n"+replyText), false},
		"a file":            {mailOf("multipart/mixed", plain, "Content-Type: text/calendar; name=x.ics\r\n\r\n"+replyText), false},
		"a patient writes":  {"From: a@b.example\r\nSubject: x\r\n\r\n" + replyText, false},
		"a forwarded one":   {mailOf("multipart/mixed", plain, "Content-Type: message/rfc822\r\n\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"+replyText), false},
		"too long":          {mailOf("multipart/mixed", plain, "Content-Type: text/calendar; method=REPLY\r\n\r\n"+long+replyText), false},
		"nobody's encoding": {mailOf("multipart/mixed", plain, "Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: uuencode\r\n\r\n"+replyText), false},
		"broken base64":     {mailOf("multipart/mixed", plain, "Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n=!"), false},
	} {
		t.Run(name, func(t *testing.T) {
			box := newIMAPServer(t, TLSImplicit, imap.CapUIDPlus)
			p, _ := sentMail(t)
			var taken []string
			fails := true
			p.replies = func(text []byte) error {
				if fails {
					fails = false
					return errors.New("the store is busy")
				}
				taken = append(taken, string(text))
				return nil
			}
			box.deliver(c.mail)
			if err := p.readBounces(box.config(TLSImplicit)); (err != nil) != c.want {
				t.Fatal("the first time it could not be taken:", err)
			}
			p.check(p.readBounces(box.config(TLSImplicit)))
			p.check(p.readBounces(box.config(TLSImplicit)))
			if want := map[bool]int{true: 1}[c.want]; len(taken) != want || want == 1 && strings.TrimSpace(taken[0]) != strings.TrimSpace(replyText) {
				t.Errorf("taken: %q", taken)
			}
			if mails, marked := box.left(); mails != 1 || marked != 0 {
				t.Errorf("%d mails are left, %d marked", mails, marked)
			}
			p.nothingPersonalIn("log", p.log.String())
		})
	}
}

// TestMailThatNoServerDescribes: it is tried again, then passed over; what else is in the mailbox is read.
func TestMailThatNoServerDescribes(t *testing.T) {
	box := newIMAPServer(t, TLSNone, imap.CapUIDPlus)
	p, id := sentMail(t)
	taken := 0
	p.replies = func([]byte) error { taken++; return nil }
	box.deliver("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n")
	for range maxStumbles {
		if err := p.readBounces(box.config(TLSNone)); err == nil {
			t.Fatal("this server can describe it")
		}
	}
	box.deliver(report(t, "postfix", id))
	box.deliver(mailOf("multipart/mixed", "Content-Type: text/calendar; method=REPLY\r\n\r\n"+replyText))
	p.check(p.readBounces(box.config(TLSNone)))
	if got := p.mustDeliveries("c_1")[0]; got.State != StateFailed || taken != 1 {
		t.Errorf("%+v, %d answers", got, taken)
	}
}
