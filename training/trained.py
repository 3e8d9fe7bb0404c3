"""The network that a run has left behind."""

from pathlib import Path
from typing import Any

import keras

from models.emotions import SETS
from training.architectures import build
from training.checkpoint import BEST, load_variables
from training.description import read_config


def trained_network(run: Path) -> keras.Model:
    """Rebuild the network of a run with its best averaged weights, under the Keras policy of the moment.

    Args:
        run: Its folder.

    Raises:
        InputError: If its files cannot be read or do not belong together.
    """
    config = read_config(run)
    network = build(config["model"], {name: len(SETS[name]) for name in label_names(config)})
    load_variables(run / BEST, network.variables)
    return network


def label_names(config: dict[str, Any]) -> list[str]:
    """Names of the label sets that a run learned, from its `run.json`; the first runs wrote only if they had votes."""
    if "labels" in config:
        return list(config["labels"])
    return ["fer2013", "ferplus"] if config["data"]["ferplus"] else ["fer2013"]
