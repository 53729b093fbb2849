// Package stconformkit is what an adapter in Go needs to speak the adapter protocol of stconform,
// version 1.
//
// stconform tests implementations of the safetensors file format. It asks an adapter, a small
// program around one implementation, to read and to write files, in JSON lines over standard input
// and output. This package does that part: the hello, the requests, the replies. What is left is one
// function for each operation that the implementation has:
//
//	func main() {
//		kit.Serve(kit.Adapter{Name: "tensorbox", Version: "v1.2.0", Read: read, IsRefusal: isInvalid})
//	}
//
//	func read(request kit.Request) (kit.Reading, error) {
//		box, err := tensorbox.Open(request.Path)
//		if err != nil {
//			return kit.Reading{}, err
//		}
//		var reading kit.Reading
//		for _, t := range box.Tensors {
//			reading.Tensors = append(reading.Tensors, kit.NewTensor(t.Name, t.DType, t.Shape).WithBytes(t.Data))
//		}
//		reading.Metadata = box.Metadata
//		return reading, nil
//	}
//
// Copy the folder of this one file into your module; it needs Go 1.22 or later and the standard
// library.
//
// Importing it sets os.Stdout to os.Stderr, so that nothing that a library prints gets between the
// replies. What C code writes to descriptor 1 it cannot divert.
//
// Nothing about safetensors lives here: no reading of files, and no idea of what a reply should be.
// An error that the adapter does not declare as a refusal ends the process with exit code 1, and a
// panic is not recovered: it ends it with a trace and, as always in Go, exit code 2. stconform shows
// both as a crash.
package stconformkit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// replies is what standard output was when the process started. A variable of a package is set
// before the packages that import this one are, and before main.
var replies = divert()

func divert() *os.File {
	stdout := os.Stdout
	os.Stdout = os.Stderr
	return stdout
}

const (
	// maxSafeInteger is the greatest integer that every JSON reader takes exactly.
	maxSafeInteger = 1<<53 - 1
	// longestHex is up to how many bytes of a tensor are given as they are; of more, the digest is.
	longestHex = 64
	// longestMessage is how many bytes of a message the protocol has room for.
	longestMessage = 4096
)

// Adapter is what is tested, what it is held to, and what it can do. Name and Version have to be set,
// and one function; a function that is nil is an operation that is not declared.
type Adapter struct {
	Name     string // what is tested
	Version  string // its exact version
	Language string // what it is written in; empty for Go
	Build    string // how it was built; may be empty
	Source   string // the URL that it comes from; may be empty

	Access      []string       // the ways in which it can read, each asked for by name
	Leniencies  []string       // see `stconform list leniencies`
	Limits      map[string]any // see `stconform list limits`
	WriteDTypes []string       // the dtypes that it writes, where they are not all
	Claims      []string       // what it promises beyond the rules
	// Views are the views that Write can make, of transposed, strided, reversed and broadcast. Others
	// are answered by Serve.
	Views []string

	Read      func(Request) (Reading, error) // everything in a file
	Header    func(Request) (Reading, error) // names, dtypes, shapes and metadata, and no data
	Slice     func(Request) (Tensor, error)  // a part of one tensor
	Write     func(Request) error            // write Request.Tensors and Request.Metadata
	Rewrite   func(Request) error            // read Request.Path, and write it to Request.To
	ReadIndex func(Request) (Reading, error) // a sharded model

	// IsRefusal says whether an error is how the implementation refuses a file, or what it was to
	// write, as invalid. If it is nil, only Refused is. Any other error ends the process.
	IsRefusal func(error) bool
	// IsUnsupported says whether an error is how the implementation says that it does not do
	// something. If it is nil, only Unsupported is.
	IsUnsupported func(error) bool
}

// Request is one request. What an operation does not have is the zero value.
type Request struct {
	Op       string          // read, header, slice, write, rewrite or read-index
	Path     string          // the file, or the index, that is to be read or written; absolute
	Access   string          // how to read, one of Adapter.Access; with read, header and slice
	To       string          // where to write; with rewrite
	Tensor   string          // the name of the tensor of which a part is asked for; with slice
	Slices   []Span          // the part, a span for each axis; with slice
	Tensors  []TensorToWrite // what to write, in the order of the request; with write
	Metadata []Pair          // nil for no metadata, empty for empty metadata; with write
}

// Span is a part of an axis: the indices from Start on, below Stop, Step apart.
type Span struct{ Start, Stop, Step uint64 }

// TensorToWrite is one tensor of a request to write. A name may occur twice, and a shape may be at
// odds with the data: hand over what stands there.
type TensorToWrite struct {
	Name  string
	DType string
	Shape []uint64
	Data  []byte   // the elements in row-major order; with a View, those of the array of the shape Base
	View  string   // which view of that array, one of Adapter.Views, is to be written; empty for none
	Base  []uint64 // with a View, the shape of the array
}

// Pair is a key of the metadata with its value. A key may occur twice, and a value, which is of a type
// to which encoding/json decodes, may be no string: hand over what stands there.
type Pair struct {
	Key   string
	Value any
}

// TensorsByName returns the tensors to write as a map, for an interface that takes one, and
// Unsupported if a name occurs twice.
func (r Request) TensorsByName() (map[string]TensorToWrite, error) {
	tensors := make(map[string]TensorToWrite, len(r.Tensors))
	for _, tensor := range r.Tensors {
		tensors[tensor.Name] = tensor
	}
	if len(tensors) != len(r.Tensors) {
		return nil, Unsupported{"a map cannot hold a name twice"}
	}
	return tensors, nil
}

// MetadataMap returns the metadata to write as a map of strings, for an interface that takes one, and
// Unsupported if a key occurs twice or a value is no string.
func (r Request) MetadataMap() (map[string]string, error) {
	if r.Metadata == nil {
		return nil, nil
	}
	metadata := make(map[string]string, len(r.Metadata))
	for _, pair := range r.Metadata {
		value, ok := pair.Value.(string)
		if !ok {
			return nil, Unsupported{"a map of strings cannot hold another value"}
		}
		metadata[pair.Key] = value
	}
	if len(metadata) != len(r.Metadata) {
		return nil, Unsupported{"a map cannot hold a key twice"}
	}
	return metadata, nil
}

// Refused is an error that says that the implementation refused the file, or what it was to write, as
// invalid. Errors of the implementation itself are declared with Adapter.IsRefusal.
type Refused struct {
	Message  string
	Category string // the kind of error, if the implementation tells one
}

// Unsupported is an error that says that the implementation does not do this: a valid file beyond a
// limit that the hello declares; or a dtype, a view or an argument that its interface does not have.
type Unsupported struct{ Reason string }

// Other is an error that says in words what was read, where Reading and Tensor cannot say it, such as a
// dimension that is a fraction. No file holds such a thing.
type Other struct{ What string }

// Error returns the message.
func (e Refused) Error() string { return e.Message }

// Error returns the reason.
func (e Unsupported) Error() string { return e.Reason }

// Error returns the words.
func (e Other) Error() string { return e.What }

// Reading is what was read: the answer to Read, Header and ReadIndex.
type Reading struct {
	Tensors  []Tensor          // in any order
	Metadata map[string]string // nil where there is none; strings need not be UTF-8
}

// Tensor is one tensor that was read, as the implementation hands it out; NewTensor makes it.
type Tensor struct {
	fields tensorFields
	other  string // what the fields cannot say; empty where they say it all
}

type tensorFields struct {
	Name    *string `json:"name,omitempty"`
	NameHex *string `json:"name_hex,omitempty"`
	DType   string  `json:"dtype"`
	Shape   []any   `json:"shape"`
	SHA256  string  `json:"sha256,omitempty"`
	Hex     *string `json:"hex,omitempty"`
	// The elements, where there are any: a list, which may be empty.
	Values *[]string `json:"values,omitempty"`
}

// Integer is any type of a dimension.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// NewTensor describes a tensor without its data, which is all that Header needs; the name need not be
// UTF-8. What the protocol has no field for, such as a dimension of -1, makes the whole reading an
// Other; the adapter need not look for it.
func NewTensor[D Integer](name, dtype string, shape []D) Tensor {
	tensor := Tensor{fields: tensorFields{DType: dtype, Shape: make([]any, len(shape))}}
	if utf8.ValidString(name) {
		tensor.fields.Name = &name
	} else {
		digits := hex.EncodeToString([]byte(name))
		tensor.fields.NameHex = &digits
	}
	if !utf8.ValidString(dtype) {
		tensor.other = fmt.Sprintf("a dtype %q", dtype)
	}
	for axis, dim := range shape {
		switch {
		case dim < 0:
			tensor.other = fmt.Sprintf("a dimension of %d", dim)
		case uint64(dim) > maxSafeInteger:
			tensor.fields.Shape[axis] = strconv.FormatUint(uint64(dim), 10)
		default:
			tensor.fields.Shape[axis] = uint64(dim)
		}
	}
	return tensor
}

// WithBytes adds the bytes of a tensor, in the order of the file. They are not kept.
func (t Tensor) WithBytes(data []byte) Tensor {
	if len(data) <= longestHex {
		digits := hex.EncodeToString(data)
		t.fields.Hex = &digits
		return t
	}
	sum := sha256.Sum256(data)
	t.fields.SHA256 = hex.EncodeToString(sum[:])
	return t
}

// WithReader adds the bytes of a tensor, in the order of the file, and returns an error of the reader
// as it is.
func (t Tensor) WithReader(data io.Reader) (Tensor, error) {
	buffered := bufio.NewReader(data)
	if head, err := buffered.Peek(longestHex + 1); err == io.EOF {
		return t.WithBytes(head), nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, buffered); err != nil {
		return Tensor{}, err
	}
	t.fields.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return t, nil
}

// WithValues adds the elements of a tensor in row-major order, in place of the bytes or beside them: a
// slice of integers, floats, complex numbers or bools, or of strings that are spelled as the protocol
// wants them. It panics if it gets anything else.
func (t Tensor) WithValues(elements any) Tensor {
	slice := reflect.ValueOf(elements)
	values := make([]string, slice.Len())
	for i := range values {
		values[i] = spell(slice.Index(i))
	}
	t.fields.Values = &values
	return t
}

// spell spells an element as the protocol wants it.
func spell(value reflect.Value) string {
	switch {
	case value.Kind() == reflect.Interface:
		return spell(value.Elem())
	case value.Kind() == reflect.String:
		return value.String()
	case value.Kind() == reflect.Bool && value.Bool():
		return "1"
	case value.Kind() == reflect.Bool:
		return "0"
	case value.CanInt():
		return strconv.FormatInt(value.Int(), 10)
	case value.CanUint():
		return strconv.FormatUint(value.Uint(), 10)
	case value.CanFloat():
		return spellFloat(value.Float())
	case value.CanComplex():
		return spellFloat(real(value.Complex())) + " " + spellFloat(imag(value.Complex()))
	default:
		panic(fmt.Sprintf("an element is a number, bool or string, not %s", value.Kind()))
	}
}

// spellFloat spells a float with the digits that it takes to read the same double.
func spellFloat(value float64) string {
	switch {
	case math.IsNaN(value):
		return "nan"
	case math.IsInf(value, 0):
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(value, 'g', -1, 64), "+"))
	default:
		return strconv.FormatFloat(value, 'g', -1, 64)
	}
}

// Serve says hello and answers requests until the input ends. It ends the process with exit code 1 if
// a request cannot be read, or if a function returns an error that is not declared as a refusal.
func Serve(adapter Adapter) {
	send(hello(adapter))
	for input := bufio.NewReader(os.Stdin); ; {
		line, err := input.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return
		}
		if err != nil && err != io.EOF {
			log.Fatalf("stconformkit: %v", err)
		}
		var wire wireRequest
		if err := json.Unmarshal(line, &wire); err != nil {
			log.Fatalf("stconformkit: the request %.200q: %v", line, err)
		}
		answer, err := ask(adapter, wire.request())
		send(reply(adapter, wire, answer, err))
	}
}

type wireHello struct {
	Protocol    int            `json:"protocol"`
	Name        string         `json:"name"`
	Version     string         `json:"version"`
	Language    string         `json:"language"`
	Build       string         `json:"build,omitempty"`
	Source      string         `json:"source,omitempty"`
	Operations  []string       `json:"operations"`
	Access      []string       `json:"access,omitempty"`
	Leniencies  []string       `json:"leniencies"`
	Limits      map[string]any `json:"limits"`
	WriteDTypes *[]string      `json:"write_dtypes,omitempty"`
	Claims      []string       `json:"claims,omitempty"`
}

func hello(adapter Adapter) wireHello {
	hello := wireHello{
		Protocol: 1, Name: adapter.Name, Version: adapter.Version, Language: adapter.Language,
		Build: adapter.Build, Source: adapter.Source, Operations: []string{}, Access: adapter.Access,
		Leniencies: adapter.Leniencies, Limits: adapter.Limits, Claims: adapter.Claims,
	}
	if hello.Language == "" {
		hello.Language = "Go"
	}
	if hello.Leniencies == nil {
		hello.Leniencies = []string{}
	}
	if hello.Limits == nil {
		hello.Limits = map[string]any{}
	}
	if adapter.WriteDTypes != nil {
		hello.WriteDTypes = &adapter.WriteDTypes
	}
	for _, operation := range []struct {
		name string
		has  bool
	}{
		{"read", adapter.Read != nil},
		{"header", adapter.Header != nil},
		{"slice", adapter.Slice != nil},
		{"write", adapter.Write != nil},
		{"rewrite", adapter.Rewrite != nil},
		{"read-index", adapter.ReadIndex != nil},
	} {
		if operation.has {
			hello.Operations = append(hello.Operations, operation.name)
		}
	}
	return hello
}

type wireAccepted struct {
	Tensors     []tensorFields     `json:"tensors"`
	Metadata    *map[string]string `json:"metadata,omitempty"`
	MetadataHex [][2]string        `json:"metadata_hex,omitempty"`
}

// ask calls the function for an operation. What the adapter has not declared is Unsupported.
func ask(adapter Adapter, request Request) (any, error) {
	read := map[string]func(Request) (Reading, error){
		"read": adapter.Read, "header": adapter.Header, "read-index": adapter.ReadIndex,
	}[request.Op]
	write := map[string]func(Request) error{
		"write": adapter.Write, "rewrite": adapter.Rewrite,
	}[request.Op]
	switch {
	case read != nil:
		reading, err := read(request)
		if err != nil {
			return nil, err
		}
		return accepted(reading)
	case write != nil:
		for _, tensor := range request.Tensors {
			if tensor.View != "" && !slices.Contains(adapter.Views, tensor.View) {
				return nil, Unsupported{"no view " + tensor.View}
			}
		}
		return struct{}{}, write(request)
	case request.Op == "slice" && adapter.Slice != nil:
		tensor, err := adapter.Slice(request)
		if err == nil && tensor.other != "" {
			err = Other{tensor.other}
		}
		return wireAccepted{Tensors: []tensorFields{tensor.fields}}, err
	default:
		return nil, Unsupported{"no operation " + request.Op}
	}
}

// accepted returns a reading as the protocol has it.
func accepted(reading Reading) (any, error) {
	accepted := wireAccepted{Tensors: make([]tensorFields, len(reading.Tensors))}
	for i, tensor := range reading.Tensors {
		if tensor.other != "" {
			return nil, Other{tensor.other}
		}
		accepted.Tensors[i] = tensor.fields
	}
	accepted.Metadata = &reading.Metadata
	for key, value := range reading.Metadata {
		accepted.MetadataHex = append(accepted.MetadataHex, [2]string{
			hex.EncodeToString([]byte(key)), hex.EncodeToString([]byte(value)),
		})
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			accepted.Metadata = nil
		}
	}
	if accepted.Metadata != nil {
		accepted.MetadataHex = nil
	}
	return accepted, nil
}

type wireReply struct {
	Seq         json.RawMessage `json:"seq"`
	Accepted    any             `json:"accepted,omitempty"`
	Refused     *string         `json:"refused,omitempty"`
	Category    string          `json:"category,omitempty"`
	Unsupported *string         `json:"unsupported,omitempty"`
}

// reply says how a request ended. An error that is not declared ends the process.
func reply(adapter Adapter, wire wireRequest, answer any, err error) wireReply {
	reply := wireReply{Seq: wire.Seq}
	var refused Refused
	var unsupported Unsupported
	var other Other
	switch {
	case err == nil:
		reply.Accepted = answer
	case errors.As(err, &other):
		reply.Accepted = map[string]string{"other": *message(other.What)}
	case errors.As(err, &unsupported), adapter.IsUnsupported != nil && adapter.IsUnsupported(err):
		reply.Unsupported = message(err.Error())
	case errors.As(err, &refused):
		reply.Refused, reply.Category = message(err.Error()), *message(refused.Category)
	case adapter.IsRefusal != nil && adapter.IsRefusal(err):
		reply.Refused = message(err.Error())
	default:
		log.Fatalf("stconformkit: %s of %s: no declared refusal: %T: %v", wire.Op, wire.Path, err, err)
	}
	return reply
}

// message returns words for people, cut, and as UTF-8.
func message(words string) *string {
	words = strings.ToValidUTF8(words[:min(len(words), longestMessage)], "")
	return &words
}

// send writes a line at once.
func send(message any) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(message)
	if err == nil {
		_, err = replies.Write(line.Bytes())
	}
	if err != nil {
		log.Fatalf("stconformkit: %v", err)
	}
}

type wireRequest struct {
	Seq      json.RawMessage `json:"seq"`
	Op       string          `json:"op"`
	Path     string          `json:"path"`
	Access   string          `json:"access"`
	To       string          `json:"to"`
	Tensor   string          `json:"tensor"`
	Slices   [][3]wireNumber `json:"slices"`
	Tensors  []wireTensor    `json:"tensors"`
	Metadata wirePairs       `json:"metadata"`
}

type wireTensor struct {
	Name  string       `json:"name"`
	DType string       `json:"dtype"`
	Shape []wireNumber `json:"shape"`
	Hex   wireHex      `json:"hex"`
	View  string       `json:"view"`
	Base  []wireNumber `json:"base"`
}

func (w wireRequest) request() Request {
	request := Request{
		Op: w.Op, Path: w.Path, Access: w.Access, To: w.To, Tensor: w.Tensor, Metadata: w.Metadata,
	}
	for _, span := range w.Slices {
		request.Slices = append(request.Slices, Span{uint64(span[0]), uint64(span[1]), uint64(span[2])})
	}
	for _, tensor := range w.Tensors {
		request.Tensors = append(request.Tensors, TensorToWrite{
			Name: tensor.Name, DType: tensor.DType, Shape: integers(tensor.Shape), Data: tensor.Hex,
			View: tensor.View, Base: integers(tensor.Base),
		})
	}
	return request
}

func integers(numbers []wireNumber) []uint64 {
	integers := make([]uint64, len(numbers))
	for i, number := range numbers {
		integers[i] = uint64(number)
	}
	return integers
}

// wireNumber is an integer, or a string of its digits where some JSON reader would round it.
type wireNumber uint64

// UnmarshalJSON reads either spelling.
func (n *wireNumber) UnmarshalJSON(text []byte) error {
	number, err := strconv.ParseUint(strings.Trim(string(text), `"`), 10, 64)
	*n = wireNumber(number)
	return err
}

// wireHex is bytes in hexadecimal digits.
type wireHex []byte

// UnmarshalJSON reads a string of digits.
func (b *wireHex) UnmarshalJSON(text []byte) (err error) {
	*b, err = hex.DecodeString(strings.Trim(string(text), `"`))
	return err
}

// wirePairs is an object whose members keep their order and their doubles, which a map would drop.
type wirePairs []Pair

// UnmarshalJSON reads an object, or null as nil.
func (p *wirePairs) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); open == nil || err != nil {
		return err
	}
	*p = wirePairs{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return err
		}
		pair := Pair{Key: fmt.Sprint(key)}
		if err := decoder.Decode(&pair.Value); err != nil {
			return err
		}
		*p = append(*p, pair)
	}
	return nil
}
