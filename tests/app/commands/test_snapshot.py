"""`snapshot`: exactly the frame shown at a time, annotated or clean."""

import os
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.sources import demo_path
from app.sources.open import open_source

# Frames differ in level and are 300 ms apart, so that every time is far from a frame boundary.
FRAMES, STEP_MS = 12, 300


@pytest.fixture(scope="module", params=["mp4", "mkv", "ts"])
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with B-frames, a single keyframe and a low, uneven frame rate."""
    path = tmp_path_factory.mktemp("films") / f"film.{request.param}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10, options={"bf": "2", "g": "100"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for index in range(FRAMES):
            picture = np.full((120, 160, 3), 20 + 18 * index, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, "bgr24")
            frame.pts = index * 3 + index % 2
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def snap(source: Path | str, at_s: float, out: Path, *options: str) -> int:
    return main(["snapshot", str(source), "--at", str(at_s), "--out", str(out), *options])


def test_clean_is_the_frame_that_decoding_up_to_there_shows(film: Path, tmp_path: Path) -> None:
    with open_source(str(film)) as source:
        frames = list(source)
    out = tmp_path / "a.png"
    for at_s in np.random.default_rng(3).uniform(0, frames[-1].time_s + 0.2, 12):
        wanted = [frame for frame in frames if frame.time_s <= at_s] or frames[:1]
        assert snap(film, float(at_s), out, "--clean") == 0
        assert np.array_equal(cv2.imread(str(out)), wanted[-1].image), at_s


def test_a_moment_after_the_end_is_the_last_frame_and_told(film: Path, tmp_path: Path, capsys) -> None:
    with open_source(str(film)) as source:
        last = list(source)[-1]
    assert snap(film, 1e6, tmp_path / "a.png", "--clean") == 0
    assert np.array_equal(cv2.imread(str(tmp_path / "a.png")), last.image)
    assert "its last frame is taken" in capsys.readouterr().err


@pytest.mark.skipif(not demo_path().is_file(), reason="the demo clip was not built")
def test_painted_shows_what_was_read(tmp_path: Path) -> None:
    clean, painted = tmp_path / "clean.png", tmp_path / "painted.png"
    assert snap("demo", 0.4, clean, "--clean") == 0
    assert snap("demo", 0.4, painted, "--detector", "haar") == 0
    first, second = cv2.imread(str(clean)), cv2.imread(str(painted))
    assert first.shape == second.shape
    assert 0.005 < np.mean(np.any(first != second, axis=2)) < 0.6


def test_a_snapshot_may_be_taken_again_but_nothing_else_is_replaced(film: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "a.png"
    assert snap(film, 0, out, "--clean") == 0
    assert snap(film, 1, out, "--clean") == 0
    cv2.imwrite(str(out), np.zeros((4, 4, 3), np.uint8))
    before = out.read_bytes()
    assert snap(film, 1, out, "--clean") == 2
    assert out.read_bytes() == before
    assert str(out) in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("at", ["-1", "soon", "nan"])
def test_a_moment_that_is_none_is_refused(film: Path, tmp_path: Path, at: str, capsys) -> None:
    assert main(["snapshot", str(film), f"--at={at}", "--out", str(tmp_path / "a.png")]) == 2
    assert "not a time" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path, capsys) -> None:
    for out in (tmp_path / "a.jpg", tmp_path / "none" / "a.png", tmp_path):
        assert snap("missing.mp4", 0, out) == 2
        assert str(out) in capsys.readouterr().err


def test_what_is_no_plain_file_is_kept_and_told_before_the_work(tmp_path: Path, capsys) -> None:
    (tmp_path / "link.png").symlink_to("gone.png")
    places = [tmp_path / "link.png", tmp_path / f"{'a' * 300}.png"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        places.append(tmp_path / "pipe.png")
    for out in places:
        assert snap("missing.mp4", 0, out) == 2
        told = capsys.readouterr().err
        assert str(out) in told and "missing.mp4" not in told
    assert (tmp_path / "link.png").is_symlink()


def test_the_moment_may_have_minutes(film: Path, tmp_path: Path) -> None:
    assert main(["snapshot", str(film), "--at", "0:01.2", "--out", str(tmp_path / "a.png"), "--clean"]) == 0
    assert snap(film, 1.2, tmp_path / "b.png", "--clean") == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_one_picture_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((40, 60 + number, 3), 50 * number, np.uint8))
    assert snap(folder, 0.05, tmp_path / "a.png", "--clean", "--fps", "25") == 0
    assert cv2.imread(str(tmp_path / "a.png")).shape == (40, 61, 3)
