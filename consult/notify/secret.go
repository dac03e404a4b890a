package notify

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// sealedSecret is the random key of this package's keyed hashes as the store sees it. Phone numbers and six-figure codes are so
// few that a plain hash would hide nothing.
type sealedSecret struct {
	Key    []byte `json:"key"`
	Sealed []byte `json:"sealed"`
}

const secretSize = 32 // bytes

// openSecret reads the key, and makes it the first time.
func openSecret(store kv.Store, master *consult.Keyring) ([]byte, error) {
	entry, err := store.Get(secretKey)
	if errors.Is(err, kv.ErrNotFound) {
		err = store.Update(func(tx kv.Txn) error { return makeSecret(tx, master) })
		if err == nil || errors.Is(err, kv.ErrConflict) {
			entry, err = store.Get(secretKey)
		}
	}
	var stored sealedSecret
	if err == nil {
		err = json.Unmarshal(entry.Value, &stored)
	}
	if err != nil {
		return nil, fmt.Errorf("notices: read %s: %w", secretKey, err)
	}
	key, err := master.OpenDataKey(secretKey, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("notices: key of %s: %w", secretKey, err)
	}
	return key.Open(secretKey, stored.Sealed)
}

func makeSecret(tx kv.Txn, master *consult.Keyring) error {
	if err := tx.Compare(secretKey, 0); err != nil {
		return err
	}
	fresh := make([]byte, secretSize)
	_, _ = rand.Read(fresh) // never fails: crypto/rand ends the program instead
	wrapped, key := master.NewDataKey(secretKey)
	value, err := json.Marshal(sealedSecret{wrapped, key.Seal(secretKey, fresh)})
	if err != nil {
		return err
	}
	return tx.Put(secretKey, value)
}

// keyedHash is what stands in the store for a text that could be guessed. The use keeps hashes for one thing from
// matching those for another.
func (o *Outbox) keyedHash(use, text string) string {
	mac := hmac.New(sha256.New, o.secret)
	mac.Write([]byte(use + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
