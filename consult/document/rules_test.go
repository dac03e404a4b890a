package document

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TestWhoSeesWhat walks sender × audience × asker, in the waiting room and in the call.
func TestWhoSeesWhat(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	waiting, in := p, p
	for _, v := range []*Viewer{&in.patient, &in.other, &in.guest} {
		*v = h.inCall(*v)
	}
	in.doctor = h.again(in.doctor)
	ids := func(vs ...Viewer) (ids []consult.ParticipantID) {
		for _, v := range vs {
			ids = append(ids, v.Participant.ID)
		}
		return ids
	}
	document := func(from Viewer, to ...Viewer) Document {
		return Document{Consultation: from.Consultation.ID, From: from.Participant.ID, To: ids(to...), State: StateReady}
	}
	for _, c := range []struct {
		name             string
		doc              Document
		doctor, patient  bool
		other            bool
		guest, guestCall bool
	}{
		{"a patient's", document(p.patient), true, true, false, false, false},
		{"a patient's, shared with the guest", document(p.patient, p.guest), true, true, false, false, true},
		{"the practitioner's, for a patient", document(p.doctor, p.patient), true, true, false, false, false},
		{"the practitioner's, for both", document(p.doctor, p.patient, p.other), true, true, true, false, false},
		{"the practitioner's, for nobody", document(p.doctor), true, false, false, false, false},
		{"a guest's", document(p.guest), true, false, false, true, true},
	} {
		got := []bool{p.doctor.maySee(c.doc), p.patient.maySee(c.doc), p.other.maySee(c.doc), waiting.guest.maySee(c.doc), in.guest.maySee(c.doc)}
		if want := []bool{c.doctor, c.patient, c.other, c.guest, c.guestCall}; !slices.Equal(got, want) {
			t.Errorf("%s: seen %v, want %v (doctor, patient, other, guest waiting, guest in the call)", c.name, got, want)
		}
		for _, state := range []State{StateArriving, StateChecking, StateRefused} {
			c.doc.State = state
			for _, v := range []Viewer{in.patient, in.other, in.guest} {
				if v.maySee(c.doc) && c.doc.From != v.Participant.ID {
					t.Errorf("%s, %s: somebody else sees it", c.name, state)
				}
			}
		}
		elsewhere := h.people()
		for _, v := range []Viewer{elsewhere.doctor, elsewhere.patient} {
			if v.maySee(c.doc) {
				t.Errorf("%s: another consultation sees it", c.name)
			}
		}
	}
	one := h.people().doctor
	one.Consultation.Participants = one.Consultation.Participants[:2]
	for _, c := range []struct {
		name string
		v    Viewer
		want []consult.ParticipantID
	}{
		{"a practitioner with one patient", one, []consult.ParticipantID{one.Consultation.Participants[1].ID}},
		{"two patients, nobody in the call", p.doctor, nil},
		{"two patients in the call", in.doctor, ids(in.patient, in.other)},
		{"a patient", p.patient, nil},
	} {
		if got, err := c.v.audience(nil); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s sends to %v, %v; want %v", c.name, got, err, c.want)
		}
	}
}

// TestListsTellNothingOfOthers: one waiting patient never learns of the other, not even of a document being sent.
func TestListsTellNothingOfOthers(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	doc := h.send(p.patient, "mine.jpg", snapshot(1000, 1))
	if _, _, err := h.Create(p.patient, New{Name: "coming.jpg", Size: 100}); err != nil {
		t.Fatal(err)
	}
	if list := must(h.List(p.other))(t); len(list.Documents) != 0 || list.Code != "" {
		t.Errorf("the other patient's list: %+v", list)
	}
	if _, err := h.Open(p.other, doc.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the other patient opens it: %v", err)
	}
	if err := h.Remove(p.other, doc.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the other patient removes it: %v", err)
	}
	if _, err := h.Share(p.patient, doc.ID, nil); !errors.Is(err, errOnlyDoctor) {
		t.Errorf("a patient shares: %v", err)
	}
	must(h.Share(p.doctor, doc.ID, []consult.ParticipantID{p.other.Participant.ID}))(t)
	list := must(h.List(p.other))(t)
	if len(list.Documents) != 1 || len(list.Documents[0].To) != 0 || len(list.Documents[0].Seen) != 0 || list.Code == "" {
		t.Errorf("shared: %+v", list)
	}
	address := must(h.Open(p.other, doc.ID))(t)
	must(h.Share(p.doctor, doc.ID, nil))(t)
	if _, err := h.ReadAt(address); !errors.Is(err, ErrNotFound) {
		t.Errorf("shared no more, and still read: %v", err)
	}
}

func TestSeen(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	doc := h.send(p.patient, "a.jpg", snapshot(1000, 1))
	secretary := p.doctor
	secretary.Marks = false
	must(h.Open(secretary, doc.ID))(t)
	must(h.Open(p.patient, doc.ID))(t)
	if err := func() error { _, err := h.Read(p.doctor, doc.ID); return err }(); err != nil {
		t.Fatal(err)
	}
	if seen := must(h.List(p.patient))(t).Documents[0].Seen; len(seen) != 0 {
		t.Fatalf("a secretary, the sender or a GET counts as seen: %+v", seen)
	}
	first := h.clock.Now()
	must(h.Open(p.doctor, doc.ID))(t)
	h.clock.Forward(time.Minute)
	must(h.Open(p.doctor, doc.ID))(t)
	seen := must(h.List(p.patient))(t).Documents[0].Seen
	if len(seen) != 1 || !seen[0].At.Equal(first) || seen[0].By != p.doctor.Participant.ID {
		t.Errorf("seen %+v", seen)
	}
	if err := h.Remove(p.patient, doc.ID); !errors.Is(err, errSeen) {
		t.Errorf("taken back after it was seen: %v", err)
	}
	if err := h.Remove(p.doctor, doc.ID); err != nil {
		t.Error(err)
	}
}

func TestKinds(t *testing.T) {
	zip := func(name string) []byte {
		b := append([]byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), make([]byte, 16)...)
		b = append(b, byte(len(name)), 0, 0, 0)
		return append(append(b, name...), make([]byte, 64)...)
	}
	dicom := append(make([]byte, 128), "DICM\x02\x00\x00\x00"...)
	for name, c := range map[string]struct {
		head []byte
		want string // "": refused
	}{
		"jpeg":             {snapshot(100, 1), "image/jpeg"},
		"png":              {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "image/png"},
		"gif":              {[]byte("GIF89a\x01\x00\x01\x00"), "image/gif"},
		"webp":             {[]byte("RIFF\x24\x00\x00\x00WEBPVP8 "), "image/webp"},
		"heic":             {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "image/heic"},
		"pdf":              {[]byte("%PDF-1.7\n"), "application/pdf"},
		"dicom":            {dicom, "application/dicom"},
		"text":             {[]byte("Deux par jour.\n"), "text/plain"},
		"mp4":              {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), "video/mp4"},
		"html":             {[]byte("<!DOCTYPE html><html>"), ""},
		"html after space": {[]byte("   \n<html><body onload=alert(1)>"), ""},
		"svg":              {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ""},
		"xml":              {[]byte(`<?xml version="1.0"?><a/>`), ""},
		"a shell script":   {[]byte("#!/bin/sh\nrm -rf /\n"), ""},
		"javascript":       {[]byte("#!/usr/bin/env node\nconsole.log(1)\n"), ""},
		"windows program":  {append([]byte("MZ\x90\x00\x03\x00\x00\x00"), make([]byte, 200)...), ""},
		"linux program":    {append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...), ""},
		"zip":              {zip("evil.exe"), ""},
		"jar":              {zip("META-INF/MANIFEST.MF"), ""},
		"noise":            {[]byte{0, 1, 2, 3, 0xfe, 0xff, 0, 9, 200, 201}, ""},
		"json":             {[]byte(`{"a":1}`), ""},
	} {
		got, ok := detect(c.head)
		if ok != (c.want != "") || got.media != c.want {
			t.Errorf("%s: %q, taken: %v; want %q", name, got.media, ok, c.want)
		}
	}
	for _, k := range kinds() {
		if len(k.endings) == 0 || k.plain == "" || k.shown && !strings.HasPrefix(k.media, "image/") && k.media != "application/pdf" {
			t.Errorf("%+v", k)
		}
	}
}

func TestNames(t *testing.T) {
	jpeg := kindOf("image/jpeg")
	for name, want := range map[string]string{
		"photo.jpg":                 "photo.jpg",
		"Photo.JPEG":                "Photo.JPEG",
		"":                          "photo.jpg",
		"../../etc/passwd":          "passwd.jpg",
		`C:\Users\me\scan.jpg`:      "scan.jpg",
		"scan.jpg.exe":              "scan.jpg.exe.jpg",
		"a\u202egpj.exe":            "a_gpj.exe.jpg",
		"a\x00b\r\nX: y.jpg":        "a_b__X_ y.jpg",
		"con.jpg":                   "_con.jpg",
		"COM1":                      "_COM1.jpg",
		"...":                       "photo.jpg",
		"  space .jpg ":             "space .jpg",
		"e\u0301paule.jpg":          "épaule.jpg",
		"\xff\xfe.jpg":              "_.jpg",
		"<script>.jpg":              "_script_.jpg",
		"100%;filename=evil.jpg":    "100__filename=evil.jpg",
		strings.Repeat("é", 500):    strings.Repeat("é", 116) + ".jpg",
		strings.Repeat("é/", 50000): "photo.jpg",
	} {
		if got := nameFor(cleanName(name), jpeg); got != want {
			t.Errorf("%.40q: %q, want %q", name, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, seed := range []string{"a.jpg", "../x", "a\u202eb", strings.Repeat("x", 300), "\xff", "nul.txt"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := nameFor(cleanName(name), kindOf("image/jpeg"))
		if got == "" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxName || strings.ContainsAny(got, "/\\\x00\r\n\"<>|") {
			t.Errorf("%q becomes %q", name, got)
		}
		if again := nameFor(cleanName(got), kindOf("image/jpeg")); again != got {
			t.Errorf("%q becomes %q, and that %q", name, got, again)
		}
	})
}

func FuzzAddress(f *testing.F) {
	h := newHouse(f)
	p := h.people()
	doc := h.send(p.patient, "a.jpg", snapshot(1000, 1))
	good := must(h.Open(p.doctor, doc.ID))(f)
	f.Add(good.Right)
	f.Add("")
	f.Add(base64.RawURLEncoding.EncodeToString(make([]byte, 60)))
	f.Fuzz(func(t *testing.T, right string) {
		content, err := h.ReadAt(Address{Consultation: good.Consultation, Document: good.Document, Right: right})
		if (err == nil) != (right == good.Right) {
			t.Errorf("%q: %v", right, err)
		}
		if err == nil {
			_ = content.Close()
		}
	})
}

// TestKept: documents go when the time after the end is over, unfinished ones within their day, and nothing goes while the
// consultation is open.
func TestKept(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	doc := h.send(p.patient, "a.jpg", snapshot(1000, 1))
	half, _, err := h.Create(p.patient, New{Size: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	there := func(d Document) bool { _, err := h.load(d.Consultation, d.ID); return err == nil }
	pass := func(by time.Duration) {
		t.Helper()
		h.clock.Forward(by)
		if err := h.eraseDue(h.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	pass(DefaultConfig().UploadWithin)
	if there(half) || !there(doc) {
		t.Fatalf("after a day: unfinished %v, whole %v", there(half), there(doc))
	}
	pass(90 * 24 * time.Hour)
	if !there(doc) {
		t.Fatal("erased while the consultation is open")
	}
	if _, err := h.prac.End(p.doctor.Consultation.Practitioner, doc.Consultation); err != nil {
		t.Fatal(err)
	}
	pass(h.prac.KeepDocuments() - time.Hour)
	if !there(doc) {
		t.Fatal("erased before its time")
	}
	pass(2 * time.Hour)
	left, err := h.store.Range("v1/document", "", kv.MaxRange)
	if err != nil || len(left) != 0 {
		t.Errorf("%d keys are left, %v", len(left), err)
	}
	if _, err := os.Stat(path.Dir(h.pathOf(doc))); !errors.Is(err, os.ErrNotExist) {
		t.Error("the folder is left")
	}
}

// TestErase: with the record the keys go, and the bytes on disk open no more; the codes go too.
func TestErase(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	doc := h.send(p.patient, "a.jpg", snapshot(5*pieceSize, 1))
	stored := must(os.ReadFile(h.pathOf(doc)))(t)
	if err := h.Erase(doc.Consultation); err != nil {
		t.Fatal(err)
	}
	if left := must(h.store.Range("v1/document", "", 10))(t); len(left) != 0 {
		t.Errorf("%d keys are left", len(left))
	}
	if _, err := os.Stat(h.pathOf(doc)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the file is left")
	}
	if bytes.Contains(stored, []byte("JFIF")) {
		t.Error("the file was readable")
	}
}

// TestNothingReadable: neither names nor codes nor what a document is stand in the store.
func TestNothingReadable(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	h.send(p.patient, "canary-name.jpg", snapshot(1000, 1))
	code := must(h.Code(p.doctor, p.patient.Participant.ID, false))(t)
	raw := must(os.ReadFile(path.Join(h.base, "store.db")))(t)
	for _, word := range []string{"canary-name", "image/jpeg", `"` + code + `"`} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("%q stands in the store", word)
		}
	}
}

func TestSendCode(t *testing.T) {
	h := newHouse(t)
	by := consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Claire Moreau"}
	c, link, err := h.prac.Start(consult.StartRequest{By: by, Contact: consult.Contact{Mail: "jeanne@example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	patient := Viewer{Consultation: c, Participant: c.Participants[1], Marks: true}
	h.send(patient, "a.jpg", snapshot(1000, 1))
	if _, _, err := h.After(link); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("before the end: %v", err)
	}
	if _, err := h.prac.End(by.ID, c.ID); err != nil {
		t.Fatal(err)
	}
	v, until, err := h.After(link)
	if err != nil || until.Documents.Sub(h.clock.Now()) != h.prac.KeepDocuments() || !until.Messages.IsZero() {
		t.Fatalf("%v, until %v", err, until)
	}
	if err := h.SendCode(v.Consultation, v.Participant.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.SendCode(v.Consultation, v.Participant.ID); !errors.Is(err, errSentEnough) {
		t.Errorf("sent twice: %v", err)
	}
	if len(h.sent.all) != 1 || h.sent.all[0].Kind != consult.NoticeDocument || len(h.sent.all[0].Fields[consult.FieldCode]) != codeDigits || h.sent.all[0].Secret != "" {
		t.Errorf("%+v", h.sent.all)
	}
	other := h.people()
	h.send(other.patient, "b.jpg", snapshot(1000, 2))
	if err := h.SendCode(other.patient.Consultation, other.patient.Participant.ID); !errors.Is(err, consult.ErrUnreachable) {
		t.Errorf("without a contact: %v", err)
	}
}
