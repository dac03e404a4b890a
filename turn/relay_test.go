package turn

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/transport/v4/test"
	pionturn "github.com/pion/turn/v4"
)

var (
	media4 = mustAddr("203.0.113.7:3478")
	media6 = mustAddr("[2001:db8::7]:3478")
)

// The whole way with pion's own client on real sockets: data goes to the media and back.
func TestRelaysForPionClient(t *testing.T) {
	t.Cleanup(test.CheckRoutines(t))
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	media := &echo{}
	s := mustServe(t, Config{MediaAddrs: []netip.AddrPort{media4}}, socket, media)
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	credentials := s.Credentials("s_1")
	client, err := pionturn.NewClient(&pionturn.ClientConfig{
		STUNServerAddr: socket.LocalAddr().String(),
		TURNServerAddr: socket.LocalAddr().String(),
		Username:       credentials.Username,
		Password:       credentials.Password,
		Conn:           conn,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.Listen(); err != nil {
		t.Fatal(err)
	}
	mapped, err := client.SendBindingRequest()
	if err != nil || mapped.String() != conn.LocalAddr().String() {
		t.Fatalf("plain STUN says %v, %v; want %v", mapped, err, conn.LocalAddr())
	}
	relayed, err := client.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = relayed.Close() })
	if !isSynthetic(addrPort(relayed.LocalAddr()).Addr()) {
		t.Fatalf("relayed address %v", relayed.LocalAddr())
	}
	if err := relayed.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 2000)
	for i := range 50 { // starts with Send indications and goes over to a channel
		want := bytes.Repeat([]byte{byte(i)}, 1+i*20)
		if _, err := relayed.WriteTo(want, net.UDPAddrFromAddrPort(media4)); err != nil {
			t.Fatal(err)
		}
		n, from, err := relayed.ReadFrom(buffer)
		if err != nil || addrPort(from) != media4 || !bytes.Equal(buffer[:n], want) {
			t.Fatalf("packet %d: %d bytes from %v, %v", i, n, from, err)
		}
	}
	stats := s.Stats()
	if stats.PacketsToMedia != 50 || stats.PacketsToClients != 50 || stats.Allocations != 1 ||
		stats.BytesToMedia != stats.BytesToClients || stats.Dropped+stats.Faults != 0 {
		t.Fatalf("%+v", stats)
	}
	for _, d := range media.take() {
		if d.from != addrPort(relayed.LocalAddr()) {
			t.Fatalf("the media saw %v, not the relayed address", d.from)
		}
	}
}

// With several media addresses, what the media answers comes from the address that the client had asked.
func TestAnswersComeFromTheAddressAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, media := newWire(), &echo{}
		s := mustServe(t, Config{MediaAddrs: []netip.AddrPort{media4, media6}}, w, media)
		c := (&rawClient{t: t, end: w.dial("198.51.100.1:1000")}).use(s.Credentials("s_1"))
		relayed := c.mustAllocate()
		wantSuccess(t, c.permit(media4, media6))
		wantSuccess(t, c.bind(0x4001, media6))

		c.indicate("one", media4)
		if got := c.receiveData(); got.bytes != "one" || got.from != media4 {
			t.Fatalf("%+v", got)
		}
		c.sendChannel(0x4001, "two")
		if got := c.receiveData(); got.bytes != "two" || got.channel != 0x4001 {
			t.Fatalf("%+v", got)
		}
		// Two ICE checks at once, answered the other way round, in the middle of media to the second address.
		media.mute = true
		first, second := stun.MustBuild(stun.TransactionID, stun.BindingRequest), stun.MustBuild(stun.TransactionID, stun.BindingRequest)
		c.indicate("media", media6)
		c.indicate(string(second.Raw), media6)
		c.indicate(string(first.Raw), media4)
		c.fence()
		answer := func(m *stun.Message) []byte { return stun.MustBuild(m, stun.BindingSuccess).Raw }
		media.deliver(answer(second), relayed)
		media.deliver(answer(first), relayed)
		media.deliver([]byte("media"), relayed)
		wants := []received{{channel: 0x4001}, {from: media4}, {channel: 0x4001}}
		for i, want := range wants {
			if got := c.receiveData(); got.from != want.from || got.channel != want.channel {
				t.Fatalf("answer %d: from %v on channel %x", i, got.from, got.channel)
			}
		}
	})
}

// A client that reads nothing loses the oldest packets, and the media never waits.
func TestFullQueueDropsOldest(t *testing.T) {
	s := &Server{cfg: Config{QueuePackets: 8}, media: newMediaAddrs([]netip.AddrPort{media4}), relays: newAddressBook(1)}
	s.packets.New = func() any { return new(packet) }
	r := s.newRelay()
	if err := s.relays.add(r); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		s.deliver([]byte{byte(i)}, r.address)
	}
	if dropped := s.Stats().Dropped; dropped != 12 {
		t.Fatalf("%d dropped, not 12", dropped)
	}
	buffer := make([]byte, maxPacket)
	for i := range 8 {
		if n, from, err := r.ReadFrom(buffer); n != 1 || err != nil || int(buffer[0]) != 12+i || addrPort(from) != media4 {
			t.Fatalf("packet %d is %d from %v, %v", i, buffer[0], from, err)
		}
	}
	s.deliver(make([]byte, maxPacket+1), r.address)
	s.deliver([]byte("stray"), mustAddr("240.9.9.9:9"))
	s.deliver([]byte("stray"), netip.AddrPortFrom(r.address.Addr(), r.address.Port()+1))
	s.deliver([]byte("stray"), mustAddr("[2001:db8::1]:9"))
	if stats := s.Stats(); stats.Dropped != 13 || stats.Refusals[RefusalStray] != 3 {
		t.Fatalf("%+v", stats)
	}
}

// Steady relaying towards a client allocates nothing.
func TestDeliverAllocatesNothing(t *testing.T) {
	s := &Server{cfg: Config{QueuePackets: 8}, media: newMediaAddrs([]netip.AddrPort{media4}), relays: newAddressBook(1)}
	s.packets.New = func() any { return new(packet) }
	r := s.newRelay()
	if err := s.relays.add(r); err != nil {
		t.Fatal(err)
	}
	b, buffer := make([]byte, 1200), make([]byte, maxPacket)
	allocations := testing.AllocsPerRun(1000, func() {
		s.deliver(b, r.address)
		if _, _, err := r.ReadFrom(buffer); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 0.5 { // a garbage collection may empty the pool, and the race detector empties it at random
		t.Fatalf("%v allocations a packet", allocations)
	}
}

func TestAddressBook(t *testing.T) {
	const size = 3
	b := newAddressBook(size)
	seen := map[netip.AddrPort]bool{}
	var live []*relay
	for range 1000 {
		if len(live) == size {
			if err := b.add(&relay{}); !errors.Is(err, ErrFull) {
				t.Fatalf("a full book says %v", err)
			}
			gone := live[0]
			live = live[1:]
			b.remove(gone)
			if b.at(gone.address) != nil {
				t.Fatal("a removed relay is still found")
			}
		}
		r := &relay{}
		if err := b.add(r); err != nil {
			t.Fatal(err)
		}
		if seen[r.address] || !isSynthetic(r.address.Addr()) || r.address.Port() < firstPort {
			t.Fatalf("address %v: bad, or used again too soon", r.address)
		}
		seen[r.address] = true
		live = append(live, r)
		for _, r := range live {
			if b.at(r.address) != r {
				t.Fatalf("%v is not found", r.address)
			}
		}
	}
	for _, other := range []string{"240.0.0.0:49152", "240.0.0.9:49152", "255.255.255.255:49152", "127.0.0.1:49152",
		"0.0.0.0:0", "[::]:0", "239.255.255.255:49152"} {
		if b.at(mustAddr(other)) != nil {
			t.Errorf("%v is a relay's", other)
		}
	}
}

func TestStatsNamesEveryCause(t *testing.T) {
	var names []string
	for cause := range (&Server{}).Stats().Refusals {
		names = append(names, cause.String())
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != int(refusals) || slices.Contains(names, "unknown") || slices.Contains(names, "") {
		t.Fatal(names)
	}
}

func TestCloseTwiceWithLiveAllocations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // synctest fails if a goroutine stays
		w, media := newWire(), &echo{}
		s := mustServe(t, Config{MediaAddrs: []netip.AddrPort{media4}}, w, media)
		var relays []netip.AddrPort
		for i := range 10 {
			c := (&rawClient{t: t, end: w.dial(fmt.Sprintf("198.51.100.1:%d", 1000+i))}).use(s.Credentials(fmt.Sprint(i)))
			relays = append(relays, c.mustAllocate())
			wantSuccess(t, c.permit(media4))
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for _, relayed := range relays {
			media.deliver([]byte("late"), relayed)
		}
		if stats := s.Stats(); stats.Allocations != 0 || stats.Refusals[RefusalStray] != 10 {
			t.Fatalf("%+v", stats)
		}
	})
}
