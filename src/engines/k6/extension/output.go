// Package scaleplan lets k6 measure as scaleplan does: every second as counts and HDR histograms by journey and step, handed over
// as one line of JSON. It is an output of k6 (`--out scaleplan=<settings>`) and a module for its scripts (`k6/x/scaleplan`).
package scaleplan

import (
	"errors"
	"os"
	"strconv"

	"go.k6.io/k6/v2/errext"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"go.k6.io/k6/v2/output"
)

func init() { //nolint:gochecknoinits // how k6 finds its extensions
	output.RegisterExtension("scaleplan", newOutput)
	modules.Register("k6/x/scaleplan", &module{})
}

// out is the output: it never waits and keeps nothing, for k6 holds its virtual users back behind a slow one.
type out struct {
	run     *run
	metrics *metrics.BuiltinMetrics
	// Rows of a user's script by its tags; k6 gives the same tags by the same pointer.
	slots map[*metrics.TagSet]trailTags
}

type trailTags struct {
	slot, status int
	kind         string
}

func newOutput(params output.Params) (output.Output, error) {
	quieten(params.Logger)
	line := &link{out: os.Stdout}
	line.hello()
	read, err := readSettings(params.ConfigArgument)
	if err != nil {
		return nil, err
	}
	r, err := newRun(read, line, params.Logger)
	if err != nil {
		line.failed(err.Error())
		return nil, err
	}
	current.Store(r)
	go listen(os.Stdin, r.stop)
	return &out{run: r, slots: make(map[*metrics.TagSet]trailTags)}, nil
}

func (*out) Description() string { return "scaleplan" }

func (o *out) Start() error {
	o.run.start()
	return nil
}

func (o *out) SetTestRunStopCallback(stop func(error)) { o.run.endTest = stop }

func (o *out) SetThresholds(thresholds map[string]metrics.Thresholds) {
	o.run.own.thresholds = thresholds
}

func (o *out) SetBuiltinMetrics(builtin *metrics.BuiltinMetrics) { o.metrics = builtin }

// AddMetricSamples is called every 50 ms, never twice at once.
func (o *out) AddMetricSamples(containers []metrics.SampleContainer) {
	for _, container := range containers {
		switch one := container.(type) {
		case *httpext.Trail:
			if o.run.settings.IsNative {
				o.addTrail(one)
			}
		case metrics.Sample:
			o.addSample(one)
		default:
			if o.run.settings.IsNative {
				for _, sample := range container.GetSamples() {
					o.addSample(sample)
				}
			}
		}
	}
}

func (o *out) addSample(sample metrics.Sample) {
	switch sample.Metric.Name {
	case metrics.DroppedIterationsName:
		o.run.recorder.skipped(sample.Time, int(sample.Value))
	case metrics.ChecksName:
		if name, ok := sample.Tags.Get("check"); ok && o.run.settings.IsNative {
			o.run.own.check(name, sample.Value > 0)
		}
	}
}

// addTrail counts a request of a user's script. Its duration leaves out what came before: looking up the name, connecting, TLS.
func (o *out) addTrail(trail *httpext.Trail) {
	tags, ok := o.slots[trail.Tags]
	if !ok {
		tags = o.readTags(trail.Tags)
		if len(o.slots) < 20*mostSlots {
			o.slots[trail.Tags] = tags
		}
	}
	o.run.recorder.ended(tags.slot, ending{
		at: trail.EndTime, kind: tags.kind, status: tags.status,
		latency: trail.Blocked + trail.Duration, firstByte: trail.Blocked + trail.Sending + trail.Waiting,
	})
}

func (o *out) readTags(tags *metrics.TagSet) trailTags {
	journey, _ := tags.Get("scaleplan_journey")
	text, _ := tags.Get(metrics.TagStatus.String())
	status, _ := strconv.Atoi(text)
	found := trailTags{slot: o.run.recorder.slotOf(slot{Journey: journey, Step: stepName(tags)}), status: status}
	expected, isJudged := tags.Get(metrics.TagExpectedResponse.String())
	text, _ = tags.Get(metrics.TagErrorCode.String())
	code, _ := strconv.Atoi(text)
	switch {
	case status == 0:
		found.kind = kindOfCode(code)
	case isJudged && expected == "true":
	case status < 400 && isJudged:
		found.kind = kindExpect
	default:
		found.kind = kindOfAnswer(status, isFollowed)
	}
	return found
}

// StopWithTestError is called when every sample has been handed in.
func (o *out) StopWithTestError(err error) error {
	o.run.finish()
	code, reason := 0, ""
	var coded errext.HasExitCode
	switch {
	case err == nil || o.run.isStopped():
	case errors.As(err, &coded):
		code, reason = int(coded.ExitCode()), err.Error()
	default:
		code, reason = 1, err.Error()
	}
	var own *ownFindings
	if o.run.settings.IsNative {
		own = o.run.own.conclude()
	}
	o.run.link.end(code, reason, own)
	return nil
}

// Stop is what older callers know.
func (o *out) Stop() error { return o.StopWithTestError(nil) }
