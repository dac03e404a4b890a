package calendar

import (
	"bytes"
	"unicode/utf8"
)

// lineOctets is the longest line without its break (RFC 5545 §3.1).
const lineOctets = 75

// fold breaks long lines, between characters: the library does not.
func fold(b []byte) []byte {
	folded := make([]byte, 0, len(b)+len(b)/lineOctets*3)
	for len(b) > 0 {
		line := b
		if i := bytes.Index(b, []byte("\r\n")); i >= 0 {
			line, b = b[:i], b[i+2:]
		} else {
			b = nil
		}
		for most := lineOctets; len(line) > most; most = lineOctets - 1 { // a space begins those that go on
			cut := most
			for cut > 0 && !utf8.RuneStart(line[cut]) {
				cut--
			}
			if cut == 0 { // no text at all
				cut = most
			}
			folded = append(append(folded, line[:cut]...), "\r\n "...)
			line = line[cut:]
		}
		folded = append(append(folded, line...), "\r\n"...)
	}
	return folded
}
