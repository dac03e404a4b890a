package api

// The inputs and outputs that several areas share, in huma's form. A field that is not there is refused.
type (
	bodyOf[T any] struct{ Body T }
	// noBody is an empty object, or nothing at all.
	noBody  struct{}
	noInput struct {
		Body *noBody
	}
)
