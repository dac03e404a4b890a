package consult

import (
	"fmt"
	"time"
)

// Profile is the practice as it is shown to people. It is public.
type Profile struct {
	Name     string `json:"name" yaml:"name"`
	Phone    string `json:"phone" yaml:"phone"` // as it is dialled: "+33123456789"; "" when there is none
	Address  string `json:"address" yaml:"address"`
	TimeZone string `json:"time_zone" yaml:"time_zone"` // IANA, "Europe/Paris"
	Language string `json:"language" yaml:"language"`   // of pages, when nothing better is known: "fr" or "en"
	Country  string `json:"country" yaml:"country"`     // ISO 3166-1, "FR": where phone numbers without a + are dialled
}

// Config is what the operator decides about consultations.
type Config struct {
	Profile        Profile       `yaml:"profile"`
	TicketLifetime time.Duration `yaml:"ticket_lifetime"` // of a join link; default 24 h
	KeepDocuments  time.Duration `yaml:"keep_documents"`  // after the end, for the patient's link with a code; default 30 days
	KeepChat       time.Duration `yaml:"keep_chat"`       // after the end; then its key is erased; default 30 days
	// RoomOpensBefore is how long before its time a planned consultation lets people into its waiting room; default 30 min.
	RoomOpensBefore time.Duration `yaml:"room_opens_before"`
	Guard           GuardConfig   `yaml:"guard"`
}

// The bounds of Config.TicketLifetime.
const (
	MinTicketLifetime = time.Minute
	MaxTicketLifetime = 90 * 24 * time.Hour
)

// The bounds of Config.KeepDocuments.
const (
	MinKeepDocuments = time.Hour
	MaxKeepDocuments = 365 * 24 * time.Hour
)

// MaxKeepChat bounds Config.KeepChat; 0 erases the chat at the end.
const MaxKeepChat = 365 * 24 * time.Hour

// DefaultConfig returns the defaults. The profile's name is for the operator to say.
func DefaultConfig() Config {
	return Config{
		Profile:         Profile{Name: "Colloque", TimeZone: "Europe/Paris", Language: "fr", Country: "FR"},
		TicketLifetime:  24 * time.Hour,
		RoomOpensBefore: 30 * time.Minute,
		KeepDocuments:   30 * 24 * time.Hour,
		KeepChat:        30 * 24 * time.Hour,
		Guard:           DefaultGuardConfig(),
	}
}

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	if _, err := cleanName(c.Profile.Name, true); err != nil {
		return fmt.Errorf("profile.name %q: give it 1 to %d printable characters", c.Profile.Name, maxName)
	}
	if _, err := time.LoadLocation(c.Profile.TimeZone); err != nil || c.Profile.TimeZone == "" {
		return fmt.Errorf("profile.time_zone %q: give it an IANA name such as Europe/Paris", c.Profile.TimeZone)
	}
	if _, err := cleanLanguage(c.Profile.Language); err != nil || c.Profile.Language == "" {
		return fmt.Errorf("profile.language %q: give it a language tag such as fr", c.Profile.Language)
	}
	if !knownCountry(c.Profile.Country) {
		return fmt.Errorf("profile.country %q: give it two letters such as FR", c.Profile.Country)
	}
	if c.TicketLifetime < MinTicketLifetime || c.TicketLifetime > MaxTicketLifetime {
		return fmt.Errorf("ticket_lifetime %s: must be %s to %s", c.TicketLifetime, MinTicketLifetime, MaxTicketLifetime)
	}
	if c.KeepDocuments < MinKeepDocuments || c.KeepDocuments > MaxKeepDocuments {
		return fmt.Errorf("keep_documents %s: must be %s to %s", c.KeepDocuments, MinKeepDocuments, MaxKeepDocuments)
	}
	if c.KeepChat < 0 || c.KeepChat > MaxKeepChat {
		return fmt.Errorf("keep_chat %s: must be 0 to %s", c.KeepChat, MaxKeepChat)
	}
	if c.RoomOpensBefore < 0 || c.RoomOpensBefore > 24*time.Hour {
		return fmt.Errorf("room_opens_before %s: must be 0 to 24h", c.RoomOpensBefore)
	}
	return c.Guard.Validate()
}
