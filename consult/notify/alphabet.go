package notify

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1). A character of the extension takes two places.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// Places in a text message: alone, and in each part of a longer one, which spends some on its numbering (TS 23.040 §9.2.3.24).
const (
	gsmAlone, gsmPart   = 160, 153
	ucs2Alone, ucs2Part = 70, 67
)

// Encoding is the alphabet that a text message goes in.
type Encoding string

// The encodings.
const (
	EncodingGSM  Encoding = "gsm-7" // 160 places
	EncodingUCS2 Encoding = "ucs-2" // 70 places: one character outside of the other alphabet is enough
)

// Length is how much room a text takes as a text message.
type Length struct {
	Encoding Encoding `json:"encoding"`
	Places   int      `json:"places"`   // used
	Segments int      `json:"segments"` // messages that are paid for; 0 for an empty text
	Left     int      `json:"left"`     // places until another segment begins
}

// Measure says how much room a text takes as a text message.
func Measure(text string) Length {
	places, encoding, alone, part := gsmPlaces, EncodingGSM, gsmAlone, gsmPart
	if !gsmOnly(text) {
		places, encoding, alone, part = ucs2Places, EncodingUCS2, ucs2Alone, ucs2Part
	}
	total := 0
	for _, r := range text {
		total += places(r)
	}
	if total <= alone {
		return Length{encoding, total, min(total, 1), alone - total}
	}
	// What takes two places is never torn apart, so a part may end one place early.
	segments, used := 1, 0
	for _, r := range text {
		if used+places(r) > part {
			segments, used = segments+1, 0
		}
		used += places(r)
	}
	return Length{encoding, total, segments, part - used}
}

func gsmPlaces(r rune) int {
	if strings.ContainsRune(gsmExtension, r) {
		return 2
	}
	return 1
}

// ucs2Places counts 16-bit units: networks carry UTF-16 where UCS-2 is announced.
func ucs2Places(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

func inGSM(r rune) bool {
	return strings.ContainsRune(gsmBasic, r) || strings.ContainsRune(gsmExtension, r)
}

func gsmOnly(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !inGSM(r) })
}

// Fold writes a text in the GSM alphabet where that costs no more than an accent: é, è, à, ù, ä, ö, ñ, É and Ç are in it and stay,
// ê becomes e, œ becomes oe, ’ becomes '. A text that cannot be written so without losing a letter stays as it is, and so does one
// in a language whose accents tell words apart.
func Fold(text, tag string) string {
	text = norm.NFC.String(text)
	if gsmOnly(text) || !foldable(tag) {
		return text
	}
	var folded strings.Builder
	for _, r := range text {
		if inGSM(r) {
			folded.WriteRune(r)
			continue
		}
		plain, ok := foldRune(r)
		if !ok {
			return text
		}
		folded.WriteString(plain)
	}
	return folded.String()
}

// foldable lists the languages that are read without some accents every day in text messages.
func foldable(tag string) bool {
	parsed, err := language.Parse(tag)
	if err != nil {
		return false
	}
	switch base, _ := parsed.Base(); base.String() {
	case "fr", "en", "de", "es", "it", "pt", "nl", "ca", "da", "sv", "no", "nb", "fi":
		return true
	default:
		return false
	}
}

func foldRune(r rune) (string, bool) {
	switch r {
	case '’', '‘', 'ʼ', '‚', '´', '`':
		return "'", true
	case '“', '”', '„', '«', '»':
		return `"`, true
	case '–', '—', '‑', '‐', '−':
		return "-", true
	case '…':
		return "...", true
	case '\u00a0', '\u202f', '\u2009', '\t':
		return " ", true
	case 'œ':
		return "oe", true
	case 'Œ':
		return "OE", true
	case '·', '•':
		return "-", true
	case '\u200b', '\u00ad', '\ufeff':
		return "", true
	}
	var plain strings.Builder
	for _, part := range norm.NFD.String(string(r)) {
		switch {
		case unicode.Is(unicode.Mn, part):
		case inGSM(part):
			plain.WriteRune(part)
		default:
			return "", false
		}
	}
	return plain.String(), plain.Len() > 0
}
