package patient

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// folded returns a text as it is compared: small letters without accents, words of letters and digits with one space
// between them. "Le Goff-D'Étienne" is "le goff d etienne".
func folded(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r): // accents, and the short vowels of Arabic and Hebrew
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		writeLetter(&b, unicode.ToLower(r))
	}
	return b.String()
}

// writeLetter writes a letter that NFKD does not take apart as people who do not have it on their keyboard do.
func writeLetter(b *strings.Builder, r rune) {
	switch r {
	case 'œ':
		b.WriteString("oe")
	case 'æ':
		b.WriteString("ae")
	case 'ß':
		b.WriteString("ss")
	case 'ø':
		b.WriteByte('o')
	case 'ł':
		b.WriteByte('l')
	case 'đ', 'ð':
		b.WriteByte('d')
	case 'þ':
		b.WriteString("th")
	case 'ı':
		b.WriteByte('i')
	case 'ى': // alef maqsura
		b.WriteRune('ي')
	case 'ة': // taa marbuta
		b.WriteRune('ه')
	case 'ـ': // tatweel only makes a word longer
	default:
		b.WriteRune(r)
	}
}

// joined returns the folded words as one: who types "jeanmarc" finds Jean-Marc.
func joined(words string) string { return strings.ReplaceAll(words, " ", "") }

// digitsOf returns the ASCII digits of a text.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
