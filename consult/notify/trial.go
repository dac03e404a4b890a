package notify

import (
	"context"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestResult is what came of a test message, in words for the operator. It holds no secret.
type TestResult struct {
	Taken   bool    `json:"taken"`
	Channel Channel `json:"channel"`
	Gateway string  `json:"gateway,omitempty"`
	Answer  string  `json:"answer"` // of the mail server or the gateway
	Took    float64 `json:"seconds"`
}

const (
	testsAtOnce = 10
	testWindow  = 10 * time.Minute
)

// TestMessage sends a test to a mail address, or to a phone number by every gateway that serves it (or the named one), at once and past
// the outbox, and says what was answered.
func (o *Outbox) TestMessage(ctx context.Context, to consult.Contact, gateway, language string) ([]TestResult, error) {
	if (to.Mail == "") == (to.Phone == "") {
		return nil, errBadTestTarget
	}
	if !o.mayTest() {
		return nil, errTooManyTests
	}
	text := map[string]string{
		"fr": "ceci est un message d'essai.", "en": "this is a test message.", "ar": "هذه رسالة تجريبية.",
	}[languageFor(language, o.profile.Language)]
	if to.Mail != "" {
		if !o.cfg.Mail.configured() {
			return nil, errNoChannel
		}
		p := &postman{cfg: o.cfg.Mail, practice: o.profile.Name}
		defer p.close()
		l := letter{to: to.Mail, subject: o.profile.Name, text: o.profile.Name + " : " + text, language: languageFor(language, o.profile.Language), id: string(consult.NewNoticeID(o.clock()))}
		return []TestResult{o.timed(ChannelMail, "", func() outcome { return p.hand(ctx, l, func() error { return nil }) })}, nil
	}
	var results []TestResult
	for _, g := range o.gateways {
		if gateway != "" && gateway != g.cfg.Name || gateway == "" && !g.cfg.serves(to.Phone) {
			continue
		}
		folded := Fold(o.profile.Name+" : "+text, languageFor(language, o.profile.Language))
		m := message{
			To: to.Phone, Text: folded, UCS2: Measure(folded).Encoding == EncodingUCS2, ID: string(consult.NewNoticeID(o.clock())),
			ReportURL: o.ReportURL(g.cfg.Name), Timestamp: o.clock().Unix(),
		}
		results = append(results, o.timed(ChannelSMS, g.cfg.Name, func() outcome { return g.send(ctx, m, func() error { return nil }) }))
	}
	if len(results) == 0 {
		return nil, errNoChannel
	}
	return results, nil
}

func (o *Outbox) timed(channel Channel, gateway string, do func() outcome) TestResult {
	began := time.Now()
	result := do()
	return TestResult{result.verdict == taken, channel, gateway, result.answer, time.Since(began).Round(time.Millisecond).Seconds()}
}

// mayTest keeps a signed-in operator's browser from being made into a sender of many messages.
func (o *Outbox) mayTest() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.clock()
	kept := o.tests[:0]
	for _, at := range o.tests {
		if now.Sub(at) < testWindow {
			kept = append(kept, at)
		}
	}
	o.tests = kept
	if len(kept) >= testsAtOnce {
		return false
	}
	o.tests = append(o.tests, now)
	return true
}

// Channels says what is configured, for the operator's page.
type Channels struct {
	Mail     bool           `json:"mail"`
	Gateways []GatewayState `json:"gateways"`
}

// GatewayState is a gateway as the operator sees it.
type GatewayState struct {
	Name      string   `json:"name"`
	Preset    string   `json:"preset,omitempty"`
	Prefixes  []string `json:"prefixes"`
	ReportURL string   `json:"report_url,omitempty"` // to be told to the gateway where it is not told with each message
}

// Channels returns what is configured.
func (o *Outbox) Channels() Channels {
	c := Channels{Mail: o.cfg.Mail.configured(), Gateways: []GatewayState{}}
	for _, g := range o.gateways {
		s := GatewayState{Name: g.cfg.Name, Preset: g.cfg.Preset, Prefixes: append([]string{}, g.cfg.Prefixes...)}
		if g.cfg.Report.Method != "" {
			s.ReportURL = o.ReportURL(g.cfg.Name)
		}
		c.Gateways = append(c.Gateways, s)
	}
	return c
}
