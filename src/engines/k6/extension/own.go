package scaleplan

import (
	"sort"
	"sync"

	"go.k6.io/k6/v2/metrics"
)

// ownFindings is what a user's script judges by itself; it is reported beside our verdicts and is none of them.
type ownFindings struct {
	mu         sync.Mutex
	checks     map[string]*ownCheck
	thresholds map[string]metrics.Thresholds

	Checks     []ownCheck     `json:"checks"`
	Thresholds []ownThreshold `json:"thresholds"`
}

type ownCheck struct {
	Name   string `json:"name"`
	Passes int    `json:"passes"`
	Fails  int    `json:"fails"`
}

type ownThreshold struct {
	Metric string `json:"metric"`
	Text   string `json:"text"`
	Passed bool   `json:"passed"`
}

// A check whose name is made anew for every request is not kept.
const mostChecks = 500

func newOwnFindings() *ownFindings {
	return &ownFindings{checks: make(map[string]*ownCheck)}
}

func (o *ownFindings) check(name string, passed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one, ok := o.checks[name]
	if !ok {
		if len(o.checks) >= mostChecks {
			return
		}
		one = &ownCheck{Name: name}
		o.checks[name] = one
	}
	if passed {
		one.Passes++
	} else {
		one.Fails++
	}
}

// conclude puts the findings in order; k6 has looked at its thresholds for the last time by then.
func (o *ownFindings) conclude() *ownFindings {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.Checks = make([]ownCheck, 0, len(o.checks))
	for _, one := range o.checks {
		o.Checks = append(o.Checks, *one)
	}
	sort.Slice(o.Checks, func(a, b int) bool { return o.Checks[a].Name < o.Checks[b].Name })
	o.Thresholds = []ownThreshold{}
	for metric, list := range o.thresholds {
		for _, one := range list.Thresholds {
			o.Thresholds = append(o.Thresholds, ownThreshold{Metric: metric, Text: one.Source, Passed: !one.LastFailed})
		}
	}
	sort.Slice(o.Thresholds, func(a, b int) bool {
		return o.Thresholds[a].Metric+o.Thresholds[a].Text < o.Thresholds[b].Metric+o.Thresholds[b].Text
	})
	return o
}
