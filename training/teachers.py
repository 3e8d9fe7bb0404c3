"""Sources of a student's soft targets: another network that sees the same views, or saved logits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import keras
from keras import ops
from numpy.typing import NDArray

from models.bundle import load_bundle
from models.engines.keras import load_network
from models.errors import InputError
from training.augmentation import AugmentConfig
from training.backend import Tensor
from training.logits_file import SMALLEST, read_logits, require_views
from training.run_folder import CONFIG
from training.run_network import load_run_network
from training.views import FixedViews


class Teacher(Protocol):
    """Gives the logits of its heads for the rows and views of a batch.

    Attributes:
        state: Layers or variables that the compiled step must track.
        views: The only views that it accepts; None for any.
    """

    views: FixedViews | None
    state: list[keras.layers.Layer | keras.Variable]

    def logits(self, rows: Tensor, views: Tensor) -> Mapping[str, Tensor]:
        """Logits for rows, or for fixed views, by number int32 (n,), and for views float32 (n, 48, 48, 1), 0..255:
        logits {head: float32 (n, k)}."""


class TeacherNetworks:
    """One network or several, run on exactly the views that the student sees, which works best for distillation (Beyer
    et al. 2022); several give the logarithm of their mean probabilities."""

    views: FixedViews | None = None

    def __init__(self, networks: Sequence[keras.Model]) -> None:
        for network in networks:
            network.trainable = False
        self.state = list(networks)

    def logits(self, rows: Tensor, views: Tensor) -> Mapping[str, Tensor]:
        outputs = [network(views, training=False) for network in self.state]
        heads = [head for head in outputs[0] if all(head in other for other in outputs)]
        return {head: ops.log(_mean_probabilities([one[head] for one in outputs]) + SMALLEST) for head in heads}


class SavedLogits:
    """Saved logits: one row per training picture, used for every view of it; or one row per fixed view, if the student
    sees only those views.

    Args:
        values: {head: float (n, k)}, or float (views * n, k): the first view of each picture, then the second.
        views: The views that they belong to; None for any.
    """

    def __init__(self, values: Mapping[str, NDArray[Any]], views: FixedViews | None = None) -> None:
        self.views = views
        self.values = {
            head: keras.Variable(array, dtype="float32", trainable=False, autocast=False, name=f"teacher_{head}")
            for head, array in values.items()
        }
        self.state = list(self.values.values())

    def logits(self, rows: Tensor, views: Tensor) -> Mapping[str, Tensor]:
        return {head: ops.take(values.value, rows, axis=0) for head, values in self.values.items()}


def open_teacher(
    sources: Sequence[Path], digest: str, heads: Mapping[str, int], bounds: AugmentConfig | None = None
) -> Teacher:
    """A teacher from folders of runs or bundles, or from one file that `save_logits` wrote.

    Args:
        sources: Folders, or a single `.npz`.
        digest: Of the pictures that will be learned from (`FaceSet.digest`).
        heads: The student's heads and their numbers of classes.
        bounds: Bounds of the student's views, which fixed views must match.

    Raises:
        InputError: If one cannot be read, was saved for other pictures, or has none of the heads.
    """
    if len(sources) == 1 and not sources[0].is_dir():
        return _saved(sources[0], digest, heads, bounds)
    networks = [_network(source) for source in sources]
    for source, network in zip(sources, networks, strict=True):
        _check_heads(source, {head: tensor.shape[-1] for head, tensor in network.output.items()}, heads)
    return TeacherNetworks(networks)


def _saved(source: Path, digest: str, heads: Mapping[str, int], bounds: AugmentConfig | None) -> SavedLogits:
    saved = read_logits(source, digest)
    _check_heads(source, {head: array.shape[1] for head, array in saved.values.items()}, heads)
    known = {head: array for head, array in saved.values.items() if head in heads}
    if saved.views is None or bounds is None:
        return SavedLogits(known)
    views = FixedViews(saved.views["count"], saved.views["seed"], bounds)
    pictures = len(next(iter(known.values()))) // views.count
    require_views(source, saved.views, bounds, views.digest(pictures))
    return SavedLogits(known, views)


def _network(source: Path) -> keras.Model:
    """The network of a run, which need not be exported, or of a bundle."""
    if (source / CONFIG).is_file():
        return load_run_network(source)
    return load_network(load_bundle(source))


def _check_heads(source: Path, known: Mapping[str, int], heads: Mapping[str, int]) -> None:
    shared = {head for head in known if head in heads}
    wrong = [head for head in shared if known[head] != heads[head]]
    if not shared or wrong:
        raise InputError(
            f"{source} has the heads {', '.join(known)}; the student has {', '.join(heads)}, so it cannot be its "
            "teacher."
        )


def _mean_probabilities(logits: Sequence[Tensor]) -> Tensor:
    return sum(ops.softmax(ops.cast(values, "float32"), axis=-1) for values in logits) / len(logits)
