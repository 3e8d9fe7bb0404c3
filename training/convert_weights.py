"""Weights by layer from a Keras file, a bundle or a run."""

from pathlib import Path

from models.bundle import KERAS_FILE, META, load_bundle
from models.errors import InputError
from training.run_folder import BEST, CONFIG, epochs_trained
from training.run_record import read_record
from training.weights_file import Weights, epochs_behind, read_weights


def weights_of(source: Path) -> tuple[Weights, int]:
    """The weights of every layer that has weights, and the number of epochs that they were trained for, if known.

    Args:
        source: A file of Keras, an `.npz` of `save_weights`, a run's `best.npz` or folder, or a bundle's folder. Keras
            is needed for a run only, on any backend.

    Raises:
        InputError: If it cannot be read.
    """
    if not source.exists():
        raise InputError(f"{source} does not exist; name a file of weights, or the folder of a bundle or run.")
    file = source
    if source.is_dir():
        file = source / (KERAS_FILE if (source / META).is_file() else BEST)
    if file.name == BEST and (file.parent / CONFIG).is_file():
        return _of_run(file.parent)
    weights = {layer: values for layer, values in read_weights(file).items() if values}
    if not weights:
        raise InputError(f"{file} contains no weights of layers; name another file.")
    if (file.parent / META).is_file() and file.name == KERAS_FILE:
        training = load_bundle(file.parent).training
        return weights, int(training.get("epochs_trained", 0)) + int(training.get("earlier_epochs", 0))
    return weights, epochs_behind(file)


def _of_run(run: Path) -> tuple[Weights, int]:
    record = read_record(run)
    from training.backend import load_keras  # a run's file has no layer names; the network that it fits has

    load_keras()
    from training.run_network import load_run_network

    weights = {layer.name: layer.get_weights() for layer in load_run_network(run).layers if layer.weights}
    return weights, epochs_trained(run) + record.earlier_epochs
