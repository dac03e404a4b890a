package sfu

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// SRTP with AES-GCM (RFC 7714), in place and without a lock or a map on the packet path: the state of one SSRC belongs to
// whoever handles that SSRC's packets. SRTCP, and SRTP for clients without GCM, go through pion/srtp.

const (
	gcmTag    = 16 // bytes, RFC 7714 §13.2
	srtpExtra = 32 // more than any profile adds to a packet
	// replayWindow is how many packets back one may come and still be told from one seen before: a repaired packet of
	// sound comes under its old number (RFC 3711 §3.3.2 asks for 64).
	replayWindow = 1024
)

var (
	errAuth   = errors.New("sfu: packet does not authenticate")
	errReplay = errors.New("sfu: packet came before")
	errNoKeys = errors.New("sfu: the transport has no keys yet")
)

// srtpContext protects the packets of one direction of one peer. It is safe for concurrent use; the state of an SSRC is not.
type srtpContext struct {
	aead cipher.AEAD // of SRTP; nil: through pion
	salt [12]byte

	mu   sync.Mutex // guards the following
	pion *srtp.Context
}

// newSRTPContext derives the session keys of one direction (RFC 3711 §4.3) from its master key and salt.
func newSRTPContext(profile srtp.ProtectionProfile, key, salt []byte) (*srtpContext, error) {
	c := &srtpContext{}
	var err error
	c.pion, err = srtp.CreateContext(key, salt, profile, srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(64))
	if err != nil {
		return nil, fmt.Errorf("sfu: SRTP: %w", err)
	}
	if profile != srtp.ProtectionProfileAeadAes128Gcm && profile != srtp.ProtectionProfileAeadAes256Gcm {
		return c, nil
	}
	const labelKey, labelSalt = 0x00, 0x02 // RFC 3711 §4.3.2
	block, err := aes.NewCipher(deriveSRTP(key, salt, labelKey, len(key)))
	if err != nil {
		return nil, fmt.Errorf("sfu: SRTP: %w", err)
	}
	if c.aead, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("sfu: SRTP: %w", err)
	}
	copy(c.salt[:], deriveSRTP(key, salt, labelSalt, len(c.salt)))
	return c, nil
}

// deriveSRTP is the key derivation of RFC 3711 §4.3.3 (and RFC 6188 §3 for longer keys) with a key derivation rate of 0:
// AES in counter mode over the master salt with the label in its eighth byte.
func deriveSRTP(key, salt []byte, label byte, n int) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil // the caller made a context of the same key before
	}
	var iv [aes.BlockSize]byte
	copy(iv[:14], salt)
	iv[7] ^= label
	out := make([]byte, n)
	cipher.NewCTR(block, iv[:]).XORKeyStream(out, out)
	return out
}

// nonce is the packet's initialization vector (RFC 7714 §8.1).
func (c *srtpContext) nonce(out *[12]byte, ssrc uint32, index uint64) {
	*out = c.salt
	var b [8]byte
	binary.BigEndian.PutUint32(b[:], ssrc)
	for i := range 4 {
		out[2+i] ^= b[i]
	}
	binary.BigEndian.PutUint64(b[:], index) // 48 bits: roll-over counter, sequence number
	for i := range 6 {
		out[6+i] ^= b[2+i]
	}
}

// packetIndex is the index that a sequence number most likely stands for, given the highest one so far (RFC 3711 §3.3.1).
func packetIndex(highest uint64, started bool, seq uint16) uint64 {
	if !started {
		return uint64(seq)
	}
	index := highest&^0xffff | uint64(seq)
	switch ahead := int64(index) - int64(highest); {
	case ahead > 1<<15:
		if index >= 1<<16 {
			index -= 1 << 16
		}
	case ahead < -(1 << 15):
		index += 1 << 16
	}
	return index
}

// srtpOut is the state of one SSRC that we send.
type srtpOut struct {
	highest uint64
	started bool
	iv      [12]byte
}

// seal encrypts a payload behind the header in b, whose first headerLen bytes it is, and returns the length of the packet.
// b has room for srtpExtra bytes more than header and payload.
func (o *srtpOut) seal(c *srtpContext, b []byte, headerLen int, h *rtp.Header, payload []byte) (int, error) {
	if c.aead == nil {
		n := headerLen + copy(b[headerLen:], payload)
		c.mu.Lock()
		defer c.mu.Unlock()
		out, err := c.pion.EncryptRTP(b[:0], b[:n], nil)
		return len(out), err
	}
	index := packetIndex(o.highest, o.started, h.SequenceNumber)
	if !o.started || index > o.highest {
		o.highest, o.started = index, true
	}
	c.nonce(&o.iv, h.SSRC, index)
	sealed := c.aead.Seal(b[headerLen:headerLen], o.iv[:], payload, b[:headerLen])
	return headerLen + len(sealed), nil
}

// srtpIn is the state of one SSRC that we get.
type srtpIn struct {
	highest uint64
	started bool
	seen    [replayWindow / 64]uint64
	iv      [12]byte
}

// open decrypts a packet in place, whose header h was read from its first headerLen bytes, and returns its payload with
// its padding. Nothing changes unless the packet is authentic and new.
func (s *srtpIn) open(c *srtpContext, b []byte, headerLen int, h *rtp.Header) ([]byte, error) {
	if c.aead == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		out, err := c.pion.DecryptRTP(b[:0], b, nil)
		if err != nil {
			return nil, errAuth
		}
		s.started = true
		return out[headerLen:], nil
	}
	index := packetIndex(s.highest, s.started, h.SequenceNumber)
	if s.replayed(index) {
		return nil, errReplay
	}
	c.nonce(&s.iv, h.SSRC, index)
	payload, err := c.aead.Open(b[headerLen:headerLen], s.iv[:], b[headerLen:], b[:headerLen])
	if err != nil {
		return nil, errAuth
	}
	s.accept(index)
	return payload, nil
}

func (s *srtpIn) bit(index uint64) (*uint64, uint64) {
	return &s.seen[index%replayWindow/64], 1 << (index % 64)
}

func (s *srtpIn) replayed(index uint64) bool {
	switch {
	case !s.started || index > s.highest:
		return false
	case s.highest-index >= replayWindow:
		return true
	}
	word, mask := s.bit(index)
	return *word&mask != 0
}

func (s *srtpIn) accept(index uint64) {
	switch {
	case !s.started || index >= s.highest+replayWindow:
		s.seen = [replayWindow / 64]uint64{}
	default:
		for i := s.highest + 1; i < index; i++ {
			word, mask := s.bit(i)
			*word &^= mask
		}
	}
	if !s.started || index > s.highest {
		s.highest, s.started = index, true
	}
	word, mask := s.bit(index)
	*word |= mask
}

// sealRTCP encrypts a compound packet into dst.
func (c *srtpContext) sealRTCP(dst, plain []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pion.EncryptRTCP(dst, plain, nil)
}

// openRTCP decrypts a compound packet into dst, which must not be b.
func (c *srtpContext) openRTCP(dst, b []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var h rtcp.Header
	return c.pion.DecryptRTCP(dst, b, &h)
}
