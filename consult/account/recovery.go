package account

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// A recovery code is 80 random bits in words of four letters and digits, to be printed and typed: "k3yf-9mq2-xx7p-4tna". It signs in
// alone, once: who has nothing else left has no second thing to show.
const (
	recoveryCodes     = 8
	recoveryCodeBytes = 10
	recoveryWord      = 4
)

// The alphabet of Crockford's base 32, without letters that are read as digits.
func recoveryAlphabet() *base32.Encoding {
	return base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
}

// newRecoveryCodes replaces the codes of the account, and returns them: they are shown once. At most 16 operations.
func (a *Accounts) newRecoveryCodes(tx kv.Txn, r *record) ([]string, error) {
	for _, mark := range r.Recovery {
		if err := tx.Delete(recoveryKey(mark)); err != nil {
			return nil, err
		}
	}
	r.Recovery = nil
	codes := make([]string, recoveryCodes)
	for i := range codes {
		raw := make([]byte, recoveryCodeBytes)
		_, _ = rand.Read(raw) // never fails
		text := recoveryAlphabet().EncodeToString(raw)
		mark := a.secrets.mark("recovery", text)
		if err := tx.Put(recoveryKey(mark), []byte(r.Account.ID)); err != nil {
			return nil, err
		}
		r.Recovery = append(r.Recovery, mark)
		var words []string
		for word := range slices.Chunk([]byte(text), recoveryWord) {
			words = append(words, string(word))
		}
		codes[i] = strings.Join(words, "-")
	}
	return codes, nil
}

// cleanRecoveryCode returns what was typed as it was made: case, spaces and dashes do not matter, and what is easily misread
// is read as it was meant.
func cleanRecoveryCode(typed string) string {
	if len(typed) > 100 {
		return ""
	}
	return strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(typed))
}

// SignInWithRecoveryCode uses a recovery code up. Guessing is slowed by address; 80 bits do the rest.
func (a *Accounts) SignInWithRecoveryCode(ctx context.Context, code string, by Visitor) (cookie string, who Account, err error) {
	mark := a.secrets.mark("recovery", cleanRecoveryCode(code))
	return a.signIn(ctx, by, MeansRecovery, func(tx kv.Txn) (*record, error) {
		entry, err := tx.Get(recoveryKey(mark))
		if err != nil {
			return nil, wrongWhenMissing(err)
		}
		r, err := load(tx, a.master, consult.AccountID(entry.Value))
		if err != nil {
			return nil, err
		}
		r.Recovery = slices.DeleteFunc(r.Recovery, func(m string) bool { return m == mark })
		return r, tx.Delete(recoveryKey(mark))
	})
}

// NewRecoveryCodes replaces the recovery codes of an account and returns the new ones, which nobody can show again.
func (a *Accounts) NewRecoveryCodes(id consult.AccountID) (codes []string, err error) {
	err = a.change("recovery codes", id, func(tx kv.Txn, r *record) (err error) {
		if !r.hasMeans() {
			return errNoMeans
		}
		codes, err = a.newRecoveryCodes(tx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}
