package notify

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/colloque/colloque/consult"
)

// verdict is what came of one attempt to hand a notice over.
type verdict int

// The verdicts.
const (
	taken    verdict = iota // it has it
	refused                 // it will never take this one
	later                   // it does not have it; try again
	doubtful                // nobody knows whether it has it
)

// outcome is one attempt, with what was answered. The answer is for the operator and holds no secret of ours.
type outcome struct {
	verdict   verdict
	messageID string
	answer    string
}

// maxAnswer bounds what is read of a gateway's answer, in bytes.
const maxAnswer = 64 << 10

// send hands a message to this gateway. before is called when everything is ready and nothing has left; its error stops.
func (g *gateway) send(ctx context.Context, m message, before func() error) outcome {
	r, err := g.request(m)
	if err != nil {
		return outcome{refused, "", err.Error()}
	}
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	if err := before(); err != nil {
		return outcome{later, "", err.Error()}
	}
	answer, err := g.client.Do(r.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		if connected.Load() && !g.cfg.Idempotent {
			return outcome{doubtful, "", g.clean(err.Error())}
		}
		return outcome{later, "", g.clean(err.Error())}
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		body = nil // the status says enough
	}
	return g.judge(answer, body)
}

// judge reads an answer.
func (g *gateway) judge(answer *http.Response, body []byte) outcome {
	told := g.clean(fmt.Sprintf("HTTP %s: %s", answer.Status, strings.TrimSpace(string(body))))
	d := document{header: answer.Header, body: body}
	switch status := answer.StatusCode; {
	case slices.Contains(g.cfg.Success.Status, status):
		if g.cfg.Success.Source != "" {
			if value, ok := d.value(g.cfg.Success.Source); !ok || !g.match.MatchString(value) {
				return outcome{refused, "", told}
			}
		}
		id, _ := d.value(g.cfg.MessageID)
		return outcome{taken, id, told}
	case slices.Contains(g.cfg.Retry, status):
		return outcome{later, "", told}
	case status >= http.StatusInternalServerError && !g.cfg.Idempotent:
		return outcome{doubtful, "", told} // a proxy gave up waiting: who stands behind it may have it
	case status >= http.StatusInternalServerError:
		return outcome{later, "", told}
	default:
		return outcome{refused, "", told}
	}
}

// clean takes the secrets that we sent out of what came back, and shortens it.
func (g *gateway) clean(text string) string {
	for _, secret := range g.set {
		if len(secret) >= 6 {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return shorten(text)
}

func shorten(text string) string {
	const most = 400 // characters
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// handSMS tells one gateway after the other, until one takes the message or it is not certain any more that none has.
func (o *Outbox) handSMS(ctx context.Context, r *row, n consult.Notice, text string, handing func(gateway string) error) outcome {
	result := outcome{verdict: refused, answer: "no gateway serves this number"}
	for _, g := range o.gateways {
		if !g.cfg.serves(n.To.Phone) || slices.Contains(r.Refusals, g.cfg.Name) {
			continue
		}
		m := message{
			To: n.To.Phone, Text: text, UCS2: Measure(text).Encoding == EncodingUCS2, ID: string(r.id),
			ReportURL: o.ReportURL(g.cfg.Name), Timestamp: o.clock().Unix(),
		}
		now := g.send(ctx, m, func() error { return handing(g.cfg.Name) })
		o.log.Info("text message", "notice", r.id, "gateway", g.cfg.Name, "verdict", now.verdict.String(), "attempt", r.Attempts+1)
		switch now.verdict {
		case taken, doubtful:
			return now
		case refused:
			r.Refusals = append(r.Refusals, g.cfg.Name)
			if result.verdict != later {
				result = now
			}
		case later:
			result = now
		}
	}
	return result
}

// String names the verdict for logs.
func (v verdict) String() string { return [...]string{"taken", "refused", "later", "doubtful"}[v] }
