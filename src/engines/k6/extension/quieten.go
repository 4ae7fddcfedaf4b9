package scaleplan

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// k6 writes a line for every failed request and every exception: 20,000 a second with a target that is down.
const linesPerSecond = 50

// quieten bounds what k6 writes to its log, whatever happens to it.
func quieten(log logrus.FieldLogger) {
	var logger *logrus.Logger
	switch one := log.(type) {
	case *logrus.Logger:
		logger = one
	case *logrus.Entry:
		logger = one.Logger
	default:
		return
	}
	logger.SetOutput(&boundedWriter{out: logger.Out})
}

// boundedWriter passes on so many writes a second and says how many it left out.
type boundedWriter struct {
	mu      sync.Mutex
	out     io.Writer
	second  int64
	written int
	left    int
}

func (b *boundedWriter) Write(line []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now().Unix(); now != b.second {
		if b.left > 0 {
			_, _ = fmt.Fprintf(b.out, "[%d lines left out]\n", b.left)
		}
		b.second, b.written, b.left = now, 0, 0
	}
	if b.written >= linesPerSecond {
		b.left++
		return len(line), nil
	}
	b.written++
	return b.out.Write(line)
}
