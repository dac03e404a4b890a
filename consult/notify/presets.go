package notify

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// presets are gateways as their operators' public documents describe them. They were run against a model of those documents, not
// against the gateways themselves: send a test message before you rely on one.
func presets() map[string]GatewayConfig {
	jsonHeaders := func(more map[string]string) map[string]string {
		headers := map[string]string{"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
		maps.Copy(headers, more)
		return headers
	}
	return map[string]GatewayConfig{
		// OVHcloud: POST /sms/{serviceName}/jobs with a signed request (api.ovh.com/console, "First steps with the API"). Reports go to the
		// callBack address that is set on the SMS account, with GET.
		"ovh": {
			URL:    `{{if eq .Set.region "ca"}}https://ca.api.ovh.com{{else}}https://eu.api.ovh.com{{end}}/1.0/sms/{{.Set.service | query}}/jobs`,
			Method: http.MethodPost,
			Headers: jsonHeaders(map[string]string{
				"X-Ovh-Application": `{{.Set.application_key}}`,
				"X-Ovh-Consumer":    `{{.Set.consumer_key}}`,
				"X-Ovh-Timestamp":   `{{.Timestamp}}`,
				"X-Ovh-Signature":   `$1${{sha1 (printf "%s+%s+%s+%s+%s+%d" .Set.application_secret .Set.consumer_key .Method .URL .Body .Timestamp)}}`,
			}),
			Body: `{"charset":"UTF-8","coding":"{{if .UCS2}}8bit{{else}}7bit{{end}}","message":{{json .Text}},"noStopClause":true,"priority":"high",` +
				`"receivers":[{{json .To}}],{{if .Set.sender}}"sender":{{json .Set.sender}}{{else}}"senderForResponse":true{{end}},"tag":{{json .ID}},"validityPeriod":1440}`,
			Success:   SuccessConfig{Status: []int{200}, Source: "json:validReceivers.0"},
			MessageID: "json:ids.0",
			Settings:  map[string]string{"region": "eu", "sender": ""},
			Report:    ReportConfig{Method: http.MethodGet, MessageID: "query:id", State: "query:dlr", Delivered: `^1$`, Failed: `^(2|16)$`},
		},
		// Twilio: POST /2010-04-01/Accounts/{AccountSid}/Messages.json (twilio.com/docs/messaging/api/message-resource).
		"twilio": {
			URL:    `https://api.twilio.com/2010-04-01/Accounts/{{.Set.account_sid | query}}/Messages.json`,
			Method: http.MethodPost,
			Headers: map[string]string{
				"Content-Type":  "application/x-www-form-urlencoded",
				"Authorization": `Basic {{base64 (printf "%s:%s" .Set.account_sid .Set.auth_token)}}`,
			},
			Body: `To={{query .To}}&Body={{query .Text}}&{{if .Set.messaging_service_sid}}MessagingServiceSid={{query .Set.messaging_service_sid}}` +
				`{{else}}From={{query .Set.sender}}{{end}}&StatusCallback={{query .ReportURL}}`,
			Success:   SuccessConfig{Status: []int{201}},
			MessageID: "json:sid",
			Settings:  map[string]string{"messaging_service_sid": "", "sender": ""},
			Report: ReportConfig{
				Method: http.MethodPost, MessageID: "form:MessageSid", State: "form:MessageStatus",
				Delivered: `^(delivered|read)$`, Failed: `^(failed|undelivered|canceled)$`,
			},
		},
		// smsmode: POST /sms/v1/messages (dev.smsmode.com, REST API v1).
		"smsmode": {
			URL:     `https://rest.smsmode.com/sms/v1/messages`,
			Method:  http.MethodPost,
			Headers: jsonHeaders(map[string]string{"X-Api-Key": `{{.Set.api_key}}`}),
			Body: `{"recipient":{"to":{{json .Digits}}},"body":{"text":{{json .Text}},"encoding":"{{if .UCS2}}UNICODE{{else}}GSM7{{end}}"},` +
				`{{if .Set.sender}}"from":{{json .Set.sender}},{{end}}"refClient":{{json .ID}},"callbackUrlStatus":{{json .ReportURL}}}`,
			Success:   SuccessConfig{Status: []int{201}},
			MessageID: "json:messageId",
			Settings:  map[string]string{"sender": ""},
			Report: ReportConfig{
				Method: http.MethodPost, MessageID: "json:messageId", State: "json:status.value",
				Delivered: `^DELIVERED$`, Failed: `^(UNDELIVERED|UNDELIVERABLE)$`,
			},
		},
		// Swisscom: POST /messaging/sms, version 2 (docs.developer.swisscom.com, Messaging API). Its reports come with PUT and name the message
		// in the header Location.
		"swisscom": {
			URL:       `https://api.swisscom.com/messaging/sms`,
			Method:    http.MethodPost,
			Headers:   jsonHeaders(map[string]string{"client_id": `{{.Set.client_id}}`, "SCS-Version": "2", "SCS-Request-ID": `{{.ID}}`}),
			Body:      `{{"{"}}{{if .Set.sender}}"from":{{json .Set.sender}},{{end}}"to":{{json .To}},"text":{{json .Text}},"callbackUrl":{{json .ReportURL}}}`,
			Success:   SuccessConfig{Status: []int{201}},
			MessageID: "header:SCS-MessageId",
			Settings:  map[string]string{"sender": ""},
			Report: ReportConfig{
				Method: http.MethodPut, MessageID: "header:Location", State: "json:description",
				Delivered: `(?i)^delivered`, Failed: `(?i)(undeliver|not deliver|fail|expire|reject)`,
			},
		},
	}
}

// PresetNames lists the presets.
func PresetNames() []string { return slices.Sorted(maps.Keys(presets())) }

// withPreset fills in what is left empty, from the preset and then from the defaults.
func withPreset(c GatewayConfig) (GatewayConfig, error) {
	p := GatewayConfig{}
	if c.Preset != "" {
		var known bool
		if p, known = presets()[c.Preset]; !known {
			return c, fmt.Errorf("preset %q: must be one of %s, or empty", c.Preset, strings.Join(PresetNames(), ", "))
		}
	}
	c.URL, c.Method, c.Body = firstText(c.URL, p.URL), firstText(c.Method, p.Method, http.MethodPost), firstText(c.Body, p.Body)
	c.MessageID = firstText(c.MessageID, p.MessageID)
	c.Headers = merged(p.Headers, c.Headers)
	c.Settings = merged(p.Settings, c.Settings)
	if c.Success.isZero() {
		c.Success = p.Success
	}
	if c.Report == (ReportConfig{}) {
		c.Report = p.Report
	}
	if len(c.Success.Status) == 0 {
		c.Success.Status = []int{http.StatusOK, http.StatusCreated, http.StatusAccepted}
	}
	if len(c.Retry) == 0 {
		c.Retry = []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	}
	if c.Timeout == 0 {
		c.Timeout = defaultGatewayTimeout
	}
	return c, nil
}

func (s SuccessConfig) isZero() bool { return len(s.Status) == 0 && s.Source == "" && s.Match == "" }

func firstText(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func merged(under, over map[string]string) map[string]string {
	all := make(map[string]string, len(under)+len(over))
	maps.Copy(all, under)
	maps.Copy(all, over)
	return all
}
