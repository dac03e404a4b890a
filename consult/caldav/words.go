package caldav

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// words are those that appointments are called with, in the practice's language.
type words struct {
	appointment, appointments string
	video, phone              string
}

func wordsIn(wish string) words {
	tag, _ := language.Parse(wish)
	base, _ := tag.Base()
	switch base.String() {
	case "en":
		return words{"Appointment", "Appointments", "Video", "Telephone"}
	case "ar":
		return words{"موعد", "المواعيد", "فيديو", "هاتف"}
	default:
		return words{"Rendez-vous", "Rendez-vous", "Vidéo", "Téléphone"}
	}
}

// title is what an appointment is called: others see calendars too, on screens and on watches.
func (w words) title(a booking.Appointment, titles account.Titles) string {
	switch titles {
	case account.TitlesName:
		if a.Label != "" {
			return a.Person.Name + " · " + a.Label
		}
		return a.Person.Name
	case account.TitlesInitials:
		return initials(a.Person.Name)
	default:
		return w.appointment
	}
}

// initials are the first letters of a name's words: "J. M.".
func initials(name string) string {
	var short []string
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) {
			short = append(short, string(unicode.ToUpper(first))+".")
		}
	}
	return strings.Join(short, " ")
}

func (w words) location(a booking.Appointment) string {
	switch a.Modality {
	case booking.ModalityVideo:
		return w.video
	case booking.ModalityPhone:
		return w.phone
	default:
		return a.Place
	}
}
