package notify

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMeasure(t *testing.T) {
	tests := []struct {
		name, text string
		want       Length
	}{
		{"nothing", "", Length{EncodingGSM, 0, 0, 160}},
		{"one", "a", Length{EncodingGSM, 1, 1, 159}},
		{"full", strings.Repeat("a", 160), Length{EncodingGSM, 160, 1, 0}},
		{"one more", strings.Repeat("a", 161), Length{EncodingGSM, 161, 2, 145}},
		{"two parts", strings.Repeat("a", 306), Length{EncodingGSM, 306, 2, 0}},
		{"three parts", strings.Repeat("a", 307), Length{EncodingGSM, 307, 3, 152}},
		{"euro takes two", "€", Length{EncodingGSM, 2, 1, 158}},
		{"80 euros", strings.Repeat("€", 80), Length{EncodingGSM, 160, 1, 0}},
		{"an escape is not torn apart", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 7), Length{EncodingGSM, 161, 2, 144}},
		{"French accents of GSM 7", "àéèùÇ", Length{EncodingGSM, 5, 1, 155}},
		{"ê is none", "ê", Length{EncodingUCS2, 1, 1, 69}},
		{"ç is none", "ç", Length{EncodingUCS2, 1, 1, 69}},
		{"Arabic", "مرحبا", Length{EncodingUCS2, 5, 1, 65}},
		{"70", strings.Repeat("م", 70), Length{EncodingUCS2, 70, 1, 0}},
		{"71", strings.Repeat("م", 71), Length{EncodingUCS2, 71, 2, 63}},
		{"emoji takes two", "😀", Length{EncodingUCS2, 2, 1, 68}},
		{"a pair is not torn apart", strings.Repeat("م", 66) + "😀" + strings.Repeat("م", 4), Length{EncodingUCS2, 72, 2, 61}},
	}
	for _, test := range tests {
		if got := Measure(test.text); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	if n := utf8.RuneCountInString(gsmBasic); n != 127 { // 128 places, one of them is the escape to the extension
		t.Errorf("the basic alphabet has %d characters", n)
	}
	if n := utf8.RuneCountInString(gsmExtension); n != 10 {
		t.Errorf("the extension has %d characters", n)
	}
}

func TestFold(t *testing.T) {
	tests := []struct{ language, text, want string }{
		{"fr", "Cabinet médical du Chêne : ça va, cœur à l’œuvre…", "Cabinet médical du Chene : ca va, coeur à l'oeuvre..."},
		{"fr", "« À bientôt »", `" A bientot "`},
		{"fr", "e\u0301te\u0301", "été"},
		{"de-AT", "Grüß Gott", "Grüß Gott"},
		{"es", "mañana, ¿qué tal?", "mañana, ¿qué tal?"},
		{"fr", "Hôpital مرحبا", "Hôpital مرحبا"},
		{"vi", "Phở", "Phở"},
		{"pl", "Łódź", "Łódź"},
		{"ar", "ê", "ê"},
		{"", "ê", "ê"},
		{"fr", "😀 ê", "😀 ê"},
	}
	for _, test := range tests {
		if got := Fold(test.text, test.language); got != test.want {
			t.Errorf("%s, %q: %q, want %q", test.language, test.text, got, test.want)
		}
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add("Cabinet médical : €", "fr")
	f.Add(strings.Repeat("€", 200), "en")
	f.Fuzz(func(t *testing.T, text, language string) {
		m := Measure(text)
		if m.Places < 0 || m.Left < 0 || (m.Segments == 0) != (text == "") {
			t.Errorf("%q: %+v", text, m)
		}
		if folded := Fold(text, language); Fold(folded, language) != folded {
			t.Errorf("folding %q twice gives another text", text)
		}
	})
}
