package outside

import (
	"os"
	"testing"

	"github.com/colloque/colloque/consult/consulttest"
)

func TestMain(m *testing.M) { os.Exit(consulttest.Run(m)) }
