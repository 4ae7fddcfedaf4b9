package scaleplan

import (
	"net/http"
	"net/url"
	"testing"
)

func answerWith(status int, location string) *http.Response {
	header := http.Header{}
	if location != "" {
		header.Set("Location", location)
	}
	return &http.Response{StatusCode: status, Header: header}
}

func TestRedirectsStayWithinTheTarget(t *testing.T) {
	at, _ := url.Parse("http://target:3000/a/b")
	request := &http.Request{URL: at, Method: http.MethodPost}
	for _, one := range []struct {
		status   int
		location string
		followed int
		want     unfollowed
		left     int
	}{
		{200, "/c", 0, isFollowed, 200},
		{302, "", 0, isFollowed, 302},
		{302, "c", 0, isFollowed, 307},
		{301, "http://target:3000/c", 9, isFollowed, 307},
		{303, "/c", 0, isFollowed, 303},
		{308, "/c", 10, isOneTooMany, 308},
		{302, "http://elsewhere:3000/c", 0, leavesTarget, 302},
		{302, "https://target:3000/c", 0, leavesTarget, 302},
		{302, "http://target/c", 0, leavesTarget, 302},
	} {
		response := answerWith(one.status, one.location)
		why, giveBack := steerRedirect(request, response, one.followed)
		if why != one.want || response.StatusCode != one.left {
			t.Errorf("%d %q after %d: %v, status %d", one.status, one.location, one.followed, why, response.StatusCode)
		}
		if (why == isFollowed) != (giveBack == nil) {
			t.Errorf("%d %q: what was taken must be given back", one.status, one.location)
		}
		if giveBack == nil {
			continue
		}
		if response.Header.Get("Location") != "" {
			t.Errorf("%q would be followed", one.location)
		}
		giveBack()
		if response.Header.Get("Location") != one.location {
			t.Errorf("%q was not given back", one.location)
		}
	}
}
