"""How many shown boxes hold no face: `score --negatives` on everyday pictures, `score --made` on colours and noise."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from app.commands.labelled import LABELS, LabelledBox, is_of, matching, pictures_of, read_detections
from app.commands.made_pictures import plain_pictures
from app.commands.noise import noise_pictures
from app.core.types import Box
from app.headless.parts import opened
from app.options import Options
from app.sources.images import read_picture
from models.errors import InputError

UNLABELLED = "unlabelled"
"""Key of shown boxes that match no labelled one. The labels come from one particular search; a finer one finds faces
that nobody has labelled, so these count neither as right nor as wrong."""

_NOISE = 1000
"""Pictures of noise that are looked at."""

_WRONG = ("animal", "none")
"""Labels that make a shown face a wrong one. A depiction is not among them: it is a face, though not a person's."""


def score_everyday(folder: Path, options: Options, *, as_json: bool) -> int:
    """Score the pictures, each by itself as `analyze --fps 0` does, and print the result.

    Raises:
        InputError: If the labels, a picture, the model or the detector cannot be used.
    """
    seen = read_detections(folder / "detections.csv")
    pictures = pictures_of(folder)
    missing = sorted(set(seen) - {picture.name for picture in pictures})
    if missing:
        raise InputError(f"{folder / 'detections.csv'} lists {missing[0]}, which is not in {pictures[0].parent}.")
    with opened(options) as parts:
        shown = [[face.box for face in parts.faces(read_picture(picture))] for picture in pictures]
    result = measure(shown, [seen.get(picture.name, ()) for picture in pictures])
    print(json.dumps(result, indent=2) if as_json else table(result))
    return 0


def score_made(seed: int, options: Options, *, as_json: bool) -> int:
    """Look for faces in plain colours and noise, where there are none, and print in how many pictures one is shown.

    Args:
        seed: Of the noise.

    Raises:
        InputError: If the model or the detector cannot be used.
    """
    counts = {"plain": [0, 0], "noise": [0, 0]}
    wrong = []
    with opened(options) as parts:
        for name, image in chain(plain_pictures(), noise_pictures(_NOISE, seed)):
            count = counts[name.split()[0]]
            count[0] += 1
            if parts.faces(image):
                count[1] += 1
                wrong.append(name)
    result = {**{kind: {"images": n, "shown": shown} for kind, (n, shown) in counts.items()}, "wrong": wrong}
    lines = [f"{kind}: a face is shown in {shown} of {n} pictures" for kind, (n, shown) in counts.items()]
    print(json.dumps(result, indent=2) if as_json else "\n".join([*lines, *wrong]))
    return 0


def measure(shown: Sequence[Sequence[Box]], labelled: Sequence[Sequence[LabelledBox]]) -> dict[str, Any]:
    """Count.

    Args:
        shown: The boxes shown in each picture.
        labelled: What an annotator saw in boxes of the same pictures.

    Returns:
        `images`; `shown` {label: shown boxes}, `unlabelled` among them; `wrong`, the fraction of the shown boxes with a
        label that are `animal` or `none`; `faces`, how many boxes are labelled `face`; `kept`, the fraction of these
        that are shown. Where nothing with a label is shown, `wrong` is 0; without labelled faces `kept` is 1.
    """
    counts = Counter(dict.fromkeys((*LABELS, UNLABELLED), 0))
    faces = kept = 0
    for boxes, known in zip(shown, labelled, strict=True):
        for box in boxes:
            match = matching(box, known)
            counts[UNLABELLED if match is None else match.label] += 1
        for one in known:
            if one.label == "face":
                faces += 1
                kept += any(is_of(box, one) for box in boxes)
    total = counts.total() - counts[UNLABELLED]
    return {
        "images": len(shown),
        "shown": dict(counts),
        "wrong": sum(counts[label] for label in _WRONG) / total if total else 0.0,
        "faces": faces,
        "kept": kept / faces if faces else 1.0,
    }


def table(result: Mapping[str, Any]) -> str:
    """The result for people, in per cent."""
    shown = ", ".join(f"{count} {label}" for label, count in result["shown"].items())
    return (
        f"{result['images']} pictures, shown: {shown}\n"
        f"wrong (animal or none): {result['wrong']:.1%} of the shown with a label\n"
        f"kept: {result['kept']:.1%} of {result['faces']} labelled faces"
    )
