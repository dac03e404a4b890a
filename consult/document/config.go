package document

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// Config is what the operator decides about documents. How long they are kept is consult.Config.KeepDocuments.
type Config struct {
	MaxMB             int           `yaml:"max_mb"`              // of one document, in MiB; default 100
	MaxConsultationMB int           `yaml:"max_consultation_mb"` // of all of one consultation, in MiB; default 500
	MaxCount          int           `yaml:"max_count"`           // documents of one consultation; default 100
	MinFreeMB         int           `yaml:"min_free_mb"`         // of the disk stay free, in MiB; default 1024
	UploadWithin      time.Duration `yaml:"upload_within"`       // a document that did not arrive whole by then is forgotten; default 24 h
	Clamd             string        `yaml:"clamd"`               // "unix:/run/clamav/clamd.ctl" or "tcp:localhost:3310"; "": no scan
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{MaxMB: 100, MaxConsultationMB: 500, MaxCount: 100, MinFreeMB: 1024, UploadWithin: 24 * time.Hour}
}

const (
	mebibyte    = 1 << 20
	maxMegabyte = 10_000 // MiB that may be asked for: what is larger is no document
	maxCount    = 500    // so that a list is one message
)

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	switch {
	case c.MaxMB < 1 || c.MaxMB > maxMegabyte:
		return fmt.Errorf("documents.max_mb %d: must be 1 to %d", c.MaxMB, maxMegabyte)
	case c.MaxConsultationMB < c.MaxMB || c.MaxConsultationMB > 10*maxMegabyte:
		return fmt.Errorf("documents.max_consultation_mb %d: must be max_mb (%d) to %d", c.MaxConsultationMB, c.MaxMB, 10*maxMegabyte)
	case c.MaxCount < 1 || c.MaxCount > maxCount:
		return fmt.Errorf("documents.max_count %d: must be 1 to %d", c.MaxCount, maxCount)
	case c.MinFreeMB < 0:
		return errors.New("documents.min_free_mb: must be 0 or more")
	case c.UploadWithin < time.Minute || c.UploadWithin > 30*24*time.Hour:
		return fmt.Errorf("documents.upload_within %s: must be 1m to 720h", c.UploadWithin)
	}
	if _, _, err := splitClamd(c.Clamd); err != nil {
		return err
	}
	return nil
}

// splitClamd returns network and address of the virus scanner; both "" when there is none.
func splitClamd(s string) (network, address string, err error) {
	if s == "" {
		return "", "", nil
	}
	network, address, _ = strings.Cut(s, ":")
	switch network {
	case "unix":
		if filepath.IsAbs(address) {
			return network, address, nil
		}
	case "tcp":
		if _, _, err := net.SplitHostPort(address); err == nil {
			return network, address, nil
		}
	}
	return "", "", fmt.Errorf("documents.clamd %q: write unix:/run/clamav/clamd.ctl or tcp:localhost:3310", s)
}
