package signal

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
)

const (
	maxMessage   = 64 << 10 // bytes of one message
	maxRequestID = 32       // bytes
	maxChat      = 2000     // characters of one chat message
	maxWants     = 64
	maxHeight    = 8640 // pixels
	maxDelay     = 240  // minutes
	maxMid       = 16   // bytes; RFC 8843 mids are short tokens
	maxToken     = 128  // bytes of a ticket, a token or an id
	minSeat      = 16   // bytes of what a tab keeps to prove that it had the seat before; nobody is to guess it
	maxWaiting   = 300  // characters of a message to who waits
	maxPlace     = 200  // characters of where somebody is
)

// request is a decoded and checked message from a browser.
type request interface {
	head() header
	check() bool
}

func (h header) head() header { return h }

// requestMakers is every request that there is. What it may be answered with depends on the session: see openers, call and desk handlers.
func requestMakers() map[string]func() request {
	return map[string]func() request{
		"join":      func() request { return new(joinRequest) },
		"resume":    func() request { return new(resumeRequest) },
		"watch":     func() request { return new(watchRequest) },
		"publish":   func() request { return new(publishRequest) },
		"unpublish": func() request { return new(unpublishRequest) },
		"mute":      func() request { return new(muteRequest) },
		"want":      func() request { return new(wantRequest) },
		"chat":      func() request { return new(chatRequest) },
		"offer":     func() request { return new(offerRequest) },
		"leave":     func() request { return new(leaveRequest) },
		"end":       func() request { return new(endRequest) },
		"admit":     func() request { return new(admitRequest) },
		"send-back": func() request { return new(sendBackRequest) },
		"decline":   func() request { return new(declineRequest) },
		"delay":     func() request { return new(delayRequest) },
		"message":   func() request { return new(messageRequest) },
		"absent":    func() request { return new(absentRequest) },

		"answer-knock": func() request { return new(answerKnockRequest) },
		"where":        func() request { return new(whereRequest) },
	}
}

// decoder turns text frames into requests.
type decoder struct{ makers map[string]func() request }

func newDecoder() decoder { return decoder{makers: requestMakers()} }

// decode reads one message strictly: one JSON object, a known type, no unknown field, every value in range. When it fails, the header says
// which request the error answers, if that much could be read.
func (d decoder) decode(b []byte) (request, header, error) {
	var h header
	if err := json.Unmarshal(b, &h); err != nil {
		return nil, header{}, errNotJSON
	}
	if h.ID == "" || len(h.ID) > maxRequestID {
		return nil, header{}, errBadField
	}
	mk := d.makers[h.Type]
	if mk == nil {
		return nil, h, errUnknownType
	}
	r := mk()
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(r); err != nil {
		return nil, h, errBadField
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, h, errNotJSON
	}
	if !r.check() {
		return nil, h, errBadField
	}
	return r, h, nil
}

func (r *joinRequest) check() bool {
	if (r.Ticket == "") == (r.Consultation == "") || r.Offer == "" || len(r.Ticket) > maxToken || len(r.Consultation) > maxToken || len(r.Language) > maxToken {
		return false
	}
	if r.Seat != "" && (len(r.Seat) < minSeat || len(r.Seat) > maxToken) {
		return false
	}
	seen := map[sfu.Source]bool{}
	for _, p := range r.Publish {
		if !isSource(p.Source) || seen[p.Source] || p.Mid == "" || len(p.Mid) > maxMid {
			return false
		}
		seen[p.Source] = true
	}
	return consult.Devices(r.Devices).Validate() == nil
}

func (r *resumeRequest) check() bool {
	return r.Session != "" && r.Token != "" && len(r.Session) <= maxToken && len(r.Token) <= maxToken && len(r.ChatAfter) <= maxToken
}

func (r *watchRequest) check() bool       { return len(r.Practitioner) <= maxToken }
func (r *leaveRequest) check() bool       { return true }
func (r *sourceField) check() bool        { return isSource(r.Source) }
func (r *endRequest) check() bool         { return len(r.Consultation) <= maxToken }
func (r *delayRequest) check() bool       { return r.Minutes >= 0 && r.Minutes <= maxDelay }
func (r *answerKnockRequest) check() bool { return true }
func (r *messageRequest) check() bool {
	return (r.Consultation == "") == (r.Participant == "") && len(r.Consultation) <= maxToken && len(r.Participant) <= maxToken &&
		strings.TrimSpace(r.Text) != "" && utf8.RuneCountInString(r.Text) <= maxWaiting
}
func (r *whereRequest) check() bool {
	return utf8.RuneCountInString(r.Place) <= maxPlace && len(r.CallBack) <= maxToken
}
func (r *muteRequest) check() bool {
	return r.Source == sfu.SourceMicrophone || r.Source == sfu.SourceCamera
}
func (r *offerRequest) check() bool { return r.Offer != "" && oneOf(r.Reason, "ice", "lanes") }
func (r *someoneField) check() bool {
	return r.Consultation != "" && r.Participant != "" && len(r.Consultation) <= maxToken && len(r.Participant) <= maxToken
}

func (r *wantRequest) check() bool {
	if len(r.Wants) > maxWants {
		return false
	}
	for _, w := range r.Wants {
		if w.Participant == "" || len(w.Participant) > maxToken || !oneOf(w.Source, sfu.SourceCamera, sfu.SourceScreen) || w.Height < 0 || w.Height > maxHeight {
			return false
		}
	}
	return true
}

func (r *chatRequest) check() bool {
	return strings.TrimSpace(r.Text) != "" && utf8.RuneCountInString(r.Text) <= maxChat
}

func isSource(s sfu.Source) bool {
	return oneOf(s, sfu.SourceMicrophone, sfu.SourceCamera, sfu.SourceScreen)
}

func oneOf[T comparable](v T, of ...T) bool { return slices.Contains(of, v) }
