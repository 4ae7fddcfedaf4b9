package scaleplan

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// transport follows a virtual user's requests where they go to the network, and its wire times them: from opening a connection or
// writing to one, to the last byte.
type transport struct {
	inner     http.RoundTripper
	user      *user
	bytesRead func() int64
}

// RoundTrip comes once more for every redirect that is followed: that is still the same request.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	sendOnce(request)
	if r := t.user.run; r.settings.IsNative {
		// A user's script may send several at once; what becomes of them its trails tell.
		r.recorder.sent(time.Now())
		response, err := t.inner.RoundTrip(request)
		if err != nil {
			r.recorder.lacked(time.Now(), err)
		}
		return response, err
	}
	t.begin()
	response, err := t.inner.RoundTrip(request)
	one := &t.user.exchange
	one.answeredAt = t.user.wire.heard()
	if err != nil {
		t.end(err)
		return response, err
	}
	one.status = response.StatusCode
	body := &timedBody{body: response.Body, transport: t}
	one.unfollowed, body.giveBack = steerRedirect(request, response, one.redirects)
	one.redirects++
	response.Body = body
	return response, nil
}

func (t *transport) begin() {
	one := &t.user.exchange
	if !one.startedAt.IsZero() && one.isOpen {
		return
	}
	t.user.wire.reset()
	one.startedAt = time.Now()
	one.readBefore = t.bytesRead()
	if one.isOpen && one.slot >= 0 {
		t.user.run.recorder.sent(one.startedAt)
	}
}

func (t *transport) end(err error) {
	one := &t.user.exchange
	one.endedAt = time.Now()
	one.bytes = t.bytesRead() - one.readBefore
	if err == nil {
		one.startedAt, one.endedAt = t.user.wire.start(one.startedAt), t.user.wire.heard()
		return
	}
	if errors.Is(err, context.Canceled) {
		one.isCut = true
		return
	}
	one.kind = kindOf(err)
	t.user.run.recorder.lacked(one.endedAt, err)
}

// sendOnce keeps Go's HTTP client from quietly sending a request again when a connection that was used before ends without an
// answer: the server would see two, we one, and the lost one would be nobody's error. It does so with methods that only read, and
// not with a body that cannot be had a second time.
func sendOnce(request *http.Request) {
	if request.Body != nil && request.Body != http.NoBody {
		return
	}
	switch request.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions:
		request.Body, request.GetBody = emptyBody{}, nil
	}
}

type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }

// timedBody tells when the last byte was read.
type timedBody struct {
	body      io.ReadCloser
	transport *transport
	isOver    bool
	// giveBack undoes what steered the HTTP client, once it has decided.
	giveBack func()
}

func (b *timedBody) Read(into []byte) (int, error) {
	b.restore()
	count, err := b.body.Read(into)
	if err != nil {
		b.over(err)
	}
	return count, err
}

// Go discards a body in pieces of 8 kB, and one of 10 MB is then read a millisecond behind its arrival.
const pieceBytes = 64 << 10

var pieces = sync.Pool{New: func() any { return new([pieceBytes]byte) }}

// WriteTo is what io.Copy prefers to reading piece by piece; neither side is told that the other could do better.
func (b *timedBody) WriteTo(into io.Writer) (int64, error) {
	piece, _ := pieces.Get().(*[pieceBytes]byte)
	defer pieces.Put(piece)
	return io.CopyBuffer(struct{ io.Writer }{into}, struct{ io.Reader }{b}, piece[:])
}

func (b *timedBody) Close() error {
	b.restore()
	b.over(nil)
	return b.body.Close()
}

func (b *timedBody) restore() {
	if b.giveBack != nil {
		b.giveBack()
		b.giveBack = nil
	}
}

func (b *timedBody) over(err error) {
	if b.isOver {
		return
	}
	b.isOver = true
	if errors.Is(err, io.EOF) {
		err = nil
	}
	b.transport.end(err)
}
