package consult

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
)

// Reach is how somebody is told things.
type Reach string

// The ways to reach somebody.
const (
	ReachSMS    Reach = "sms"    // a text message to Contact.Phone
	ReachMail   Reach = "mail"   // a mail to Contact.Mail
	ReachHanded Reach = "handed" // nothing is sent: the link is handed over, as text, as a QR code or on paper
)

// Contact is where somebody can be reached, and how they wish it. The zero value is nowhere.
type Contact struct {
	Phone string `json:"phone,omitempty"` // E.164, "+33639980010"
	Mail  string `json:"mail,omitempty"`
	Reach Reach  `json:"reach,omitempty"`
}

// Limits of what is typed, before it is looked at.
const (
	maxPhoneText = 40  // characters; E.164 has at most 15 digits
	maxMail      = 254 // bytes of an address, RFC 5321 §4.5.3.1 with RFC 3696 erratum 1690
	maxMailLocal = 64  // bytes before the @, RFC 5321 §4.5.3.1.1
)

// Clean checks a contact and returns it as it is stored. A phone number without + is one of the country (ISO 3166-1).
// Without a Reach it chooses: text messages to a mobile, else mail, else by hand.
func (c Contact) Clean(country string) (Contact, error) {
	var err error
	if c.Phone, err = CleanPhone(c.Phone, country); err != nil {
		return Contact{}, err
	}
	if c.Mail, err = CleanMail(c.Mail); err != nil {
		return Contact{}, err
	}
	switch c.Reach {
	case "":
		c.Reach = ReachHanded
		if takesTextMessages(c.Phone) {
			c.Reach = ReachSMS
		} else if c.Mail != "" {
			c.Reach = ReachMail
		}
	case ReachSMS:
		if !takesTextMessages(c.Phone) {
			return Contact{}, errReachNoMobile
		}
	case ReachMail:
		if c.Mail == "" {
			return Contact{}, errReachNoMail
		}
	case ReachHanded:
	default:
		return Contact{}, errBadReach
	}
	return c, nil
}

// CleanPhone returns a phone number in E.164's form; "" stays "". One that does not begin with + or 00 is dialled in the country.
func CleanPhone(text, country string) (string, error) {
	text = strings.Join(strings.Fields(text), " ") // web pages group digits with other spaces than the library knows
	if text == "" {
		return "", nil
	}
	if len(text) > maxPhoneText || strings.ContainsFunc(text, notInPhones) || strings.LastIndexByte(text, '+') > 0 {
		return "", errBadPhone
	}
	number, err := phonenumbers.Parse(text, country)
	if err == nil && !phonenumbers.IsValidNumber(number) {
		number = dialledAlike(text, country, number)
	}
	if err != nil || !phoneExists(number) || number.GetExtension() != "" {
		return "", errBadPhone
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// dialledAlike returns the number that the text is in another country with the same way of dialling, else the number as it is: 0696 12 34 56 is
// a mobile of Martinique in all of France, though its country code is another.
func dialledAlike(text, country string, number *phonenumbers.PhoneNumber) *phonenumbers.PhoneNumber {
	france := []string{"FR", "GP", "MQ", "GF", "RE", "YT"}
	if !slices.Contains(france, country) {
		return number
	}
	for _, other := range france {
		if there, err := phonenumbers.Parse(text, other); err == nil && phonenumbers.IsValidNumber(there) {
			return there
		}
	}
	return number
}

// phoneExists reports whether the number is of a range that is given out, or at least as long as its country's mobiles: ranges
// are opened faster than programs are renewed, and nobody is to be turned away for that.
func phoneExists(number *phonenumbers.PhoneNumber) bool {
	if phonenumbers.IsValidNumber(number) {
		return true
	}
	region := phonenumbers.GetRegionCodeForCountryCode(int(number.GetCountryCode()))
	example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
	length := func(n *phonenumbers.PhoneNumber) int { return len(phonenumbers.GetNationalSignificantNumber(n)) }
	return example != nil && length(example) == length(number) && !number.GetItalianLeadingZero() // a zero that was not the prefix
}

// notInPhones refuses what the library would read as digits or skip over: letters ("0800-FLOWERS"), other text.
func notInPhones(r rune) bool {
	return (r < '0' || r > '9') && !strings.ContainsRune("+()-–./ ", r)
}

// takesTextMessages reports whether a number in E.164's form may be a mobile's: many countries do not tell by the number.
func takesTextMessages(phone string) bool {
	number, err := phonenumbers.Parse(phone, "")
	if err != nil {
		return false
	}
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE, phonenumbers.UNKNOWN:
		return true
	default:
		return false
	}
}

func knownCountry(country string) bool { return phonenumbers.GetCountryCodeForRegion(country) != 0 }

// CleanMail returns a mail address with its domain in the form that is on the wire; "" stays "". What only a few
// servers understand is refused: quoted names, addresses of machines, letters beyond ASCII before the @.
func CleanMail(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if len(text) > maxMail || strings.ContainsAny(text, "\"<>()[]\\, ") {
		return "", errBadMail
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" {
		return "", errBadMail
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	local := parsed.Address[:at]
	domain, err := idna.Lookup.ToASCII(parsed.Address[at+1:])
	if err != nil || !strings.Contains(strings.Trim(domain, "."), ".") || len(local) > maxMailLocal ||
		strings.ContainsFunc(local, func(r rune) bool { return r > '~' }) {
		return "", errBadMail
	}
	if address := local + "@" + domain; len(address) <= maxMail {
		return address, nil
	}
	return "", errBadMail
}

// oldest is how long ago somebody may have been born, in years: the longest life on record is 122.
const oldest = 130

// BirthDateForm is how a birth date is written everywhere, in time's reference form. It is a day without a zone.
const BirthDateForm = time.DateOnly

// CleanBirthDate checks a day in BirthDateForm; "" stays "". Tomorrow's is let through: it may be tomorrow already
// where somebody was born.
func CleanBirthDate(text string, now time.Time) (string, error) {
	if text == "" {
		return "", nil
	}
	day, err := time.Parse(BirthDateForm, text)
	if err != nil || day.After(now.AddDate(0, 0, 1)) || day.Before(now.AddDate(-oldest, 0, 0)) {
		return "", errBadBirthDate
	}
	return text, nil
}

// What somebody needs in a consultation: Participant.Needs holds these.
const (
	NeedHearing     = "hearing"     // hears badly or not at all
	NeedSight       = "sight"       // sees badly or not at all
	NeedInterpreter = "interpreter" // speaks or signs another language
	NeedCarer       = "carer"       // has somebody with them who helps
)

// Needs returns all that somebody can need, in the order in which needs are kept.
func Needs() []string { return []string{NeedHearing, NeedSight, NeedInterpreter, NeedCarer} }

// CleanNeeds checks the words and returns them once each, in the order of Needs; none is nil.
func CleanNeeds(needs []string) ([]string, error) {
	known := Needs()
	for _, need := range needs {
		if !slices.Contains(known, need) {
			return nil, errBadNeeds
		}
	}
	var clean []string
	for _, need := range known {
		if slices.Contains(needs, need) {
			clean = append(clean, need)
		}
	}
	return clean, nil
}

// CleanLanguage returns a language tag (BCP 47) in its canonical form; "" stays "".
func CleanLanguage(tag string) (string, error) { return cleanLanguage(tag) }

// phoneCountry returns the country of a number (E.164), as ISO 3166-1; home when there is no number, or it is of no country in particular.
func phoneCountry(phone, home string) string {
	number, err := phonenumbers.Parse(phone, "")
	if err != nil {
		return home
	}
	if country := phonenumbers.GetRegionCodeForNumber(number); knownCountry(country) {
		return country
	}
	return home
}
