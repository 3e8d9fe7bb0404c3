"""`candidates` over frames of the demo clip: which detections it collects, and how it labels them."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.detectors.blazeface import BlazeFaceDetector
from app.sources.demo import demo_path
from app.sources.open import open_source
from models.candidates import MADE, PHOTO, SHOWN, TURNED, UNKNOWN, read_candidates

Collect = Callable[..., int]


@pytest.fixture
def collect(blazeface: Path, monkeypatch: pytest.MonkeyPatch) -> Collect:
    """Runs the command with three synthetic pictures instead of two thousand."""
    noise = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    made = [("plain", np.full((120, 160, 3), 90, np.uint8)), ("noise", noise)]
    monkeypatch.setattr("app.commands.candidates.made_pictures", lambda: iter(made))
    return lambda *words: main(["candidates", *map(str, words), "--detector-model", str(blazeface)])


def save(folder: Path, name: str, image: np.ndarray) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(folder / name), image)
    return folder


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    """A frame with one face."""
    with open_source(str(demo_path())) as demo:
        return next(islice(demo, 20, None)).image


def test_faces_variants_and_what_is_none_are_told_apart(
    collect: Collect, blazeface: Path, scene: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detector = BlazeFaceDetector(blazeface)
    box = max(detector.detect(scene), key=lambda one: one.score).box
    detector.close()
    photos = save(tmp_path / "photos", "a.png", scene)
    street = save(tmp_path / "street" / "images", "b.png", scene).parent
    rows = ["image,x,y,width,height,score,label", f"b.png,{box.x},{box.y},{box.w},{box.h},0.9,face"]
    (street / "detections.csv").write_text("\n".join(rows) + "\n")
    out = tmp_path / "claims.npz"
    assert collect("--photos", photos, "--negatives", street, "--out", out) == 0
    found = read_candidates(out)
    assert capsys.readouterr().out == f"{len(found)} claims of {len(set(found.picture))} pictures written to {out}\n"
    assert found.crops.shape == (len(found), 48, 48, 1) and np.ptp(found.crops) > 100
    assert np.array_equal(np.isnan(found.evidence).all(axis=1), found.detector == "haar")
    assert set(found.detector) == {"blazeface", "haar"}
    by_way = {way: set(found.label[found.way == way].tolist()) for way in set(found.way.tolist())}
    assert by_way[PHOTO] == by_way[f"{PHOTO} varied"] == {"face"}
    assert by_way[SHOWN] | by_way["varied"] == {"face"}
    assert "face" in by_way["parts"] and by_way["parts"] <= {"face", UNKNOWN}
    assert by_way.get(f"{PHOTO} turned", {TURNED}) == {TURNED}
    assert by_way.get(MADE, {MADE}) == {MADE}
    assert set(found.picture[found.way == PHOTO]) == {"a.png"}
    assert set(found.picture[found.way == "varied"]) == {"b.png"}


def test_what_cannot_be_collected_is_told(
    collect: Collect, scene: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wall = save(tmp_path / "wall", "a.png", np.full((60, 80, 3), 90, np.uint8))
    for words, sentence in (
        (["--out", tmp_path / "a.npz"], "There is nothing to collect from"),
        (["--negatives", wall, "--out", tmp_path / "a.csv"], "a.csv cannot be written: name a file that ends in .npz"),
        (["--photos", tmp_path / "gone", "--out", tmp_path / "a.npz"], "gone cannot be read"),
        (["--photos", wall, "--out", tmp_path / "a.npz"], "No claim of a face was found in these pictures"),
    ):
        assert collect(*words) == 2
        assert sentence in capsys.readouterr().err
    assert list(tmp_path.glob("a.*")) == []
