package sfu

import (
	"bytes"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/pion/stun/v3"
)

// useCandidate nominates (RFC 8445 §7.1.2).
type useCandidate struct{}

func (useCandidate) AddTo(m *stun.Message) error { m.Add(stun.AttrUseCandidate, nil); return nil }

// attribute is one with a value of our own.
type attribute struct {
	t stun.AttrType
	v []byte
}

func (a attribute) AddTo(m *stun.Message) error { m.Add(a.t, a.v); return nil }

// agent is the ICE of one peer without a network: what it answers lies in a batch.
type agent struct {
	*socketWire
	t      testing.TB
	gather *batch
}

func newAgent(t testing.TB) (*agent, generation) {
	s, err := Listen(SocketConfig{Address: "[::]:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, g := host(t, s)
	return &agent{w, t, newBatch(s, lentBytes, lentPackets)}, g
}

// send has a check come from an address, and reads the answer; nil: there is none.
func (a *agent) send(b []byte, from string) *stun.Message {
	a.t.Helper()
	a.gather.packets, a.gather.messages, a.gather.used = a.gather.packets[:0], a.gather.messages[:0], 0
	clear(a.gather.last[:])
	a.socket.mux.dispatch(bytes.Clone(b), netip.MustParseAddrPort(from), time.Now(), a.gather)
	if len(a.gather.packets) == 0 {
		return nil
	}
	if got := a.gather.messages[0].to.addr.String(); got != from {
		a.t.Errorf("answered to %s, not to %s", got, from)
	}
	m := stun.New()
	if err := stun.Decode(a.gather.buf[:a.gather.used], m); err != nil {
		a.t.Fatal(err)
	}
	return m
}

func (a *agent) aimed() string {
	if to := a.media.to.Load(); to != nil {
		return to.addr.String()
	}
	return ""
}

func TestChecksAreAnswered(t *testing.T) {
	a, g := newAgent(t)
	for _, from := range []string{"192.0.2.1:5000", "[2001:db8::1]:5001"} {
		check := iceCheck(t, g, attribute{stun.AttrPriority, []byte{1, 2, 3, 4}}, attribute{stun.AttrICEControlling, make([]byte, 8)},
			attribute{0xC057, []byte{0, 1, 0, 2}}, useCandidate{})
		m := a.send(check, from)
		if m == nil || m.Type != stun.BindingSuccess || !bytes.Equal(m.TransactionID[:], check[8:20]) {
			t.Fatalf("%s: answered by %v", from, m)
		}
		must(t, m.Check(stun.Fingerprint, stun.MessageIntegrity(g.pwd)))
		var mapped stun.XORMappedAddress
		must(t, mapped.GetFrom(m))
		if mapped.String() != from || a.aimed() != from {
			t.Errorf("mapped %s, aimed at %s", mapped, a.aimed())
		}
	}
	if n := a.heard(); n != 2 {
		t.Errorf("heard %d", n)
	}
}

func TestChecksThatAreNone(t *testing.T) {
	a, g := newAgent(t)
	name := stun.NewUsername(g.ufrag + ":" + g.remote)
	integrity := stun.NewShortTermIntegrity(g.pwd)
	tampered := iceCheck(t, g)
	tampered[22+len("x")] ^= 1
	for what, b := range map[string][]byte{
		"no fingerprint":         stunMessage(t, stun.BindingRequest, name, integrity),
		"no integrity":           stunMessage(t, stun.BindingRequest, name, stun.Fingerprint),
		"another password":       stunMessage(t, stun.BindingRequest, name, stun.NewShortTermIntegrity("guessed"), stun.Fingerprint),
		"another peer's name":    stunMessage(t, stun.BindingRequest, stun.NewUsername(g.ufrag+":other"), integrity, stun.Fingerprint),
		"no name of the peer":    stunMessage(t, stun.BindingRequest, stun.NewUsername(g.ufrag), integrity, stun.Fingerprint),
		"an indication":          stunMessage(t, stun.NewType(stun.MethodBinding, stun.ClassIndication), name, integrity, stun.Fingerprint),
		"an answer":              stunMessage(t, stun.BindingSuccess, name, integrity, stun.Fingerprint),
		"tampered with":          tampered,
		"cut":                    iceCheck(t, g)[:40],
		"something at its end":   append(iceCheck(t, g), 0, 0, 0, 0),
		"nothing but the header": stunMessage(t, stun.BindingRequest),
	} {
		if m := a.send(b, "192.0.2.1:5"); m != nil {
			t.Errorf("%s is answered by %v", what, m)
		}
	}
	if a.heard() != 0 || a.aimed() != "" || a.socket.mux.find(netip.MustParseAddrPort("192.0.2.1:5")) != nil {
		t.Error("they had an effect")
	}
}

func TestChecksThatAreRefused(t *testing.T) {
	a, g := newAgent(t)
	for what, c := range map[string]struct {
		with stun.Setter
		code stun.ErrorCode
	}{
		"the browser is controlled too": {attribute{stun.AttrICEControlled, make([]byte, 8)}, stun.CodeRoleConflict},
		"something that must be known":  {attribute{0x7ABC, nil}, stun.CodeUnknownAttribute},
	} {
		m := a.send(iceCheck(t, g, c.with, useCandidate{}), "192.0.2.1:5")
		var code stun.ErrorCodeAttribute
		if m == nil || m.Type != stun.BindingError || code.GetFrom(m) != nil || code.Code != c.code {
			t.Errorf("%s: answered by %v", what, m)
			continue
		}
		must(t, m.Check(stun.Fingerprint, stun.MessageIntegrity(g.pwd)))
		if a.aimed() != "" {
			t.Errorf("%s: nominated all the same", what)
		}
	}
	// What follows the integrity is not protected by it, so it is not read (RFC 8489 §14.5).
	late := stunMessage(t, stun.BindingRequest, stun.NewUsername(g.ufrag+":"+g.remote), stun.NewShortTermIntegrity(g.pwd), useCandidate{}, stun.Fingerprint)
	if m := a.send(late, "192.0.2.1:5"); m == nil || m.Type != stun.BindingSuccess || a.aimed() != "" {
		t.Errorf("answered by %v, aimed at %q", m, a.aimed())
	}
}

// TestTheLastNominationHolds: the media follows the browser from path to path, relayed ones too, and to the one it was on
// when its consent had expired.
func TestTheLastNominationHolds(t *testing.T) {
	a, g := newAgent(t)
	a.socket.HandleRelayed(func([]byte, netip.AddrPort) {})
	relayed := netip.MustParseAddrPort("240.0.0.7:1")
	step := func(what, from string, want string, more ...stun.Setter) {
		t.Helper()
		a.send(iceCheck(t, g, more...), from)
		if a.aimed() != want {
			t.Errorf("%s: aimed at %q, want %q", what, a.aimed(), want)
		}
	}
	step("a check", "192.0.2.1:5", "")
	step("another path", "192.0.2.2:5", "")
	step("nominated", "192.0.2.2:5", "192.0.2.2:5", useCandidate{})
	step("a check of the other", "192.0.2.1:5", "192.0.2.2:5")
	step("the other nominated", "192.0.2.1:5", "192.0.2.1:5", useCandidate{})
	a.socket.Inject(iceCheck(t, g, useCandidate{}), relayed)
	if a.aimed() != relayed.String() {
		t.Errorf("aimed at %q, want the relay", a.aimed())
	}
	step("back again", "192.0.2.1:5", "192.0.2.1:5", useCandidate{})
	a.hush()
	if a.aimed() != "" {
		t.Error("somebody who does not consent is sent to")
	}
	step("a path that was never used", "192.0.2.3:5", "")
	step("the one that was", "192.0.2.1:5", "192.0.2.1:5")
	for i := range 3 * maxPaths {
		a.send(iceCheck(t, g), fmt.Sprintf("192.0.2.9:%d", i+1))
	}
	if n, m := len(a.ice.paths), len(a.socket.mux.byAddr); n != maxPaths || m != maxPaths {
		t.Errorf("%d paths, %d addresses known", n, m)
	}
	if p := a.socket.mux.find(netip.MustParseAddrPort("192.0.2.1:5")); p == nil || a.aimed() != "192.0.2.1:5" {
		t.Error("the path in use was forgotten")
	}
}

// TestARestartLeavesNoGap: both generations are good until a path of the new one is nominated; a restart that comes to
// nothing is replaced by the next.
func TestARestartLeavesNoGap(t *testing.T) {
	a, g := newAgent(t)
	a.send(iceCheck(t, g, useCandidate{}), "192.0.2.1:5")
	again, err := a.ice.offered("them", "their password, long enough")
	must(t, err)
	if again != g {
		t.Error("the same offer makes new credentials")
	}
	lost, err := a.ice.offered("two", "another password, long enough")
	must(t, err)
	next, err := a.ice.offered("three", "another password, long enough")
	must(t, err)
	if a.aimed() != "192.0.2.1:5" {
		t.Error("the restart stopped the media")
	}
	if a.send(iceCheck(t, lost), "192.0.2.2:5") != nil {
		t.Error("a restart that was given up is answered")
	}
	if a.send(iceCheck(t, g), "192.0.2.1:5") == nil || a.send(iceCheck(t, next), "192.0.2.2:5") == nil {
		t.Error("one of two generations is not answered")
	}
	a.send(iceCheck(t, next, useCandidate{}), "192.0.2.2:5")
	if a.aimed() != "192.0.2.2:5" || a.send(iceCheck(t, g), "192.0.2.1:5") != nil {
		t.Errorf("after the nomination: aimed at %s, or the old credentials are good", a.aimed())
	}
	if n := len(a.socket.mux.byUfrag); n != 1 {
		t.Errorf("%d fragments known", n)
	}
}

// TestACheckCostsLittle: it is answered by the loop that forwards packets.
func TestACheckCostsLittle(t *testing.T) {
	a, g := newAgent(t)
	check := iceCheck(t, g, useCandidate{})
	from := netip.MustParseAddrPort("192.0.2.1:5")
	n := testing.AllocsPerRun(200, func() {
		a.gather.packets, a.gather.messages, a.gather.used = a.gather.packets[:0], a.gather.messages[:0], 0
		clear(a.gather.last[:])
		a.socket.mux.dispatch(check, from, time.Time{}, a.gather)
	})
	if n > 20 {
		t.Errorf("%.0f allocations", n)
	}
}

func BenchmarkCheck(b *testing.B) {
	a, g := newAgent(b)
	check := iceCheck(b, g, useCandidate{})
	from := netip.MustParseAddrPort("192.0.2.1:5")
	b.ReportAllocs()
	for b.Loop() {
		a.gather.packets, a.gather.messages, a.gather.used = a.gather.packets[:0], a.gather.messages[:0], 0
		clear(a.gather.last[:])
		a.socket.mux.dispatch(check, from, time.Time{}, a.gather)
	}
}

// FuzzCheck: whatever comes as a check, from a peer that knows its password or not, it is borne, and only what is
// authentic is answered.
func FuzzCheck(f *testing.F) {
	a, g := newAgent(f)
	f.Add(iceCheck(f, g), false)
	f.Add(iceCheck(f, g, useCandidate{}, attribute{stun.AttrICEControlled, nil}), true)
	f.Add(iceCheck(f, g, attribute{0x0024, []byte{1}}), true)
	f.Fuzz(func(t *testing.T, b []byte, seal bool) {
		if seal { // make it authentic
			m := stun.New()
			if stun.Decode(b, m) != nil || m.Type != stun.BindingRequest {
				return
			}
			setters := []stun.Setter{stun.BindingRequest, stun.NewTransactionIDSetter(m.TransactionID), stun.NewUsername(g.ufrag + ":" + g.remote)}
			for _, attr := range m.Attributes {
				if attr.Type != stun.AttrUsername && attr.Type != stun.AttrMessageIntegrity && attr.Type != stun.AttrFingerprint {
					setters = append(setters, attribute{attr.Type, attr.Value})
				}
			}
			out, err := stun.Build(append(setters, stun.NewShortTermIntegrity(g.pwd), stun.Fingerprint)...)
			if err != nil {
				return
			}
			b = out.Raw
		}
		a.t = t
		m := a.send(b, "192.0.2.1:5")
		if seal && m == nil && len(b) <= maxDatagram {
			t.Fatalf("an authentic check is not answered: %x", b)
		}
		if m != nil && m.Check(stun.Fingerprint, stun.MessageIntegrity(g.pwd)) != nil {
			t.Fatal("the answer is not authentic")
		}
	})
}
