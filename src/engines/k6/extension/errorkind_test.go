package scaleplan

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

func dial(code syscall.Errno) error {
	return fmt.Errorf("Get: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", code)})
}

func TestErrorsAreCountedByKind(t *testing.T) {
	for _, one := range []struct {
		err  error
		kind string
	}{
		{dial(syscall.ECONNREFUSED), kindRefused},
		{dial(syscall.EADDRNOTAVAIL), kindEngine},
		{dial(syscall.EMFILE), kindEngine},
		{&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, kindReset},
		{&net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}, kindReset},
		{io.EOF, kindClosed},
		{io.ErrUnexpectedEOF, kindClosed},
		{errors.New("malformed HTTP response \"hello\""), kindClosed},
		{fmt.Errorf("Get: %w", context.DeadlineExceeded), kindTimeout},
		{&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, kindTimeout},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}, kindDNS},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, kindTLS},
		{errors.New("http: server gave HTTP response to HTTPS client"), kindTLS},
		{errors.New("remote error: tls: handshake failure"), kindTLS},
	} {
		if got := kindOf(one.err); got != one.kind {
			t.Errorf("%v is %s, want %s", one.err, got, one.kind)
		}
	}
}

func TestErrorCodesOfK6AreCountedByKind(t *testing.T) {
	for code, kind := range map[int]string{
		1404: kind4xx, 1503: kind5xx, 1050: kindTimeout, 1211: kindTimeout, 1101: kindDNS, 1212: kindRefused, 1213: kindEngine,
		1220: kindReset, 1310: kindTLS, 1000: kindClosed, 1610: kindClosed,
	} {
		if got := kindOfCode(code); got != kind {
			t.Errorf("%d is %s, want %s", code, got, kind)
		}
	}
}
