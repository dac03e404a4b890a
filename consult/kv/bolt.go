package kv

import "errors"

// OpenBolt opens the store in the file at path and makes it if there is none.
func OpenBolt(path string, cfg BoltConfig) (Store, error) {
	return nil, errors.ErrUnsupported
}
