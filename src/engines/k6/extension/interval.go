package scaleplan

import (
	"strconv"
	"time"
)

// interval is Interval of src/model/interval.ts.
type interval struct {
	Second      int            `json:"second"`
	StartedAtMs float64        `json:"startedAtMs"`
	Sent        int            `json:"sent"`
	Arrivals    int            `json:"arrivals"`
	Skipped     int            `json:"skipped"`
	Rows        []encodedRow   `json:"rows"`
	Generator   generatorState `json:"generator"`
}

type encodedRow struct {
	Journey      string           `json:"journey"`
	Step         string           `json:"step"`
	Requests     int              `json:"requests"`
	Errors       map[string]int   `json:"errors"`
	Statuses     map[string]int   `json:"statuses"`
	Bytes        int64            `json:"bytes"`
	Latency      encodedHistogram `json:"latency"`
	ErrorLatency encodedHistogram `json:"errorLatency"`
	TTFB         encodedHistogram `json:"ttfb"`
}

type generatorState struct {
	LoopUtilization float64 `json:"loopUtilization"`
	LoopLagMs       float64 `json:"loopLagMs"`
	// Shortages is left out in a second without any.
	Shortages *shortages `json:"shortages,omitempty"`
}

// shortages counts requests that could not be sent for want of a free port or file descriptor on this side.
type shortages struct {
	Ports int `json:"ports"`
	Files int `json:"files"`
}

func (i interval) isEmpty() bool {
	return i.Sent == 0 && i.Arrivals == 0 && i.Skipped == 0 && len(i.Rows) == 0
}

func encodeSecond(index int, startedAt time.Time, s *second, slots []slot, generator generatorState) interval {
	rows := make([]encodedRow, 0, len(s.rows))
	for number, one := range slots {
		counted, ok := s.rows[number]
		if !ok {
			continue
		}
		statuses := make(map[string]int, len(counted.statuses))
		for status, count := range counted.statuses {
			statuses[strconv.Itoa(status)] = count
		}
		rows = append(rows, encodedRow{
			Journey: one.Journey, Step: one.Step,
			Requests: counted.requests, Errors: counted.errors, Statuses: statuses, Bytes: counted.bytes,
			Latency: counted.latency.encode(), ErrorLatency: counted.errorLatency.encode(), TTFB: counted.ttfb.encode(),
		})
	}
	if s.shortages != (shortages{}) {
		generator.Shortages = &s.shortages
	}
	return interval{
		Second: index, StartedAtMs: float64(startedAt.UnixMicro()) / 1000,
		Sent: s.sent, Arrivals: s.arrivals, Skipped: s.skipped, Rows: rows, Generator: generator,
	}
}
