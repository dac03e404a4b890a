package booking

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// ImportedAs returns the appointment that an import has made with this key, or ErrNotFound.
func (b *Book) ImportedAs(of consult.AccountID, key string) (AppointmentID, error) {
	entry, err := b.kv.Get(importKey(&Imported{Practitioner: of, Key: key}))
	if errors.Is(err, kv.ErrNotFound) {
		return "", ErrNotFound
	}
	return AppointmentID(entry.Value), b.fail("imported", "", err)
}

// Taken reports whether a practitioner has something between two instants.
func (b *Book) Taken(of consult.AccountID, from, to time.Time) (bool, error) {
	s := span{from.Unix(), to.Unix()}
	first, last := s.utcDays()
	entries, err := b.entries(OwnerOf(of), first, last)
	return err == nil && !dayDoc(entries).free(s, "", b.clock().Unix()), b.fail("taken", "", err)
}
