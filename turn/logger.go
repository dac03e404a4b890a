package turn

import (
	"log/slog"

	"github.com/pion/logging"
)

// pionLog lets pion's errors through and nothing else. pion puts clients' addresses into its messages; only the format
// is logged, never the arguments.
type pionLog struct {
	log      *slog.Logger
	counters *counters
}

// NewLogger makes pionLog a logging.LoggerFactory.
func (l pionLog) NewLogger(string) logging.LeveledLogger { return l }

func (l pionLog) fault(format string) {
	l.counters.faults.Add(1)
	l.log.Warn("turn: pion reports an error", "message", format)
}

func (l pionLog) Trace(string)                  {}
func (l pionLog) Tracef(string, ...interface{}) {}
func (l pionLog) Debug(string)                  {}
func (l pionLog) Debugf(string, ...interface{}) {}
func (l pionLog) Info(string)                   {}
func (l pionLog) Infof(string, ...interface{})  {}
func (l pionLog) Warn(string)                   {}
func (l pionLog) Warnf(string, ...interface{})  {}

// Error does not show its message, which is made of who knows what.
func (l pionLog) Error(string) { l.fault("(withheld)") }

// Errorf shows its format.
func (l pionLog) Errorf(format string, _ ...interface{}) { l.fault(format) }
