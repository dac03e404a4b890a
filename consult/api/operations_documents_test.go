package api

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/kv"
)

// aPhoto is as much of a photograph as counts.
func aPhoto(size int) []byte {
	return append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), bytes.Repeat([]byte{7}, size-11)...)
}

// seatOf is who somebody is in the started consultation: 0 the practitioner, 1 the patient.
func (s *site) seatOf(id consult.ConsultationID, who int) document.Viewer {
	c, err := s.practice.Consultation(id)
	s.check(err)
	return document.Viewer{Consultation: c, Participant: c.Participants[who], Marks: true}
}

// arriving is a document of which no byte came.
func (s *site) arriving(id consult.ConsultationID, who, size int) consult.DocumentID {
	s.t.Helper()
	doc, _, err := s.documents.Create(s.seatOf(id, who), document.New{Name: "a.jpg", Size: int64(size)})
	s.check(err)
	return doc.ID
}

// sent is a document that can be opened.
func (s *site) sent(id consult.ConsultationID, who, size int) consult.DocumentID {
	s.t.Helper()
	doc := s.arriving(id, who, size)
	_, err := s.documents.Append(s.seatOf(id, who), doc, 0, bytes.NewReader(aPhoto(size)), func() {})
	s.check(err)
	s.await(func() bool {
		list, err := s.documents.List(s.seatOf(id, 0))
		s.check(err)
		for _, d := range list.Documents {
			if d.ID == doc {
				return d.State == document.StateReady
			}
		}
		return false
	})
	return doc
}

func (s *site) await(good func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !good(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("it never happened")
		}
	}
}

// papers are the documents of the world.
type papers struct {
	ready, begun consult.DocumentID // the patient's, which can be opened; the practitioner's, of which no byte came
	link, code   string             // of a consultation that has ended; see over
}

// over is what opens the documents of a consultation that has ended; it is made when it is first asked for.
func (w *world) over() papers {
	if w.papers.link == "" {
		c, secret, err := w.practice.Start(consult.StartRequest{By: w.owner.Practitioner(), Contact: consult.Contact{Mail: "jeanne@example.org"}})
		w.check(err)
		w.sent(c.ID, 1, 1000)
		list, err := w.documents.List(w.seatOf(c.ID, 1))
		w.check(err)
		_, err = w.practice.End(w.owner.ID, c.ID)
		w.check(err)
		w.papers.link, w.papers.code = secret, list.Code
	}
	return w.papers
}

func documentTrials() map[string]trial {
	of := func(w *world) string { return "/consultations/" + string(w.started.ID) + "/documents" }
	ready := func(rest string) func(*world) string {
		return func(w *world) string { return of(w) + "/" + string(w.papers.ready) + rest }
	}
	begun := func(w *world) string { return of(w) + "/" + string(w.papers.begun) + "/upload" }
	want := map[string]int{"secretary": 404, "other": 404, "interpreter": 403, "operator": 403, "": 401}
	newDocument := func(*world) string { return `{"name":"a.jpg","size":5}` }
	bytesOfIt := map[string]string{"Content-Type": uploadType, "Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
	return map[string]trial{
		"documents":        {path: of, want: want, theirs: true},
		"send-document":    {path: of, body: newDocument, want: want, theirs: true},
		"upload-offset":    {path: begun, want: want, theirs: true},
		"upload":           {path: begun, body: func(*world) string { return string(aPhoto(1000)) }, want: want, theirs: true, header: bytesOfIt},
		"open-document":    {path: ready("/open"), want: want, theirs: true},
		"document-content": {path: ready("/content"), want: want, theirs: true},
		"share-document":   {path: ready(""), body: func(*world) string { return `{"to":[]}` }, theirs: true},
		"remove-document":  {path: ready(""), want: want, theirs: true},
		"document-code": {path: func(w *world) string {
			return "/consultations/" + string(w.started.ID) + "/participants/" + string(w.started.Participant) + "/document-code"
		}, theirs: true},
		"unlock-documents":   {body: func(w *world) string { return fmt.Sprintf(`{"ticket":%q,"code":%q}`, w.over().link, w.over().code) }},
		"send-document-code": {body: func(w *world) string { return fmt.Sprintf(`{"ticket":%q}`, w.over().link) }, theirs: true},
	}
}

// takesAll is an outbox that takes every notice, and sends none.
type takesAll struct{}

func (takesAll) Put(kv.Txn, consult.Notice) error { return nil }
func (takesAll) Prepare(consult.Notice) (func(kv.Txn) error, error) {
	return func(kv.Txn) error { return nil }, nil
}
func (takesAll) Cancel(kv.Txn, string) (bool, error) { return false, nil }

// patientOf is a consultation with its patient's ticket.
func (s *site) patientOf(cookie string) (consult.ConsultationID, string) {
	started := s.mustStart(cookie)
	return started.ID, "Ticket " + started.Link[strings.LastIndex(started.Link, "/")+1:]
}

func TestDocumentBothWays(t *testing.T) {
	s := newSite(t)
	_, doctor := s.practitioner("Dr Claire Moreau")
	id, ticket := s.patientOf(doctor)
	of := "/api/v1/consultations/" + string(id) + "/documents"
	asPatient := map[string]string{"Authorization": ticket}
	photo := aPhoto(100_000)

	announced := mustJSON[uploadBody](s, request{method: "POST", path: of, body: fmt.Sprintf(`{"name":"../Épaule.jpg","size":%d,"key":"k1"}`, len(photo)), header: asPatient}, 201)
	patch := func(at int, content []byte) (int, string) {
		w := s.do(request{method: "PATCH", path: announced.Upload, body: string(content), header: map[string]string{
			"Authorization": ticket, "Content-Type": uploadType, "Tus-Resumable": "1.0.0", "Upload-Offset": fmt.Sprint(at),
		}})
		return w.Code, w.Header().Get("Upload-Offset")
	}
	if code, at := patch(0, photo[:40_000]); code != 204 || at != "32768" { // whole pieces only
		t.Fatalf("%d, offset %q", code, at)
	}
	if code, at := patch(40_000, photo[40_000:]); code != 409 || at != "32768" {
		t.Fatalf("%d, offset %q", code, at)
	}
	head := s.do(request{method: "HEAD", path: announced.Upload, header: asPatient})
	if head.Code != 200 || head.Header().Get("Upload-Offset") != "32768" || head.Header().Get("Upload-Length") != "100000" {
		t.Fatalf("%d %v", head.Code, head.Header())
	}
	again := mustJSON[uploadBody](s, request{method: "POST", path: of, body: fmt.Sprintf(`{"name":"x","size":%d,"key":"k1"}`, len(photo)), header: asPatient}, 201)
	if again.ID != announced.ID || again.Offset != 32768 {
		t.Errorf("announced again: %+v", again)
	}
	if code, at := patch(32_768, photo[32_768:]); code != 204 || at != "100000" {
		t.Fatalf("%d, offset %q", code, at)
	}
	var list documentsBody
	s.await(func() bool {
		list = mustJSON[documentsBody](s, request{method: "GET", path: of, cookie: doctor}, 200)
		return len(list.Documents) == 1 && list.Documents[0].State == document.StateReady
	})
	if d := list.Documents[0]; d.Name != "Épaule.jpg" || d.Kind != "image/jpeg" || d.Mine || len(d.Seen) != 0 || list.Code != "" {
		t.Errorf("the practitioner's list: %+v", list)
	}
	opened := mustJSON[openedBody](s, request{method: "POST", path: of + "/" + string(announced.ID) + "/open", cookie: doctor}, 200)
	w := s.do(request{method: "GET", path: opened.URL})
	if w.Code != 200 || !bytes.Equal(w.Body.Bytes(), photo) {
		t.Fatalf("%d, %d bytes", w.Code, w.Body.Len())
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline; filename*=utf-8''%C3%89paule.jpg",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-store",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	part := s.do(request{method: "GET", path: opened.URL, header: map[string]string{"Range": "bytes=99000-", "If-Range": w.Header().Get("ETag")}})
	if part.Code != 206 || !bytes.Equal(part.Body.Bytes(), photo[99_000:]) {
		t.Errorf("a range: %d, %d bytes", part.Code, part.Body.Len())
	}
	if w := s.do(request{method: "GET", path: opened.URL + "?download=1"}); !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Error("a download is shown")
	}
	mine := mustJSON[documentsBody](s, request{method: "GET", path: of, header: asPatient}, 200)
	if len(mine.Documents) != 1 || len(mine.Documents[0].Seen) != 1 || len(mine.Code) != 6 {
		t.Fatalf("the patient's list: %+v", mine)
	}
	if strings.Contains(s.log.String(), "paule") || strings.Contains(s.log.String(), mine.Code) {
		t.Error("the log says too much")
	}
	s.afterTheEnd(id, ticket, doctor, mine.Code, of+"/"+string(announced.ID), photo)
}

// afterTheEnd: the same link opens the documents with the code, until the time is over.
func (s *site) afterTheEnd(id consult.ConsultationID, ticket, doctor, code, one string, photo []byte) {
	s.t.Helper()
	if w := s.do(request{method: "POST", path: "/api/v1/consultations/" + string(id) + "/end", cookie: doctor}); w.Code != 204 {
		s.t.Fatal(w.Code)
	}
	link := strings.TrimPrefix(ticket, "Ticket ")
	if w := s.do(request{method: "GET", path: "/c/" + link}); w.Code != 200 || !strings.Contains(w.Body.String(), "page=documents") || strings.Contains(w.Body.String(), code) {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	if w := s.do(request{method: "POST", path: one + "/open", header: map[string]string{"Authorization": ticket}}); w.Code != 404 {
		s.t.Errorf("the link alone opens: %d", w.Code)
	}
	unlock := func(code string, status int) string {
		s.t.Helper()
		w := s.do(request{method: "POST", path: "/api/v1/documents/unlock", body: fmt.Sprintf(`{"ticket":%q,"code":%q}`, link, code)})
		if w.Code != status {
			s.t.Fatalf("code %q: %d %s, want %d", code, w.Code, w.Body, status)
		}
		_, rest, _ := strings.Cut(w.Body.String(), `"ticket":"`)
		secret, _, _ := strings.Cut(rest, `"`)
		return secret
	}
	for range 9 {
		unlock("000000x", 403)
	}
	read := map[string]string{"Authorization": "Ticket " + unlock(code[:3]+" "+code[3:], 200)}
	opened := mustJSON[openedBody](s, request{method: "POST", path: one + "/open", header: read}, 200)
	if w := s.do(request{method: "GET", path: opened.URL}); !bytes.Equal(w.Body.Bytes(), photo) {
		s.t.Error("the photograph is not the one that was sent")
	}
	for path, body := range map[string]string{"/api/v1/consultations/" + string(id) + "/documents": `{"name":"a","size":5}`} {
		if w := s.do(request{method: "POST", path: path, body: body, header: read}); w.Code != 403 {
			s.t.Errorf("after the end something is sent: %d", w.Code)
		}
	}
	for range 10 {
		unlock("000000x", 403)
	}
	unlock(code, 429) // guessed at too often
	renewed := mustJSON[codeBody](s, request{method: "POST", path: "/api/v1/consultations/" + string(id) + "/participants/" + string(s.seatOf(id, 1).Participant.ID) + "/document-code", body: `{"renew":true}`, cookie: doctor}, 200)
	if w := s.do(request{method: "POST", path: one + "/open", header: read}); w.Code != 404 {
		s.t.Errorf("what the old code opened is still open: %d", w.Code)
	}
	unlock(renewed.Code, 200)
	s.clock.Forward(s.practice.KeepDocuments())
	unlock(renewed.Code, 404)
	if w := s.do(request{method: "GET", path: "/c/" + link}); w.Code != 404 {
		s.t.Errorf("the link still leads somewhere: %d", w.Code)
	}
}

func TestWrongUploads(t *testing.T) {
	s := newSite(t)
	_, doctor := s.practitioner("Dr Claire Moreau")
	_, stranger := s.practitioner("Dr Else")
	id, ticket := s.patientOf(doctor)
	_, otherTicket := s.patientOf(doctor)
	doc := s.arriving(id, 1, 100_000)
	path := "/api/v1/consultations/" + string(id) + "/documents/" + string(doc) + "/upload"
	good := map[string]string{"Authorization": ticket, "Content-Type": uploadType, "Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
	cases := map[string]struct {
		change map[string]string
		cookie string
		path   string
		status int
	}{
		"nobody":                    {change: map[string]string{"Authorization": ""}, status: 401},
		"another's ticket":          {change: map[string]string{"Authorization": otherTicket}, status: 404},
		"a ticket that is none":     {change: map[string]string{"Authorization": "Ticket AAAA"}, status: 404},
		"an API token that is none": {change: map[string]string{"Authorization": "Bearer AAAA"}, status: 401},
		"another practitioner":      {change: map[string]string{"Authorization": ""}, cookie: stranger, status: 404},
		"its practitioner":          {change: map[string]string{"Authorization": ""}, cookie: doctor, status: 404},
		"the ticket in the address": {change: map[string]string{"Authorization": ""}, path: path + "?ticket=" + ticket[7:], status: 400},
		"another site":              {change: map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Authorization": ""}, cookie: doctor, status: 403},
		"JSON":                      {change: map[string]string{"Content-Type": "application/json"}, status: 415},
		"no type":                   {change: map[string]string{"Content-Type": ""}, status: 415},
		"no version":                {change: map[string]string{"Tus-Resumable": ""}, status: 412},
		"another version":           {change: map[string]string{"Tus-Resumable": "2.0.0"}, status: 412},
		"no offset":                 {change: map[string]string{"Upload-Offset": ""}, status: 400},
		"a negative offset":         {change: map[string]string{"Upload-Offset": "-1"}, status: 400},
		"a signed offset":           {change: map[string]string{"Upload-Offset": "+0"}, status: 400},
		"an offset in words":        {change: map[string]string{"Upload-Offset": "zero"}, status: 400},
		"an offset of many digits":  {change: map[string]string{"Upload-Offset": strings.Repeat("9", 400)}, status: 400},
		"an offset ahead":           {change: map[string]string{"Upload-Offset": "50000"}, status: 409},
		"an offset beyond":          {change: map[string]string{"Upload-Offset": "9223372036854775807"}, status: 409},
		"a document that is not":    {path: strings.Replace(path, string(doc), string(consult.NewDocumentID()), 1), status: 404},
		"an id that is a path":      {path: strings.Replace(path, string(doc), "..%2f..", 1), status: 404},
		"another consultation's":    {path: strings.Replace(path, string(id), "c_AAAAAAAAAAAAAAAAAAAAAA", 1), status: 404},
		"a kind that is not taken":  {status: 415},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			header := maps.Clone(good)
			maps.Copy(header, c.change)
			at := path
			if c.path != "" {
				at = c.path
			}
			before := s.papersNow()
			body := strings.Repeat("<html>", 20_000)
			if name != "a kind that is not taken" {
				body = string(aPhoto(100_000))
			} else {
				defer func() {
					if w := s.do(request{method: "HEAD", path: path, header: header}); w.Code != 404 {
						t.Errorf("it is still there: %d", w.Code)
					}
				}()
			}
			w := s.do(request{method: "PATCH", path: at, body: body, cookie: c.cookie, header: header})
			if w.Code != c.status {
				t.Fatalf("%d %s, want %d", w.Code, w.Body, c.status)
			}
			checkProblem(t, w)
			if strings.Contains(w.Body.String(), ticket[7:]) || strings.Contains(w.Body.String(), "evil") {
				t.Errorf("the answer tells what was sent: %s", w.Body)
			}
			if name != "a kind that is not taken" && s.papersNow() != before {
				t.Error("it changed something")
			}
		})
		if name == "a kind that is not taken" {
			doc = s.arriving(id, 1, 100_000)
			path = "/api/v1/consultations/" + string(id) + "/documents/" + string(doc) + "/upload"
		}
	}
}

func TestWrongDocuments(t *testing.T) {
	s := newSite(t)
	_, doctor := s.practitioner("Dr Claire Moreau")
	id, ticket := s.patientOf(doctor)
	of := "/api/v1/consultations/" + string(id) + "/documents"
	doc := s.sent(id, 0, 1000)
	mine := s.sent(id, 1, 1000)
	asPatient := map[string]string{"Authorization": ticket}
	for name, c := range map[string]struct {
		request
		status int
	}{
		"nothing":                       {request{method: "POST", path: of, body: `{}`, header: asPatient}, 422},
		"empty":                         {request{method: "POST", path: of, body: `{"name":"a","size":0}`, header: asPatient}, 422},
		"too large":                     {request{method: "POST", path: of, body: `{"name":"a","size":104857601}`, header: asPatient}, 413},
		"larger than a number":          {request{method: "POST", path: of, body: `{"name":"a","size":1e30}`, header: asPatient}, 422},
		"a name of many characters":     {request{method: "POST", path: of, body: `{"name":"` + strings.Repeat("a", 3000) + `","size":5}`, header: asPatient}, 422},
		"a body of many bytes":          {request{method: "POST", path: of, body: `{"name":"` + strings.Repeat("a", 30000) + `","size":5}`, header: asPatient}, 413},
		"an unknown field":              {request{method: "POST", path: of, body: `{"name":"a","size":5,"kind":"text/html"}`, header: asPatient}, 422},
		"a patient says for whom":       {request{method: "POST", path: of, body: `{"name":"a","size":5,"to":["p_AAAAAAAAAAAAAAAAAAAAAA"]}`, header: asPatient}, 403},
		"a patient shares":              {request{method: "PATCH", path: of + "/" + string(mine), body: `{"to":[]}`, header: asPatient}, 401},
		"a patient removes another's":   {request{method: "DELETE", path: of + "/" + string(doc), header: asPatient}, 403},
		"a patient asks for the code":   {request{method: "POST", path: "/api/v1/consultations/" + string(id) + "/participants/" + string(s.seatOf(id, 1).Participant.ID) + "/document-code", header: asPatient}, 401},
		"an address that is none":       {request{method: "GET", path: "/d/" + string(id) + "/" + string(doc) + "/AAAA"}, 404},
		"an address of another":         {request{method: "GET", path: "/d/" + string(id) + "/" + string(mine) + "/" + s.rightOf(id, doc)}, 404},
		"content without a sign-in":     {request{method: "GET", path: of + "/" + string(doc) + "/content"}, 401},
		"a share with somebody unknown": {request{method: "PATCH", path: of + "/" + string(doc), body: `{"to":["p_AAAAAAAAAAAAAAAAAAAAAA"]}`, cookie: doctor}, 400},
		"unlock before the end":         {request{method: "POST", path: "/api/v1/documents/unlock", body: `{"ticket":"` + ticket[7:] + `","code":"123456"}`}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			before := s.papersNow()
			w := s.do(c.request)
			if w.Code != c.status {
				t.Fatalf("%d %s, want %d", w.Code, w.Body, c.status)
			}
			if s.papersNow() != before {
				t.Error("it changed something")
			}
			if strings.HasPrefix(c.path, "/api") {
				checkProblem(t, w)
			}
		})
	}
	// An address is good for an hour.
	address := "/d/" + string(id) + "/" + string(doc) + "/" + s.rightOf(id, doc)
	if w := s.do(request{method: "GET", path: address}); w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	s.clock.Forward(document.AddressLifetime)
	if w := s.do(request{method: "GET", path: address}); w.Code != http.StatusNotFound {
		t.Errorf("a late address: %d", w.Code)
	}
}

// papersNow is all that the store holds of documents, by its revisions. Other things may change meanwhile: a sign-in that was used, say.
func (s *site) papersNow() string {
	entries, err := s.store.Range("v1/document", "", kv.MaxRange)
	s.check(err)
	var now strings.Builder
	for _, entry := range entries {
		fmt.Fprintln(&now, entry.Key, entry.Revision)
	}
	return now.String()
}

func (s *site) rightOf(id consult.ConsultationID, doc consult.DocumentID) string {
	address, err := s.documents.Open(s.seatOf(id, 0), doc)
	s.check(err)
	return address.Right
}

func FuzzUploadOffset(f *testing.F) {
	for _, seed := range []string{"0", "1", "-1", "+1", "", "9223372036854775808", "0x10", "1 ", "١"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		n, ok := parseOffset(http.Header{"Upload-Offset": {value}})
		if ok && (n < 0 || strings.TrimLeft(value, "0123456789") != "") {
			t.Errorf("%q is %d", value, n)
		}
	})
}
