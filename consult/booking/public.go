package booking

import (
	"fmt"
	"net/url"
	"strings"
)

// validateSites says in one line which of the sites that may embed the booking page cannot be one.
func validateSites(sites []string) error {
	for _, site := range sites {
		u, err := url.Parse(site)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" ||
			strings.ContainsAny(u.Host, "; ,'\"*") {
			return fmt.Errorf("booking.embed_from %q: must be like https://www.example.org, without a path", site)
		}
	}
	return nil
}
