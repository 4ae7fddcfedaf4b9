package scaleplan

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
)

// Pause after a connection that gave no answer at all, as in the other engines: without it a server that is away makes a busy loop
// of 18,000 connections a second.
const backOff = 100 * time.Millisecond

// module is `k6/x/scaleplan`; every virtual user has a user of its own.
type module struct{}

// NewModuleInstance is called once for every virtual user.
func (*module) NewModuleInstance(vu modules.VU) modules.Instance {
	u := &user{vu: vu}
	rt := vu.Runtime()
	// What runs for every request is called without reflection, which costs as much as all the rest of it.
	u.exports = modules.Exports{Named: map[string]any{
		"arrive":  func(sobek.FunctionCall) sobek.Value { return rt.ToValue(u.arrive()) },
		"done":    func(call sobek.FunctionCall) sobek.Value { return rt.ToValue(u.done(call.Argument(0).String())) },
		"prepare": u.prepare, "play": u.play, "ask": u.ask,
		"leave": u.leave, "row": u.row, "blame": u.blame, "fail": u.fail, "status": func() int { return u.status },
	}}
	return u
}

// user is a virtual user's side of the measurement. k6 runs a user's script on one goroutine, so nothing here is shared.
type user struct {
	vu       modules.VU
	exports  modules.Exports
	run      *run
	exchange exchange
	wire     wire
	// The connection has given a whole answer.
	isUseful bool
	// What `play` was answered with last.
	status int
}

// Exports is called for every look-up of a function.
func (u *user) Exports() modules.Exports { return u.exports }

// attach puts our measurement between k6 and the network; k6 gives a user its network only once it runs.
func (u *user) attach() *run {
	if u.run != nil {
		return u.run
	}
	u.run = current.Load()
	if u.run == nil {
		panic(u.vu.Runtime().NewTypeError("this script needs k6 with --out scaleplan=<settings>"))
	}
	state := u.vu.State()
	if !u.run.settings.IsNative {
		u.wire.listen(state.Transport)
	}
	state.Transport = &transport{inner: state.Transport, user: u, bytesRead: bytesReadOf(state)}
	return u.run
}

func bytesReadOf(state *lib.State) func() int64 {
	dialer, ok := state.Dialer.(*netext.Dialer)
	if !ok {
		return func() int64 { return 0 }
	}
	return func() int64 { return atomic.LoadInt64(&dialer.BytesRead) }
}

// arrive begins a journey and gives its number; -1: the load is over, do nothing.
func (u *user) arrive() int {
	r := u.attach()
	if u.exchange.isOpen {
		// k6 has broken off the journey before.
		u.exchange = exchange{}
		r.inFlight.Add(-1)
	}
	turn, ok := r.arrive(u.vu.Context())
	if !ok {
		return -1
	}
	if r.settings.IsNative {
		r.inFlight.Add(1)
	}
	return turn
}

// leave ends a journey of a user's own script; `crash` is what it threw, or empty.
func (u *user) leave(journey string, crash string) {
	r := u.attach()
	r.inFlight.Add(-1)
	if crash == "" || u.vu.Context().Err() != nil {
		return
	}
	// A script that fails before it sends anything would otherwise look like a target that is never asked.
	now := time.Now()
	r.recorder.sent(now)
	r.recorder.ended(r.recorder.slotOf(slot{Journey: journey, Step: "(exception)"}), ending{at: now, kind: kindEngine})
}

// row gives the cells of a payload for the journey of this number.
func (u *user) row(number, turn int) ([]string, error) {
	return u.attach().payloads[number].row(turn)
}

// send begins a request of this row (-1: it is set-up and not measured). False: the load is over, do not send it.
func (u *user) send(index int) bool {
	r := u.attach()
	if !r.mayGoOn(u.vu.Context()) {
		return false
	}
	r.inFlight.Add(1)
	u.exchange = exchange{slot: index, isOpen: true}
	return true
}

// done ends the request begun last. `fault` says why its answer is not as expected, or is empty. It gives the kind it was counted as,
// empty for a success, and "circle" where redirects did not end.
func (u *user) done(fault string) string {
	r, one := u.attach(), u.exchange
	u.exchange = exchange{}
	defer r.inFlight.Add(-1)
	switch {
	case one.isCut:
		// By the end of the test run, not by the target.
		return kindEngine
	case one.startedAt.IsZero():
		// k6 has not even tried, as with a URL that is none.
		if one.slot >= 0 {
			u.blame(one.slot, kindEngine)
		}
		return kindEngine
	}
	if one.kind != "" {
		u.count(one, ending{at: one.endedAt, kind: one.kind, bytes: one.bytes})
		u.rest(one)
		return one.kind
	}
	u.isUseful = true
	if one.unfollowed == isOneTooMany {
		fault = kindExpect
	}
	u.count(one, ending{
		at: one.endedAt, kind: fault, status: one.status, bytes: one.bytes,
		latency: one.endedAt.Sub(one.startedAt), firstByte: one.answeredAt.Sub(one.startedAt),
	})
	if one.unfollowed == isOneTooMany {
		return circle
	}
	return fault
}

func (u *user) count(one exchange, end ending) {
	if one.slot >= 0 {
		u.run.recorder.ended(one.slot, end)
	}
}

// rest keeps a user that has no schedule from asking a server that is away over and over.
func (u *user) rest(one exchange) {
	wasUseful := u.isUseful
	u.isUseful = false
	if !u.run.settings.IsClosed || wasUseful || one.kind == kindTimeout {
		return
	}
	select {
	case <-time.After(backOff):
	case <-u.vu.Context().Done():
	}
}

// blame counts one failed request of a row whose set-up failed: it could not be asked, and nobody would see it.
func (u *user) blame(index int, kind string) {
	r := u.attach()
	now := time.Now()
	r.recorder.sent(now)
	r.recorder.ended(index, ending{at: now, kind: kind})
}

// fail ends the load before it begins.
func (u *user) fail(reason string) {
	u.attach().link.failed(reason)
}

// exchange is one request with all its redirects.
type exchange struct {
	slot                           int
	isOpen                         bool
	startedAt, answeredAt, endedAt time.Time
	readBefore, bytes              int64
	status                         int
	kind                           string
	redirects                      int
	unfollowed                     unfollowed
	// isCut: by the end of the test run, not by the target.
	isCut bool
}

var _ http.RoundTripper = &transport{}
