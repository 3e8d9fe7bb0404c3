"""The store returns what was added, and its lookups agree with a linear scan."""

import csv
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.pipeline import Pipeline
from app.core.reading import Reading
from app.core.runner import run
from app.core.store import NONE, ReadingStore
from app.core.types import UNCERTAIN, Box, FaceResult, FrameResult
from app.sinks.csv_file import CsvSink

LABELS = ("anger", "happiness", "neutral")


QUALITIES = ((), ("too dark",), ("too dark", "turned away"))


def face(track_id: int, label: str, seed: int) -> FaceResult:
    values = np.random.default_rng(seed).dirichlet([1, 1, 1], 2).astype(np.float32)
    return FaceResult(
        track_id, Box(seed / 7, seed / 3, 20.1, 30.2), 1 / (seed + 2), values[0], values[1], label, QUALITIES[seed % 3]
    )


@st.composite
def films(draw: st.DrawFn) -> list[Reading]:
    steps = draw(st.lists(st.sampled_from((0.01, 1 / 30, 0.04, 2.5)), min_size=1, max_size=40))
    readings, time_s, index = [], 0.0, 0
    for number, step_s in enumerate(steps):
        ids = draw(st.sets(st.integers(0, 3)))
        labels = st.sampled_from((*LABELS, UNCERTAIN, "other"))
        faces = tuple(face(i, draw(labels), 10 * number + i) for i in sorted(ids))
        readings.append(Reading(index, time_s, step_s, faces, LABELS, {"detect": 1.5}))
        time_s, index = time_s + step_s, index + draw(st.integers(1, 2))
    return readings


def filled(readings: list[Reading]) -> ReadingStore:
    store = ReadingStore(LABELS)
    for reading in readings:
        store.append(reading)
    return store


def same(found: Reading | None, wanted: Reading) -> bool:
    if found is None or (found.index, found.time_s, found.labels) != (wanted.index, wanted.time_s, wanted.labels):
        return False
    pairs = list(zip(found.faces, wanted.faces, strict=True))
    return all(
        (a.track_id, a.box, a.score, a.label, a.quality) == (b.track_id, b.box, b.score, b.label, b.quality)
        and np.array_equal(a.raw, b.raw)
        and np.array_equal(a.smooth, b.smooth)
        for a, b in pairs
    )


@settings(max_examples=60)
@given(films(), st.booleans())
def test_a_store_finds_what_a_scan_finds(readings: list[Reading], from_arrays: bool) -> None:
    store = filled(readings)
    if from_arrays:
        store = ReadingStore.filled(store.arrays())
    assert len(store) == len(readings)
    assert store.covered == pytest.approx(readings[-1].time_s + readings[-1].duration_s)
    by_index = {reading.index: reading for reading in readings}
    for index in range(readings[-1].index + 2):
        found = store.at(index)
        assert (found is None) == (index not in by_index)
        assert found is None or same(found, by_index[index])
    for reading in readings:
        assert same(store.at_time(reading.time_s), reading)
        assert same(store.at_time(reading.time_s + 0.9 * reading.duration_s), reading)
    assert store.at_time(-0.001) is None
    assert store.at_time(store.covered + 1) is None
    middle_s = readings[len(readings) // 2].time_s
    between = list(store.between(middle_s, np.inf))
    assert [r.index for r in between] == [r.index for r in readings if r.time_s >= middle_s]
    spans = store.faces()
    assert [span.track_id for span in spans] == sorted({f.track_id for r in readings for f in r.faces})
    for span in spans:
        seen = [(r, f) for r in readings for f in r.faces if f.track_id == span.track_id]
        assert (span.first_s, span.last_s, span.frames) == (seen[0][0].time_s, seen[-1][0].time_s, len(seen))
        series = store.series(span.track_id)
        assert np.array_equal(series.time_s, [r.time_s for r, _ in seen])
        assert np.array_equal(series.smooth, [f.smooth for _, f in seen])
    assert {span.track_id for span in store.faces()} == {f.track_id for r in readings for f in r.faces}


@settings(max_examples=60)
@given(films(), st.integers(1, 60))
def test_a_strip_shows_the_first_frame_of_each_stretch_that_has_the_face(readings: list[Reading], width: int) -> None:
    store = filled(readings)
    edges = np.linspace(0, store.covered * 1.2, width + 1)
    for track_id in range(5):
        codes = store.strip(track_id, edges)
        for (left, right), code in zip(pairwise(edges), codes, strict=True):
            shown = [
                r for r in readings if r.time_s < right and r.time_s + r.duration_s > left and left < store.covered
            ]
            labels = [f.label for r in shown for f in r.faces if f.track_id == track_id]
            assert (store.names[code] if code != NONE else None) == (labels[0] if labels else None)
    peopled = store.peopled(edges)
    assert (peopled != NONE).tolist() == [bool(left < store.covered) for left in edges[:-1]]


def test_only_later_frames_are_taken() -> None:
    store = filled([Reading(3, 1.0, 0.1, (), LABELS, {})])
    for index, time_s in ((3, 2.0), (4, 1.0)):
        with pytest.raises(ValueError, match="not later"):
            store.append(Reading(index, time_s, 0.1, (), LABELS, {}))
    with pytest.raises(ValueError, match="takes no readings"):
        store.append(Reading(4, 2.0, 0.1, (), ("anger",), {}))


def test_two_people_for_an_hour_are_at_most_200_bytes_a_face_and_frame() -> None:
    labels = tuple("abcdefgh")
    store = ReadingStore(labels)
    values = np.full(8, 0.125, np.float32)
    frames = 30_000
    for index in range(frames):
        faces = tuple(FaceResult(i, Box(1, 2, 3, 4), 0.9, values, values, "a") for i in range(2))
        store.append(Reading(index, index / 25, 0.04, faces, labels, {}))
    assert store.nbytes / (2 * frames) <= 200


def test_the_stores_rows_are_those_of_the_table(fakes, tmp_path: Path) -> None:
    """Writing the contents of a store gives the same file as writing the results."""
    results: list[FrameResult] = []
    pipeline = Pipeline(fakes.FakeDetector(), fakes.FakeClassifier())
    first, second = CsvSink(tmp_path / "a.csv"), CsvSink(tmp_path / "b.csv")
    run(
        fakes.FakeSource(fakes.walk(70)),
        pipeline,
        [first, fakes.RecordingSink(on_write=results.append)],
        threading.Event(),
    )
    store = ReadingStore(pipeline.labels)
    for result in results:
        store.append(Reading.of(result))
    second.open(fakes.FakeSource(()).info, store.labels)
    for result in results:
        found = store.at(result.frame.index)
        assert found is not None
        second.write(found.on(result.frame))
    second.close()
    rows = list(csv.reader((tmp_path / "a.csv").open(encoding="utf-8")))
    assert len(rows) == 71
    assert rows == list(csv.reader((tmp_path / "b.csv").open(encoding="utf-8")))
