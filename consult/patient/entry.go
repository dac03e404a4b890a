package patient

import (
	"strings"

	"github.com/colloque/colloque/consult"
)

// entry is what the index keeps of a patient: what may be searched for, and nothing to show.
type entry struct {
	id consult.PatientID
	// text is the family name, the given names, the birth name and the external ids, each word with a space before it,
	// then the birth date in both orders: " martin jeanne marie jeannemarie 12345\x0119480309\x0209031948".
	text   string
	phones string // "\x0333639980010\x0333199001234", the patient's and the carer's
	bits   masks  // of both texts
}

// What stands before a birth date written from the year on, one written from the day on, and a phone number.
const (
	markISO   = "\x01"
	markDay   = "\x02"
	markPhone = "\x03"
)

func entryOf(p Patient) entry {
	var b strings.Builder
	words := func(text string) {
		if text = folded(text); text == "" {
			return
		}
		b.WriteByte(' ')
		b.WriteString(text)
		if one := joined(text); one != text {
			b.WriteByte(' ')
			b.WriteString(one)
		}
	}
	words(p.FamilyName)
	words(p.GivenNames)
	words(p.BirthName)
	for _, id := range p.IDs {
		words(id.Value)
	}
	if day := digitsOf(p.BirthDate); day != "" {
		b.WriteString(markISO + day + markDay + day[6:] + day[4:6] + day[:4])
	}
	e := entry{id: p.ID, text: b.String()}
	for _, phone := range []string{p.Contact.Phone, p.Carer.Phone} {
		if phone != "" {
			e.phones += markPhone + phone[1:]
		}
	}
	e.bits = masksOf(e)
	return e
}

// compare is the order in which patients are listed.
func (e entry) compare(other entry) int {
	if c := strings.Compare(e.text, other.text); c != 0 {
		return c
	}
	return strings.Compare(string(e.id), string(other.id))
}
