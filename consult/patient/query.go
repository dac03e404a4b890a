package patient

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxQuery    = 100 // characters
	minContains = 4   // digits that are looked for in the middle of a phone number
)

// query is what somebody looks for: every term must be found.
type query struct {
	terms  []term
	probes [][]probe // of the terms, see mask.go
	first  string    // the first name term, with a space before it: whose family name begins with it comes first
}

// term is found when any of its texts is in the entry's.
type term struct {
	texts  []string
	phones []string
}

func (q *query) matches(e *entry) bool {
	for _, one := range q.probes {
		if !slices.ContainsFunc(one, func(p probe) bool { return p.in(e) }) {
			return false
		}
	}
	return true
}

// A date as it is typed, from the year on or from the day on, maybe not to its end; and digits as phone numbers group them.
const (
	yearFirst = `(?:^|\s)(\d{4})-(\d{1,2})?(?:-(\d{1,2})?)?(?:\s|$)`
	dayFirst  = `(?:^|\s)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{0,4}))?(?:\s|$)`
	number    = `(?:^|\s)(\+?[\d(][\d().\-–/ ]*)(?:\s|$)`
)

// grammar reads queries. It does not change after newGrammar.
type grammar struct {
	yearFirst, dayFirst, number *regexp.Regexp
	countryCode                 string // "33": where a number that begins with 0 is dialled
}

func newGrammar(countryCode string) grammar {
	return grammar{regexp.MustCompile(yearFirst), regexp.MustCompile(dayFirst), regexp.MustCompile(number), countryCode}
}

// parse understands a query in any order: words of names, a birth date, a phone number, an external id.
func (g grammar) parse(text string) (query, error) {
	if utf8.RuneCountInString(text) > maxQuery {
		return query{}, errLongQuery
	}
	var q query
	text = strings.Map(asciiDigit, strings.Join(strings.Fields(strings.ToValidUTF8(text, " ")), " "))
	text = replaced(g.yearFirst, text, func(m []string) { q.terms = append(q.terms, term{texts: yearFirstTexts(m[1], m[2], m[3])}) })
	text = replaced(g.dayFirst, text, func(m []string) {
		t := g.numberTerm(m[0]) // it may be the beginning of 06.11.48.…
		t.texts = append(t.texts, dayFirstTexts(m[1], m[2], m[3])...)
		q.terms = append(q.terms, t)
	})
	text = replaced(g.number, text, func(m []string) { q.terms = append(q.terms, g.numberTerm(m[1])) })
	for word := range strings.FieldsSeq(folded(text)) {
		if q.first == "" {
			q.first = " " + word
		}
		q.terms = append(q.terms, term{texts: []string{" " + word}})
	}
	for _, t := range q.terms {
		q.probes = append(q.probes, t.probes())
	}
	return q, nil
}

// asciiDigit reads the digits of Arabic and Persian keyboards.
func asciiDigit(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	}
	return r
}

// replaced calls use for every match and returns the text without them.
func replaced(expression *regexp.Regexp, text string, use func(groups []string)) string {
	for {
		at := expression.FindStringSubmatchIndex(text)
		if at == nil {
			return text
		}
		groups := make([]string, len(at)/2)
		for i := range groups {
			if at[2*i] >= 0 {
				groups[i] = text[at[2*i]:at[2*i+1]]
			}
		}
		use(groups)
		text = text[:at[0]] + " | " + text[at[1]:] // so that what stood around it does not become one
	}
}

// yearFirstTexts is "1948-", "1948-03" or "1948-03-09". A month or day of one digit may still become two.
func yearFirstTexts(year, month, day string) []string {
	switch {
	case day == "" && len(month) != 1:
		return []string{markISO + year + month}
	case day == "":
		return []string{markISO + year + month, markISO + year + "0" + month}
	case len(day) == 1:
		return []string{markISO + year + two(month) + day, markISO + year + two(month) + "0" + day}
	}
	return []string{markISO + year + two(month) + day}
}

// dayFirstTexts is "9/3", "09/03/19" or "09/03/1948". Two digits are the end of a year as well as its beginning.
func dayFirstTexts(day, month, year string) []string {
	dayMonth := markDay + two(day) + two(month)
	texts := []string{dayMonth + year}
	if len(year) == 2 {
		texts = append(texts, dayMonth+"19"+year, dayMonth+"20"+year)
	}
	if year == "" && len(month) == 1 {
		texts = append(texts, markDay+two(day)+month)
	}
	return texts
}

func two(digits string) string { return "00"[:2-len(digits)] + digits }

// numberTerm is digits without a meaning of their own: a phone number, an external id, a year, a date without strokes.
func (g grammar) numberTerm(typed string) term {
	digits := digitsOf(typed)
	international := digitsOf(strings.Replace(typed, "(0)", "", 1)) // +33 (0)6
	if strings.Contains(typed, "+") {
		return term{phones: []string{markPhone + international}}
	}
	t := term{texts: []string{" " + digits}}
	if len(digits) <= len("19480309") {
		t.texts = append(t.texts, markISO+digits, markDay+digits)
	}
	if len(digits) == len("090348") {
		t.texts = append(t.texts, markDay+digits[:4]+"19"+digits[4:], markDay+digits[:4]+"20"+digits[4:])
	}
	middle := digits
	switch {
	case strings.HasPrefix(digits, "00"):
		t.phones = append(t.phones, markPhone+international[2:])
	case strings.HasPrefix(digits, "0"):
		middle = digits[1:] // dialled at home only
		t.phones = append(t.phones, markPhone+g.countryCode+middle)
	default:
		t.phones = append(t.phones, markPhone+digits)
	}
	if len(middle) >= minContains {
		t.phones = append(t.phones, middle)
	}
	return t
}
