package bookingpage

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

type servicesPage struct {
	With, All string
	Services  []serviceChoice
}

type serviceChoice struct {
	Href, Label, Description, Facts, Who string
	Approval                             bool
}

// servicesPage is the first page: what can be booked.
func (p *Pages) servicesPage(w http.ResponseWriter, r *http.Request) {
	s, lang := stateOf(r), p.language(r, "")
	t := wordsIn(lang)
	services, err := p.Book.Services()
	if err != nil {
		p.failed(w, r, err)
		return
	}
	if s.With == "" && r.PathValue("practitioner") != "" {
		p.gone(w, r)
		return
	}
	page := servicesPage{All: state{Lang: s.Lang, Zone: s.Zone, Embed: s.Embed}.services()}
	for _, service := range services {
		givers, err := p.givers(service)
		if err != nil {
			p.failed(w, r, err)
			return
		}
		if s.With != "" {
			givers = slices.DeleteFunc(givers, func(g booking.Schedule) bool { return g.Practitioner != s.With })
		}
		if service.Hidden || len(givers) == 0 {
			continue
		}
		if s.With != "" {
			page.With = t.withName(givers[0].Name)
		}
		to := s
		to.Service = service.ID
		page.Services = append(page.Services, serviceChoice{
			Href: to.times(), Label: service.LabelIn(lang), Description: booking.TextIn(service.Description, lang), Facts: t.facts(service, lang),
			Who: names(givers), Approval: service.Approval,
		})
	}
	if s.With != "" && len(page.Services) == 0 {
		p.gone(w, r)
		return
	}
	slices.SortStableFunc(page.Services, func(a, b serviceChoice) int { return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)) })
	p.render(w, r, http.StatusOK, "services", t.BookHeading, lang, page)
}

// givers are the schedules of those who give the service and have one.
func (p *Pages) givers(service booking.Service) ([]booking.Schedule, error) {
	var givers []booking.Schedule
	for _, of := range service.Practitioners {
		gives, err := p.Book.Gives(of)
		if err != nil {
			return nil, err
		}
		if !gives {
			continue
		}
		schedule, err := p.Book.Schedule(of)
		if consult.CodeOf(err) == consult.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		givers = append(givers, schedule)
	}
	return givers, nil
}

// maxNames is how many names stand in a list before it says only how many there are.
const maxNames = 4

func names(givers []booking.Schedule) string {
	var all []string
	for _, g := range givers {
		if len(all) == maxNames {
			all = append(all, fmt.Sprintf("+ %d", len(givers)-maxNames))
			break
		}
		all = append(all, g.Name)
	}
	return strings.Join(all, ", ")
}

// facts are duration, ways and price in one line.
func (t *words) facts(s booking.Service, lang string) string {
	parts := []string{t.minutes(s.Duration)}
	var ways []string
	for _, m := range s.Modalities {
		ways = append(ways, t.way(m))
	}
	parts = append(parts, strings.Join(ways, t.Or))
	if price := booking.TextIn(s.Price, lang); price != "" {
		parts = append(parts, price)
	}
	return strings.Join(parts, " · ")
}

func (t *words) minutes(d time.Duration) string {
	hours, minutes := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case hours == 0:
		return fmt.Sprintf(t.Minutes, minutes)
	case minutes == 0:
		return fmt.Sprintf(t.Hours, hours)
	default:
		return fmt.Sprintf(t.HoursMinutes, hours, minutes)
	}
}

func (t *words) way(m booking.Modality) string {
	return map[booking.Modality]string{booking.ModalityVideo: t.ByVideo, booking.ModalityPhone: t.ByPhone, booking.ModalityInPerson: t.InPerson}[m]
}

func (t *words) withName(name string) string { return fmt.Sprintf(t.With, name) }
