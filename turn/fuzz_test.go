package turn

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/pion/stun/v3"
)

// FuzzDatagram sends anything from a client with an allocation and from a stranger, plain and with valid credentials.
// Nothing but what is for the media reaches it, strangers get little, and the server lives on.
func FuzzDatagram(f *testing.F) {
	w, media := newWire(), &echo{}
	s, err := New(Config{MediaAddrs: []netip.AddrPort{media4}, UnauthenticatedRate: 100_000}, w, media, quiet())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	live := &rawClient{end: w.dial("198.51.100.1:1000")}
	stranger := &rawClient{end: w.dial("198.51.100.2:1000")}

	seed := func(method stun.Method, class stun.MessageClass, setters ...stun.Setter) {
		raw := stun.MustBuild(append([]stun.Setter{stun.TransactionID, stun.NewType(method, class)}, setters...)...).Raw
		for mode := range byte(4) {
			f.Add(mode, raw)
		}
	}
	data := stun.RawAttribute{Type: stun.AttrData, Value: []byte("data")}
	channel := stun.RawAttribute{Type: stun.AttrChannelNumber, Value: []byte{0x40, 0, 0, 0}}
	seed(stun.MethodAllocate, stun.ClassRequest, udpTransport, lifetime(60))
	seed(stun.MethodRefresh, stun.ClassRequest, lifetime(0))
	seed(stun.MethodCreatePermission, stun.ClassRequest, peer(media4), peer(media6))
	seed(stun.MethodChannelBind, stun.ClassRequest, channel, peer(media4))
	seed(stun.MethodSend, stun.ClassIndication, peer(mustAddr("127.0.0.1:1")), data)
	seed(stun.MethodSend, stun.ClassIndication, peer(media4), data)
	seed(stun.MethodBinding, stun.ClassRequest)
	f.Add(byte(0), []byte{0x40, 0, 0, 4, 1, 2, 3, 4})
	f.Add(byte(0), []byte{})

	f.Fuzz(func(t *testing.T, mode byte, b []byte) {
		if len(b) >= maxPacket {
			return
		}
		live.t, stranger.t = t, t
		if s.clientAt(mustAddr("198.51.100.1:1000")) == nil {
			live.use(s.Credentials("s_1"))
			for live.allocate().Type.Class != stun.ClassSuccessResponse {
				live.use(s.Credentials("s_1")) // the last one has not quite ended
			}
			live.permit(media4)
		}
		from := live
		if mode&1 != 0 {
			from = stranger
			from.username, from.password = "1:x", "y"
			from.nonce, from.realm = live.nonce, live.realm
		}
		if mode&2 != 0 {
			if b = signed(from, b); b == nil {
				return
			}
		}
		media.take()
		from.end.send(b)
		id := [stun.TransactionIDSize]byte{0xF, 0xE, 0xC, 0xE}
		from.end.send(stun.MustBuild(&stun.Message{TransactionID: id}, stun.BindingRequest).Raw)
		for {
			answer := from.end.receive(t)
			if m := (&stun.Message{Raw: answer}); m.Decode() == nil && m.TransactionID == id {
				break
			}
			if from == stranger && len(answer) > 76+64 {
				t.Fatalf("a stranger got %d bytes: %x", len(answer), answer)
			}
		}
		got := media.take()
		if len(got) > 1 || (from == stranger && len(got) != 0) || s.Stats().Faults != 0 {
			t.Fatalf("the media got %v, faults %d", got, s.Stats().Faults)
		}
		for _, d := range got {
			if !isSynthetic(d.from.Addr()) {
				t.Fatalf("injected from %v", d.from)
			}
		}
		live.data = nil
	})
}

// signed gives a STUN message valid credentials, and nil if it is none.
func signed(c *rawClient, b []byte) []byte {
	m := &stun.Message{Raw: append([]byte(nil), b...)}
	if m.Decode() != nil || len(m.Raw) > 1200 {
		return nil
	}
	m.Raw = m.Raw[:stunHeader+int(m.Length)]
	for _, setter := range c.signature() {
		if setter.AddTo(m) != nil {
			return nil
		}
	}
	return m.Raw
}

// FuzzUsername: what is accepted is exactly what formatUsername writes.
func FuzzUsername(f *testing.F) {
	for _, seed := range []string{"1700000000:s_1", "0:x", "-1:x", "+1:x", "01:x", ":x", "1:", "1", "99999999999:a:b", "1: ", "1:é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, username string) {
		expiry, session, ok := parseUsername(username)
		if !ok {
			return
		}
		if formatUsername(expiry, session) != username || expiry < 0 || session == "" || len(username) > 509 {
			t.Fatalf("%q is read as %d and %q", username, expiry, session)
		}
	})
}

// FuzzRoute: whatever a client and the media send, answers find their way, and the way is always one that exists.
func FuzzRoute(f *testing.F) {
	request := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
	f.Add(request, byte(1), []byte("media"))
	f.Add([]byte{0x80, 0x60}, byte(2), request)
	f.Add([]byte{}, byte(0), request[:19])
	f.Fuzz(func(t *testing.T, sent []byte, media byte, other []byte) {
		r := &route{}
		to := int(media % 3)
		r.sent(sent, to)
		r.sent(other, 2)
		if got := r.reply(other); got < 0 || got > 2 {
			t.Fatal(got)
		}
		class, id, ok := parseSTUN(sent)
		_, otherID, otherSTUN := parseSTUN(other)
		if !ok || class != classRequest || (otherSTUN && id == otherID) {
			return
		}
		answer := append([]byte(nil), sent...)
		binary.BigEndian.PutUint16(answer, binary.BigEndian.Uint16(sent)|0x0100)
		if got := r.reply(answer); got != to {
			t.Fatalf("the answer comes from %d, not %d", got, to)
		}
	})
}
