package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// mailTimeout bounds handing a mail over. Servers that look for viruses before they answer take their time.
const mailTimeout = 30 * time.Second

// letter is a mail that was written.
type letter struct {
	to            string
	subject, text string
	language      string
	calendar      []byte // an appointment as iCalendar, for the recipient's calendar; nil: none
	method        string // of the calendar (RFC 5546)
	id            string // of the notice; its Message-ID is made of it, the same whenever the same one is sent
}

// postman hands mails to the mail server. It keeps its connection while there is more to hand over, and belongs to one goroutine.
type postman struct {
	cfg      MailConfig
	practice string
	line     *smtp.Client // nil when not connected
}

// dialer makes the go-mail client that connects as configured.
func (c MailConfig) dialer() (*mail.Client, error) {
	authorities, err := authorities(c.CA)
	if err != nil {
		return nil, err
	}
	options := []mail.Option{
		mail.WithPort(c.Port), mail.WithTimeout(mailTimeout),
		mail.WithTLSConfig(&tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12, RootCAs: authorities}),
	}
	switch c.TLS {
	case TLSImplicit:
		options = append(options, mail.WithSSL())
	case TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.Username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.Username), mail.WithPassword(c.Password))
	}
	return mail.NewClient(c.Host, options...)
}

// hand gives the mail server a letter. before is called when the server has said that it takes mail for this address, and nothing of
// the letter has left; its error stops.
func (p *postman) hand(ctx context.Context, l letter, before func() error) outcome {
	body, err := p.compose(l)
	if err != nil {
		return outcome{refused, "", err.Error()}
	}
	if err := p.address(ctx, l.to); err != nil {
		p.close()
		return outcome{verdictOf(err), "", p.clean(err)}
	}
	writer, err := p.line.Data()
	if err != nil {
		p.close()
		return outcome{verdictOf(err), "", p.clean(err)}
	}
	if err := before(); err != nil {
		p.close() // without the dot at the end a server keeps nothing (RFC 5321 §4.1.1.4)
		return outcome{later, "", err.Error()}
	}
	if _, err = body.WriteTo(writer); err == nil {
		err = writer.Close()
	}
	if err != nil {
		p.close()
		var said *textproto.Error
		if errors.As(err, &said) {
			return outcome{verdictOf(err), "", p.clean(err)}
		}
		return outcome{doubtful, "", p.clean(err)} // the line broke where nobody knows whether the server had it
	}
	answer := "250"
	if w, ok := writer.(*smtp.DataCloser); ok {
		answer = "250 " + w.ServerResponse()
	}
	return outcome{taken, "", shorten(answer)}
}

// address connects if necessary and names sender and recipient. A kept connection that the server has closed is made anew.
func (p *postman) address(ctx context.Context, to string) error {
	kept := p.line != nil
	err := p.tryAddress(ctx, to)
	var said *textproto.Error
	if kept && err != nil && !errors.As(err, &said) {
		p.close()
		err = p.tryAddress(ctx, to)
	}
	return err
}

func (p *postman) tryAddress(ctx context.Context, to string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.line == nil {
		dialer, err := p.cfg.dialer()
		if err != nil {
			return err
		}
		if p.line, err = dialer.DialToSMTPClientWithContext(ctx); err != nil {
			p.line = nil
			return err
		}
	}
	if err := p.line.UpdateDeadline(mailTimeout); err != nil {
		return err
	}
	// The library sends these as they are; they stand in angle brackets (RFC 5321 §4.1.2), which strict servers insist on.
	if err := p.line.Mail("<" + p.cfg.From + ">"); err != nil {
		return err
	}
	return p.line.Rcpt("<" + to + ">")
}

// close says goodbye if the server still listens.
func (p *postman) close() {
	if p.line == nil {
		return
	}
	_ = p.line.UpdateDeadline(time.Second)
	if p.line.Quit() != nil {
		_ = p.line.Close()
	}
	p.line = nil
}

// clean keeps the password out of what is told.
func (p *postman) clean(err error) string {
	text := err.Error()
	if len(p.cfg.Password) >= 6 {
		text = strings.ReplaceAll(text, p.cfg.Password, "…")
	}
	return shorten(text)
}

// verdictOf reads an error from before the letter left. A code 5yz is for good (RFC 5321 §4.2.1), except where it is about us and not
// about this mail: wrong password, no TLS.
func verdictOf(err error) verdict {
	var said *textproto.Error
	if errors.As(err, &said) && said.Code >= 550 && said.Code <= 559 {
		return refused
	}
	return later
}

// compose writes the letter: plain text, and the same as HTML with nothing that is fetched from anywhere.
func (p *postman) compose(l letter) (*mail.Msg, error) {
	m := mail.NewMsg()
	if err := errors.Join(m.FromFormat(p.practice, p.cfg.From), m.To(l.to)); err != nil {
		return nil, errors.New("the address of the sender or the recipient is not one")
	}
	if p.cfg.ReplyTo != "" {
		if err := m.ReplyTo(p.cfg.ReplyTo); err != nil {
			return nil, fmt.Errorf("reply_to: %w", err)
		}
	}
	m.Subject(l.subject)
	m.SetDate()
	m.SetMessageIDWithValue(l.id + "@" + domainOf(p.cfg.From))
	m.SetGenHeader(headerNotice, l.id) // comes back with a letter that cannot be delivered
	m.SetGenHeader(mail.HeaderContentLang, l.language)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5: absence notes stay away
	m.SetBodyString(mail.TypeTextPlain, l.text)
	m.AddAlternativeString(mail.TypeTextHTML, pageOf(l))
	if l.calendar == nil {
		return m, nil
	}
	// Google and Outlook read the alternative, whose type names the method (RFC 6047 §2.4); Apple and Thunderbird show the file too.
	m.AddAlternativeString(mail.ContentType("text/calendar; method="+l.method), string(l.calendar), mail.WithPartEncoding(mail.EncodingB64))
	if err := m.AttachReader("invite.ics", bytes.NewReader(l.calendar), mail.WithFileContentType("application/ics")); err != nil {
		return nil, errors.New("the calendar cannot be attached")
	}
	return m, nil
}
