package notify

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	bouncesTimeout = 2 * time.Minute    // one look at the mailbox, all in all
	bouncesAge     = 7 * 24 * time.Hour // reports that came before are not looked for
	bouncesBatch   = 50                 // mails asked about in one go
	maxMailHeader  = 4 << 10            // bytes of a Content-Type that are read
)

// bookmark says how far a mailbox was read. It is kept under bookmarkKey.
type bookmark struct {
	Validity uint32   `json:"validity"` // RFC 9051 §2.3.1.1: when it changes, UIDs mean nothing any more
	Next     imap.UID `json:"next"`
}

// bounceLoop is the goroutine that looks into the mailbox for mails that came back. Start starts it, Close waits for it.
func (o *Outbox) bounceLoop() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-o.stopping.Done():
			return
		case <-timer.C:
		}
		if err := o.readBounces(o.cfg.Mail.Bounces); err != nil && o.stopping.Err() == nil {
			o.log.Warn("the mailbox of mails that came back cannot be read", "error", o.withoutPassword(err))
		}
		timer.Reset(o.cfg.Mail.Bounces.Every)
	}
}

// withoutPassword keeps the password out of the log, should a server repeat it.
func (o *Outbox) withoutPassword(err error) string {
	p := postman{cfg: MailConfig{Password: o.cfg.Mail.Bounces.Password}}
	return p.clean(err)
}

// readBounces looks once: it reads what came since, writes down what the reports say, and erases those that were about our mails.
func (o *Outbox) readBounces(cfg BouncesConfig) error {
	ctx, cancel := context.WithTimeout(o.stopping, bouncesTimeout)
	defer cancel()
	box, err := openMailbox(ctx, cfg)
	if err != nil {
		return err
	}
	defer box.close()
	at, err := o.bookmark()
	if err != nil {
		return err
	}
	if at.Validity != box.validity {
		at = bookmark{box.validity, 1}
	}
	uids, err := box.since(at.Next, o.clock().Add(-bouncesAge))
	if err != nil {
		return err
	}
	for batch := range slices.Chunk(uids, bouncesBatch) {
		if err := o.readBatch(box, batch); err != nil {
			return err
		}
		unread := o.readReplies(box, batch)
		if unread != nil && !o.giveUp(batch[0], unread) {
			return unread
		}
		if at.Next = batch[len(batch)-1] + 1; at.Next == 0 {
			return nil // the last UID that there is
		}
		if err := errors.Join(o.keepBookmark(at), unread); err != nil {
			return err
		}
	}
	return nil
}

// readBatch reads some mails and erases the reports about ours.
func (o *Outbox) readBatch(box *mailbox, uids []imap.UID) error {
	reports, err := box.reports(uids)
	if err != nil {
		return err
	}
	var done []imap.UID
	for _, uid := range reports {
		raw, err := box.read(uid)
		if err != nil {
			return err
		}
		d, err := parseDSN(raw, domainOf(o.cfg.Mail.From))
		if err != nil || d.notice == "" {
			continue // about a mail of somebody else's
		}
		ours, err := o.applyDSN(d)
		if err != nil {
			return err
		}
		if ours {
			done = append(done, uid)
		}
	}
	return box.erase(done)
}

// applyDSN writes down what a report says, and reports whether it was about a notice that is known here. It fails with kv.ErrConflict
// when the notice is being handed over this very moment: it is looked at again.
func (o *Outbox) applyDSN(d dsn) (ours bool, err error) {
	changed := false
	err = o.store.Update(func(tx kv.Txn) error {
		ours, changed = false, false
		r, err := loadRow(tx, d.notice)
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.Channel != ChannelMail {
			return nil
		}
		if !r.State.final() {
			return kv.ErrConflict
		}
		ours = true
		if !d.failed || r.State != StateSent && r.State != StateUncertain {
			return nil // delayed or passed on; or known already
		}
		changed = true
		r.State, r.Reason, r.ChangedAt = StateFailed, d.reason, o.clock()
		if err := errors.Join(r.noteTrouble(tx), r.put(tx)); err != nil || r.Owner == "" {
			return err
		}
		return consult.TouchDesk(tx, r.Owner)
	})
	if err == nil && changed {
		o.counts.add(ChannelMail, "", string(StateFailed))
		o.log.Info("mail came back", "notice", d.notice, "reason", d.reason)
	}
	return ours, err
}

func (o *Outbox) bookmark() (bookmark, error) {
	var at bookmark
	entry, err := o.store.Get(bookmarkKey)
	if errors.Is(err, kv.ErrNotFound) {
		return at, nil
	}
	if err != nil {
		return at, err
	}
	return at, json.Unmarshal(entry.Value, &at)
}

func (o *Outbox) keepBookmark(at bookmark) error {
	value, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return o.store.Update(func(tx kv.Txn) error { return tx.Put(bookmarkKey, value) })
}

// mailbox is a connection to an IMAP server with a mailbox selected. It belongs to one goroutine.
type mailbox struct {
	client   *imapclient.Client
	validity uint32
	stop     func() bool // the watch over the context
}

// openMailbox connects, signs in and selects. The connection ends with ctx.
func openMailbox(ctx context.Context, cfg BouncesConfig) (*mailbox, error) {
	pool, err := authorities(cfg.CA)
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: cfg.Host, MinVersion: tls.VersionTLS12, RootCAs: pool, NextProtos: []string{"imap"}}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	client, err := greet(conn, cfg.TLS, secure)
	if err != nil {
		stop()
		return nil, errors.Join(err, conn.Close())
	}
	box := &mailbox{client: client, stop: stop}
	if err := client.Login(cfg.Username, cfg.Password).Wait(); err != nil {
		box.close()
		return nil, fmt.Errorf("sign in: %w", err)
	}
	selected, err := client.Select(cfg.Mailbox, nil).Wait()
	if err != nil {
		box.close()
		return nil, fmt.Errorf("mailbox %q: %w", cfg.Mailbox, err)
	}
	box.validity = selected.UIDValidity
	return box, nil
}

func greet(conn net.Conn, kind string, secure *tls.Config) (*imapclient.Client, error) {
	options := &imapclient.Options{TLSConfig: secure}
	switch kind {
	case TLSStart:
		return imapclient.NewStartTLS(conn, options)
	case TLSImplicit:
		conn = tls.Client(conn, secure)
	}
	client := imapclient.New(conn, options)
	if err := client.WaitGreeting(); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return client, nil
}

func (b *mailbox) close() {
	_ = b.client.Logout().Wait()
	b.stop()
	_ = b.client.Close()
}

// since returns the mails from a UID on that are not older than a day, in order.
func (b *mailbox) since(next imap.UID, day time.Time) ([]imap.UID, error) {
	found, err := b.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: next}}}, Since: day}, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	uids := slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uid < next }) // n:* holds the last one always (RFC 9051 §9)
	slices.Sort(uids)
	return uids, nil
}

// reports returns those that say of themselves that they are reports.
func (b *mailbox) reports(uids []imap.UID) ([]imap.UID, error) {
	kinds, err := b.fetch(uids, &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Content-Type"}, Peek: true}, maxMailHeader)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(uids), func(uid imap.UID) bool {
		_, is := isDSN(headerOf(kinds[uid], "Content-Type"))
		return !is
	}), nil
}

// read returns one mail, or its beginning if it is long.
func (b *mailbox) read(uid imap.UID) ([]byte, error) {
	found, err := b.fetch([]imap.UID{uid}, &imap.FetchItemBodySection{Partial: &imap.SectionPartial{Size: maxDSN}, Peek: true}, maxDSN)
	return found[uid], err
}

// fetch asks for a section of each mail, and keeps at most so many bytes of it, whatever the server sends.
func (b *mailbox) fetch(uids []imap.UID, section *imap.FetchItemBodySection, most int64) (map[imap.UID][]byte, error) {
	found := make(map[imap.UID][]byte, len(uids))
	command := b.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	for message := command.Next(); message != nil; message = command.Next() {
		var uid imap.UID
		var raw []byte
		for item := message.Next(); item != nil; item = message.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = item.UID
			case imapclient.FetchItemDataBodySection:
				if item.Literal == nil {
					continue
				}
				var err error
				if raw, err = io.ReadAll(io.LimitReader(item.Literal, most)); err != nil {
					return nil, errors.Join(fmt.Errorf("fetch: %w", err), command.Close())
				}
			}
		}
		if slices.Contains(uids, uid) {
			found[uid] = raw
		}
	}
	if err := command.Close(); err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	return found, nil
}

// erase takes mails out of the mailbox. A server without UIDPLUS keeps them marked as deleted: EXPUNGE alone would also take what other
// programs have marked.
func (b *mailbox) erase(uids []imap.UID) error {
	if len(uids) == 0 {
		return nil
	}
	set := imap.UIDSetNum(uids...)
	if err := b.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	if !b.client.Caps().Has(imap.CapUIDPlus) {
		return nil
	}
	if err := b.client.UIDExpunge(set).Close(); err != nil {
		return fmt.Errorf("erase: %w", err)
	}
	return nil
}
