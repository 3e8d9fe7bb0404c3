"""Logits of a network on many pictures, and the two accuracies that runs are selected by."""

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.datasets.faceset import FaceSet
from training.datasets.targets import majority


def predict_logits(network: keras.Model, images: NDArray[np.uint8], batch: int = 256) -> dict[str, NDArray[np.float32]]:
    """Logits of every head, float32 (n, k), of pictures uint8 (n, 48, 48, 1)."""
    result = network.predict(images, batch_size=batch, verbose=0)
    return {head: np.asarray(ops.convert_to_numpy(values), np.float32) for head, values in result.items()}


def accuracies(logits: dict[str, NDArray[np.float32]], faces: FaceSet) -> dict[str, float]:
    """Fractions 0..1: `fer2013` over all rows, `ferplus` by the official rule where there are votes."""
    result = {"fer2013": float(np.mean(logits["fer2013"].argmax(axis=1) == faces.emotion))}
    if faces.votes is not None and "ferplus" in logits:
        counts, emotion = majority(faces.votes)
        result["ferplus"] = float(np.mean(logits["ferplus"].argmax(axis=1)[counts] == emotion[counts]))
    return result
