package push

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Config is what the operator decides about pushes.
type Config struct {
	Enabled  bool     `yaml:"enabled"`  // default false: a push goes through the browser maker's service
	Contact  string   `yaml:"contact"`  // mailto: or https: address by which a push service reaches the operator, RFC 8292 §2.1
	Services []string `yaml:"services"` // hosts of push services; *.example.org is any host below example.org
}

// DefaultConfig returns the defaults: off, and the services of the browsers that there are.
func DefaultConfig() Config {
	return Config{Services: []string{
		"fcm.googleapis.com", "updates.push.services.mozilla.com", "*.notify.windows.com", "*.push.apple.com",
	}}
}

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	for _, host := range c.Services {
		if name := strings.TrimPrefix(host, "*."); name == "" || strings.ContainsAny(name, "*/ ") {
			return fmt.Errorf("push.services %q: give it a host such as push.example.org, or *.example.org", host)
		}
	}
	if !c.Enabled {
		return nil
	}
	contact, err := url.Parse(c.Contact)
	if err != nil || contact.Scheme != "mailto" && contact.Scheme != "https" {
		return errors.New("push.contact: push services want an address of yours, such as mailto:it@example.org")
	}
	if len(c.Services) == 0 {
		return errors.New("push.services: name at least one")
	}
	return nil
}

// allows says whether a browser may be reached at this address: HTTPS, the usual port, a host that is named.
func (c Config) allows(endpoint *url.URL) bool {
	if endpoint.Scheme != "https" || endpoint.User != nil {
		return false
	}
	for _, service := range c.Services {
		if suffix, below := strings.CutPrefix(service, "*"); endpoint.Host == service || below && strings.HasSuffix(endpoint.Host, suffix) {
			return true
		}
	}
	return false
}
