package fhir

import "time"

// The parts of FHIR R4 that are filled in or read, under FHIR's own names (hl7.org/fhir/R4/resourcelist.html).

const version = "4.0.1"

type reference struct {
	Reference string `json:"reference,omitempty"`
	Type      string `json:"type,omitempty"`
	Display   string `json:"display,omitempty"`
}

type coding struct {
	System  string `json:"system,omitempty"`
	Code    string `json:"code,omitempty"`
	Display string `json:"display,omitempty"`
}

type codeableConcept struct {
	Coding []coding `json:"coding,omitempty"`
	Text   string   `json:"text,omitempty"`
}

type identifier struct {
	System string `json:"system,omitempty"`
	Value  string `json:"value"`
}

type humanName struct {
	Text   string   `json:"text,omitempty"`
	Family string   `json:"family,omitempty"`
	Given  []string `json:"given,omitempty"`
}

type contactPoint struct {
	System string `json:"system,omitempty"` // phone, sms, email
	Value  string `json:"value,omitempty"`
}

type period struct {
	Start *time.Time `json:"start,omitempty"`
	End   *time.Time `json:"end,omitempty"`
}

type meta struct {
	VersionID   string     `json:"versionId,omitempty"`
	LastUpdated *time.Time `json:"lastUpdated,omitempty"`
}

type practitioner struct {
	ResourceType  string            `json:"resourceType"`
	ID            string            `json:"id"`
	Active        bool              `json:"active"`
	Name          []humanName       `json:"name"`
	Communication []codeableConcept `json:"communication,omitempty"`
}

type practitionerRole struct {
	ResourceType      string          `json:"resourceType"`
	ID                string          `json:"id"`
	Active            bool            `json:"active"`
	Practitioner      reference       `json:"practitioner"`
	Organization      *reference      `json:"organization,omitempty"`
	HealthcareService []reference     `json:"healthcareService,omitempty"`
	AvailableTime     []availableTime `json:"availableTime,omitempty"`
	NotAvailable      []notAvailable  `json:"notAvailable,omitempty"`
}

type availableTime struct {
	DaysOfWeek         []string `json:"daysOfWeek"`
	AvailableStartTime string   `json:"availableStartTime"` // 09:00:00, on the practitioner's clock
	AvailableEndTime   string   `json:"availableEndTime"`
}

type notAvailable struct {
	Description string `json:"description"`
	During      struct {
		Start string `json:"start"` // dates
		End   string `json:"end"`
	} `json:"during"`
}

type healthcareService struct {
	ResourceType        string            `json:"resourceType"`
	ID                  string            `json:"id"`
	Active              bool              `json:"active"`
	Name                string            `json:"name"`
	Comment             string            `json:"comment,omitempty"`
	AppointmentRequired bool              `json:"appointmentRequired"`
	Type                []codeableConcept `json:"type"`
}

type schedule struct {
	ResourceType    string            `json:"resourceType"`
	ID              string            `json:"id"`
	Active          bool              `json:"active"`
	ServiceType     []codeableConcept `json:"serviceType,omitempty"`
	Actor           []reference       `json:"actor"`
	PlanningHorizon *period           `json:"planningHorizon,omitempty"`
	Comment         string            `json:"comment,omitempty"`
}

type slot struct {
	ResourceType string            `json:"resourceType"`
	ID           string            `json:"id"`
	ServiceType  []codeableConcept `json:"serviceType"`
	Schedule     reference         `json:"schedule"`
	Status       string            `json:"status"`
	Start        time.Time         `json:"start"`
	End          time.Time         `json:"end"`
	Comment      string            `json:"comment,omitempty"`
}

type appointment struct {
	ResourceType       string            `json:"resourceType"`
	ID                 string            `json:"id,omitempty"`
	Meta               *meta             `json:"meta,omitempty"`
	Contained          []patient         `json:"contained,omitempty"`
	Identifier         []identifier      `json:"identifier,omitempty"`
	Status             string            `json:"status"`
	CancelationReason  *codeableConcept  `json:"cancelationReason,omitempty"`
	ServiceType        []codeableConcept `json:"serviceType,omitempty"`
	AppointmentType    *codeableConcept  `json:"appointmentType,omitempty"`
	Description        string            `json:"description,omitempty"`
	Start              *time.Time        `json:"start,omitempty"`
	End                *time.Time        `json:"end,omitempty"`
	MinutesDuration    int               `json:"minutesDuration,omitempty"`
	Slot               []reference       `json:"slot,omitempty"`
	Created            *time.Time        `json:"created,omitempty"`
	Comment            string            `json:"comment,omitempty"`
	PatientInstruction string            `json:"patientInstruction,omitempty"`
	Participant        []participant     `json:"participant"`
	RequestedPeriod    []period          `json:"requestedPeriod,omitempty"`
}

type participant struct {
	Type   []codeableConcept `json:"type,omitempty"`
	Actor  *reference        `json:"actor,omitempty"`
	Status string            `json:"status"`
}

// patient is contained in an appointment: there is no resource of its own.
type patient struct {
	ResourceType  string          `json:"resourceType"`
	ID            string          `json:"id,omitempty"`
	Name          []humanName     `json:"name,omitempty"`
	Telecom       []contactPoint  `json:"telecom,omitempty"`
	BirthDate     string          `json:"birthDate,omitempty"`
	Communication []communication `json:"communication,omitempty"`
}

type communication struct {
	Language  codeableConcept `json:"language"`
	Preferred bool            `json:"preferred,omitempty"`
}

type bundle struct {
	ResourceType string  `json:"resourceType"`
	Type         string  `json:"type"`
	Total        *int    `json:"total,omitempty"`
	Link         []link  `json:"link,omitempty"`
	Entry        []entry `json:"entry,omitempty"`
}

type link struct {
	Relation string `json:"relation"`
	URL      string `json:"url"`
}

type entry struct {
	FullURL  string  `json:"fullUrl"`
	Resource any     `json:"resource"`
	Search   *search `json:"search,omitempty"`
}

type search struct {
	Mode string `json:"mode"`
}

// parameters is what an operation is called with.
type parameters struct {
	ResourceType string      `json:"resourceType"`
	Parameter    []parameter `json:"parameter"`
}

type parameter struct {
	Name           string           `json:"name"`
	ValueDateTime  string           `json:"valueDateTime"`
	ValueInstant   string           `json:"valueInstant"`
	ValueString    string           `json:"valueString"`
	ValueURI       string           `json:"valueUri"`
	ValueID        string           `json:"valueId"`
	ValueCode      string           `json:"valueCode"`
	ValueReference *reference       `json:"valueReference"`
	ValueCoding    *coding          `json:"valueCoding"`
	ValueCodeable  *codeableConcept `json:"valueCodeableConcept"`
	Resource       *appointment     `json:"resource"`
}

// text is the value, whatever its type.
func (p parameter) text() string {
	for _, v := range []string{p.ValueDateTime, p.ValueInstant, p.ValueString, p.ValueURI, p.ValueID, p.ValueCode} {
		if v != "" {
			return v
		}
	}
	switch {
	case p.ValueReference != nil:
		return p.ValueReference.Reference
	case p.ValueCoding != nil:
		return p.ValueCoding.Code
	case p.ValueCodeable != nil && len(p.ValueCodeable.Coding) > 0:
		return p.ValueCodeable.Coding[0].Code
	}
	return ""
}

type operationOutcome struct {
	ResourceType string  `json:"resourceType"`
	Issue        []issue `json:"issue"`
}

type issue struct {
	Severity   string           `json:"severity"`
	Code       string           `json:"code"` // hl7.org/fhir/R4/valueset-issue-type.html
	Details    *codeableConcept `json:"details,omitempty"`
	Expression []string         `json:"expression,omitempty"`
}
