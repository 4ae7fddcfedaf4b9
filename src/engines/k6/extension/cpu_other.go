//go:build !unix

package scaleplan

import "time"

// cpuTime is not read here; the lateness of timers speaks alone.
func cpuTime() time.Duration {
	return 0
}
