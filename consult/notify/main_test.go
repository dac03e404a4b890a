package notify

import (
	"os"
	"testing"

	"github.com/colloque/colloque/consult/consulttest"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	os.Exit(consulttest.Run(m))
}
