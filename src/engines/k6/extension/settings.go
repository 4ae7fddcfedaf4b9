package scaleplan

import (
	"encoding/json"
	"fmt"
	"os"
)

// protocol changes whenever driver and extension must change together; src/engines/k6/protocol.ts has the same number.
const protocol = 2

// settings is K6Settings of src/engines/k6/protocol.ts: what the driver has written for us.
type settings struct {
	Slots     []slot            `json:"slots"`
	Payloads  []payloadSettings `json:"payloads"`
	TimeoutMs int               `json:"timeoutMs"`
	// PlannedSeconds is how long load is put on; in the closed model users start nothing after it.
	PlannedSeconds float64 `json:"plannedSeconds"`
	IsClosed       bool    `json:"isClosed"`
	// FirstArrivalSeconds is when the first journey of an open load is due.
	FirstArrivalSeconds float64 `json:"firstArrivalSeconds"`
	// IsNative: the script is the user's own; its requests are known by k6's trails alone.
	IsNative bool `json:"isNative"`
}

func readSettings(path string) (settings, error) {
	var read settings
	text, err := os.ReadFile(path) //nolint:gosec // named by our own driver
	if err != nil {
		return read, fmt.Errorf("the settings cannot be read: %w", err)
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return read, fmt.Errorf("the settings cannot be read: %w", err)
	}
	return read, nil
}
