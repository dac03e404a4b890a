package consult

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// TestOneAnswerToEveryBadTicket holds that nobody learns what is wrong with a ticket.
func TestOneAnswerToEveryBadTicket(t *testing.T) {
	h, by := newHouse(t), doctor()
	h.withoutDelay()
	_, good := h.mustStart(by)
	ended, ofEnded := h.mustStart(by)
	h.must(h.End(by.ID, ended.ID))
	revokedIn, revoked := h.mustStart(by)
	for range maxTickets {
		if _, err := h.Link(by.ID, revokedIn.ID, revokedIn.Participants[1].ID); err != nil {
			t.Fatal(err)
		}
	}
	seatOf := func(c Consultation) string { return string(c.ID) + "/" + string(c.Participants[1].ID) }
	signIn := h.mustIssue(PurposeSignIn, seatOf(revokedIn))
	dangling := h.mustIssue(PurposeJoin, string(newConsultationID())+"/p_x")
	noSeat := h.mustIssue(PurposeJoin, string(revokedIn.ID)+"/p_x")
	leftOver := h.mustIssue(PurposeJoin, seatOf(ended))
	bad := map[string]string{
		"unknown": NewSecret(), "ended": ofEnded, "revoked": revoked, "other purpose": signIn, "dangling": dangling, "no seat": noSeat, "left over": leftOver,
		"empty": "", "short": good[1:], "long": good + "A", "path": "../" + good, "huge": strings.Repeat("A", 1<<16),
		"changed": flip(good), "other case": swapCase(good), "id": string(ended.ID), "control": "\x00" + good[1:],
	}
	check := func(name, secret string) {
		seat, err := h.Redeem(t.Context(), secret, here)
		if !errors.Is(err, ErrBadTicket) || seat.Consultation.ID != "" {
			t.Errorf("%s: %v, %v", name, err, seat.Consultation.ID)
		}
	}
	for name, secret := range bad {
		check(name, secret)
	}
	h.must1(h.Redeem(t.Context(), good, here))
	h.clock.Forward(DefaultConfig().TicketLifetime - time.Second)
	h.must1(h.Redeem(t.Context(), good, here))
	h.clock.Forward(time.Second)
	check("expired", good)
}

func TestLinkKeepsFiveAndRevokesTheOldest(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, first := h.mustStart(by)
	secrets := []string{first}
	for range maxTickets + 1 {
		secret, err := h.Link(by.ID, c.ID, c.Participants[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, secret)
	}
	for i, secret := range secrets {
		_, err := h.Redeem(t.Context(), secret, here)
		if wantBad := i < len(secrets)-maxTickets; (err != nil) != wantBad {
			t.Errorf("ticket %d: %v, want bad: %v", i, err, wantBad)
		}
	}
	h.clock.Forward(DefaultConfig().TicketLifetime)
	if _, err := h.Link(by.ID, c.ID, c.Participants[1].ID); err != nil {
		t.Fatal(err)
	}
	left, err := h.store.Range("v1/ticket/", "", 100)
	if err != nil || len(left) != 1 {
		t.Errorf("%d tickets are left of the expired ones, %v", len(left)-1, err)
	}
	h.must(h.End(by.ID, c.ID))
	if _, err := h.Link(by.ID, c.ID, c.Participants[1].ID); !errors.Is(err, ErrEnded) {
		t.Errorf("link after the end: %v", err)
	}
}

// TestRedeemChangesNothing: promise 2 of the design, at its root.
func TestRedeemChangesNothing(t *testing.T) {
	h, by := newHouse(t), doctor()
	h.withoutDelay()
	c, secret := h.mustStart(by)
	before := h.store.Revision()
	for range 50 {
		h.must1(h.Redeem(t.Context(), secret, here))
		_, _ = h.Redeem(t.Context(), NewSecret(), here)
		h.must1(h.PractitionerSeat(by.ID, c.ID))
	}
	if after := h.store.Revision(); after != before {
		t.Errorf("revision went from %d to %d", before, after)
	}
}

func TestOnlyHashesAreStored(t *testing.T) {
	h, by := newHouse(t), doctor()
	_, secret := h.mustStart(by)
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw)*8 < 128 {
		t.Fatalf("%d bits, %v", len(raw)*8, err)
	}
	store := string(h.rawStore())
	if strings.Contains(store, secret) || strings.Contains(store, string(raw)) {
		t.Error("the secret is in the store")
	}
	if strings.Contains(h.log.String(), secret) {
		t.Error("the secret is in the log")
	}
	if hash, _ := HashSecret(secret); !strings.Contains(store, hash) {
		t.Error("the hash is not in the store: this test looks at the wrong thing")
	}
}

func TestRedeemRespectsItsContext(t *testing.T) {
	h, by := newHouse(t), doctor()
	_, secret := h.mustStart(by)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Redeem(ctx, secret, here); CodeOf(err) != CodeUnavailable {
		t.Errorf("%v", err)
	}
}

func FuzzHashSecret(f *testing.F) {
	for _, seed := range []string{"", NewSecret(), strings.Repeat("A", secretLength), "../x", "\xff", strings.Repeat("-", secretLength)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, secret string) {
		hash, ok := HashSecret(secret)
		if !ok {
			if hash != "" {
				t.Error("a hash of what is no secret")
			}
			return
		}
		raw, err := base64.RawURLEncoding.DecodeString(secret)
		if err != nil || base64.RawURLEncoding.EncodeToString(raw) != secret {
			t.Errorf("%q has more than one spelling", secret)
		}
		if kv.CheckKey(ticketKey(hash)) != nil {
			t.Errorf("%q makes no key", hash)
		}
	})
}

// mustIssue writes a ticket that the practice knows nothing of.
func (h *house) mustIssue(purpose Purpose, subject string) string {
	h.t.Helper()
	secret, now := NewSecret(), h.clock.Now()
	err := h.store.Update(func(tx kv.Txn) error {
		_, err := IssueTicket(tx, secret, Ticket{purpose, subject, now.Add(time.Hour)}, nil, now)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// withoutDelay lets a test guess as much as it likes.
func (h *house) withoutDelay() {
	h.guard = NewGuard(GuardConfig{Allowance: 1000, Step: 1, MaxDelay: 1, Addresses: 10}, h.clock.Now)
}

func flip(secret string) string {
	if secret[0] == 'A' {
		return "B" + secret[1:]
	}
	return "A" + secret[1:]
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 32
		case r >= 'A' && r <= 'Z':
			return r + 32
		}
		return r
	}, s)
}
