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
		if _, err := reader.row(); errors.Is(err, io.EOF) {
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
		if _, err := reader.row(); err != nil {
			return nil, err
		}
	}
	return reader.row()
}

func (p *payload) readerAt(offset int64) *csvReader {
	const end = 1 << 62
	return &csvReader{
		in: bufio.NewReaderSize(io.NewSectionReader(p.file, offset, end-offset), 4096), offset: offset, delimiter: p.settings.Delimiter[0],
	}
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
	quoted := false
	for {
		if c.offset == 0 {
			c.skipMark()
		}
		sign, err := c.in.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && (len(cells) > 0 || len(cell) > 0) {
				return append(cells, string(cell)), nil
			}
			return nil, err
		}
		c.offset++
		switch {
		case quoted && sign == '"':
			if following, err := c.in.Peek(1); err == nil && following[0] == '"' {
				_, _ = c.in.Discard(1)
				c.offset++
				cell = append(cell, '"')
			} else {
				quoted = false
			}
		case quoted:
			cell = append(cell, sign)
		case sign == '"' && len(cell) == 0:
			quoted = true
		case sign == c.delimiter:
			cells = append(cells, string(cell))
			cell = nil
		case sign == '\n':
			if len(cells) > 0 || len(cell) > 0 {
				return append(cells, string(cell)), nil
			}
		case sign != '\r':
			cell = append(cell, sign)
		}
	}
}

// skipMark leaves out the byte order mark at the beginning of a file.
func (c *csvReader) skipMark() {
	if mark, err := c.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = c.in.Discard(3)
		c.offset += 3
	}
}
