package push

import (
	"crypto/ecdh"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package:
//
//	v1/push-key                  our signing key, sealed
//	v1/push/<account>/<hash>     a subscription, sealed; the hash is its endpoint's
const (
	signingKey = "v1/push-key"

	maxBrowsers = 10   // of an account; an eleventh forgets the oldest
	maxEndpoint = 1000 // characters
)

func prefixOf(of consult.AccountID) string { return "v1/push/" + string(of) + "/" }

func keyOf(of consult.AccountID, endpoint string) string {
	sum := sha256.Sum256([]byte(endpoint))
	return prefixOf(of) + base64.RawURLEncoding.EncodeToString(sum[:])
}

// Subscription is a browser that wants to be told, as its PushSubscription says.
type Subscription struct {
	Endpoint string    `json:"endpoint"`
	Key      string    `json:"p256dh"`   // base64url of an uncompressed point of P-256
	Auth     string    `json:"auth"`     // base64url of 16 bytes
	Language string    `json:"language"` // of the page that asked
	Since    time.Time `json:"since"`
}

type sealed struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

func (p *Push) seal(where string, value any) ([]byte, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	wrapped, key := p.master.NewDataKey(where)
	return json.Marshal(sealed{1, wrapped, key.Seal(where, plain)})
}

func (p *Push) open(entry kv.Entry, into any) error {
	var stored sealed
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return err
	}
	key, err := p.master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return err
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

// vapid is the key pair that services know us by.
type vapid struct {
	Private string `json:"private"`
	Public  string `json:"public"`
}

// loadKey reads the signing key, or makes one: browsers that subscribed to another could not be reached any more.
func (p *Push) loadKey() error {
	entry, err := p.store.Get(signingKey)
	if errors.Is(err, kv.ErrNotFound) {
		if p.key.Private, p.key.Public, err = webpush.GenerateVAPIDKeys(); err != nil {
			return fmt.Errorf("push: %w", err)
		}
		value, err := p.seal(signingKey, p.key)
		if err == nil {
			err = p.store.Update(func(tx kv.Txn) error { return errors.Join(tx.Compare(signingKey, 0), tx.Put(signingKey, value)) })
		}
		return err
	}
	if err == nil {
		err = p.open(entry, &p.key)
	}
	if err != nil {
		return fmt.Errorf("push: signing key: %w", err)
	}
	return nil
}

var errBadSubscription = &consult.Error{Code: consult.CodeBadMessage, Message: "This is not a subscription of a push service that this server may use."}

// check refuses what could not be sent to, and what could reach something else than a push service.
func (p *Push) check(s Subscription) error {
	endpoint, err := url.Parse(s.Endpoint)
	if err != nil || len(s.Endpoint) > maxEndpoint || !p.cfg.allows(endpoint) {
		return errBadSubscription
	}
	point, err := base64.RawURLEncoding.DecodeString(s.Key)
	if err != nil {
		return errBadSubscription
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return errBadSubscription
	}
	if auth, err := base64.RawURLEncoding.DecodeString(s.Auth); err != nil || len(auth) != 16 {
		return errBadSubscription
	}
	return nil
}
