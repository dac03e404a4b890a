package turn

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"github.com/pion/stun/v3"
)

// rawClient speaks TURN message by message, also such as no browser would send.
type rawClient struct {
	t   testing.TB
	end interface {
		send([]byte)
		receive(testing.TB) []byte
	}
	username, password string
	nonce              stun.Nonce
	realm              stun.Realm
	data               []received // relayed to us while we waited for an answer
}

type received struct {
	from    netip.AddrPort // of a Data indication
	channel uint16         // of ChannelData
	bytes   string
}

func (c *rawClient) use(credentials Credentials) *rawClient {
	c.username, c.password = credentials.Username, credentials.Password
	return c
}

// ask sends a request without credentials and returns its answer.
func (c *rawClient) ask(method stun.Method, setters ...stun.Setter) *stun.Message {
	c.t.Helper()
	message, err := stun.Build(append([]stun.Setter{stun.TransactionID, stun.NewType(method, stun.ClassRequest)}, setters...)...)
	if err != nil {
		c.t.Fatal(err)
	}
	c.end.send(message.Raw)
	for {
		if answer := c.read(); answer != nil && answer.TransactionID == message.TransactionID {
			return answer
		}
	}
}

// read waits for one message; it returns nil and keeps the data if it was relayed data.
func (c *rawClient) read() *stun.Message {
	c.t.Helper()
	b := c.end.receive(c.t)
	if b[0]&0xC0 == 0x40 {
		c.data = append(c.data, received{channel: binary.BigEndian.Uint16(b), bytes: string(b[4 : 4+binary.BigEndian.Uint16(b[2:])])})
		return nil
	}
	m := &stun.Message{Raw: b}
	if err := m.Decode(); err != nil {
		c.t.Fatalf("the server sent %x: %v", b, err)
	}
	if m.Type == stun.NewType(stun.MethodData, stun.ClassIndication) {
		data, err := m.Get(stun.AttrData)
		if err != nil {
			c.t.Fatal(err)
		}
		from, err := peerOf(m)
		if err != nil {
			c.t.Fatal(err)
		}
		c.data = append(c.data, received{from: from, bytes: string(data)})
		return nil
	}
	return m
}

// receiveData waits for relayed data.
func (c *rawClient) receiveData() received {
	c.t.Helper()
	for len(c.data) == 0 {
		c.read()
	}
	first := c.data[0]
	c.data = c.data[1:]
	return first
}

// request is ask with credentials; it takes the challenge first if there has been none.
func (c *rawClient) request(method stun.Method, setters ...stun.Setter) *stun.Message {
	c.t.Helper()
	for range 3 {
		answer := c.ask(method, append(setters, c.signature()...)...)
		switch codeOf(answer) {
		case stun.CodeUnauthorized, stun.CodeStaleNonce:
			if !answer.Contains(stun.AttrNonce) { // pion's way to say Forbidden
				return answer
			}
			c.challenge(answer)
		default:
			return answer
		}
	}
	c.t.Fatal("challenged three times")
	return nil
}

func (c *rawClient) challenge(answer *stun.Message) {
	c.t.Helper()
	if err := answer.Parse(&c.nonce, &c.realm); err != nil {
		c.t.Fatal(err)
	}
	c.nonce = append(stun.Nonce(nil), c.nonce...)
	c.realm = append(stun.Realm(nil), c.realm...)
}

func (c *rawClient) signature() []stun.Setter {
	if len(c.nonce) == 0 {
		return nil
	}
	return []stun.Setter{
		stun.NewUsername(c.username), c.realm, c.nonce,
		stun.NewLongTermIntegrity(c.username, c.realm.String(), c.password), stun.Fingerprint,
	}
}

var udpTransport = stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{17, 0, 0, 0}}

func lifetime(seconds uint32) stun.RawAttribute {
	return stun.RawAttribute{Type: stun.AttrLifetime, Value: binary.BigEndian.AppendUint32(nil, seconds)}
}

func (c *rawClient) allocate(setters ...stun.Setter) *stun.Message {
	c.t.Helper()
	return c.request(stun.MethodAllocate, append([]stun.Setter{udpTransport}, setters...)...)
}

// mustAllocate returns the relayed address.
func (c *rawClient) mustAllocate(setters ...stun.Setter) netip.AddrPort {
	c.t.Helper()
	answer := c.allocate(setters...)
	if answer.Type.Class != stun.ClassSuccessResponse {
		c.t.Fatalf("no allocation: %v", codeOf(answer))
	}
	var relayed stun.XORMappedAddress
	if err := relayed.GetFromAs(answer, stun.AttrXORRelayedAddress); err != nil {
		c.t.Fatal(err)
	}
	ip, _ := netip.AddrFromSlice(relayed.IP)
	return netip.AddrPortFrom(ip, uint16(relayed.Port))
}

// peer writes an address exactly as it is: an IPv4-mapped one stays 16 bytes.
type peer netip.AddrPort

func (p peer) AddTo(m *stun.Message) error {
	addr := netip.AddrPort(p)
	ip := addr.Addr().AsSlice()
	value := []byte{0, 1, 0, 0}
	if len(ip) == net.IPv6len {
		value[1] = 2
	}
	binary.BigEndian.PutUint16(value[2:], addr.Port()^(stunCookie>>16))
	var mask [16]byte
	binary.BigEndian.PutUint32(mask[:], stunCookie)
	copy(mask[4:], m.TransactionID[:])
	for i := range ip {
		value = append(value, ip[i]^mask[i])
	}
	m.Add(stun.AttrXORPeerAddress, value)
	return nil
}

func (c *rawClient) bind(channel uint16, to netip.AddrPort) *stun.Message {
	c.t.Helper()
	value := append(binary.BigEndian.AppendUint16(nil, channel), 0, 0)
	return c.request(stun.MethodChannelBind, stun.RawAttribute{Type: stun.AttrChannelNumber, Value: value}, peer(to))
}

func (c *rawClient) permit(to ...netip.AddrPort) *stun.Message {
	c.t.Helper()
	var setters []stun.Setter
	for _, addr := range to {
		setters = append(setters, peer(addr))
	}
	return c.request(stun.MethodCreatePermission, setters...)
}

// indicate sends data without a channel.
func (c *rawClient) indicate(data string, to netip.AddrPort) {
	c.t.Helper()
	message, err := stun.Build(stun.TransactionID, stun.NewType(stun.MethodSend, stun.ClassIndication),
		peer(to), stun.RawAttribute{Type: stun.AttrData, Value: []byte(data)})
	if err != nil {
		c.t.Fatal(err)
	}
	c.end.send(message.Raw)
}

// sendChannel sends ChannelData.
func (c *rawClient) sendChannel(channel uint16, data string) {
	b := binary.BigEndian.AppendUint16(nil, channel)
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	c.end.send(append(b, data...))
}

// fence returns when the server has handled all that was sent before: it handles one packet after the other.
func (c *rawClient) fence() {
	c.t.Helper()
	c.ask(stun.MethodBinding)
}

func codeOf(m *stun.Message) stun.ErrorCode {
	var code stun.ErrorCodeAttribute
	if m.Type.Class != stun.ClassErrorResponse || code.GetFrom(m) != nil {
		return 0
	}
	return code.Code
}

func wantSuccess(t testing.TB, m *stun.Message) {
	t.Helper()
	if m.Type.Class != stun.ClassSuccessResponse {
		t.Fatalf("%v: refused with %d", m.Type, codeOf(m))
	}
}

func wantCode(t testing.TB, m *stun.Message, code stun.ErrorCode) {
	t.Helper()
	if codeOf(m) != code {
		t.Fatalf("%v: code %d, not %d", m.Type, codeOf(m), code)
	}
}
