package scaleplan

import (
	"math/bits"
	"slices"
	"time"
)

// Layout of HdrHistogram: 1 µs … 3.6e9 µs (an hour) at 3 significant digits, so 1,024 counters for each power of two.
// src/stats/histogram.ts has the same; a test compares the indices.
const (
	highestUs = 3_600_000_000
	halfBits  = 10
)

// histogram counts latencies of one second of one row. It is sparse: a second sees few of the 23,552 counters.
type histogram struct {
	counts map[int]int
	count  int
	minUs  int64
	maxUs  int64
	sumUs  int64
}

// encodedHistogram is EncodedHistogram of src/model/interval.ts: [index, count, …] with ascending indices.
type encodedHistogram struct {
	Counts []int `json:"counts"`
	Count  int   `json:"count"`
	MinUs  int64 `json:"minUs"`
	MaxUs  int64 `json:"maxUs"`
	SumUs  int64 `json:"sumUs"`
}

func (h *histogram) record(latency time.Duration) {
	us := max(0, latency.Round(time.Microsecond).Microseconds())
	if h.count == 0 {
		h.counts = make(map[int]int)
		h.minUs = us
	}
	h.counts[bucketIndex(us)]++
	h.count++
	h.minUs = min(h.minUs, us)
	h.maxUs = max(h.maxUs, us)
	h.sumUs += us
}

func (h *histogram) encode() encodedHistogram {
	indices := make([]int, 0, len(h.counts))
	for index := range h.counts {
		indices = append(indices, index)
	}
	slices.Sort(indices)
	counts := make([]int, 0, 2*len(indices))
	for _, index := range indices {
		counts = append(counts, index, h.counts[index])
	}
	return encodedHistogram{Counts: counts, Count: h.count, MinUs: h.minUs, MaxUs: h.maxUs, SumUs: h.sumUs}
}

func bucketIndex(us int64) int {
	tracked := min(us, highestUs)
	power := bits.Len64(uint64(tracked)) - 1 - halfBits //nolint:gosec // never negative
	if power <= 0 {
		return int(tracked)
	}
	return power<<halfBits + int(tracked>>power)
}
