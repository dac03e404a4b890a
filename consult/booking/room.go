package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Room is a room, or a device, whose time is booked together with a practitioner's.
type Room struct {
	ID       OwnerID `json:"id"`
	Name     string  `json:"name"`
	Closed   bool    `json:"closed,omitempty"` // for works, say: nothing new is given it
	Revision uint64  `json:"-"`                // of the store; 0: it is not there yet
}

// maxRooms is how many there can be: all are listed at once.
const maxRooms = 200

var errManyRooms error = &consult.Error{Code: consult.CodeConflict, Message: "A practice has at most 200 rooms."}

// Rooms returns all rooms, by id.
func (b *Book) Rooms() ([]Room, error) {
	entries, err := b.kv.Range(roomPrefix, "", kv.MaxRange)
	if err != nil {
		return nil, b.fail("rooms", "", err)
	}
	rooms := make([]Room, len(entries))
	for i, entry := range entries {
		if rooms[i], err = roomOf(entry); err != nil {
			return nil, b.fail("rooms", "", err)
		}
	}
	return rooms, nil
}

func roomOf(entry kv.Entry) (Room, error) {
	var room Room
	if err := json.Unmarshal(entry.Value, &room); err != nil {
		return Room{}, fmt.Errorf("booking: decode %s: %w", entry.Key, err)
	}
	room.Revision = entry.Revision
	return room, nil
}

// Room returns a room, or ErrNotFound.
func (b *Book) Room(id OwnerID) (Room, error) {
	if !(Room{ID: id}).isRoom() {
		return Room{}, ErrNotFound
	}
	entry, err := b.kv.Get(roomKey(id))
	if err != nil {
		return Room{}, b.fail("room", "", notThere(err))
	}
	room, err := roomOf(entry)
	return room, b.fail("room", "", err)
}

// ReviseRoom keeps a room as ReviseService keeps a service.
func (b *Book) ReviseRoom(room Room) (Room, error) {
	name, err := consult.CleanName(room.Name)
	switch {
	case !room.isRoom():
		return Room{}, &FieldError{"id", "this is not the id of a room"}
	case err != nil:
		return Room{}, &FieldError{"name", "write at most 100 characters in one line"}
	}
	room.Name = name
	few := func(tx kv.Txn) error {
		all, err := tx.Range(roomPrefix, "", maxRooms+1)
		if err == nil && room.Revision == 0 && len(all) >= maxRooms {
			err = errManyRooms
		}
		return err
	}
	if err := b.revise(roomKey(room.ID), room.Revision, room, few); err != nil {
		return Room{}, b.fail("room", "", err)
	}
	return b.Room(room.ID)
}

func (r Room) isRoom() bool { return wellFormed(string(r.ID), "r_") }

// DeleteRoom removes a room that no service needs any more. Its appointments stay.
func (b *Book) DeleteRoom(id OwnerID) error {
	if !(Room{ID: id}).isRoom() {
		return ErrNotFound
	}
	return b.fail("room", "", b.update(func(tx kv.Txn) error {
		room, err := tx.Get(roomKey(id))
		if err != nil {
			return notThere(err)
		}
		services, err := tx.Range(servicePrefix, "", kv.MaxRange)
		if err != nil {
			return err
		}
		for _, entry := range services {
			var service Service
			if err := json.Unmarshal(entry.Value, &service); err != nil {
				return fmt.Errorf("booking: decode %s: %w", entry.Key, err)
			}
			if slices.ContainsFunc(service.Resources, func(r Resource) bool { return slices.Contains(r.AnyOf, id) }) {
				return ErrRoomNeeded
			}
		}
		return errors.Join(tx.Compare(roomKey(id), room.Revision), tx.Delete(roomKey(id)))
	}))
}

func notThere(err error) error {
	if errors.Is(err, kv.ErrNotFound) {
		return ErrNotFound
	}
	return err
}
