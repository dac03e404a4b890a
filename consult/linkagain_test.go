package consult

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

// boxOf keeps notices in memory.
type boxOf struct{ notices []Notice }

func (b *boxOf) Put(_ kv.Txn, n Notice) error {
	if n.To.Reach != ReachSMS {
		return ErrUnreachable
	}
	b.notices = append(b.notices, n)
	return nil
}
func (b *boxOf) Prepare(n Notice) (func(kv.Txn) error, error) {
	return func(tx kv.Txn) error { return b.Put(tx, n) }, nil
}
func (b *boxOf) Cancel(kv.Txn, string) (bool, error) { return false, nil }

func TestSendLink(t *testing.T) {
	h := newHouse(t)
	box := &boxOf{}
	h.Practice.outbox = box
	by := doctor()
	c, _, err := h.Start(StartRequest{By: by, Name: "Jeanne Martin", Language: "fr", Contact: Contact{Phone: "+33639980010"}})
	if err != nil {
		t.Fatal(err)
	}
	patient := c.Participants[1].ID
	if err := h.SendLink(c.ID, patient, "link-again/1"); err != nil {
		t.Fatal(err)
	}
	n := box.notices[len(box.notices)-1]
	if n.Kind != NoticeLinkAgain || n.To.Phone != "+33639980010" || n.Owner != by.ID || n.Participant != patient || !n.Urgent || n.Key != "link-again/1" {
		t.Errorf("%+v", n)
	}
	if seat, err := h.Redeem(t.Context(), n.Secret, netip.Addr{}); err != nil || seat.Participant.ID != patient {
		t.Errorf("the link leads to %+v, %v", seat, err)
	}
	before := h.store.Revision()
	nobody, _, err := h.Start(StartRequest{By: by, Name: "Paul"})
	if err != nil {
		t.Fatal(err)
	}
	started := h.store.Revision()
	for name, test := range map[string]struct {
		id   ConsultationID
		who  ParticipantID
		want error
	}{
		"nobody's number": {nobody.ID, nobody.Participants[1].ID, ErrUnreachable},
		"practitioner":    {c.ID, c.Participants[0].ID, errPractitioner},
		"somebody else":   {c.ID, nobody.Participants[1].ID, ErrNotFound},
		"no consultation": {"c_none", patient, ErrNotFound},
	} {
		if err := h.SendLink(test.id, test.who, "k"); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	if h.store.Revision() != started || before == started {
		t.Error("refused, and something was written")
	}
	if _, err := h.End(by.ID, c.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.SendLink(c.ID, patient, "k"); !errors.Is(err, ErrEnded) {
		t.Errorf("ended: %v", err)
	}
}
