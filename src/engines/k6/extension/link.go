package scaleplan

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"
)

// link is our end of the line to the driver: one JSON object a line on stdout, orders on stdin.
type link struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *link) say(message any) {
	line, err := json.Marshal(message)
	if err != nil {
		// Numbers and texts of our own making: cannot be.
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// A reader that is gone has ended us by closing stdin, too.
	_, _ = l.out.Write(append(line, '\n'))
}

func (l *link) interval(one interval) {
	l.say(struct {
		Type     string   `json:"type"`
		Interval interval `json:"interval"`
	}{"interval", one})
}

func (l *link) hello() {
	l.say(struct {
		Type     string `json:"type"`
		Protocol int    `json:"protocol"`
	}{"hello", protocol})
}

// failed: the load cannot be put on, or not the one that was asked for.
func (l *link) failed(reason string) {
	l.say(struct {
		Type   string `json:"type"`
		Reason string `json:"reason"`
	}{"failed", reason})
}

// end is the last line; code and reason are k6's own, 0 when we ended the load or it came to its end.
func (l *link) end(code int, reason string, own *ownFindings) {
	l.say(struct {
		Type   string       `json:"type"`
		Code   int          `json:"code"`
		Reason string       `json:"reason"`
		Own    *ownFindings `json:"own"`
	}{"end", code, reason, own})
}

// listen obeys the driver: "stop" lets the load drain, and so does the end of the line, when nobody is left to measure for.
func listen(in io.Reader, stop func()) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if lines.Text() == "stop" {
			stop()
		}
	}
	stop()
}
