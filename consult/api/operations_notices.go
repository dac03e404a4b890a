package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/notify"
)

// notices is the area of messages to people outside of a call: what became of them, a link sent again, the printed sheet, the texts, and
// what gateways report. operations_lostlink.go holds the public pages.
func (a *api) notices() []operation {
	const at = "/consultations/{id}"
	const read, write, settings = account.ScopeNoticesRead, account.ScopeNoticesWrite, account.ScopeSettingsWrite
	const template = "/templates/{kind}/{channel}/{language}"
	rows := []operation{
		op(http.MethodGet, at+"/deliveries", "deliveries", "What became of the messages to the people of a consultation", http.StatusOK, read, a.deliveries),
		op(http.MethodPost, at+"/participants/{participant}/send-link", "send-link", "Send a participant a fresh link", http.StatusAccepted, write, a.sendLink),
		op(http.MethodPost, at+"/participants/{participant}/sheet", "sheet", "Make what stands on a participant's printed sheet", http.StatusCreated, write, a.sheet),
		op(http.MethodGet, "/templates", "templates", "The texts of messages", http.StatusOK, settings, a.templates),
		op(http.MethodPut, template, "set-template", "Change a text", http.StatusOK, settings, a.setTemplate).taking(maxTemplate),
		op(http.MethodDelete, template, "reset-template", "Go back to the text as it comes", http.StatusNoContent, settings, a.resetTemplate),
		op(http.MethodPost, "/templates/preview", "preview-template", "Check a text and fill it in, for somebody invented", http.StatusOK, settings, a.previewTemplate).taking(maxTemplate),
		op(http.MethodGet, "/notices/channels", "channels", "What messages can be sent with", http.StatusOK, settings, a.channels),
		op(http.MethodPost, "/notices/test", "test-notice", "Send a test message, and say what was answered", http.StatusOK, settings, a.testNotice),
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodGet} {
		row := stream(method, "/sms-report/{gateway}/{secret}", "sms-report-"+strings.ToLower(method), "What a gateway says became of a text message",
			http.StatusNoContent, public, a.smsReport).fromElsewhere()
		row.maxBody, row.accepts = maxReport, []string{"application/json", "application/x-www-form-urlencoded", "text/plain"}
		rows = append(rows, row)
	}
	return slices.Concat(rows, a.undelivered(), a.lostLinks())
}

const (
	maxTemplate = 64 << 10 // bytes
	maxReport   = 16 << 10 // bytes
)

type (
	deliveriesBody struct {
		Deliveries []notify.Delivery `json:"deliveries" doc:"Oldest first."`
	}
	participantInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        *noBody
	}
	sheetBody struct {
		Address     string     `json:"address" doc:"To type in." example:"visio.example.org/code"`
		Code        string     `json:"code" doc:"Six figures, for that address." example:"482913"`
		Link        string     `json:"link" doc:"For a QR code. It cannot be shown again; a fresh one can be made."`
		GoodUntil   time.Time  `json:"good_until" doc:"Of the code and the link."`
		Name        string     `json:"name"`
		Language    string     `json:"language,omitempty"`
		TimeZone    string     `json:"time_zone" doc:"In which the appointment is told."`
		ScheduledAt *time.Time `json:"scheduled_at,omitempty"`
		Practice    string     `json:"practice"`
		Phone       string     `json:"phone,omitempty"`
	}
	templateBody struct {
		Kind     consult.NoticeKind `json:"kind"`
		Channel  notify.Channel     `json:"channel" enum:"sms,mail"`
		Language string             `json:"language"`
		Subject  string             `json:"subject,omitempty"`
		Text     string             `json:"text"`
		Own      bool               `json:"own" doc:"The practice's own; false: as it comes."`
	}
	templatesBody struct {
		Templates []templateBody `json:"templates"`
		Fields    []string       `json:"fields" doc:"What a text may name."`
	}
	templateTextBody struct {
		Subject string `json:"subject,omitempty" maxLength:"800" doc:"Of a mail. Only {{.Practice}} may stand in it."`
		Text    string `json:"text" maxLength:"32000" doc:"With fields such as {{.Link}} and {{if .When}}…{{else}}…{{end}}."`
	}
	setTemplateInput struct {
		Kind     consult.NoticeKind `path:"kind" maxLength:"64"`
		Channel  notify.Channel     `path:"channel" maxLength:"16"`
		Language string             `path:"language" maxLength:"16"`
		Body     templateTextBody
	}
	resetTemplateInput struct {
		Kind     consult.NoticeKind `path:"kind" maxLength:"64"`
		Channel  notify.Channel     `path:"channel" maxLength:"16"`
		Language string             `path:"language" maxLength:"16"`
		Body     *noBody
	}
	previewTemplateBody struct {
		Kind     consult.NoticeKind `json:"kind" maxLength:"64"`
		Channel  notify.Channel     `json:"channel" enum:"sms,mail"`
		Language string             `json:"language" maxLength:"16"`
		Subject  string             `json:"subject,omitempty" maxLength:"800"`
		Text     string             `json:"text" maxLength:"32000"`
	}
	testNoticeBody struct {
		Mail     string `json:"mail,omitempty" maxLength:"254" doc:"Where a test mail goes, or"`
		Phone    string `json:"phone,omitempty" maxLength:"40" doc:"where a test text message goes."`
		Gateway  string `json:"gateway,omitempty" maxLength:"32" doc:"Left out: each that serves the number."`
		Language string `json:"language,omitempty" maxLength:"100"`
	}
	testResultsBody struct {
		Results []notify.TestResult `json:"results"`
	}
)

func (a *api) deliveries(ctx context.Context, in *oneInput) (*bodyOf[deliveriesBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.Notices.Deliveries(c.ID)
	return bodyOrError(deliveriesBody{append([]notify.Delivery{}, found...)}, err)
}

// withDeliveries adds what became of the messages, for who may know.
func (a *api) withDeliveries(ctx context.Context, body consultationBody) (consultationBody, error) {
	if !a.actor(ctx).Has(account.ScopeNoticesRead) {
		return body, nil
	}
	found, err := a.Notices.Deliveries(body.ID)
	body.Deliveries = append(body.Deliveries, found...)
	return body, err
}

// sendLink sends a link at most every few seconds: a second tap on the button is the same request.
func (a *api) sendLink(ctx context.Context, in *participantInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.Practice.SendLink(c.ID, in.Participant, linkKey(c.ID, in.Participant, time.Now(), 10*time.Second))
}

// linkKey is the same for all links that are asked for within a while.
func linkKey(id consult.ConsultationID, participant consult.ParticipantID, now time.Time, while time.Duration) string {
	return fmt.Sprintf("link-again/%s/%s/%d/%d", id, participant, while/time.Second, now.Unix()/int64(while/time.Second))
}

func (a *api) sheet(ctx context.Context, in *participantInput) (*bodyOf[sheetBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	secret, err := a.Practice.Link(c.Practitioner, c.ID, in.Participant)
	if err != nil {
		return nil, err
	}
	until := a.Practice.LinkGoodUntil(c)
	code, err := a.Notices.NewCode(notify.SeatRef{Consultation: c.ID, Participant: in.Participant}, time.Until(until))
	if err != nil {
		return nil, err
	}
	to, _ := c.Participant(in.Participant)
	practice := a.Practice.Profile()
	body := sheetBody{
		Address: strings.TrimPrefix(strings.TrimPrefix(a.BaseURL(), "https://"), "http://") + codePath, Code: code, Link: a.joinLink(secret),
		GoodUntil: until, Name: to.Name, Language: to.Language, TimeZone: to.TimeZone, ScheduledAt: timeOrNil(c.ScheduledAt),
		Practice: practice.Name, Phone: practice.Phone,
	}
	if body.TimeZone == "" {
		body.TimeZone = practice.TimeZone
	}
	return &bodyOf[sheetBody]{body}, nil
}

func (a *api) templates(context.Context, *struct{}) (*bodyOf[templatesBody], error) {
	all, err := a.Notices.Templates()
	body := templatesBody{Templates: make([]templateBody, 0, len(all)), Fields: notify.Fields()}
	for _, t := range all {
		body.Templates = append(body.Templates, templateBody{t.Kind, t.Channel, t.Language, t.Subject, t.Text, t.Own})
	}
	return bodyOrError(body, err)
}

func (a *api) setTemplate(_ context.Context, in *setTemplateInput) (*bodyOf[notify.Preview], error) {
	return bodyOrError(a.Notices.SetTemplate(notify.TemplateKey{Kind: in.Kind, Channel: in.Channel, Language: in.Language}, notify.Template(in.Body)))
}

func (a *api) resetTemplate(_ context.Context, in *resetTemplateInput) (*struct{}, error) {
	return nil, a.Notices.ResetTemplate(notify.TemplateKey{Kind: in.Kind, Channel: in.Channel, Language: in.Language})
}

func (a *api) previewTemplate(_ context.Context, in *bodyOf[previewTemplateBody]) (*bodyOf[notify.Preview], error) {
	b := in.Body
	return bodyOrError(a.Notices.Preview(notify.TemplateKey{Kind: b.Kind, Channel: b.Channel, Language: b.Language}, notify.Template{Subject: b.Subject, Text: b.Text}))
}

func (a *api) channels(context.Context, *struct{}) (*bodyOf[notify.Channels], error) {
	return &bodyOf[notify.Channels]{a.Notices.Channels()}, nil
}

func (a *api) testNotice(ctx context.Context, in *bodyOf[testNoticeBody]) (*bodyOf[testResultsBody], error) {
	to := consult.Contact{Mail: in.Body.Mail}
	var err error
	if to.Phone, err = consult.CleanPhone(in.Body.Phone, a.Practice.Profile().Country); err != nil {
		return nil, err
	}
	if to.Mail, err = consult.CleanMail(in.Body.Mail); err != nil {
		return nil, err
	}
	results, err := a.Notices.TestMessage(ctx, to, in.Body.Gateway, in.Body.Language)
	return bodyOrError(testResultsBody{results}, err)
}

// smsReport takes a delivery report. GET changes something here, as some gateways will have it: the address is known to the gateway alone.
func (a *api) smsReport(w http.ResponseWriter, r *http.Request) {
	if err := a.Notices.Report(r.PathValue("gateway"), r.PathValue("secret"), r); err != nil {
		problemOf(err).write(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
