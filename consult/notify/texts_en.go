package notify

import "github.com/colloque/colloque/consult"

// englishTexts are the texts as they come. A text message begins with the practice and ends with the link.
func englishTexts() map[consult.NoticeKind]texts {
	const hello = "Hello{{if .Name}} {{.Name}}{{end}},\n\n"
	const help = "\n\nThis link is yours alone: please do not forward it.{{if .Phone}} Any question? Call {{.Phone}}.{{end}}\n\n{{.Practice}}"
	const sign = "\n\n{{if .Phone}}A question? Call {{.Phone}}.\n\n{{end}}{{.Practice}}"
	const book = "\n\n{{.Link}}\n\nThis mail is sent because you asked for it in your settings.\n\n{{.Practice}}"
	return map[consult.NoticeKind]texts{
		consult.NoticeInvitation: {
			SMS: "{{.Practice}}: video appointment{{if .When}} {{.When}}{{else}} now{{end}}. Your link: {{.Link}}",
			Mail: Template{"{{.Practice}}: your video appointment", hello +
				"you have a video appointment{{if .Practitioner}} with {{.Practitioner}}{{end}}{{if .When}}:\n{{.When}}{{end}}\n\n" +
				"{{if .When}}At that time, open this link{{else}}We are waiting for you: open this link now{{end}}. There is nothing to install; you can try your camera today.\n\n{{.Link}}" + help},
		},
		consult.NoticeStartsNow: {
			SMS: "{{.Practice}}: it is time for your video appointment. Tap this link: {{.Link}}",
			Mail: Template{"{{.Practice}}: it is time for your appointment", hello +
				"it is time for your video appointment{{if .Practitioner}} with {{.Practitioner}}{{end}}{{if .When}} ({{.When}}){{end}}. Open this link:\n\n{{.Link}}" + help},
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
		consult.NoticeInterpreterAccepted: {
			SMS: "{{.Practice}}: thank you. Interpreter {{.From}}-{{.Into}}{{if .When}} {{.When}}{{else}} now{{end}}. Your link: {{.Link}}",
			Mail: Template{"{{.Practice}}: you are expected as interpreter", hello +
				"thank you for accepting. You are expected as interpreter, {{.From}} – {{.Into}}{{if .When}}:\n{{.When}}{{else}}, now.{{end}}\n\n" +
				"{{if .When}}At that time, open{{else}}Open{{end}} this link:\n\n{{.Link}}" + help},
		},
		consult.NoticeCalledOff: {
			SMS: "{{.Practice}}: the video appointment {{.Was}} will not take place.{{if .When}} It is moved to {{.When}}{{end}}",
			Mail: Template{"{{.Practice}}: the appointment will not take place", hello +
				"the video appointment that you were to join will not take place:\n{{.Was}}{{if .When}}\n\nIt is moved to:\n{{.When}}\n\nIf you are wanted then, we will ask you again.{{end}}" + sign},
		},
		consult.NoticeConsultationCancelled: {
			SMS: "{{.Practice}}: your video appointment {{.Was}} is cancelled.{{if .Phone}} For another one: {{.Phone}}{{end}}",
			Mail: Template{"{{.Practice}}: your appointment is cancelled", hello +
				"your video appointment{{if .Practitioner}} with {{.Practitioner}}{{end}} is cancelled:\n{{.Was}}\n\n" +
				"There is nothing you need to do.{{if .Phone}} For another appointment, or any question, call {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeAccountInvitation: {
			SMS: "{{.Practice}}: set up your account with this link: {{.Link}}",
			Mail: Template{"{{.Practice}}: your account", hello +
				"an account is waiting for you at {{.Practice}}. Open this link to choose how you sign in:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointment: {
			SMS: "{{.Practice}}: {{if .Times}}your appointments: {{.Times}}{{else}}appointment {{.When}}{{end}}. See, move, cancel: {{.Link}}",
			Mail: Template{"{{.Practice}}: your appointment", hello +
				"your appointment{{if .Practitioner}} with {{.Practitioner}}{{end}} is booked:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nTo see, move or cancel it:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentAsked: {
			SMS: "{{.Practice}}: we have your request for an appointment. {{.Link}}",
			Mail: Template{"{{.Practice}}: your request for an appointment", hello +
				"we have your request for an appointment{{if .When}} on {{.When}}{{end}}, and will answer. To see or cancel it:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentMoved: {
			SMS: "{{.Practice}}: {{if .Times}}your appointments are now: {{.Times}}{{else}}your appointment is now {{.When}}{{end}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: your appointment was moved", hello +
				"your appointment{{if .Practitioner}} with {{.Practitioner}}{{end}} is now:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}{{if .Was}}\n\nIt was: {{.Was}}{{end}}\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentCancelled: {
			SMS: "{{.Practice}}: {{if .Times}}your appointments are cancelled: {{.Times}}{{else}}your appointment {{.When}} is cancelled{{end}}.{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: your appointment is cancelled", hello +
				"your appointment{{if .When}} on {{.When}}{{end}} is cancelled.{{if .Link}} To book another:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentRefused: {
			SMS: "{{.Practice}}: that appointment is not possible. To ask for another: {{.Link}}",
			Mail: Template{"{{.Practice}}: your request for an appointment", hello +
				"we cannot give you the appointment that you asked for.{{if .Link}} To ask for another:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentReminder: {
			SMS: "{{.Practice}}: reminder, appointment {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: reminder of your appointment", hello +
				"you have an appointment{{if .Practitioner}} with {{.Practitioner}}{{end}}:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nYou cannot come? Say so here, and somebody else has the time:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentOffer: {
			SMS: "{{.Practice}}: free time {{.When}}, until {{.Until}}: {{.Link}}",
			Mail: Template{"{{.Practice}}: a time has become free", hello +
				"you are on the waiting list, and a time has become free:\n{{.When}}\n\nIt is kept for you until {{.Until}}. To take it:\n\n{{.Link}}" + help},
		},
		consult.NoticeConfirmCode: {
			SMS: "{{.Practice}}: your code to confirm your appointment: {{.Code}}",
			Mail: Template{"{{.Practice}}: your code", hello +
				"here is the code to confirm your appointment: {{.Code}}\n\nType it into the page where you book. You did not ask for anything? Do nothing.{{if .Phone}} Any question? Call {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeBookNew: {
			SMS: "{{.Practice}}: new appointment{{if .Who}} ({{.Who}}){{end}} {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: new appointment", hello +
				"an appointment{{if .Who}} ({{.Who}}){{end}} is in your book:\n{{.When}}" + book},
		},
		consult.NoticeBookMoved: {
			SMS: "{{.Practice}}: appointment{{if .Who}} ({{.Who}}){{end}} moved: {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: appointment moved", hello +
				"an appointment{{if .Who}} ({{.Who}}){{end}} in your book is now:\n{{.When}}{{if .Was}}\n\nIt was: {{.Was}}{{end}}" + book},
		},
		consult.NoticeBookCancelled: {
			SMS: "{{.Practice}}: appointment{{if .Who}} ({{.Who}}){{end}} cancelled: {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: appointment cancelled", hello +
				"an appointment{{if .Who}} ({{.Who}}){{end}} in your book is cancelled:\n{{.When}}" + book},
		},
		consult.NoticeBookAsked: {
			SMS: "{{.Practice}}: a request for an appointment awaits your answer. {{.Link}}",
			Mail: Template{"{{.Practice}}: a request for an appointment", hello +
				"a request for an appointment{{if .Who}} ({{.Who}}){{end}}{{if .When}}, {{.When}},{{end}} awaits your answer." + book},
		},
	}
}
