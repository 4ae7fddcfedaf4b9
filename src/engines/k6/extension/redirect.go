package scaleplan

import "net/http"

// Redirects, the same on every engine; src/engines/redirect.ts has the same rules.
const mostRedirects = 10

// circle is what a script is told of a request whose redirects never end; it is counted as "expect".
const circle = "circle"

// unfollowed tells why a redirect is not followed.
type unfollowed int

const (
	isFollowed unfollowed = iota
	leavesTarget
	isOneTooMany
)

// steerRedirect lets Go's HTTP client follow a redirect as Artillery's does: with the same method and body, unless the status is 303,
// and only within the origin it comes from, for load is put on the target alone. The header that is taken away to stop it is given
// back by the function it returns; nil where there is nothing to give back.
func steerRedirect(request *http.Request, response *http.Response, followed int) (unfollowed, func()) {
	location := response.Header.Get("Location")
	if location == "" || !isRedirect(response.StatusCode) {
		return isFollowed, nil
	}
	why := isFollowed
	to, err := request.URL.Parse(location)
	switch {
	case err != nil || to.Scheme != request.URL.Scheme || to.Host != request.URL.Host:
		why = leavesTarget
	case followed >= mostRedirects:
		why = isOneTooMany
	}
	if why == isFollowed {
		if response.StatusCode == http.StatusMovedPermanently || response.StatusCode == http.StatusFound {
			// Go would make a GET of it. The script never sees this answer.
			response.StatusCode = http.StatusTemporaryRedirect
		}
		return isFollowed, nil
	}
	kept := response.Header["Location"]
	response.Header.Del("Location")
	return why, func() { response.Header["Location"] = kept }
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}
