"""Weight averaging across runs, with batch statistics estimated again for the mean."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from models.errors import InputError
from training.backend import all_layers
from training.checkpoint import save_variables
from training.datasets.faceset import FaceSet
from training.datasets.training_data import training_data_of_run
from training.description import digest_of, git_revision, versions
from training.run_folder import BEST, CONFIG, HISTORY, write_json
from training.run_network import load_run_network
from training.run_record import read_record

BATCH = 256


def average_runs(runs: Sequence[Path], out: Path, faces: FaceSet) -> None:
    """Average the best weights of runs and re-estimate the batch normalisation statistics (Izmailov et al. 2018).

    Averaged statistics do not fit averaged weights, so they are estimated from the training pictures, half of them
    mirrored, without augmentation. The result is a run folder that can be evaluated and exported; its `history.csv`
    is the last run's.

    Args:
        runs: Folders of one run (only its statistics change) or of several with similar weights: each continued the one
            before, or all started from the same weights.
        out: The new folder.
        faces: The data of the last run.

    Raises:
        InputError: If a run cannot be read, the runs differ in network or labels, the data differs, or `out` exists.
    """
    if out.exists():
        raise InputError(f"{out} already exists; name another folder with --out.")
    records = [read_record(run) for run in runs]
    last = records[-1]
    for run, other in zip(runs, records, strict=True):
        if (other.model, other.labels) != (last.model, last.labels):
            raise InputError(
                f"{run} has another network or other labels than {runs[-1]}; name runs of the same network and labels."
            )
    learn = training_data_of_run(last, faces).learn
    if last.data.rows not in (None, learn.digest):  # older versions did not record it
        raise InputError(
            f"{runs[-1]} was trained on other pictures than this data has; name the run's own data with --data."
        )
    keras.mixed_precision.set_global_policy("float32")  # regardless of the training precision
    networks = [load_run_network(run) for run in runs]
    network = networks[-1]
    weights = (other.get_weights() for other in networks)
    network.set_weights([np.mean(values, axis=0) for values in zip(*weights, strict=True)])
    estimate_statistics(network, learn.images, last.seed)
    averaged = {
        "runs": [{"name": run.name, "sha256": digest_of(run)} for run in runs],
        "versions": versions(),
        "git": git_revision(),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".average-") as folder:
        part = Path(folder) / out.name
        part.mkdir()
        shutil.copyfile(runs[-1] / HISTORY, part / HISTORY)
        save_variables(part / BEST, network.variables)
        write_json(part / CONFIG, replace(last, averaged=averaged).as_dict())
        part.rename(out)


def estimate_statistics(network: keras.Model, images: NDArray[np.uint8], seed: int) -> None:
    """Replace the moving statistics of batch normalisation by means over the pictures, every other one mirrored.

    Args:
        network: Changed in place.
        images: uint8 (n, 48, 48, 1).
        seed: Of the pictures' order.
    """
    normalisations = [layer for layer in all_layers(network) if isinstance(layer, keras.layers.BatchNormalization)]
    before = [layer.momentum for layer in normalisations]
    order = np.random.default_rng(seed).permutation(len(images))
    batches = np.array_split(order, max(1, len(order) // BATCH))
    for number, rows in enumerate(batches):
        batch = images[rows].astype(np.float32)
        batch[::2] = batch[::2, :, ::-1]
        for layer in normalisations:
            layer.momentum = number / (number + 1)  # makes the moving average the plain mean over all batches
        network(batch, training=True)
    for layer, momentum in zip(normalisations, before, strict=True):
        layer.momentum = momentum
