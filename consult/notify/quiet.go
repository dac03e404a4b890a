package notify

import (
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
)

// QuietHours are when text messages wait for the morning, on the recipient's clock. Both "": none. Mails do not wait: they ring
// nobody out of bed.
type QuietHours struct {
	From string `yaml:"from"` // "21:00"
	To   string `yaml:"to"`   // "08:00"
}

const clockLayout = "15:04"

// Validate says in one line what cannot work.
func (q QuietHours) Validate() error {
	if q.From == "" && q.To == "" {
		return nil
	}
	from, errFrom := time.Parse(clockLayout, q.From)
	to, errTo := time.Parse(clockLayout, q.To)
	if errFrom != nil || errTo != nil || from.Equal(to) {
		return fmt.Errorf("quiet_hours: from %q to %q: give two different times such as 21:00 and 08:00, or leave both empty", q.From, q.To)
	}
	return nil
}

// until returns when the quiet hours end that hold at an instant in a zone, and whether any do.
func (q QuietHours) until(now time.Time, zone *time.Location) (time.Time, bool) {
	from, errFrom := time.Parse(clockLayout, q.From)
	to, errTo := time.Parse(clockLayout, q.To)
	if errFrom != nil || errTo != nil {
		return time.Time{}, false
	}
	local := now.In(zone)
	minute := local.Hour()*60 + local.Minute()
	begin, end := from.Hour()*60+from.Minute(), to.Hour()*60+to.Minute()
	quiet := minute >= begin && minute < end
	if begin > end { // over midnight
		quiet = minute >= begin || minute < end
	}
	if !quiet {
		return time.Time{}, false
	}
	day := local.Day()
	if minute >= end {
		day++
	}
	// time.Date moves a wall time that a change of clocks skips to after the change.
	return time.Date(local.Year(), local.Month(), day, to.Hour(), to.Minute(), 0, 0, zone).UTC(), true
}

// waitsUntil returns when a text message may go out that is due now, and whether it must wait. It does not wait when it would come
// too late to be of use: somebody whose appointment is at seven is told in the night rather than not at all.
func (o *Outbox) waitsUntil(r *row, n consult.Notice, now time.Time) (time.Time, bool) {
	if r.Channel != ChannelSMS || n.Urgent || n.Kind == consult.NoticeStartsNow {
		return time.Time{}, false
	}
	morning, quiet := o.cfg.SMS.QuietHours.until(now, o.zoneOf(n))
	if !quiet || !morning.Before(r.NotAfter) {
		return time.Time{}, false
	}
	if at := instantOf(n, consult.FieldAt); !at.IsZero() && at.Before(morning.Add(noticeBeforeStart)) {
		return time.Time{}, false
	}
	return morning, true
}

// noticeBeforeStart is how long before an appointment a message must be there to be of use.
const noticeBeforeStart = time.Hour

// zoneOf is the recipient's time zone, or the practice's.
func (o *Outbox) zoneOf(n consult.Notice) *time.Location {
	for _, name := range []string{n.TimeZone, o.profile.TimeZone} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}
