package main

import (
	"os"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	user, system, err := parseStat("42 (a) b (c)) S 1 42 42 0 -1 4194560 1 2 3 4 250 75 0 0 20 0 9 0 1")
	if err != nil || user != 2500*time.Millisecond || system != 750*time.Millisecond {
		t.Errorf("%v %v %v", user, system, err)
	}
	for _, bad := range []string{"", "42 (a) S 1", "42 (a) S 1 2 3 4 5 6 7 8 9 10 x y z"} {
		if _, _, err := parseStat(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestParseMachine(t *testing.T) {
	busy, stolen := parseMachineStat("cpu  100 20 3 9999 888 7 6 5 1 1\ncpu0 1 1 1 1\n")
	if busy != 1360*time.Millisecond || stolen != 50*time.Millisecond {
		t.Errorf("busy %v stolen %v", busy, stolen)
	}
	const snmp = "Ip: A B\nIp: 1 2\nUdp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors\nUdp: 10 2 3 4 55 6\nUdpLite: RcvbufErrors\nUdpLite: 9\n"
	if n := parseDrops(snmp); n != 55 {
		t.Errorf("%d drops", n)
	}
	if n := parseDrops("Udp: RcvbufErrors\n"); n != 0 {
		t.Errorf("%d drops from a cut file", n)
	}
}

func TestReadUsage(t *testing.T) {
	u, err := readUsage(os.Getpid())
	if err != nil || u.resident == 0 || u.switches == 0 || u.threads == 0 || u.descriptors == 0 {
		t.Errorf("%+v %v", u, err)
	}
	if _, err := readUsage(-1); err == nil {
		t.Error("a process that can't be has usage")
	}
}
