package sfu

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// events keeps what a transport tells.
type events struct {
	opened   []streamInfo
	got      map[uint32][]inbound // by SSRC of the stream
	clocks   map[uint32]uint32    // RTP times of sender reports
	feedback []*outlet
	panics   int
	wants    func(streamInfo) bool
}

func (e *events) connected()           {}
func (e *events) failed()              {}
func (e *events) panicked(string, any) { e.panics++ }

func (e *events) feedbackOn(o *outlet) { e.feedback = append(e.feedback, o) }

// eventsOf makes events a wireEvents: its field has the method's name.
type eventsOf struct{ *events }

func (e eventsOf) feedback(o *outlet, _ []rtcp.Packet, _ *batch) { e.feedbackOn(o) }

func (e eventsOf) openStream(info streamInfo) receiver {
	e.opened = append(e.opened, info)
	if e.wants != nil && !e.wants(info) {
		return nil
	}
	return stream{e.events, info.ssrc}
}

type stream struct {
	*events
	ssrc uint32
}

func (s stream) receive(in *inbound) {
	if string(in.payload) == "panic" {
		panic("as asked")
	}
	kept := *in
	kept.payload = bytes.Clone(in.payload)
	s.got[s.ssrc] = append(s.got[s.ssrc], kept)
}

func (s stream) senderReport(_ uint64, rtp uint32, _ time.Time) { s.clocks[s.ssrc] = rtp }

// rig is a transport on a real socket, and its peer's side of the keys.
type rig struct {
	*transport
	*events
	t       testing.TB
	out     *srtp.Context // the peer's
	in      *srtp.Context
	conn    *net.UDPConn // the peer's
	gather  *batch
	arrived time.Time
}

// ids of the rig's header extensions, and its payload types.
const (
	idMid, idRid, idRepaired, idLevel, idTWCC = 4, 10, 11, 1, 3
	ptOpus, ptVP8, ptRTX                      = 111, 96, 97
)

func newRig(t testing.TB, profile srtp.ProtectionProfile) *rig {
	t.Helper()
	s, err := Listen(SocketConfig{Address: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.Close(), conn.Close() })
	e := &events{got: map[uint32][]inbound{}, clocks: map[uint32]uint32{}}
	r := &rig{transport: newTransport(s, eventsOf{e}, 99), events: e, t: t, conn: conn, gather: newBatch(s, lentBytes, lentPackets), arrived: time.Now()}
	n := &numbering{ids: extensionIDs{mid: idMid, rid: idRid, repaired: idRepaired, level: idLevel, twcc: idTWCC}, simulcast: []string{"1"},
		declared: map[uint32]declared{500: {mid: "0"}, 600: {mid: "2"}, 601: {mid: "2", repair: true}}}
	n.codecs[ptOpus], n.codecs[ptVP8], n.apt[ptRTX], n.nacks[codecVP8] = codecOpus, codecVP8, ptVP8, true
	r.negotiated(n, nil)
	keyLen, _ := profile.KeyLen()
	saltLen, _ := profile.SaltLen()
	k := &srtpKeys{profile: profile, localKey: bytes.Repeat([]byte{1}, keyLen), localSalt: bytes.Repeat([]byte{2}, saltLen),
		remoteKey: bytes.Repeat([]byte{3}, keyLen), remoteSalt: bytes.Repeat([]byte{4}, saltLen)}
	if r.out, err = srtp.CreateContext(k.remoteKey, k.remoteSalt, profile); err != nil {
		t.Fatal(err)
	}
	if r.in, err = srtp.CreateContext(k.localKey, k.localSalt, profile); err != nil {
		t.Fatal(err)
	}
	r.aim(newTarget(s, conn.LocalAddr().(*net.UDPAddr).AddrPort()))
	if err := r.unlock(k); err != nil {
		t.Fatal(err)
	}
	return r
}

// send has the peer send a packet with extensions.
func (r *rig) send(ssrc uint32, pt uint8, seq uint16, payload string, ext map[uint8]string) {
	r.t.Helper()
	r.receive(r.sealed(ssrc, pt, seq, payload, ext), r.arrived, r.gather)
}

func (r *rig) sealed(ssrc uint32, pt uint8, seq uint16, payload string, ext map[uint8]string) []byte {
	r.t.Helper()
	p := &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: pt, SSRC: ssrc, SequenceNumber: seq, Timestamp: uint32(seq) * 10}, Payload: []byte(payload)}
	for id, v := range ext {
		if err := p.SetExtension(id, []byte(v)); err != nil {
			r.t.Fatal(err)
		}
	}
	raw, err := p.Marshal()
	if err != nil {
		r.t.Fatal(err)
	}
	b, err := r.out.EncryptRTP(nil, raw, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *rig) sendRTCP(packets ...rtcp.Packet) {
	r.t.Helper()
	raw, err := rtcp.Marshal(packets)
	if err != nil {
		r.t.Fatal(err)
	}
	b, err := r.out.EncryptRTCP(nil, raw, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.receive(b, r.arrived, r.gather)
}

// read is what the peer gets next: RTP or RTCP, decrypted.
func (r *rig) read() []byte {
	r.t.Helper()
	b := make([]byte, maxDatagram)
	_ = r.conn.SetReadDeadline(time.Now().Add(waitFor))
	n, err := r.conn.Read(b)
	if err != nil {
		r.t.Fatal(err)
	}
	if isRTCP(b) {
		b, err = r.in.DecryptRTCP(nil, b[:n], nil)
	} else {
		b, err = r.in.DecryptRTP(nil, b[:n], nil)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *rig) payloads(ssrc uint32) (out []string) {
	for _, in := range r.got[ssrc] {
		out = append(out, fmt.Sprint(in.seq, " ", string(in.payload)))
	}
	return out
}

func TestStreamsAreToldApart(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	// Declared by the offer: sound, a screen and its retransmissions.
	r.send(500, ptOpus, 1, "a", map[uint8]string{idLevel: "\xa1"})
	r.send(600, ptVP8, 7, "b", nil)
	r.send(600, ptVP8, 9, "d", nil)
	r.send(601, ptRTX, 70, "\x00\x08c", nil)
	r.send(601, ptRTX, 71, "", nil) // a probe
	// Simulcast: by mid and rid, then by the SSRC alone; its retransmissions by mid and repaired-rid.
	r.send(700, ptVP8, 1, "lost: nothing says whose it is", nil)
	r.send(700, ptVP8, 2, "lost: of which layer?", map[uint8]string{idMid: "1"})
	r.send(700, ptVP8, 3, "l", map[uint8]string{idMid: "1", idRid: "l"})
	r.send(701, ptVP8, 4, "h", map[uint8]string{idMid: "1", idRid: "h"})
	r.send(700, ptVP8, 5, "l", nil)
	r.send(702, ptRTX, 1, "\x00\x04l", map[uint8]string{idMid: "1", idRepaired: "l"})
	r.send(702, ptRTX, 2, "\x00\x03l", nil)
	// The browser begins the layer anew under another SSRC; retransmissions are the new one's from then on.
	r.send(703, ptVP8, 1, "L", map[uint8]string{idMid: "1", idRid: "l"})
	r.send(702, ptRTX, 3, "\x00\x02L", nil)
	// Not negotiated.
	r.send(600, 50, 10, "x", nil)
	for ssrc, want := range map[uint32][]string{
		500: {"1 a"}, 600: {"7 b", "9 d", "8 c"}, 601: nil, 700: {"3 l", "5 l", "4 l", "3 l"}, 701: {"4 h"}, 702: nil, 703: {"1 L", "2 L"},
	} {
		if got := r.payloads(ssrc); !slices.Equal(got, want) {
			t.Errorf("%d: got %q, want %q", ssrc, got, want)
		}
	}
	want := []streamInfo{
		{mid: "0", ssrc: 500, codec: codecOpus}, {mid: "2", ssrc: 600, codec: codecVP8, nack: true},
		{mid: "1", rid: "l", ssrc: 700, codec: codecVP8, nack: true}, {mid: "1", rid: "h", ssrc: 701, codec: codecVP8, nack: true},
		{mid: "1", rid: "l", ssrc: 703, codec: codecVP8, nack: true},
	}
	if !slices.Equal(r.opened, want) {
		t.Errorf("opened %+v", r.opened)
	}
	if in := r.got[500][0]; !in.hasLevel || in.level != 0x21 || in.codec != codecOpus || in.ts != 10 {
		t.Errorf("sound came as %+v", in)
	}
	if in := r.got[600][2]; in.codec != codecVP8 || in.ts != 700 {
		t.Errorf("a retransmission came as %+v", in)
	}
}

func TestForgedAndRepeatedMediaIsDropped(t *testing.T) {
	for _, profile := range profiles {
		r := newRig(t, profile)
		b := r.sealed(500, ptOpus, 1, "a", nil)
		again, forged := bytes.Clone(b), r.sealed(500, ptOpus, 2, "b", nil)
		forged[len(forged)-1]++
		r.receive(b, r.arrived, r.gather)
		r.receive(again, r.arrived, r.gather)
		r.receive(forged, r.arrived, r.gather)
		r.receive([]byte{0x80, 200, 0, 1, 0, 0, 0, 1, 5}, r.arrived, r.gather) // RTCP
		if got := r.payloads(500); !slices.Equal(got, []string{"1 a"}) || r.socket.Stats().DropAuth != 3 {
			t.Errorf("%v: got %q, %d dropped", profile, got, r.socket.Stats().DropAuth)
		}
		for i := range uint32(100) { // more SSRCs than any browser has
			r.send(1000+i, ptVP8, 1, "x", nil)
		}
		if n := len(r.table.streams); n != maxStreams {
			t.Errorf("%v: %d streams", profile, n)
		}
	}
}

func TestMediaBeforeItsKeysIsKept(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	late := newTransport(r.socket, eventsOf{r.events}, 99)
	late.negotiated(r.table.numbering, nil)
	for i := range uint16(earlyMax + 2) {
		late.receive(r.sealed(500, ptOpus, i, "a", nil), r.arrived, r.gather)
	}
	if len(r.got[500]) != 0 || r.socket.Stats().DropEarly != 2 {
		t.Fatalf("%d came, %d dropped", len(r.got[500]), r.socket.Stats().DropEarly)
	}
	key, salt := bytes.Repeat([]byte{3}, 16), bytes.Repeat([]byte{4}, 12)
	must(t, late.unlock(&srtpKeys{srtp.ProtectionProfileAeadAes128Gcm, key, key, salt, salt}))
	if len(r.got[500]) != earlyMax || r.got[500][0].seq != 0 {
		t.Errorf("%d came after the keys", len(r.got[500]))
	}
	late.close()
	late.receive(r.sealed(500, ptOpus, 99, "a", nil), r.arrived, r.gather)
	if len(r.got[500]) != earlyMax {
		t.Error("a closed transport takes media")
	}
}

func TestAPanicEndsTheTransport(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	r.send(500, ptOpus, 1, "panic", nil)
	r.send(500, ptOpus, 2, "a", nil)
	if r.panics != 1 || len(r.got[500]) != 0 {
		t.Errorf("%d panics, then %d packets", r.panics, len(r.got[500]))
	}
	r.reports(r.arrived) // no lock was left held
}

func TestReportsAndFeedbackFindTheirWay(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	lane := func(ssrc uint32) *outlet { return &outlet{ssrc: ssrc, rtxSSRC: ssrc + 1} }
	lanes := []*outlet{lane(10), lane(20), lane(30)}
	r.negotiated(r.table.numbering, lanes)
	r.send(500, ptOpus, 1, "a", nil)
	r.sendRTCP(&rtcp.SenderReport{SSRC: 500, NTPTime: 5 << 32, RTPTime: 77}, &rtcp.PictureLossIndication{MediaSSRC: 20},
		&rtcp.TransportLayerNack{MediaSSRC: 30, Nacks: []rtcp.NackPair{{PacketID: 1}}})
	r.sendRTCP(&rtcp.FullIntraRequest{FIR: []rtcp.FIREntry{{SSRC: 10}}}, &rtcp.ReceiverReport{Reports: []rtcp.ReceptionReport{{SSRC: 20}}})
	if !slices.Equal(r.feedback, []*outlet{lanes[1], lanes[2], lanes[0]}) || r.clocks[500] != 77 {
		t.Errorf("feedback %v, reports %v", r.feedback, r.clocks)
	}
	r.send(500, ptOpus, 4, "d", nil)
	reports := r.reports(r.arrived.Add(time.Second))
	if len(reports) != 1 || reports[0].SSRC != 500 || reports[0].TotalLost != 2 || reports[0].FractionLost != 128 ||
		reports[0].LastSequenceNumber != 4 || reports[0].LastSenderReport != 5<<16 || reports[0].Delay != 65536 {
		t.Errorf("reports %+v", reports)
	}
	if n := len(r.reports(r.arrived)); n != 0 {
		t.Errorf("%d reports of what fell silent", n)
	}
}

// TestTransportWideFeedback: every packet's arrival is told, what was lost too, ten times a second.
func TestTransportWideFeedback(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	for i := range uint16(12) {
		r.arrived = r.arrived.Add(20 * time.Millisecond)
		if i != 6 {
			r.send(500, ptOpus, i, "a", map[uint8]string{idTWCC: string([]byte{0xff, 0xf8 + byte(i)})})
		}
	}
	_ = r.read() // of the first packet
	packets, err := rtcp.Unmarshal(r.read())
	must(t, err)
	cc, ok := packets[0].(*rtcp.TransportLayerCC)
	if !ok || cc.BaseSequenceNumber != 0xfff9 || cc.PacketStatusCount != 5 || cc.SenderSSRC != 99 || cc.MediaSSRC != 500 || len(cc.RecvDeltas) != 5 {
		t.Fatalf("%+v", packets[0])
	}
	for _, d := range cc.RecvDeltas[1:] {
		if d.Delta != 20000 {
			t.Errorf("%d µs between two packets", d.Delta)
		}
	}
}

// TestLanesAreSealed: what is written comes out at the peer, media and retransmissions each under its own SSRC; gathered
// or at once, and with reports among them.
func TestLanesAreSealed(t *testing.T) {
	for _, profile := range profiles {
		r := newRig(t, profile)
		out := &outlet{ssrc: 10, rtxSSRC: 11}
		r.negotiated(r.table.numbering, []*outlet{out})
		write := func(to *batch, ssrc uint32, seq uint16, payload string) {
			t.Helper()
			h := rtp.Header{Version: 2, SSRC: ssrc, SequenceNumber: seq, PayloadType: ptVP8}
			must(t, h.SetExtension(idLevel, []byte{33}))
			must(t, out.write(to, &h, []byte(payload)))
		}
		write(nil, 10, 65532, "at once")
		for i := range uint16(5) {
			write(r.gather, 10, 65533+i, "media")
		}
		write(r.gather, 11, 3, "again")
		must(t, r.writeRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: 9}}))
		r.gather.flush()
		var got []string
		for range 8 {
			b := r.read()
			if isRTCP(b) {
				got = append(got, "rtcp")
				continue
			}
			var p rtp.Packet
			must(t, p.Unmarshal(b))
			got = append(got, fmt.Sprint(p.SSRC, " ", p.SequenceNumber, " ", string(p.Payload), " ", p.GetExtension(idLevel)[0]))
		}
		want := []string{"10 65532 at once 33", "rtcp", "10 65533 media 33", "10 65534 media 33", "10 65535 media 33", "10 0 media 33", "10 1 media 33", "11 3 again 33"}
		if !slices.Equal(got, want) {
			t.Errorf("%v: got %q", profile, got)
		}
		h := rtp.Header{Version: 2, SSRC: 10}
		if err := out.write(r.gather, &h, make([]byte, maxDatagram)); err == nil {
			t.Error("what fits no datagram is taken")
		}
	}
}

// TestThePacketPathAllocatesNothing: from the kernel's bytes to the kernel's bytes, with transport-wide feedback not yet
// due, a packet of sound and one of picture cost no garbage.
func TestThePacketPathAllocatesNothing(t *testing.T) {
	r := newRig(t, srtp.ProtectionProfileAeadAes128Gcm)
	s := newStage(t)
	a, _, _ := s.enter("a")
	b, _, _ := s.enter("b")
	r.transport.events = a
	n := r.table.numbering
	n.declared = map[uint32]declared{500: {mid: "0"}, 600: {mid: "1"}}
	var outs []*outlet
	for _, l := range *b.lanes.Load() {
		outs = append(outs, l.out)
	}
	r.negotiated(n, outs)
	drain(r.conn)
	const rounds = 3000
	var sound, picture [rounds + 2][]byte
	for i := range sound {
		sound[i] = r.sealed(500, ptOpus, uint16(i), "sound", map[uint8]string{idLevel: "\x20", idTWCC: string([]byte{byte(i >> 7), byte(i << 1)})})
		picture[i] = r.sealed(600, ptVP8, uint16(i), string(vp8Payload(i == 0, true, uint16(i), uint8(i), 360, "x", 1)), map[uint8]string{idTWCC: string([]byte{byte(i >> 7), byte(i<<1) + 1})})
	}
	i := 0
	step := func() {
		r.arrived = r.arrived.Add(10 * time.Millisecond)
		r.told = r.arrived
		r.receive(sound[i], r.arrived, r.gather)
		r.receive(picture[i], r.arrived, r.gather)
		r.gather.flush()
		i++
	}
	for range rounds - 1000 {
		step()
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%.1f allocations for two packets", n)
	}
	if n := s.count.out.Load(); n != uint64(2*i) {
		t.Errorf("%d packets went out of %d", n, 2*i)
	}
}

// drain reads a socket empty until it closes.
func drain(c *net.UDPConn) {
	go func() {
		b := make([]byte, maxDatagram)
		for {
			if _, err := c.Read(b); err != nil {
				return
			}
		}
	}()
}

// FuzzTransport: whatever an authentic peer sends, as RTP or RTCP, the transport and the core bear it.
func FuzzTransport(f *testing.F) {
	r := newRig(f, srtp.ProtectionProfileAeadAes128Gcm)
	p := &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: ptVP8, SSRC: 600, SequenceNumber: 7}, Payload: vp8Payload(true, true, 5, 6, 360, "x", 1)}
	b, _ := p.Marshal()
	f.Add(b)
	f.Add([]byte{0xA0, 96, 0, 1, 0, 0, 0, 2, 0, 0, 2, 88, 0, 2})
	f.Add([]byte{0x81, 201, 0, 7, 0, 0, 0, 2, 0, 0, 2, 88, 0, 2})
	f.Fuzz(func(t *testing.T, plain []byte) {
		s := newStage(t)
		a, _, _ := s.enter("a")
		_, _, sinks := s.enter("b")
		in := newTransport(r.socket, a, 99)
		n := *r.table.numbering
		n.declared = map[uint32]declared{600: {mid: "1"}, 601: {mid: "1", repair: true}}
		in.negotiated(&n, nil)
		key, salt := bytes.Repeat([]byte{3}, 16), bytes.Repeat([]byte{4}, 12)
		in.aim(newTarget(r.socket, netip.MustParseAddrPort("127.0.0.1:9")))
		must(t, in.unlock(&srtpKeys{srtp.ProtectionProfileAeadAes128Gcm, key, key, salt, salt}))
		theirs, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAeadAes128Gcm)
		must(t, err)
		var sealed []byte
		if len(plain) > 1 && isRTCP(plain) {
			sealed, err = theirs.EncryptRTCP(nil, plain, nil)
		} else {
			sealed, err = theirs.EncryptRTP(nil, plain, nil)
		}
		if err != nil {
			return
		}
		in.receive(sealed, time.Now(), nil)
		if s.count.panics.Load() != 0 {
			t.Fatal("it panicked")
		}
		for _, k := range sinks {
			for _, p := range k.packets {
				if _, err := p.Marshal(); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
