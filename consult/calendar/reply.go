package calendar

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/booking"
)

// Bounds of an answer: programs send one event with one attendee.
const (
	maxReply    = 64 << 10 // bytes
	maxAnswered = 10
)

// Replies reads what a calendar program answers to an invitation (RFC 5546 §3.2.3): who comes, and who does not. What says neither, such as
// TENTATIVE, and answers about one occurrence of something that comes again are left out. ErrBadCalendar when it is no REPLY.
func Replies(text []byte) (answers []booking.Answer, err error) {
	defer Caught(&err)
	if len(text) > maxReply {
		return nil, ErrBadCalendar
	}
	cal, err := Read(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	if method := cal.Props.Get(ical.PropMethod); method == nil || !strings.EqualFold(strings.TrimSpace(method.Value), "REPLY") {
		return nil, ErrBadCalendar
	}
	for _, c := range cal.Children {
		if c.Name != ical.CompEvent || c.Props.Get(ical.PropRecurrenceID) != nil {
			continue
		}
		stamp := c.Props.Get(ical.PropDateTimeStamp)
		if stamp == nil {
			continue
		}
		one := booking.Answer{UID: strings.TrimSpace(uidOf(c))}
		utc := zones{own: time.UTC}
		if one.Stamp, _, err = utc.time(stamp); err != nil {
			continue
		}
		if sequence := c.Props.Get(ical.PropSequence); sequence != nil { // left out: 0, §3.8.7.4 of RFC 5545
			if one.Sequence, err = strconv.Atoi(strings.TrimSpace(sequence.Value)); err != nil {
				continue
			}
		}
		for _, attendee := range c.Props.Values(ical.PropAttendee) {
			scheme, address, _ := strings.Cut(strings.TrimSpace(attendee.Value), ":")
			says := strings.ToUpper(attendee.Params.Get(ical.ParamParticipationStatus))
			if !strings.EqualFold(scheme, "mailto") || says != "DECLINED" && says != "ACCEPTED" || len(answers) >= maxAnswered {
				continue
			}
			one.Mail, one.Declined = address, says == "DECLINED"
			answers = append(answers, one)
		}
	}
	return answers, nil
}
