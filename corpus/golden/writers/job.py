"""What the Python writers share: reading the job, saving every model of it, and reporting."""

import json
import os
import sys


def run(save):
    """Calls `save(model, path)` for each model of the job, and prints one JSON line for each.

    `save` returns the call that it made, as text. Whatever it raises is a refusal of the model:
    even a panic of a library in Rust, which Python sees as an exception outside `Exception`.
    """
    job, out = sys.argv[1:]
    with open(job, encoding="utf-8") as file:
        models = json.load(file)["models"]
    for model in models:
        for tensor in model["tensors"]:
            tensor["data"] = bytes.fromhex(tensor["hex"])
        path = os.path.join(out, model["name"] + ".safetensors")
        try:
            line = {"model": model["name"], "call": save(model, path)}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            line = {"model": model["name"], "refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(line), flush=True)
