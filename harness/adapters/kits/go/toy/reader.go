package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/bits"
	"os"
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"
)

const maxHeader = 100_000_000

// widths are the dtypes, with the bits of one element.
var widths = map[string]uint64{
	"BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "F16": 16, "BF16": 16, "U32": 32, "I32": 32,
	"F32": 32, "U64": 64, "I64": 64, "F64": 64, "F8_E5M2": 8, "F8_E4M3": 8, "F4": 4, "F6_E2M3": 6,
	"F6_E3M2": 6, "F8_E8M0": 8, "C64": 64, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
}

// invalid is the error for a file that is not valid.
type invalid string

func (e invalid) Error() string { return string(e) }

// notHere is the error for what this reader does not do.
type notHere string

func (e notHere) Error() string { return string(e) }

// entry is one tensor as the header has it.
type entry struct {
	name, dtype string
	shape       []uint64
	begin, end  uint64 // in the data buffer
}

// file is an open file, checked as a whole.
type file struct {
	*os.File
	entries  []entry
	metadata map[string]string
	start    uint64 // of the data buffer
}

func open(path string) (*file, error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &file{File: opened}
	if err := f.check(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (f *file) check() error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := uint64(info.Size())
	if size < 8 {
		return invalid(fmt.Sprintf("a file of %d bytes", size))
	}
	var prefix [8]byte
	if _, err := f.ReadAt(prefix[:], 0); err != nil {
		return err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	if length > maxHeader || length > size-8 {
		return invalid(fmt.Sprintf("a header of %d bytes in a file of %d", length, size))
	}
	text := make([]byte, length)
	if _, err := f.ReadAt(text, 8); err != nil {
		return err
	}
	f.start = 8 + length
	if f.entries, f.metadata, err = parse(text); err != nil {
		return err
	}
	return checkLayout(f.entries, size-f.start)
}

// data returns the bytes of one tensor.
func (f *file) data(e entry) io.Reader {
	return io.NewSectionReader(f, int64(f.start+e.begin), int64(e.end-e.begin))
}

// span is the indices from start on, below stop, step apart.
type span struct{ start, stop, step uint64 }

// part returns the shape and the bytes of a part of one tensor.
func (f *file) part(e entry, spans []span) ([]uint64, []byte, error) {
	if len(spans) != len(e.shape) {
		return nil, nil, invalid(fmt.Sprintf("%d slices for %d dimensions", len(spans), len(e.shape)))
	}
	var shape []uint64
	for axis, s := range spans {
		if s.start > s.stop || s.stop > e.shape[axis] || s.step == 0 {
			return nil, nil, invalid(fmt.Sprintf("%v of a dimension of %d", s, e.shape[axis]))
		}
		count := (s.stop - s.start) / s.step
		if (s.stop-s.start)%s.step != 0 {
			count++
		}
		shape = append(shape, count)
	}
	if slices.Equal(shape, e.shape) {
		whole, err := io.ReadAll(f.data(e))
		return shape, whole, err
	}
	if widths[e.dtype]%8 != 0 {
		return nil, nil, notHere("parts of " + e.dtype)
	}
	if slices.Contains(shape, 0) {
		return shape, nil, nil
	}
	// No dimension is 0, so that the length of the file bounds all that follows.
	places := []uint64{0}
	for axis, s := range spans {
		var next []uint64
		for _, place := range places {
			for i := range shape[axis] {
				next = append(next, place*e.shape[axis]+s.start+i*s.step)
			}
		}
		places = next
	}
	whole, err := io.ReadAll(f.data(e))
	if err != nil {
		return nil, nil, err
	}
	size, data := widths[e.dtype]/8, []byte{}
	for _, place := range places {
		data = append(data, whole[place*size:(place+1)*size]...)
	}
	return shape, data, nil
}

// checkLayout checks that the tensors tile the data buffer: no gap, no overlap, no byte left over.
func checkLayout(entries []entry, length uint64) error {
	sorted := slices.Clone(entries)
	sort.Slice(sorted, func(i, j int) bool {
		a, b := sorted[i], sorted[j]
		return a.begin < b.begin || a.begin == b.begin && a.end < b.end
	})
	position := uint64(0)
	for _, e := range sorted {
		if e.begin != position {
			return invalid(fmt.Sprintf("%q begins at %d, not at %d", e.name, e.begin, position))
		}
		position = e.end
	}
	if position != length {
		return invalid(fmt.Sprintf("the tensors end at %d, the data buffer at %d", position, length))
	}
	return nil
}

// scanner is the header text, and how far it is read. encoding/json keeps the last of two equal keys and
// replaces lone surrogates, so the text is read here; and since a header nests three deep and has few
// forms, nothing else is read.
type scanner struct {
	text []byte
	at   int
}

func parse(text []byte) (entries []entry, metadata map[string]string, err error) {
	h := &scanner{text: text}
	if !utf8.Valid(text) {
		return nil, nil, invalid("the header is no UTF-8")
	}
	if len(text) == 0 || text[0] != '{' {
		return nil, nil, h.fault()
	}
	err = h.object(func(name string) error {
		if name == "__metadata__" {
			metadata = map[string]string{}
			return h.object(func(key string) (err error) {
				metadata[key], err = h.string()
				return err
			})
		}
		e, err := h.entry(name)
		entries = append(entries, e)
		return err
	})
	if err == nil && len(bytes.Trim(text[h.at:], " ")) > 0 {
		err = h.fault()
	}
	return entries, metadata, err
}

func (h *scanner) entry(name string) (entry, error) {
	e, offsets := entry{name: name}, []uint64(nil)
	fields := 0
	err := h.object(func(field string) (err error) {
		fields++
		switch field {
		case "dtype":
			e.dtype, err = h.string()
		case "shape":
			e.shape, err = h.integers()
		case "data_offsets":
			offsets, err = h.integers()
		default:
			err = h.fault()
		}
		return err
	})
	fault := func(format string, values ...any) (entry, error) {
		return e, invalid(fmt.Sprintf("%q: ", name) + fmt.Sprintf(format, values...))
	}
	width, known := widths[e.dtype]
	switch {
	case err != nil:
		return e, err
	case fields != 3:
		return fault("%d fields", fields)
	case !known:
		return e, notHere(fmt.Sprintf("the dtype %q", e.dtype)) // perhaps of a newer file
	case len(offsets) != 2 || offsets[0] > offsets[1]:
		return fault("the offsets %d", offsets)
	}
	e.begin, e.end = offsets[0], offsets[1]
	product := width
	for _, dim := range e.shape {
		// A dimension of 0 hides no overflow.
		high, low := bits.Mul64(product, max(dim, 1))
		if high != 0 {
			return fault("too large")
		}
		product = low
	}
	if slices.Contains(e.shape, 0) {
		product = 0
	}
	if product%8 != 0 || product/8 != e.end-e.begin {
		return fault("%d bits at %d", product, offsets)
	}
	return e, nil
}

// object reads an object, whose keys differ; member reads the value of each.
func (h *scanner) object(member func(key string) error) error {
	keys := map[string]bool{}
	return h.list('{', '}', func() error {
		key, err := h.string()
		if err != nil {
			return err
		}
		if keys[key] {
			return invalid(fmt.Sprintf("the key %q twice", key))
		}
		keys[key] = true
		if err := h.take(':'); err != nil {
			return err
		}
		return member(key)
	})
}

func (h *scanner) integers() ([]uint64, error) {
	numbers := []uint64{}
	err := h.list('[', ']', func() error {
		h.peek()
		from := h.at
		for h.at < len(h.text) && '0' <= h.text[h.at] && h.text[h.at] <= '9' {
			h.at++
		}
		digits := string(h.text[from:h.at])
		number, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || len(digits) > 1 && digits[0] == '0' {
			return h.fault()
		}
		numbers = append(numbers, number)
		return nil
	})
	return numbers, err
}

func (h *scanner) list(open, shut byte, item func() error) error {
	if err := h.take(open); err != nil {
		return err
	}
	if h.peek() == shut {
		return h.take(shut)
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if h.peek() != ',' {
			return h.take(shut)
		}
		h.at++
	}
}

// string reads a string. Its end and its surrogates are found here, and encoding/json, which is strict
// about the other escapes and about control characters, resolves it.
func (h *scanner) string() (string, error) {
	if h.peek() != '"' {
		return "", h.fault()
	}
	from := h.at
	for h.at++; h.at < len(h.text) && h.text[h.at] != '"'; {
		switch unit := h.unit(h.at); {
		case h.text[h.at] != '\\':
			h.at++
		case unit>>10 == 0xd800>>10 && h.unit(h.at+6)>>10 == 0xdc00>>10:
			h.at += 12
		case unit>>11 == 0xd800>>11:
			return "", h.fault()
		default:
			h.at += 2
		}
	}
	h.at = min(h.at+1, len(h.text))
	var value string
	if json.Unmarshal(h.text[from:h.at], &value) != nil {
		return "", h.fault()
	}
	return value, nil
}

// unit returns the number of an escape of the form \uXXXX, and 0 where there is none.
func (h *scanner) unit(at int) uint64 {
	if at+6 > len(h.text) || string(h.text[at:at+2]) != `\u` {
		return 0
	}
	unit, err := strconv.ParseUint(string(h.text[at+2:at+6]), 16, 16)
	if err != nil {
		return 0
	}
	return unit
}

// peek returns the next byte that is no whitespace, without taking it; 0 at the end.
func (h *scanner) peek() byte {
	for ; h.at < len(h.text); h.at++ {
		if c := h.text[h.at]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c
		}
	}
	return 0
}

func (h *scanner) take(wanted byte) error {
	if h.peek() != wanted {
		return h.fault()
	}
	h.at++
	return nil
}

func (h *scanner) fault() error {
	return invalid(fmt.Sprintf("the header is not valid at byte %d: %.20q", h.at, h.text[h.at:]))
}
