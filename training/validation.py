"""Logits of a network on many pictures, and the validation accuracies that select the best epoch."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.datasets.faceset import FaceSet
from training.datasets.labels import LabelSet, truth


def predict_logits(network: keras.Model, images: NDArray[np.uint8], batch: int = 256) -> dict[str, NDArray[np.float32]]:
    """Logits of every head, float32 (n, k), of pictures uint8 (n, 48, 48, 1)."""
    result = network.predict(images, batch_size=batch, verbose=0)
    return {head: np.asarray(ops.convert_to_numpy(values), np.float32) for head, values in result.items()}


def accuracies(logits: dict[str, NDArray[np.float32]], faces: FaceSet, sets: Sequence[LabelSet]) -> dict[str, float]:
    """Accuracy 0..1 on the rows that each label set counts, by its name (`labels.truth`); sets that count no row are
    left out."""
    result = {}
    for label_set in sets:
        counts, label = truth(faces, label_set)
        if counts.any():
            result[label_set.name] = float(np.mean(logits[label_set.name].argmax(axis=1)[counts] == label[counts]))
    return result
