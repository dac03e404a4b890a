package api

import "github.com/colloque/colloque/consult"

// The inputs and outputs that several areas share, in huma's form. A field that is not there is refused.
type (
	bodyOf[T any] struct{ Body T }
	// Keyed is what is created: sent again with its key, by a program or a page that did not hear the answer, it is made once.
	Keyed struct {
		Key string `json:"key,omitempty" maxLength:"60" doc:"Random. The same key, of the same account, makes one only, however often it is sent."`
	}
	// noBody is an empty object, or nothing at all.
	noBody  struct{}
	noInput struct {
		Body *noBody
	}
)

// of is the key as booking has it: nobody gets at what another has made. "" stays "".
func (k Keyed) of(by consult.AccountID) string {
	if k.Key == "" {
		return ""
	}
	return string(by) + "/" + k.Key
}
