package notify

// Config says how notices leave the house. By default they do not: links are handed over.
type Config struct {
	Mail MailConfig `yaml:"mail"`
	SMS  SMSConfig  `yaml:"sms"`
}

// MailConfig is the mail server that takes our mails.
type MailConfig struct {
	Host string `yaml:"host"` // "": no mail is sent
}

func (c MailConfig) configured() bool { return c.Host != "" }

// SMSConfig is the gateways for text messages.
type SMSConfig struct {
	Gateways []GatewayConfig `yaml:"gateways"` // none: no text messages are sent
}

// GatewayConfig describes one gateway.
type GatewayConfig struct {
	Name string `yaml:"name"`
}

func (c SMSConfig) serves(string) bool { return len(c.Gateways) > 0 }

// DefaultConfig sends nothing.
func DefaultConfig() Config { return Config{SMS: SMSConfig{Gateways: []GatewayConfig{}}} }

// Validate says in one line what cannot work.
func (c Config) Validate() error { return nil }
