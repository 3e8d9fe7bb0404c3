"""The content of a moment: duration, notes and corrections."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export.content import Content, ContentNote, stored, timed
from app.export.json_file import write_json
from app.export.reporter import CancelledError, Reporter
from tests.app.export.conftest import FPS, FRAMES, face, moment


def test_a_reading_lasts_until_the_next_one_and_the_last_as_long_as_the_one_before() -> None:
    lengths = [m.reading.duration_s for m in timed([moment(0, 0.0), moment(1, 0.5), moment(2, 0.6)])]
    assert lengths == pytest.approx([0.5, 0.1, 0.1])
    assert [m.reading.duration_s for m in timed([moment(0, 1.0)])] == [0.0]
    assert list(timed([])) == []


def test_corrections_stand_beside_the_readings(session: Content) -> None:
    moments = list(session.moments())
    corrected = [m.reading.time_s for m in moments if m.corrected.get(0) == "surprise"]
    assert corrected == [index / FPS for index in range(10, 20)]
    assert all(face.label != "surprise" for m in moments for face in m.reading.faces)
    assert [m.reading.time_s for m in moments if m.corrected.get(7)] == [pytest.approx(2.48)]  # shown at 2.5 s
    assert {m.corrected[7] for m in moments if 7 in m.corrected} == {"uncertain"}
    assert [m.reading.time_s for m in moments if "mark" in m.notes] == [pytest.approx(0.52)]


def test_a_later_correction_is_the_newer_mind_and_one_without_a_face_means_everybody(content: Content) -> None:
    notes = (ContentNote(2.0, 3.0, None, "label", "fear"), ContentNote(2.4, 2.6, 0, "label", "anger"))
    moments = {m.frame: m for m in replace(content, notes=notes).moments()}
    assert moments[55].corrected == {0: "fear", 7: "fear"}
    assert moments[62].corrected == {0: "anger", 7: "fear"}
    assert moments[70].corrected == {0: "fear", 7: "fear"}


@given(
    st.lists(st.floats(0.001, 2.0), min_size=1, max_size=30),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 5)), max_size=8),
)
def test_notes_are_found_as_by_asking_each_of_them(steps: list[float], spans: list[tuple[float, float]]) -> None:
    times = np.cumsum(steps).round(6)
    made = [moment(index, float(time_s), face(0)) for index, time_s in enumerate(times)]
    notes = tuple(ContentNote(start, start + length, None, "note", str(n)) for n, (start, length) in enumerate(spans))
    content = Content("a", "a", made[0].reading.labels, lambda: made, notes=notes)
    found = list(content.moments())
    assert [m.reading.time_s for m in found] == times.tolist()
    for m in found:
        start_s, end_s = m.reading.time_s, m.reading.time_s + (m.reading.duration_s or 0.0)
        assert sorted(m.notes) == sorted(note.text for note in notes if note.covers(start_s, end_s))


def test_a_stretch_begins_with_its_first_frame_and_ends_before_the_end(content: Content) -> None:
    times = [m.reading.time_s for m in content.between(0.4, 1.0).moments()]
    assert times == [index / FPS for index in range(10, 25)]
    assert len(stored(content.labels, content.between(None, None).moments())) == FRAMES


def test_an_export_tells_how_far_it_is_and_ends_when_asked(content: Content, tmp_path) -> None:
    progress: list[float] = []
    reporter = Reporter(progress.append)
    write_json(content, tmp_path / "a.json", reporter)
    assert progress == sorted(progress) and 0.9 < progress[-1] <= 1.0
    reporter.stop.set()
    with pytest.raises(CancelledError):
        write_json(content, tmp_path / "b.json", reporter)
