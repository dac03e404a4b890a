package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Template is what is said: in text/template's form, with the fields of words and {{if}}, and nothing else.
type Template struct {
	Subject string `json:"subject,omitempty"` // of a mail; only the practice's name may stand in it
	Text    string `json:"text"`
}

// texts are what is said for one kind in one language.
type texts struct {
	SMS  string
	Mail Template
}

// TemplateKey names a template.
type TemplateKey struct {
	Kind     consult.NoticeKind `json:"kind"`
	Channel  Channel            `json:"channel"`
	Language string             `json:"language"`
}

func (k TemplateKey) valid() bool {
	return known(k.Kind) && (k.Channel == ChannelMail || k.Channel == ChannelSMS) && slices.Contains(Languages(), k.Language)
}

func (k TemplateKey) storeKey() string {
	return "v1/template/" + string(k.Kind) + "/" + string(k.Channel) + "/" + k.Language
}

// StoredTemplate is a template with whether it is the practice's own.
type StoredTemplate struct {
	TemplateKey
	Template
	Own bool `json:"own"`
}

// defaultTemplate is the text as it comes.
func defaultTemplate(k TemplateKey) Template {
	all := map[string]func() map[consult.NoticeKind]texts{"fr": frenchTexts, "en": englishTexts, "ar": arabicTexts}[k.Language]()
	if k.Channel == ChannelSMS {
		return Template{Text: all[k.Kind].SMS}
	}
	return all[k.Kind].Mail
}

// Templates returns all templates, in the order of kinds, channels and languages.
func (o *Outbox) Templates() ([]StoredTemplate, error) {
	var all []StoredTemplate
	for _, kind := range consult.NoticeKinds() {
		for _, channel := range []Channel{ChannelSMS, ChannelMail} {
			for _, language := range Languages() {
				t, err := o.Template(TemplateKey{kind, channel, language})
				if err != nil {
					return nil, err
				}
				all = append(all, t)
			}
		}
	}
	return all, nil
}

// Template returns one template: the practice's own, or as it comes.
func (o *Outbox) Template(k TemplateKey) (StoredTemplate, error) {
	if !k.valid() {
		return StoredTemplate{}, errUnknownTemplate
	}
	entry, err := o.store.Get(k.storeKey())
	if errors.Is(err, kv.ErrNotFound) {
		return StoredTemplate{k, defaultTemplate(k), false}, nil
	}
	stored := StoredTemplate{TemplateKey: k, Own: true}
	if err == nil {
		err = json.Unmarshal(entry.Value, &stored.Template)
	}
	return stored, o.fail("template", err)
}

// SetTemplate checks a template and keeps it.
func (o *Outbox) SetTemplate(k TemplateKey, t Template) (Preview, error) {
	preview, err := o.Preview(k, t)
	if err != nil {
		return Preview{}, err
	}
	value, err := json.Marshal(t)
	if err != nil {
		return Preview{}, o.fail("template", err)
	}
	err = o.store.Update(func(tx kv.Txn) error { return tx.Put(k.storeKey(), value) })
	return preview, o.fail("template", err)
}

// ResetTemplate goes back to the text as it comes.
func (o *Outbox) ResetTemplate(k TemplateKey) error {
	if !k.valid() {
		return errUnknownTemplate
	}
	return o.fail("template", o.store.Update(func(tx kv.Txn) error { return tx.Delete(k.storeKey()) }))
}

// Preview is a template filled in as for somebody invented, and for a text message how long that is.
type Preview struct {
	Subject string  `json:"subject,omitempty"`
	Text    string  `json:"text"`
	Length  *Length `json:"length,omitempty"`
}

// Preview checks a template and fills it in. It fails with a sentence that says what to change.
func (o *Outbox) Preview(k TemplateKey, t Template) (Preview, error) {
	if !k.valid() {
		return Preview{}, errUnknownTemplate
	}
	if err := checkTemplate(k, t); err != nil {
		return Preview{}, err
	}
	subject, text, err := t.fill(o.sample(k))
	if err != nil {
		return Preview{}, badTemplate("%s", err)
	}
	p := Preview{Subject: subject, Text: text}
	if k.Channel == ChannelSMS {
		p.Text = Fold(text, k.Language)
		length := Measure(p.Text)
		p.Length = &length
	}
	return p, nil
}

// The longest template, in characters. A text message of ten parts is none any more.
const (
	maxSubjectTemplate = 200
	maxMailTemplate    = 8000
	maxSMSTemplate     = 1000
)

func badTemplate(format string, args ...any) error {
	return &consult.Error{Code: consult.CodeBadMessage, Message: fmt.Sprintf(format, args...) + "."}
}

// checkTemplate says what a template may not hold.
func checkTemplate(k TemplateKey, t Template) error {
	most := maxMailTemplate
	if k.Channel == ChannelSMS {
		most = maxSMSTemplate
		if t.Subject != "" {
			return badTemplate("A text message has no subject")
		}
	} else if strings.TrimSpace(t.Subject) == "" || strings.ContainsAny(t.Subject, "\r\n") {
		return badTemplate("A mail needs a subject of one line")
	}
	if utf8.RuneCountInString(t.Text) > most || utf8.RuneCountInString(t.Subject) > maxSubjectTemplate {
		return badTemplate("The template is too long: at most %d characters", most)
	}
	if strings.TrimSpace(t.Text) == "" {
		return badTemplate("The template is empty")
	}
	for _, part := range []string{t.Subject, t.Text} {
		if !utf8.ValidString(part) || strings.ContainsFunc(part, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			return badTemplate("The template holds characters that cannot be shown")
		}
	}
	if _, err := fieldsOf(t.Subject, []string{"Practice"}); err != nil {
		return badTemplate("In the subject, which others may read on the screen, only {{.Practice}} may stand: %s", err)
	}
	used, err := fieldsOf(t.Text, wordNames())
	if err != nil {
		return badTemplate("%s", err)
	}
	for _, needed := range neededFields(k.Kind) {
		if !slices.Contains(used, needed) {
			return badTemplate("{{.%s}} is missing: without it the message is of no use", needed)
		}
	}
	return nil
}

// neededFields are those without which a message of this kind is of no use.
func neededFields(kind consult.NoticeKind) []string {
	switch kind {
	case consult.NoticeMessage:
		return []string{"Text"}
	case consult.NoticeDelay:
		return []string{"Minutes"}
	case consult.NoticeDocument, consult.NoticeConfirmCode:
		return []string{"Code"}
	case consult.NoticeCalledOff, consult.NoticeConsultationCancelled:
		return []string{"Was"}
	case consult.NoticeBookNew, consult.NoticeBookMoved, consult.NoticeBookCancelled:
		return []string{"When"}
	default:
		return []string{"Link"}
	}
}

// fieldsOf returns the fields that a template names, or says what else is in it.
func fieldsOf(text string, allowed []string) ([]string, error) {
	parsed, err := template.New("text").Parse(text)
	if err != nil {
		return nil, errors.New("it cannot be read: " + strings.TrimPrefix(err.Error(), "template: text:"))
	}
	if len(parsed.Templates()) > 1 {
		return nil, errors.New("it defines another template; use only fields and {{if}}")
	}
	var used []string
	if parsed.Tree == nil {
		return nil, nil
	}
	err = walk(parsed.Root, func(field string) error {
		if !slices.Contains(allowed, field) {
			return fmt.Errorf("there is no field {{.%s}} here; there are: .%s", field, strings.Join(allowed, ", ."))
		}
		used = append(used, field)
		return nil
	})
	return used, err
}

// walk visits the fields of a template, and refuses all but text, fields and conditions on a field.
func walk(node parse.Node, visit func(string) error) error {
	switch n := node.(type) {
	case nil:
		return nil
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := walk(child, visit); err != nil {
				return err
			}
		}
		return nil
	case *parse.TextNode, *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		return walkPipe(n.Pipe, visit)
	case *parse.IfNode:
		if err := walkPipe(n.Pipe, visit); err != nil {
			return err
		}
		if err := walk(n.List, visit); err != nil {
			return err
		}
		return walk(n.ElseList, visit)
	default:
		return fmt.Errorf("%s cannot stand here; use only fields such as {{.Link}} and {{if .When}}…{{else}}…{{end}}", node)
	}
}

func walkPipe(pipe *parse.PipeNode, visit func(string) error) error {
	if len(pipe.Decl) == 0 && len(pipe.Cmds) == 1 && len(pipe.Cmds[0].Args) == 1 {
		if field, ok := pipe.Cmds[0].Args[0].(*parse.FieldNode); ok && len(field.Ident) == 1 {
			return visit(field.Ident[0])
		}
	}
	return fmt.Errorf("{{%s}} cannot stand here; use only fields such as {{.Link}}", pipe)
}

// fill writes what a template says about something.
func (t Template) fill(w words) (subject, text string, err error) {
	if subject, err = fillOne(t.Subject, w); err != nil {
		return "", "", err
	}
	text, err = fillOne(t.Text, w)
	return strings.Join(strings.Fields(subject), " "), strings.TrimSpace(text), err
}

func fillOne(text string, w words) (string, error) {
	parsed, err := template.New("text").Parse(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = parsed.Execute(&b, w)
	return b.String(), err
}
