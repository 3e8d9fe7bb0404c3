import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.core.stages import Seekable
from app.sources.folder import PictureFolder, natural_key
from models.errors import InputError


def store(path: Path, image: np.ndarray) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def photo(seed: int, *, noise: float = 0.0) -> np.ndarray:
    """A unique picture for each seed, 320x240, with its own noise of so many gray levels."""
    random = np.random.default_rng(seed)
    clean = cv2.resize(random.integers(0, 256, (6, 8, 3), dtype=np.uint8), (320, 240)).astype(float)
    return np.clip(clean + noise * np.random.default_rng().normal(size=clean.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Stores pictures in a new folder, named in order."""

    def make(*images: np.ndarray) -> Path:
        path = tmp_path / f"folder{len(list(tmp_path.iterdir()))}"
        path.mkdir()
        for number, image in enumerate(images):
            store(path / f"{number}.png", image)
        return path

    return make


def test_a_folder_is_one_sequence_in_natural_order(tmp_path: Path) -> None:
    for number, width in ((10, 30), (2, 20), (1, 10)):
        store(tmp_path / f"face{number}.png", np.zeros((8, width, 3), np.uint8))
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "._face3.png").write_bytes(b"what a Mac leaves behind")
    (tmp_path / "more.png").mkdir()
    with PictureFolder(tmp_path, fps=4) as source:
        frames = list(source)
    assert [frame.image.shape[1] for frame in frames] == [10, 20, 30]
    assert [frame.time_s for frame in frames] == [0, 0.25, 0.5]
    assert [frame.duration_s for frame in frames] == [0.25] * 3
    assert (source.info.width, source.info.fps, source.info.frame_count) == (10, 4, 3)


@pytest.mark.parametrize("bad", [(0,), (1,), (2,), (0, 2)])
def test_a_folder_keeps_the_good_pictures_and_names_the_bad(tmp_path: Path, drain, bad: tuple[int, ...]) -> None:
    for number in range(3):
        path = store(tmp_path / f"{number}.jpg", np.full((8, 8, 3), 50 * number, np.uint8))
        if number in bad:
            path.write_text("a text named .jpg")
    with PictureFolder(tmp_path) as source:
        frames, sentence = drain(source)
    assert [round(frame.image.mean() / 50) for frame in frames] == [number for number in range(3) if number not in bad]
    assert f"{bad[0]}.jpg is a text" in sentence
    assert f"the other {3 - len(bad)} of 3 pictures were read" in sentence


def test_folders_without_a_usable_picture(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="contains no picture"):
        PictureFolder(tmp_path)
    (tmp_path / "a.jpg").write_text("words")
    with pytest.raises(InputError, match=r"a\.jpg is a text"):
        PictureFolder(tmp_path)
    with pytest.raises(InputError, match="cannot be listed"):
        PictureFolder(tmp_path / "absent")


def test_a_rate_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rate"):
        PictureFolder(tmp_path, fps=-1)


def test_natural_order_survives_numbers_and_letters_in_one_place() -> None:
    assert sorted(["b", "10", "2", "a1b", "a10", "A2"], key=natural_key) == ["2", "10", "a1b", "A2", "a10", "b"]


def test_subfolders_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    for name in ("2.png", "10.png", "b/1.png", "a/c/1.png", ".hidden/1.png", ".ipynb_checkpoints/2.png", "a/._1.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        store(tmp_path / name, np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [frame.name for frame in PictureFolder(tmp_path)] == ["2.png", "10.png"]
    with PictureFolder(tmp_path, recursive=True) as source:
        assert [frame.name for frame in source] == ["2.png", "10.png", "a/c/1.png", "b/1.png"]
    with pytest.raises(InputError, match="--recursive"):
        PictureFolder(tmp_path / "a")


def test_a_stretch_of_a_folder(tmp_path: Path) -> None:
    for number in range(6):
        store(tmp_path / f"{number}.png", photo(number))
    with PictureFolder(tmp_path, start_s=3.9, end_s=8.0) as source:  # two seconds each
        assert [(frame.index, frame.time_s, frame.name) for frame in source] == [(2, 4.0, "2.png"), (3, 6.0, "3.png")]
    with PictureFolder(tmp_path, 10, start_s=0.2) as source:
        assert [frame.index for frame in source] == [2, 3, 4, 5]
    with pytest.raises(InputError, match="lasts 12 s"):
        PictureFolder(tmp_path, start_s=12)


def test_photos_are_two_seconds_apart(tmp_path: Path) -> None:
    for number in range(3):
        store(tmp_path / f"{number}.png", photo(number))
    with PictureFolder(tmp_path) as source:
        assert [(frame.time_s, frame.duration_s, frame.still) for frame in source] == [
            (0.0, 2.0, True),
            (2.0, 2.0, True),
            (4.0, 2.0, True),
        ]
    assert source.info.fps == 0.5


@pytest.mark.parametrize("bad", [(), (0,), (1, 2), (5,), (0, 4, 5)])
@pytest.mark.parametrize("rate", [0, 25])
def test_any_moment_of_a_folder_shows_what_reading_up_to_it_shows(
    tmp_path: Path, drain, bad: tuple[int, ...], rate: int
) -> None:
    for number in range(6):
        path = store(tmp_path / f"{number}.png", photo(number))
        if number in bad:
            path.write_text("a text named .png")
    with PictureFolder(tmp_path, rate) as source:
        frames, _ = drain(source)
    assert [frame.time_s for frame in frames] == [n / (rate or 0.5) for n in range(6) if n not in bad]
    with PictureFolder(tmp_path, rate) as source:
        assert isinstance(source, Seekable)
        for share in (0.5, 5.99, 0.0, -3.0, 2.0, 4.5, 1.999, 3.0, 100.0, math.inf):
            moment_s = share / (rate or 0.5)
            wanted = max((f for f in frames if f.time_s <= moment_s + 1e-9), key=lambda f: f.time_s, default=frames[0])
            source.seek(moment_s)
            found = next(iter(source))
            assert found.name == wanted.name
            assert found.time_s == wanted.time_s
            assert np.array_equal(found.image, wanted.image)
        source.seek(0.0)
        assert [frame.name for frame in drain(source)[0]] == [frame.name for frame in frames]
