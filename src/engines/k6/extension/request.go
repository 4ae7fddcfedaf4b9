package scaleplan

import (
	"bytes"
	"errors"
	"net/http"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib/netext/httpext"
)

// over is what a script is told instead of the kind of error when the load is over and nothing was sent.
const over = "over"

var errNotPrepared = errors.New("this is no request made by prepare()")

// prepared is a request as a scenario describes it. Sent by k6's own HTTP client; what is passed by is the part of `k6/http` that
// makes it of JavaScript's values and its answer into them, by reflection, which takes as long as sending it.
type prepared struct {
	method   string
	url      httpext.URL
	header   http.Header
	host     string
	body     *string
	timeout  time.Duration
	wantBody bool
	// wrong says why it cannot be sent at all.
	wrong error
}

// prepare is `prepare(method, url, body, params)` of k6/x/scaleplan.
func (u *user) prepare(call sobek.FunctionCall) sobek.Value {
	rt := u.vu.Runtime()
	params := call.Argument(3).ToObject(rt)
	one := &prepared{
		method: call.Argument(0).String(), header: http.Header{},
		timeout: time.Duration(params.Get("timeout").ToFloat() * float64(time.Millisecond)), wantBody: params.Get("wantsBody").ToBoolean(),
	}
	one.url, one.wrong = httpext.ToURL(call.Argument(1).String())
	if body := call.Argument(2); !common.IsNullish(body) {
		text := body.String()
		one.body = &text
	}
	headers := params.Get("headers").ToObject(rt)
	for _, name := range headers.Keys() {
		one.header.Set(name, headers.Get(name).String())
	}
	one.host = one.header.Get("Host")
	return rt.ToValue(one)
}

// play is `play(slot, prepared)`: sends a request of which only the status counts. It gives the kind of error that it was counted as, empty
// for a success, and "over".
func (u *user) play(call sobek.FunctionCall) sobek.Value {
	if _, isSent := u.request(call); !isSent {
		return u.vu.Runtime().ToValue(over)
	}
	status := u.exchange.status
	kind := u.done(kindOfAnswer(status, u.exchange.unfollowed))
	u.status = status
	return u.vu.Runtime().ToValue(kind)
}

// ask is `ask(slot, prepared)`: sends a request and gives its answer, which `done` counts once it has been looked at; null: the load is over.
func (u *user) ask(call sobek.FunctionCall) sobek.Value {
	rt := u.vu.Runtime()
	response, isSent := u.request(call)
	if !isSent {
		return sobek.Null()
	}
	answer := rt.NewObject()
	body, _ := response.Body.(string)
	for name, value := range map[string]any{"status": response.Status, "body": body, "headers": response.Headers} {
		if err := answer.Set(name, value); err != nil {
			common.Throw(rt, err)
		}
	}
	return answer
}

// request sends; false: the load is over.
func (u *user) request(call sobek.FunctionCall) (*httpext.Response, bool) {
	one, isPrepared := call.Argument(1).Export().(*prepared)
	if !isPrepared {
		common.Throw(u.vu.Runtime(), errNotPrepared)
	}
	if !u.send(int(call.Argument(0).ToInteger())) {
		return nil, false
	}
	state := u.vu.State()
	if one.wrong != nil {
		state.Logger.WithField("error", one.wrong).Warn("Request Failed")
		return httpext.NewResponse(), true
	}
	response, err := httpext.MakeRequest(u.vu.Context(), state, u.parsed(one))
	if err != nil {
		// Of what k6 refuses to read (101 Switching Protocols), our transport has seen the status.
		state.Logger.WithField("error", err).Warn("Request Failed")
		return httpext.NewResponse(), true
	}
	return response, true
}

// parsed makes a request as `http.request` does; its header belongs to it alone, for cookies are written into it.
func (u *user) parsed(one *prepared) *httpext.ParsedHTTPRequest {
	state := u.vu.State()
	header := make(http.Header, len(one.header)+2)
	header["User-Agent"] = []string{state.Options.UserAgent.String}
	for name, values := range one.header {
		header[name] = values[:len(values):len(values)]
	}
	parsed := &httpext.ParsedHTTPRequest{
		URL: &one.url, Req: &http.Request{Method: one.method, URL: one.url.GetURL(), Header: header, Host: one.host},
		Timeout: one.timeout, Redirects: state.Options.MaxRedirects, ActiveJar: state.CookieJar, TagsAndMeta: state.Tags.GetCurrentValues(),
		ResponseType: httpext.ResponseTypeNone,
	}
	if one.wantBody {
		parsed.ResponseType = httpext.ResponseTypeText
	}
	if one.body != nil {
		parsed.Body = bytes.NewBufferString(*one.body)
	}
	if state.CookieJar != nil {
		httpext.SetRequestCookies(parsed.Req, state.CookieJar, nil)
	}
	return parsed
}
