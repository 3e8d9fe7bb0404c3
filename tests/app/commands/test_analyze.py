import csv
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import av
import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.core.pipeline import STAGES
from app.sources.demo import demo_path
from models.emotions import FERPLUS
from tests.app.commands.program import ROOT, faked_program

Clip = Callable[..., Path]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def frames_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_photos_are_read_each_by_itself_unless_they_are_said_to_be_a_recording(
    faked: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number, (place, level) in enumerate((((5, 5, 40), 140), ((100, 60, 40), 250), ((8, 5, 40), 110))):
        cv2.imwrite(str(photos / f"{number}.png"), faked.picture(place, level=level))
    arguments = ["analyze", str(photos), "--out", str(tmp_path / "out")]
    assert main(arguments) == 0
    assert "each picture is read by itself" in capsys.readouterr().err
    rows = rows_of(tmp_path / "out" / "photos.csv")
    assert [row["face_id"] for row in rows] == ["0", "1", "2"]
    assert all(row[f"raw_{name}"] == row[f"smooth_{name}"] for row in rows for name in FERPLUS)
    assert main([*arguments, "--fps", "10"]) == 0
    assert "by itself" not in capsys.readouterr().err
    rows = rows_of(tmp_path / "out" / "photos.csv")
    assert rows[0]["face_id"] == rows[2]["face_id"]
    assert [row["time_s"] for row in rows] == ["0.000000", "0.100000", "0.200000"]


@pytest.mark.usefixtures("faked")
def test_photos_have_names_and_two_seconds_each(tmp_path: Path, fakes: ModuleType) -> None:
    for name in ("b/2.png", "1.png", "b/10.png", ".hidden/3.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), fakes.picture((5, 5, 40)))
    words = ["analyze", str(tmp_path / "photos"), "--out", str(tmp_path / "out"), "--video", "--fps", "0"]
    assert main([*words, "--recursive"]) == 0
    rows = rows_of(tmp_path / "out" / "photos.csv")
    assert [row["picture"] for row in rows] == ["1.png", "b/2.png", "b/10.png"]
    assert [row["time_s"] for row in rows] == ["0.000000", "2.000000", "4.000000"]
    assert {row["status"] for row in rows} == {"ok"}
    with av.open(str(tmp_path / "out" / "photos.mp4")) as container:
        assert container.duration == pytest.approx(6 * av.time_base, abs=2000)
        assert container.streams.video[0].frames == 3
    summary = json.loads((tmp_path / "out" / "photos.json").read_text())
    assert (summary["duration_s"], summary["complete"], summary["options"]["recursive"]) == (6.0, True, True)


@pytest.mark.usefixtures("faked")
def test_a_stretch_of_a_clip_and_a_part_of_its_picture(clip: Clip, tmp_path: Path) -> None:
    words = ["analyze", str(clip(frames=30)), "--out", str(tmp_path)]
    assert main([*words, "--start", "0.2", "--end", "0:00.4", "--roi", "0,0,30,120"]) == 0
    rows = rows_of(tmp_path / f"{clip(frames=30).stem}.csv")
    assert [row["frame"] for row in rows] == [str(i) for i in range(6, 12)]
    assert {row["status"] for row in rows} == {"ok"}
    assert all(float(row["x"]) + float(row["width"]) <= 30 for row in rows)
    assert main([*words, "--roi", "160,0,30,120"]) == 2


@pytest.mark.usefixtures("faked")
def test_all_files_of_a_clip(clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["analyze", str(clip(frames=30)), "--out", str(out), "--video"]) == 0
    stem = clip(frames=30).stem
    rows = rows_of(out / f"{stem}.csv")
    assert {int(row["frame"]) for row in rows} == set(range(30))
    assert [column for column in rows[0] if column.startswith("raw_")] == [f"raw_{name}" for name in FERPLUS]
    assert {row["face_id"] for row in rows} == {"0"}
    content = json.loads((out / f"{stem}.json").read_text())
    assert (content["frames"], content["fps"], content["duration_s"]) == (30, 30.0, pytest.approx(1.0))
    assert (content["source"], content["detector"], content["engine"]) == (str(clip(frames=30)), "haar", "fake")
    assert content["model"] == {"name": "fake", "sha256": "d1"}
    assert set(content["stage_ms"]) == set(STAGES)
    assert [face["id"] for face in content["faces"]] == [0]
    assert frames_of(out / f"{stem}.mp4") == 30
    output = capsys.readouterr()
    assert "30 frames, 1 face, 1.0 s" in output.out
    assert "apparent expression" in output.out
    assert f"wrote {out / stem}.mp4" in output.out
    assert output.err == ""


@pytest.mark.usefixtures("faked")
def test_sources_begin_anew_and_a_bad_one_is_told(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = str(clip(frames=12)), tmp_path / "bad.mp4"
    bad.write_bytes(os.urandom(3000))
    assert main(["analyze", good, str(bad), good, "--out", str(tmp_path / "out")]) == 2
    stem = Path(good).stem
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *(f"{stem}-2.csv", f"{stem}-2.json", f"{stem}.csv", f"{stem}.json"),
    ]
    first, second = (rows_of(tmp_path / "out" / f"{stem}{number}.csv") for number in ("", "-2"))
    assert first == second
    errors = capsys.readouterr().err
    assert len(errors.splitlines()) == 1
    assert errors.startswith(f"mimik: {bad}")


@pytest.mark.usefixtures("faked")
def test_a_frame_without_a_face_has_a_row(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    image = np.zeros((90, 120, 3), np.uint8)
    for name, squares in {"1.png": [], "2.png": [(10, 10), (70, 40)], "10.png": []}.items():
        for x, y in squares:
            image[y : y + 30, x : x + 30] = 200
        cv2.imwrite(str(photos / name), image)
        image[:] = 0
    cv2.imwrite(str(photos / "11.png"), np.full((300, 40, 3), 30, np.uint8))
    assert main(["analyze", str(photos), "--out", str(tmp_path / "out"), "--fps", "10", "--video"]) == 0
    rows = rows_of(tmp_path / "out" / "photos.csv")
    counts = Counter(row["frame"] for row in rows)
    assert set(counts) == {"0", "1", "2", "3"}
    assert len({(row["frame"], row["face_id"]) for row in rows}) == len(rows)
    assert rows[0]["face_id"] == rows[0]["label"] == ""
    assert rows[-1]["time_s"] == "0.300000"
    assert frames_of(tmp_path / "out" / "photos.mp4") == 4


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 16000, 3), (31, 17), (20, 30, 4)])
def test_odd_pictures(tmp_path: Path, shape: tuple[int, ...]) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full(shape, 90, np.uint8))
    assert main(["analyze", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), "--video"]) == 0
    assert len(rows_of(tmp_path / "out" / "a.csv")) == 1
    assert frames_of(tmp_path / "out" / "a.mp4") == 1


@pytest.mark.usefixtures("faked")
def test_a_truncated_film_keeps_what_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, cut = tmp_path / "whole.avi", tmp_path / "cut.avi"
    writer = cv2.VideoWriter(str(whole), cv2.VideoWriter.fourcc(*"MJPG"), 25, (160, 120))
    for i in range(100):
        writer.write(np.random.default_rng(i).integers(0, 90, (120, 160, 3), np.uint8))
    writer.release()
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert main(["analyze", str(cut), "--out", str(tmp_path / "out"), "--video"]) == 2
    output = capsys.readouterr()
    assert "cut.avi" in output.err
    assert len(output.err.splitlines()) == 1
    rows = len({row["frame"] for row in rows_of(tmp_path / "out" / "cut.csv")})
    assert 20 < rows < 80
    summary = json.loads((tmp_path / "out" / "cut.json").read_text())
    assert (summary["frames"], summary["complete"]) == (rows, False)
    assert frames_of(tmp_path / "out" / "cut.mp4") == rows
    assert f"{rows} frames" in output.out
    assert f"wrote {tmp_path / 'out' / 'cut.csv'}, with everything that could be read" in output.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_readable_files(clip: Clip, until, tmp_path: Path, number: signal.Signals) -> None:
    path, out = clip(frames=2000), tmp_path / "out"
    table, growing = out / f"{path.stem}.csv", out / f"{path.stem}.csv.part"
    heeding = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"  # also where the tests run under nohup
    program = heeding + faked_program(0.02)
    command = [sys.executable, "-c", program, "analyze", str(path), "--out", str(out), "--video"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: growing.exists() and growing.read_bytes().count(b"\n") > 10, "a table of ten rows")
        process.send_signal(number)
        output, complaints = process.communicate(timeout=60)
    assert process.returncode == 130, complaints
    assert complaints == ""
    rows = rows_of(table)
    assert 10 <= len(rows) < 2000
    assert all(None not in row.values() for row in rows)
    summary = json.loads(table.with_suffix(".json").read_text())
    assert (summary["frames"], summary["complete"]) == (len(rows), False)
    assert frames_of(table.with_suffix(".mp4")) == len(rows)
    assert f"wrote {table}, up to the interruption" in output
    assert len(list(out.iterdir())) == 3


def test_the_real_thing_on_the_first_frames_of_the_demo(tmp_path: Path) -> None:
    film = tmp_path / "start.avi"
    capture = cv2.VideoCapture(str(demo_path()))
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 25, (640, 480))
    for _ in range(10):
        writer.write(capture.read()[1])
    writer.release()
    capture.release()
    command = [sys.executable, "-m", "app", "analyze", str(film), "--out", str(tmp_path), "--detector", "haar"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    content = json.loads((tmp_path / "start.json").read_text())
    assert content["frames"] == 10
    assert content["faces"]
    assert len(content["model"]["sha256"]) == 64
