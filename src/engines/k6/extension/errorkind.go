package scaleplan

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
)

// Kinds of errors, as ERROR_KINDS of src/model/interval.ts names them.
const (
	kindRefused = "refused"
	kindReset   = "reset"
	kindClosed  = "closed"
	kindTimeout = "timeout"
	kindDNS     = "dns"
	kindTLS     = "tls"
	kind4xx     = "http-4xx"
	kind5xx     = "http-5xx"
	kindExpect  = "expect"
	kindEngine  = "engine"
)

// answered tells kinds of a whole answer that was not as expected from those of none: only an answer has a latency.
func answered(kind string) bool {
	return kind == kind4xx || kind == kind5xx || kind == kindExpect || kind == "capture"
}

var (
	refusals = []error{syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH}
	resets   = []error{syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED}
	// Ours: no free port or file descriptor on this side; the target has not even been asked.
	noPorts   = []error{syscall.EADDRNOTAVAIL, syscall.EADDRINUSE}
	noFiles   = []error{syscall.EMFILE, syscall.ENFILE}
	noBuffers = []error{syscall.ENOBUFS}
)

// kindOf gives the kind under which an error of Go's HTTP client is counted.
func kindOf(err error) string {
	var dnsError *net.DNSError
	var netError net.Error
	switch {
	// Before names that were not found: without a file descriptor no name server can be asked either.
	case isAny(err, noPorts) || isAny(err, noFiles) || isAny(err, noBuffers):
		return kindEngine
	case errors.As(err, &dnsError):
		return kindDNS
	case isAny(err, refusals):
		return kindRefused
	case isAny(err, resets):
		return kindReset
	case errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &netError) && netError.Timeout()):
		return kindTimeout
	case isTLS(err):
		return kindTLS
	default:
		// EOF in place of an answer or within one, an idle connection that was closed, an answer that is no HTTP.
		return kindClosed
	}
}

func isAny(err error, list []error) bool {
	for _, one := range list {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

func isTLS(err error) bool {
	var verification *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	if errors.As(err, &verification) || errors.As(err, &header) || errors.As(err, &alert) || errors.As(err, &authority) || errors.As(err, &hostname) {
		return true
	}
	// Alerts of the other side have no type of their own; a server that answers TLS in plain HTTP is put in words, too.
	return strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// kindOfAnswer gives the kind of an answer of which nothing was expected but a status below 400; empty for a success. A redirect that
// was not followed is none: what was asked for has not been seen.
func kindOfAnswer(status int, why unfollowed) string {
	switch {
	case why != isFollowed:
		return kindExpect
	case status >= 500:
		return kind5xx
	case status >= 400:
		return kind4xx
	default:
		return ""
	}
}

// kindOfCode gives the kind of an error_code tag of k6, for scripts whose requests we see by their trails alone.
func kindOfCode(code int) string {
	switch {
	case code >= 1400 && code < 1500:
		return kind4xx
	case code >= 1500 && code < 1600:
		return kind5xx
	case code == 1050 || code == 1211:
		return kindTimeout
	case code >= 1100 && code < 1110:
		return kindDNS
	case code == 1212 || code == 1210:
		return kindRefused
	case code == 1213 || code == 1020 || code == 1110 || code == 1111:
		return kindEngine
	case code == 1201 || code == 1202 || code == 1220:
		return kindReset
	case code >= 1300 && code < 1400:
		return kindTLS
	default:
		return kindClosed
	}
}
