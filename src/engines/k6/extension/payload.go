package scaleplan

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
)

// Offsets are kept of every so many rows: a file of 1 GB costs some MB of memory, a row some µs of reading.
const rowsPerMark = 16

// payloadSettings is Payload of src/model/scenario.ts.
type payloadSettings struct {
	File       string   `json:"file"`
	Fields     []string `json:"fields"`
	Order      string   `json:"order"`
	SkipHeader bool     `json:"skipHeader"`
	Delimiter  string   `json:"delimiter"`
}

// payload hands out the rows of a CSV file, which stays on the disk.
type payload struct {
	settings payloadSettings
	file     *os.File
	marks    []int64
	rows     int
}

func openPayload(settings payloadSettings) (*payload, error) {
	file, err := os.Open(settings.File)
	if err != nil {
		return nil, fmt.Errorf("the payload %s cannot be read: %w", settings.File, err)
	}
	p := &payload{settings: settings, file: file}
	reader := p.readerAt(0)
	skip := settings.SkipHeader
	for {
		from := reader.offset
		if err := reader.pass(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("the payload %s cannot be read: %w", settings.File, err)
		}
		if skip {
			skip = false
			continue
		}
		if p.rows%rowsPerMark == 0 {
			p.marks = append(p.marks, from)
		}
		p.rows++
	}
	if p.rows == 0 {
		return nil, fmt.Errorf("the payload %s has no rows", settings.File)
	}
	return p, nil
}

// row gives the row of a turn: in order from the first, starting over after the last, or any.
func (p *payload) row(turn int) ([]string, error) {
	index := turn % p.rows
	if p.settings.Order == "random" {
		index = rand.IntN(p.rows) //nolint:gosec // a choice, not a secret
	}
	reader := p.readerAt(p.marks[index/rowsPerMark])
	for range index % rowsPerMark {
		if err := reader.pass(); err != nil {
			return nil, err
		}
	}
	return reader.row()
}

func (p *payload) readerAt(offset int64) *csvReader {
	const end = 1 << 62
	reader := &csvReader{in: bufio.NewReaderSize(io.NewSectionReader(p.file, offset, end-offset), 4096), offset: offset}
	if p.settings.Delimiter != "" {
		reader.delimiter = p.settings.Delimiter[0]
	}
	return reader
}

// csvReader reads CSV as src/scenario/variables.ts does: quotes, doubled quotes, line ends within quotes; empty lines are left out.
type csvReader struct {
	in        *bufio.Reader
	offset    int64
	delimiter byte
}

func (c *csvReader) row() ([]string, error) {
	var cells []string
	var cell []byte
	err := c.scan(func(sign byte) { cell = append(cell, sign) }, func() {
		cells = append(cells, string(cell))
		cell = cell[:0]
	})
	return cells, err
}

// pass goes over a row without keeping it.
func (c *csvReader) pass() error {
	return c.scan(func(byte) {}, func() {})
}

// scan reads one row: every sign of a cell, and where each cell ends.
func (c *csvReader) scan(sign func(byte), endCell func()) error {
	if c.offset == 0 {
		c.skipMark()
	}
	cells, length, quoted := 0, 0, false
	for {
		one, err := c.in.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && cells+length > 0 {
				endCell()
				return nil
			}
			return err
		}
		c.offset++
		switch {
		case quoted && one == '"' && !c.isDoubled():
			quoted = false
		case !quoted && one == '"' && length == 0:
			quoted = true
		case !quoted && one == c.delimiter:
			endCell()
			cells, length = cells+1, 0
		case !quoted && one == '\n':
			if cells+length > 0 {
				endCell()
				return nil
			}
		case quoted || one != '\r':
			sign(one)
			length++
		}
	}
}

// isDoubled takes the second of two quotes, which stand for one.
func (c *csvReader) isDoubled() bool {
	following, err := c.in.Peek(1)
	if err != nil || following[0] != '"' {
		return false
	}
	_, _ = c.in.Discard(1)
	c.offset++
	return true
}

// skipMark leaves out the byte order mark at the beginning of a file.
func (c *csvReader) skipMark() {
	if mark, err := c.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = c.in.Discard(3)
		c.offset += 3
	}
}
