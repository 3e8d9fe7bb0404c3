"""Thumbnails of large pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from app.sources.images import read_picture
from app.sources.thumbnails import read_thumbnail
from models.errors import InputError


def scene(width: int, height: int) -> np.ndarray:
    """A smooth picture, comparable at any size: red from left to right, blue from top to bottom."""
    image = np.zeros((height, width, 3), np.uint8)
    image[..., 2] = np.linspace(0, 255, width, dtype=np.uint8)
    image[..., 0] = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
    return image


@pytest.mark.parametrize(
    "size", [(1600, 900), (900, 1600), (700, 700), (330, 200), (163, 20), (60, 40), (1, 1), (3000, 2)]
)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_thumbnail_is_the_picture_in_small(tmp_path: Path, size: tuple[int, int], suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(cv2.imencode(suffix, scene(*size))[1].tobytes())
    small, whole = read_thumbnail(path, 160), read_picture(path)
    height, width = small.shape[:2]
    assert max(height, width) == min(160, max(size))
    assert min(height, width) == pytest.approx(max(1, min(160, max(size)) * min(size) / max(size)), abs=0.6)
    wanted = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - wanted).mean() < 10


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright_as_the_picture_is(tmp_path: Path, orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.jpg"
    Pillow.fromarray(scene(1200, 800)[..., ::-1]).save(path, exif=exif, quality=95)
    small, whole = read_thumbnail(path, 120), read_picture(path)
    assert (small.shape[0] > small.shape[1]) == (whole.shape[0] > whole.shape[1])
    wanted = cv2.resize(whole, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - wanted).mean() < 4


def test_what_is_no_picture_is_told_as_for_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("words")
    with pytest.raises(InputError, match="is a text"):
        read_thumbnail(path, 100)
    with pytest.raises(InputError, match="absent"):
        read_thumbnail(tmp_path / "absent.jpg", 100)
    whole = cv2.imencode(".jpg", scene(900, 900))[1].tobytes()
    path.write_bytes(whole[:200])
    with pytest.raises(InputError, match=r"a\.jpg"):
        read_thumbnail(path, 100)
