package consult

import (
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Proof is how somebody's identity was verified. No copy of a document is kept.
type Proof string

// The proofs.
const (
	ProofKnown     Proof = "known"     // the practitioner knows them
	ProofDocument  Proof = "document"  // they showed a document
	ProofQualified Proof = "qualified" // their national health identity (INS) is qualified in the practice's records
	ProofCarer     Proof = "carer"     // a carer who is known vouches for them
)

func (p Proof) valid() bool {
	switch p {
	case ProofKnown, ProofDocument, ProofQualified, ProofCarer:
		return true
	default:
		return false
	}
}

// Whereabouts is where a patient is now and where they can be called, in case the call is cut off or help must be sent.
type Whereabouts struct {
	Place    string // as they would tell it to a taxi; "" until it was said
	Country  string // ISO 3166-1; "": the practice's
	CallBack string // E.164; "": Contact.Phone
	SaidBy   ParticipantID
	SaidAt   time.Time
}

// Verified is that a patient's identity was verified, for this consultation. The zero value: it was not.
type Verified struct {
	How    Proof
	By     AccountID
	ByName string
	At     time.Time
}

// Identity is what stands of a patient above everything else in a consultation. It is for the practitioner and whoever acts for
// them, never for anybody else in the call.
type Identity struct {
	Name      string
	BirthDate string
	Whereabouts
}

const maxPlace = 200 // characters

// CallBack is the number on which the participant can be called; "" when none is known.
func (p Participant) CallBack() string {
	if p.Where.CallBack != "" {
		return p.Where.CallBack
	}
	return p.Contact.Phone
}

// EmergencyNumber is what is dialled for an ambulance where the participant is, as seen from a phone there; "" when it is not known. practice
// is the practice's country: that counts as long as nobody said another and their telephone is of it too. Whoever has a telephone of
// another country may be in either: then it is 112, if that works in both, and else it is not known.
func (p Participant) EmergencyNumber(practice string) string {
	if p.Where.Country != "" {
		return emergencyNumber(p.Where.Country)
	}
	here, there := emergencyNumber(practice), emergencyNumber(phoneCountry(p.CallBack(), practice))
	switch {
	case here == there:
		return here
	case works112(practice) && works112(phoneCountry(p.CallBack(), practice)):
		return "112"
	default:
		return ""
	}
}

// works112 says that 112 reaches an ambulance: in the European Union and where its number is known besides (CH, LI, GB and its islands too).
func works112(country string) bool {
	switch emergencyNumber(country) {
	case "112", "15", "144", "999":
		return country != "WF" && country != "PF" && country != "NC" // not of the Union
	default:
		return false
	}
}

// emergencyNumber holds only what is certain. 112 works in all of the European Union (Directive 2018/1972 art. 109); where people
// know another number that leads straight to a doctor, it is that.
func emergencyNumber(country string) string {
	switch country {
	case "FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC":
		return "15"
	case "CH", "LI":
		return "144"
	case "GB", "GG", "JE", "IM":
		return "999"
	case "US", "CA", "PR":
		return "911"
	case "TN":
		return "190"
	case "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT",
		"RO", "SE", "SI", "SK", "AD", "IS", "MC", "NO", "SM", "TR", "VA":
		return "112"
	default:
		return ""
	}
}

// Clean checks what was said; a phone number without + is one of the country.
func (w Whereabouts) clean(practice string) (Whereabouts, error) {
	w.Place = norm.NFC.String(strings.Join(strings.Fields(w.Place), " "))
	if !utf8.ValidString(w.Place) || utf8.RuneCountInString(w.Place) > maxPlace || strings.ContainsFunc(w.Place, notInNames) {
		return Whereabouts{}, errBadPlace
	}
	if w.Country != "" && !knownCountry(w.Country) {
		return Whereabouts{}, errBadCountry
	}
	if w.Country != "" {
		practice = w.Country
	}
	var err error
	w.CallBack, err = CleanPhone(w.CallBack, practice)
	return w, err
}

// where is what the patient, or the practitioner, says.
func (p *Participant) where(s step, now time.Time) error {
	if p.Role != RolePatient {
		return errNoPatient
	}
	said := s.identity.Whereabouts
	if said.Place == p.Where.Place && said.Country == p.Where.Country && said.CallBack == p.Where.CallBack {
		return nil
	}
	p.Where = said
	p.Where.SaidBy, p.Where.SaidAt = s.seat, now
	return nil
}

// identify takes the practitioner's corrections. Who has another name or birth date has not been verified.
func (p *Participant) identify(s step, now time.Time) error {
	if err := p.where(s, now); err != nil {
		return err
	}
	if s.identity.Name != p.Name || s.identity.BirthDate != p.BirthDate {
		p.Name, p.BirthDate, p.Verified = s.identity.Name, s.identity.BirthDate, Verified{}
	}
	return nil
}

// verify notes how it was verified, or, with no proof, that it was not.
func (p *Participant) verify(s step, now time.Time) error {
	switch {
	case p.Role != RolePatient:
		return errNoPatient
	case s.proof == "":
		p.Verified = Verified{}
	case !s.proof.valid():
		return errBadProof
	case p.Verified.How != s.proof || p.Verified.By != s.to.ID:
		p.Verified = Verified{s.proof, s.to.ID, s.to.Name, now}
	}
	return nil
}

// SayWhere keeps where a patient is now and where to call them back, as they say it themselves.
func (p *Practice) SayWhere(seat Seat, place, callBack string) (Consultation, error) {
	said, err := Whereabouts{Place: place, Country: seat.Participant.Where.Country, CallBack: callBack}.clean(p.cfg.Profile.Country)
	if err != nil {
		return Consultation{}, err
	}
	return p.change(seat.Consultation.ID, step{
		action: ActionWhere, participant: seat.Participant.ID, seat: seat.Participant.ID, identity: Identity{Whereabouts: said},
	}, nil)
}

// Identify keeps what the practitioner found out about a patient. All of it replaces what was there.
func (p *Practice) Identify(by AccountID, id ConsultationID, patient ParticipantID, said Identity) (Consultation, error) {
	var err error
	if said.Name, err = cleanName(said.Name, false); err != nil {
		return Consultation{}, err
	}
	if said.BirthDate, err = CleanBirthDate(said.BirthDate, p.clock()); err != nil {
		return Consultation{}, err
	}
	if said.Whereabouts, err = said.clean(p.cfg.Profile.Country); err != nil {
		return Consultation{}, err
	}
	return p.change(id, step{action: ActionIdentify, by: by, participant: patient, identity: said}, nil)
}

// Verify notes that whoever acts here verified the patient's identity, and how; with no proof it takes that back.
func (p *Practice) Verify(by AccountID, who Practitioner, id ConsultationID, patient ParticipantID, how Proof) (Consultation, error) {
	return p.change(id, step{action: ActionVerify, by: by, to: who, participant: patient, proof: how}, nil)
}

var (
	errNoPatient  error = &Error{CodeConflict, "That is for patients."}
	errBadPlace   error = &Error{CodeBadMessage, "A place is one line of at most 200 printable characters."}
	errBadCountry error = &Error{CodeBadMessage, "A country is two letters such as FR."}
	errBadProof   error = &Error{CodeBadMessage, "An identity is verified by known, document, qualified or carer."}
)
