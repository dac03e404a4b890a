package consulttest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// Run runs all tests of a package, then looks for goroutines of ours that no Close has waited for: one left makes the run fail. It
// returns what the process is to exit with.
func Run(m *testing.M) int {
	code := m.Run()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for i, stack := range strings.Split(string(stacks), "\n\n") {
		if i > 0 && strings.Contains(stack, "colloque/consult") { // 0 is this one
			fmt.Fprintf(os.Stderr, "a goroutine is left:\n%s\n", stack)
			code = 1
		}
	}
	return code
}
