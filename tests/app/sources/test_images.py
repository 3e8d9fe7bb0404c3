from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from app.sources import images
from app.sources.images import PictureSource, read_picture
from models.errors import InputError


def store(path: Path, image: np.ndarray) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp", ".tiff"])
def test_usual_kinds(tmp_path: Path, suffix: str) -> None:
    image = read_picture(store(tmp_path / f"face{suffix}", np.full((30, 20, 3), 120, np.uint8)))
    assert image.shape == (30, 20, 3) and image.dtype == np.uint8
    assert image.mean() == pytest.approx(120, abs=2)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 16000, 3), (16000, 2, 3)])
def test_extreme_sizes(tmp_path: Path, shape: tuple[int, int, int]) -> None:
    assert read_picture(store(tmp_path / "odd.png", np.zeros(shape, np.uint8))).shape == shape


def test_gray_becomes_three_equal_channels(tmp_path: Path) -> None:
    image = read_picture(store(tmp_path / "gray.png", np.arange(256, dtype=np.uint8).reshape(16, 16)))
    assert np.array_equal(image, np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, 2))


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)])
def test_sixteen_bits_keep_their_brightness(tmp_path: Path, shape: tuple[int, ...]) -> None:
    image = read_picture(store(tmp_path / "deep.png", np.full(shape, 40000, np.uint16)))
    assert image.shape == (8, 8, 3) and image.dtype == np.uint8
    assert image.mean() == pytest.approx(40000 / 257, abs=1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_transparency_lies_over_neutral_gray(tmp_path: Path, dtype: type) -> None:
    top = np.iinfo(dtype).max
    image = np.full((4, 3, 4), top, dtype)
    image[0, :, 3] = 0
    image[1, :, 3] = top // 2
    seen = read_picture(store(tmp_path / "alpha.png", image))
    assert seen.shape == (4, 3, 3)
    assert seen[:, 0, 0].tolist() == pytest.approx([128, 191, 255, 255], abs=1)


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    image = np.zeros((20, 40, 3), np.uint8)
    image[:, :20] = 255  # the stored left half is white
    plain = cv2.imencode(".jpg", image)[1].tobytes()
    # one little-endian TIFF entry: orientation (0x0112), SHORT, count 1, value 6 (turn clockwise to view)
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    path = tmp_path / "turned.jpg"
    path.write_bytes(plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:])
    seen = read_picture(path)
    assert seen.shape == (40, 20, 3)
    assert seen[:15].mean() > 250 and seen[25:].mean() < 5


def test_names_with_any_letters(tmp_path: Path) -> None:
    assert read_picture(store(tmp_path / "Müller 笑顔.png", np.zeros((5, 6, 3), np.uint8))).shape == (5, 6, 3)


def damaged_jpeg() -> bytes:
    noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    data = cv2.imencode(".jpg", noise)[1].tobytes()
    return data[: len(data) // 2]


def oversized_png() -> bytes:
    data = bytearray(cv2.imencode(".png", np.zeros((2, 2, 3), np.uint8))[1].tobytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: b"", "is empty"),
        (lambda: b"only words\n", "is a text, not a picture"),
        (lambda: bytes(range(256)), "is not a picture"),
        (damaged_jpeg, "is a JPEG picture that is damaged, incomplete or too large"),
        (oversized_png, "is a PNG picture that is damaged, incomplete or too large"),
    ],
)
def test_what_is_no_picture_is_refused_in_silence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: Callable[[], bytes], reason: str
) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(content())
    with pytest.raises(InputError) as caught:
        PictureSource(path)
    assert str(path) in str(caught.value) and reason in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_damaged_png_is_refused_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = store(tmp_path / "half.png", np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match=r"half\.png is a PNG picture that is damaged"):
        PictureSource(path)
    assert capfd.readouterr().err == ""


def test_a_picture_stands_alone(tmp_path: Path) -> None:
    path = store(tmp_path / "one.png", np.zeros((20, 30, 3), np.uint8))
    assert [frame.still for frame in PictureSource(path)] == [True]


def both_ways(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """The result of reading a picture normally, and as if it were a large one: the picture or the error message."""
    found: list[object] = []
    for least in (1 << 40, 0):
        monkeypatch.setattr(images, "_LARGE", least)
        try:
            found.append(read_picture(path))
        except InputError as error:
            found.append(str(error))
    return found[0], found[1]


MODES = [(".jpg", mode) for mode in ("L", "RGB", "CMYK")]
MODES += [(".png", mode) for mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16")]


@pytest.mark.parametrize(("suffix", "mode"), MODES)
def test_a_large_picture_has_the_same_pixels(tmp_path: Path, monkeypatch, suffix: str, mode: str) -> None:
    random = np.random.default_rng(1).integers(0, 256, (40, 60, 4), dtype=np.uint8)
    made = Pillow.fromarray(random[..., :3]).convert("RGB" if mode == "I;16" else mode)
    if mode == "I;16":
        made = Pillow.fromarray(random[..., 0].astype(np.uint16) * 257)
    path = tmp_path / f"ä{suffix}"
    made.save(path)
    usual, large = both_ways(path, monkeypatch)
    assert np.array_equal(usual, large)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_large_picture_is_turned_likewise(tmp_path: Path, monkeypatch, suffix: str, orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a{suffix}"
    Pillow.fromarray(np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8)).save(path, exif=exif)
    usual, large = both_ways(path, monkeypatch)
    assert np.array_equal(usual, large)
    assert large.shape[:2] == ((60, 40) if orientation > 4 else (40, 60))


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.99])
def test_a_large_picture_that_is_cut_off_is_what_a_small_one_is(tmp_path: Path, monkeypatch, suffix, share) -> None:
    path = store(tmp_path / f"a{suffix}", np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    usual, large = both_ways(path, monkeypatch)
    assert type(usual) is type(large)
    assert np.array_equal(usual, large)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("place", [0.1, 0.5, 0.95])
def test_a_large_picture_with_a_hole_is_what_a_small_one_is(tmp_path: Path, monkeypatch, suffix, place) -> None:
    path = store(tmp_path / f"a{suffix}", np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    data = bytearray(path.read_bytes())
    at = int(len(data) * place)
    data[at : at + 200] = bytes(200)
    path.write_bytes(data)
    usual, large = both_ways(path, monkeypatch)
    assert type(usual) is type(large)
    assert np.array_equal(usual, large)


def test_a_large_picture_whose_name_opencv_cannot_open_is_read_all_the_same(tmp_path: Path, monkeypatch) -> None:
    path = store(tmp_path / "a.png", np.random.default_rng(1).integers(0, 256, (40, 60, 3), dtype=np.uint8))
    monkeypatch.setattr(cv2, "imread", lambda name, image, flags: image)
    usual, large = both_ways(path, monkeypatch)
    assert np.array_equal(usual, large)
    assert large.any()


def test_the_strips_of_a_large_photo_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.random.default_rng(1).integers(0, 256, (70, 50, 3), dtype=np.uint8)
    path = tmp_path / "a.jxl"
    Pillow.fromarray(image).save(path, lossless=True)
    monkeypatch.setattr("app.sources.pillow._STRIP_PIXELS", 50 * 16)
    assert np.array_equal(read_picture(path), image[..., ::-1])
