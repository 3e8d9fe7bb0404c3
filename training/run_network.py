"""Loads the network of a run, also as a calibrated classifier before it is exported."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from models.bundle import INPUT, Bundle, Head
from models.emotions import HEAD_LABELS, MIXTURE, SETS
from models.engines import Classifier
from models.engines.keras import KerasEngine
from models.errors import InputError
from training.architectures import build
from training.calibration import fit_temperature
from training.checkpoint import load_variables
from training.datasets.faceset import FaceSet
from training.datasets.labels import label_set, truth
from training.datasets.splits import divide
from training.run_folder import BEST
from training.run_record import RunRecord, read_record
from training.validation import predict_logits


def load_run_network(run: Path) -> keras.Model:
    """Rebuild the network of a run with its best averaged weights, under the current Keras dtype policy.

    Args:
        run: Its folder.

    Raises:
        InputError: If its files cannot be read or do not belong together.
    """
    record = read_record(run)
    network = build(record.model, {name: len(SETS[name]) for name in record.labels})
    load_variables(run / BEST, network.variables)
    return network


def open_run_classifier(run: Path, faces: FaceSet) -> Classifier:
    """A run's best network, calibrated as in `export`; writes nothing and does not need TensorFlow.

    Args:
        run: Its folder.
        faces: The data of the run.

    Raises:
        InputError: If its files cannot be read, or the data is not the run's.
    """
    record = read_record(run)
    keras.mixed_precision.set_global_policy("float32")  # regardless of the training precision
    network = load_run_network(run)
    check = selected_on(faces, record, run)
    bundle = describe_network(run, network, record.model, record.as_dict())
    bundle = with_temperatures(bundle, check, predict_logits(network, check.images))
    return Classifier(bundle, "keras", KerasEngine(network))


def selected_on(faces: FaceSet, record: RunRecord, run: Path) -> FaceSet:
    """The validation rows, on which a run's best epoch was selected.

    Raises:
        InputError: If they are not the recorded pictures.
    """
    check = divide(faces, record.data.split, record.seed, keep_duplicates=True).check
    if record.data.selected_on not in (None, check.digest):  # older versions did not record it
        raise InputError(
            f"{run} was selected on other pictures than this data has; name the run's own data with --data."
        )
    return check


def describe_network(path: Path, network: keras.Model, name: str, training: Mapping[str, Any]) -> Bundle:
    """A bundle of this network with the record of its training; temperatures of 1, and no crops, files or figures."""
    names = list(network.output)
    return Bundle(
        path=path,
        name=name,
        input_shape=INPUT,
        heads=tuple(Head(name, HEAD_LABELS[name]) for name in names),
        shown=MIXTURE if MIXTURE in names else names[0],
        crops=MappingProxyType({}),
        training=MappingProxyType(dict(training)),
        metrics=(),
        sha256=MappingProxyType({}),
    )


def with_temperatures(bundle: Bundle, check: FaceSet, logits: dict[str, NDArray[np.float32]]) -> Bundle:
    """The bundle with each head's temperature fitted on the labels that the head was trained on.

    Args:
        bundle: Its heads are calibrated.
        check: The n validation rows.
        logits: Of those rows: {head: float32 (n, k)}.
    """
    heads = []
    for head in bundle.heads:
        rows, labels = truth(check, label_set("ferplus" if head.name == MIXTURE else head.name))
        heads.append(replace(head, temperature=fit_temperature(labels[rows], logits[head.name][rows])))
    return replace(bundle, heads=tuple(heads))
