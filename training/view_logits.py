"""What teachers say of fixed views, computed once so that a student need not run them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.augmentation import Augment
from training.datasets.faceset import FaceSet
from training.logits_file import save_logits
from training.step import constant
from training.teachers import Teacher, open_teacher
from training.tensor import Tensor
from training.views import FixedViews

BATCH = 256


class _Viewed(keras.Model):
    """From the places of fixed views, int32 (n,), to what a teacher says of them, {head: float32 (n, k)}."""

    def __init__(self, teacher: Teacher, images: NDArray[np.uint8], views: FixedViews) -> None:
        super().__init__(name="viewed")
        self.teacher = teacher
        self.teacher_state = teacher.state
        self.augment = Augment(views.bounds, views.seed)
        self.count = views.count
        self.images = constant(images, "images")
        self.numbers = constant(views.numbers(len(images)), "views")

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Every part has been built already."""
        self.built = True

    def call(self, places: Tensor, training: bool = False) -> Mapping[str, Tensor]:
        pictures = ops.take(self.images.value, places // self.count, axis=0)
        seen = self.augment.view(pictures, ops.take(self.numbers.value, places, axis=0))
        return self.teacher.logits(places, seen)


Tell = Callable[[int, int, float], None]
"""Called now and then with the views that are done, all of them, and the seconds that are left."""


def save_view_logits(
    teachers: Sequence[Path], out: Path, learn: FaceSet, heads: Mapping[str, int], views: FixedViews, tell: Tell
) -> list[str]:
    """Write a file of what runs or bundles say of every view of the rows to learn from; the heads that they know.

    Raises:
        InputError: As `open_teacher`.
    """
    logits = view_logits(open_teacher(teachers, learn.digest, heads), learn.images, views, tell)
    made_of = {"count": views.count, "seed": views.seed, "bounds": asdict(views.bounds)}
    save_logits(out, logits, learn.digest, {**made_of, "digest": views.digest(len(learn))})
    return list(logits)


def view_logits(
    teacher: Teacher, images: NDArray[np.uint8], views: FixedViews, tell: Tell = lambda done, of, left: None
) -> dict[str, NDArray[np.float16]]:
    """What a teacher says of every view of every picture.

    Args:
        teacher: One that takes any view.
        images: uint8 (n, 48, 48, 1).
        views: Which views.
        tell: Hears how far it is.

    Returns:
        {head: float16 (n * views.count, k)}, those of a picture after each other.
    """
    model = _Viewed(teacher, images, views)
    total = len(images) * views.count
    parts: list[dict[str, NDArray[np.float16]]] = []
    started = time.monotonic()
    chunk = 64 * BATCH
    for at in range(0, total, chunk):
        places = np.arange(at, min(at + chunk, total), dtype=np.int32)
        filled = np.resize(places, -(-len(places) // BATCH) * BATCH)  # whole batches, so that one shape is compiled
        said = model.predict(filled, batch_size=BATCH, verbose=0)
        parts.append({head: np.asarray(values[: len(places)], np.float16) for head, values in said.items()})
        done = at + len(places)
        tell(done, total, (time.monotonic() - started) / done * (total - done))
    return {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}
