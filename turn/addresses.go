package turn

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Relayed addresses are 240.0.0.0 + slot + 1: 240.0.0.0/4 is reserved (RFC 1112 §4), so they collide with nobody's, and
// both browsers accept them. The port changes with every use of a slot, so that what is late for a dead allocation does
// not reach the next one.
const (
	firstSynthetic = 240 << 24
	firstPort      = 49152 // RFC 8656 §7.2: relayed ports come from the dynamic range
	ports          = 1 << 14
)

func isSynthetic(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.Is4() && ip.As4()[0]>>4 == 0xF
}

// addressBook holds the live relays by their synthetic address. Looking one up takes no lock.
type addressBook struct {
	slots []atomic.Pointer[relay]

	mu   sync.Mutex // guards the following
	free []int      // used first in, first out
	uses int
}

func newAddressBook(size int) *addressBook {
	b := &addressBook{slots: make([]atomic.Pointer[relay], size), free: make([]int, size)}
	for i := range b.free {
		b.free[i] = i
	}
	return b
}

// add gives r an address of its own.
func (b *addressBook) add(r *relay) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.free) == 0 {
		return ErrFull
	}
	slot := b.free[0]
	b.free = b.free[1:]
	r.address = netip.AddrPortFrom(slotAddr(slot), uint16(firstPort+b.uses%ports))
	r.local = net.UDPAddrFromAddrPort(r.address)
	b.uses++
	b.slots[slot].Store(r)
	return nil
}

// at returns the relay at address, or nil.
func (b *addressBook) at(address netip.AddrPort) *relay {
	slot := addrSlot(address.Addr().Unmap())
	if slot < 0 || slot >= len(b.slots) {
		return nil
	}
	if r := b.slots[slot].Load(); r != nil && r.address.Port() == address.Port() {
		return r
	}
	return nil
}

// remove gives r's address back. To be called once for each add.
func (b *addressBook) remove(r *relay) {
	b.mu.Lock()
	defer b.mu.Unlock()
	slot := addrSlot(r.address.Addr())
	b.slots[slot].Store(nil)
	b.free = append(b.free, slot)
}

func slotAddr(slot int) netip.Addr {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], uint32(firstSynthetic+slot+1))
	return netip.AddrFrom4(ip)
}

func addrSlot(ip netip.Addr) int {
	if !ip.Is4() {
		return -1
	}
	bytes := ip.As4()
	return int(binary.BigEndian.Uint32(bytes[:])) - firstSynthetic - 1
}
