package account

import (
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/colloque/colloque/consult"
)

// The one-time codes of an authenticator app, with the parameters that all of them know (RFC 6238 §4).
const (
	codePeriod = 30 // seconds
	codeSkew   = 1  // periods that a phone's clock may be off
)

var errWrongCode error = &consult.Error{Code: CodeWrongCode, Message: "This code is not right: take the one that the app shows now."}

// oneTimeCodes is an account's authenticator app.
type oneTimeCodes struct {
	Secret string `json:"secret"` // base32
	Last   int64  `json:"last"`   // period of the last code that was taken: none is good twice (RFC 6238 §5.2)
}

// TOTPOffer is a fresh secret for an authenticator app, until a code of it proves that the app has it.
type TOTPOffer struct {
	Secret string // to type
	URL    string // to scan: otpauth://totp/…
	Step   string // to send back with the first code
}

// offerCodes makes a secret that is stored nowhere until it is proven.
func (a *Accounts) offerCodes(of Account) (TOTPOffer, error) {
	name := of.Mail
	if name == "" {
		name = of.Name
	}
	if name == "" {
		name = string(of.ID)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: strings.ReplaceAll(a.practice, ":", " "), AccountName: strings.ReplaceAll(name, ":", " "), Period: codePeriod})
	if err != nil {
		return TOTPOffer{}, a.fail("one-time codes", err)
	}
	step, err := a.secrets.sealStep("totp", of.ID, a.clock().Add(enrolWithin), key.Secret())
	if err != nil {
		return TOTPOffer{}, a.fail("one-time codes", err)
	}
	return TOTPOffer{key.Secret(), key.URL(), step}, nil
}

// proven returns the codes of the offer, when the code is one of them.
func (a *Accounts) proven(of consult.AccountID, step, code string) (*oneTimeCodes, error) {
	var secret string
	opened, err := a.secrets.openStep("totp", step, a.clock(), &secret)
	if err != nil {
		return nil, err
	}
	if opened.Account != of {
		return nil, errCeremony
	}
	codes := &oneTimeCodes{Secret: secret}
	if !codes.take(code, a.clock()) {
		return nil, errWrongCode
	}
	return codes, nil
}

// take uses a code up and reports whether it was good.
func (o *oneTimeCodes) take(code string, now time.Time) bool {
	code = strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, code)
	current := now.Unix() / codePeriod
	for period := current - codeSkew; period <= current+codeSkew; period++ {
		good, err := hotp.ValidateCustom(code, uint64(period), o.Secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && good && period > o.Last {
			o.Last = period
			return true
		}
	}
	return false
}
