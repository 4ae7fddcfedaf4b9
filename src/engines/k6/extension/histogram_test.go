package scaleplan

import (
	"slices"
	"testing"
	"time"
)

// The indices that src/stats/histogram.ts gives; test/engines/k6/extension.test.ts holds both to one another.
func TestBucketIndexIsTheHdrLayout(t *testing.T) {
	for us, index := range map[int64]int{0: 0, 1: 1, 2047: 2047, 2048: 2048, 2049: 2048, 4095: 3071, 4096: 3072, 20_000: 5346, 1_000_000: 11_169, highestUs: 23_220, highestUs * 2: 23_220} {
		if got := bucketIndex(us); got != index {
			t.Errorf("%d µs: index %d, want %d", us, got, index)
		}
	}
}

func TestHistogramKeepsExactExtremesAndSum(t *testing.T) {
	var h histogram
	for _, us := range []int64{300, 100, 300, 5001} {
		h.record(time.Duration(us) * time.Microsecond)
	}
	got := h.encode()
	if !slices.Equal(got.Counts, []int{100, 1, 300, 2, 3298, 1}) || got.Count != 4 || got.MinUs != 100 || got.MaxUs != 5001 || got.SumUs != 5701 {
		t.Errorf("got %+v", got)
	}
	if empty := (&histogram{}).encode(); empty.Count != 0 || empty.Counts == nil {
		t.Errorf("an empty histogram must be written as one: %+v", empty)
	}
}
