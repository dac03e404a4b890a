package consult

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/colloque/colloque/consult/kv"
)

// checkKeyring fails with ErrWrongKey when the store was sealed with another master key. A new store
// remembers the key.
func checkKeyring(store kv.Store, master *Keyring) error {
	entry, err := store.Get(keyringKey)
	if errors.Is(err, kv.ErrNotFound) {
		err = store.Update(func(tx kv.Txn) error {
			if err := tx.Compare(keyringKey, 0); err != nil {
				return err
			}
			wrapped, _ := master.NewDataKey(keyringKey)
			return tx.Put(keyringKey, wrapped)
		})
		if !errors.Is(err, kv.ErrConflict) {
			return err
		}
		entry, err = store.Get(keyringKey)
	}
	if err != nil {
		return fmt.Errorf("consult: read %s: %w", keyringKey, err)
	}
	if _, err := master.OpenDataKey(keyringKey, entry.Value); err != nil {
		return fmt.Errorf("consult: the data folder and the master key do not belong together: %w", err)
	}
	return nil
}

// recover brings a store in order that the last program left in the middle of something. It walks over those in which somebody
// waited or was in the call, not over everything: who has media is one of them.
func (p *Practice) recover() error {
	if err := p.indexAll(); err != nil {
		return fmt.Errorf("consult: index open consultations: %w", err)
	}
	err := eachKey(p.store, herePrefix, func(key string) error { return p.interrupt(ConsultationID(idAfter(key))) })
	if err != nil {
		return fmt.Errorf("consult: take up open consultations: %w", err)
	}
	p.eraseDue()
	return nil
}

// indexAll walks once over all that is open in a store from before there were indexes by day and of who is here, and notes in the
// store that it did. A store that is new has nothing open.
func (p *Practice) indexAll() error {
	_, err := p.store.Get(indexedKey)
	if !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	if err := eachKey(p.store, openPrefix, func(key string) error { return p.index(ConsultationID(idAfter(key))) }); err != nil {
		return err
	}
	return p.store.Update(func(tx kv.Txn) error { return tx.Put(indexedKey, nil) })
}

// interrupt takes note that the media of the last program is gone.
func (p *Practice) interrupt(id ConsultationID) error {
	c, err := p.Consultation(id)
	if err != nil {
		return err
	}
	for _, participant := range c.Participants {
		if participant.MediaUp {
			if _, err := p.Lost(id, participant.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// eachKey calls do for every key with the prefix, in order. do may delete it.
func eachKey(store kv.Store, prefix string, do func(key string) error) error {
	return eachEntry(store, prefix, func(entry kv.Entry) error { return do(entry.Key) })
}

func eachEntry(store kv.Store, prefix string, do func(kv.Entry) error) error {
	for from := ""; ; {
		entries, err := store.Range(prefix, from, kv.MaxRange)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if err := do(entry); err != nil {
				return err
			}
		}
		if len(entries) < kv.MaxRange {
			return nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

// readAll decodes every value with the prefix.
func readAll[T any](store kv.Store, prefix string) ([]T, error) {
	var all []T
	err := eachEntry(store, prefix, func(entry kv.Entry) error {
		var value T
		if err := json.Unmarshal(entry.Value, &value); err != nil {
			return fmt.Errorf("decode %s: %w", entry.Key, err)
		}
		all = append(all, value)
		return nil
	})
	return all, err
}
