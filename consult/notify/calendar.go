package notify

import (
	"strings"

	"github.com/colloque/colloque/consult"
)

// UseCalendar says who writes appointments as iCalendar, for mails to carry them. Without it they carry none. It is called before Start.
func (o *Outbox) UseCalendar(write func(consult.CalendarEvent) ([]byte, error)) { o.calendar = write }

// The methods of RFC 5546 that mails name.
const (
	methodRequest = "REQUEST"
	methodCancel  = "CANCEL"
)

// calendarOf writes what the recipient's calendar is told of an appointment, and by which method; nil when nothing is. The practice
// invites: what a calendar answers goes where answers to our mails go.
func (o *Outbox) calendarOf(n consult.Notice, language string) (file []byte, method string, err error) {
	if n.Event == nil || o.calendar == nil {
		return nil, "", nil
	}
	organizer := o.cfg.Mail.From
	if o.cfg.Mail.ReplyTo != "" {
		organizer = o.cfg.Mail.ReplyTo
	}
	w, e := o.wordsOf(n, language, ChannelMail), *n.Event
	if e.Organizer, err = bareAddress(organizer); err != nil {
		return nil, "", err
	}
	e.Summary = map[string]string{"fr": "Rendez-vous", "en": "Appointment", "ar": "موعد"}[language] + " – "
	if w.Who != "" {
		e.Summary += w.Who
	} else {
		e.Summary += w.Practice
	}
	var lines []string
	for _, line := range []string{w.Practitioner, w.When, w.Link, w.Phone} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	e.Description, e.Link, e.Practice, e.Attendee = strings.Join(lines, "\n"), w.Link, w.Practice, n.To.Mail
	method = methodRequest
	if e.Cancelled {
		method = methodCancel
	}
	file, err = o.calendar(e)
	return file, method, err
}
