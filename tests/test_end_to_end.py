"""What the program promises, on real clips with the bundled model."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
BIG = 150
"""Faces wider than this, in pixels, must be found."""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def by_frame(rows: list[dict[str, str]]) -> dict[int, list[dict[str, str]]]:
    frames = defaultdict(list)
    for row in rows:
        frames[int(row["frame"])].append(row)
    return frames


def inside(row: dict[str, str], place: dict[str, str]) -> bool:
    """Whether the centre of a detected box lies in a true box."""
    x, y, w, h = (float(row[key]) for key in ("x", "y", "width", "height"))
    left, top, wide, high = (float(place[key]) for key in ("x", "y", "w", "h"))
    return left <= x + w / 2 <= left + wide and top <= y + h / 2 <= top + high


def strongest(row: dict[str, str]) -> str:
    smooth = {key.removeprefix("smooth_"): float(value) for key, value in row.items() if key.startswith("smooth_")}
    return max(smooth, key=lambda name: smooth[name])


def detector_words(name: str, request: pytest.FixtureRequest) -> list[str]:
    words = ["--detector", name]
    return [*words, "--detector-model", str(request.getfixturevalue("blazeface"))] if name == "blazeface" else words


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """`analysed("haar")`: a folder with the results of `analyze` for the demo clip with that detector."""

    @cache
    def analyse(detector: str) -> Path:
        out = tmp_path_factory.mktemp(detector)
        assert main(["analyze", "demo", "--out", str(out), *detector_words(detector, request)]) == 0
        return out

    return analyse


@pytest.mark.parametrize("detector", ["haar", "blazeface"])
def test_the_demo_is_read_as_it_was_made(detector: str, analysed: Callable[[str], Path]) -> None:
    """The strongest smoothed expression is right on at least 90 % of the labelled frames; no ids are mixed up."""
    out = analysed(detector)
    found, truth = by_frame(read(out / "demo.csv")), by_frame(read(ROOT / "assets" / "demo.csv"))
    assert len(found) == 500
    right, wrong = Counter(), Counter()
    ids = defaultdict(Counter)
    for number, places in truth.items():
        for place in places:
            rows = [row for row in found[number] if row["face_id"] and inside(row, place)]
            ids[place["person"]].update(row["face_id"] for row in rows)
            if place["emotion"]:
                hit = any(strongest(row) == place["emotion"] for row in rows)
                (right if hit else wrong)[place["emotion"]] += 1
    assert right.total() / (right.total() + wrong.total()) >= 0.9, f"right {right}, wrong {wrong}"
    (first, _), (second, _) = (ids[person].most_common(1)[0] for person in ("a", "b"))
    assert first != second
    summary = json.loads((out / "demo.json").read_text())
    assert (summary["frames"], summary["detector"]) == (500, detector)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 8])
def test_people_are_found_and_keep_their_ids(seed: int, shared: Path, blazeface: Path, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    maker = [sys.executable, str(shared / "tools" / "make_clip.py"), str(clip), "--seed", str(seed)]
    subprocess.run(maker, check=True, capture_output=True)
    out = tmp_path / "out"
    words = ["analyze", str(clip), "--out", str(out), "--detector", "blazeface", "--detector-model", str(blazeface)]
    assert main(words) == 0
    found, truth = by_frame(read(out / "clip.csv")), by_frame(read(tmp_path / "clip.csv"))
    assert sorted(found) == list(range(600))
    seen, big = 0, 0
    ids = defaultdict(Counter)
    for number, rows in found.items():
        named = [row["face_id"] for row in rows if row["face_id"]]
        assert len(set(named)) == len(named)
        for place in truth[number]:
            hits = [row for row in rows if row["face_id"] and inside(row, place)]
            if int(place["w"]) > BIG:
                big += 1
                seen += bool(hits)
            if len(hits) == 1 and sum(inside(hits[0], other) for other in truth[number]) == 1:
                ids[place["person"]][hits[0]["face_id"]] += 1
    assert seen / big > 0.95
    for person in ("p2", "p3", "p7"):
        assert len(ids[person]) == 1, (person, ids[person])
    assert set(ids["p2"]) != set(ids["p3"])


def test_the_window_and_the_command_say_the_same(until, analysed: Callable[[str], Path]) -> None:
    """The window's player shows the same readings of the demo clip as the rows that `analyze` wrote."""
    from app.player.messages import Choice, Opened
    from app.player.parts import Openers
    from app.player.session import PlayerSession

    written = {(int(row["frame"]), row["face_id"]): row for row in read(analysed("haar") / "demo.csv")}
    session = PlayerSession(Openers(cache=lambda: None))
    session.show("demo", Choice(detector="haar"))
    try:
        opened = until(lambda: next((e for e in session.post.take_all() if isinstance(e, Opened)), None), "Opened")
        player, compared = opened.player, 0
        player.pause()
        for at_s in (0.5, 6.0, 13.0, 2.0):  # forwards and backwards
            player.seek(at_s)
            for _ in range(12):
                player.step(1)
                shown = until(lambda: next((s for s in (player.take(),) if s is not None and not s.provisional), None))
                for face in shown.result.faces:
                    row = written[shown.result.frame.index, str(face.track_id)]
                    for kind, values in (("raw", face.raw), ("smooth", face.smooth)):
                        rows = [float(row[f"{kind}_{name}"]) for name in shown.result.labels]
                        assert np.allclose(rows, values, atol=1e-3)
                    assert row["label"] == face.label
                    compared += 1
    finally:
        session.close()
        assert session.join(20)
    assert compared >= 40
