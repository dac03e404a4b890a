package api

import (
	"fmt"
	"testing"
)

// BenchmarkDay is the day page of a practitioner with 40 consultations, without a network.
func BenchmarkDay(b *testing.B) {
	s := newSite(b)
	_, cookie := s.practitioner("Dr Mine")
	for i := range 40 {
		body := fmt.Sprintf(`{"patient_name":"Jeanne Martin","birth_date":"1948-03-09","language":"fr","contact":{"phone":"+336399800%02d","reach":"sms"}}`, i)
		mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie}, 201)
	}
	b.ReportAllocs()
	for b.Loop() {
		if w := s.do(request{method: "GET", path: "/api/v1/consultations", cookie: cookie}); w.Code != 200 {
			b.Fatal(w.Code, w.Body)
		}
	}
}

// BenchmarkSearch is one key of a search among a few, without a network: what is around the index.
func BenchmarkSearch(b *testing.B) {
	s := newSite(b)
	_, cookie := s.practitioner("Dr Mine")
	for i := range 40 {
		mustJSON[patientBody](s, request{method: "POST", path: "/api/v1/patients", body: fmt.Sprintf(`{"family_name":"Martin %d"}`, i), cookie: cookie}, 201)
	}
	b.ReportAllocs()
	for b.Loop() {
		if w := s.do(request{method: "POST", path: "/api/v1/patients/search", body: `{"words":"mar"}`, cookie: cookie}); w.Code != 200 {
			b.Fatal(w.Code, w.Body)
		}
	}
}
