import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.types import UNREADABLE, Box, Damage, FaceResult, Frame, FrameResult, SourceInfo
from app.sinks.json_file import JsonSink, RunFacts
from app.sinks.output import utf8
from app.sinks.summary import LONGEST_S, Summary
from models.emotions import FERPLUS

RAW = np.full(len(FERPLUS), 1 / len(FERPLUS), np.float32)
IMAGE = np.zeros((2, 2, 3), np.uint8)


def seen(time_s: float, duration_s: float | None, *ids: int, label: str = "anger", still: bool = False) -> FrameResult:
    faces = tuple(FaceResult(number, Box(0, 0, 1, 1), 0.9, RAW, RAW, label) for number in ids)
    return FrameResult(Frame(0, time_s, IMAGE, still=still, duration_s=duration_s), faces, FERPLUS, {})


def added(results: Sequence[FrameResult], period_s: float | None = None) -> dict:
    summary = Summary(FERPLUS, period_s)
    for result in results:
        summary.add(result)
    return summary.values()


@pytest.mark.parametrize("has_durations", [True, False])
def test_a_gap_counts_no_more_than_a_second(has_durations: bool) -> None:
    """A second of film, twenty of nothing, a second: the frame before the gap stands for 20.04 s."""
    times = [i / 25 for i in range(25)] + [21 + i / 25 for i in range(25)]
    lengths = [b - a for a, b in zip(times, [*times[1:], 22.0], strict=True)]
    values = added([seen(t, d if has_durations else None, 0) for t, d in zip(times, lengths, strict=True)], 1 / 25)
    (face,) = values["faces"]
    last_s = 0.04 if has_durations else 21.96 / 49  # a last frame without a duration gets that of the others
    assert face["seen_s"] == pytest.approx(24 / 25 + 1 + 24 / 25 + last_s)
    assert values["duration_s"] == pytest.approx(21.96 + last_s)
    assert values["fps"] == pytest.approx(50 / (21.96 + last_s), abs=1e-3)


@given(st.lists(st.tuples(st.floats(0.001, 5), st.sets(st.integers(0, 3))), min_size=1, max_size=30), st.booleans())
def test_seconds_add_up(frames: list[tuple[float, set[int]]], has_durations: bool) -> None:
    time_s, results = 0.7, []
    for duration_s, ids in frames:
        results.append(seen(time_s, duration_s if has_durations else None, *ids))
        time_s += duration_s
    values = added(results)
    last_s = 0.0
    if not has_durations and len(frames) > 1:
        last_s = (results[-1].frame.time_s - 0.7) / (len(frames) - 1)
    lengths = [duration_s for duration_s, _ in frames[:-1]] + [frames[-1][0] if has_durations else last_s]
    assert values["duration_s"] == pytest.approx(sum(lengths), abs=1e-5)
    assert values["fps"] == (pytest.approx(len(frames) / sum(lengths), rel=1e-3, abs=1e-3) if sum(lengths) else None)
    assert {face["id"] for face in values["faces"]} == set().union(*(ids for _, ids in frames))
    for face in values["faces"]:
        times = [length for length, (_, ids) in zip(lengths, frames, strict=True) if face["id"] in ids]
        assert face["seen_s"] == pytest.approx(sum(min(length, LONGEST_S) for length in times), abs=1e-5)


def test_pictures_that_stand_alone_have_no_seconds() -> None:
    (face,) = added([seen(0, None, 0, still=True)])["faces"]
    assert face["seen_s"] is None


def test_a_face_that_cannot_be_read_has_no_mean() -> None:
    faces = added([seen(0, 1, 0, 1, label=UNREADABLE), seen(1, 1, 0)])["faces"]
    assert [face["label"] for face in faces] == ["neutral", UNREADABLE]
    assert [len(face["mean"]) for face in faces] == [len(FERPLUS), 0]


FACTS = RunFacts("student", "abc", "haar", "litert", "1.2.3", {"roi": [1, 2, 3, 4]})


def test_the_file_is_whole_at_every_moment(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    path, damage = tmp_path / "a.json", [Damage()]
    known: list[str | None] = [None]
    sink = JsonSink(path, FACTS, digest=lambda: known[0], damage=lambda: damage[0])
    sink.open(SourceInfo("a.mp4", 64, 48, 30.0, None, False), FERPLUS)
    content = json.loads(path.read_bytes())
    assert (content["frames"], content["complete"], content["source_sha256"]) == (0, False, None)
    known[0] = "d1"
    sink.write(result(0, 0.0, ((0, 0, 9, 9),)))
    content = json.loads(path.read_bytes())
    assert (content["frames"], content["complete"], content["source_sha256"]) == (1, False, "d1")
    damage[0] = Damage(2, (0.1, 0.2))
    sink.close()
    content = json.loads(path.read_bytes())
    assert (content["complete"], content["damaged"]) == (False, {"frames": 2, "at_s": [0.1, 0.2]})
    sink.finish(complete=True, files={".csv": "d2"})
    content = json.loads(path.read_bytes())
    assert (content["complete"], content["files"], content["options"]) == (True, {".csv": "d2"}, {"roi": [1, 2, 3, 4]})
    assert path.read_bytes().endswith(b"}\n")


def test_names_of_any_bytes_are_json(tmp_path: Path, result: Callable[..., FrameResult]) -> None:
    sink = JsonSink(tmp_path / "a.json", FACTS)
    sink.open(SourceInfo("b\udcff.avi", 64, 48, 30.0, None, False), FERPLUS)
    one = result()
    sink.write(replace(one, frame=replace(one.frame, name='"\udc80\n.png')))
    sink.close()
    content = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert (content["source"], content["pictures"]) == ("b\udcff.avi", ['"\udc80\n.png'])
    assert utf8("é\udcff") == b"\xc3\xa9\\udcff"
