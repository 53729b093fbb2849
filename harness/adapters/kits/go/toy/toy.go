// Toy is a small strict reader of safetensors files, and its adapter.
//
// This file is the adapter, and shows what one made with the kit looks like. The reader, in reader.go,
// is as an implementer would write one from spec/safetensors.md; it knows nothing of stconform.
package main

import (
	"errors"
	"fmt"
	"runtime"

	kit "stconformkits/stconformkit"
)

func main() {
	kit.Serve(kit.Adapter{
		Name:    "toy",
		Version: "1.0.0",
		Build:   runtime.Version(),
		Read:    read,
		Header:  header,
		Slice:   slice,
		IsRefusal: func(err error) bool {
			return errors.As(err, new(invalid))
		},
		IsUnsupported: func(err error) bool {
			return errors.As(err, new(notHere))
		},
	})
}

func read(request kit.Request) (kit.Reading, error) {
	file, err := open(request.Path)
	if err != nil {
		return kit.Reading{}, err
	}
	defer file.Close()
	reading := kit.Reading{Metadata: file.metadata}
	for _, e := range file.entries {
		tensor, err := kit.NewTensor(e.name, e.dtype, e.shape).WithReader(file.data(e))
		if err != nil {
			return kit.Reading{}, err
		}
		reading.Tensors = append(reading.Tensors, tensor)
	}
	return reading, nil
}

func header(request kit.Request) (kit.Reading, error) {
	file, err := open(request.Path)
	if err != nil {
		return kit.Reading{}, err
	}
	defer file.Close()
	reading := kit.Reading{Metadata: file.metadata}
	for _, e := range file.entries {
		reading.Tensors = append(reading.Tensors, kit.NewTensor(e.name, e.dtype, e.shape))
	}
	return reading, nil
}

func slice(request kit.Request) (kit.Tensor, error) {
	file, err := open(request.Path)
	if err != nil {
		return kit.Tensor{}, err
	}
	defer file.Close()
	var spans []span
	for _, s := range request.Slices {
		spans = append(spans, span{s.Start, s.Stop, s.Step})
	}
	for _, e := range file.entries {
		if e.name == request.Tensor {
			shape, data, err := file.part(e, spans)
			return kit.NewTensor(e.name, e.dtype, shape).WithBytes(data), err
		}
	}
	return kit.Tensor{}, invalid(fmt.Sprintf("no tensor %q", request.Tensor))
}
