package notify

import (
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
)

// sample is somebody invented, for previews: the next Tuesday, in the practice's zone, with a link as long as real ones.
func (o *Outbox) sample(k TemplateKey) words {
	at := o.clock().Truncate(time.Hour).Add(30 * time.Minute)
	for at.Weekday() != time.Tuesday {
		at = at.Add(24 * time.Hour)
	}
	n := consult.Notice{
		Kind: k.Kind, Language: k.Language, Secret: strings.Repeat("x", len(consult.NewSecret())),
		Name: map[string]string{"fr": "Jeanne Martin", "en": "Jane Martin", "ar": "ليلى بن علي"}[k.Language],
		Fields: map[string]string{
			consult.FieldPractitioner: "Dr Claire Moreau", consult.FieldAt: at.Format(time.RFC3339), consult.FieldMinutes: "10",
			consult.FieldText: map[string]string{
				"fr": "Merci d'avoir votre carte à portée de main.", "en": "Please have your card at hand.", "ar": "يرجى تجهيز بطاقتك.",
			}[k.Language],
			consult.FieldCode: "482913", consult.FieldLanguages: "fr ar", consult.FieldDeadline: at.Add(-24 * time.Hour).Format(time.RFC3339),
			consult.FieldWas:   at.Add(-48 * time.Hour).Format(time.RFC3339),
			consult.FieldPlace: map[string]string{"fr": "12 rue des Tilleuls, 69003 Lyon", "en": "12 rue des Tilleuls, Lyon", "ar": "12 rue des Tilleuls, Lyon"}[k.Language],
			consult.FieldWho:   map[string]string{"fr": "J. M.", "en": "J. M.", "ar": "ل. ع."}[k.Language],
		},
	}
	return o.wordsOf(n, k.Language, k.Channel)
}

// write says a notice: subject and text in the recipient's language.
func (o *Outbox) write(n consult.Notice, channel Channel) (subject, text, language string, err error) {
	language = languageFor(n.Language, o.profile.Language)
	stored, err := o.Template(TemplateKey{n.Kind, channel, language})
	if err != nil {
		return "", "", "", err
	}
	subject, text, err = stored.fill(o.wordsOf(n, language, channel))
	if channel == ChannelSMS {
		text = Fold(strings.Join(strings.Fields(text), " "), language)
	}
	return subject, text, language, err
}
