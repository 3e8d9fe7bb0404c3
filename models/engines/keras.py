"""Runs `model.keras`: the reference that the exported files are held against. Needs the `training` extra."""

import logging

import numpy as np
from numpy.typing import NDArray

from models.bundle import KERAS_FILE, Bundle
from models.errors import InputError


class KerasEngine:
    """Keras on whatever backend `KERAS_BACKEND` names; loaded in safe mode, so that no code from the file ever runs."""

    def __init__(self, bundle: Bundle) -> None:
        path = bundle.path / KERAS_FILE
        if not path.is_file():
            raise InputError(f"{bundle.path} has no {KERAS_FILE}; use --engine litert.")
        try:
            import keras
        except (ImportError, ValueError) as error:  # the latter for a KERAS_BACKEND that there is not
            raise InputError(
                f"The engine keras needs Keras and a backend ({error}); install mimik[training] or use --engine litert."
            ) from error
        try:
            self._model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except Exception as error:  # Keras raises many kinds for a file that it cannot read
            logging.getLogger(__name__).debug("Keras refused %s", path, exc_info=True)
            raise InputError(f"{path} cannot be loaded by Keras: {str(error).splitlines()[0][:200]}.") from error

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, h, w, 1)."""
        # predict_on_batch: `predict` in a loop costs seven times as much and its memory grows
        outputs = self._model.predict_on_batch(crops.astype(np.float32))
        return {name: np.asarray(values, np.float32) for name, values in outputs.items()}

    def close(self) -> None:
        """Keras keeps nothing open."""
