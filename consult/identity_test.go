package consult

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestIdentity(t *testing.T) {
	c, _ := consultationWith(situation{role: RolePatient, place: PlaceWaiting})
	c.Participants = append(c.Participants, Participant{ID: "p_guest", Role: RoleGuest, Place: PlaceInvited})
	now := t0
	do := func(s step, want error) Participant {
		t.Helper()
		s.by, now = owner, now.Add(time.Minute)
		if s.participant == "" {
			s.participant = thePat
		}
		next, _, err := c.apply(s, now)
		if !errors.Is(err, want) {
			t.Fatalf("%s: %v, want %v", s.action, err, want)
		}
		c = next
		p, _ := c.Participant(thePat)
		return p
	}
	home := Identity{Whereabouts: Whereabouts{Place: "12 rue des Lilas, Grenoble", CallBack: "+33639980010"}}
	p := do(step{action: ActionWhere, seat: thePat, identity: home}, nil)
	if p.Where.Place != home.Place || p.Where.SaidBy != thePat || !p.Where.SaidAt.Equal(now) || p.CallBack() != "+33639980010" {
		t.Errorf("%+v", p.Where)
	}
	said := p.Where.SaidAt
	if p = do(step{action: ActionWhere, seat: thePat, identity: home}, nil); !p.Where.SaidAt.Equal(said) {
		t.Error("what is said twice counts as said later")
	}
	mine := home
	mine.Name, mine.BirthDate = "Jeanne Martin", "1957-03-09"
	p = do(step{action: ActionIdentify, identity: mine}, nil)
	if p.Name != "Jeanne Martin" || p.BirthDate != "1957-03-09" || p.Where.SaidBy != thePat {
		t.Errorf("%+v", p)
	}
	p = do(step{action: ActionVerify, to: Practitioner{owner, "Dr Moreau"}, proof: ProofDocument}, nil)
	if p.Verified != (Verified{ProofDocument, owner, "Dr Moreau", now}) {
		t.Errorf("%+v", p.Verified)
	}
	mine.Place = "At her daughter's, Lyon"
	if p = do(step{action: ActionIdentify, identity: mine}, nil); p.Verified.How != ProofDocument || p.Where.SaidBy != thePrac {
		t.Errorf("another place: %+v", p)
	}
	mine.Name = "Jeanne Durand"
	if p = do(step{action: ActionIdentify, identity: mine}, nil); p.Verified != (Verified{}) {
		t.Errorf("another name is still verified: %+v", p.Verified)
	}
	do(step{action: ActionVerify, to: Practitioner{owner, "Dr Moreau"}, proof: ProofCarer}, nil)
	if p = do(step{action: ActionVerify}, nil); p.Verified != (Verified{}) {
		t.Errorf("taken back: %+v", p.Verified)
	}
	do(step{action: ActionVerify, proof: "guess"}, errBadProof)
	for _, action := range []Action{ActionWhere, ActionIdentify, ActionVerify} {
		do(step{action: action, participant: "p_guest"}, errNoPatient)
		do(step{action: action, participant: "p_nobody"}, ErrNotFound)
	}
	if _, _, err := c.apply(step{action: ActionVerify, by: somebody, participant: thePat, proof: ProofKnown}, now); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else verifies: %v", err)
	}
}

func TestWhereaboutsClean(t *testing.T) {
	for name, row := range map[string]struct {
		given, want Whereabouts
		err         error
	}{
		"as it is":          {Whereabouts{Place: " 12  rue des\tLilas ", CallBack: "06 39 98 00 10"}, Whereabouts{Place: "12 rue des Lilas", CallBack: "+33639980010"}, nil},
		"nothing":           {Whereabouts{}, Whereabouts{}, nil},
		"another country":   {Whereabouts{Country: "CH", CallBack: "079 123 45 67"}, Whereabouts{Country: "CH", CallBack: "+41791234567"}, nil},
		"no country":        {Whereabouts{Country: "XX"}, Whereabouts{}, errBadCountry},
		"no number":         {Whereabouts{CallBack: "12"}, Whereabouts{}, errBadPhone},
		"a long place":      {Whereabouts{Place: strings.Repeat("é", maxPlace+1)}, Whereabouts{}, errBadPlace},
		"the longest place": {Whereabouts{Place: strings.Repeat("é", maxPlace)}, Whereabouts{Place: strings.Repeat("é", maxPlace)}, nil},
		"an override":       {Whereabouts{Place: "a\u202eb"}, Whereabouts{}, errBadPlace},
		"not UTF-8":         {Whereabouts{Place: "a\xff"}, Whereabouts{}, errBadPlace},
	} {
		if got, err := row.given.clean("FR"); got != row.want && err == nil || !errors.Is(err, row.err) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestEmergencyNumber(t *testing.T) {
	for country, want := range map[string]string{"": "15", "FR": "15", "RE": "15", "CH": "144", "GB": "999", "DE": "112", "US": "911", "JP": ""} {
		p := Participant{Where: Whereabouts{Country: country}}
		if got := p.EmergencyNumber("FR"); got != want {
			t.Errorf("%q: %q, want %q", country, got, want)
		}
	}
}

func TestEmergencyNumberByTelephone(t *testing.T) {
	tests := []struct{ practice, said, phone, want string }{
		{"FR", "", "+33639980010", "15"},
		{"FR", "", "", "15"},
		{"FR", "", "+41781234567", "112"},   // in France or in Switzerland: 112 works in both
		{"FR", "CH", "+33639980010", "144"}, // they said where they are
		{"FR", "", "+590690001234", "15"},   // Guadeloupe: the same number
		{"FR", "", "+12025550123", ""},      // nobody knows: ask
		{"CH", "", "+33639980010", "112"},
		{"FR", "", "+687750123", "15"}, // New Caledonia: 15 too
		{"DE", "", "+687750123", ""},   // where 112 does not
		{"", "", "", ""},
	}
	for _, test := range tests {
		p := Participant{Where: Whereabouts{Country: test.said}, Contact: Contact{Phone: test.phone}}
		if got := p.EmergencyNumber(test.practice); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

func TestIdentityOnDisk(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	seat := Seat{c, c.Participants[1]}
	h.must(h.SayWhere(seat, "Grenoble", "0639980010"))
	h.must(h.Identify(by.ID, c.ID, seat.Participant.ID, Identity{Name: "Jeanne Martin", BirthDate: "1957-03-09", Whereabouts: Whereabouts{Place: "Lyon"}}))
	h.must(h.Verify(by.ID, by, c.ID, seat.Participant.ID, ProofKnown))
	h.restart()
	c = h.must(h.Consultation(c.ID))
	if p := c.Participants[1]; p.Where.Place != "Lyon" || p.BirthDate != "1957-03-09" || p.Verified.ByName != by.Name {
		t.Errorf("%+v", p)
	}
	for name, try := range map[string]func() error{
		"a bad name": func() error {
			_, err := h.Identify(by.ID, c.ID, seat.Participant.ID, Identity{Name: "a\x00"})
			return err
		},
		"a bad day": func() error {
			_, err := h.Identify(by.ID, c.ID, seat.Participant.ID, Identity{BirthDate: "1.2."})
			return err
		},
		"a bad number":     func() error { _, err := h.SayWhere(seat, "", "12"); return err },
		"somebody else's":  func() error { _, err := h.Identify(doctor().ID, c.ID, seat.Participant.ID, Identity{}); return err },
		"somebody's proof": func() error { _, err := h.Verify(doctor().ID, by, c.ID, seat.Participant.ID, ProofKnown); return err },
	} {
		if try() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	h.must(h.End(by.ID, c.ID))
	if _, err := h.SayWhere(seat, "x", ""); !errors.Is(err, ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
}
