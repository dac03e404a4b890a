package consult

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestCleanPhone(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"  ":                     "",
		"06 39 98 00 10":         "+33639980010",
		"0639980010":             "+33639980010",
		"06.39.98.00.10":         "+33639980010",
		"06-39-98-00-10":         "+33639980010",
		"06\u00a039\u202f980010": "+33639980010",
		"+33 (0)6 39 98 00 10":   "+33639980010",
		"0033639980010":          "+33639980010",
		"01 99 00 12 34":         "+33199001234",
		"+41 22 372 33 11":       "+41223723311",
		"+1 212-555-0123":        "+12125550123",
		"0696 12 34 56":          "+596696123456", // overseas, with the prefix that all of France dials
		"06 92 12 34 56":         "+262692123456",
		"0590 27 12 34":          "+590590271234",
		"+262 692 12 34 56":      "+262692123456",
	} {
		if got, err := CleanPhone(text, "FR"); got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"6", "0", "+", "++33639980010", "06 39 98 00 1", "06 39 98 00 100", "0800-FLOWERS", "06 39 98 00 10 ext. 3",
		"06;39", "112", "+999123456789", "tel:+33639980010", strings.Repeat("0", 41), "０６３９９８００１０", "\xff", "+33639980010#5",
	} {
		if got, err := CleanPhone(text, "FR"); !errors.Is(err, errBadPhone) || got != "" {
			t.Errorf("%q: taken as %q, %v", text, got, err)
		}
	}
	if got, err := CleanPhone("01 99 00 12 34", "MQ"); got != "+33199001234" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := CleanPhone("022 372 33 11", "CH"); got != "+41223723311" || err != nil {
		t.Errorf("in Switzerland: %q, %v", got, err)
	}
}

func TestCleanMail(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "",
		" jeanne@example.org ":        "jeanne@example.org",
		"Jeanne.Martin+x@Example.ORG": "Jeanne.Martin+x@example.org",
		"o'brien@example.org":         "o'brien@example.org",
		"jeanne@hôpital.example":      "jeanne@xn--hpital-ixa.example",
	} {
		if got, err := CleanMail(text); got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"jeanne", "jeanne@", "@example.org", "jeanne@example", "jeanne@localhost", "a@b@example.org", "Jeanne <j@example.org>", "<j@example.org>",
		`"je anne"@example.org`, "j@[192.0.2.1]", "j@example.org\r\nBcc: x@example.org", "jéanne@example.org", "j@exa mple.org", "j@example.org,k@example.org",
		"j@.org", "j@example.", strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("b.", 130) + "org", "\xff@example.org", "j@-x.org",
	} {
		if got, err := CleanMail(text); !errors.Is(err, errBadMail) || got != "" {
			t.Errorf("%q: taken as %q, %v", text, got, err)
		}
	}
}

func TestCleanContact(t *testing.T) {
	const mobile, fixed, address = "+33639980010", "+33199001234", "j@example.org"
	for _, test := range []struct {
		in   Contact
		want Reach
		err  error
	}{
		{Contact{}, ReachHanded, nil},
		{Contact{Phone: mobile}, ReachSMS, nil},
		{Contact{Phone: mobile, Mail: address}, ReachSMS, nil},
		{Contact{Phone: fixed}, ReachHanded, nil},
		{Contact{Phone: fixed, Mail: address}, ReachMail, nil},
		{Contact{Mail: address}, ReachMail, nil},
		{Contact{Phone: "+12125550123"}, ReachSMS, nil}, // North America's numbers do not tell
		{Contact{Phone: mobile, Mail: address, Reach: ReachMail}, ReachMail, nil},
		{Contact{Phone: mobile, Mail: address, Reach: ReachHanded}, ReachHanded, nil},
		{Contact{Phone: fixed, Reach: ReachSMS}, "", errReachNoMobile},
		{Contact{Reach: ReachSMS}, "", errReachNoMobile},
		{Contact{Phone: mobile, Reach: ReachMail}, "", errReachNoMail},
		{Contact{Phone: mobile, Reach: "pigeon"}, "", errBadReach},
		{Contact{Phone: "1"}, "", errBadPhone},
		{Contact{Mail: "j"}, "", errBadMail},
	} {
		got, err := test.in.Clean("FR")
		if got.Reach != test.want || !errors.Is(err, test.err) {
			t.Errorf("%+v: %+v, %v; want %q, %v", test.in, got, err, test.want, test.err)
		}
		if again, err := got.Clean("FR"); err != nil || test.err == nil && again != got {
			t.Errorf("%+v: cleaned again: %+v, %v", got, again, err)
		}
	}
}

func TestCleanBirthDate(t *testing.T) {
	now := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)
	for _, text := range []string{"", "1948-03-09", "2024-02-29", "2026-11-22", "2026-11-23", "1896-11-23"} {
		if got, err := CleanBirthDate(text, now); got != text || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"2026-11-24", "1896-11-21", "2023-02-29", "1948-3-9", "09/03/1948", "1948-03-09T00:00:00Z", " 1948-03-09", "0000-00-00", "x"} {
		if got, err := CleanBirthDate(text, now); !errors.Is(err, errBadBirthDate) || got != "" {
			t.Errorf("%q: taken as %q, %v", text, got, err)
		}
	}
}

func TestCleanNeeds(t *testing.T) {
	got, err := CleanNeeds([]string{NeedCarer, NeedHearing, NeedCarer})
	if err != nil || !slices.Equal(got, []string{NeedHearing, NeedCarer}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := CleanNeeds(nil); got != nil || err != nil {
		t.Errorf("none: %v, %v", got, err)
	}
	if _, err := CleanNeeds([]string{NeedHearing, "oxygen"}); !errors.Is(err, errBadNeeds) {
		t.Errorf("unknown need: %v", err)
	}
}

func TestPatientID(t *testing.T) {
	id := NewPatientID()
	if !id.Valid() || id == NewPatientID() {
		t.Error(id)
	}
	for _, bad := range []PatientID{"", "pt_", id + "A", id[:len(id)-1], "a_" + id[3:], "pt_" + id[3:len(id)-1] + "/", PatientID(newConsultationID())} {
		if bad.Valid() {
			t.Errorf("%q is an id", bad)
		}
	}
}

// FuzzContact holds that what was cleaned is clean, and fit for a line of a protocol.
func FuzzContact(f *testing.F) {
	f.Add("06 39 98 00 10", "jeanne@example.org", "sms")
	f.Add("+33 (0)1 99 00 12 34", "j@hôpital.example", "mail")
	f.Add("0800-FLOWERS", "\"a b\"@[::1]", "")
	f.Fuzz(func(t *testing.T, phone, address, reach string) {
		c, err := Contact{phone, address, Reach(reach)}.Clean("FR")
		if err != nil {
			if CodeOf(err) != CodeBadMessage {
				t.Fatal(err)
			}
			return
		}
		if again, err := c.Clean("CH"); again != c || err != nil {
			t.Fatalf("%+v became %+v, %v", c, again, err)
		}
		for _, s := range []string{c.Phone, c.Mail} {
			if strings.ContainsAny(s, "\r\n\x00 ,<>") || !utf8.ValidString(s) {
				t.Fatalf("%+v", c)
			}
		}
	})
}
