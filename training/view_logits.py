"""Logits of teachers for fixed views, computed once so that the teachers need not run during the student's training."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from training.augmentation import Augment
from training.backend import Tensor
from training.datasets.faceset import FaceSet
from training.logits_file import save_logits
from training.step import constant
from training.teachers import Teacher, open_teacher
from training.views import FixedViews

BATCH = 256


class _Viewed(keras.Model):
    """From the numbers of fixed views, int32 (n,), to a teacher's logits, {head: float32 (n, k)}."""

    def __init__(self, teacher: Teacher, images: NDArray[np.uint8], views: FixedViews) -> None:
        super().__init__(name="viewed")
        self.teacher = teacher
        self.teacher_state = teacher.state
        self.augment = Augment(views.bounds, views.seed)
        self.images = constant(images, "images")
        self.numbers = constant(views.numbers(len(images)), "views")

    def build(self, shape: tuple[int | None, ...]) -> None:
        """All parts have been built already."""
        self.built = True

    def call(self, places: Tensor, training: bool = False) -> Mapping[str, Tensor]:
        pictures = ops.take(self.images.value, places % self.images.shape[0], axis=0)
        seen = self.augment.view(pictures, ops.take(self.numbers.value, places, axis=0))
        return self.teacher.logits(places, seen)


GoOn = Callable[[float, float], bool]
"""Called regularly with the number of finished views, possibly fractional, and the seconds per view (0 while unknown);
returns whether to continue."""

CHUNK = 8
"""Batches before the first such call."""

CHUNK_S = 5.0
"""Approximate seconds between later ones: on a GPU a call of `predict` costs more than the batches of `CHUNK`."""


def save_view_logits(
    teachers: Sequence[Path], out: Path, learn: FaceSet, heads: Mapping[str, int], views: FixedViews, go_on: GoOn
) -> tuple[list[str], int]:
    """Write a file with the logits of runs or bundles for every view of the training rows.

    Returns:
        Their heads, and the number of views in the file; nothing is written if that is 0.

    Raises:
        InputError: As `open_teacher`.
    """
    logits = view_logits(open_teacher(teachers, learn.digest, heads), learn.images, views, go_on)
    if not len(next(iter(logits.values()))):
        return list(logits), 0
    done = replace(views, count=len(next(iter(logits.values()))) // len(learn))
    made_of = {"count": done.count, "seed": done.seed, "bounds": asdict(done.bounds)}
    save_logits(out, logits, learn.digest, {**made_of, "digest": done.digest(len(learn))})
    return list(logits), done.count


def view_logits(
    teacher: Teacher, images: NDArray[np.uint8], views: FixedViews, go_on: GoOn = lambda done, seconds: True
) -> dict[str, NDArray[np.float16]]:
    """A teacher's logits for every view of every picture.

    Args:
        teacher: A teacher that accepts any view.
        images: uint8 (n, 48, 48, 1).
        views: The views to compute, unless `go_on` ends it.
        go_on: May end the computation early.

    Returns:
        {head: float16 (views * n, k)}: the first view of each picture, then the second; only complete views.
    """
    model, n = _Viewed(teacher, images, views), len(images)
    parts: list[dict[str, NDArray[np.float16]]] = []
    total, batches = n * views.count, CHUNK
    compiled = done = 0
    started = time.monotonic()
    while done < total:
        places = np.arange(done, min(done + batches * BATCH, total), dtype=np.int32)
        asked = time.monotonic()
        padded = np.resize(places, -(-len(places) // BATCH) * BATCH)  # whole batches have one shape to compile
        outputs = model.predict(padded, batch_size=BATCH, verbose=0)
        parts.append({head: np.asarray(values[: len(places)], np.float16) for head, values in outputs.items()})
        done += len(places)
        seconds = (time.monotonic() - started) / (done - compiled) * n if compiled else 0.0
        if not compiled:
            compiled, started = done, time.monotonic()
        elif time.monotonic() - asked < CHUNK_S / 2:
            batches *= 2
        if done < total and not go_on(done / n, seconds):
            break
    whole = done // n * n
    return {head: np.concatenate([part[head] for part in parts])[:whole] for head in parts[0]}
