package notify

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

const returnedNotice consult.NoticeID = "n_AAAAAAAAAAAAAAAAAAAAAA"

// report reads a report of testdata, about a notice.
func report(t testing.TB, name string, about consult.NoticeID) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "dsn", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\n", "\r\n"), "NOTICE", string(about))
}

func TestReports(t *testing.T) {
	n := returnedNotice
	postfix := report(t, "postfix", n)
	tests := []struct {
		name, mail string
		want       dsn
		err        error
	}{
		{"as Postfix writes it", postfix, dsn{n, true, ReasonNoAddress}, nil},
		{"without the letter, base64, after an alternative", report(t, "full", n), dsn{n, true, ReasonMailboxFull}, nil},
		{"headers only, Message-ID rewritten by the relay", report(t, "headers-only", n), dsn{n, true, ReasonReturned}, nil},
		{"only delayed", report(t, "delayed", n), dsn{n, false, ""}, nil},
		{"cut off in the letter", postfix[:strings.Index(postfix, "Secret.")], dsn{n, true, ReasonNoAddress}, nil},
		{"cut off before the letter", postfix[:strings.Index(postfix, "Content-Description: Undelivered")], dsn{"", true, ReasonNoAddress}, nil},
		{"about a letter of another house", strings.ReplaceAll(postfix, "@example.org>", "@other.example>"), dsn{"", true, ReasonNoAddress}, nil},
		{"with an id that is a path", report(t, "postfix", "n_../../v1/account/x"), dsn{"", true, ReasonNoAddress}, nil},
		{"with an id that is too long", report(t, "postfix", consult.NoticeID("n_"+strings.Repeat("A", 100))), dsn{"", true, ReasonNoAddress}, nil},
		{"without a status", strings.Replace(postfix, "message/delivery-status", "text/x-status", 1), dsn{}, errNoDSN},
		{"of a kind that is none of ours", strings.Replace(postfix, "report-type=delivery-status", "report-type=disposition-notification", 1), dsn{}, errNoDSN},
		{"a letter from a patient", "From: a@b.example\r\nSubject: x\r\nIn-Reply-To: <" + string(n) + "@example.org>\r\n\r\nHello\r\n", dsn{}, errNoDSN},
		{
			"a calendar's answer", "From: a@b.example\r\nSubject: Accepted: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" +
				"Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n", dsn{}, errNoDSN,
		},
		{"nothing", "", dsn{}, errNoDSN},
		{"bytes", "\x00\xff\x00\xff", dsn{}, errNoDSN},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseDSN([]byte(test.mail), "example.org")
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("%+v, %v; want %+v, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestReasonOfAnswer(t *testing.T) {
	for answer, want := range map[string]Reason{
		"550 5.1.1 no such user":       ReasonNoAddress,
		"556 5.1.10 null MX":           ReasonNoAddress,
		"552 5.2.2 over quota":         ReasonMailboxFull,
		"554 5.7.1 spam":               ReasonRefused,
		"550 no":                       ReasonRefused,
		"550 see 15.1.1.1":             ReasonRefused,
		"554 5.4.14 hops from 1.2.3.4": ReasonRefused,
	} {
		if got := reasonOfAnswer(answer); got != want {
			t.Errorf("%q: %s, want %s", answer, got, want)
		}
	}
}

// FuzzReports: whatever arrives in the mailbox, what comes out is one of our ids or nothing, and a report that failed has a reason.
func FuzzReports(f *testing.F) {
	for _, name := range []string{"postfix", "full", "headers-only", "delayed"} {
		f.Add([]byte(report(f, name, returnedNotice)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := parseDSN(raw, "example.org")
		if err != nil && d != (dsn{}) {
			t.Errorf("%+v with %v", d, err)
		}
		if d.notice != "" && !isNoticeID(string(d.notice)) || bytes.ContainsAny([]byte(d.notice), "/\x00\r\n") {
			t.Errorf("notice %q", d.notice)
		}
		if d.failed != (d.reason != "") {
			t.Errorf("%+v", d)
		}
	})
}
