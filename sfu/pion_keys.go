package sfu

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/pion/dtls/v3/pkg/crypto/prf"
	"github.com/pion/dtls/v3/pkg/protocol/extension"
	"github.com/pion/dtls/v3/pkg/protocol/handshake"
	"github.com/pion/srtp/v3"
)

// keyTap collects from a PeerConnection's DTLS handshake what its SRTP keys are derived from. A PeerConnection does not let
// them out, but two hooks together tell: the key log names the client's random and the master secret, and the ServerHello
// holds the server's random and the SRTP profile. They are told before the handshake is over, so nothing may use the keys
// until the PeerConnection is connected.
type keyTap struct {
	mu                   sync.Mutex // guards the following
	clientRandom, master []byte
	serverRandom         []byte
	profile              srtp.ProtectionProfile
}

var errNoHandshake = errors.New("sfu: connected without a handshake")

// Write takes a line of the key log: "CLIENT_RANDOM <client random> <master secret>".
func (k *keyTap) Write(line []byte) (int, error) {
	fields := bytes.Fields(line)
	if len(fields) != 3 || string(fields[0]) != "CLIENT_RANDOM" {
		return len(line), nil
	}
	random, err := hex.DecodeString(string(fields[1]))
	if err != nil {
		return 0, err
	}
	master, err := hex.DecodeString(string(fields[2]))
	if err != nil {
		return 0, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.clientRandom, k.master = random, master
	return len(line), nil
}

// hello takes our ServerHello, which goes out as it is.
func (k *keyTap) hello(m handshake.MessageServerHello) handshake.Message {
	k.mu.Lock()
	defer k.mu.Unlock()
	random := m.Random.MarshalFixed()
	k.serverRandom = random[:]
	for _, e := range m.Extensions {
		if use, ok := e.(*extension.UseSRTP); ok && len(use.ProtectionProfiles) == 1 {
			k.profile = srtp.ProtectionProfile(use.ProtectionProfiles[0])
		}
	}
	return &m
}

// keys are the SRTP keys of a finished handshake in which we were the server (RFC 5764 §4.2). What they came from is
// forgotten.
func (k *keyTap) keys() (*srtpKeys, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.clientRandom) == 0 || len(k.serverRandom) == 0 {
		return nil, errNoHandshake
	}
	keyLen, err := k.profile.KeyLen()
	if err != nil {
		return nil, fmt.Errorf("sfu: SRTP profile: %w", err)
	}
	saltLen, err := k.profile.SaltLen()
	if err != nil {
		return nil, fmt.Errorf("sfu: SRTP profile: %w", err)
	}
	// RFC 5705 §4 without a context; the PRF's hash is that of the one cipher suite that is offered.
	seed := bytes.Join([][]byte{[]byte("EXTRACTOR-dtls_srtp"), k.clientRandom, k.serverRandom}, nil)
	material, err := prf.PHash(k.master, seed, 2*(keyLen+saltLen), sha256.New)
	if err != nil {
		return nil, fmt.Errorf("sfu: SRTP keys: %w", err)
	}
	clear(k.master)
	k.clientRandom, k.master, k.serverRandom = nil, nil, nil
	take := func(n int) (out []byte) {
		out, material = material[:n:n], material[n:]
		return out
	}
	keys := &srtpKeys{profile: k.profile}
	keys.remoteKey, keys.localKey = take(keyLen), take(keyLen) // the client's first
	keys.remoteSalt, keys.localSalt = take(saltLen), take(saltLen)
	return keys, nil
}
