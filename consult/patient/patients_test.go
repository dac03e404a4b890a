package patient

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func TestCreateAndRead(t *testing.T) {
	h := newHouse(t)
	made := h.mustCreate(jeanne())
	want := jeanne()
	want.ID, want.Owner, want.CreatedAt, want.ChangedAt, want.Revision = made.ID, h.doctor, t0, t0, 1
	want.Contact = consult.Contact{Phone: "+33639980010", Mail: "jeanne@example.org", Reach: consult.ReachSMS}
	want.Needs, want.Carer.Phone = []string{"hearing", "carer"}, "+33199001234"
	if !reflect.DeepEqual(made, want) {
		t.Errorf("made %#v\nwant %#v", made, want)
	}
	h.closeAll()
	h.open()
	read, err := h.Patient(made.ID)
	if err != nil || !reflect.DeepEqual(read, want) {
		t.Errorf("after a restart %#v, %v", read, err)
	}
	for _, id := range []consult.PatientID{"", "x", consult.NewPatientID(), "pt_../../../etc/passwd_x", made.ID + " "} {
		if _, err := h.Patient(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestBadPatients(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("é", 100)
	for name, spoil := range map[string]func(*Patient){
		"no name":             func(p *Patient) { p.FamilyName = " " },
		"long name":           func(p *Patient) { p.FamilyName = long + "e" },
		"long names together": func(p *Patient) { p.FamilyName = long },
		"direction override":  func(p *Patient) { p.GivenNames = "a\u202eb" },
		"control character":   func(p *Patient) { p.BirthName = "a\x00b" },
		"broken UTF-8":        func(p *Patient) { p.FamilyName = "\xff" },
		"birth date":          func(p *Patient) { p.BirthDate = "09/03/1948" },
		"unborn":              func(p *Patient) { p.BirthDate = "2027-01-01" },
		"language":            func(p *Patient) { p.Language = "x y" },
		"zone":                func(p *Patient) { p.TimeZone = "../../etc/passwd" },
		"local zone":          func(p *Patient) { p.TimeZone = "Local" },
		"phone":               func(p *Patient) { p.Contact.Phone = "12" },
		"mail":                func(p *Patient) { p.Contact.Mail = "x" },
		"reach":               func(p *Patient) { p.Contact.Reach = "pigeon" },
		"need":                func(p *Patient) { p.Needs = []string{"money"} },
		"carer's phone":       func(p *Patient) { p.Carer.Phone = "12" },
		"carer's name":        func(p *Patient) { p.Carer.Name = "a\nb" },
		"nine ids":            func(p *Patient) { p.IDs = make([]ExternalID, 9) },
		"id without system":   func(p *Patient) { p.IDs = []ExternalID{{"", "1"}} },
		"id without value":    func(p *Patient) { p.IDs = []ExternalID{{"IPP", " "}} },
		"id of signs":         func(p *Patient) { p.IDs = []ExternalID{{"IPP", "--"}} },
		"long id":             func(p *Patient) { p.IDs = []ExternalID{{"IPP", strings.Repeat("1", 65)}} },
		"long system":         func(p *Patient) { p.IDs = []ExternalID{{strings.Repeat("a", 41), "1"}} },
	} {
		kept := h.mustCreate(jeanne())
		before := h.store.Revision()
		p := jeanne()
		spoil(&p)
		if _, err := h.Create(t.Context(), h.doctor, p, true); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%s: created, %v", name, err)
		}
		p.ID, p.Revision = kept.ID, kept.Revision
		if _, err := h.Update(p); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%s: updated, %v", name, err)
		}
		if h.store.Revision() != before {
			t.Errorf("%s: something was written", name)
		}
	}
}

func TestUpdate(t *testing.T) {
	h := newHouse(t)
	first := h.mustCreate(jeanne())
	h.forward(time.Hour)
	second := first
	second.FamilyName, second.Contact.Phone = "Martin", ""
	second.Contact.Reach = consult.ReachMail
	stored, err := h.Update(second)
	h.check(err)
	if stored.Revision != 2 || stored.ChangedAt != t0.Add(time.Hour) || stored.CreatedAt != t0 || stored.FamilyName != "Martin" || stored.Owner != h.doctor {
		t.Errorf("%#v", stored)
	}
	// Another tab still has the first one open.
	other := first
	other.GivenNames = "Jeanne"
	before := h.store.Revision()
	if _, err := h.Update(other); !errors.Is(err, ErrStale) || consult.CodeOf(err) != consult.CodeConflict {
		t.Errorf("stale: %v", err)
	}
	// The answer to the update was lost; it is sent again.
	again, err := h.Update(second)
	if err != nil || !reflect.DeepEqual(again, stored) {
		t.Errorf("again: %#v, %v", again, err)
	}
	if h.store.Revision() != before {
		t.Error("something was written")
	}
	if got := h.find("martin"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
	if got := h.find("le goff"); len(got) != 0 {
		t.Errorf("found by the old name: %v", got)
	}
	second.ID = consult.NewPatientID()
	if _, err := h.Update(second); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestUpdatesAtOnce(t *testing.T) {
	h := newHouse(t)
	made := h.mustCreate(jeanne())
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := made
			p.GivenNames = "Jeanne " + strings.Repeat("i", i+1)
			_, err := h.Update(p)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, ErrStale) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if now, err := h.Patient(made.ID); won.Load() != 1 || now.Revision != 2 || err != nil {
		t.Errorf("%d won, revision %d, %v", won.Load(), now.Revision, err)
	}
}

func TestErase(t *testing.T) {
	h := newHouse(t)
	made := h.mustCreate(jeanne())
	if got := h.find("jeanne"); len(got) != 1 {
		t.Fatal(got)
	}
	h.check(h.Erase(made.ID))
	if _, err := h.Patient(made.ID); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if _, err := h.Update(made); !errors.Is(err, ErrNotFound) {
		t.Errorf("an erased patient came back: %v", err)
	}
	if err := h.Erase(made.ID); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if got := h.find(""); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	left, err := h.store.Range("v1/patient", "", 10)
	h.check(err)
	for _, e := range left {
		if e.Key != touchedKey(h.doctor) {
			t.Errorf("left: %s", e.Key)
		}
	}
}

// TestNothingReadable looks for what was said in the file and in the log.
func TestNothingReadable(t *testing.T) {
	h := newHouse(t)
	made := h.mustCreate(jeanne())
	h.find("goff")
	if _, err := h.Import(t.Context(), h.doctor, []byte("nom;prénom;tel\nGoffard;Zéphyrine;12\n"), false); err != nil {
		t.Fatal(err)
	}
	h.check(h.Erase(made.ID))
	for _, secret := range []string{"Goff", "goff", "Jeanne", "Étienne", "1948", "639980010", "jeanne@", "Zéphyrine", "019 123"} {
		if bytes.Contains(h.rawStore(), []byte(secret)) {
			t.Errorf("the file holds %q", secret)
		}
		if strings.Contains(h.logged(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if s := made.String(); strings.Contains(s, "Goff") {
		t.Error(s)
	}
}

func TestSimilar(t *testing.T) {
	h := newHouse(t)
	h.mustCreate(jeanne())
	nobody := func(p *Patient) { p.IDs = nil }
	for name, test := range map[string]struct {
		spoil   func(*Patient)
		similar bool
	}{
		"the same":                         {func(*Patient) {}, true},
		"no ids":                           {nobody, true},
		"no accents, other marks":          {func(p *Patient) { nobody(p); p.FamilyName, p.GivenNames = "LEGOFF", "JEANNE MARIE" }, true},
		"other marks":                      {func(p *Patient) { nobody(p); p.FamilyName, p.GivenNames = "LE-GOFF", "Jeanne-marie" }, true},
		"birth name as family name":        {func(p *Patient) { nobody(p); p.FamilyName, p.BirthName = "d'Etienne", "" }, true},
		"another birth date":               {func(p *Patient) { nobody(p); p.BirthDate = "1948-03-10" }, false},
		"no birth date":                    {func(p *Patient) { nobody(p); p.BirthDate = "" }, false},
		"another family name":              {func(p *Patient) { nobody(p); p.FamilyName, p.BirthName = "Martin", "" }, false},
		"a twin":                           {func(p *Patient) { nobody(p); p.GivenNames = "Jeanne-Anne" }, false},
		"another twin":                     {func(p *Patient) { nobody(p); p.GivenNames = "Anne" }, false},
		"everything else, but the same id": {func(p *Patient) { *p = Patient{FamilyName: "X", IDs: []ExternalID{{"ipp", "a 77"}}} }, true},
		"the id of another system":         {func(p *Patient) { *p = Patient{FamilyName: "X", IDs: []ExternalID{{"Labo", "A77"}}} }, false},
	} {
		p := jeanne()
		test.spoil(&p)
		similar, err := h.Similar(t.Context(), h.doctor, p)
		if err != nil || len(similar) > 0 != test.similar {
			t.Errorf("%s: %v, %v", name, similar, err)
		}
		if !test.similar {
			continue
		}
		before := h.store.Revision()
		if _, err := h.Create(t.Context(), h.doctor, p, false); !errors.Is(err, ErrSimilar) || h.store.Revision() != before {
			t.Errorf("%s: created, %v", name, err)
		}
		if similar, err := h.Similar(t.Context(), consult.NewAccountID(), p); err != nil || len(similar) > 0 {
			t.Errorf("%s: told to somebody else: %v, %v", name, similar, err)
		}
	}
	made := h.mustCreate(Patient{FamilyName: "Nemo"})
	if similar, err := h.Similar(t.Context(), h.doctor, Patient{FamilyName: "nemo"}); err != nil || len(similar) != 1 {
		t.Errorf("without a birth date: %v, %v", similar, err)
	}
	if similar, err := h.Similar(t.Context(), h.doctor, made); err != nil || len(similar) != 0 {
		t.Errorf("similar to themselves: %v, %v", similar, err)
	}
}

// TestDoubleClick sends the same new patient eight times at once.
func TestDoubleClick(t *testing.T) {
	h := newHouse(t)
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			switch _, err := h.Create(t.Context(), h.doctor, jeanne(), false); {
			case err == nil:
				made.Add(1)
			case !errors.Is(err, ErrSimilar):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}
