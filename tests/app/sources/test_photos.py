"""Photo formats of phones, scanners and laboratories."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from app.sources import open_source
from app.sources.images import PictureSource, read_picture
from models.errors import InputError

ORIENTATION = 0x0112


def scene() -> np.ndarray:
    """An RGB picture whose corners differ: dark, with a bright upper left quarter that has a red edge."""
    image = np.full((48, 64, 3), 40, np.uint8)
    image[:24, :32] = 220
    image[:6] = (220, 40, 40)
    return image


def near(seen: np.ndarray, rgb: np.ndarray, levels: float = 12) -> bool:
    return seen.shape == rgb.shape and float(np.abs(seen[..., ::-1].astype(int) - rgb).mean()) < levels


@pytest.mark.parametrize("suffix", ["heic", "avif", "jxl", "webp", "png", "jpg", "tiff", "bmp"])
def test_photos_of_every_kind(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Pillow.fromarray(scene()).save(path)
    assert near(read_picture(path), scene())
    with open_source(str(path)) as source:
        assert isinstance(source, PictureSource)
        assert [frame.still for frame in source] == [True]


@pytest.mark.parametrize("suffix", ["heic", "jxl", "webp", "png"])
def test_transparency_lies_over_gray(tmp_path: Path, suffix: str) -> None:
    rgba = np.dstack([scene(), np.full((48, 64), 255, np.uint8)])
    rgba[24:, :, 3] = 0
    Pillow.fromarray(rgba).save(tmp_path / f"a.{suffix}")
    seen = read_picture(tmp_path / f"a.{suffix}")
    assert np.abs(seen[26:].astype(int) - 128).max() <= 3
    assert near(seen[:22], scene()[:22])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("suffix", "mode"), [("png", "RGBA"), ("webp", "RGBA"), ("png", "RGB"), ("jpg", "RGB")])
def test_turned_as_exif_says(tmp_path: Path, suffix: str, mode: str, orientation: int) -> None:
    stored = Pillow.fromarray(scene()).convert(mode)
    exif = Pillow.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / f"a.{suffix}"
    stored.save(path, exif=exif, **({"lossless": True} if suffix == "webp" else {}))
    upright = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a.transpose(1, 0, 2)[::-1, ::-1],
        8: lambda a: np.rot90(a),
    }[orientation]
    assert near(read_picture(path), upright(scene()), 6)


RANGES: list[tuple[type[np.generic], float]] = [
    (np.float32, 1.0),
    (np.float32, 255.0),
    (np.float32, 65535.0),
    (np.float64, 1.0),
]
RANGES += [(np.int32, 255), (np.int32, 65535)]


@pytest.mark.parametrize(("dtype", "top"), RANGES)
@pytest.mark.parametrize("gray", [True, False])
def test_tiff_of_numbers_that_are_no_bytes(tmp_path: Path, dtype: type, top: float, gray: bool) -> None:
    levels = scene()[..., 0] if gray else scene()
    values = (levels.astype(np.float64) / 220 * top).astype(dtype)
    assert cv2.imwrite(str(tmp_path / "a.tiff"), values if gray else np.ascontiguousarray(values[..., ::-1]))
    seen = read_picture(tmp_path / "a.tiff")
    right = np.clip(levels.astype(float) / 220 * 255, 0, 255)
    assert near(seen, right[..., None].repeat(3, 2) if gray else right, 2)


@pytest.mark.parametrize("mode", ["I", "F", "I;16", "CMYK", "P", "L", "1", "LA"])
def test_modes_that_pillow_writes(tmp_path: Path, mode: str) -> None:
    gray = Pillow.fromarray(np.where(scene()[..., 0] > 128, 255, 0).astype(np.uint8))
    if mode == "I;16":
        image = Pillow.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    elif mode in ("CMYK", "P"):
        image = gray.convert("RGB").convert(mode)
    else:
        image = gray.convert(mode)
    path = tmp_path / f"a.{'jpg' if mode == 'CMYK' else 'png' if mode in ('P', '1', 'LA') else 'tiff'}"
    image.save(path)
    assert near(read_picture(path), np.asarray(gray)[..., None].repeat(3, 2), 8)


def test_numbers_without_a_usual_range_are_stretched(tmp_path: Path) -> None:
    values = np.linspace(-1000, 3000, 64 * 48, dtype=np.float32).reshape(48, 64)
    values[0, 0] = np.nan
    cv2.imwrite(str(tmp_path / "a.tiff"), values)
    seen = read_picture(tmp_path / "a.tiff")
    assert seen[-1, -1, 0] == 255 and seen[0, 1, 0] == 0 and 100 < seen.mean() < 155


@pytest.mark.parametrize("suffix", ["heic", "avif", "jxl"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_damaged_photos_are_told_so(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a.{suffix}"
    noise = np.random.default_rng(0).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    Pillow.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=rf"a\.{suffix} is .* that is damaged"):
        read_picture(path)


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif"])
def test_one_picture_is_a_photo_and_two_are_a_film(tmp_path: Path, suffix: str) -> None:
    pictures = [Pillow.fromarray(np.full((48, 64, 3), level, np.uint8)) for level in (40, 120, 200)]
    one, more, nameless = tmp_path / f"one.{suffix}", tmp_path / f"more.{suffix}", tmp_path / "nameless"
    pictures[0].save(one)
    pictures[0].save(more, save_all=True, append_images=pictures[1:], duration=[40, 120, 200])
    nameless.write_bytes(more.read_bytes())
    with open_source(str(one)) as source:
        assert isinstance(source, PictureSource)
    for path in (more, nameless):
        with open_source(str(path)) as source:
            frames = list(source)
        assert [round(frame.image.mean(), -1) for frame in frames] == pytest.approx([40, 120, 200], abs=10)
        assert [frame.time_s for frame in frames] == pytest.approx([0, 0.04, 0.16], abs=0.002)
        assert frames[1].duration_s == pytest.approx(0.12, abs=0.002)
