"""Overview of a data set: what `python -m training data` prints."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.datasets.duplicates import near_duplicates, same_pixels
from training.datasets.faceset import SPLITS, FaceSet, not_a_face
from training.datasets.labels import LabelSet, truth
from training.datasets.splits import OFFICIAL, divide

WIDTH = 13
"""Width of a column of the text, in characters."""

SHOWN = 5
"""Number of skipped rows that the text lists; the rest are only counted."""


def survey(faces: FaceSet, sets: Sequence[LabelSet], split: str = OFFICIAL, seed: int = 1) -> dict[str, Any]:
    """Count pictures, classes and duplicates.

    Args:
        faces: All rows.
        sets: Label sets to count by.
        split: As `splits.divide` takes it.
        seed: Of the random split.

    Returns:
        Plain values: `pictures` {split: n}, `classes` {label set: {label: {split: n}}}, `without_label` {label set:
        {split: n}} (rows whose emotion is not in the set, or without a majority of votes), `not_a_face` {split: n},
        `learning` {`split`, `learn`, `check`, `left_out`} (see `splits.Division`), `in_both_tests` {`exact`, `near`}
        (PublicTest pictures that are also in PrivateTest; `near` includes the exact ones), `skipped` [sentence].

    Raises:
        InputError: If a set needs votes and there are none, or the split cannot be made.
    """
    counted = {labels.name: truth(faces, labels) for labels in sets}
    rows = {usage: faces.usage == usage for usage in SPLITS}
    no_face = not_a_face(faces)
    division = divide(faces, split, seed)
    public, private = (faces.split(name).images for name in SPLITS[1:])
    return {
        "pictures": {usage: int(chosen.sum()) for usage, chosen in rows.items()},
        "classes": {
            labels.name: {
                label: {
                    usage: int(np.sum(chosen & counted[labels.name][0] & (counted[labels.name][1] == position)))
                    for usage, chosen in rows.items()
                }
                for position, label in enumerate(labels.labels)
            }
            for labels in sets
        },
        "without_label": {
            name: {usage: int(np.sum(chosen & ~counts)) for usage, chosen in rows.items()}
            for name, (counts, _) in counted.items()
        },
        "not_a_face": {usage: int(np.sum(chosen & no_face)) for usage, chosen in rows.items()},
        "learning": {
            "split": split,
            "learn": len(division.learn),
            "check": len(division.check),
            "left_out": dict(division.left_out),
        },
        "in_both_tests": {
            "exact": int(same_pixels(public, private).sum()),
            "near": int(near_duplicates(public, private).sum()),
        },
        "skipped": list(faces.skipped),
    }


def table(found: dict[str, Any]) -> str:
    """What `survey` found, as a text table."""
    lines = [_line("", SPLITS), _line("pictures", found["pictures"].values())]
    lines.append(_line("not a face", found["not_a_face"].values()))
    for name, classes in found["classes"].items():
        lines += ["", _line(f"labels {name}", SPLITS)]
        lines += [_line(f"  {label}", counts.values()) for label, counts in classes.items()]
        if any(found["without_label"][name].values()):
            lines.append(_line("  (no label)", found["without_label"][name].values()))
    learning, left_out = found["learning"], found["learning"]["left_out"]
    lines += [
        "",
        f"Split {learning['split']}: {learning['learn']:,} pictures for training, "
        f"{learning['check']:,} for validation.",
        f"Left out of training: {left_out['not_a_face']:,} show no face, {left_out['exact_duplicates']:,} are also in "
        f"another split, {left_out['near_duplicates']:,} are near copies of one there (same photograph).",
        f"PublicTest and PrivateTest share {found['in_both_tests']['near']:,} photographs, "
        f"{found['in_both_tests']['exact']:,} of them pixel for pixel.",
    ]
    if found["skipped"]:
        lines += ["", f"Skipped, because they cannot be used: {len(found['skipped']):,} row(s)"]
        lines += [f"  {sentence}" for sentence in found["skipped"][:SHOWN]]
        if len(found["skipped"]) > SHOWN:
            lines.append(f"  and {len(found['skipped']) - SHOWN:,} more")
    return "\n".join(lines)


def _line(name: str, values: Any) -> str:
    cells = [value if isinstance(value, str) else f"{value:,}" for value in values]
    return f"{name:28}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)
