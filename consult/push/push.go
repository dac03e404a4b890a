package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	queued     = 256 // arrivals that wait to be sent; more are dropped
	sendWithin = 10 * time.Second
	worthFor   = 5 * 60 // seconds that a service keeps a push: who waits longer is seen at the desk
)

// Push sends to browsers. Its methods may be called at the same time.
type Push struct {
	// Static after construction.
	cfg    Config
	store  kv.Store
	master *consult.Keyring
	client *http.Client
	clock  func() time.Time
	log    *slog.Logger
	key    vapid

	queue   chan arrival
	closing context.Context // ends with Close
	close   context.CancelFunc
	work    sync.WaitGroup
}

type arrival struct {
	of   consult.AccountID
	name string
}

// Open reads or makes the signing key and starts the sender. When pushes are off it does neither, and everything is refused.
func Open(cfg Config, store kv.Store, master *consult.Keyring, client *http.Client, clock func() time.Time, log *slog.Logger) (*Push, error) {
	p := &Push{cfg: cfg, store: store, master: master, client: client, clock: clock, log: log, queue: make(chan arrival, queued)}
	p.closing, p.close = context.WithCancel(context.Background())
	if err := cfg.Validate(); err != nil || !cfg.Enabled {
		return p, err
	}
	if err := p.loadKey(); err != nil {
		return nil, err
	}
	p.work.Go(p.send)
	return p, nil
}

// Close drops what was not sent yet and waits. It may be called again.
func (p *Push) Close() error {
	p.close()
	p.work.Wait()
	return nil
}

// Key is what browsers subscribe with (applicationServerKey); "" when pushes are off.
func (p *Push) Key() string { return p.key.Public }

var errOff = &consult.Error{Code: consult.CodeUnavailable, Message: "This server sends no pushes."}

// Subscribe remembers a browser of an account. Said again, it is the same browser.
func (p *Push) Subscribe(of consult.AccountID, s Subscription) error {
	if p.Key() == "" {
		return errOff
	}
	if err := p.check(s); err != nil {
		return err
	}
	s.Since = p.clock().UTC()
	where := keyOf(of, s.Endpoint)
	value, err := p.seal(where, s)
	if err != nil {
		return p.fail(of, err)
	}
	known, err := p.browsers(of)
	if err != nil {
		return p.fail(of, err)
	}
	return p.fail(of, p.store.Update(func(tx kv.Txn) error {
		if _, again := known[where]; !again && len(known) >= maxBrowsers {
			if err := tx.Delete(oldest(known)); err != nil {
				return err
			}
		}
		return tx.Put(where, value)
	}))
}

// Unsubscribe forgets a browser. It is no error when it is not known.
func (p *Push) Unsubscribe(of consult.AccountID, endpoint string) error {
	return p.fail(of, p.store.Update(func(tx kv.Txn) error { return tx.Delete(keyOf(of, endpoint)) }))
}

// Arrived tells the browsers of an account that somebody came; the name may be "". It does not block.
func (p *Push) Arrived(of consult.AccountID, name string) {
	if p.Key() == "" {
		return
	}
	select {
	case p.queue <- arrival{of, name}:
	default:
		p.log.Warn("push dropped: too many at once", "account", of)
	}
}

// send is the sender.
func (p *Push) send() {
	for {
		select {
		case a := <-p.queue:
			browsers, err := p.browsers(a.of)
			if err != nil {
				p.log.Error("push: can't read the subscriptions", "account", a.of, "error", err)
				continue
			}
			for where, s := range browsers {
				p.sendTo(a, where, s)
			}
		case <-p.closing.Done():
			return
		}
	}
}

func (p *Push) sendTo(a arrival, where string, s Subscription) {
	if p.check(s) != nil { // the operator took the service off the list
		return
	}
	message, err := json.Marshal(noticeOf(s.Language, a.name))
	if err != nil {
		return // strings only
	}
	ctx, cancel := context.WithTimeout(p.closing, sendWithin)
	defer cancel()
	answer, err := webpush.SendNotificationWithContext(ctx, message,
		&webpush.Subscription{Endpoint: s.Endpoint, Keys: webpush.Keys{P256dh: s.Key, Auth: s.Auth}},
		&webpush.Options{
			HTTPClient: p.client, Subscriber: strings.TrimPrefix(p.cfg.Contact, "mailto:"), TTL: worthFor, Urgency: webpush.UrgencyHigh,
			VAPIDPublicKey: p.key.Public, VAPIDPrivateKey: p.key.Private, VapidExpiration: p.clock().Add(time.Hour),
		})
	if err != nil {
		p.log.Warn("push not sent", "account", a.of) // the error names the browser's endpoint
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	_ = answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone: // RFC 8030 §7.3
		if err := p.store.Update(func(tx kv.Txn) error { return tx.Delete(where) }); err != nil {
			p.log.Error("push: can't forget a browser", "account", a.of, "error", err)
		}
	case answer.StatusCode >= http.StatusBadRequest:
		p.log.Warn("push refused", "account", a.of, "status", answer.StatusCode)
	}
}

func (p *Push) browsers(of consult.AccountID) (map[string]Subscription, error) {
	entries, err := p.store.Range(prefixOf(of), "", 2*maxBrowsers)
	if err != nil {
		return nil, err
	}
	browsers := make(map[string]Subscription, len(entries))
	for _, entry := range entries {
		var s Subscription
		if err := p.open(entry, &s); err != nil {
			return nil, fmt.Errorf("decode %s: %w", entry.Key, err)
		}
		browsers[entry.Key] = s
	}
	return browsers, nil
}

func oldest(browsers map[string]Subscription) string {
	first := ""
	for where, s := range browsers {
		if first == "" || s.Since.Before(browsers[first].Since) {
			first = where
		}
	}
	return first
}

func (p *Push) fail(of consult.AccountID, err error) error {
	var own *consult.Error
	if err == nil || errors.As(err, &own) {
		return err
	}
	p.log.Error("push", "account", of, "error", err)
	return consult.ErrInternal
}
