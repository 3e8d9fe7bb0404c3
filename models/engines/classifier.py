"""Calibrated probabilities of crops, independent of the engine that runs the network."""

import os
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.bundle import META, Bundle
from models.errors import InputError
from models.standard_error import quiet_stderr

ENGINES = ("litert", "keras")


class Engine(Protocol):
    """Runs a network; independent of labels."""

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, h, w, 1); n is at least 1."""
        ...

    def close(self) -> None: ...


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float32]:
    """Probabilities softmax(logits / temperature) over the last axis, float32, same shape."""
    scaled = np.asarray(logits, np.float32) / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


class Classifier:
    """A bundle and the engine that runs it.

    Attributes:
        bundle: The verified bundle.
        engine: Name of the engine, one of `ENGINES`.
    """

    def __init__(self, bundle: Bundle, engine: str, runner: Engine) -> None:
        self.bundle = bundle
        self.engine = engine
        self._runner = runner
        self._check()

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotions of the shown head, in order."""
        return self.bundle.labels

    def logits(self, crops: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Logits of every head, float32 (n, k), of crops uint8 (n, 48, 48, 1); n may be 0.

        Raises:
            ValueError: If the crops have another shape or type.
        """
        if crops.dtype != np.uint8 or crops.shape[1:] != self.bundle.input_shape:
            raise ValueError(f"crops are uint8 (n, {self.bundle.input_shape}), not {crops.dtype} {crops.shape}")
        if not len(crops):
            return {head.name: np.zeros((0, len(head.labels)), np.float32) for head in self.bundle.heads}
        return self._runner.logits(crops)

    def probabilities(
        self, crops: NDArray[np.uint8], head: str | None = None, *, mirrored: bool = False
    ) -> NDArray[np.float32]:
        """Calibrated probabilities of one head.

        Args:
            crops: uint8 (n, 48, 48, 1), gray levels 0..255; n may be 0.
            head: Name of a head; the shown one by default.
            mirrored: Read each crop's mirror image too and give the mean of both, in twice the time.

        Returns:
            float32 (n, k), rows sum to 1, order = the head's labels.
        """
        chosen = self.bundle.head(head)
        views = np.concatenate((crops, crops[:, :, ::-1])) if mirrored else crops
        read = softmax(self.logits(views)[chosen.name], chosen.temperature)
        return (read[: len(crops)] + read[len(crops) :]) * np.float32(0.5) if mirrored else read

    def close(self) -> None:
        """Free the network. May be called twice."""
        self._runner.close()

    def _check(self) -> None:
        """Run one blank crop, so that a network that does not fit its labels is refused at once."""
        blank = np.zeros((1, *self.bundle.input_shape), np.uint8)
        outputs = self._runner.logits(blank)
        for head in self.bundle.heads:
            if head.name not in outputs:
                raise InputError(
                    f"{self.bundle.path / META} lists the head {head.name!r}, which its network does not have."
                )
            width = outputs[head.name].shape[-1]
            if width != len(head.labels):
                raise InputError(
                    f"{self.bundle.path / META} lists {len(head.labels)} labels for the head {head.name!r}, "
                    f"but the network has {width}."
                )


def open_classifier(bundle: Bundle, engine: str = "litert", threads: int | None = None) -> Classifier:
    """Load a bundle's network into an engine, suppressing the library's log output.

    Args:
        bundle: From `load_bundle`.
        engine: One of `ENGINES`.
        threads: For LiteRT; None lets it use half of the cores, two at most, since other stages work at the same time.

    Raises:
        InputError: If the engine is unknown or not installed, or the network cannot be run.
    """
    with quiet_stderr():
        if engine == "litert":
            from models.engines.litert import LiteRTEngine

            return Classifier(
                bundle, engine, LiteRTEngine(bundle, threads or max(1, min(2, (os.cpu_count() or 1) // 2)))
            )
        if engine == "keras":
            from models.engines.keras import KerasEngine, load_network

            return Classifier(bundle, engine, KerasEngine(load_network(bundle)))
    raise InputError(f"There is no engine {engine!r}; there are {', '.join(ENGINES)}.")
