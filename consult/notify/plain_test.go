package notify

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
)

// plain undoes quoted-printable as far as a test needs it.
func plain(raw string) string {
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(raw)))
	if err != nil && len(b) == 0 {
		return raw
	}
	return string(b)
}

func decodeHeader(text string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(text)
	if err != nil {
		return text
	}
	return decoded
}
