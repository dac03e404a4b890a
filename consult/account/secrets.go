package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// secrets is what only this server knows, made once in the life of a data folder: a key that turns what people type
// (mail addresses, recovery codes) into keys of the store that say nothing, and one that seals what a browser keeps for us
// between two steps.
type secrets struct {
	index []byte
	key   *consult.DataKey
}

const indexBytes = 32

// openSecrets reads them, or makes them.
func openSecrets(store kv.Store, master *consult.Keyring) (*secrets, error) {
	wrapped, key := master.NewDataKey(secretsKey)
	index := make([]byte, indexBytes)
	_, _ = rand.Read(index) // never fails: crypto/rand ends the program instead
	fresh, err := json.Marshal(sealedRecord{1, wrapped, key.Seal(secretsKey, index)})
	if err != nil {
		return nil, fmt.Errorf("account: encode secrets: %w", err)
	}
	var value []byte
	err = store.Update(func(tx kv.Txn) error {
		entry, err := tx.Get(secretsKey)
		value = entry.Value
		if errors.Is(err, kv.ErrNotFound) {
			value = fresh
			return tx.Put(secretsKey, fresh)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("account: secrets: %w", err)
	}
	var stored sealedRecord
	if err := json.Unmarshal(value, &stored); err != nil {
		return nil, fmt.Errorf("account: decode secrets: %w", err)
	}
	if key, err = master.OpenDataKey(secretsKey, stored.Key); err != nil {
		return nil, fmt.Errorf("account: key of the secrets: %w", err)
	}
	if index, err = key.Open(secretsKey, stored.Sealed); err != nil {
		return nil, fmt.Errorf("account: open secrets: %w", err)
	}
	return &secrets{index, key}, nil
}

// mark returns what stands in a key of the store for something that must not be readable there.
func (s *secrets) mark(kind, text string) string {
	mac := hmac.New(sha256.New, s.index)
	mac.Write([]byte(kind + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// errCeremony is the one answer to what was kept for us and is not good, whatever the cause.
var errCeremony error = &consult.Error{Code: consult.CodeBadMessage, Message: "This step has expired: please start again."}

// step is what a browser keeps for us, sealed, between two requests that belong together.
type step struct {
	ID      string            `json:"id"`
	Account consult.AccountID `json:"account,omitempty"`
	Until   time.Time         `json:"until"`
	Data    json.RawMessage   `json:"data"`
}

// sealStep returns the step as text for the browser. Nobody else can read it or make one, and one of a kind is no good as another.
func (s *secrets) sealStep(kind string, account consult.AccountID, until time.Time, data any) (string, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("account: encode step: %w", err)
	}
	plain, err := json.Marshal(step{consult.NewSecret(), account, until, raw})
	if err != nil {
		return "", fmt.Errorf("account: encode step: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(s.key.Seal("step/"+kind, plain)), nil
}

// openStep is the inverse; it fails with errCeremony.
func (s *secrets) openStep(kind, text string, now time.Time, data any) (step, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return step{}, errCeremony
	}
	plain, err := s.key.Open("step/"+kind, sealed)
	if err != nil {
		return step{}, errCeremony
	}
	var opened step
	if json.Unmarshal(plain, &opened) != nil || !now.Before(opened.Until) || json.Unmarshal(opened.Data, data) != nil {
		return step{}, errCeremony
	}
	return opened, nil
}
