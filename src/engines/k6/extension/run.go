package scaleplan

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
)

const (
	tickPeriod = 10 * time.Millisecond
	// Users are made within seconds; later the heap hardly changes.
	easePeriod = 2 * time.Second
	// Beyond the time-out of a request, for the journey around it and a busy machine.
	drainPatience = 2 * time.Second
)

var errLoadIsOver = errors.New("the load is over")

// run is one load: everything that virtual users, k6's samples and the driver's orders have in common.
type run struct {
	settings settings
	payloads []*payload
	recorder *recorder
	health   *health
	link     *link
	log      logrus.FieldLogger
	own      *ownFindings

	turns    atomic.Int64
	inFlight atomic.Int64
	// stopped is closed when nothing new may be started any more.
	stopped  chan struct{}
	stopOnce sync.Once
	// endTest ends k6's test run.
	endTest func(error)

	ended     chan struct{}
	tickEnded sync.WaitGroup
}

// current is the load of this process; k6 makes modules and outputs without a way to hand one to the other.
var current atomic.Pointer[run]

func newRun(read settings, line *link, log logrus.FieldLogger) (*run, error) {
	r := &run{
		settings: read, link: line, log: log, health: newHealth(), own: newOwnFindings(),
		stopped: make(chan struct{}), ended: make(chan struct{}), endTest: func(error) {},
	}
	for _, one := range read.Payloads {
		opened, err := openPayload(one)
		if err != nil {
			return nil, err
		}
		r.payloads = append(r.payloads, opened)
	}
	planned := int(read.PlannedSeconds)
	if float64(planned) < read.PlannedSeconds {
		planned++
	}
	r.recorder = newRecorder(read.Slots, planned, r.health.take, line.interval)
	return r, nil
}

// start begins to keep time; the load itself begins with the first arrival.
func (r *run) start() {
	r.tickEnded.Add(1)
	go r.tick()
}

// tick closes seconds, notes how late it comes itself, and ends the load in time.
func (r *run) tick() {
	defer r.tickEnded.Done()
	ticker := time.NewTicker(tickPeriod)
	defer ticker.Stop()
	var stoppedAt, easedAt time.Time
	last := time.Now()
	for {
		select {
		case <-r.ended:
			return
		case <-ticker.C:
		}
		now := time.Now()
		r.health.late(now.Sub(last) - tickPeriod)
		last = now
		r.recorder.advance(now)
		if now.Sub(easedAt) > easePeriod {
			easedAt = now
			easeCollection()
		}
		if r.isStopped() {
			if stoppedAt.IsZero() {
				stoppedAt = now
			}
			patience := time.Duration(r.settings.TimeoutMs)*time.Millisecond + drainPatience
			if r.inFlight.Load() == 0 || now.Sub(stoppedAt) > patience {
				r.endTest(errLoadIsOver)
			}
		} else if r.isOver(now) {
			r.stop()
		}
	}
}

// isOver tells whether users must start nothing more by themselves: k6 would cut off what they are doing.
func (r *run) isOver(now time.Time) bool {
	elapsed := r.recorder.elapsed(now)
	if elapsed < 0 || !r.settings.IsClosed {
		return false
	}
	return elapsed.Seconds() >= r.settings.PlannedSeconds
}

func (r *run) stop() {
	r.stopOnce.Do(func() { close(r.stopped) })
}

func (r *run) isStopped() bool {
	select {
	case <-r.stopped:
		return true
	default:
		return false
	}
}

// mayGoOn holds a virtual user for good once the load is stopped; false: its test run has ended.
func (r *run) mayGoOn(ctx context.Context) bool {
	if r.isStopped() {
		<-ctx.Done()
	}
	return ctx.Err() == nil
}

// arrive begins a journey, or holds its user for good. It gives the number of the journey, from 0.
func (r *run) arrive(ctx context.Context) (int, bool) {
	if !r.mayGoOn(ctx) {
		return 0, false
	}
	now := time.Now()
	if r.settings.IsClosed {
		if scenario := lib.GetScenarioState(ctx); scenario != nil {
			r.recorder.begin(scenario.StartTime)
		}
	} else {
		// k6 makes its users ready between the start of its clock and that of its schedule, and tells neither.
		r.recorder.begin(now.Add(-time.Duration(r.settings.FirstArrivalSeconds * float64(time.Second))))
		r.recorder.arrived(now)
	}
	return int(r.turns.Add(1)) - 1, true
}

// finish hands over what is left once k6 is done.
func (r *run) finish() {
	close(r.ended)
	r.tickEnded.Wait()
	r.recorder.finish()
}
