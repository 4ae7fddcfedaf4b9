package scaleplan

import (
	"net/url"
	"strings"

	"go.k6.io/k6/v2/metrics"
)

// stepName is the `name` a script gives its request; where k6 has put the URL there, method and path, never the query.
func stepName(tags *metrics.TagSet) string {
	name, _ := tags.Get(metrics.TagName.String())
	if !strings.Contains(name, "://") {
		return name
	}
	method, _ := tags.Get(metrics.TagMethod.String())
	read, err := url.Parse(name)
	if err != nil {
		return strings.TrimSpace(method + " " + otherStep)
	}
	path := read.Path
	if path == "" {
		path = "/"
	}
	return strings.TrimSpace(method + " " + path)
}
