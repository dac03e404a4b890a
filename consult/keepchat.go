package consult

import (
	"errors"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// eraseEvery is how often chats whose time is over are looked for.
const eraseEvery = time.Minute

// ChatKeptUntil is when the messages of an ended consultation are erased; zero before the end.
func (p *Practice) ChatKeptUntil(c Consultation) time.Time {
	if c.EndedAt.IsZero() {
		return time.Time{}
	}
	return c.EndedAt.Add(p.cfg.KeepChat)
}

// HasChat says whether there are messages to be read, now.
func (p *Practice) HasChat(id ConsultationID) (bool, error) {
	r, err := p.load(id)
	if err != nil {
		return false, p.fail("chat", id, err)
	}
	if r.wrappedChat == nil || r.Consultation.State == StateEnded && !p.clock().Before(p.ChatKeptUntil(r.Consultation)) {
		return false, nil
	}
	_, err = p.store.Get(chatHeadKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, p.fail("chat", id, err)
}

// chatKeeper erases what is due, until Close.
func (p *Practice) chatKeeper() {
	ticker := time.NewTicker(eraseEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.eraseDue()
		case <-p.closing.Done():
			return
		}
	}
}

// eraseDue erases the chats whose time is over. What fails is logged and tried again.
func (p *Practice) eraseDue() {
	due := instant(p.clock())
	var keys []string
	entries, err := p.store.Range(erasePrefix, "", kv.MaxRange)
	for _, entry := range entries {
		if at, _, dated := strings.Cut(strings.TrimPrefix(entry.Key, erasePrefix), "/"); dated && at > due {
			continue
		}
		keys = append(keys, entry.Key)
	}
	for _, key := range keys {
		if err == nil {
			err = p.eraseChat(key)
		}
	}
	if err != nil && p.closing.Err() == nil {
		p.log.Error("messages that are due could not be erased; it is tried again", "error", err)
	}
}

// eraseChat erases the key of a consultation's messages, then the messages, and then the note that they are to be erased.
func (p *Practice) eraseChat(note string) error {
	id := ConsultationID(idAfter(note))
	err := p.retry("erase chat", id, func(r *record) error {
		if r.wrappedChat == nil {
			return nil
		}
		r.wrappedChat = nil
		return p.write(r, func(kv.Txn) error { return nil })
	})
	if err != nil && !errors.Is(err, ErrNotFound) { // the whole consultation may be gone already
		return err
	}
	for {
		messages, err := p.store.Range(chatPrefix(id), "", eraseBatch)
		if err != nil {
			return err
		}
		err = p.store.Update(func(tx kv.Txn) error {
			for _, m := range messages {
				if err := tx.Delete(m.Key); err != nil {
					return err
				}
			}
			if len(messages) == eraseBatch {
				return nil
			}
			return errors.Join(tx.Delete(chatHeadKey(id)), tx.Delete(note))
		})
		if err != nil || len(messages) < eraseBatch {
			return err
		}
	}
}
