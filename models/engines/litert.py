"""Runs a network of a bundle with LiteRT, on the CPU."""

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from models.bundle import LITERT_FILE, Bundle
from models.errors import InputError

LARGEST_BATCH = 8


class LiteRTEngine:
    """One interpreter for each batch size in use, up to `LARGEST_BATCH`; more faces take several calls.

    Changing the batch size of one interpreter would re-plan its memory at each change; with a size fixed, a frame
    with another number of faces costs nothing extra.

    Args:
        bundle: A verified bundle.
        threads: For LiteRT.
        file: Which of the bundle's networks.
    """

    def __init__(self, bundle: Bundle, threads: int, file: str = LITERT_FILE) -> None:
        self._path = bundle.path / file
        self._threads = threads
        self._shape = bundle.input_shape
        self._interpreters: dict[int, Interpreter] = {}
        try:
            self._input, self._outputs = _places(self._path)
            self._interpreter(1)
        except (ValueError, RuntimeError, OSError) as error:
            raise InputError(f"{self._path} cannot be run by LiteRT: {error}.") from error

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, h, w, 1); n is at least 1."""
        parts = [self._run(crops[at : at + LARGEST_BATCH]) for at in range(0, len(crops), LARGEST_BATCH)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def close(self) -> None:
        """Free the interpreters. May be called twice."""
        self._interpreters.clear()

    def _run(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        interpreter = self._interpreter(len(crops))
        interpreter.set_tensor(self._input, crops.astype(np.float32))
        interpreter.invoke()
        return {name: interpreter.get_tensor(place) for name, place in self._outputs.items()}

    def _interpreter(self, batch: int) -> Interpreter:
        if batch not in self._interpreters:
            interpreter = Interpreter(str(self._path), num_threads=self._threads)
            interpreter.resize_tensor_input(self._input, (batch, *self._shape))
            interpreter.allocate_tensors()
            self._interpreters[batch] = interpreter
        return self._interpreters[batch]


def _places(path: Path) -> tuple[int, dict[str, int]]:
    """Tensor numbers of the input, and of each output by the name of its head."""
    signature = Interpreter(str(path)).get_signature_runner()
    (gray,) = signature.get_input_details().values()
    return gray["index"], {name: details["index"] for name, details in signature.get_output_details().items()}
