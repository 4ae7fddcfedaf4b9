package scaleplan

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// health watches how the generator itself fares: the share of all CPUs it uses, and how late its timers are.
type health struct {
	mu       sync.Mutex
	lookedAt time.Time
	cpu      time.Duration
	latest   time.Duration
}

func newHealth() *health {
	return &health{lookedAt: time.Now(), cpu: cpuTime()}
}

// late notes that a timer came so late.
func (h *health) late(by time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest = max(h.latest, by)
}

// take gives the state since the last call.
func (h *health) take() generatorState {
	h.mu.Lock()
	defer h.mu.Unlock()
	now, cpu := time.Now(), cpuTime()
	passed := now.Sub(h.lookedAt) * time.Duration(runtime.GOMAXPROCS(0))
	state := generatorState{LoopLagMs: float64(h.latest.Microseconds()) / 1000}
	// Several seconds closed at once: the first of them has the reading.
	if passed >= time.Millisecond {
		state.LoopUtilization = min(1, float64(cpu-h.cpu)/float64(passed))
	}
	h.lookedAt, h.cpu, h.latest = now, cpu, 0
	return state
}

// With few users k6 has so little on its heap that Go would collect what requests leave behind 20 times a second, for a fifth of the
// CPU time. So much may lie about before it does.
const garbageBytes = 128 << 20

// easeCollection lets Go collect garbage after a fixed amount while the heap is small; never rarer than by default while it is large.
func easeCollection() {
	if os.Getenv("GOGC") != "" {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	live := max(1<<20, sample[0].Value.Uint64())
	debug.SetGCPercent(int(max(100, garbageBytes*100/live))) //nolint:gosec // at most 12,800
}
