package patient

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
)

// Patient is somebody cared for. It is a value: changing a copy changes nothing, save for the slices.
type Patient struct {
	ID         consult.PatientID `json:"id"`
	Owner      consult.AccountID `json:"owner"`                 // the practitioner whose patient this is
	FamilyName string            `json:"family_name"`           // the one that is used
	BirthName  string            `json:"birth_name,omitempty"`  // "" when it is the family name
	GivenNames string            `json:"given_names,omitempty"` // the first one is the usual one
	BirthDate  string            `json:"birth_date,omitempty"`  // consult.BirthDateForm
	Language   string            `json:"language,omitempty"`    // BCP 47
	TimeZone   string            `json:"time_zone,omitempty"`   // IANA; "" is the practice's
	Contact    consult.Contact   `json:"contact"`
	Needs      []string          `json:"needs,omitempty"` // see consult.Needs
	Carer      Carer             `json:"carer"`
	IDs        []ExternalID      `json:"ids,omitempty"`
	CreatedAt  time.Time         `json:"created_at"`
	ChangedAt  time.Time         `json:"changed_at"`
	Revision   uint64            `json:"revision"` // how many times the record was written; grows by one
}

// Carer is who helps a patient, and is called when the patient cannot be reached. The zero value is nobody.
type Carer struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"` // E.164
}

// ExternalID is how another system names a patient. It means nothing to us.
type ExternalID struct {
	System string `json:"system"` // "INS", "IPP", …
	Value  string `json:"value"`
}

// Name returns the name as it is shown, given names first.
func (p Patient) Name() string { return strings.TrimSpace(p.GivenNames + " " + p.FamilyName) }

// Limits of what a record holds.
const (
	maxIDs      = 8
	maxIDSystem = 40 // characters
	maxIDValue  = 64 // characters
	maxName     = 100
)

// clean checks all that may be changed and returns it as it is stored. It fails with a *FieldError.
func (p Patient) clean(country string, now time.Time) (Patient, error) {
	var wrong error
	check := func(field string, err error) {
		if err != nil && wrong == nil {
			wrong = &FieldError{field, err}
		}
	}
	text := func(field string, where *string, clean func(string) (string, error)) {
		var err error
		*where, err = clean(*where)
		check(field, err)
	}
	phone := func(text string) (string, error) { return consult.CleanPhone(text, country) }
	text(FieldFamilyName, &p.FamilyName, consult.CleanName)
	text(FieldGivenNames, &p.GivenNames, optionalName)
	text(FieldBirthName, &p.BirthName, optionalName)
	text(FieldBirthDate, &p.BirthDate, func(day string) (string, error) { return consult.CleanBirthDate(day, now) })
	text(FieldPhone, &p.Contact.Phone, phone)
	text(FieldMail, &p.Contact.Mail, consult.CleanMail)
	text(FieldLanguage, &p.Language, consult.CleanLanguage)
	text(FieldTimeZone, &p.TimeZone, cleanTimeZone)
	text(FieldCarerName, &p.Carer.Name, optionalName)
	text(FieldCarerPhone, &p.Carer.Phone, phone)
	if utf8.RuneCountInString(p.Name()) > maxName { // a consultation takes no longer one
		check(FieldGivenNames, errLongName)
	}
	if wrong != nil {
		return Patient{}, wrong
	}
	if p.BirthName == p.FamilyName {
		p.BirthName = ""
	}
	var err error
	p.Contact, err = p.Contact.Clean(country)
	check(FieldReach, err)
	p.Needs, err = consult.CleanNeeds(p.Needs)
	check(FieldNeeds, err)
	p.IDs, err = cleanIDs(p.IDs)
	check(FieldIDs, err)
	if wrong != nil {
		return Patient{}, wrong
	}
	return p, nil
}

func optionalName(name string) (string, error) {
	if strings.TrimSpace(name) == "" {
		return "", nil
	}
	return consult.CleanName(name)
}

func cleanTimeZone(zone string) (string, error) {
	if zone == "" {
		return "", nil
	}
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return "", errTimeZone
	}
	return zone, nil
}

// cleanIDs trims and checks; the same one twice is kept once.
func cleanIDs(ids []ExternalID) ([]ExternalID, error) {
	if len(ids) > maxIDs {
		return nil, errManyIDs
	}
	var clean []ExternalID
	for _, id := range ids {
		system, err := consult.CleanName(id.System)
		if err != nil || utf8.RuneCountInString(system) > maxIDSystem {
			return nil, errBadID
		}
		value, err := consult.CleanName(id.Value)
		if err != nil || utf8.RuneCountInString(value) > maxIDValue || folded(value) == "" {
			return nil, errBadID
		}
		if one := (ExternalID{system, value}); !slices.Contains(clean, one) {
			clean = append(clean, one)
		}
	}
	return clean, nil
}

// sameAs reports whether two records say the same of somebody, whenever they were written.
func (p Patient) sameAs(other Patient) bool {
	p.ID, p.Owner, p.CreatedAt, p.ChangedAt, p.Revision = other.ID, other.Owner, other.CreatedAt, other.ChangedAt, other.Revision
	return reflect.DeepEqual(p, other)
}

// String keeps a patient out of logs and messages that were not thought through.
func (p Patient) String() string { return fmt.Sprintf("patient %s", p.ID) }
