from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sources.images import Picture, PictureFolder, natural_key, read_picture
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
        (lambda: bytes(range(256)), "is no picture"),
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
        Picture(path)
    assert str(path) in str(caught.value) and reason in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_damaged_png_is_refused_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = store(tmp_path / "half.png", np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8))
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match=r"half\.png is a PNG picture that is damaged"):
        Picture(path)
    assert capfd.readouterr().err == ""


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
        PictureFolder(tmp_path, fps=0)


def test_natural_order_survives_numbers_and_letters_in_one_place() -> None:
    assert sorted(["b", "10", "2", "a1b", "a10", "A2"], key=natural_key) == ["2", "10", "a1b", "A2", "a10", "b"]


def test_a_picture_stands_alone(tmp_path: Path) -> None:
    path = store(tmp_path / "one.png", np.zeros((20, 30, 3), np.uint8))
    assert [frame.still for frame in Picture(path)] == [True]
    assert [frame.still for frame in PictureFolder(tmp_path)] == [True]


def test_unlike_pictures_stand_alone_and_frames_of_a_recording_do_not(tmp_path: Path) -> None:
    def folder(name: str, *images: np.ndarray) -> Path:
        (tmp_path / name).mkdir()
        for number, image in enumerate(images):
            store(tmp_path / name / f"{number}.png", image)
        return tmp_path / name

    random = np.random.default_rng(1)
    one, other = (cv2.resize(random.integers(0, 256, (6, 8, 3), dtype=np.uint8), (320, 240)) for _ in range(2))
    moved = np.roll(one, 3, axis=1)
    black = np.zeros_like(one)
    stills = {
        "other": folder("other", one, other, moved),
        "size": folder("size", one, one[:200]),
        "moved": folder("moved", one, moved, other),
        "black": folder("black", black, one),
    }
    told = {name: {frame.still for frame in PictureFolder(path)} for name, path in stills.items()}
    assert told == {"other": {True}, "size": {True}, "moved": {False}, "black": {False}}
    with PictureFolder(stills["other"], fps=30) as source:
        frames = list(source)
    assert [frame.still for frame in frames] == [False] * 3
    np.testing.assert_array_equal(frames[2].image, moved)
