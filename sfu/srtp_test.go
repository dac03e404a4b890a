package sfu

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSRTPVector is RFC 7714 §16.1: AEAD_AES_128_GCM, and §16.2: AEAD_AES_256_GCM.
func TestSRTPVector(t *testing.T) {
	plain := octets(t, `8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573`)
	for key, want := range map[string]string{
		`00010203 04050607 08090a0b 0c0d0e0f`: `8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5
			0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce`,
		`00010203 04050607 08090a0b 0c0d0e0f 10111213 14151617 18191a1b 1c1d1e1f`: `8040f17b 8041f8d3 5501a0b2 32b1de78 a822fe12
			ef9f78fa 332e33aa b1801238 9a58e2f3 b50b2a02 76ffae0f 1ba63799 b87b7aa3 db36dfff d6b0f9bb 7878d7a7 6c13`,
	} {
		block, err := aes.NewCipher(octets(t, key))
		must(t, err)
		aead, err := cipher.NewGCM(block)
		must(t, err)
		c := &srtpContext{aead: aead}
		copy(c.salt[:], octets(t, `51756964 2070726f 2071756f`))
		var h rtp.Header
		n, err := h.Unmarshal(plain)
		must(t, err)
		b := make([]byte, maxDatagram)
		copy(b, plain[:n])
		size, err := new(srtpOut).seal(c, b, n, &h, plain[n:])
		must(t, err)
		if !bytes.Equal(b[:size], octets(t, want)) {
			t.Errorf("sealed %x", b[:size])
		}
		got, err := new(srtpIn).open(c, b[:size], n, &h)
		if err != nil || !bytes.Equal(got, plain[n:]) {
			t.Errorf("opened %x, %v", got, err)
		}
	}
}

// TestSRTPKeyDerivation is RFC 3711 B.3.
func TestSRTPKeyDerivation(t *testing.T) {
	key, salt := octets(t, `E1F97A0D3E018BE0D64FA32C06DE4139`), octets(t, `0EC675AD498AFEEBB6960B3AABE6`)
	for label, want := range map[byte]string{0: `C61E7A93744F39EE10734AFE3FF7A087`, 2: `30CBBC08863D8C85D49DB34A9AE1`} {
		if got := deriveSRTP(key, salt, label, len(octets(t, want))); !bytes.Equal(got, octets(t, want)) {
			t.Errorf("label %d: %x", label, got)
		}
	}
}

func srtpPair(t testing.TB, profile srtp.ProtectionProfile) (ours *srtpContext, theirs *srtp.Context) {
	t.Helper()
	keyLen, err := profile.KeyLen()
	if err != nil {
		t.Fatal(err)
	}
	saltLen, _ := profile.SaltLen()
	key, salt := bytes.Repeat([]byte{0x35}, keyLen), bytes.Repeat([]byte{0x71}, saltLen)
	if ours, err = newSRTPContext(profile, key, salt); err != nil {
		t.Fatal(err)
	}
	if theirs, err = srtp.CreateContext(key, salt, profile, srtp.SRTPNoReplayProtection(), srtp.SRTCPNoReplayProtection()); err != nil {
		t.Fatal(err)
	}
	return ours, theirs
}

var profiles = []srtp.ProtectionProfile{srtp.ProtectionProfileAeadAes128Gcm, srtp.ProtectionProfileAeadAes256Gcm, srtp.ProtectionProfileAes128CmHmacSha1_80}

// TestSRTPWithPion: what we seal pion opens, and the reverse, from starts around the wrap and over two of them.
func TestSRTPWithPion(t *testing.T) {
	for _, profile := range profiles {
		for _, start := range []uint16{0, 1, 32767, 32768, 65535} {
			ours, theirs := srtpPair(t, profile)
			out, in := new(srtpOut), new(srtpIn)
			b := make([]byte, maxDatagram)
			for i := range 140000 {
				if i > 10 && i%97 != 0 && i%65536 > 10 {
					continue // not every one, for the sake of time
				}
				p := &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 7, SequenceNumber: start + uint16(i)}, Payload: []byte(fmt.Sprint("packet ", i))}
				must(t, p.SetExtension(1, []byte{9}))
				n, err := p.Header.MarshalTo(b)
				must(t, err)
				size, err := out.seal(ours, b, n, &p.Header, p.Payload)
				must(t, err)
				opened, err := theirs.DecryptRTP(nil, b[:size], nil)
				if err != nil || !bytes.Equal(opened[n:], p.Payload) {
					t.Fatalf("%v from %d: pion does not open packet %d: %v", profile, start, i, err)
				}
				if i > 0 && i%5 == 0 {
					continue // so that they do not see the same packets
				}
				raw, _ := p.Marshal()
				sealed, err := theirs.EncryptRTP(nil, raw, nil)
				must(t, err)
				payload, err := in.open(ours, sealed, n, &p.Header)
				if err != nil || !bytes.Equal(payload, p.Payload) {
					t.Fatalf("%v from %d: we do not open packet %d: %v", profile, start, i, err)
				}
			}
		}
	}
}

// TestASecondSealIsTheSameBytes: a packet that is sent again as it was must not differ under its nonce, also when the
// numbers wrapped meanwhile.
func TestASecondSealIsTheSameBytes(t *testing.T) {
	ours, _ := srtpPair(t, srtp.ProtectionProfileAeadAes128Gcm)
	out := new(srtpOut)
	seal := func(seq uint16) []byte {
		h := rtp.Header{Version: 2, SSRC: 7, SequenceNumber: seq}
		b := make([]byte, maxDatagram)
		n, err := h.MarshalTo(b)
		must(t, err)
		n, err = out.seal(ours, b, n, &h, []byte("sound"))
		must(t, err)
		return b[:n]
	}
	first := seal(65530)
	for i := range uint16(20) {
		seal(65531 + i)
	}
	if !bytes.Equal(first, seal(65530)) {
		t.Error("the second is another one")
	}
}

func TestSRTPReplay(t *testing.T) {
	for _, start := range []int{0, 5, 65500, 65536 + 100} {
		ours, theirs := srtpPair(t, srtp.ProtectionProfileAeadAes128Gcm)
		sealed := map[int][]byte{}
		for i := range start + 3000 {
			raw, _ := (&rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 7, SequenceNumber: uint16(i)}, Payload: []byte{1}}).Marshal()
			b, err := theirs.EncryptRTP(nil, raw, nil)
			must(t, err)
			sealed[i] = b
		}
		in := new(srtpIn)
		open := func(i int) error {
			b := bytes.Clone(sealed[i])
			var h rtp.Header
			n, err := h.Unmarshal(b)
			must(t, err)
			_, err = in.open(ours, b, n, &h)
			return err
		}
		for i := range start { // to where the test begins
			if i%1000 == 0 || i > start-2 {
				must(t, open(i))
			}
		}
		for _, c := range []struct {
			at   int
			want error
		}{{5, nil}, {5, errReplay}, {4, nil}, {4, errReplay}, {5 + replayWindow, nil}, {5, errReplay}, {6, nil}, {6, errReplay},
			{5 + replayWindow, errReplay}, {2999, nil}, {2999 - replayWindow, errReplay}, {2999 - replayWindow + 1, nil}} {
			if err := open(start + c.at); !errors.Is(err, c.want) {
				t.Errorf("from %d: packet %d: %v, want %v", start, c.at, err, c.want)
			}
		}
		// A forgery changes nothing.
		b := bytes.Clone(sealed[start+2500])
		b[len(b)-1]++
		var h rtp.Header
		n, _ := h.Unmarshal(b)
		if _, err := in.open(ours, b, n, &h); !errors.Is(err, errAuth) {
			t.Errorf("forged: %v", err)
		}
		must(t, open(start+2500))
	}
}

// FuzzSRTP: whatever comes, nothing but what was sealed is opened, and nothing panics.
func FuzzSRTP(f *testing.F) {
	_, theirs := srtpPair(f, srtp.ProtectionProfileAeadAes128Gcm)
	raw, _ := (&rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 7, SequenceNumber: 9}, Payload: []byte("hello")}).Marshal()
	sealed, err := theirs.EncryptRTP(nil, raw, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add(raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, profile := range profiles {
			ours, _ := srtpPair(t, profile)
			var h rtp.Header
			n, err := h.Unmarshal(b)
			if err != nil || n > len(b) {
				return
			}
			payload, err := new(srtpIn).open(ours, bytes.Clone(b), n, &h)
			if err == nil && (!bytes.Equal(b, sealed) || string(payload) != "hello") {
				t.Fatalf("%v: %x was opened as %x", profile, b, payload)
			}
		}
	})
}
