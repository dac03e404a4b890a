package caldav

import (
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
		return a.Person.Initials()
	default:
		return w.appointment
	}
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
