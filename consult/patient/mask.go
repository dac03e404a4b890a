package patient

import "strings"

// mask is 64 bits of which a text sets one for each piece of it. A text can be found in another only if all its bits are there: most
// patients are passed over with one look at each word of the mask, and their texts are not read.
type mask uint64

// bitOf spreads up to three bytes over the bits of a mask.
func bitOf(a, b, c byte) mask {
	const golden = 0x9e3779b97f4a7c15 // 2^64 by the golden ratio: Knuth, The Art of Computer Programming vol. 3, §6.4
	return 1 << ((uint64(a)<<16 | uint64(b)<<8 | uint64(c)) * golden >> 58)
}

// masks is what is looked at first: the beginnings of words, by one letter and by two, and any three digits of the phone numbers.
type masks struct{ letter, letters, digits mask }

func (m masks) has(wanted masks) bool {
	return m.letter&wanted.letter == wanted.letter && m.letters&wanted.letters == wanted.letters && m.digits&wanted.digits == wanted.digits
}

// addWord takes the beginning of a word, which is the mark before it and what follows.
func (m *masks) addWord(marked string) {
	if len(marked) > 1 {
		m.letter |= bitOf(marked[0], marked[1], 0)
	}
	if len(marked) > 2 {
		m.letters |= bitOf(marked[0], marked[1], marked[2])
	}
}

func (m *masks) addDigits(phones string) {
	for i := range max(0, len(phones)-2) {
		m.digits |= bitOf(phones[i], phones[i+1], phones[i+2])
	}
}

const marks = " " + markISO + markDay + markPhone

func masksOf(e entry) masks {
	var m masks
	for i := range len(e.text) {
		if strings.IndexByte(marks, e.text[i]) >= 0 {
			m.addWord(e.text[i:])
		}
	}
	m.addDigits(e.phones)
	return m
}

// probe is one text of a term with the bits that an entry must have to hold it.
type probe struct {
	text  string
	phone bool // is looked for in the phone numbers
	bits  masks
}

func (p *probe) in(e *entry) bool {
	if !e.bits.has(p.bits) {
		return false
	}
	if p.phone {
		return strings.Contains(e.phones, p.text)
	}
	return strings.Contains(e.text, p.text)
}

// probes is what a term looks for. Its texts begin with a mark, all of them.
func (t term) probes() []probe {
	var all []probe
	for _, text := range t.texts {
		p := probe{text: text}
		p.bits.addWord(text)
		all = append(all, p)
	}
	for _, phone := range t.phones {
		p := probe{text: phone, phone: true}
		p.bits.addDigits(phone)
		all = append(all, p)
	}
	return all
}
