package bookingpage

import (
	"fmt"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

// summary is what is being booked, in the words of whoever reads it.
type summary struct {
	Label, When, Own, Who, How, Details string
}

// agreed is what a summary is made of.
type agreed struct {
	label, practitioner string
	start               time.Time // zero: no time
	zone, own           string    // IANA: where it is, and the reader's ("": the same)
	modality            booking.Modality
	place, phone        string
}

// summaryOf says when it is on the practitioner's clock, and on the reader's when that shows something else.
func (p *Pages) summaryOf(t *words, a agreed) summary {
	s := summary{Label: a.label}
	if a.practitioner != "" {
		s.Who = t.withName(a.practitioner)
	}
	if !a.start.IsZero() {
		s.When = notify.Instant(a.start, a.zone, t.Tag)
		if own := loadZone(first(a.own, a.zone)); clockOf(a.start, own) != clockOf(a.start, loadZone(a.zone)) {
			s.Own = fmt.Sprintf(t.ForYou, notify.Instant(a.start, a.own, t.Tag))
		}
	}
	switch a.modality {
	case booking.ModalityVideo:
		s.How = t.HowVideo
	case booking.ModalityPhone:
		s.How = t.HowPhone
		if a.phone != "" {
			s.How = fmt.Sprintf(t.HowPhoneAt, ltr(groupPhone(a.phone)))
		}
	case booking.ModalityInPerson:
		s.How = t.HowInPerson
		if where := first(a.place, p.Practice.Profile().Address); where != "" {
			s.How = fmt.Sprintf(t.HowInPersonAt, where)
		}
	}
	return s
}

// ltr keeps a number in its order inside of a text that is written from right to left.
func ltr(text string) string { return "\u2066" + text + "\u2069" }

func clockOf(at time.Time, zone *time.Location) string { return at.In(zone).Format("2006-01-02T15:04") }

// placeName is what a place of a schedule means: an address.
func placeName(of booking.Schedule, place string) string { return first(of.Places[place], place) }

// agreedOf is what an appointment says.
func (p *Pages) agreedOf(a booking.Appointment, lang string) agreed {
	label := a.Label
	if service, err := p.Book.Service(a.Service); err == nil {
		label = service.LabelIn(lang)
	}
	place := a.Place
	if of, err := p.Book.Schedule(a.Practitioner); err == nil {
		place = placeName(of, place)
	}
	return agreed{
		label: label, practitioner: a.PractitionerName, start: a.Start, zone: a.TimeZone, own: a.Person.TimeZone, modality: a.Modality,
		place: place, phone: a.Person.Contact.Phone,
	}
}
