"""Input of the traced programs, and their detector."""

from pathlib import Path

import cv2
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def found_faces(blazeface_file: Path | None) -> dict[str, str | None]:
    """Variables with which `auto` uses BlazeFace, with fetching allowed but not needed; without its file, Haar."""
    if blazeface_file is None:
        return {"MIMIK_BLAZEFACE": None, "MIMIK_NO_FETCH": "1"}
    return {"MIMIK_BLAZEFACE": str(blazeface_file), "MIMIK_NO_FETCH": None}


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few frames of the demo clip, which shows faces."""
    folder = tmp_path_factory.mktemp("film")
    capture = cv2.VideoCapture(str(ROOT / "assets" / "demo.mp4"))
    frames = [frame for frame in (capture.read()[1] for _ in range(20)) if frame is not None]
    capture.release()
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(folder / "film.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 25, (width, height))
    for frame in frames:
        writer.write(frame)
    writer.release()
    photos = folder / "photos" / "images"
    photos.mkdir(parents=True)
    for number in (0, 19):
        cv2.imwrite(str(photos / f"{number}.png"), frames[number])
    (photos.parent / "labels.csv").write_text("image,emotion\n0.png,happiness\n19.png,neutral\n")
    return folder / "film.mp4"
