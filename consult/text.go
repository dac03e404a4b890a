package consult

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

const (
	maxName     = 100  // characters
	maxChatText = 2000 // characters
	maxMessage  = 300  // characters of a message to who waits: two text messages
	maxLanguage = 35   // characters of a language tag, RFC 5646 §4.4.1
)

// CleanName returns a person's name as it is stored: trimmed, in Unicode's NFC form. Names that could pass
// for something else on a screen (control characters, writing-direction overrides) are refused.
func CleanName(name string) (string, error) { return cleanName(name, true) }

func cleanName(name string, needed bool) (string, error) {
	name = norm.NFC.String(strings.TrimSpace(name))
	if name == "" && needed {
		return "", errNameMissing
	}
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, notInNames) {
		return "", errBadName
	}
	return name, nil
}

// notInNames lets the joiners through, which names in Persian and in the scripts of India need.
func notInNames(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return !unicode.IsGraphic(r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner
}

// cleanText checks what somebody wrote in the chat. Lines and tabs stay.
func cleanText(text string) (string, error) {
	if utf8.RuneCountInString(text) > maxChatText {
		return "", errChatTooLong
	}
	if !utf8.ValidString(text) || strings.TrimSpace(text) == "" || strings.ContainsFunc(text, notInText) {
		return "", errBadText
	}
	return norm.NFC.String(text), nil
}

// cleanMessage checks what is written to somebody who waits.
func cleanMessage(text string) (string, error) {
	text = norm.NFC.String(strings.TrimSpace(text))
	if !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > maxMessage || strings.ContainsFunc(text, notInText) {
		return "", errBadWaitingText
	}
	return text, nil
}

func notInText(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// cleanLanguage returns the tag in its canonical form; "" stays "".
func cleanLanguage(tag string) (string, error) {
	if tag == "" {
		return "", nil
	}
	parsed, err := language.Parse(tag)
	if len(tag) > maxLanguage || err != nil {
		return "", errBadLanguage
	}
	return parsed.String(), nil
}
