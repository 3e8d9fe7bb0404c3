"""One process of a distributed run, started by test_distribution.py: python worker.py CSV RECIPE OUT RESULT."""

import hashlib
import json
import sys
from pathlib import Path

import keras

from training.config import RunConfig
from training.open_run import open_run
from training.recipes.recipe import load_recipe


def main(data: str, recipe: str, out: str, result: str) -> None:
    config = RunConfig("simple_cnn", Path(data), None, load_recipe(recipe), 1, Path(out), distributed=True)
    run = open_run(config)
    run.go()
    weights = hashlib.sha256()
    for variable in run.step.network.variables:
        weights.update(keras.ops.convert_to_numpy(variable.value).tobytes())
    described = {"weights": weights.hexdigest(), "rank": run.workers.rank, "devices": run.workers.devices}
    Path(result).write_text(json.dumps(described))


if __name__ == "__main__":
    main(*sys.argv[1:])
