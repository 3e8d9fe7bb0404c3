"""The table of face detectors. A new one is a module in `app/detectors` and a row here.

The table is in `models` because both programs read it: the app for its options, menus, `doctor`, `calibrate` and for
opening, training for the crops of a new bundle. It imports nothing from either: openers are given by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

AUTO = "auto"
"""Selects the first detector of the table that may be opened without being named, and can be."""


@dataclass(frozen=True, slots=True)
class CropGeometry:
    """How a detector's box becomes the square that the network was trained on.

    Attributes:
        scale: Side of the square over the longer side of the box.
        dx: Shift of the centre to the right, in longer sides of the box.
        dy: Shift downwards, likewise.
    """

    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file that a detector needs and that is not ours to ship.

    Attributes:
        title: Its name in messages.
        name: Its name in the user's cache.
        url: The address where its owner publishes it.
        sha256: Digest of the published file.
        size: Its bytes.
        variable: The environment variable that names a copy on this machine.
    """

    title: str
    name: str
    url: str
    sha256: str
    size: int
    variable: str


@dataclass(frozen=True, slots=True)
class DetectorKind:
    """One row.

    Attributes:
        name: As users type it, and the key of its crop in a bundle.
        title: Its name in menus and messages.
        opener: `module:callable`. It takes the path of the file that the detector needs, or nothing if it needs none,
            and returns an open `app.core.stages.Detector` of this name.
        crop: The default crop for its boxes, until `python -m app calibrate` has fitted it.
        needs: The file that it needs, if any.
        boxes_of: The detector that gives the same boxes, so that a crop fitted for one is valid for both.
        extra: The extra of this program that installs its library, which has the same name; None if it is always there.
        sends: One sentence about what it sends and to whom; such a detector is opened only if it is named. None for
            those that send nothing.
    """

    name: str
    title: str
    opener: str
    crop: CropGeometry = CropGeometry()
    needs: ModelFile | None = None
    boxes_of: str | None = None
    extra: str | None = None
    sends: str | None = None


BLAZEFACE_FILE = ModelFile(
    title="BlazeFace's model",
    name="blaze_face_short_range.tflite",
    url="https://storage.googleapis.com/mediapipe-models/face_detector/blaze_face_short_range/float16/1/"
    "blaze_face_short_range.tflite",
    sha256="b4578f35940bf5a1a655214a1cce5cab13eba73c1297cd78e1a04c2380b0152f",
    size=229_746,
    variable="MIMIK_BLAZEFACE",
)

DETECTORS = (
    DetectorKind(
        name="blazeface",
        title="BlazeFace",
        opener="app.detectors.blazeface:BlazeFaceDetector",
        crop=CropGeometry(1.2, 0.0, -0.08),
        needs=BLAZEFACE_FILE,
    ),
    DetectorKind(name="haar", title="Haar cascade", opener="app.detectors.haar:HaarDetector"),
    DetectorKind(
        name="mediapipe",
        title="MediaPipe's library",
        opener="app.detectors.mediapipe:MediaPipeDetector",
        crop=CropGeometry(1.2, 0.0, -0.08),
        needs=BLAZEFACE_FILE,
        boxes_of="blazeface",
        extra="mediapipe",
        sends="MediaPipe's library sends usage statistics to Google (play.googleapis.com), by a client in its own "
        "native code; --detector blazeface finds the same faces and sends nothing",
    ),
)
"""Best first, the order in which `auto` tries those that send nothing."""


def detector_choices() -> tuple[str, ...]:
    """The values of `--detector`."""
    return (AUTO, *(kind.name for kind in DETECTORS))


def detector_kind(name: str) -> DetectorKind | None:
    """The row of a name, or None."""
    return next((kind for kind in DETECTORS if kind.name == name), None)


def unasked_detectors() -> tuple[DetectorKind, ...]:
    """Those that may be opened, and remembered, without being named, because they send nothing."""
    return tuple(kind for kind in DETECTORS if kind.sends is None)


def same_boxes(name: str) -> tuple[str, ...]:
    """Names of the detectors that give the same boxes as this one, which comes first."""
    kind = detector_kind(name)
    root = (kind and kind.boxes_of) or name
    family = (other.name for other in DETECTORS if root in (other.name, other.boxes_of))
    return (name, *(other for other in family if other != name))


def first_crop(name: str) -> CropGeometry:
    """The default crop of a detector; the plain box for a name that is not in the table."""
    kind = detector_kind(name)
    return CropGeometry() if kind is None else kind.crop


def first_crops() -> Mapping[str, CropGeometry]:
    """Name -> crop, for a bundle that has not been calibrated yet."""
    return MappingProxyType({kind.name: kind.crop for kind in DETECTORS})
