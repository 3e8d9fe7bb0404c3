"""A trained network with the records of its training: the bundle, `run.json` and `history.csv`."""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.bundle import META, Bundle, load_bundle
from models.engines import Classifier, open_classifier
from models.errors import InputError
from training.backend import load_keras
from training.datasets.faceset import FaceSet
from training.datasets.splits import OFFICIAL
from training.run_folder import CONFIG, HISTORY
from training.run_record import RunRecord, read_record

BUNDLE = "bundle"
"""Folder that `export` writes inside a run's folder."""

History = Sequence[Mapping[str, float]]
"""One mapping per epoch: column of `history.csv` -> number; NaN for an empty cell."""


class NoBundleError(InputError):
    """A run that has not been exported yet, or a folder that is neither a run nor a bundle."""


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A bundle and the run that it came from.

    Attributes:
        bundle: The verified bundle.
        run: Folder of the run, or None if only the bundle is available.
        record: What decided the run; None for a bundle that does not record it.
        history: Every epoch; empty without a run.
    """

    bundle: Bundle
    run: Path | None
    record: RunRecord | None
    history: History

    @property
    def epochs(self) -> int | None:
        """Number of trained epochs; None if neither the history nor the bundle records it."""
        done = int(self.history[-1]["epoch"]) if self.history else 0
        return done or self.bundle.training.get("epochs_trained") or None

    @property
    def planned_epochs(self) -> int | None:
        """Number of epochs in the recipe, before `--epochs` changed it; None for a run by time."""
        if self.record is None or self.record.minutes is not None:
            return None
        return self.record.planned_epochs or self.record.recipe.get("epochs")

    @property
    def split(self) -> str:
        """How the data was split: `official`, or a ratio such as `80/20`."""
        return OFFICIAL if self.record is None else self.record.data.split


def open_model(source: str | Path) -> TrainedModel:
    """Open a run's folder, the bundle within one, or a bundle on its own.

    Args:
        source: A folder, or the name of a bundled model.

    Raises:
        NoBundleError: If the run has no bundle, or the folder is neither a run nor a bundle.
        InputError: If it does not exist, or one of its files cannot be read.
    """
    path = Path(source)
    if (path / CONFIG).is_file():
        if not (path / BUNDLE / META).is_file():
            raise NoBundleError(f"{path} has no bundle yet; write it first: python -m training export {path}")
        return _of_run(path, load_bundle(path / BUNDLE))
    if path.exists() and not (path / META).is_file():
        raise NoBundleError(f"{path} holds neither {CONFIG} nor {META}; name the folder of a run or of a bundle.")
    bundle = load_bundle(source)
    if (bundle.path.parent / CONFIG).is_file():
        return _of_run(bundle.path.parent, bundle)
    try:
        record = RunRecord.parse(bundle.training)
    except ValueError:  # made by something else
        record = None
    return TrainedModel(bundle, None, record, ())


def open_model_and_classifier(
    source: str | Path, read: Callable[[], FaceSet], engine: str = "litert"
) -> tuple[TrainedModel, Classifier]:
    """Open what `open_model` accepts, together with a classifier. A run that is not exported yet is run by Keras.

    Args:
        source: A folder, or the name of a bundled model.
        read: Returns the data; called only to fit the temperatures of a run without a bundle.
        engine: For a bundle, as in `open_classifier`.

    Raises:
        InputError: If it is neither a run nor a bundle, or one of its files cannot be used.
    """
    try:
        model = open_model(source)
    except NoBundleError:
        run = Path(source)
        if not (run / CONFIG).is_file():
            raise
        load_keras()  # nothing else here needs Keras
        from training.run_network import open_run_classifier

        classifier = open_run_classifier(run, read())
        return _of_run(run, classifier.bundle), classifier
    return model, open_classifier(model.bundle, engine)


def read_history(path: Path) -> History:
    """Read a run's `history.csv`; its first column is `epoch`.

    Raises:
        InputError: If it is missing or a cell is not a number; names the file and the line.
    """
    epochs: list[dict[str, float]] = []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if "epoch" not in (reader.fieldnames or ()):
                raise InputError(f"{path} has no column epoch; it is not the history of a run.")
            for row in reader:
                try:
                    epochs.append({name: float(cell) if cell else math.nan for name, cell in row.items()})
                except (TypeError, ValueError) as error:
                    raise InputError(f"{path}, line {reader.line_num}: a cell is not a number ({error}).") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    return epochs


def _of_run(run: Path, bundle: Bundle) -> TrainedModel:
    return TrainedModel(bundle, run, read_record(run), read_history(run / HISTORY))
