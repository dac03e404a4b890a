package consult

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// The day index lists all of a practitioner's consultations, ended ones too, by the day on which each is to be. Days are
// those of the practice's zone; where the index has a consultation is kept in its record, so that a zone that the operator
// changes later leaves nothing behind.

const dayLayout = "20060102"

func dayPrefixOf(of AccountID) string { return "v1/day/" + string(of) + "/" }

// When is the instant at which the consultation is, or was, to begin.
func (c Consultation) When() time.Time {
	if c.ScheduledAt.IsZero() {
		return c.CreatedAt
	}
	return c.ScheduledAt
}

func (p *Practice) dayKey(c Consultation) string {
	return dayPrefixOf(c.Practitioner) + c.When().In(p.zone).Format(dayLayout) + "/" + instant(c.When()) + "/" + string(c.ID)
}

// Today is the day that it is in the practice's zone: "2026-11-22".
func (p *Practice) Today() string { return p.clock().In(p.zone).Format(time.DateOnly) }

// Day returns the practitioner's consultations of a day ("2026-11-22", in the practice's zone), in the order in which they
// are to begin; ended ones too. At most 1,000.
func (p *Practice) Day(of AccountID, date string) ([]Consultation, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil, errBadDay
	}
	if !wellFormedID(string(of), "a_") {
		return nil, ErrNotFound
	}
	consultations, err := p.listed(dayPrefixOf(of) + day.Format(dayLayout) + "/")
	if err != nil {
		return nil, p.fail("day", "", err)
	}
	return consultations, nil
}

// AtDesk returns what a practitioner has to do with now: today's consultations and those in which somebody waits or is in the
// call, whenever they were to be. Not ended, in the order in which they are to begin.
func (p *Practice) AtDesk(of AccountID) ([]Consultation, error) {
	if !wellFormedID(string(of), "a_") {
		return nil, ErrNotFound
	}
	all, err := p.listed(dayPrefixOf(of)+p.clock().In(p.zone).Format(dayLayout)+"/", herePrefixOf(of))
	if err != nil {
		return nil, p.fail("desk", "", err)
	}
	slices.SortFunc(all, func(a, b Consultation) int {
		return cmp.Or(a.When().Compare(b.When()), strings.Compare(string(a.ID), string(b.ID)))
	})
	return slices.DeleteFunc(all, func(c Consultation) bool { return c.State == StateEnded || c.Practitioner != of }), nil
}

// listed reads the consultations that indexes name, each once, in the indexes' order; at most 1,000 of each.
func (p *Practice) listed(prefixes ...string) ([]Consultation, error) {
	var ids []ConsultationID
	for _, prefix := range prefixes {
		entries, err := p.store.Range(prefix, "", kv.MaxRange)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			ids = append(ids, ConsultationID(entry.Value))
		}
	}
	consultations, seen := make([]Consultation, 0, len(ids)), make(map[ConsultationID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		r, err := p.load(id)
		if err != nil {
			return nil, err
		}
		consultations = append(consultations, r.Consultation)
	}
	return consultations, nil
}

// index puts a consultation from before there was a day index into it.
// It also finds out whether somebody is there, see record.put.
func (p *Practice) index(id ConsultationID) error {
	return p.retry("index", id, func(r *record) error {
		if r.DayKey != "" {
			return nil
		}
		r.DayKey = p.dayKey(r.Consultation)
		return p.write(r, func(tx kv.Txn) error { return tx.Put(r.DayKey, []byte(id)) })
	})
}
