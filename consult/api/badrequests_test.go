package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var randomID = regexp.MustCompile(`"[a-z]{1,2}_[\w-]{22}"`)

// marker stands in every wrong value that is sent: no answer and no line of the log may say it again.
const marker = "zqzqz"

// bad is a request that must be refused.
type bad struct {
	name string
	request
	want []int // statuses; none: any of 400 to 499
	soft bool  // may be taken: then it must only not break anything
}

// TestBadRequests sends wrong, huge, duplicated, replayed and unauthorised requests to every operation of the table: each is answered with a
// problem of one sentence that says nothing of what was sent and nothing of the inside, and changes nothing. What is sent is made
// from the trial of the matrix, which is known to be good, and from the fields of the OpenAPI document.
func TestBadRequests(t *testing.T) {
	known := trials()
	for _, row := range (&api{}).operations() {
		t.Run(row.id, func(t *testing.T) {
			t.Parallel() // most of its time is the disk's
			w := newWorld(t)
			try, who, status := known[row.id], "", row.status
			for _, one := range append(people(), "") {
				if said, ok := try.want[one]; refusal(w, row, try, one) == 0 && (!ok || said == row.status) {
					who = one
					break
				}
			}
			if try.answers != 0 {
				status = try.answers
			}
			good := w.goodRequest(row, try, who)
			before, logged := w.store.Revision(), w.log.String()
			requests := append(w.anyBad(row, good), w.badBodies(row, good)...)
			for _, one := range requests {
				w.refuses(t, row, one)
			}
			if w.store.Revision() != before {
				t.Error("something was changed")
			}
			if got := w.do(good); got.Code != status {
				t.Errorf("the good request, after all the bad ones: %d %s, want %d", got.Code, got.Body, status)
			}
			w.replays(t, row, good)
			for _, one := range w.strange(row, good) {
				w.refuses(t, row, one)
			}
			if said := strings.TrimPrefix(w.log.String(), logged); strings.Contains(said, marker) || strings.Contains(said, "panic") {
				t.Errorf("the log says %s", said)
			}
		})
	}
}

// goodRequest is the trial's request as somebody who may.
func (w *world) goodRequest(row operation, try trial, who string) request {
	r := request{method: row.method, path: row.path, body: "{}", cookie: w.cookies[who], header: maps.Clone(try.header)}
	if r.header == nil {
		r.header = map[string]string{}
	}
	if try.path != nil {
		r.path = row.prefix() + try.path(w)
	}
	if try.body != nil {
		r.body = try.body(w)
	}
	if readsOnly(r.method) {
		r.body = ""
	}
	return r
}

// with is a copy of the request with a header more.
func (r request) with(name, value string) request {
	r.header = maps.Clone(r.header)
	r.header[name] = value
	return r
}

func (r request) at(path string) request { r.path = path; return r }

func (r request) saying(body string) request { r.body = body; return r }

func (r request) as(cookie string) request { r.cookie = cookie; return r }

// refuses sends a bad request and looks at the answer.
func (w *world) refuses(t *testing.T, row operation, one bad) {
	t.Helper()
	answer := w.do(one.request)
	name := row.id + ": " + one.name
	switch {
	case answer.Code >= 500 || answer.Code < 200:
		t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		return
	case one.soft && answer.Code < 400:
		return
	case answer.Code < 400 || len(one.want) > 0 && !slices.Contains(one.want, answer.Code):
		t.Errorf("%s: %d %.200s, want %v", name, answer.Code, answer.Body, one.want)
		return
	}
	w.tells(t, name, answer)
}

// tells holds that an answer says what is wrong in one sentence, and no more.
func (w *world) tells(t *testing.T, name string, answer *httptest.ResponseRecorder) {
	t.Helper()
	text := randomID.ReplaceAllString(answer.Body.String(), "") // of the next free times: what is random says anything
	for _, leak := range []string{marker, "goroutine", "panic", ".go:", "runtime", "json:", "strconv", "parsing", "kv:", "consult:", "bbolt", "v1/", "Jeanne", "Martin", "0x"} {
		if strings.Contains(text, leak) {
			t.Errorf("%s: the answer says %q: %s", name, leak, text)
		}
	}
	if row, _, _ := strings.Cut(answer.Header().Get("Content-Type"), ";"); row == "text/html" { // a page for people
		return
	}
	sentence, _, _ := strings.Cut(text, `"next":`) // the next free times are no words
	if strings.Count(text, "\n") > 1 || len(sentence) > 600 {
		t.Errorf("%s: more than a sentence: %s", name, text)
	}
	checkProblem(t, answer)
}

// anyBad is what is wrong whatever the operation does.
func (w *world) anyBad(row operation, good request) []bad {
	all := []bad{
		{name: "a field of the address that is not known", request: good.at(withQuery(good.path, marker+"=1")), soft: row.raw},
		{name: "the way up", request: good.at(good.path + "/../../../etc/passwd"), want: []int{301, 404, 405, 307}},
		{name: "a path below", request: good.at(strings.Split(good.path, "?")[0] + "/" + marker), want: []int{404, 405}, soft: strings.Contains(row.path, "...}")},
		{name: "a method of nobody", request: request{method: "BREW", path: good.path, cookie: good.cookie}, want: []int{405}},
	}
	if row.access != public {
		all = append(all,
			bad{name: "signed out", request: good.as(""), want: []int{401}},
			bad{name: "a cookie of nobody", request: good.as(strings.Repeat("A", 43)), want: []int{401}},
			bad{name: "a cookie that is none", request: good.as(marker), want: []int{401}},
			bad{name: "two cookies", request: good.as("").with("Cookie", fmt.Sprintf("%[1]s=%[2]s; %[1]s=%[2]s", CookieName(w.secure), good.cookie)), want: []int{401}},
			bad{name: "a token of nobody", request: good.as("").with("Authorization", "Bearer "+marker), want: []int{401}},
			bad{name: "another kind of token", request: good.as("").with("Authorization", "Basic "+marker), want: []int{401, 403}},
		)
	}
	all = append(all, w.badIDs(row, good)...)
	if readsOnly(row.method) {
		return all
	}
	if !row.elsewhere {
		form := []int{415}
		if slices.Contains(row.accepts, "application/x-www-form-urlencoded") {
			form = append(form, 400)
		}
		all = append(all,
			bad{name: "from elsewhere", request: good.with("Origin", "https://"+marker+".example"), want: []int{403}},
			bad{name: "from another site", request: good.with("Sec-Fetch-Site", "cross-site"), want: []int{403}},
			bad{name: "from nowhere", request: good.with("Origin", "").with("Sec-Fetch-Site", ""), want: []int{403}},
			bad{name: "a form", request: good.saying("a=1").with("Content-Type", "application/x-www-form-urlencoded"), want: form},
			bad{name: "no content type", request: good.saying("{}").with("Content-Type", ""), want: []int{415}},
			bad{name: "a broken content type", request: good.saying("{}").with("Content-Type", ";;"+marker), want: []int{415}},
		)
	}
	if huge := row.maxBody + 1; huge < 16<<20 && !row.raw {
		all = append(all, bad{name: "huge", request: good.saying(`{"` + marker + `":"` + strings.Repeat("a", int(huge)) + `"}`), want: []int{413}})
	}
	return all
}

// badIDs puts what is no id, and an id of nothing, into each place of the path where an id stands.
func (w *world) badIDs(row operation, good request) []bad {
	var all []bad
	path, query, _ := strings.Cut(good.path, "?")
	parts, form := strings.Split(path, "/"), strings.Split(row.path, "/")
	for i, part := range form {
		if !strings.HasPrefix(part, "{") || strings.HasSuffix(part, "...}") || i >= len(parts) {
			continue
		}
		nobody := parts[i]
		if prefix, _, ok := strings.Cut(nobody, "_"); ok {
			nobody = prefix + "_" + strings.Repeat("A", 22)
		} else {
			nobody = marker
		}
		for _, id := range []string{nobody, marker, strings.Repeat("z", 65), strings.Repeat("z", 4000), "%00", "\x00", "..%2f..", "a b", "é", "'--", parts[i] + "A"} {
			changed := slices.Clone(parts)
			changed[i] = id
			target := strings.Join(changed, "/")
			if query != "" {
				target += "?" + query
			}
			all = append(all, bad{name: fmt.Sprintf("%s %.20q", part, id), request: good.at(target)})
		}
	}
	return all
}

// badBodies is what is wrong with a JSON body.
func (w *world) badBodies(row operation, good request) []bad {
	fields, reads := w.fields(row)
	if readsOnly(row.method) || row.raw || !reads {
		return nil
	}
	if len(row.accepts) > 0 { // another type: nothing of it is
		return []bad{{name: "nothing", request: good.saying("")}, {name: "zeros", request: good.saying("\x00\x00\x00")}}
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(good.body), &body); err != nil {
		w.t.Fatalf("%s: the trial's body: %v", row.id, err)
	}
	all := []bad{
		{name: "half an object", request: good.saying(`{"` + marker)},
		{name: "not JSON", request: good.saying(marker)},
		{name: "an array", request: good.saying(`[]`)},
		{name: "a number", request: good.saying(`7`)},
		{name: "two objects", request: good.saying(good.body + good.body)},
		{name: "deep", request: good.saying(strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000))},
		{name: "broken UTF-8", request: good.saying("{\"\xff\xfe" + marker + "\":1}")},
		{name: "an unknown field", request: good.saying(merged(body, marker, true))},
	}
	for name, field := range fields {
		for _, value := range field.wrong() {
			all = append(all, bad{name: fmt.Sprintf("%s: %.30v", name, value), request: good.saying(merged(body, name, value))})
		}
	}
	return all
}

// strange is what some operations take and others do not: it must not break any.
func (w *world) strange(row operation, good request) []bad {
	fields, reads := w.fields(row)
	if readsOnly(row.method) || row.raw || !reads || len(row.accepts) > 0 {
		return nil
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(good.body), &body); err != nil {
		w.t.Fatal(err)
	}
	var all []bad
	for name, field := range fields {
		if !slices.Contains(field.types(), "string") {
			continue
		}
		for _, value := range []string{"\x00" + marker, "\u202e" + marker, strings.Repeat("é", 90), "<script>" + marker, "{{.Name}}", "../../" + marker, "=1+1", "-1", "\r\nX: " + marker} {
			all = append(all, bad{name: fmt.Sprintf("%s: %q", name, value), request: good.saying(merged(body, name, value)), soft: true})
		}
	}
	return all
}

// replays sends the good request, which was answered once, again, and four times at once: a double click, an answer that was lost.
func (w *world) replays(t *testing.T, row operation, good request) {
	t.Helper()
	answers := make(chan *httptest.ResponseRecorder, 4)
	w.refuses(t, row, bad{name: "again", request: good, soft: true})
	for range cap(answers) {
		go func() { answers <- w.do(good) }()
	}
	for range cap(answers) {
		if answer := <-answers; answer.Code >= 500 && answer.Code != 503 {
			t.Errorf("%s: at once: %d %s", row.id, answer.Code, answer.Body)
		} else if answer.Code >= 400 {
			w.tells(t, row.id+": at once", answer)
		}
	}
}

func merged(body map[string]any, name string, value any) string {
	body = maps.Clone(body)
	body[name] = value
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func withQuery(path, more string) string {
	if strings.Contains(path, "?") {
		return path + "&" + more
	}
	return path + "?" + more
}

// schema is as much as is needed of a field in the OpenAPI document.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"` // "string", or ["array","null"]
	MaxLength  int               `json:"maxLength"`
	MaxItems   int               `json:"maxItems"`
	Minimum    *float64          `json:"minimum"`
	Maximum    *float64          `json:"maximum"`
	Enum       []any             `json:"enum"`
	Format     string            `json:"format"`
	Properties map[string]schema `json:"properties"`
}

func (s schema) types() []string {
	switch kind := s.Type.(type) {
	case string:
		return []string{kind}
	case []any:
		var all []string
		for _, one := range kind {
			all = append(all, fmt.Sprint(one))
		}
		return all
	}
	return []string{"object"}
}

// wrong is values that the field cannot have.
func (s schema) wrong() []any {
	other := map[string]any{"string": marker, "number": 7.5, "boolean": true, "array": []any{marker}, "object": map[string]any{marker: marker}}
	for _, kind := range s.types() {
		delete(other, kind)
		if kind == "integer" {
			other["number"] = 1.5
		}
	}
	wrong := slices.Collect(maps.Values(other))
	if s.MaxLength > 0 {
		wrong = append(wrong, strings.Repeat("z", s.MaxLength+1))
	}
	if s.MaxItems > 0 {
		wrong = append(wrong, slices.Repeat([]any{map[string]any{}}, s.MaxItems+1))
	}
	if s.Minimum != nil {
		wrong = append(wrong, *s.Minimum-1)
	}
	if s.Maximum != nil {
		wrong = append(wrong, *s.Maximum+1)
	}
	if len(s.Enum) > 0 || s.Format == "date-time" {
		wrong = append(wrong, marker)
	}
	return wrong
}

// fields returns the fields of an operation's JSON body, and whether it reads a body, from the document.
func (w *world) fields(row operation) (fields map[string]schema, reads bool) {
	w.t.Helper()
	doc := mustJSON[struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}](w.site, request{method: "GET", path: "/api/v1/openapi.json"}, 200)
	resolve := func(s schema) schema {
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
			return doc.Components.Schemas[name]
		}
		return s
	}
	content := doc.Paths[row.path][strings.ToLower(row.method)].RequestBody.Content
	body := resolve(content["application/json"].Schema)
	fields = map[string]schema{}
	for name, field := range body.Properties {
		fields[name] = resolve(field)
	}
	return fields, len(content) > 0
}
