package patient

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// invented makes patients as a practice has them: few family names that many share.
func invented(r *rand.Rand, n int) []Patient {
	syllables := []string{"mar", "tin", "ber", "nard", "du", "rand", "le", "goff", "pe", "tit", "mo", "reau", "lau", "rent", "gi", "rard"}
	word := func() string { return syllables[r.IntN(16)] + syllables[r.IntN(16)] + syllables[r.IntN(8)] }
	patients := make([]Patient, n)
	for i := range patients {
		day := time.Date(1930, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(33000))
		patients[i] = Patient{
			FamilyName: word(), GivenNames: word() + "-" + word(), BirthDate: day.Format(consult.BirthDateForm), Language: "fr",
			Contact: consult.Contact{Phone: fmt.Sprintf("+336399%05d", r.IntN(100000)), Mail: word() + "@example.org", Reach: consult.ReachSMS},
			IDs:     []ExternalID{{"INS", fmt.Sprintf("%015d", r.Int64N(1e15))}, {"IPP", fmt.Sprint(1_000_000 + i)}},
		}
	}
	return patients
}

func (h *house) fill(patients []Patient) {
	h.t.Helper()
	known, err := h.Register(h.t.Context(), h.doctor)
	h.check(err)
	for batch := range slices.Chunk(patients, writtenAtATime) {
		for _, p := range batch {
			p.ID, p.Owner, p.CreatedAt, p.ChangedAt, p.Revision = consult.NewPatientID(), h.doctor, t0, t0, 1
			known.fresh = append(known.fresh, p)
		}
		_, err := known.Write(h.t.Context())
		h.check(err)
	}
}

// fillInvented writes n invented patients, keeps none of them in memory, and returns one.
func (h *house) fillInvented(n int) Patient {
	patients := invented(rand.New(rand.NewPCG(1, 2)), n)
	h.fill(patients)
	return patients[n/2]
}

// BenchmarkSearch is what one key press costs: the words, a date, a phone number, an id, and everybody.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		h := newHouse(b)
		one := h.fillInvented(n)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		began := time.Now()
		h.find("x")
		b.Logf("%d patients: first search after the start %v", n, time.Since(began).Round(time.Millisecond))
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.Logf("%d patients: index of %d kB", n, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10)
		for name, text := range map[string]string{
			"letter": one.FamilyName[:1], "name": one.GivenNames + " " + one.FamilyName, "date": one.BirthDate[8:] + "/" + one.BirthDate[5:7] + "/" + one.BirthDate[:4],
			"phone": "0" + one.Contact.Phone[3:], "id": one.IDs[0].Value, "everybody": "",
		} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				var worst time.Duration
				for b.Loop() {
					began := time.Now()
					if found, err := h.Search(b.Context(), []consult.AccountID{h.doctor}, text, 0, 20); err != nil || found.Total == 0 {
						b.Fatal(found.Total, err)
					}
					worst = max(worst, time.Since(began))
				}
				b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
			})
		}
	}
}

// BenchmarkImport is a practice that arrives.
func BenchmarkImport(b *testing.B) {
	var table []byte
	table = append(table, "nom,prenoms,date_de_naissance,telephone,courriel,ins\n"...)
	for _, p := range invented(rand.New(rand.NewPCG(3, 4)), 10_000) {
		table = fmt.Appendf(table, "%s,%s,%s,%s,%s,%s\n", p.FamilyName, p.GivenNames, p.BirthDate, p.Contact.Phone, p.Contact.Mail, p.IDs[0].Value)
	}
	for b.Loop() {
		h := newHouse(b)
		if got, err := h.Import(b.Context(), h.doctor, table, false); err != nil || got.Created < 9900 {
			b.Fatal(got.Created, got.Notes, err)
		}
	}
}

// TestManyPatients loads an index in several pages.
func TestManyPatients(t *testing.T) {
	h := newHouse(t)
	patients := invented(rand.New(rand.NewPCG(1, 2)), 3*kv.MaxRange)
	h.fill(patients)
	if got, err := h.Search(t.Context(), []consult.AccountID{h.doctor}, "", 0, 1); err != nil || got.Total != len(patients) {
		t.Fatal(got.Total, err)
	}
	for _, p := range patients[:50] {
		if got := h.find(p.GivenNames + " " + p.FamilyName + " " + p.BirthDate); len(got) == 0 {
			t.Errorf("%s is not found", p.Name())
		}
	}
}
