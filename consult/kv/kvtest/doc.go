// Package kvtest is what every engine of kv must do, as tests: an engine's own test calls Run and, if it keeps its data, RunDurable.
//
//	func TestBolt(t *testing.T) {
//		kvtest.Run(t, func(t *testing.T) kv.Store { … a new, empty store … })
//	}
//
// Script drives a store with a string of bytes beside a plain map that says what must come out; Run does so with random bytes, and
// an engine's fuzz target with the fuzzer's. The suite closes the stores. It starts goroutines only within a test and waits for
// them; what it waits for comes within Patience.
package kvtest
