package turn

import "errors"

// The errors of this package.
var (
	// ErrConfig is wrapped by every error of Config.Validate.
	ErrConfig = errors.New("turn: bad configuration")
	// ErrFull says that Config.MaxAllocations allocations are live. The client is told 508, Insufficient Capacity.
	ErrFull = errors.New("turn: no room for another allocation")
	// ErrUnsupported says that TCP relaying (RFC 6062) does not exist here.
	ErrUnsupported = errors.New("turn: only UDP is relayed")
)
