package scaleplan

import (
	"sync"
	"time"
)

// A request that ends just before a second is over may be handed in just after: seconds stay open for so long.
// k6 passes samples on every 50 ms.
const lag = 150 * time.Millisecond

// A script that makes a new name for every request would fill the memory: what goes beyond is counted under one name.
const (
	mostSlots = 500
	otherStep = "(other)"
)

// slot is what a row is about.
type slot struct {
	Journey string `json:"journey"`
	Step    string `json:"step"`
}

// ending is how one request ended.
type ending struct {
	at        time.Time
	kind      string // empty: a success
	status    int    // 0: no whole answer
	bytes     int64
	latency   time.Duration
	firstByte time.Duration
}

// recorder counts what happens and gives out every second once it is over. Safe for all virtual users at once.
type recorder struct {
	mu        sync.Mutex
	slots     []slot
	slotIndex map[slot]int
	planned   int
	emit      func(interval)
	generator func() generatorState

	base    time.Time
	seconds map[int]*second
	next    int
	held    []interval
}

type second struct {
	sent, arrivals, skipped int
	shortages               shortages
	rows                    map[int]*row
}

type row struct {
	requests                    int
	errors                      map[string]int
	statuses                    map[int]int
	bytes                       int64
	latency, errorLatency, ttfb histogram
}

func newRecorder(slots []slot, planned int, generator func() generatorState, emit func(interval)) *recorder {
	r := &recorder{
		planned: planned, emit: emit, generator: generator,
		slotIndex: make(map[slot]int), seconds: make(map[int]*second),
	}
	for _, one := range slots {
		r.slotIndex[one] = len(r.slots)
		r.slots = append(r.slots, one)
	}
	return r
}

// begin sets the moment of second 0; only the first call counts.
func (r *recorder) begin(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.base.IsZero() {
		r.base = at
	}
}

// elapsed is the time since second 0; negative while the load has not begun.
func (r *recorder) elapsed(now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.base.IsZero() {
		return -1
	}
	return now.Sub(r.base)
}

func (r *recorder) sent(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at(at).sent++
}

func (r *recorder) arrived(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at(at).arrivals++
}

func (r *recorder) skipped(at time.Time, count int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at(at).skipped += count
}

// lacked counts what kept a request from being sent, if it was something of this side.
func (r *recorder) lacked(at time.Time, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case isAny(err, noPorts):
		r.at(at).shortages.Ports++
	case isAny(err, noFiles):
		r.at(at).shortages.Files++
	}
}

// slotOf gives the number of a row that is not known beforehand.
func (r *recorder) slotOf(one slot) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if index, ok := r.slotIndex[one]; ok {
		return index
	}
	if len(r.slots) >= mostSlots {
		one = slot{Journey: one.Journey, Step: otherStep}
		if index, ok := r.slotIndex[one]; ok {
			return index
		}
	}
	r.slotIndex[one] = len(r.slots)
	r.slots = append(r.slots, one)
	return r.slotIndex[one]
}

func (r *recorder) ended(index int, end ending) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.at(end.at)
	one, ok := s.rows[index]
	if !ok {
		one = &row{errors: make(map[string]int), statuses: make(map[int]int)}
		s.rows[index] = one
	}
	one.requests++
	one.bytes += end.bytes
	if end.status > 0 {
		one.statuses[end.status]++
	}
	switch {
	case end.kind == "":
		one.latency.record(end.latency)
		one.ttfb.record(end.firstByte)
	case answered(end.kind):
		one.errors[end.kind]++
		one.errorLatency.record(end.latency)
	default:
		one.errors[end.kind]++
	}
}

// advance gives out every second that is over.
func (r *recorder) advance(now time.Time) {
	for _, one := range r.take(func(next int) bool {
		return !r.base.IsZero() && now.Sub(r.base) >= time.Duration(next+1)*time.Second+lag
	}) {
		r.emit(one)
	}
}

// finish gives out what is left, whole seconds or not.
func (r *recorder) finish() {
	last := -1
	r.mu.Lock()
	for index := range r.seconds {
		last = max(last, index)
	}
	r.mu.Unlock()
	for _, one := range r.take(func(next int) bool { return next <= last }) {
		r.emit(one)
	}
}

// take closes seconds as long as asked. Nobody waits for the reader: what is given out is written without the lock.
func (r *recorder) take(isOver func(next int) bool) []interval {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []interval
	for isOver(r.next) {
		one := r.close(r.next)
		r.next++
		r.held = append(r.held, one)
		// Nothing behind the planned end is the waiting for answers or for nobody; it only counts if something follows.
		if one.isEmpty() && one.Second >= r.planned {
			continue
		}
		out = append(out, r.held...)
		r.held = nil
	}
	return out
}

func (r *recorder) close(index int) interval {
	s := r.seconds[index]
	if s == nil {
		s = &second{}
	}
	delete(r.seconds, index)
	return encodeSecond(index, r.base.Add(time.Duration(index)*time.Second), s, r.slots, r.generator())
}

func (r *recorder) at(at time.Time) *second {
	index := r.indexOf(at)
	s, ok := r.seconds[index]
	if !ok {
		s = &second{rows: make(map[int]*row)}
		r.seconds[index] = s
	}
	return s
}

// indexOf gives the second of a moment; what comes too late belongs to the oldest that is still open.
func (r *recorder) indexOf(at time.Time) int {
	if r.base.IsZero() {
		return r.next
	}
	return max(r.next, int(at.Sub(r.base)/time.Second))
}
