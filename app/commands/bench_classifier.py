"""`bench --classifier`: milliseconds per face of a bundle's network, next to a second network in the same run."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.commands.timing import Spread, convert, in_new_process, time_networks
from app.standard import say
from models.bundle import Bundle, load_bundle
from models.conversion import has_tensorflow
from models.errors import InputError
from models.files import scratch_folder

THREADS = (1, 2)
FACES = (1, 2, 4, 8)
REFERENCE = "mini_XCEPTION tf.function"


def bench_classifier(model: str | None, other: str | None, *, as_json: bool) -> None:
    """Measure and print.

    Args:
        model: Name or folder of the bundle; None for the default one.
        other: Name or folder of the second bundle, run by LiteRT; None for mini_XCEPTION by `tf.function`.
        as_json: Print every figure as JSON, not a table.

    Raises:
        InputError: If a bundle cannot be used.
    """
    result = measure(load_bundle(model), None if other is None else load_bundle(other))
    for sentence in result["missing"]:
        say(sentence)
    print(json.dumps(result, indent=2) if as_json else table(result))


def measure(bundle: Bundle, other: Bundle | None) -> dict[str, Any]:
    """Time a network in float32 and in int8, with one thread and with two.

    What needs TensorFlow is left out where it is not installed, and `missing` says so: mini_XCEPTION, and the one of
    float32 and int8 that the bundle does not come in.

    Returns:
        `network`, `second` (None if there is none), `cpus`, `missing` (sentences), and `rows`: `network`,
        `threads`, `faces`, `rounds`, milliseconds per face `p10`, `p50` and `p90`, and `ratio`, the median over that
        of the second network (None if there is none).
    """
    missing: list[str] = []
    with scratch_folder() as folder:
        networks = _variants(bundle, folder, missing)
        second = _second(bundle, other, missing)
        if other is not None and second is not None:
            networks[second] = other.path
        reference = REFERENCE if second == REFERENCE else None
        rows = []
        for threads in THREADS:
            spreads, rounds = in_new_process(time_networks, networks, threads, FACES, reference)
            rows += [
                _row(name, threads, faces, rounds, spread, None if second is None else spreads[second][faces])
                for name, by_faces in spreads.items()
                for faces, spread in by_faces.items()
            ]
    return {"network": bundle.name, "second": second, "cpus": os.cpu_count(), "missing": missing, "rows": rows}


def table(result: Mapping[str, Any]) -> str:
    """The figures for people."""
    second, rows = result["second"], result["rows"]
    rounds = " or ".join(map(str, sorted({row["rounds"] for row in rows})))
    lines = [f"Milliseconds per face on {result['cpus']} CPUs: median (10 % to 90 % of {rounds} rounds)"]
    for threads in THREADS:
        lines += ["", _line(_count(threads, "thread"), [_count(faces, "face") for faces in FACES])]
        names = dict.fromkeys(row["network"] for row in rows)
        here = {name: [row for row in rows if (row["network"], row["threads"]) == (name, threads)] for name in names}
        lines += [_line(name, map(_cell, own)) for name, own in here.items()]
        if second is not None:
            others = {name: own for name, own in here.items() if name != second}
            lines.append(f"times {second}:")
            lines += [_line(f"  {name}", [f"{row['ratio']:.2f}" for row in own]) for name, own in others.items()]
    return "\n".join(lines)


def _variants(bundle: Bundle, folder: Path, missing: list[str]) -> dict[str, Path]:
    """The network as shipped, and its other precision of float32 and int8, converted into `folder`: name -> bundle."""
    own = str(bundle.training.get("quantisation", "as it comes"))
    other = "dynamic-int8" if own == "float32" else "float32"
    found = {f"{bundle.name} {own}": bundle.path}
    try:
        in_new_process(convert, bundle.path, other, folder)
    except InputError as error:
        missing.append(f"{other} is left out: {error}")
        return found
    converted = {f"{bundle.name} {other}": folder}
    return {**found, **converted} if own == "float32" else {**converted, **found}


def _second(bundle: Bundle, other: Bundle | None, missing: list[str]) -> str | None:
    """The name of the second network."""
    if other is not None:
        return f"{other.name} in {other.path}" if other.name == bundle.name else other.name
    if has_tensorflow():
        return REFERENCE
    missing.append(
        "mini_XCEPTION is left out: it is run by TensorFlow, which is not installed here; install mimik[training] or "
        "name a second bundle with --second."
    )
    return None


def _row(name: str, threads: int, faces: int, rounds: int, spread: Spread, second: Spread | None) -> dict[str, Any]:
    times = {"p10": spread.p10, "p50": spread.p50, "p90": spread.p90}
    ratio = None if second is None else round(spread.p50 / second.p50, 4)
    return {"network": name, "threads": threads, "faces": faces, "rounds": rounds, **times, "ratio": ratio}


def _cell(row: Mapping[str, Any]) -> str:
    return f"{row['p50']:.2f} ({row['p10']:.2f} to {row['p90']:.2f})"


def _line(name: str, cells: Any) -> str:
    return f"{name:<26}" + "".join(f"{cell:>23}" for cell in cells)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
