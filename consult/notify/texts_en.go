package notify

import "github.com/colloque/colloque/consult"

// englishTexts are the texts as they come. A text message begins with the practice and ends with the link.
func englishTexts() map[consult.NoticeKind]texts {
	const hello = "Hello{{if .Name}} {{.Name}}{{end}},\n\n"
	const help = "\n\nThis link is yours alone: please do not forward it.{{if .Phone}} Any question? Call {{.Phone}}.{{end}}\n\n{{.Practice}}"
	return map[consult.NoticeKind]texts{
		consult.NoticeInvitation: {
			SMS: "{{.Practice}}: video appointment{{if .When}} {{.When}}{{else}} now{{end}}. Your link: {{.Link}}",
			Mail: Template{"{{.Practice}}: your video appointment", hello +
				"you have a video appointment{{if .Practitioner}} with {{.Practitioner}}{{end}}{{if .When}}:\n{{.When}}{{end}}\n\n" +
				"{{if .When}}At that time, open this link{{else}}We are waiting for you: open this link now{{end}}. There is nothing to install; you can try your camera today.\n\n{{.Link}}" + help},
		},
		consult.NoticeStartsNow: {
			SMS: "{{.Practice}}: we are waiting for you for your video appointment. Tap this link: {{.Link}}",
			Mail: Template{"{{.Practice}}: we are waiting for you", hello +
				"we are waiting for you for your video appointment. Open this link:\n\n{{.Link}}" + help},
		},
		consult.NoticeDelay: {
			SMS: "{{.Practice}}: your video appointment is about {{.Minutes}} minutes late.{{if .Link}} Your link: {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: a little late", hello +
				"your video appointment is about {{.Minutes}} minutes late. Thank you for your patience.{{if .Link}} Your link stays good:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeMessage: {
			SMS:  "{{.Practice}}: {{.Text}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: a message for you", hello + "{{.Text}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeLinkAgain: {
			SMS: "{{.Practice}}: here is a new link for your video appointment: {{.Link}}",
			Mail: Template{"{{.Practice}}: your new link", hello +
				"here is a new link for your video appointment{{if .When}}:\n{{.When}}{{end}}\n\n{{.Link}}\n\nYou did not ask for it? Then there is nothing to do." + help},
		},
		consult.NoticeDocument: {
			SMS: "{{.Practice}}: a document is waiting for you.{{if .Code}} Code: {{.Code}}.{{end}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: a document is waiting for you", hello +
				"a document is waiting for you.{{if .Code}} Your code: {{.Code}}{{end}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeInterpreterRequest: {
			SMS: "{{.Practice}}: interpreter {{.From}}-{{.Into}}{{if .When}} {{.When}}{{end}}? Yes or no: {{.Link}}",
			Mail: Template{"{{.Practice}}: interpreter wanted", hello +
				"we are looking for an interpreter, {{.From}} – {{.Into}}, for a video appointment{{if .When}}:\n{{.When}}{{end}}\n\n" +
				"Please answer{{if .Until}} by {{.Until}}{{end}}, yes or no:\n\n{{.Link}}" + help},
		},
		consult.NoticeAccountInvitation: {
			SMS: "{{.Practice}}: set up your account with this link: {{.Link}}",
			Mail: Template{"{{.Practice}}: your account", hello +
				"an account is waiting for you at {{.Practice}}. Open this link to choose how you sign in:\n\n{{.Link}}" + help},
		},
	}
}
