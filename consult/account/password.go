package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/colloque/colloque/consult"
)

// The cost of a password's hash: OWASP's second choice for argon2id (RFC 9106), about 30 ms on a small server. Two at once
// at most, so that guessing takes neither the memory nor the processor from calls.
const (
	argonTime     = 2
	argonMemory   = 19 << 10 // KiB
	argonThreads  = 1
	argonKey      = 32 // bytes
	argonSalt     = 16 // bytes
	hashingAtOnce = 2
)

// The length of a password, in characters: long enough that guessing it is hopeless, short enough to be hashed.
const (
	minPassword = 12
	maxPassword = 200
)

var (
	errPasswordShort error = &consult.Error{Code: CodePassword, Message: "A password has at least 12 characters and at most 200."}
	errPasswordPlain error = &consult.Error{Code: CodePassword, Message: "This password is too easy to guess."}
)

// cleanPassword returns the password as it is hashed: NFKC, so that it is the same from every keyboard (RFC 8265 §4.2).
func cleanPassword(password string) string { return norm.NFKC.String(password) }

// checkPassword says whether a new password will do. There are no rules about kinds of characters: they make passwords
// worse (NIST SP 800-63B §3.1.1.2).
func checkPassword(password string, about ...string) error {
	password = cleanPassword(password)
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		return errPasswordShort
	}
	low := strings.ToLower(password)
	for _, word := range about {
		parts := strings.FieldsFunc(strings.ToLower(word), notInWords)
		for _, part := range append(parts, strings.Join(parts, ""), strings.ToLower(word)) {
			if len(part) >= 4 && len(low) <= len(part)+6 && strings.Contains(low, part) {
				return errPasswordPlain
			}
		}
	}
	kinds := map[rune]bool{}
	for _, r := range low {
		kinds[r] = true
	}
	if len(kinds) < 5 || strings.Contains("01234567890123456789 abcdefghijklmnopqrstuvwxyz azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm passwordpassword motdepassemotdepasse", low) {
		return errPasswordPlain
	}
	return nil
}

func notInWords(r rune) bool { return strings.ContainsRune(" @.-_'", r) }

// hashPassword returns the hash in the form of the PHC string format, which says how it was made.
func (a *Accounts) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails
	key, err := a.argon(ctx, password, salt, argonTime, argonMemory, argonThreads)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// passwordIs reports whether the password is the one that was hashed. With no hash it takes as long, and says no.
func (a *Accounts) passwordIs(ctx context.Context, hash, password string) (bool, error) {
	var version, memory, time int
	var threads uint8
	var encodedSalt, encodedKey string
	parts := strings.Split(hash, "$") // "", argon2id, v=…, m=…,t=…,p=…, salt, key
	if len(parts) == 6 {
		encodedSalt, encodedKey = parts[4], parts[5]
		_, errVersion := fmt.Sscanf(parts[2], "v=%d", &version)
		_, errCost := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads)
		if errVersion != nil || errCost != nil || version != argon2.Version {
			return false, fmt.Errorf("account: a password's hash has an unknown form")
		}
	} else {
		memory, time, threads = argonMemory, argonTime, argonThreads
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(encodedSalt)
	want, errKey := base64.RawStdEncoding.DecodeString(encodedKey)
	if errSalt != nil || errKey != nil {
		return false, fmt.Errorf("account: a password's hash has an unknown form")
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = ""
	}
	got, err := a.argon(ctx, password, salt, uint32(time), uint32(memory), threads)
	if err != nil {
		return false, err
	}
	return len(want) > 0 && subtle.ConstantTimeCompare(got, want) == 1, nil
}

// argon waits for its turn.
func (a *Accounts) argon(ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8) ([]byte, error) {
	select {
	case a.hashing <- struct{}{}:
		defer func() { <-a.hashing }()
	case <-ctx.Done():
		return nil, errGivenUp
	}
	return argon2.IDKey([]byte(cleanPassword(password)), salt, time, memory, threads, argonKey), nil
}
