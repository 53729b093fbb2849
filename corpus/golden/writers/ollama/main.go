// Command golden-ollama writes the job's models with Ollama's package for safetensors, which takes
// no metadata.
package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ollama/ollama/x/imagegen/safetensors"
)

const call = "io.Copy(file, safetensors.BuildPackedSafetensorsReader(tensors))"

type job struct {
	Models []model
}

type model struct {
	Name    string
	Tensors []struct {
		Name  string
		Dtype string
		Shape []int32
		Hex   string
	}
	Metadata map[string]string
}

type report struct {
	Model   string `json:"model"`
	Call    string `json:"call,omitempty"`
	Refused string `json:"refused,omitempty"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run saves each model of the job named by the first argument, in the folder named by the second,
// and prints one JSON line for each.
func run(arguments []string) error {
	if len(arguments) != 2 {
		return errors.New("usage: JOB OUT")
	}
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	var job job
	if err := json.Unmarshal(text, &job); err != nil {
		return err
	}
	printed := json.NewEncoder(os.Stdout)
	for _, model := range job.Models {
		line := report{Model: model.Name, Call: call}
		path := filepath.Join(arguments[1], model.Name+".safetensors")
		if err := save(model, path); err != nil {
			line = report{Model: model.Name, Refused: err.Error()}
		}
		if err := printed.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// save saves one model.
func save(model model, path string) error {
	if model.Metadata != nil {
		return errors.New("it takes no metadata")
	}
	var tensors []*safetensors.TensorData
	for _, given := range model.Tensors {
		data, err := hex.DecodeString(given.Hex)
		if err != nil {
			return err
		}
		made := safetensors.NewTensorDataFromBytes(given.Name, given.Dtype, given.Shape, data)
		tensors = append(tensors, made)
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, safetensors.BuildPackedSafetensorsReader(tensors))
	return errors.Join(err, file.Close())
}
