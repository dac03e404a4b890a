package booking

import "testing"

func TestIDsAreWellFormed(t *testing.T) {
	good := NewServiceID()
	if !good.Valid() {
		t.Errorf("%q is not valid", good)
	}
	const text ServiceID = "s_AAAAAAAAAAAAAAAAAAAAAA"
	for _, c := range []struct {
		id   ServiceID
		want bool
	}{
		{text, true},
		{"", false},
		{"a_" + text[2:], false},
		{text[:len(text)-1], false},
		{text + "A", false},
		{text[:len(text)-1] + "B", false}, // bits that mean nothing are not zero
		{text[:len(text)-1] + "/", false},
		{text[:len(text)-2] + "\r\n", false}, // which a decoder of base64 skips
	} {
		if got := c.id.Valid(); got != c.want {
			t.Errorf("%q: %v", c.id, got)
		}
	}
}
