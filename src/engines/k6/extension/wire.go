package scaleplan

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// wire tells when a virtual user's request really went out and when its bytes came in. Go's HTTP client hands a request from one
// goroutine to another, and its answer back: on a machine with few cores that is a tenth of a millisecond of our own on either side.
// A user has one request in flight at a time; its connections are read and written by goroutines of Go's.
type wire struct {
	startedAt atomic.Int64
	readAt    atomic.Int64
}

var processStart = time.Now()

// clock is nanoseconds since this process began, never 0.
func clock() int64 {
	return int64(time.Since(processStart)) + 1
}

func moment(clocked int64) time.Time {
	return processStart.Add(time.Duration(clocked - 1))
}

// listen puts itself under the connections that this transport opens; before its first use.
func (w *wire) listen(inner http.RoundTripper) {
	pool, ok := inner.(*http.Transport)
	if !ok || pool.DialContext == nil {
		return
	}
	dial := pool.DialContext
	pool.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.starts()
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &heardConn{Conn: conn, wire: w}, nil
	}
}

// reset begins a new request.
func (w *wire) reset() {
	w.startedAt.Store(0)
}

// starts notes the first thing that is done for a request: opening a connection, else writing to one.
func (w *wire) starts() {
	w.startedAt.CompareAndSwap(0, clock())
}

// start is when the request began; `fallback` where nothing was done for it.
func (w *wire) start(fallback time.Time) time.Time {
	if started := w.startedAt.Load(); started > 0 {
		return moment(started)
	}
	return fallback
}

// heard is when bytes last came in; now, where none have since the request began.
func (w *wire) heard() time.Time {
	if read := w.readAt.Load(); read > w.startedAt.Load() && read > 0 {
		return moment(read)
	}
	return time.Now()
}

type heardConn struct {
	net.Conn
	wire *wire
}

func (c *heardConn) Read(into []byte) (int, error) {
	count, err := c.Conn.Read(into)
	if count > 0 {
		c.wire.readAt.Store(clock())
	}
	return count, err
}

func (c *heardConn) Write(from []byte) (int, error) {
	c.wire.starts()
	return c.Conn.Write(from)
}
