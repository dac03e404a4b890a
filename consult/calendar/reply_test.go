package calendar

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/booking"
)

// sample is an answer in the form of a calendar program.
func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "replies", name+".ics"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\n", "\r\n")
}

func TestReplies(t *testing.T) {
	declined := booking.Answer{UID: "UID-OF-IT", Mail: "jeanne@example.org", Declined: true, Stamp: time.Date(2026, 11, 21, 18, 5, 0, 0, time.UTC)}
	accepted, moved := declined, declined
	accepted.Declined, moved.Sequence = false, 3
	apple := sample(t, "apple")
	for name, c := range map[string]struct {
		text string
		want []booking.Answer
		err  error
	}{
		"Thunderbird":           {sample(t, "thunderbird"), []booking.Answer{declined}, nil},
		"Google":                {sample(t, "google"), []booking.Answer{declined}, nil},
		"Outlook":               {sample(t, "outlook"), []booking.Answer{declined}, nil},
		"Apple":                 {apple, []booking.Answer{declined}, nil},
		"accepted":              {strings.ReplaceAll(apple, "DECLINED", "accepted"), []booking.Answer{accepted}, nil},
		"perhaps":               {strings.ReplaceAll(apple, "DECLINED", "TENTATIVE"), nil, nil},
		"of a later time":       {strings.ReplaceAll(apple, "SEQUENCE:0", "SEQUENCE:3"), []booking.Answer{moved}, nil},
		"without a sequence":    {strings.ReplaceAll(apple, "SEQUENCE:0\r\n", ""), []booking.Answer{declined}, nil},
		"a wild sequence":       {strings.ReplaceAll(apple, "SEQUENCE:0", "SEQUENCE:many"), nil, nil},
		"without a stamp":       {strings.ReplaceAll(apple, "DTSTAMP:20261121T180500Z\r\n", ""), nil, nil},
		"a wild stamp":          {strings.ReplaceAll(apple, "DTSTAMP:2026", "DTSTAMP:now"), nil, nil},
		"of an occurrence":      {strings.ReplaceAll(apple, "UID:", "RECURRENCE-ID:20261124T133000Z\r\nUID:"), nil, nil},
		"nobody's":              {strings.ReplaceAll(apple, "mailto:", "tel:"), nil, nil},
		"an invitation":         {strings.ReplaceAll(apple, "METHOD:REPLY", "METHOD:REQUEST"), nil, ErrBadCalendar},
		"another time proposed": {strings.ReplaceAll(apple, "METHOD:REPLY", "METHOD:COUNTER"), nil, ErrBadCalendar},
		"without a method":      {strings.ReplaceAll(apple, "METHOD:REPLY\r\n", ""), nil, ErrBadCalendar},
		"cut off":               {apple[:len(apple)/2], nil, ErrBadCalendar},
		"too long":              {strings.Replace(apple, "UID:", "X:"+strings.Repeat("x", maxReply)+"\r\nUID:", 1), nil, ErrBadCalendar},
		"nothing":               {"", nil, ErrBadCalendar},
		"of a hundred":          {strings.Replace(apple, "UID:", strings.Repeat("ATTENDEE;PARTSTAT=DECLINED:mailto:jeanne@example.org\r\n", 100)+"UID:", 1), slices.Repeat([]booking.Answer{declined}, maxAnswered), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Replies([]byte(c.text))
			if !slices.Equal(got, c.want) || !errors.Is(err, c.err) {
				t.Errorf("%+v, %v; want %+v, %v", got, err, c.want, c.err)
			}
		})
	}
}

// FuzzReplies: whatever somebody sends, there is an error or a few answers.
func FuzzReplies(f *testing.F) {
	for _, name := range []string{"thunderbird", "google", "outlook", "apple"} {
		f.Add([]byte(sample(f, name)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		answers, err := Replies(text)
		if err != nil && !errors.Is(err, ErrBadCalendar) {
			t.Fatal(err)
		}
		if len(answers) > maxAnswered || err != nil && len(answers) > 0 {
			t.Fatal(answers, err)
		}
	})
}
