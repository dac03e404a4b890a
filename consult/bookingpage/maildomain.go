package bookingpage

import (
	"slices"
	"strings"
)

// meantDomains are those that patients' mail is at most often and that are long enough to be told from others, the likeliest first: what is one
// slip from two of them is taken for the first.
func meantDomains() []string {
	return []string{
		"gmail.com", "orange.fr", "hotmail.fr", "hotmail.com", "wanadoo.fr", "yahoo.fr", "yahoo.com", "free.fr", "laposte.net", "outlook.fr", "outlook.com",
		"icloud.com", "live.fr", "live.com", "bbox.fr", "neuf.fr", "numericable.fr", "googlemail.com", "protonmail.com", "hotmail.co.uk", "yahoo.co.uk",
	}
}

// realDomains are one slip from one of meantDomains, and as real: nobody is told that theirs is wrong.
func realDomains() []string { return []string{"mail.com", "email.com", "ymail.com"} }

// meantMail is the address that was probably meant by one whose domain is a slip away from a well-known one; "" when there is none. The
// address is one that consult.CleanMail returned.
func meantMail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 1 {
		return ""
	}
	typed, meant := address[at+1:], meantDomains()
	if slices.Contains(meant, typed) || slices.Contains(realDomains(), typed) {
		return ""
	}
	if i := slices.IndexFunc(meant, func(known string) bool { return oneSlip(typed, known) }); i >= 0 {
		return address[:at+1] + meant[i]
	}
	return ""
}

// oneSlip says whether one byte too many, too few or wrong, or two neighbours in each other's place, is all in which a and b differ: an optimal
// string alignment distance of 1.
func oneSlip(a, b string) bool {
	if a == b {
		return false
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	same := 0
	for same < len(b) && a[same] == b[same] {
		same++
	}
	a, b = a[same:], b[same:] // a is not empty: they differ
	switch {
	case len(a) == len(b)+1:
		return a[1:] == b
	case len(a) != len(b):
		return false
	case a[1:] == b[1:]:
		return true
	}
	return len(a) > 1 && a[0] == b[1] && a[1] == b[0] && a[2:] == b[2:]
}
