package kv

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkUpdate is one small write with a comparison, by so many writers at a time.
func BenchmarkUpdate(b *testing.B) {
	for _, writers := range []int{1, 20, 200} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := mustOpen(b, filepath.Join(b.TempDir(), "kv"), BoltConfig{})
			value := make([]byte, 300)
			var group sync.WaitGroup
			took := make([][]time.Duration, writers)
			b.ResetTimer()
			for writer := range writers {
				n := b.N / writers
				if writer < b.N%writers {
					n++
				}
				group.Go(func() {
					var revision uint64
					key := fmt.Sprintf("v1/consultation/%d", writer)
					for range n {
						began := time.Now()
						err := s.Update(func(tx Txn) error {
							if err := tx.Compare(key, revision); err != nil {
								return err
							}
							return tx.Put(key, value)
						})
						took[writer] = append(took[writer], time.Since(began))
						if err != nil {
							b.Error(err)
							return
						}
						e, err := s.Get(key)
						if err != nil {
							b.Error(err)
							return
						}
						revision = e.Revision
					}
				})
			}
			group.Wait()
			b.StopTimer()
			all := slices.Sorted(slices.Values(slices.Concat(took...)))
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
		})
	}
}

// BenchmarkGet is one read beside 100,000 other keys.
func BenchmarkGet(b *testing.B) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "kv"), BoltConfig{})
	for i := range 1000 {
		must(b, s.Update(func(tx Txn) error {
			for j := range MaxOperations {
				if err := tx.Put(fmt.Sprintf("v1/consultation/%d", i*MaxOperations+j), make([]byte, 300)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, err := s.Get(fmt.Sprintf("v1/consultation/%d", i%100_000)); err != nil {
			b.Fatal(err)
		}
	}
}
