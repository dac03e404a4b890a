package consult

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// The file of the master key is one line of text: this prefix and 256 bits in base64url.
const keyFilePrefix = "colloque-master-key-v1:"

// keyIDLength is how many bytes of a key's hash stand before what it wrapped, to tell a wrong key from a
// damaged value.
const keyIDLength = 4

// Errors of the keyring. They are for the operator, and name no content.
var (
	// ErrKeyFile says that the key file can not be used; the message says why.
	ErrKeyFile = errors.New("consult: master key file")
	// ErrWrongKey says that something was sealed with another master key than the one that is open.
	ErrWrongKey = errors.New("consult: sealed with another master key")
	// ErrSealed says that a sealed value was damaged, or moved to where it does not belong.
	ErrSealed = errors.New("consult: sealed value does not open")
)

// Keyring holds the master key. It wraps data keys and nothing else, so that erasing a wrapped data key
// erases what was sealed with it. It is read-only after construction and safe for concurrent use.
type Keyring struct {
	master dataKey
	id     [keyIDLength]byte
}

// OpenKeyring reads the master key from the file, or creates the file (mode 0600, on disk when this returns)
// with a fresh key when there is none. A file that others may read is refused.
func OpenKeyring(path string) (*Keyring, error) {
	text, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(keyFilePrefix + base64.RawURLEncoding.EncodeToString(newDataKey()) + "\n")
		if err = writeKeyFile(path, text); errors.Is(err, fs.ErrExist) {
			text, err = readKeyFile(path) // somebody else was quicker
		}
	}
	if err != nil {
		return nil, err
	}
	return parseKeyFile(path, text)
}

func readKeyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s: others may read it (mode %v); make it 0600", ErrKeyFile, path, info.Mode())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return text, nil
}

// writeKeyFile makes the whole file appear at once, or not at all, and never replaces one.
func writeKeyFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	temp, err := os.CreateTemp(dir, ".master-key-*") // mode 0600
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Link(temp.Name(), path)
	}
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrKeyFile, err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func parseKeyFile(path string, text []byte) (*Keyring, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(string(text)), keyFilePrefix)
	key, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || len(key) != chacha20poly1305.KeySize {
		return nil, fmt.Errorf("%w: %s: not a master key of this program", ErrKeyFile, path)
	}
	return newKeyring(key), nil
}

func newKeyring(master dataKey) *Keyring {
	k := &Keyring{master: master}
	sum := sha256.Sum256(append([]byte("colloque key id"), master...))
	copy(k.id[:], sum[:])
	return k
}

// NewDataKey makes a data key and returns it wrapped. The context, usually the key of the record that will
// hold it, must be given again to open it.
func (k *Keyring) NewDataKey(context string) (wrapped []byte, key *DataKey) {
	fresh := newDataKey()
	return append(bytes.Clone(k.id[:]), k.master.seal(context, fresh)...), &DataKey{fresh}
}

// OpenDataKey opens a wrapped data key. It fails with ErrWrongKey or ErrSealed.
func (k *Keyring) OpenDataKey(context string, wrapped []byte) (*DataKey, error) {
	if len(wrapped) < keyIDLength {
		return nil, ErrSealed
	}
	if !bytes.Equal(wrapped[:keyIDLength], k.id[:]) {
		return nil, ErrWrongKey
	}
	key, err := k.master.open(context, wrapped[keyIDLength:])
	if err != nil || len(key) != chacha20poly1305.KeySize {
		return nil, ErrSealed
	}
	return &DataKey{key}, nil
}

// wrappedKey is how long a wrapped data key is, in bytes.
const wrappedKey = keyIDLength + chacha20poly1305.NonceSizeX + chacha20poly1305.KeySize + chacha20poly1305.Overhead

// AppendRecord seals a record under a data key of its own, which stands wrapped before it: who erases one erases both. It appends to dst,
// which must not overlap the plaintext. Sealed form: length of the wrapped key in one byte, the wrapped key, what it seals.
func (k *Keyring) AppendRecord(dst []byte, context string, plaintext []byte) []byte {
	fresh := newDataKey()
	dst = slices.Grow(dst, 1+wrappedKey+chacha20poly1305.NonceSizeX+len(plaintext)+chacha20poly1305.Overhead)
	dst = append(append(dst, wrappedKey), k.id[:]...)
	dst = k.master.appendSeal(dst, context, fresh)
	return fresh.appendSeal(dst, context, plaintext)
}

// OpenRecord is the inverse of AppendRecord. It fails with ErrWrongKey or ErrSealed.
func (k *Keyring) OpenRecord(context string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1 || len(sealed) < 1+int(sealed[0]) {
		return nil, ErrSealed
	}
	key, err := k.OpenDataKey(context, sealed[1:][:sealed[0]])
	if err != nil {
		return nil, err
	}
	return key.Open(context, sealed[1+int(sealed[0]):])
}

// DataKey seals the personal data of one record or one consultation. It is safe for concurrent use.
type DataKey struct{ key dataKey }

// Seal returns the plaintext encrypted and bound to the context.
func (d *DataKey) Seal(context string, plaintext []byte) []byte {
	return d.key.seal(context, plaintext)
}

// AppendSeal is Seal into a buffer that is used again: it appends to dst, which must not overlap the plaintext.
func (d *DataKey) AppendSeal(dst []byte, context string, plaintext []byte) []byte {
	return d.key.appendSeal(dst, context, plaintext)
}

// AppendOpen is the inverse, and appends to dst, which must not overlap what is sealed; it fails with ErrSealed.
func (d *DataKey) AppendOpen(dst []byte, context string, sealed []byte) ([]byte, error) {
	return d.key.appendOpen(dst, context, sealed)
}

// Open is the inverse of Seal; it fails with ErrSealed.
func (d *DataKey) Open(context string, sealed []byte) ([]byte, error) {
	return d.key.open(context, sealed)
}

// dataKey is 256 bits for XChaCha20-Poly1305, whose nonces are long enough to be drawn at random
// (draft-irtf-cfrg-xchacha-03 §2.1). Sealed form: nonce (24 bytes), ciphertext, tag (16 bytes).
type dataKey []byte

func newDataKey() dataKey {
	key := make([]byte, chacha20poly1305.KeySize)
	_, _ = rand.Read(key) // never fails: crypto/rand ends the program instead
	return key
}

func (k dataKey) aead() cipher.AEAD {
	aead, err := chacha20poly1305.NewX(k)
	if err != nil {
		panic(err) // a key of the wrong size can only be a programmer's mistake: sizes are checked where keys come in
	}
	return aead
}

func (k dataKey) seal(context string, plaintext []byte) []byte {
	return k.appendSeal(make([]byte, 0, chacha20poly1305.NonceSizeX+len(plaintext)+chacha20poly1305.Overhead), context, plaintext)
}

func (k dataKey) appendSeal(dst []byte, context string, plaintext []byte) []byte {
	from := len(dst)
	dst = slices.Grow(dst, chacha20poly1305.NonceSizeX+len(plaintext)+chacha20poly1305.Overhead)[:from+chacha20poly1305.NonceSizeX]
	nonce := dst[from:]
	_, _ = rand.Read(nonce)
	return k.aead().Seal(dst, nonce, plaintext, []byte(context))
}

func (k dataKey) open(context string, sealed []byte) ([]byte, error) {
	return k.appendOpen(nil, context, sealed)
}

func (k dataKey) appendOpen(dst []byte, context string, sealed []byte) ([]byte, error) {
	if len(sealed) < chacha20poly1305.NonceSizeX {
		return nil, ErrSealed
	}
	nonce, ciphertext := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plaintext, err := k.aead().Open(dst, nonce, ciphertext, []byte(context))
	if err != nil {
		return nil, ErrSealed
	}
	return plaintext, nil
}
