package notify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	senders     = 4                // goroutines per channel that hand over
	scanBatch   = 100              // due notices looked at in one go
	longestIdle = time.Minute      // between looks at the clock, which may be set
	lingering   = 5 * time.Second  // how long a mail connection is kept for the next letter
	sweepEvery  = time.Hour        // between looks for rows that are old enough to go
	stuckDelay  = 10 * time.Second // after the store refused a write
)

// lane is one channel's way out: a dispatcher that knows what is due, and senders that hand over.
type lane struct {
	channel Channel
	jobs    chan consult.NoticeID
	done    chan consult.NoticeID

	// Owned by the dispatcher.
	busy map[consult.NoticeID]bool
}

// Start begins to send. baseURL is where browsers find this server, without a slash at the end. It first settles what the last
// program left half done.
func (o *Outbox) Start(baseURL string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.running || o.closed {
		return nil
	}
	o.base.Store(&baseURL)
	for _, channel := range []Channel{ChannelMail, ChannelSMS} {
		if err := o.settle(channel); err != nil {
			return err
		}
	}
	o.running = true
	for _, channel := range []Channel{ChannelMail, ChannelSMS} {
		l := &lane{channel, make(chan consult.NoticeID), make(chan consult.NoticeID), map[consult.NoticeID]bool{}}
		o.tasks.Go(func() { o.dispatch(l) })
		for range senders {
			o.tasks.Go(func() { o.deliver(l) })
		}
	}
	o.tasks.Go(o.sweepLoop)
	if o.cfg.Mail.Bounces.configured() {
		o.tasks.Go(o.bounceLoop)
	}
	return nil
}

// Close stops sending, lets what is being handed over come to its end (at most half a minute), and waits. It may be called again.
func (o *Outbox) Close() error {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.stop()
	o.tasks.Wait()
	return nil
}

func (o *Outbox) baseURL() string {
	if base := o.base.Load(); base != nil {
		return *base
	}
	return ""
}

// settle takes up what was being handed over when the last program ended without a word. It may have been sent: it is sent again only
// if the gateway takes the same notice once only.
func (o *Outbox) settle(channel Channel) error {
	for from := ""; ; {
		entries, err := o.store.Range(duePrefixOf(channel), from, scanBatch)
		if err != nil {
			return fmt.Errorf("notices: take up the outbox: %w", err)
		}
		for _, entry := range entries {
			if err := o.settleOne(entry.Key); err != nil {
				return fmt.Errorf("notices: take up the outbox: %w", err)
			}
		}
		if len(entries) < scanBatch {
			return nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

func (o *Outbox) settleOne(dueKey string) error {
	return o.store.Update(func(tx kv.Txn) error {
		r, err := loadRow(tx, noticeOf(dueKey))
		if errors.Is(err, kv.ErrNotFound) {
			return tx.Delete(dueKey)
		}
		if err != nil || r.State != StateHanding {
			return err
		}
		if g := o.gatewayNamed(r.Gateway); g != nil && g.cfg.Idempotent {
			r.State, r.ChangedAt = StateQueued, o.clock()
			return r.put(tx)
		}
		o.log.Warn("the last program ended while this was handed over; it is not sent again", "notice", r.id, "channel", r.Channel)
		o.counts.add(r.Channel, r.Gateway, string(StateUncertain))
		if n, err := r.open(o.master); err == nil {
			r.recipient = &n
		}
		return o.finish(tx, r, StateUncertain, ReasonInterrupt)
	})
}

// dispatch is the goroutine that gives due notices to the senders of a lane. Start starts it, Close waits for it.
func (o *Outbox) dispatch(l *lane) {
	defer close(l.jobs)
	for o.stopping.Err() == nil {
		if !o.watchDue(l) { // the history went past us: begin again
			select {
			case <-o.stopping.Done():
			case <-time.After(stuckDelay):
			}
		}
	}
	for len(l.busy) > 0 {
		delete(l.busy, <-l.done)
	}
}

// watchDue looks for due notices whenever one is put, is due, or was handed over. It returns false when the store failed.
func (o *Outbox) watchDue(l *lane) bool {
	ctx, cancel := context.WithCancel(o.stopping)
	defer cancel()
	changes, err := o.store.Watch(ctx, duePrefixOf(l.channel), 0)
	if err != nil {
		o.log.Error("outbox cannot be watched", "channel", l.channel, "error", err)
		return false
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		wait, err := o.scan(l)
		if err != nil {
			if o.stopping.Err() == nil {
				o.log.Error("outbox cannot be read", "channel", l.channel, "error", err)
			}
			wait = stuckDelay
		}
		timer.Reset(wait)
		select {
		case <-o.stopping.Done():
			return true
		case id := <-l.done:
			delete(l.busy, id)
		case _, open := <-changes:
			if !open {
				return o.stopping.Err() != nil
			}
		case <-timer.C:
		}
	}
}

// scan gives the senders what is due, as long as one of them is free, and returns how long nothing else is.
func (o *Outbox) scan(l *lane) (time.Duration, error) {
	now := o.clock()
	for from := ""; len(l.busy) < senders; {
		entries, err := o.store.Range(duePrefixOf(l.channel), from, scanBatch)
		if err != nil {
			return 0, err
		}
		for _, entry := range entries {
			due, err := dueOf(entry.Key)
			if err != nil {
				o.log.Error("outbox holds a strange key", "key", entry.Key)
				continue
			}
			if due.After(now) {
				return min(due.Sub(now), longestIdle), nil
			}
			id := noticeOf(entry.Key)
			if l.busy[id] || o.isStuck(id) {
				continue
			}
			if len(l.busy) >= senders {
				return longestIdle, nil
			}
			l.busy[id] = true
			l.jobs <- id // a sender is free: there are as many as may be busy
		}
		if len(entries) < scanBatch {
			break
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
	return longestIdle, nil
}

// deliver is a goroutine that hands notices over, one after the other. Start starts it; it ends when the dispatcher closes its jobs.
func (o *Outbox) deliver(l *lane) {
	p := &postman{cfg: o.cfg.Mail, practice: o.profile.Name}
	defer p.close()
	for {
		linger := time.NewTimer(lingering)
		select {
		case id, open := <-l.jobs:
			linger.Stop()
			if !open {
				return
			}
			o.handOver(p, id)
			l.done <- id
		case <-linger.C:
			p.close()
			id, open := <-l.jobs
			if !open {
				return
			}
			o.handOver(p, id)
			l.done <- id
		}
	}
}

// handOver tries one notice once.
func (o *Outbox) handOver(p *postman, id consult.NoticeID) {
	defer func() {
		if cause := recover(); cause != nil {
			o.log.Error("notice not handed over", "notice", id, "panic", fmt.Sprint(cause))
			o.setStuck(id)
		}
	}()
	r, err := loadRow(o.store, id)
	if errors.Is(err, kv.ErrNotFound) || err == nil && r.State != StateQueued {
		return
	}
	if err != nil {
		o.log.Error("notice not read", "notice", id, "error", err)
		o.setStuck(id)
		return
	}
	n, err := r.open(o.master)
	if err != nil {
		o.log.Error("notice not opened", "notice", id, "error", err)
		o.settleAs(r, StateFailed, ReasonUnreadable)
		return
	}
	r.recipient = &n
	now := o.clock()
	if !now.Before(r.NotAfter) {
		o.settleAs(r, StateFailed, ReasonExpired)
		return
	}
	if morning, wait := o.waitsUntil(r, n, now); wait {
		r.Since = morning.UTC()
		o.postpone(r, morning)
		return
	}
	o.attempt(p, r, n)
}

// attempt hands a notice over and writes down what came of it.
func (o *Outbox) attempt(p *postman, r *row, n consult.Notice) {
	subject, text, language, err := o.write(n, r.Channel)
	if err != nil {
		o.log.Error("notice not written", "notice", r.id, "error", err)
		o.settleAs(r, StateFailed, ReasonUnreadable)
		return
	}
	handing := func(gateway string) error { return o.handing(r, gateway) }
	var result outcome
	if r.Channel == ChannelMail {
		l := letter{to: n.To.Mail, subject: subject, text: text, language: language, id: string(r.id)}
		if l.calendar, l.method, err = o.calendarOf(n, language); err != nil { // the words say it all the same
			o.log.Error("notice goes without its calendar", "notice", r.id, "error", err)
		}
		result = p.hand(o.stopping, l, func() error { return handing("") })
		o.log.Info("mail", "notice", r.id, "verdict", result.verdict.String(), "attempt", r.Attempts+1)
	} else {
		// Not stopped in the middle: that would leave the message in doubt.
		result = o.handSMS(context.WithoutCancel(o.stopping), r, n, text, handing)
	}
	if r.overtaken {
		return
	}
	if result.verdict != taken {
		o.log.Warn("notice not taken", "notice", r.id, "gateway", r.Gateway, "verdict", result.verdict.String(), "answer", o.withoutAddresses(result.answer, n))
	}
	r.MessageID = result.messageID
	switch result.verdict {
	case taken:
		o.settleAs(r, StateSent, "")
	case refused:
		reason := ReasonRefused
		switch {
		case r.Channel == ChannelSMS && len(r.Refusals) == 0:
			reason = ReasonNoGateway
		case r.Channel == ChannelMail:
			reason = reasonOfAnswer(result.answer)
		}
		o.settleAs(r, StateFailed, reason)
	case doubtful:
		o.settleAs(r, StateUncertain, ReasonInterrupt)
	case later:
		r.Attempts++
		o.counts.add(r.Channel, r.Gateway, outcomeRetried)
		o.postpone(r, o.clock().Add(backOff(r.Attempts)))
	}
}

// withoutAddresses keeps the recipient out of what is logged: mail servers repeat the address that they refuse.
func (o *Outbox) withoutAddresses(answer string, n consult.Notice) string {
	for _, personal := range []string{n.To.Mail, n.To.Phone, strings.TrimPrefix(n.To.Phone, "+"), n.Name, n.Secret} {
		if personal != "" {
			answer = strings.ReplaceAll(answer, personal, "…")
		}
	}
	return answer
}

// handing writes, before anything leaves, that the notice is on its way: whatever happens from here on, it does not leave twice.
func (o *Outbox) handing(r *row, gateway string) error {
	r.State, r.Gateway, r.ChangedAt = StateHanding, gateway, o.clock()
	err := o.store.Update(func(tx kv.Txn) error { return r.putAgain(tx) })
	r.overtaken = errors.Is(err, kv.ErrConflict)
	return err
}

// settleAs ends a notice. When the store refuses, the notice stays as it is on disk, and is not touched again by this program.
func (o *Outbox) settleAs(r *row, state State, reason Reason) {
	err := o.store.Update(func(tx kv.Txn) error { return o.finish(tx, r, state, reason) })
	if err != nil {
		o.log.Error("what became of a notice could not be written down", "notice", r.id, "state", state, "error", err)
		o.setStuck(r.id)
		return
	}
	o.counts.add(r.Channel, r.Gateway, string(state))
}

// postpone lets a notice wait for another attempt.
func (o *Outbox) postpone(r *row, until time.Time) {
	old := r.dueKey()
	r.State, r.Due, r.ChangedAt = StateQueued, until.UTC(), o.clock()
	if !until.Before(r.NotAfter) {
		r.Due = r.NotAfter.UTC()
	}
	err := o.store.Update(func(tx kv.Txn) error {
		if err := tx.Delete(old); err != nil {
			return err
		}
		if err := tx.Put(r.dueKey(), nil); err != nil {
			return err
		}
		return o.putAndTell(tx, r)
	})
	if err != nil {
		o.log.Error("a notice could not be put off", "notice", r.id, "error", err)
		o.setStuck(r.id)
	}
}

// finish ends a notice in a transaction: what was said is erased, and its desk looks again. Up to 8 operations.
func (o *Outbox) finish(tx kv.Txn, r *row, state State, reason Reason) error {
	if err := tx.Delete(r.dueKey()); err != nil {
		return err
	}
	r.State, r.Reason, r.ChangedAt = state, reason, o.clock()
	if state == StateSent && r.MessageID != "" {
		if err := tx.Put(sentKey(r.Gateway, r.MessageID), []byte(r.id)); err != nil {
			return err
		}
		if err := o.applyEarlyReport(tx, r); err != nil {
			return err
		}
	}
	if err := o.keepRecipient(r); err != nil {
		return err
	}
	if r.troubled() { // one that has just ended was in no index before
		if err := r.noteTrouble(tx); err != nil {
			return err
		}
	}
	return o.putAndTell(tx, r)
}

// putAndTell writes the row and lets the owner's desk look again.
func (o *Outbox) putAndTell(tx kv.Txn, r *row) error {
	if err := r.putAgain(tx); err != nil {
		return err
	}
	if r.Owner == "" {
		return nil
	}
	return consult.TouchDesk(tx, r.Owner)
}

const (
	firstBackOff   = 5 * time.Second
	longestBackOff = 30 * time.Minute
)

// backOff is how long to wait after so many attempts: three times longer each time, and a little by chance, so that a gateway
// that comes back is not met by everything at once.
func backOff(attempts int) time.Duration {
	wait := firstBackOff
	for range attempts - 1 {
		if wait *= 3; wait >= longestBackOff {
			wait = longestBackOff
			break
		}
	}
	return wait + time.Duration(rand.Int64N(int64(wait/5)+1))
}

// stuck are the notices that this program cannot write down any more. They are few: the disk is full, or a row is broken.
type stuck struct {
	mu  sync.Mutex
	ids map[consult.NoticeID]bool
}

func (o *Outbox) setStuck(id consult.NoticeID) {
	o.stuck.mu.Lock()
	defer o.stuck.mu.Unlock()
	o.stuck.ids[id] = true
}

func (o *Outbox) isStuck(id consult.NoticeID) bool {
	o.stuck.mu.Lock()
	defer o.stuck.mu.Unlock()
	return o.stuck.ids[id]
}

func noticeOf(dueKey string) consult.NoticeID {
	return consult.NoticeID(dueKey[strings.LastIndexByte(dueKey, '/')+1:])
}

func dueOf(dueKey string) (time.Time, error) {
	parts := strings.Split(dueKey, "/")
	if len(parts) != 5 { // v1, notice-due, channel, instant, notice
		return time.Time{}, errors.New("notify: not a key of something due")
	}
	return time.Parse(dueLayout, parts[3])
}
