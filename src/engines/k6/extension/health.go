package scaleplan

import (
	"runtime"
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
