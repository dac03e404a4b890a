package notify

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult"
	consultcalendar "github.com/colloque/colloque/consult/calendar"
)

// part is one leaf of a mail.
type part struct {
	kind, name string
	parameters map[string]string
	body       []byte
}

// leaves takes a mail apart.
func leaves(t *testing.T, header textproto.MIMEHeader, body io.Reader) []part {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		_, disposition, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
		return []part{{kind, disposition["filename"], parameters, text}}
	}
	var all []part
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, leaves(t, p.Header, p)...)
	}
}

// TestMailWithCalendar: an appointment that is agreed, moved or cancelled comes with what the recipient's calendar needs, in their
// words; a text message does not carry it.
func TestMailWithCalendar(t *testing.T) {
	start := t0.Add(52 * time.Hour)
	for name, c := range map[string]struct {
		kind      consult.NoticeKind
		language  string
		cancelled bool
		who       string
		method    string
		summary   string
		says      []string // of the text
		hides     []string
	}{
		"agreed":          {consult.NoticeAppointment, "fr", false, "", "REQUEST", "Rendez-vous – Cabinet des Tilleuls", []string{"(heure de New York)", "12 rue des Tilleuls"}, nil},
		"moved":           {consult.NoticeAppointmentMoved, "en", false, "", "REQUEST", "Appointment – Cabinet des Tilleuls", []string{"(New York time)"}, nil},
		"cancelled":       {consult.NoticeAppointmentCancelled, "ar", true, "", "CANCEL", "موعد – Cabinet des Tilleuls", []string{"(توقيت New York)"}, nil},
		"to staff":        {consult.NoticeBookNew, "fr", false, "", "REQUEST", "Rendez-vous – Cabinet des Tilleuls", []string{testBase + "/desk/agenda"}, []string{"Jeanne", "canary-secret"}},
		"to staff, J. M.": {consult.NoticeBookMoved, "fr", false, "J. M.", "REQUEST", "Rendez-vous – J. M.", []string{"(J. M.)"}, []string{"Jeanne", "canary-secret"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := newMailServer(t, TLSNone)
			cfg := DefaultConfig()
			cfg.Mail = server.config(TLSNone)
			cfg.Mail.ReplyTo = "secretariat@example.org"
			p := newPost(t, cfg)
			p.UseCalendar(consultcalendar.Told)
			p.check(p.Start(testBase))
			t.Cleanup(func() { p.check(p.Close()) })
			n := invitation()
			n.Kind, n.Language, n.TimeZone = c.kind, c.language, "America/New_York"
			n.Fields = map[string]string{consult.FieldAt: start.Format(time.RFC3339), consult.FieldPractitioner: "Dr Claire Moreau", consult.FieldPlace: "12 rue des Tilleuls, 69003 Lyon"}
			if c.kind.ToStaff() {
				n.Name, n.Secret = "", ""
			}
			if c.who != "" {
				n.Fields[consult.FieldWho] = c.who
			}
			n.Event = &consult.CalendarEvent{
				UID: "ap_1", Sequence: 3, Start: start, End: start.Add(20 * time.Minute), TimeZone: "Europe/Paris", Place: n.Fields[consult.FieldPlace],
				Cancelled: c.cancelled, CreatedAt: t0, ChangedAt: t0,
			}
			p.check(p.put(n))
			p.become(StateSent)
			m := server.received()[0]
			_, body, _ := strings.Cut(m.raw, "\r\n\r\n")
			all := leaves(t, textproto.MIMEHeader(m.header), strings.NewReader(body))
			if len(all) != 4 || all[0].kind != "text/plain" || all[1].kind != "text/html" || all[2].kind != "text/calendar" || all[3].name != "invite.ics" {
				t.Fatalf("%+v", all)
			}
			if all[2].parameters["method"] != c.method || !strings.EqualFold(all[2].parameters["charset"], "utf-8") || !bytes.Equal(all[2].body, all[3].body) {
				t.Errorf("%v", all[2].parameters)
			}
			for _, want := range c.says {
				if !bytes.Contains(all[0].body, []byte(want)) {
					t.Errorf("%q is missing in %s", want, all[0].body)
				}
			}
			for _, leaf := range all {
				for _, never := range c.hides {
					if bytes.Contains(leaf.body, []byte(never)) {
						t.Errorf("%s says %q", leaf.kind, never)
					}
				}
			}
			cal, err := ical.NewDecoder(bytes.NewReader(all[3].body)).Decode()
			if err != nil {
				t.Fatalf("%v\n%s", err, all[3].body)
			}
			event := cal.Events()[0]
			for property, want := range map[string]string{
				ical.PropUID: "ap_1", ical.PropSequence: "3", ical.PropSummary: c.summary, ical.PropLocation: n.Fields[consult.FieldPlace],
				ical.PropOrganizer: "mailto:secretariat@example.org", ical.PropAttendee: "mailto:" + n.To.Mail,
			} {
				got := event.Props.Get(property).Value
				if text, err := event.Props.Get(property).Text(); err == nil && strings.Contains(got, `\`) {
					got = text
				}
				if got != want {
					t.Errorf("%s: %q, want %q", property, got, want)
				}
			}
			if got := cal.Props.Get(ical.PropMethod).Value; got != c.method {
				t.Errorf("METHOD:%s", got)
			}
		})
	}
}
