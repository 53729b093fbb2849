"""Writes the job's models with `pure-safetensors`."""

import os
import sys
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

import job
import numpy
from pure_safetensors import SafeTensors

DTYPES = {"F32": "float32"}


def save(model, path):
    """Saves one model, and returns the call that did it."""
    with SafeTensors(path, "w+") as file:
        if model["metadata"] is not None:
            file.metadata = model["metadata"]
        if model["tensors"]:
            file.as_numpy().update({t["name"]: array(t) for t in model["tensors"]})
    return 'pure_safetensors.SafeTensors(path, "w+").as_numpy().update(tensors)'


def array(tensor):
    """The tensor as an array."""
    return numpy.frombuffer(tensor["data"], DTYPES[tensor["dtype"]]).reshape(tensor["shape"])


# It says at every save that it could make the file sparse.
warnings.simplefilter("ignore")
job.run(save)
