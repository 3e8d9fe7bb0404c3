"""Annotated videos and clean clips: sound in sync, the right frames, faces blurred on request."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from app.commands.contents import results_of
from app.export.between import HELD_S, Tracks
from app.export.content import Content, ContentNote, Footage
from app.export.frame import write_frame
from app.export.reporter import CancelledError, Reporter
from app.export.video import Veil, write_video
from app.sources.open import open_source
from models.errors import InputError
from tests.app.export.conftest import FPS, FRAMES, face, moment

ALL = Veil("all")


def frames_of(path: Path) -> tuple[list[float], list[np.ndarray]]:
    times, pictures = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            times.append(float(frame.pts * frame.time_base))
            pictures.append(frame.to_ndarray(format="gray").astype(float))
    return times, pictures


def tone_of(path: Path) -> tuple[float, float]:
    """Start and end of the tone in a file, in seconds."""
    times, levels = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            samples = frame.to_ndarray().astype(float).reshape(-1)
            times += list(float(frame.pts * frame.time_base) + np.arange(len(samples)) / frame.sample_rate)
            levels += list(np.abs(samples))
    loud = np.array(times)[np.array(levels) > 0.2]
    return float(loud[0]), float(loud[-1])


def bright_of(path: Path) -> tuple[float, float]:
    """Start and end of the white picture, in seconds."""
    times, pictures = frames_of(path)
    white = [time_s for time_s, picture in zip(times, pictures, strict=True) if picture.mean() > 200]
    return white[0], white[-1] + 1 / FPS


@pytest.mark.parametrize("painted", [True, False])
@pytest.mark.parametrize(("start_s", "end_s"), [(None, None), (0.6, None), (0.6, 2.2)])
def test_sound_and_picture_are_in_step(
    results: Callable[..., Path], tmp_path: Path, painted: bool, start_s: float | None, end_s: float | None
) -> None:
    out = tmp_path / "out.mp4"
    content = results_of(results()).between(start_s, end_s)
    write_video(content, out, Reporter(), painted=painted, veil=ALL if painted else Veil())
    shift_s = start_s or 0.0
    for heard_s, seen_s, wanted_s in zip(tone_of(out), bright_of(out), (1.0 - shift_s, 1.2 - shift_s), strict=True):
        assert abs(heard_s - seen_s) < 0.04
        assert seen_s == pytest.approx(wanted_s, abs=1e-3)
    times, _ = frames_of(out)
    first, last = round(shift_s * FPS), round((end_s or 3.0) * FPS)
    assert times == pytest.approx([(index - first) / FPS for index in range(first, last)], abs=1e-3)
    with av.open(str(out)) as container:
        assert abs(container.duration / av.time_base - ((end_s or 3.0) - shift_s)) < 0.1


def test_a_clean_clip_is_the_film_and_a_painted_one_is_not(
    results: Callable[..., Path], film: Path, tmp_path: Path
) -> None:
    content = results_of(results())
    write_video(content, tmp_path / "clip.mp4", Reporter(), painted=False)
    write_video(content, tmp_path / "painted.mp4", Reporter(), painted=True)
    original, clip, painted = (frames_of(path)[1] for path in (film, tmp_path / "clip.mp4", tmp_path / "painted.mp4"))
    off = [np.abs(a - b).mean() for a, b in zip(original, clip, strict=True)]
    changed = [np.abs(a - b).mean() for a, b in zip(original, painted, strict=True)]
    assert max(off) < 8
    assert min(changed[:25]) > max(off[:25]) + 3  # a face is in the picture
    assert max(changed[30:50]) < 8  # no face is


def detail(picture: np.ndarray, x: float) -> float:
    """How much the pixels of a face's box vary."""
    return float(picture[35:65, round(x) + 3 : round(x) + 27].std())


def test_blur_takes_what_a_face_is_known_by_and_leaves_the_chosen_one(
    results: Callable[..., Path], tmp_path: Path
) -> None:
    content = results_of(results())
    out = tmp_path / "a.mp4"
    write_video(content, out, Reporter(), painted=False, veil=ALL)
    _, pictures = frames_of(out)
    assert all(detail(pictures[index], 20.0 + index) < 15 for index in (*range(25), *range(51, FRAMES)))
    assert all(detail(pictures[index], 10.0) < 15 for index in range(51, FRAMES))
    # before it was seen again, at its first position
    assert detail(pictures[45], 20.0 + 50) < 15
    write_video(content.between(2.0, None), out, Reporter(), painted=False, veil=Veil("others", frozenset({0})))
    _, pictures = frames_of(out)
    assert detail(pictures[5], 20.0 + 55) > 40
    assert detail(pictures[5], 10.0) < 15


def test_faces_are_blurred_between_two_sights_and_a_little_before_and_after() -> None:
    tracks = Tracks()
    for time_s, x in ((1.0, 0.0), (3.0, 100.0), (20.0, 300.0)):
        tracks.add(time_s, [face(4, x=x)])
    assert tracks.at(2.0)[4].x == pytest.approx(50.0)
    for time_s, x in ((1.0 - HELD_S, 0.0), (3.0 + HELD_S, 100.0), (20.0 - HELD_S, 300.0), (20.0 + HELD_S, 300.0)):
        assert tracks.at(time_s)[4].x == pytest.approx(x), time_s
    for time_s in (0.4, 10.0, 20.6):
        assert tracks.at(time_s) == {}
    tracks.add(21.0, [face(5)])
    assert set(tracks.at(20.5)) == {4, 5}


def test_pictures_that_nobody_read_show_what_was_read_last(film: Path, content: Content, tmp_path: Path) -> None:
    every_fifth = [m for m in content.read() if m.frame % 5 == 0 and m.frame < 20]
    made = [moment(n, m.reading.time_s, *m.reading.faces) for n, m in enumerate(every_fifth)]
    made = [replace(m, frame=5 * n) for n, m in enumerate(made)]
    footage = Footage(lambda start_s, end_s: open_source(str(film)), film, by_index=True)
    session = replace(content, read=lambda: made, footage=lambda: footage)
    write_video(session, tmp_path / "painted.mp4", Reporter(), painted=True)
    write_video(session, tmp_path / "clean.mp4", Reporter(), painted=False)
    painted, clean = (frames_of(tmp_path / name)[1] for name in ("painted.mp4", "clean.mp4"))
    changed = [np.abs(a - b).mean() > 8 for a, b in zip(painted, clean, strict=True)]
    assert all(changed[:20]) and not any(changed[22:])
    write_video(session.between(0.4, 0.8), tmp_path / "part.mp4", Reporter(), painted=False)
    assert len(frames_of(tmp_path / "part.mp4")[0]) == 10
    with pytest.raises(InputError, match="no picture in that stretch"):
        write_video(session.between(30.0, 40.0), tmp_path / "none.mp4", Reporter(), painted=False)


def test_numbers_count_where_times_do_not_fit(film: Path, content: Content, tmp_path: Path) -> None:
    """A session's readings are matched by frame number, even if their times drift apart."""
    made = [moment(n, n / 50, face(0, x=20.0 + 2 * n)) for n in range(30)]
    footage = Footage(lambda start_s, end_s: open_source(str(film)), film, by_index=True)
    session = replace(content, read=lambda: made, footage=lambda: footage)
    write_video(session, tmp_path / "a.mp4", Reporter(), painted=False, veil=ALL)
    assert detail(frames_of(tmp_path / "a.mp4")[1][20], 20.0 + 2 * 20) < 15


@pytest.mark.parametrize("at_s", [0.0, 1.27, 1.5, 1.96, 2.9, 60.0])
@pytest.mark.parametrize("by_index", [False, True])
def test_a_picture_is_the_one_of_its_moment(
    content: Content, film: Path, tmp_path: Path, at_s: float, by_index: bool
) -> None:
    footage = Footage(lambda start_s, end_s: open_source(str(film)), film, by_index=by_index)
    write_frame(replace(content, footage=lambda: footage), tmp_path / "a.png", Reporter(), at_s=at_s)
    written = np.asarray(Image.open(tmp_path / "a.png"))[:, :, ::-1]
    with open_source(str(film)) as source:
        frames = list(source)
    wanted = frames[min(int(at_s * FPS + 1e-6), FRAMES - 1)].image
    somebody = not 1.0 <= min(at_s, 2.96) < 2.0
    assert np.array_equal(written, wanted) != somebody
    assert np.array_equal(written[100:, :60], wanted[100:, :60])  # outside everything that is painted


def test_a_correction_is_written_behind_the_reading(results: Callable[..., Path], tmp_path: Path) -> None:
    content = results_of(results())
    noted = replace(content, notes=(ContentNote(0.4, 0.8, 0, "label", "surprise"),))
    pictures = []
    for name, one in (("a", content), ("b", noted)):
        write_video(one.between(None, 1.0), tmp_path / f"{name}.mp4", Reporter(), painted=True)
        pictures.append(frames_of(tmp_path / f"{name}.mp4")[1])
    changed = np.array([np.abs(a - b).mean() for a, b in zip(*pictures, strict=True)])
    assert np.flatnonzero(changed > changed.max() / 2).tolist() == list(range(10, 20))


def test_a_cancelled_video_stops_within_it(results: Callable[..., Path], tmp_path: Path) -> None:
    reporter: list[Reporter] = []
    progress: list[float] = []

    def tell(done: float) -> None:
        progress.append(done)
        if done > 0.3:
            reporter[0].stop.set()

    reporter.append(Reporter(tell))
    with pytest.raises(CancelledError):
        write_video(results_of(results()), tmp_path / "a.mp4", reporter[0], painted=True)
    assert 0.3 < progress[-1] < 0.4


def test_a_film_that_is_gone_or_another_one_is_told(results: Callable[..., Path], tmp_path: Path) -> None:
    cases = {
        "gone": ({"source": str(tmp_path / "gone.mp4")}, "no longer exists"),
        "changed": ({"source_sha256": "0" * 64}, "not the file"),
        "camera": ({"source": "0"}, "not kept"),
        "stream": ({"source": "rtsp://me:secret@host/live"}, "rtsp://host/live"),
        "nameless": ({"source": None}, "does not say"),
    }
    for name, (facts, words) in cases.items():
        content = results_of(results(name, **facts))
        with pytest.raises(InputError, match=words):
            write_video(content, tmp_path / "out.mp4", Reporter(), painted=True)
    with pytest.raises(InputError, match="start before it"):
        write_video(results_of(results()).between(30.0, 40.0), tmp_path / "out.mp4", Reporter(), painted=True)


def test_a_film_that_lies_beside_its_table_now_is_found(
    results: Callable[..., Path], film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = results("moved", source="elsewhere/a.mp4")
    (tmp_path / "a.mp4").write_bytes(film.read_bytes())
    monkeypatch.chdir("/")
    write_video(results_of(table).between(0.0, 0.2), tmp_path / "out.mp4", Reporter(), painted=False)
    assert len(frames_of(tmp_path / "out.mp4")[0]) == 5
