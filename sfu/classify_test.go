package sfu

import (
	"testing"

	"github.com/pion/stun/v3"
)

func stunMessage(t testing.TB, setters ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(append([]stun.Setter{stun.TransactionID}, setters...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

func TestClassify(t *testing.T) {
	check := stunMessage(t, stun.BindingRequest, stun.NewUsername("us:them"), stun.NewShortTermIntegrity("secret"), stun.Fingerprint)
	for name, c := range map[string]struct {
		b    []byte
		want class
	}{
		"empty":                 {nil, classJunk},
		"one byte":              {[]byte{0}, classJunk},
		"ICE check":             {check, classMedia},
		"truncated check":       {check[:20], classTURN}, // its USERNAME is gone
		"plain binding":         {stunMessage(t, stun.BindingRequest), classTURN},
		"binding success":       {stunMessage(t, stun.BindingSuccess), classMedia},
		"binding error":         {stunMessage(t, stun.BindingError), classMedia},
		"binding indication":    {stunMessage(t, stun.NewType(stun.MethodBinding, stun.ClassIndication)), classMedia},
		"allocate":              {stunMessage(t, stun.NewType(stun.MethodAllocate, stun.ClassRequest), stun.NewUsername("x")), classTURN},
		"refresh":               {stunMessage(t, stun.NewType(stun.MethodRefresh, stun.ClassRequest)), classTURN},
		"send indication":       {stunMessage(t, stun.NewType(stun.MethodSend, stun.ClassIndication)), classTURN},
		"create permission":     {stunMessage(t, stun.NewType(stun.MethodCreatePermission, stun.ClassRequest)), classTURN},
		"channel bind":          {stunMessage(t, stun.NewType(stun.MethodChannelBind, stun.ClassRequest)), classTURN},
		"wrong cookie":          {append([]byte{0, 1, 0, 0, 1, 2, 3, 4}, make([]byte, 12)...), classJunk},
		"between STUN and DTLS": {[]byte{10, 0}, classJunk},
		"DTLS handshake":        {[]byte{22, 254, 253}, classMedia},
		"DTLS last":             {[]byte{63}, classMedia},
		"ChannelData":           {[]byte{0x40, 0, 0, 4, 1, 2, 3, 4}, classTURN},
		"SRTP":                  {[]byte{0x80, 96}, classMedia},
		"SRTCP":                 {[]byte{0x81, 201}, classMedia},
		"QUIC":                  {[]byte{0xc3, 0}, classJunk},
	} {
		if got := classify(c.b); got != c.want {
			t.Errorf("%s: got class %d, want %d", name, got, c.want)
		}
	}
}

func TestUsername(t *testing.T) {
	for name, want := range map[string]string{"us:them": "us", "us": "us", "": "", "longer-name:x": "longer-name", ":x": ""} {
		got := stunUsername(stunMessage(t, stun.BindingRequest, stun.NewSoftware("x"), stun.NewUsername(name)))
		if string(got) != name || string(localUfrag(got)) != want {
			t.Errorf("%q: got %q, local %q", name, got, localUfrag(got))
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add(stunMessage(f, stun.BindingRequest, stun.NewUsername("us:them")))
	f.Add(stunMessage(f, stun.BindingRequest))
	f.Add([]byte{0x40, 0, 0, 0})
	f.Add([]byte{0, 1, 255, 255, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		got := classify(b)
		// Whatever pion's decoder can read is classed by what it says.
		m := &stun.Message{Raw: append([]byte(nil), b...)}
		if !stun.IsMessage(b) || m.Decode() != nil {
			return
		}
		want := classTURN
		if m.Type.Method == stun.MethodBinding && (m.Type.Class != stun.ClassRequest || m.Contains(stun.AttrUsername)) {
			want = classMedia
		}
		if b[0] < 4 && got != want {
			t.Errorf("%v is class %d, want %d", m.Type, got, want)
		}
	})
}
