package notify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/colloque/colloque/consult"
)

// words is all that a template may name. There is no field for why somebody is seen, by design.
type words struct {
	Practice     string // name of the practice
	Phone        string // of the practice, as it is dialled; may be ""
	Practitioner string // may be ""
	Name         string // of the recipient; may be ""
	Link         string // may be ""
	When         string // day, time and zone of an appointment, or those of several; "" when it is now
	Times        string // when it is about several at once: all their days and times; else ""
	Minutes      string
	Text         string // what the practice wrote
	Code         string // figures to type in; may be ""
	From, Into   string // names of languages
	Until        string // day, time and zone of a deadline
	Was          string // day, time and zone of an appointment before it was moved
	Place        string // where it is; may be ""
	Who          string // initials of the patient, in mails to practitioners, when the practice allows it
}

// wordNames are the fields of words, as templates name them.
func wordNames() []string {
	return []string{"Practice", "Phone", "Practitioner", "Name", "Link", "When", "Times", "Minutes", "Text", "Code", "From", "Into", "Until", "Was", "Place", "Who"}
}

// Fields are what a template may name.
func Fields() []string { return wordNames() }

// Languages are those that there are texts in.
func Languages() []string { return []string{"fr", "en", "ar"} }

// languageFor returns the first of the wishes that there are texts in.
func languageFor(wishes ...string) string {
	available := []language.Tag{language.French, language.English, language.Arabic}
	matcher := language.NewMatcher(available)
	for _, wish := range wishes {
		tag, err := language.Parse(wish)
		if err != nil || wish == "" {
			continue
		}
		if _, index, confidence := matcher.Match(tag); confidence > language.Low {
			return Languages()[index]
		}
	}
	return "en"
}

// wordsOf says a notice in the recipient's zone and language. In text messages instants are short.
func (o *Outbox) wordsOf(n consult.Notice, in string, channel Channel) words {
	zone := o.zoneOf(n)
	say := func(field string) string {
		at := instantOf(n, field)
		if at.IsZero() {
			return ""
		}
		if channel == ChannelSMS {
			return shortInstant(at.In(zone), in)
		}
		return longInstant(at.In(zone), in)
	}
	w := words{
		Practice: o.profile.Name, Phone: o.profile.Phone, Practitioner: n.Fields[consult.FieldPractitioner], Name: n.Name,
		When: say(consult.FieldAt), Minutes: n.Fields[consult.FieldMinutes], Text: n.Fields[consult.FieldText],
		Code: n.Fields[consult.FieldCode], Until: say(consult.FieldDeadline), Was: say(consult.FieldWas),
		Place: n.Fields[consult.FieldPlace], Who: n.Fields[consult.FieldWho],
	}
	if w.Times = severalInstants(n.Fields[consult.FieldTimes], zone, in, channel); w.Times != "" {
		w.When = w.Times
	}
	if n.Kind.ToStaff() {
		w.Link = o.baseURL() + n.Kind.LinkPath()
	} else if n.Secret != "" {
		w.Link = o.baseURL() + n.Kind.LinkPath() + n.Secret
	}
	from, into, _ := strings.Cut(n.Fields[consult.FieldLanguages], " ")
	w.From, w.Into = languageName(from, in), languageName(into, in)
	return w
}

// Instant says a time as mails do, in a zone (IANA) and a language.
func Instant(at time.Time, zone, in string) string {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	return longInstant(at.In(place), languageFor(in))
}

// LanguageName is what a language, or a sign language, is called in another.
func LanguageName(tag, in string) string { return languageName(tag, languageFor(in)) }

// signLanguage names the sign languages that are asked for here, which the table of languages does not hold in every language.
func signLanguage(tag, in string) string {
	names := map[string]map[string]string{
		"fsl": {"fr": "langue des signes française (LSF)", "en": "French Sign Language (LSF)", "ar": "لغة الإشارة الفرنسية (LSF)"},
		"sfb": {"fr": "langue des signes de Belgique francophone (LSFB)", "en": "French Belgian Sign Language (LSFB)", "ar": "لغة الإشارة البلجيكية الفرنسية (LSFB)"},
		"ssr": {"fr": "langue des signes suisse romande (LSF-SR)", "en": "Swiss French Sign Language (LSF-SR)", "ar": "لغة الإشارة السويسرية الفرنسية (LSF-SR)"},
		"bfi": {"fr": "langue des signes britannique (BSL)", "en": "British Sign Language (BSL)", "ar": "لغة الإشارة البريطانية (BSL)"},
		"gsg": {"fr": "langue des signes allemande (DGS)", "en": "German Sign Language (DGS)", "ar": "لغة الإشارة الألمانية (DGS)"},
	}
	return names[tag][in]
}

func languageName(tag, in string) string {
	if name := signLanguage(tag, in); name != "" {
		return name
	}
	parsed, err := language.Parse(tag)
	if err != nil || tag == "" {
		return tag
	}
	namer := display.Languages(language.Make(in))
	if namer == nil {
		return tag
	}
	if name := namer.Name(parsed); name != "" {
		return name
	}
	return tag
}

// shortInstant is for text messages: "mar. 24/11 14:30 (Paris)".
func shortInstant(at time.Time, in string) string {
	return fmt.Sprintf("%s (%s%s)", shortWall(at, in), zoneName(at), afterZone(at, in))
}

func shortWall(at time.Time, in string) string {
	return fmt.Sprintf("%s %02d/%02d %s", calendars()[in].shortDays[at.Weekday()], at.Day(), at.Month(), at.Format(clockLayout))
}

// severalInstants says what consult.FieldTimes holds. In text messages the zone is named once: "mar. 01/12 09:00, mar. 08/12 09:00 (Paris)".
func severalInstants(instants string, zone *time.Location, in string, channel Channel) string {
	var all []string
	var last time.Time
	for text := range strings.FieldsSeq(instants) {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return ""
		}
		last = at.In(zone)
		one := longInstant(last, in)
		if channel == ChannelSMS {
			if one = shortWall(last, in); passage(last, in) != "" {
				one += " " + passage(last, in)
			}
		}
		all = append(all, one)
	}
	switch {
	case len(all) == 0:
		return ""
	case channel == ChannelSMS:
		return strings.Join(all, calendars()[in].comma) + " (" + zoneName(last) + ")"
	default:
		return strings.Join(all, "\n")
	}
}

// longInstant is for mails: "mardi 24 novembre 2026 à 14:30 (heure de Paris)", and in the hour that comes twice "(heure de Paris, heure d'été)".
func longInstant(at time.Time, in string) string {
	c := calendars()[in]
	return fmt.Sprintf(c.long, c.days[at.Weekday()], dayOfMonth(at, in), c.months[at.Month()-1], at.Year(), at.Format(clockLayout), zoneName(at), afterZone(at, in))
}

// dayOfMonth is how a language writes the day of a month: French counts the first, "1er".
func dayOfMonth(at time.Time, in string) string {
	if in == "fr" && at.Day() == 1 {
		return "1er"
	}
	return strconv.Itoa(at.Day())
}

// zoneName is how people call a zone: by its city.
func zoneName(at time.Time) string {
	name := at.Location().String()
	if name == "UTC" || name == "" {
		return "UTC"
	}
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// calendar is how a language writes days.
type calendar struct {
	days, shortDays [7]string
	months          [12]string
	long            string // weekday, day, month, year, time, zone, what follows the zone
	summer, winter  string // which of the two passages of an hour that comes twice
	comma           string
}

func calendars() map[string]calendar {
	return map[string]calendar{
		"fr": {
			days:      [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
			shortDays: [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
				"novembre", "décembre"},
			long:   "%s %s %s %d à %s (heure de %s%s)",
			summer: "heure d'été", winter: "heure d'hiver", comma: ", ",
		},
		"en": {
			days:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
			shortDays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
			months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
				"November", "December"},
			long:   "%s %s %s %d at %s (%s time%s)",
			summer: "summer time", winter: "winter time", comma: ", ",
		},
		"ar": {
			days:      [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
			shortDays: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
			months: [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر",
				"ديسمبر"},
			long:   "%s %s %s %d الساعة %s (توقيت %s%s)",
			summer: "التوقيت الصيفي", winter: "التوقيت الشتوي", comma: "، ",
		},
	}
}
