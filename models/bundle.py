"""A trained network in the form that the app loads: a folder with `model.json` and the files whose digests it lists."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.detectors import CropGeometry as CropGeometry  # bundles are what it is known from
from models.detectors import first_crop, same_boxes
from models.errors import InputError
from models.files import replacing
from models.gate import GATE_FILE, Gate

FOLDER = Path(__file__).parent
DEFAULT = "student"
META, LITERT_FILE, KERAS_FILE = "model.json", "model.tflite", "model.keras"
"""Names of a bundle's files; `model.keras`, which only training and the reference need, may be left out of a copy."""

INSIDE_RUN = "bundle"
"""Name of the bundle's folder inside that of a training run."""

INPUT = (48, 48, 1)
"""Height, width and channels of a crop, the input of every network of this program."""

CROP_CURVE = "crop-curve.csv"
"""The crops tried in the bundle's last calibration; this file is not verified."""

CURVE_COLUMNS = ("detector", "scale", "dy", "accuracy", "log_likelihood")
"""Columns of that file: side over the longer side of the box, shift downwards in box sides, accuracy 0..1, mean ln
p(truth)."""

PHOTO_COLUMNS = ("photo", "label")
"""First columns of the file that `score --probabilities` writes and `report --photos` reads; a column per emotion
follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """One output of the network: its labels in order, and the temperature that calibrates it."""

    name: str
    labels: tuple[str, ...]
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle.

    Attributes:
        path: Its folder.
        name: Name of the network.
        input_shape: (height, width, channels) of a crop; gray levels 0..255, normalisation is inside the network.
        heads: Every output.
        shown: Name of the head that the app shows.
        crops: Detector name -> geometry.
        training: Data, counts, recipe, seed and versions of the training.
        metrics: One mapping a figure: `figure`, `value`, `split`, `n`, `command`.
        sha256: File name -> digest.
        gate: The rule that decides which detections are faces; None if there is none for this network.
    """

    path: Path
    name: str
    input_shape: tuple[int, int, int]
    heads: tuple[Head, ...]
    shown: str
    crops: Mapping[str, CropGeometry]
    training: Mapping[str, Any]
    metrics: tuple[Mapping[str, Any], ...]
    sha256: Mapping[str, str]
    gate: Gate | None = None

    def head(self, name: str | None = None) -> Head:
        """A head by name; the shown one by default. Raises KeyError for a name that it lacks."""
        wanted = self.shown if name is None else name
        for head in self.heads:
            if head.name == wanted:
                return head
        raise KeyError(wanted)

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotions of the shown head, in order."""
        return self.head().labels

    @property
    def digest(self) -> str:
        """SHA-256 of the network that LiteRT runs."""
        return self.sha256[LITERT_FILE]

    def crop(self, detector: str) -> CropGeometry:
        """The geometry fitted for a detector, or for one with the same boxes; else the default in the table."""
        fitted = (self.crops[name] for name in same_boxes(detector) if name in self.crops)
        return next(fitted, first_crop(detector))


def list_bundles() -> tuple[str, ...]:
    """Names of the bundles that come with the program."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{META}")))


def load_bundle(name_or_dir: str | Path | None = None) -> Bundle:
    """Read a bundle and verify every file that it lists. If `model.keras` is missing, the result does not list it.

    Args:
        name_or_dir: One of `list_bundles()`, a folder, or None for the default.

    Raises:
        InputError: If it does not exist or does not verify; names the file and the reason.
    """
    bundle = read_meta(_place(name_or_dir))
    path = bundle.path
    if not (path / KERAS_FILE).exists():
        kept = {file: digest for file, digest in bundle.sha256.items() if file != KERAS_FILE}
        bundle = replace(bundle, sha256=MappingProxyType(kept))
    for file, digest in bundle.sha256.items():
        try:
            found = sha256_of(path / file)
        except FileNotFoundError as error:
            raise InputError(
                f"{path / file} is missing, though {META} lists it; copy the whole bundle again."
            ) from error
        except OSError as error:
            raise InputError(f"{path / file} cannot be read: {error.strerror}; check its permissions.") from error
        if found != digest:
            raise InputError(
                f"{path / file} is not the file that {META} was written for (its SHA-256 differs); copy the whole "
                "bundle again."
            )
    return bundle


def read_meta(path: Path) -> Bundle:
    """The content of a folder's `model.json`; its files are not verified, so they must not be loaded.

    Raises:
        InputError: If it cannot be read or does not describe a model.
    """
    meta = path / META
    try:
        content = json.loads(meta.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{meta} cannot be read: {error}.") from error
    try:
        return _parse(path, content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise InputError(f"{meta} does not describe a model: {reason}.") from error


def set_crops(bundle: Bundle, crops: Mapping[str, CropGeometry]) -> Bundle:
    """Update crop geometries in a bundle's `model.json`; detectors that are not named keep theirs.

    Raises:
        InputError: If the file cannot be written.
    """
    merged = MappingProxyType({**bundle.crops, **crops})
    changed = replace(bundle, crops=merged)
    write_meta(changed)
    return changed


def write_meta(bundle: Bundle) -> None:
    """Write `model.json` atomically.

    Raises:
        InputError: If the folder cannot be written to.
    """
    content = {
        "name": bundle.name,
        "input": list(bundle.input_shape),
        "heads": [{"name": h.name, "labels": list(h.labels), "temperature": h.temperature} for h in bundle.heads],
        "shown": bundle.shown,
        "crops": {name: {"scale": c.scale, "dx": c.dx, "dy": c.dy} for name, c in sorted(bundle.crops.items())},
        "training": dict(bundle.training),
        "metrics": [dict(metric) for metric in bundle.metrics],
        **({"gate": bundle.gate.entry()} if bundle.gate is not None else {}),
        "sha256": dict(bundle.sha256),
    }
    try:
        with replacing(bundle.path / META) as part:
            part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{bundle.path / META} cannot be written: {error}.") from error


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _place(name_or_dir: str | Path | None) -> Path:
    wanted = str(DEFAULT if name_or_dir is None else name_or_dir)
    path = FOLDER / wanted if wanted in list_bundles() else Path(wanted)
    try:
        is_there = (path / META).is_file()
    except OSError as error:
        raise InputError(f"{wanted[:200]} cannot be opened: {error.strerror}; check name and permissions.") from error
    if not is_there:
        if (path / INSIDE_RUN / META).is_file():
            raise InputError(f"{path} is the folder of a training run; its model is {path / INSIDE_RUN}.")
        known = ", ".join(list_bundles()) or "none here"
        raise InputError(f"{path} is not a model: it has no {META}. Models by name: {known}.")
    return path


def _parse(path: Path, content: dict[str, Any]) -> Bundle:
    heads = tuple(_head(entry) for entry in content["heads"])
    names = [head.name for head in heads]
    if not heads or len(set(names)) != len(names):
        raise ValueError("its heads need distinct names")
    if content["shown"] not in names:
        raise ValueError(f"the shown head {content['shown']!r} is not among its heads {', '.join(names)}")
    if tuple(content["input"]) != INPUT:
        raise ValueError(f"its input is {content['input']}, not {list(INPUT)}, as faces are cut")
    digests = dict(content["sha256"])
    if LITERT_FILE not in digests:
        raise ValueError(f"it lists no digest of {LITERT_FILE}")
    if any(Path(file).name != file for file in digests):
        raise ValueError("it lists a file outside its folder")
    gate = Gate.parse(content["gate"]) if "gate" in content else None
    if gate is not None and GATE_FILE not in digests:
        raise ValueError(f"it describes a gate and lists no digest of {GATE_FILE}")
    return Bundle(
        path=path,
        name=str(content["name"]),
        input_shape=INPUT,
        heads=heads,
        shown=content["shown"],
        crops=MappingProxyType({name: _crop(name, entry) for name, entry in content["crops"].items()}),
        training=MappingProxyType(dict(content["training"])),
        metrics=tuple(MappingProxyType(dict(metric)) for metric in content["metrics"]),
        sha256=MappingProxyType(digests),
        gate=gate,
    )


def _head(entry: dict[str, Any]) -> Head:
    labels = tuple(str(label) for label in entry["labels"])
    temperature = float(entry["temperature"])
    if len(labels) < 2 or len(set(labels)) != len(labels) or not all(labels):
        raise ValueError(f"head {entry['name']!r} needs at least two distinct labels")
    if not 0.01 <= temperature <= 100:
        raise ValueError(f"head {entry['name']!r} has the temperature {temperature}, outside 0.01..100")
    return Head(str(entry["name"]), labels, temperature)


def _crop(name: str, entry: dict[str, Any]) -> CropGeometry:
    geometry = CropGeometry(float(entry["scale"]), float(entry["dx"]), float(entry["dy"]))
    if not 0.1 <= geometry.scale <= 10 or not abs(geometry.dx) <= 2 or not abs(geometry.dy) <= 2:
        raise ValueError(f"the crop of {name} is out of range")
    return geometry
