package scaleplan

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"
)

var base = time.UnixMilli(1_700_000_000_000)

func at(seconds float64) time.Time {
	return base.Add(time.Duration(seconds * float64(time.Second)))
}

func record(planned int) (*recorder, *[]interval) {
	var out []interval
	r := newRecorder([]slot{{"a", "one"}, {"a", "two"}}, planned, func() generatorState { return generatorState{} }, func(one interval) { out = append(out, one) })
	r.begin(base)
	return r, &out
}

func TestARequestBelongsToTheSecondInWhichItEnded(t *testing.T) {
	r, out := record(2)
	r.sent(at(0.9))
	r.ended(1, ending{at: at(1.1), status: 200, latency: 200 * time.Millisecond, firstByte: 150 * time.Millisecond, bytes: 7})
	r.advance(at(2.2))
	if len(*out) != 2 || (*out)[0].Sent != 1 || len((*out)[0].Rows) != 0 || len((*out)[1].Rows) != 1 {
		t.Fatalf("got %+v", *out)
	}
	row := (*out)[1].Rows[0]
	if row.Step != "two" || row.Requests != 1 || row.Statuses["200"] != 1 || row.Bytes != 7 || row.Latency.MinUs != 200_000 || row.TTFB.MaxUs != 150_000 {
		t.Errorf("got %+v", row)
	}
	if (*out)[1].StartedAtMs != 1_700_000_001_000 {
		t.Errorf("second 1 started at %f", (*out)[1].StartedAtMs)
	}
}

func TestASecondStaysOpenForWhatIsHandedInLate(t *testing.T) {
	r, out := record(5)
	r.advance(at(1.1))
	if len(*out) != 0 {
		t.Fatal("a second was closed before k6 had passed on its last samples")
	}
	r.ended(0, ending{at: at(0.99), status: 200})
	r.advance(at(1.16))
	// Later than that, it belongs to the oldest second that is open: counted once, and not lost.
	r.ended(0, ending{at: at(0.5), status: 200})
	r.advance(at(2.16))
	if len(*out) != 2 || (*out)[0].Rows[0].Requests != 1 || (*out)[1].Rows[0].Requests != 1 {
		t.Errorf("got %+v", *out)
	}
}

func TestAShortageOfThisSideIsCountedInItsSecondAndNothingElseIs(t *testing.T) {
	r, out := record(2)
	for _, code := range []syscall.Errno{syscall.EADDRNOTAVAIL, syscall.EMFILE, syscall.EMFILE, syscall.ECONNREFUSED} {
		r.sent(at(0.5))
		r.lacked(at(0.5), dial(code))
		r.ended(0, ending{at: at(0.5), kind: kindOf(dial(code))})
	}
	r.advance(at(2.2))
	first, second := (*out)[0].Generator, (*out)[1].Generator
	if first.Shortages == nil || *first.Shortages != (shortages{Ports: 1, Files: 2}) || second.Shortages != nil {
		t.Errorf("got %+v and %+v", first.Shortages, second.Shortages)
	}
}

func TestStatusZeroIsNeverInTheHistogram(t *testing.T) {
	r, out := record(1)
	for kind, status := range map[string]int{kindRefused: 0, kindTimeout: 0, kind5xx: 500, "capture": 200} {
		r.ended(0, ending{at: at(0.5), kind: kind, status: status, latency: time.Second})
	}
	r.finish()
	row := (*out)[0].Rows[0]
	if row.Requests != 4 || row.Latency.Count != 0 || row.ErrorLatency.Count != 2 || row.Errors[kindRefused] != 1 || row.Errors[kindTimeout] != 1 || len(row.Statuses) != 2 {
		t.Errorf("got %+v", row)
	}
}

func TestEmptySecondsCountWithinTheLoadAndBehindItOnlyIfSomethingFollows(t *testing.T) {
	r, out := record(2)
	r.advance(at(4.5))
	if len(*out) != 2 {
		t.Fatalf("%d seconds, want the 2 of the load", len(*out))
	}
	r.ended(0, ending{at: at(5.5), status: 200})
	r.advance(at(8.5))
	if len(*out) != 6 || (*out)[5].Second != 5 {
		t.Errorf("got %d seconds", len(*out))
	}
}

func TestMemoryIsBoundedForNamesWithoutEnd(t *testing.T) {
	r, _ := record(1)
	for number := range 10 * mostSlots {
		r.ended(r.slotOf(slot{"a", fmt.Sprint("GET /", number)}), ending{at: at(0.5), status: 200})
	}
	if len(r.slots) > mostSlots+1 || len(r.seconds[0].rows) > mostSlots+1 {
		t.Errorf("%d rows", len(r.slots))
	}
}

func TestCountsAreExactFromManyUsersAtOnce(t *testing.T) {
	r, out := record(1)
	var users sync.WaitGroup
	for range 50 {
		users.Go(func() {
			for range 200 {
				r.sent(at(0.2))
				r.arrived(at(0.2))
				r.ended(0, ending{at: at(0.3), status: 200, latency: time.Millisecond})
			}
		})
	}
	users.Wait()
	r.skipped(at(0.4), 3)
	r.finish()
	one := (*out)[0]
	if one.Sent != 10_000 || one.Arrivals != 10_000 || one.Skipped != 3 || one.Rows[0].Latency.Count != 10_000 {
		t.Errorf("got %+v", one)
	}
}
