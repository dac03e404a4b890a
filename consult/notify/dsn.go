package notify

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"github.com/colloque/colloque/consult"
)

// What is read of a report, at most. Our own letters are some kilobytes, and a report holds one of them.
const (
	maxDSN      = 256 << 10 // bytes
	maxDSNParts = 16
)

// headerNotice names the notice in our letters, beside Message-ID: some relays write a Message-ID of their own.
const headerNotice = "X-Notice"

// errNoDSN says that a mail is no report about a mail that was sent.
var errNoDSN = errors.New("notify: not a delivery status notification")

// dsn is a delivery status notification (RFC 3464), as far as it matters here: our letters have one recipient each.
type dsn struct {
	notice consult.NoticeID // the letter that it is about; "" when it names none of ours
	failed bool             // given up; false: delayed, relayed, delivered
	reason Reason           // of one that failed
}

// isDSN reads a Content-Type (RFC 3462 §1).
func isDSN(contentType string) (boundary string, is bool) {
	kind, params, err := mime.ParseMediaType(contentType)
	is = err == nil && kind == "multipart/report" && strings.EqualFold(params["report-type"], "delivery-status") && params["boundary"] != ""
	return params["boundary"], is
}

// parseDSN reads a report. domain is that of our own Message-IDs. It fails with errNoDSN when the mail is something else, and takes what
// it can get of one that was cut off.
func parseDSN(raw []byte, domain string) (dsn, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return dsn{}, errNoDSN
	}
	boundary, is := isDSN(m.Header.Get("Content-Type"))
	if !is {
		return dsn{}, errNoDSN
	}
	var d dsn
	told := false
	parts := multipart.NewReader(m.Body, boundary)
	for range maxDSNParts {
		part, err := parts.NextPart() // the end, or what is broken: what came before it counts
		if err != nil {
			break
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			continue
		}
		switch kind {
		case "message/delivery-status", "message/global-delivery-status": // RFC 3464 §2.1, RFC 6533 §4
			d.failed, d.reason = readStatus(decoded(part))
			told = true
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			if d.notice == "" {
				d.notice = noticeInHeaders(decoded(part), domain)
			}
		}
	}
	if !told {
		return dsn{}, errNoDSN
	}
	if d.notice == "" { // the letter was not given back: many servers answer it as a mail does
		d.notice = noticeIn(m.Header.Get("In-Reply-To")+" "+m.Header.Get("References"), domain)
	}
	return d, nil
}

// decoded undoes base64; multipart has undone quoted-printable, and the rest is as it is.
func decoded(part *multipart.Part) io.Reader {
	if strings.EqualFold(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding")), "base64") {
		return base64.NewDecoder(base64.StdEncoding, part)
	}
	return part
}

// readStatus reads the groups of fields of a message/delivery-status (RFC 3464 §2.2, §2.3): the first is about the mail, each other about
// a recipient.
func readStatus(r io.Reader) (failed bool, reason Reason) {
	lines := textproto.NewReader(bufio.NewReader(r))
	for range maxDSNParts {
		fields, err := lines.ReadMIMEHeader()
		if action, _, _ := strings.Cut(fields.Get("Action"), " "); strings.EqualFold(strings.TrimSpace(action), "failed") {
			return true, reasonOfStatus(fields.Get("Status"), reasonOfStatus(fields.Get("Diagnostic-Code"), ReasonReturned))
		}
		if err != nil {
			break
		}
	}
	return false, ""
}

// noticeInHeaders finds out which letter it was by its headers.
func noticeInHeaders(r io.Reader, domain string) consult.NoticeID {
	fields, err := textproto.NewReader(bufio.NewReader(r)).ReadMIMEHeader()
	if err != nil && len(fields) == 0 {
		return ""
	}
	if id := strings.TrimSpace(fields.Get(headerNotice)); isNoticeID(id) {
		return consult.NoticeID(id)
	}
	return noticeIn(fields.Get("Message-Id"), domain)
}

// noticeIn finds the first of our own Message-IDs in a list of them.
func noticeIn(ids, domain string) consult.NoticeID {
	for _, id := range strings.Fields(ids) {
		left, right, ok := strings.Cut(strings.Trim(id, "<>"), "@")
		if ok && strings.EqualFold(right, domain) && isNoticeID(left) {
			return consult.NoticeID(left)
		}
	}
	return ""
}

// isNoticeID says whether a text looks like one of our ids: it becomes part of a key.
func isNoticeID(text string) bool {
	return len(text) <= 64 && regexp.MustCompile(`^n_[A-Za-z0-9_-]{8,}$`).MatchString(text)
}

// headerOf reads one field of some header lines.
func headerOf(raw []byte, name string) string {
	fields, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(raw))).ReadMIMEHeader() // what can be read of it
	return fields.Get(name)
}

// domainOf is what stands after the @.
func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
