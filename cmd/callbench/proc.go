package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticksPerSecond is the unit of CPU times in /proc: USER_HZ, which is 100 on every Linux that Go runs on.
const ticksPerSecond = 100

// usage is what the kernel says of a process at one moment.
type usage struct {
	user, system time.Duration // CPU time
	resident     int64         // bytes
	switches     uint64        // context switches of all threads
	threads      int
	descriptors  int
}

func readUsage(pid int) (usage, error) {
	var u usage
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return u, fmt.Errorf("process %d: %w", pid, err)
	}
	if u.user, u.system, err = parseStat(string(b)); err != nil {
		return u, fmt.Errorf("process %d: %w", pid, err)
	}
	kb, err := statusField(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:")
	if err != nil {
		return u, err
	}
	u.resident = int64(kb) << 10
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return u, err
	}
	u.threads = len(tasks)
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		return u, err
	}
	u.descriptors = len(files)
	for _, t := range tasks { // a thread may end meanwhile
		status := fmt.Sprintf("/proc/%d/task/%s/status", pid, t.Name())
		for _, field := range []string{"voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"} {
			n, _ := statusField(status, field)
			u.switches += n
		}
	}
	return u, nil
}

// parseStat reads utime and stime, fields 14 and 15 of proc_pid_stat(5). The second field may hold anything, but ends with the last ")".
func parseStat(stat string) (user, system time.Duration, err error) {
	f := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(f) < 13 {
		return 0, 0, fmt.Errorf("stat has %d fields after the name", len(f))
	}
	u, err := strconv.ParseUint(f[11], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	s, err := strconv.ParseUint(f[12], 10, 64)
	return ticks(u), ticks(s), err
}

func ticks(n uint64) time.Duration { return time.Duration(n) * time.Second / ticksPerSecond }

func statusField(path, name string) (uint64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if v, ok := strings.CutPrefix(lines.Text(), name); ok {
			number, _, _ := strings.Cut(strings.TrimSpace(v), " ")
			return strconv.ParseUint(number, 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", path, name)
}

// ownCPU is the CPU time of this process.
func ownCPU() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// machineUsage is what the whole machine has used since it started.
type machineUsage struct {
	busy   time.Duration // by all processes
	stolen time.Duration // by the host of a virtual machine
	drops  uint64        // UDP datagrams dropped at full receive buffers, in this network namespace
}

func readMachine() machineUsage {
	var m machineUsage
	if b, err := os.ReadFile("/proc/stat"); err == nil {
		m.busy, m.stolen = parseMachineStat(string(b))
	}
	if b, err := os.ReadFile("/proc/self/net/snmp"); err == nil {
		m.drops = parseDrops(string(b))
	}
	return m
}

// parseMachineStat reads the first line of proc_stat(5): cpu user nice system idle iowait irq softirq steal …
func parseMachineStat(stat string) (busy, stolen time.Duration) {
	line, _, _ := strings.Cut(stat, "\n")
	for i, field := range strings.Fields(line) {
		n, _ := strconv.ParseUint(field, 10, 64) // the first is the word cpu
		switch i {
		case 1, 2, 3, 6, 7:
			busy += ticks(n)
		case 8:
			stolen = ticks(n)
		}
	}
	return busy, stolen
}

// parseDrops reads RcvbufErrors of the two "Udp:" lines, names and values.
func parseDrops(snmp string) uint64 {
	var names []string
	for line := range strings.Lines(snmp) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] != "Udp:" {
			continue
		}
		if names == nil {
			names = f
			continue
		}
		for i, name := range names {
			if name == "RcvbufErrors" && i < len(f) {
				n, _ := strconv.ParseUint(f[i], 10, 64)
				return n
			}
		}
	}
	return 0
}
