package notify

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// ReportPath is where delivery reports are taken: ReportPath/<gateway>/<secret>.
const ReportPath = "/api/v1/sms-report/"

// earlyReport bounds how long a report may come before the gateway's own answer.
const earlyReport = time.Hour

// maxReport bounds a report, in bytes.
const maxReport = 16 << 10

// ReportURL is the address at which a gateway reports what became of messages. Whoever knows it can say so: it is a secret between
// us and the gateway.
func (o *Outbox) ReportURL(gateway string) string {
	return o.baseURL() + ReportPath + gateway + "/" + o.reportSecret(gateway)
}

func (o *Outbox) reportSecret(gateway string) string { return o.keyedHash("sms-report", gateway) }

// Report takes a delivery report. It fails with consult.ErrNotFound when the address is not one that was given out.
func (o *Outbox) Report(gateway, secret string, r *http.Request) error {
	g := o.gatewayNamed(gateway)
	right := subtle.ConstantTimeCompare([]byte(secret), []byte(o.reportSecret(gateway))) == 1
	if g == nil || !right || g.cfg.Report.Method != r.Method {
		return consult.ErrNotFound
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxReport))
	if err != nil {
		return errBadReport
	}
	d := document{header: r.Header, query: r.URL.Query(), body: body}
	messageID, found := d.value(g.cfg.Report.MessageID)
	said, told := d.value(g.cfg.Report.State)
	if !found || !told {
		return errBadReport
	}
	state := State("")
	switch {
	case g.delivered.MatchString(said):
		state = StateDelivered
	case g.cfg.Report.Failed != "" && g.failed.MatchString(said):
		state = StateFailed
	default:
		return nil // on its way: known already
	}
	return o.fail("report", o.applyReport(gateway, messageID, state))
}

// applyReport writes down what a gateway says, or keeps it until the notice is known by this name.
func (o *Outbox) applyReport(gateway, messageID string, state State) error {
	early, err := o.store.Lease(earlyReport)
	if err != nil {
		return err
	}
	kept, applied := false, Channel("")
	err = o.store.Update(func(tx kv.Txn) error {
		kept, applied = false, ""
		entry, err := tx.Get(sentKey(gateway, messageID))
		if errors.Is(err, kv.ErrNotFound) {
			kept = true
			value, err := json.Marshal(state)
			if err != nil {
				return err
			}
			return tx.PutLease(earlyReportKey(gateway, messageID), value, early)
		}
		if err != nil {
			return err
		}
		r, err := loadRow(tx, consult.NoticeID(entry.Value))
		if errors.Is(err, kv.ErrNotFound) {
			return nil // swept
		}
		if err != nil || !r.report(state, o.clock()) {
			return err
		}
		o.log.Info("delivery report", "notice", r.id, "gateway", gateway, "state", state)
		applied = r.Channel
		if err := errors.Join(r.noteTrouble(tx), r.put(tx)); err != nil || r.Owner == "" {
			return err
		}
		return consult.TouchDesk(tx, r.Owner)
	})
	if err == nil && applied != "" {
		o.counts.add(applied, gateway, string(state))
	}
	if err != nil || !kept {
		err = errors.Join(err, o.store.Revoke(early))
	}
	return err
}

// report changes the row, and says whether anything changed. What was delivered stays delivered: reports overtake one another.
func (r *row) report(state State, now time.Time) bool {
	if r.State != StateSent && r.State != StateUncertain && r.State != StateFailed || r.State == state {
		return false
	}
	r.State, r.ChangedAt, r.Reason = state, now, ""
	if state == StateFailed {
		r.Reason = ReasonUnreached
	}
	return true
}

// applyEarlyReport takes in what the gateway said before its own answer was here.
func (o *Outbox) applyEarlyReport(tx kv.Txn, r *row) error {
	key := earlyReportKey(r.Gateway, r.MessageID)
	entry, err := tx.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var state State
	if err := json.Unmarshal(entry.Value, &state); err != nil {
		return fmt.Errorf("notify: decode report: %w", err)
	}
	r.report(state, o.clock())
	return tx.Delete(key)
}
