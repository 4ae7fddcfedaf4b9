package scaleplan

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
)

func nativeOutput(t *testing.T) (*out, *bytes.Buffer, *metrics.Registry) {
	t.Helper()
	var written bytes.Buffer
	r, err := newRun(settings{PlannedSeconds: 1, IsNative: true, TimeoutMs: 1000}, &link{out: &written}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.recorder.begin(base)
	return &out{run: r, slots: make(map[*metrics.TagSet]trailTags)}, &written, metrics.NewRegistry()
}

func TestATrailCountsConnectingWhichItsDurationLeavesOut(t *testing.T) {
	o, written, registry := nativeOutput(t)
	tags := registry.RootTagSet().With("name", "http://127.0.0.1/a/b?token=1").With("method", "GET").With("status", "200").With("scaleplan_journey", "default")
	o.AddMetricSamples([]metrics.SampleContainer{&httpext.Trail{
		EndTime: at(0.5), Tags: tags, Blocked: 3 * time.Millisecond, Sending: time.Millisecond, Waiting: 4 * time.Millisecond, Receiving: 2 * time.Millisecond,
		Duration: 7 * time.Millisecond,
	}})
	_ = o.StopWithTestError(nil)
	for _, part := range []string{`"journey":"default","step":"GET /a/b"`, `"minUs":10000`, `"minUs":8000`, `"type":"end","code":0`} {
		if !strings.Contains(written.String(), part) {
			t.Errorf("%s is not in %s", part, written.String())
		}
	}
	if strings.Contains(written.String(), "token") {
		t.Error("the query of a URL must not get into the record")
	}
}

func TestARefusedConnectionHasNoLatencyAlthoughItsDurationIsZero(t *testing.T) {
	o, written, registry := nativeOutput(t)
	tags := registry.RootTagSet().With("name", "shop").With("status", "0").With("error_code", "1212")
	for range 3 {
		o.AddMetricSamples([]metrics.SampleContainer{&httpext.Trail{EndTime: at(0.5), Tags: tags}})
	}
	_ = o.StopWithTestError(nil)
	if !strings.Contains(written.String(), `"requests":3,"errors":{"refused":3},"statuses":{},"bytes":0,"latency":{"counts":[],"count":0`) {
		t.Error(written.String())
	}
	if len(o.slots) != 1 {
		t.Errorf("%d sets of tags were read, want 1: the same tags have the same pointer", len(o.slots))
	}
}

func TestDroppedIterationsAreSkippedArrivalsAndChecksAreReportedBeside(t *testing.T) {
	o, written, registry := nativeOutput(t)
	dropped := registry.MustNewMetric(metrics.DroppedIterationsName, metrics.Counter)
	checks := registry.MustNewMetric(metrics.ChecksName, metrics.Rate)
	sample := func(metric *metrics.Metric, tags *metrics.TagSet, value float64) metrics.Sample {
		return metrics.Sample{TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags}, Time: at(0.2), Value: value}
	}
	name := registry.RootTagSet().With("check", "is 200")
	o.AddMetricSamples([]metrics.SampleContainer{
		sample(dropped, registry.RootTagSet(), 1), sample(dropped, registry.RootTagSet(), 1), sample(checks, name, 1), metrics.Samples{sample(checks, name, 0)},
	})
	_ = o.StopWithTestError(nil)
	for _, part := range []string{`"skipped":2`, `"checks":[{"name":"is 200","passes":1,"fails":1}]`} {
		if !strings.Contains(written.String(), part) {
			t.Errorf("%s is not in %s", part, written.String())
		}
	}
}

func TestTheLogIsBounded(t *testing.T) {
	var written bytes.Buffer
	log := &boundedWriter{out: &written}
	for range 20_000 {
		if count, err := log.Write([]byte("Request Failed\n")); count != 15 || err != nil {
			t.Fatal("a line left out must look like one that was written")
		}
	}
	if lines := strings.Count(written.String(), "\n"); lines > 4*linesPerSecond {
		t.Errorf("%d lines", lines)
	}
}

func TestOrdersComeByStdinAndItsEndIsOne(t *testing.T) {
	for _, text := range []string{"stop\n", "nonsense\n", ""} {
		stopped := make(chan struct{}, 2)
		listen(strings.NewReader(text), func() { stopped <- struct{}{} })
		if len(stopped) == 0 {
			t.Errorf("%q did not stop the load", text)
		}
	}
}
