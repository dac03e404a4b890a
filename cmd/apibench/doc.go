// Command apibench measures what the operations of /api/v1 cost on a full store, and what they cost the calls that run meanwhile.
//
//	apibench -binary bin/colloque -callbench bin/callbench
//
// fills a store in a temporary folder (100,000 consultations of 126 practitioners, one of whom has 40 today, and 10,000 patients), starts the
// program on it, and asks over HTTP on the loopback interface, as a signed-in browser:
//
//	day      the 40 consultations of today, one request after the other
//	search   10,000 patients while a name, a date, a phone number is typed: one request for each key
//	book     200 people at a time who want each another time at one instant, ten rounds
//	calls    20 consultations by callbench, alone
//	load     the same 20, while 500 requests a second are sent: days, searches, records, changes, new consultations
//
// A request of the load is sent when its time has come, whether others are answered or not, and its time counts from then: a server that
// stalls is not spared the requests that it holds up. One readable line for each, and a goal beside it; the exit code is 1 when
// something failed, not when a goal was missed: the machine decides that, too.
//
// Goroutines: the load's clock and its requests, waited for at the end of the load; one that reads the server's output, ended with the server.
package main
