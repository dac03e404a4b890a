package signal

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

type vector struct {
	Name      string          `json:"name"`
	Direction string          `json:"direction"`
	Valid     bool            `json:"valid"`
	Message   json.RawMessage `json:"message"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(b, &vs); err != nil {
		t.Fatal(err)
	}
	return vs
}

// TestRequestVectors reads the examples that TypeScript reads too.
func TestRequestVectors(t *testing.T) {
	d := newDecoder()
	seen := map[string]bool{}
	for _, v := range vectors(t) {
		if v.Direction != "request" {
			continue
		}
		r, h, err := d.decode(v.Message)
		if (err == nil) != v.Valid {
			t.Errorf("%s: %v, valid is %v", v.Name, err, v.Valid)
		}
		if err == nil && r.head() != h {
			t.Errorf("%s: head %v is not %v", v.Name, r.head(), h)
		}
		if v.Valid {
			seen[h.Type] = true
		}
	}
	for typ := range d.makers {
		if !seen[typ] {
			t.Errorf("there is no example of %q", typ)
		}
	}
}

// TestReplyVectors holds that what the examples say the server sends is what the server's types can say, field by field.
func TestReplyVectors(t *testing.T) {
	makers := map[string]func() any{
		"joined": func() any { return new(joinedReply) }, "resumed": func() any { return new(resumedReply) }, "done": func() any { return new(reply) },
		"answer": func() any { return new(answerReply) }, "error": func() any { return new(errorReply) }, "desk": func() any { return new(deskEvent) },
		"waiting": func() any { return new(waitingEvent) }, "admitted": func() any { return new(admittedEvent) }, "participants": func() any { return new(participantsEvent) },
		"lanes": func() any { return new(lanesEvent) }, "speaking": func() any { return new(speakingEvent) }, "quality": func() any { return new(qualityEvent) },
		"chat": func() any { return new(chatEvent) }, "ice-servers": func() any { return new(iceServersEvent) }, "ended": func() any { return new(endedEvent) }, "tick": func() any { return new(reply) },
		"documents": func() any { return new(documentsEvent) }, "visit": func() any { return new(visitEvent) }, "phone": func() any { return new(phoneEvent) },
		"knocking": func() any { return new(knockingReply) }, "told": func() any { return new(toldReply) }, "knock": func() any { return new(knockEvent) },
	}
	for _, v := range vectors(t) {
		if v.Direction == "request" || !v.Valid {
			continue
		}
		var h header
		if err := json.Unmarshal(v.Message, &h); err != nil {
			t.Fatal(err)
		}
		mk := makers[h.Type]
		if mk == nil {
			t.Errorf("%s: the server has no %q", v.Name, h.Type)
			continue
		}
		m := mk()
		dec := json.NewDecoder(strings.NewReader(string(v.Message)))
		dec.DisallowUnknownFields()
		if err := dec.Decode(m); err != nil {
			t.Errorf("%s: %v", v.Name, err)
			continue
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := canonical(t, again), canonical(t, v.Message); got != want {
			t.Errorf("%s: the server says\n%s\nthe example is\n%s", v.Name, got, want)
		}
	}
}

func canonical(t *testing.T, b []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

func TestDecodeRefuses(t *testing.T) {
	d := newDecoder()
	cases := []struct{ name, message string }{
		{"nothing", ""},
		{"not JSON", "hello"},
		{"an array", `[]`},
		{"two objects", `{"type":"watch","id":"1"}{"type":"watch","id":"2"}`},
		{"something after it", `{"type":"watch","id":"1"} x`},
		{"null", `null`},
		{"deep nesting", `{"type":"want","id":"1","wants":` + strings.Repeat("[", 20000)},
	}
	for _, c := range cases {
		if _, _, err := d.decode([]byte(c.message)); err == nil {
			t.Errorf("%s was taken", c.name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add([]byte(v.Message))
	}
	d := newDecoder()
	f.Fuzz(func(t *testing.T, b []byte) {
		r, h, err := d.decode(b)
		if err != nil {
			if e := new(consult.Error); !errors.As(err, &e) {
				t.Fatalf("the error %v is not for the wire", err)
			}
			return
		}
		if h.ID == "" || h.Type == "" || r.head() != h {
			t.Fatalf("taken with head %+v", h)
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.decode(again); err != nil {
			t.Fatalf("%s was taken, and not again as %s", b, again)
		}
	})
}
