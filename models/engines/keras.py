"""Runs `model.keras`: the reference for the exported files. Needs the `training` extra."""

import logging
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.bundle import KERAS_FILE, META, Bundle
from models.errors import InputError

if TYPE_CHECKING:
    import keras


class KerasEngine:
    """A network in memory, on the backend that `KERAS_BACKEND` names."""

    def __init__(self, network: "keras.Model") -> None:
        self._network = network

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, h, w, 1)."""
        # predict_on_batch: `predict` in a loop costs seven times as much and its memory grows
        outputs = self._network.predict_on_batch(crops.astype(np.float32))
        return {name: np.asarray(values, np.float32) for name, values in outputs.items()}

    def close(self) -> None:
        """Keras keeps nothing open."""


def load_network(bundle: Bundle) -> "keras.Model":
    """Load a bundle's `model.keras` in safe mode, so that no code from the file ever runs.

    Raises:
        InputError: If there is none (an installed wheel leaves it out) or `model.json` does not list it, so that it was
            not verified; if Keras or its backend is not there, or Keras cannot load it.
    """
    if KERAS_FILE not in bundle.sha256:
        raise InputError(
            f"{bundle.path} has no {KERAS_FILE}, or none that {META} lists, and this needs it; use the bundle in the "
            "source tree, or export the run again."
        )
    path = bundle.path / KERAS_FILE
    try:
        import keras
    except (ImportError, ValueError) as error:  # the latter for a KERAS_BACKEND that there is not
        raise InputError(
            f"The engine keras needs Keras and a backend ({error}); install mimik[training] or use --engine litert."
        ) from error
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # Keras raises many kinds for a file that it cannot read
        logging.getLogger(__name__).debug("Keras refused %s", path, exc_info=True)
        raise InputError(f"{path} cannot be loaded by Keras: {str(error).splitlines()[0][:200]}.") from error
