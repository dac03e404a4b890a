package notify

import "github.com/colloque/colloque/consult"

// frenchTexts are the texts as they come. A text message begins with the practice and ends with the link.
func frenchTexts() map[consult.NoticeKind]texts {
	const hello = "Bonjour{{if .Name}} {{.Name}}{{end}},\n\n"
	const help = "\n\nCe lien est personnel : ne le transférez pas.{{if .Phone}} Une question ? Appelez le {{.Phone}}.{{end}}\n\n{{.Practice}}"
	const sign = "\n\n{{if .Phone}}Une question ? Appelez le {{.Phone}}.\n\n{{end}}{{.Practice}}"
	const book = "\n\n{{.Link}}\n\nCet e-mail part parce que vous l'avez demandé dans vos réglages.\n\n{{.Practice}}"
	return map[consult.NoticeKind]texts{
		consult.NoticeInvitation: {
			SMS: "{{.Practice}} : rendez-vous vidéo{{if .When}} {{.When}}{{else}} maintenant{{end}}. Votre lien : {{.Link}}",
			Mail: Template{"{{.Practice}} : votre rendez-vous vidéo", hello +
				"vous avez un rendez-vous vidéo{{if .Practitioner}} avec {{.Practitioner}}{{end}}{{if .When}} :\n{{.When}}{{end}}\n\n" +
				"{{if .When}}À l'heure dite, ouvrez ce lien{{else}}On vous attend : ouvrez ce lien maintenant{{end}}. Il n'y a rien à installer ; vous pouvez essayer votre caméra dès aujourd'hui.\n\n{{.Link}}" + help},
		},
		consult.NoticeStartsNow: {
			SMS: "{{.Practice}} : c'est l'heure de votre rendez-vous vidéo. Touchez ce lien : {{.Link}}",
			Mail: Template{"{{.Practice}} : c'est l'heure de votre rendez-vous", hello +
				"c'est l'heure de votre rendez-vous vidéo{{if .Practitioner}} avec {{.Practitioner}}{{end}}{{if .When}} ({{.When}}){{end}}. Ouvrez ce lien :\n\n{{.Link}}" + help},
		},
		consult.NoticeDelay: {
			SMS: "{{.Practice}} : votre rendez-vous vidéo a environ {{.Minutes}} minutes de retard.{{if .Link}} Votre lien : {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}} : un peu de retard", hello +
				"votre rendez-vous vidéo a environ {{.Minutes}} minutes de retard. Merci de votre patience.{{if .Link}} Votre lien reste bon :\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeMessage: {
			SMS:  "{{.Practice}} : {{.Text}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}} : un message pour vous", hello + "{{.Text}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeLinkAgain: {
			SMS: "{{.Practice}} : voici un nouveau lien pour votre rendez-vous vidéo : {{.Link}}",
			Mail: Template{"{{.Practice}} : votre nouveau lien", hello +
				"voici un nouveau lien pour votre rendez-vous vidéo{{if .When}} :\n{{.When}}{{end}}\n\n{{.Link}}\n\nVous n'avez rien demandé ? Ne faites rien." + help},
		},
		consult.NoticeDocument: {
			SMS: "{{.Practice}} : un document vous attend.{{if .Code}} Code : {{.Code}}.{{end}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}} : un document vous attend", hello +
				"un document vous attend.{{if .Code}} Votre code : {{.Code}}{{end}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeInterpreterRequest: {
			SMS: "{{.Practice}} : interprète {{.From}}-{{.Into}}{{if .When}} {{.When}}{{end}} ? Oui ou non : {{.Link}}",
			Mail: Template{"{{.Practice}} : demande d'interprète", hello +
				"nous cherchons un interprète {{.From}} – {{.Into}} pour un rendez-vous vidéo{{if .When}} :\n{{.When}}{{end}}\n\n" +
				"Merci de répondre{{if .Until}} avant {{.Until}}{{end}}, oui ou non :\n\n{{.Link}}" + help},
		},
		consult.NoticeInterpreterAccepted: {
			SMS: "{{.Practice}} : merci. Interprète {{.From}}-{{.Into}}{{if .When}} {{.When}}{{else}} maintenant{{end}}. Votre lien : {{.Link}}",
			Mail: Template{"{{.Practice}} : vous êtes attendu comme interprète", hello +
				"merci d'avoir accepté. Vous êtes attendu comme interprète {{.From}} – {{.Into}}{{if .When}} :\n{{.When}}{{else}}, dès maintenant.{{end}}\n\n" +
				"{{if .When}}À l'heure dite, ouvrez{{else}}Ouvrez{{end}} ce lien :\n\n{{.Link}}" + help},
		},
		consult.NoticeCalledOff: {
			SMS: "{{.Practice}} : le rendez-vous vidéo {{.Was}} n'aura pas lieu.{{if .When}} Il est déplacé : {{.When}}{{end}}",
			Mail: Template{"{{.Practice}} : le rendez-vous n'aura pas lieu", hello +
				"le rendez-vous vidéo auquel vous deviez participer n'aura pas lieu :\n{{.Was}}{{if .When}}\n\nIl est déplacé :\n{{.When}}\n\nSi nous avons besoin de vous, nous vous le redemanderons.{{end}}" + sign},
		},
		consult.NoticeConsultationCancelled: {
			SMS: "{{.Practice}} : votre rendez-vous vidéo {{.Was}} est annulé.{{if .Phone}} Pour en reprendre un : {{.Phone}}{{end}}",
			Mail: Template{"{{.Practice}} : votre rendez-vous est annulé", hello +
				"votre rendez-vous vidéo{{if .Practitioner}} avec {{.Practitioner}}{{end}} est annulé :\n{{.Was}}\n\n" +
				"Vous n'avez rien à faire.{{if .Phone}} Pour prendre un autre rendez-vous, ou pour toute question, appelez le {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeAccountInvitation: {
			SMS: "{{.Practice}} : créez votre compte avec ce lien : {{.Link}}",
			Mail: Template{"{{.Practice}} : votre compte", hello +
				"un compte vous attend chez {{.Practice}}. Ouvrez ce lien pour choisir comment vous vous connectez :\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointment: {
			SMS: "{{.Practice}} : {{if .Times}}vos rendez-vous : {{.Times}}{{else}}rendez-vous {{.When}}{{end}}. Voir, déplacer, annuler : {{.Link}}",
			Mail: Template{"{{.Practice}} : votre rendez-vous", hello +
				"votre rendez-vous{{if .Practitioner}} avec {{.Practitioner}}{{end}} est pris :\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nPour le voir, le déplacer ou l'annuler :\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentAsked: {
			SMS: "{{.Practice}} : votre demande de rendez-vous est bien arrivée. {{.Link}}",
			Mail: Template{"{{.Practice}} : votre demande de rendez-vous", hello +
				"votre demande de rendez-vous{{if .When}} pour {{.When}}{{end}} est bien arrivée. On vous répondra. Pour la voir ou l'annuler :\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentMoved: {
			SMS: "{{.Practice}} : {{if .Times}}vos rendez-vous sont maintenant : {{.Times}}{{else}}votre rendez-vous est maintenant {{.When}}{{end}}. {{.Link}}",
			Mail: Template{"{{.Practice}} : votre rendez-vous est déplacé", hello +
				"votre rendez-vous{{if .Practitioner}} avec {{.Practitioner}}{{end}} est maintenant :\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}{{if .Was}}\n\nIl était : {{.Was}}{{end}}\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentCancelled: {
			SMS: "{{.Practice}} : {{if .Times}}vos rendez-vous sont annulés : {{.Times}}{{else}}votre rendez-vous {{.When}} est annulé{{end}}.{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}} : votre rendez-vous est annulé", hello +
				"votre rendez-vous{{if .When}} du {{.When}}{{end}} est annulé.{{if .Link}} Pour en prendre un autre :\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentRefused: {
			SMS: "{{.Practice}} : ce rendez-vous n'est pas possible. En demander un autre : {{.Link}}",
			Mail: Template{"{{.Practice}} : votre demande de rendez-vous", hello +
				"nous ne pouvons pas vous donner le rendez-vous que vous avez demandé.{{if .Link}} Pour en demander un autre :\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentReminder: {
			SMS: "{{.Practice}} : rappel, rendez-vous {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}} : rappel de votre rendez-vous", hello +
				"vous avez rendez-vous{{if .Practitioner}} avec {{.Practitioner}}{{end}} :\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nVous ne pouvez pas venir ? Dites-le ici, la place servira à quelqu'un :\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentOffer: {
			SMS: "{{.Practice}} : place libre {{.When}}, jusqu'à {{.Until}} : {{.Link}}",
			Mail: Template{"{{.Practice}} : une place s'est libérée", hello +
				"vous êtes sur la liste d'attente ; une place s'est libérée :\n{{.When}}\n\nElle est gardée pour vous jusqu'au {{.Until}}. Pour la prendre :\n\n{{.Link}}" + help},
		},
		consult.NoticeConfirmCode: {
			SMS: "{{.Practice}} : votre code pour confirmer votre rendez-vous : {{.Code}}",
			Mail: Template{"{{.Practice}} : votre code", hello +
				"voici le code pour confirmer votre rendez-vous : {{.Code}}\n\nTapez-le dans la page où vous prenez rendez-vous. Vous n'avez rien demandé ? Ne faites rien.{{if .Phone}} Une question ? Appelez le {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeBookNew: {
			SMS: "{{.Practice}} : nouveau rendez-vous{{if .Who}} ({{.Who}}){{end}} {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}} : nouveau rendez-vous", hello +
				"un rendez-vous{{if .Who}} ({{.Who}}){{end}} est entré dans votre agenda :\n{{.When}}" + book},
		},
		consult.NoticeBookMoved: {
			SMS: "{{.Practice}} : rendez-vous{{if .Who}} ({{.Who}}){{end}} déplacé : {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}} : rendez-vous déplacé", hello +
				"un rendez-vous{{if .Who}} ({{.Who}}){{end}} de votre agenda est maintenant :\n{{.When}}{{if .Was}}\n\nIl était : {{.Was}}{{end}}" + book},
		},
		consult.NoticeBookCancelled: {
			SMS: "{{.Practice}} : rendez-vous{{if .Who}} ({{.Who}}){{end}} annulé : {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}} : rendez-vous annulé", hello +
				"un rendez-vous{{if .Who}} ({{.Who}}){{end}} de votre agenda est annulé :\n{{.When}}" + book},
		},
		consult.NoticeBookAsked: {
			SMS: "{{.Practice}} : une demande de rendez-vous attend votre réponse. {{.Link}}",
			Mail: Template{"{{.Practice}} : une demande de rendez-vous", hello +
				"une demande de rendez-vous{{if .Who}} ({{.Who}}){{end}}{{if .When}}, {{.When}},{{end}} attend votre réponse." + book},
		},
	}
}
