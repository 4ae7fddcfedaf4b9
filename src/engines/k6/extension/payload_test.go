package scaleplan

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func open(t *testing.T, text string, change func(*payloadSettings)) *payload {
	t.Helper()
	settings := payloadSettings{File: write(t, text), Order: "sequence", Delimiter: ","}
	change(&settings)
	p, err := openPayload(settings)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRowsAreReadAsTheOtherEnginesReadThem(t *testing.T) {
	text := "\xef\xbb\xbfid;name\r\n1;\"a;b\"\r\n\r\n2;\"say \"\"hi\"\"\nthere\"\n3;x\"y\n4;"
	p := open(t, text, func(s *payloadSettings) { s.SkipHeader, s.Delimiter = true, ";" })
	want := [][]string{{"1", "a;b"}, {"2", "say \"hi\"\nthere"}, {"3", "x\"y"}, {"4", ""}}
	for turn := range 2 * len(want) {
		row, err := p.row(turn)
		if err != nil || !slices.Equal(row, want[turn%len(want)]) {
			t.Errorf("turn %d: %q %v", turn, row, err)
		}
	}
}

func TestEveryRowComesOnceBeforeAnyIsRepeated(t *testing.T) {
	var text strings.Builder
	for number := range 1000 {
		fmt.Fprintf(&text, "user%d\n", number)
	}
	p := open(t, text.String(), func(*payloadSettings) {})
	seen := map[string]int{}
	for turn := range 1000 {
		row, err := p.row(turn)
		if err != nil {
			t.Fatal(err)
		}
		seen[row[0]]++
	}
	if len(seen) != 1000 || len(p.marks) > 1000/rowsPerMark+1 {
		t.Errorf("%d different rows, %d marks", len(seen), len(p.marks))
	}
	random := open(t, text.String(), func(s *payloadSettings) { s.Order = "random" })
	first, _ := random.row(0)
	for range 50 {
		if again, _ := random.row(0); again[0] != first[0] {
			return
		}
	}
	t.Error("a random row is always the same one")
}

func TestAPayloadThatIsMissingOrEmptyIsAnError(t *testing.T) {
	if _, err := openPayload(payloadSettings{File: "/nowhere.csv", Delimiter: ","}); err == nil || !strings.Contains(err.Error(), "/nowhere.csv") {
		t.Errorf("got %v", err)
	}
	if _, err := openPayload(payloadSettings{File: write(t, "id\n"), SkipHeader: true, Delimiter: ","}); err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("got %v", err)
	}
}
