package sfu

import "time"

// ntpEpoch is 1900-01-01 in Unix seconds.
const ntpEpoch = -2208988800

// ntpTime is the 64-bit NTP timestamp of t (RFC 5905 §6): seconds since 1900, and their fraction.
func ntpTime(t time.Time) uint64 {
	seconds := uint64(t.Unix() - ntpEpoch)
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// fromNTP is the time of a 64-bit NTP timestamp of the first NTP era.
func fromNTP(n uint64) time.Time {
	nanos := (n & 0xffffffff) * uint64(time.Second) >> 32
	return time.Unix(int64(n>>32)+ntpEpoch, int64(nanos))
}
