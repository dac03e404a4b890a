package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// What makes a consultation complete beside the call: who the patient is and where, private notes, and going on by telephone.
type (
	identityBody struct {
		Place      string        `json:"place,omitempty" doc:"Where they are now."`
		Country    string        `json:"country,omitempty" doc:"ISO 3166-1; left out: the practice's."`
		CallBack   string        `json:"call_back,omitempty" doc:"The number on which they can be called." example:"+33639980010"`
		SaidAt     *time.Time    `json:"said_at,omitempty"`
		SaidBySelf bool          `json:"said_by_self" doc:"By the patient; false: by the practice, or not at all."`
		Emergency  string        `json:"emergency,omitempty" doc:"What is dialled there for an ambulance, as far as it is known." example:"15"`
		Verified   consult.Proof `json:"verified,omitempty" doc:"How: known, document, qualified, carer. Left out: not verified."`
		VerifiedBy string        `json:"verified_by,omitempty"`
		VerifiedAt *time.Time    `json:"verified_at,omitempty"`
	}
	spanBody struct {
		Medium consult.Medium `json:"medium" doc:"video or phone."`
		From   time.Time      `json:"from"`
		To     *time.Time     `json:"to,omitempty" doc:"Left out: it goes on."`
	}
	identifyInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        struct {
			Name      string `json:"name,omitempty" maxLength:"400" doc:"At most 100 characters. Another name, or birth date, is not verified yet."`
			BirthDate string `json:"birth_date,omitempty" maxLength:"10" example:"1957-03-09"`
			Place     string `json:"place,omitempty" maxLength:"800" doc:"At most 200 characters."`
			Country   string `json:"country,omitempty" maxLength:"2" example:"FR"`
			CallBack  string `json:"call_back,omitempty" maxLength:"254"`
		}
	}
	verifyInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        struct {
			How consult.Proof `json:"how,omitempty" enum:"known,document,qualified,carer" doc:"Left out: not verified after all."`
		}
	}
	phoneInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        struct {
			Number string `json:"number,omitempty" maxLength:"254" doc:"Left out: the one that is known."`
		}
	}
	phoneBody struct {
		Number string    `json:"number" doc:"E.164, to dial."`
		Since  time.Time `json:"since"`
	}
	noteBody struct {
		Text     string     `json:"text"`
		Revision int        `json:"revision" doc:"To be said when it is written."`
		At       *time.Time `json:"at,omitempty" doc:"When it was written last."`
	}
	chatLineBody struct {
		From string       `json:"from" doc:"Name of who wrote it; empty when nobody said it."`
		Role consult.Role `json:"role"`
		Mine bool         `json:"mine" doc:"Of the one who asks: the practice's, or the patient's own."`
		Text string       `json:"text"`
		At   time.Time    `json:"at"`
	}
	chatBody struct {
		Messages  []chatLineBody `json:"messages" doc:"Oldest first. None once their time is over."`
		KeptUntil *time.Time     `json:"kept_until,omitempty" doc:"Left out before the end."`
	}
	setNoteInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body struct {
			Text     string `json:"text" maxLength:"30000"`
			Revision int    `json:"revision" minimum:"0" doc:"That of the note as it was read; 0 for the first."`
		}
	}
)

// maxNoteBody has room for the longest note with every character escaped.
const maxNoteBody = 12*consult.MaxNote + 1<<10 // bytes

func (a *api) visit() []operation {
	const at = "/consultations/{id}"
	const one = at + "/participants/{participant}"
	const call, notes = account.ScopeCall, account.ScopeNotes
	return []operation{
		op(http.MethodPut, one+"/identity", "identify", "Correct who and where a patient is", http.StatusNoContent, account.ScopeConsultationsWrite, a.identify),
		op(http.MethodPut, one+"/verified", "verify-identity", "Say how a patient's identity was verified", http.StatusNoContent, call, a.verify),
		op(http.MethodPost, one+"/phone", "to-phone", "Go on by telephone", http.StatusOK, call, a.toPhone),
		op(http.MethodPost, at+"/video", "to-video", "Go back from the telephone", http.StatusNoContent, call, a.toVideo),
		op(http.MethodGet, at+"/chat", "chat", "The messages of a consultation, after its end too; for a patient with what link and code gave", http.StatusOK, public, a.chat),
		op(http.MethodGet, at+"/note", "note", "One's own private note", http.StatusOK, notes, a.note),
		op(http.MethodPut, at+"/note", "set-note", "Write one's own private note", http.StatusOK, notes, a.setNote).taking(maxNoteBody),
	}
}

func (a *api) identify(ctx context.Context, in *identifyInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	_, err = a.Practice.Identify(c.Practitioner, c.ID, in.Participant, consult.Identity{
		Name: b.Name, BirthDate: b.BirthDate, Whereabouts: consult.Whereabouts{Place: b.Place, Country: b.Country, CallBack: b.CallBack},
	})
	return nil, err
}

func (a *api) verify(ctx context.Context, in *verifyInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	_, err = a.Practice.Verify(c.Practitioner, a.actor(ctx).Account.Practitioner(), c.ID, in.Participant, in.Body.How)
	return nil, err
}

func (a *api) toPhone(ctx context.Context, in *phoneInput) (*bodyOf[phoneBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err == nil {
		c, err = a.Practice.ToPhone(c.Practitioner, c.ID, in.Participant, in.Body.Number)
	}
	if err != nil {
		return nil, err
	}
	on, _ := c.OnPhone()
	return &bodyOf[phoneBody]{phoneBody{on.Number, on.From}}, nil
}

func (a *api) toVideo(ctx context.Context, in *consultationInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err == nil {
		_, err = a.Practice.ToVideo(c.Practitioner, c.ID)
	}
	return nil, err
}

// chat is read by who may read the documents. During the consultation participants have it on their page: a link alone reads nothing here.
func (a *api) chat(ctx context.Context, in *oneInput) (*bodyOf[chatBody], error) {
	v, err := a.viewer(ctx, in.ID, account.ScopeDocumentsRead)
	if err == nil && v.Participant.Role != consult.RolePractitioner && (!v.ReadOnly || !v.ReadsMessages()) {
		err = errScope
	}
	if err != nil {
		return nil, err
	}
	lines, err := a.Practice.Chat(in.ID, "")
	if err != nil {
		return nil, err
	}
	out := chatBody{Messages: make([]chatLineBody, 0, len(lines)), KeptUntil: timeOrNil(a.Practice.ChatKeptUntil(v.Consultation))}
	for _, m := range lines {
		role := consult.RolePractitioner // of a colleague who passed the consultation on
		if p, ok := v.Consultation.Participant(m.From); ok {
			role = p.Role
		}
		mine := m.From == v.Participant.ID
		out.Messages = append(out.Messages, chatLineBody{m.Name, role, mine, m.Text, m.At})
	}
	return &bodyOf[chatBody]{out}, nil
}

// note asks for nobody's rights but the practitioner's own: nobody acts for them in this.
func (a *api) note(ctx context.Context, in *oneInput) (*bodyOf[noteBody], error) {
	return noteOrError(a.Practice.Note(a.actor(ctx).Account.ID, in.ID))
}

func (a *api) setNote(ctx context.Context, in *setNoteInput) (*bodyOf[noteBody], error) {
	return noteOrError(a.Practice.SetNote(a.actor(ctx).Account.ID, in.ID, in.Body.Text, in.Body.Revision))
}

func noteOrError(n consult.Note, err error) (*bodyOf[noteBody], error) {
	return bodyOrError(noteBody{n.Text, n.Revision, timeOrNil(n.At)}, err)
}

// identityOf is nil for who is no patient.
func identityOf(p consult.Participant, country string) *identityBody {
	if p.Role != consult.RolePatient {
		return nil
	}
	return &identityBody{
		Place: p.Where.Place, Country: p.Where.Country, CallBack: p.CallBack(), SaidAt: timeOrNil(p.Where.SaidAt),
		SaidBySelf: p.Where.SaidBy == p.ID, Emergency: p.EmergencyNumber(country),
		Verified: p.Verified.How, VerifiedBy: p.Verified.ByName, VerifiedAt: timeOrNil(p.Verified.At),
	}
}

func spansOf(c consult.Consultation) []spanBody {
	spans := make([]spanBody, 0, len(c.Spans))
	for _, s := range c.Spans {
		spans = append(spans, spanBody{s.Medium, s.From, timeOrNil(s.To)})
	}
	return spans
}
