package bookingpage

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

const (
	stampPlain  = 16              // bytes: when the form was made, and random ones
	stampMAC    = 16              // bytes
	fillsWithin = 24 * time.Hour  // a form that lay open for longer is sent once more
	fillsAfter  = 3 * time.Second // nobody fills it in faster; a program does
	secretBytes = 20              // of consult.NewSecret
)

// newStamp marks a form with when it was made. Each is another, so that a form that is sent twice is known again.
func (p *Pages) newStamp() string {
	var b [stampPlain]byte
	binary.BigEndian.PutUint64(b[:8], uint64(p.Clock().UnixMilli()))
	_, _ = rand.Read(b[8:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(append(b[:], p.mac("stamp", b[:])[:stampMAC]...))
}

// filledInTime says whether a form carries a stamp of ours, and lay open for as long as people take.
func (p *Pages) filledInTime(stamp string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(stamp)
	if err != nil || len(b) != stampPlain+stampMAC || !hmac.Equal(b[stampPlain:], p.mac("stamp", b[:stampPlain])[:stampMAC]) {
		return false
	}
	open := p.Clock().Sub(time.UnixMilli(int64(binary.BigEndian.Uint64(b[:8]))))
	return open >= fillsAfter && open <= fillsWithin
}

// draftSecret is that of the draft that a form becomes: the same form, sent again, is the same draft.
func (p *Pages) draftSecret(stamp string) string {
	return base64.RawURLEncoding.EncodeToString(p.mac("draft", []byte(stamp))[:secretBytes])
}

func (p *Pages) mac(what string, of []byte) []byte {
	h := hmac.New(sha256.New, p.stampKey)
	h.Write([]byte(what + "/"))
	h.Write(of)
	return h.Sum(nil)
}
