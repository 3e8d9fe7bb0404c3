from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.archive.seams import OVERLAP_S, FilmPart, SeamError, joined, stretches
from app.archive.spool import SpoolSink, read_spool
from app.core.anchors import ANCHOR_S
from app.core.types import Box, FaceResult, Frame, FrameResult, SourceInfo

LABELS = ("anger", "neutral")
SHARES = np.array((0.25, 0.75), np.float32)
IMAGE = np.zeros((1, 1, 3), np.uint8)
FPS = 5


def frame(index: int, people: dict[int, float], *, time_s: float | None = None) -> FrameResult:
    """A frame with faces: id -> x coordinate."""
    faces = tuple(FaceResult(i, Box(x, 10, 20, 20), 0.9, SHARES, SHARES, "neutral") for i, x in people.items())
    return FrameResult(Frame(index, index / FPS if time_s is None else time_s, IMAGE), faces, LABELS, {})


def read(
    people: Sequence[tuple[float, float, float]], start_s: float, end_s: float, *, first: int = 0
) -> list[FrameResult]:
    """The readings of one part: people (from, to, x), with ids in order of appearance."""
    ids: dict[int, int] = {}
    results = []
    for index in range(round(start_s * FPS), round(end_s * FPS)):
        seen = [i for i, (since, until, _) in enumerate(people) if since <= index / FPS < until]
        found = {ids.setdefault(i, len(ids)): people[i][2] for i in seen}
        results.append(frame(index - first, found, time_s=index / FPS))
    return results


@given(st.floats(0, 500), st.floats(1, 4000), st.integers(1, 40))
def test_parts_cover_a_film_and_lie_behind_anchors(first_s: float, length_s: float, wanted: int) -> None:
    cut = stretches(first_s, first_s + length_s, wanted, start_s=1.0, end_s=2.0)
    assert 1 <= len(cut) <= wanted
    assert (cut[0].start_s, cut[0].seam_s, cut[-1].end_s) == (1.0, None, 2.0)
    for one, other in pairwise(cut):
        assert one.end_s == other.seam_s
        assert other.seam_s - other.start_s == OVERLAP_S
        assert first_s < other.start_s
        assert other.start_s % ANCHOR_S == pytest.approx(7.5)


PEOPLE = [(0, 100, 0.0), (3, 30, 100.0), (40, 70, 200.0), (52.1, 100, 100.0), (60, 61, 300.0)]
"""One person stays; the others leave before the overlap, leave in it, come in it, and come after it."""
CUT = (FilmPart(None, None, 57.5), FilmPart(47.5, 57.5, None))


@pytest.mark.parametrize("first", [0, round(47.5 * FPS)])
def test_ids_and_numbers_are_those_of_one_run(first: int) -> None:
    whole = read(PEOPLE, 0, 100)
    parts = [read(PEOPLE, 0, 57.6), read(PEOPLE, 47.6, 100, first=first)]
    parts[0] = [result for result in parts[0] if result.frame.time_s < 57.5]
    found = list(joined(parts, CUT))
    assert [result.frame.index for result in found] == list(range(100 * FPS))
    assert [[face.track_id for face in result.faces] for result in found] == [
        [face.track_id for face in result.faces] for result in whole
    ]


def test_two_people_who_change_places_within_the_overlap_keep_their_ids() -> None:
    def crossing(swap: bool) -> list[FrameResult]:
        return [frame(i, {int(swap): 10.0 + i - 238, int(not swap): 110.0 - (i - 238)}) for i in range(238, 340)]

    found = list(joined([crossing(False)[:50], crossing(True)], CUT))
    assert [[face.box.x for face in sorted(result.faces, key=lambda face: face.track_id)] for result in found] == [
        [10.0 + i, 110.0 - i] for i in range(102)
    ]


@pytest.mark.parametrize("wrong", ["nothing", "other times", "a frame less", "numbers"])
def test_parts_that_do_not_fit_are_refused(wrong: str) -> None:
    first, second = read(PEOPLE, 0, 57.4), read(PEOPLE, 47.6, 100)
    if wrong == "nothing":
        second = read(PEOPLE, 60, 100)
    elif wrong == "other times":
        second = [frame(i, {}, time_s=result.frame.time_s + 0.01) for i, result in enumerate(second)]
    elif wrong == "a frame less":
        del first[-7]
    else:
        second[10] = frame(3, {}, time_s=second[10].frame.time_s)
    with pytest.raises(SeamError):
        list(joined([first, second], CUT))


def test_a_spool_keeps_every_bit(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    sent = []
    for index in range(20):
        raw, smooth = (random.dirichlet((1, 1)).astype(np.float32) for _ in range(2))
        face = FaceResult(index, Box(*random.uniform(-9, 99, 4)), 0.1 + 0.2, raw, smooth, "anger", ("dark", "small"))
        sent.append(FrameResult(Frame(index, index / 3, IMAGE, duration_s=1 / 3), (face,), LABELS, {"detect": 0.1}))
    sink = SpoolSink(tmp_path / "spool")
    sink.open(SourceInfo("a", 1, 1, None, None, False), LABELS)
    for result in sent:
        sink.write(result)
    sink.close()
    for one, other in zip(sent, read_spool(tmp_path / "spool", LABELS), strict=True):
        assert (one.frame.index, one.frame.time_s, one.frame.duration_s) == (
            other.frame.index, other.frame.time_s, other.frame.duration_s
        )  # fmt: skip
        (a,), (b,) = one.faces, other.faces
        assert (a.raw.tobytes(), a.smooth.tobytes(), a.box, a.score) == (
            b.raw.tobytes(),
            b.smooth.tobytes(),
            b.box,
            b.score,
        )
        assert (a.track_id, a.label, a.quality, one.stage_ms) == (b.track_id, b.label, b.quality, other.stage_ms)
