"""Commands that inspect data, networks and teachers, through the command line."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.training.conftest import COUNTS
from training.__main__ import main
from training.datasets.faceset import FaceSet
from training.demo import clip
from training.demo.average_faces import SIDE
from training.logits_file import read_logits
from training.recipes.recipe import recipe_for
from training.reports import speed
from training.teachers import SavedLogits, open_teacher


def given(csv_files: tuple[Path, Path]) -> list[str]:
    return ["--data", str(csv_files[0]), "--ferplus", str(csv_files[1])]


def test_networks_are_listed_with_their_size(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("training.architectures.NAMES", ("simple_cnn", "mini_xception"))  # the large networks take long
    assert main(["models"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["network", "parameters", "MMAC"]
    assert [row.split()[0] for row in rows] == ["simple_cnn", "mini_xception"]
    for row in rows:
        _, parameters, millions, *origin = row.split()
        assert int(parameters.replace(",", "")) > 10_000 and float(millions) > 1 and origin


def test_data_are_counted_and_drawn(
    csv_files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "charts"
    assert main(["data", *given(csv_files), "--out", str(out)]) == 0
    output = capsys.readouterr().out
    drawn = sorted(out.glob("*.png"))
    assert drawn and all(f"Written to {path}." in output for path in drawn)
    assert main(["data", *given(csv_files), "--labels", "four", "--json", "--out", str(out)]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["pictures"] == {"Training": 70, "PublicTest": 21, "PrivateTest": 14}
    assert set(counts["classes"]) == {"four"}


def test_the_clip_is_made_with_its_truth(
    csv_files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One second of gray squares; averaging is tested separately."""

    def gray(faces: FaceSet, emotion: str, count: int, **_: object) -> list[np.ndarray]:
        assert len(faces) == COUNTS["Training"]
        return [np.full((SIDE, SIDE), 120, np.uint8)] * count

    monkeypatch.setattr(clip, "average_faces", gray)
    monkeypatch.setattr(clip, "SECONDS", 1)
    assert main(["demo", *given(csv_files), "--out", str(tmp_path)]) == 0
    film, truth = (Path(line) for line in capsys.readouterr().out.splitlines())
    capture = cv2.VideoCapture(str(film))
    assert (capture.get(cv2.CAP_PROP_FRAME_COUNT), capture.get(cv2.CAP_PROP_FPS)) == (clip.FPS, clip.FPS)
    capture.release()
    with truth.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows and {int(row["frame"]) for row in rows} <= set(range(clip.FPS))


def test_teachers_say_once_what_a_student_hears(
    tiny_bundle: Path,
    csv_files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("training.view_logits.BATCH", 16)
    monkeypatch.setattr("training.view_logits.CHUNK", 1)
    out = tmp_path / "new" / "pictures.npz"
    words = ["logits", str(tiny_bundle), *given(csv_files), "--keep-duplicates"]
    assert main([*words, "--out", str(out)]) == 0
    assert "70 pictures by 1 teacher(s)" in capsys.readouterr().out
    views = tmp_path / "views.npz"
    assert main([*words, "--views", "2", "--out", str(views)]) == 0
    output = capsys.readouterr().out
    assert "view 1 of 2" in output and "2 views of 70 pictures by 1 teacher(s)" in output
    with np.load(out) as saved:
        digest = str(saved["digest"])
    heads = {"fer2013": 7, "ferplus": 8}
    said = read_logits(out, digest).values
    assert {name: said[name].shape for name in heads} == {name: (70, k) for name, k in heads.items()}
    teacher = open_teacher([views], digest, heads, recipe_for("student").augment)
    assert isinstance(teacher, SavedLogits) and teacher.views is not None and teacher.views.count == 2
    assert main([*words, "--views", "0", "--out", str(views)]) == 2
    assert capsys.readouterr().err.startswith("mimik: --views: ")


def test_networks_are_compared_in_a_table(
    tiny_bundle: Path,
    csv_files: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(speed, "ROUNDS", 5)
    out = tmp_path / "networks.md"
    assert main(["compare", str(tiny_bundle), *given(csv_files), "--out", str(out), "--fresh"]) == 0
    assert f"Written to {out}: 1 rows." in capsys.readouterr().out
    assert "tiny" in out.read_text(encoding="utf-8")
