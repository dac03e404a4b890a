// Package consulttest is what the tests of consult and of the packages below it share: a clock that is turned by hand, a log that may be
// read while it is written, and a look for goroutines that nobody waited for. It imports nothing of consult, so that consult's own
// tests can use it.
package consulttest
