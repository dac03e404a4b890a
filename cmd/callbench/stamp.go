package main

import (
	"encoding/binary"
	"time"
)

// sourceID names one track of one simulated participant. Its room is in it, so that a packet in the wrong room is seen.
type sourceID uint32

// sourcesPerRoom bounds what one room may publish.
const sourcesPerRoom = 1 << 12

func newSourceID(room, n int) sourceID { return sourceID(room*sourcesPerRoom + n) }

func (id sourceID) room() int { return int(id) / sourcesPerRoom }

// stamp is what the end of every payload says, so that loss and one-way latency are exact: nothing on the way changes payloads.
type stamp struct {
	source  sourceID
	count   uint32        // the source's packets in the window are numbered from 0; meaningless when not counted
	counted bool          // sent while the window was open
	sent    time.Duration // on the meter's clock
}

const (
	stampSize  = 24 // bytes: magic, source, count, flags, send time
	stampMagic = 0xc0110c05
)

// put writes the stamp into the last bytes of a payload.
func (s stamp) put(payload []byte) {
	t := payload[len(payload)-stampSize:]
	var flags uint32
	if s.counted {
		flags = 1
	}
	binary.BigEndian.PutUint32(t, stampMagic)
	binary.BigEndian.PutUint32(t[4:], uint32(s.source))
	binary.BigEndian.PutUint32(t[8:], s.count)
	binary.BigEndian.PutUint32(t[12:], flags)
	binary.BigEndian.PutUint64(t[16:], uint64(s.sent))
}

// readStamp reads it back; false when the payload is not one of ours.
func readStamp(payload []byte) (stamp, bool) {
	if len(payload) < stampSize {
		return stamp{}, false
	}
	t := payload[len(payload)-stampSize:]
	if binary.BigEndian.Uint32(t) != stampMagic {
		return stamp{}, false
	}
	return stamp{
		source:  sourceID(binary.BigEndian.Uint32(t[4:])),
		count:   binary.BigEndian.Uint32(t[8:]),
		counted: binary.BigEndian.Uint32(t[12:])&1 != 0,
		sent:    time.Duration(binary.BigEndian.Uint64(t[16:])),
	}, true
}
