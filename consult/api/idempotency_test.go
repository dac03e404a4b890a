package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// onceOnly are the operations that create something and take no key, and why that is so.
func onceOnly() map[string]string {
	const secret = "it gives a secret that is kept as a hash only: an answer that was lost cannot be given again, and what it made is seen in a list and taken back there"
	const list = "what is made stands in a short list before who made it, a second one is removed there"
	return map[string]string{
		"start": secret, "invite": secret, "link": secret, "sheet": secret, "account-link": secret, "invite-account": secret,
		"new-app-password": secret, "new-feed": "it takes the place of the one before", "new-token": secret,
		"add-passkey": "an authenticator's answer is used up by it", "set-password": "it takes the place of the one before", "new-recovery-codes": "they take the place of those before",
		"create-patient":       "the same person again is refused as similar, unless anyway says that there are two",
		"add-outside-calendar": list, "create-unit": list, "add-organisation": list, "ask-interpreter": list,
	}
}

// TestKeys: every operation that creates takes a key, by the same name and of the same account, or says here why it does not.
func TestKeys(t *testing.T) {
	s := newSite(t)
	doc := mustJSON[struct {
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}](s, request{method: "GET", path: "/api/v1/openapi.json"}, 200)
	exempt := onceOnly()
	for _, row := range (&api{}).operations() {
		if row.method != http.MethodPost || row.status != http.StatusCreated {
			continue
		}
		var said struct {
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Ref string `json:"$ref"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		}
		if err := json.Unmarshal(doc.Paths[row.path]["post"], &said); err != nil {
			t.Fatal(row.id, err)
		}
		ref := said.RequestBody.Content["application/json"].Schema.Ref
		_, keyed := doc.Components.Schemas[ref[strings.LastIndexByte(ref, '/')+1:]].Properties["key"]
		if _, why := exempt[row.id]; keyed == why {
			t.Errorf("%s: takes a key %v, is exempt %v", row.id, keyed, why)
		}
		delete(exempt, row.id)
	}
	if len(exempt) != 0 {
		t.Errorf("create nothing: %v", exempt)
	}
}

// TestCreatedOnce: what is sent again with its key is the same; another's key is another.
func TestCreatedOnce(t *testing.T) {
	for _, id := range []string{"book", "book-series", "wait", "create-service", "create-room"} { // send-document: operations_documents_test.go
		t.Run(id, func(t *testing.T) {
			w := newWorld(t)
			row := operation{}
			for _, one := range (&api{}).operations() {
				if one.id == id {
					row = one
				}
			}
			body := func(key string) string {
				return `{"key":"` + key + `",` + strings.TrimPrefix(trials()[id].body(w), "{")
			}
			made := func(body string) string {
				t.Helper()
				answer := mustJSON[struct {
					ID          string `json:"id"`
					Appointment struct {
						ID string `json:"id"`
					} `json:"appointment"`
					Dates []struct {
						Appointment struct {
							ID string `json:"id"`
						} `json:"appointment"`
					} `json:"dates"`
				}](w.site, request{method: row.method, path: row.path, body: body, cookie: w.cookies["owner"]}, 201)
				got := answer.ID + answer.Appointment.ID
				for _, one := range answer.Dates {
					got += one.Appointment.ID
				}
				return got
			}
			sent := body("first")
			first := made(sent)
			before := w.store.Revision()
			if again := made(sent); again != first || first == "" || w.store.Revision() != before {
				t.Errorf("%q, then %q", first, again)
			}
			if id == "wait" || strings.HasPrefix(id, "create") {
				if other := made(body("second")); other == first {
					t.Errorf("another key gives %q too", other)
				}
			}
		})
	}
}
