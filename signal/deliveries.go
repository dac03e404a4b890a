package signal

import (
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/notify"
)

// Notices is what a desk asks about messages; *notify.Outbox is one. What changes there wakes consult's watch.
type Notices interface {
	Deliveries(consult.ConsultationID) ([]notify.Delivery, error)
	Undelivered(owners ...consult.AccountID) ([]notify.Undelivered, error)
}

// deliveryView is what became of the newest message that should bring somebody their link.
type deliveryView struct {
	Channel notify.Channel `json:"channel"`
	State   notify.State   `json:"state"`
	Reason  notify.Reason  `json:"reason,omitempty"`
}

// deliveries returns, for each participant of a consultation, what became of their link.
func (d *desk) deliveries(of consult.ConsultationID) map[consult.ParticipantID]*deliveryView {
	if d.hub.notices == nil {
		return nil
	}
	all, err := d.hub.notices.Deliveries(of)
	if err != nil { // the outbox has logged it; who waits is worth more
		return nil
	}
	last := make(map[consult.ParticipantID]*deliveryView)
	for _, one := range all { // oldest first
		if one.BringsLink() {
			last[one.Participant] = &deliveryView{one.Channel, one.State, one.Reason}
		}
	}
	return last
}

// undelivered counts the messages of this desk that did not arrive, and with which nobody has dealt yet.
func (d *desk) undelivered() int {
	if d.hub.notices == nil {
		return 0
	}
	all, err := d.hub.notices.Undelivered(d.account)
	if err != nil {
		return 0
	}
	return len(all)
}
