import csv
import json
from pathlib import Path
from types import ModuleType

import cv2
import pytest

from app.__main__ import main
from app.commands.geometry_fit import Quality, coarse_grid, fit_geometry, geometry_of, plateau
from models.bundle import CROP_CURVE, CropGeometry
from models.errors import InputError


def test_the_centre_of_a_plateau_beats_a_lucky_spike() -> None:
    curve = {place: Quality(0.5, -1.0) for place in coarse_grid()}
    for scale in (110.0, 120.0, 130.0):
        for dy in (-15.0, -10.0, -5.0):
            curve[scale, dy] = Quality(0.6, -1.0)
    curve[160.0, 10.0] = Quality(0.65, -1.0)
    assert plateau(curve, (10, 5)) == (120.0, -10.0)


def test_equal_accuracies_are_decided_by_the_likelihood() -> None:
    curve = {place: Quality(0.5, -abs(place[0] - 140) - abs(place[1])) for place in coarse_grid()}
    assert plateau(curve, (10, 5)) == (140.0, 0.0)


def test_a_smooth_hill_is_found_between_the_coarse_points() -> None:
    asked: list[CropGeometry] = []

    def measure(geometry: CropGeometry) -> Quality:
        asked.append(geometry)
        return Quality(1 - (geometry.scale - 1.25) ** 2 - (geometry.dy + 0.075) ** 2, -1.0)

    best, curve = fit_geometry(measure)
    assert best == CropGeometry(1.25, 0.0, -0.075)
    assert len(asked) == len(set(asked)) == len(curve)
    assert all(geometry.dx == 0 for geometry in asked)
    assert geometry_of((90.0, -25.0)) == CropGeometry(0.9, 0.0, -0.25)


@pytest.fixture
def photos(faked: ModuleType, tmp_path: Path) -> Path:
    """Bright squares on black, read as sadness only if the crop is 1.40 to 1.61 times as wide as the square."""
    folder = tmp_path / "photos"
    (folder / "images").mkdir(parents=True)
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / "images" / name), faked.picture((100, 90, 60), level=250, size=(260, 240)))
    cv2.imwrite(str(folder / "images" / "none.png"), faked.picture())
    (folder / "labels.csv").write_text("image,emotion\na.png,sadness\nb.png,sadness\nnone.png,sadness\n")
    return folder


def test_the_crop_is_written_into_the_bundle(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    curve = tmp_path / "curve.csv"
    assert main(["calibrate", str(photos), "--curve", str(curve)]) == 0
    crops = json.loads((tmp_path / "bundle" / "model.json").read_text())["crops"]
    assert set(crops) == {"blazeface", "haar", "mediapipe"}
    assert crops["mediapipe"] == crops["blazeface"]  # the same boxes
    assert 1.4 <= crops["haar"]["scale"] <= 1.61
    assert crops["haar"]["dx"] == 0
    output = capsys.readouterr().out
    assert "haar: a face found in 2 of 3 photos" in output
    assert "before  scale 1.000, dy +0.000: accuracy 0.0%" in output
    assert f"after   scale {crops['haar']['scale']:.3f}" in output
    assert "accuracy 66.7%" in output
    with curve.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["detector", "scale", "dy", "accuracy", "log_likelihood"]
    assert {row["detector"] for row in rows} == {"haar", "blazeface"}
    assert max(float(row["accuracy"]) for row in rows) == pytest.approx(2 / 3, abs=1e-5)


def test_the_crops_that_were_tried_lie_in_the_bundle_and_outlive_the_other_detector_s(
    photos: Path, tmp_path: Path
) -> None:
    assert main(["calibrate", str(photos)]) == 0
    path = tmp_path / "bundle" / CROP_CURVE
    before = path.read_text().splitlines()
    assert main(["calibrate", str(photos), "--detector", "haar"]) == 0
    assert sorted(path.read_text().splitlines()) == sorted(before)


@pytest.mark.parametrize(
    ("name", "content"), [("no folder/a.csv", None), ("a.csv", b"\xff\xfe"), ("b.csv", b"x,y\n1,2\n")]
)
def test_a_place_that_cannot_take_the_curve_is_told_before_the_search(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert main(["calibrate", str(photos), "--curve", str(path)]) == 2
    out, error = capsys.readouterr()
    assert name in error and error.count("\n") == 1
    assert "trying crops" not in out
    assert content is None or path.read_bytes() == content


def test_a_dry_run_writes_nothing(photos: Path, tmp_path: Path) -> None:
    assert main(["calibrate", str(photos), "--dry-run", "--detector", "haar"]) == 0
    assert list((tmp_path / "bundle").iterdir()) == []


def test_a_missing_detector_is_told_and_the_other_fitted(
    photos: Path, tmp_path: Path, faked: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def only_haar(name: str, **_: object) -> object:
        if name != "haar":
            raise InputError("there is no blazeface here")
        return faked.FakeDetector(name="haar")

    monkeypatch.setattr("app.commands.calibrate.open_detector", only_haar)
    assert main(["calibrate", str(photos)]) == 0
    assert set(json.loads((tmp_path / "bundle" / "model.json").read_text())["crops"]) == {"haar"}
    assert capsys.readouterr().err == "mimik: there is no blazeface here\n"
    assert main(["calibrate", str(photos), "--detector", "blazeface"]) == 2


def test_photos_without_any_face(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photos / "labels.csv").write_text("image,emotion\nnone.png,fear\n")
    assert main(["calibrate", str(photos)]) == 2
    assert "no detector could be calibrated" in capsys.readouterr().err
    assert list((tmp_path / "bundle").iterdir()) == []
