package notify

import "github.com/colloque/colloque/consult"

// arabicTexts are the texts as they come. A text message begins with the practice and ends with the link.
func arabicTexts() map[consult.NoticeKind]texts {
	const hello = "مرحبا{{if .Name}} {{.Name}}{{end}}،\n\n"
	const help = "\n\nهذا الرابط خاص بك، لا ترسله إلى أحد.{{if .Phone}} لديك سؤال؟ اتصل بنا:\n{{.Phone}}{{end}}\n\n{{.Practice}}"
	const sign = "{{if .Phone}}\n\nلديك سؤال؟ اتصل بنا:\n{{.Phone}}{{end}}\n\n{{.Practice}}"
	const book = "\n\n{{.Link}}\n\nتصلك هذه الرسالة لأنك طلبتها في إعداداتك.\n\n{{.Practice}}"
	return map[consult.NoticeKind]texts{
		consult.NoticeInvitation: {
			SMS: "{{.Practice}}: موعد بالفيديو{{if .When}} {{.When}}{{else}} الآن{{end}}. رابطك: {{.Link}}",
			Mail: Template{"{{.Practice}}: موعدك بالفيديو", hello +
				"لديك موعد بالفيديو{{if .Practitioner}} مع {{.Practitioner}}{{end}}{{if .When}}:\n{{.When}}{{end}}\n\n" +
				"{{if .When}}افتح هذا الرابط في الموعد{{else}}نحن في انتظارك، افتح هذا الرابط الآن{{end}}. لا حاجة لتثبيت أي برنامج، ويمكنك تجربة الكاميرا اليوم.\n\n{{.Link}}" + help},
		},
		consult.NoticeStartsNow: {
			SMS:  "{{.Practice}}: حان وقت موعدك بالفيديو. افتح هذا الرابط: {{.Link}}",
			Mail: Template{"{{.Practice}}: حان وقت موعدك", hello + "حان وقت موعدك بالفيديو{{if .When}} ({{.When}}){{end}}. افتح هذا الرابط:\n\n{{.Link}}" + help},
		},
		consult.NoticeDelay: {
			SMS: "{{.Practice}}: موعدك بالفيديو متأخر حوالي {{.Minutes}} دقيقة.{{if .Link}} رابطك: {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: تأخير بسيط", hello +
				"موعدك بالفيديو متأخر حوالي {{.Minutes}} دقيقة. شكرا على صبرك.{{if .Link}} رابطك ما زال صالحا:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeMessage: {
			SMS:  "{{.Practice}}: {{.Text}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: رسالة لك", hello + "{{.Text}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeLinkAgain: {
			SMS: "{{.Practice}}: هذا رابط جديد لموعدك بالفيديو: {{.Link}}",
			Mail: Template{"{{.Practice}}: رابطك الجديد", hello +
				"هذا رابط جديد لموعدك بالفيديو{{if .When}}:\n{{.When}}{{end}}\n\n{{.Link}}\n\nلم تطلب شيئا؟ لا تفعل أي شيء." + help},
		},
		consult.NoticeDocument: {
			SMS: "{{.Practice}}: هناك وثيقة في انتظارك.{{if .Code}} الرمز: {{.Code}}.{{end}}{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: وثيقة في انتظارك", hello +
				"هناك وثيقة في انتظارك.{{if .Code}} رمزك: {{.Code}}{{end}}{{if .Link}}\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeInterpreterRequest: {
			SMS: "{{.Practice}}: مترجم {{.From}} - {{.Into}}{{if .When}} {{.When}}{{end}}؟ نعم أو لا: {{.Link}}",
			Mail: Template{"{{.Practice}}: طلب مترجم", hello +
				"نبحث عن مترجم {{.From}} - {{.Into}} لموعد بالفيديو{{if .When}}:\n{{.When}}{{end}}\n\nيرجى الرد{{if .Until}} قبل {{.Until}}{{end}} بنعم أو لا:\n\n{{.Link}}" + help},
		},
		consult.NoticeInterpreterAccepted: {
			SMS: "{{.Practice}}: شكرا. مترجم {{.From}} - {{.Into}}{{if .When}} {{.When}}{{else}} الآن{{end}}. رابطك: {{.Link}}",
			Mail: Template{"{{.Practice}}: نحن في انتظارك مترجما", hello +
				"شكرا على قبولك. ننتظرك مترجما {{.From}} - {{.Into}}{{if .When}}:\n{{.When}}{{else}} الآن.{{end}}\n\n" +
				"{{if .When}}في الموعد افتح{{else}}افتح{{end}} هذا الرابط:\n\n{{.Link}}" + help},
		},
		consult.NoticeCalledOff: {
			SMS: "{{.Practice}}: أُلغي الموعد {{.Was}}.{{if .When}} الجديد: {{.When}}{{end}}",
			Mail: Template{"{{.Practice}}: لن يتم الموعد", hello +
				"لن يتم الموعد بالفيديو الذي كنت ستشارك فيه:\n{{.Was}}{{if .When}}\n\nنُقل إلى:\n{{.When}}\n\nإن احتجنا إلى حضورك فسنسألك من جديد.{{end}}" + sign},
		},
		consult.NoticeConsultationCancelled: {
			SMS: "{{.Practice}}: أُلغي موعدك بالفيديو {{.Was}}.{{if .Phone}} لموعد آخر: {{.Phone}}{{end}}",
			Mail: Template{"{{.Practice}}: أُلغي موعدك", hello +
				"أُلغي موعدك بالفيديو{{if .Practitioner}} مع {{.Practitioner}}{{end}}:\n{{.Was}}\n\n" +
				"ليس عليك فعل أي شيء.{{if .Phone}} لأخذ موعد آخر أو لأي سؤال، اتصل بالرقم {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeAccountInvitation: {
			SMS: "{{.Practice}}: أنشئ حسابك بهذا الرابط: {{.Link}}",
			Mail: Template{"{{.Practice}}: حسابك", hello +
				"هناك حساب في انتظارك لدى {{.Practice}}. افتح هذا الرابط لاختيار طريقة الدخول:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointment: {
			SMS: "{{.Practice}}: {{if .Times}}مواعيدك: {{.Times}}{{else}}موعدك {{.When}}{{end}}. للاطلاع أو التغيير أو الإلغاء: {{.Link}}",
			Mail: Template{"{{.Practice}}: موعدك", hello +
				"تم حجز موعدك{{if .Practitioner}} مع {{.Practitioner}}{{end}}:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nللاطلاع عليه أو تغييره أو إلغائه:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentAsked: {
			SMS: "{{.Practice}}: وصلنا طلبك للموعد. {{.Link}}",
			Mail: Template{"{{.Practice}}: طلبك للموعد", hello +
				"وصلنا طلبك للموعد{{if .When}}: {{.When}}{{end}}، وسنرد عليك. للاطلاع عليه أو إلغائه:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentMoved: {
			SMS: "{{.Practice}}: {{if .Times}}مواعيدك الآن: {{.Times}}{{else}}موعدك الآن {{.When}}{{end}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: تغير موعدك", hello +
				"موعدك{{if .Practitioner}} مع {{.Practitioner}}{{end}} أصبح:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}{{if .Was}}\n\nكان: {{.Was}}{{end}}\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentCancelled: {
			SMS: "{{.Practice}}: {{if .Times}}ألغيت مواعيدك: {{.Times}}{{else}}ألغي موعدك {{.When}}{{end}}.{{if .Link}} {{.Link}}{{end}}",
			Mail: Template{"{{.Practice}}: ألغي موعدك", hello +
				"ألغي موعدك{{if .When}}: {{.When}}{{end}}.{{if .Link}} لحجز موعد آخر:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentRefused: {
			SMS: "{{.Practice}}: هذا الموعد غير ممكن. لطلب غيره: {{.Link}}",
			Mail: Template{"{{.Practice}}: طلبك للموعد", hello +
				"لا يمكننا إعطاؤك الموعد الذي طلبته.{{if .Link}} لطلب موعد آخر:\n\n{{.Link}}{{end}}" + help},
		},
		consult.NoticeAppointmentReminder: {
			SMS: "{{.Practice}}: تذكير بموعدك {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: تذكير بموعدك", hello +
				"لديك موعد{{if .Practitioner}} مع {{.Practitioner}}{{end}}:\n{{.When}}{{if .Place}}\n{{.Place}}{{end}}\n\nلا يمكنك الحضور؟ أخبرنا هنا ليستفيد غيرك من الموعد:\n\n{{.Link}}" + help},
		},
		consult.NoticeAppointmentOffer: {
			SMS: "{{.Practice}}: أصبح موعد متاحا {{.When}}. محفوظ لك حتى {{.Until}}: {{.Link}}",
			Mail: Template{"{{.Practice}}: أصبح موعد متاحا", hello +
				"أنت على قائمة الانتظار، وقد أصبح موعد متاحا:\n{{.When}}\n\nهو محفوظ لك حتى {{.Until}}. لأخذه:\n\n{{.Link}}" + help},
		},
		consult.NoticeConfirmCode: {
			SMS: "{{.Practice}}: رمز تأكيد موعدكم: {{.Code}}",
			Mail: Template{"{{.Practice}}: رمزكم", hello +
				"هذا رمز تأكيد موعدكم: {{.Code}}\n\nاكتبوه في صفحة حجز الموعد. لم تطلبوا شيئًا؟ لا تفعلوا شيئًا.{{if .Phone}} لديكم سؤال؟ اتصلوا بالرقم {{.Phone}}.{{end}}\n\n{{.Practice}}"},
		},
		consult.NoticeBookNew: {
			SMS:  "{{.Practice}}: موعد جديد{{if .Who}} ({{.Who}}){{end}} {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: موعد جديد", hello + "أُضيف موعد{{if .Who}} ({{.Who}}){{end}} إلى جدول مواعيدك:\n{{.When}}" + book},
		},
		consult.NoticeBookMoved: {
			SMS: "{{.Practice}}: نُقل موعد{{if .Who}} ({{.Who}}){{end}}: {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: نُقل موعد", hello +
				"موعد{{if .Who}} ({{.Who}}){{end}} في جدول مواعيدك صار:\n{{.When}}{{if .Was}}\n\nكان: {{.Was}}{{end}}" + book},
		},
		consult.NoticeBookCancelled: {
			SMS:  "{{.Practice}}: أُلغي موعد{{if .Who}} ({{.Who}}){{end}}: {{.When}}. {{.Link}}",
			Mail: Template{"{{.Practice}}: أُلغي موعد", hello + "أُلغي موعد{{if .Who}} ({{.Who}}){{end}} في جدول مواعيدك:\n{{.When}}" + book},
		},
		consult.NoticeBookAsked: {
			SMS:  "{{.Practice}}: طلب موعد ينتظر ردك. {{.Link}}",
			Mail: Template{"{{.Practice}}: طلب موعد", hello + "طلب موعد{{if .Who}} ({{.Who}}){{end}}{{if .When}}، {{.When}}،{{end}} ينتظر ردك." + book},
		},
	}
}
