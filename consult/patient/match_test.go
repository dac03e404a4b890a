package patient

import "testing"

func TestMatch(t *testing.T) {
	m := newPeople()
	jeanne := Patient{ID: "pt_1", FamilyName: "Martin", BirthName: "Le Goff", GivenNames: "Jeanne Marie", BirthDate: "1948-03-09"}
	jeanne.Contact.Phone = "+33639980010"
	paul := Patient{ID: "pt_2", FamilyName: "Martin", GivenNames: "Paul"}
	paul.Contact.Phone = jeanne.Contact.Phone // one telephone for both
	twin := Patient{ID: "pt_3", FamilyName: "Martin", GivenNames: "Jeanne", BirthDate: "1948-03-09"}
	m.add(jeanne)
	m.add(paul)
	for name, c := range map[string]struct {
		n    Named
		want string
	}{
		"name and birth date":            {Named{Name: "MARTIN Jeanne", BirthDate: "1948-03-09"}, "pt_1"},
		"with her birth name":            {Named{Name: "jeanne le goff", BirthDate: "1948-03-09"}, "pt_1"},
		"another birth date":             {Named{Name: "Jeanne Martin", BirthDate: "1950-01-01", Phone: "+33639980010"}, ""},
		"name and phone":                 {Named{Name: "Jeanne Martin", Phone: "+33639980010"}, "pt_1"},
		"the other one of the telephone": {Named{Name: "Paul MARTIN (suivi)", Phone: "+33639980010"}, "pt_2"},
		"the phone alone":                {Named{Phone: "+33639980010"}, ""},
		"another name":                   {Named{Name: "Jeanne Durand", BirthDate: "1948-03-09", Phone: "+33639980010"}, ""},
		"the name alone":                 {Named{Name: "Jeanne Martin"}, ""},
		"the family name alone":          {Named{Name: "Martin", BirthDate: "1948-03-09"}, ""},
	} {
		got := ""
		for _, p := range m.match(c.n) {
			got += string(p.ID)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	m.add(twin)
	if found := m.match(Named{Name: "Jeanne Martin", BirthDate: "1948-03-09"}); len(found) != 2 {
		t.Errorf("two who may be meant: %v", found)
	}
}
