package sfu

import "time"

const (
	// voiceLevel: sound at least this loud, in dBov below full scale (RFC 6464), may be speech.
	voiceLevel = 50
	// voiceOn and voiceSpan: somebody speaks after voiceOn of loud sound spread over at least voiceSpan. So a cough
	// under voiceSpan switches nothing.
	voiceOn   = 200 * time.Millisecond
	voiceSpan = 300 * time.Millisecond
	// voiceOff: the pause after which they don't any more; longer than those between words.
	voiceOff = 600 * time.Millisecond
	// voicePacket is the most that one packet counts for: Opus packets are 10 to 60 ms long.
	voicePacket = 60 * time.Millisecond
	// voiceBreak: a pause this long before speech was recognised starts the count anew.
	voiceBreak = 250 * time.Millisecond
)

// voice tells from audio levels whether somebody speaks. It is pure: time comes in.
type voice struct {
	speaking bool
	since    time.Time     // of the first loud packet of this run
	loud     time.Duration // loud sound in this run
	last     time.Time     // the last loud packet
	heard    time.Time     // the last packet
}

// level takes one packet's level: 0 is the loudest, 127 silence.
func (v *voice) level(level uint8, now time.Time) {
	length := min(now.Sub(v.heard), voicePacket)
	v.heard = now
	if level > voiceLevel {
		v.tick(now)
		return
	}
	pause := voiceBreak
	if v.speaking {
		pause = voiceOff
	}
	if v.last.IsZero() || now.Sub(v.last) > pause {
		v.speaking, v.since, v.loud = false, now, 0
	} else if length > 0 {
		v.loud += length
	}
	v.last = now
	if v.loud >= voiceOn && now.Sub(v.since) >= voiceSpan {
		v.speaking = true
	}
}

// tick ends speech by the passing of time.
func (v *voice) tick(now time.Time) {
	if v.speaking && now.Sub(v.last) >= voiceOff {
		v.speaking = false
	}
}
