package signal

import (
	"sync"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/notify"
)

// fakeNotices is an outbox that says what the test says.
type fakeNotices struct {
	mu          sync.Mutex // guards the following
	deliveries  []notify.Delivery
	undelivered []notify.Undelivered
}

func (f *fakeNotices) Deliveries(consult.ConsultationID) ([]notify.Delivery, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]notify.Delivery{}, f.deliveries...), nil
}

func (f *fakeNotices) Undelivered(...consult.AccountID) ([]notify.Undelivered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]notify.Undelivered{}, f.undelivered...), nil
}

// TestDeliveriesAtTheDesk: what becomes of somebody's link is in the snapshot, so that a desk hears of it when it happens.
func TestDeliveriesAtTheDesk(t *testing.T) {
	w := newWaitingRoom(t)
	other := consult.ParticipantID("p_other")
	one := func(of consult.ParticipantID, kind consult.NoticeKind, state notify.State, reason notify.Reason) notify.Delivery {
		return notify.Delivery{Participant: of, Kind: kind, Channel: notify.ChannelSMS, State: state, Reason: reason}
	}
	patient := consult.ParticipantID(w.patient)
	notices := &w.notices
	notices.mu.Lock()
	notices.deliveries = []notify.Delivery{
		one(patient, consult.NoticeInvitation, notify.StateDelivered, ""),
		one(patient, consult.NoticeLinkAgain, notify.StateFailed, notify.ReasonUnreached),
		one(patient, consult.NoticeDelay, notify.StateSent, ""), // brings no link
		one(other, consult.NoticeInvitation, notify.StateSent, ""),
	}
	notices.undelivered = make([]notify.Undelivered, 1)
	notices.mu.Unlock()
	w.hub.presenceChanged(w.doctor.ID)
	got := w.desk.expect("desk", func(m map[string]any) bool { return deskPerson(m, w.patient)["delivery"] != nil })
	delivery := deskPerson(got, w.patient)["delivery"].(map[string]any)
	if delivery["channel"] != "sms" || delivery["state"] != "failed" || delivery["reason"] != "unreached" || got["undelivered"] != 1.0 {
		t.Errorf("%v, %v", delivery, got["undelivered"])
	}

	notices.mu.Lock()
	notices.deliveries[1] = one(patient, consult.NoticeLinkAgain, notify.StateDelivered, "")
	notices.undelivered = nil
	notices.mu.Unlock()
	w.hub.presenceChanged(w.doctor.ID)
	w.desk.expect("desk", func(m map[string]any) bool {
		return deskPerson(m, w.patient)["delivery"].(map[string]any)["state"] == "delivered" && m["undelivered"] == nil
	})
}
