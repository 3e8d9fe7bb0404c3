import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from app.__main__ import main
from app.commands import bench, bench_archive
from app.commands.bench_live import bench_live
from app.options import Options

KEYS = ["frames", "faces", "wall_s", "fps", "decode_fps", "stage_ms", "rss_mb", "first_paint_s", "first_result_s"]


def no_window(*_: object) -> dict[str, float | None]:
    return {"first_paint_s": 1.5, "first_result_s": None}


@pytest.mark.usefixtures("faked")
def test_keys(clip: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench, "window_times", no_window)
    assert main(["bench", str(clip(frames=12)), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == KEYS
    assert (content["frames"], content["first_paint_s"], content["first_result_s"]) == (12, 1.5, None)
    assert 0 < content["faces"] <= 12
    assert set(content["rss_mb"]) == {"start", "end"}
    assert set(content["stage_ms"]["detect"]) == {"p50", "p95"}
    assert main(["bench", str(clip(frames=12))]) == 0
    assert "12 frames with" in capsys.readouterr().out


def test_a_camera_has_no_end(
    fakes: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "open_source", lambda _: fakes.FakeSource((), live=True))
    assert main(["bench", "0"]) == 2
    assert "has no end" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "expected"),
    [({"first_paint_s": 1.23456, "first_result_s": None}, (1.235, None)), (None, (None, None))],
)
def test_times_of_the_window(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    written: dict[str, float | None] | None,
    expected: tuple[float | None, float | None],
) -> None:
    seen: dict[str, Any] = {}

    def start(command: list[str], *, env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        seen.update(command=command, env=env)
        if written is not None:
            Path(env["MIMIK_TIMINGS"]).write_text(json.dumps(written))
        return subprocess.CompletedProcess(command, 1, "", "mimik: it is broken\n")

    monkeypatch.setattr(subprocess, "run", start)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: object())
    times = bench.window_times("demo", Options(detector="haar", model="big"))
    assert tuple(times.values()) == expected
    assert seen["command"][1:] == ["-m", "app", "demo", "--detector", "haar", "--engine", "litert", "--model", "big"]
    assert float(seen["env"]["MIMIK_STARTED"]) > 0
    assert ("it is broken" in capsys.readouterr().err) == (written is None)


def test_no_qt_no_times(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert set(bench.window_times("demo", Options()).values()) == {None}
    assert "Qt is not installed" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["a.mp4"], ["--classifier"], ["--second", "student"]])
def test_a_film_is_measured_alone(more: list[str], capsys) -> None:
    assert main(["bench", "--film", "b.mp4", *more]) == 2
    assert "--film" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["a.mp4"], ["--classifier"], ["--second", "student"], ["--live", "30"]])
def test_the_window_is_measured_alone(more: list[str], capsys) -> None:
    assert main(["bench", "--window", *more]) == 2
    assert "--window" in capsys.readouterr().err


@pytest.mark.slow
def test_the_figures_of_the_window(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    monkeypatch.setattr("app.commands.bench_picture.SIZE", (1600, 1200))
    assert main(["bench", "--window", "--detector", "haar", "--json"]) == 0
    window = json.loads(capsys.readouterr().out)["window"]
    assert set(window) == {"paint_ms", "idle_gap_ms", "gap_ms", "picture_s", "picture"}
    assert window["paint_ms"]["work"] > 0
    assert window["gap_ms"]["most"] >= window["gap_ms"]["p99"] > 0


def test_a_film_that_is_missing_is_told(tmp_path: Path, capsys) -> None:
    assert main(["bench", "--film", str(tmp_path / "missing.mp4"), "--detector", "haar"]) == 2
    assert "missing.mp4" in capsys.readouterr().err


@pytest.mark.slow
def test_the_figures_of_a_film(clip, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    monkeypatch.setattr("app.commands.bench_film._ALONE_S", 1.0)
    assert main(["bench", "--film", str(clip(frames=200, fps=25)), "--detector", "haar", "--json"]) == 0
    film = json.loads(capsys.readouterr().out)["film"]
    assert set(film) == {
        "seek_ms",
        "step_ms",
        "drag_fps",
        "lookup_us",
        "ahead_ratio",
        "played_frames",
        "unpainted_frames",
    }
    assert set(film["lookup_us"]) == {"start", "end"}
    assert film["seek_ms"] > 0 and film["ahead_ratio"] > 0


@pytest.mark.slow
def test_a_film_that_is_too_short_to_be_measured_is_told(clip, capsys) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    assert main(["bench", "--film", str(clip(frames=30)), "--detector", "haar", "--json"]) == 2
    assert "too short: 30 frames" in capsys.readouterr().err


def test_the_window_before_a_camera(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: dict[str, Any] = {}
    figures = {
        "fps": 60.0,
        "seconds": 10.0,
        "frames": 600,
        "painted": 599,
        "dropped": 1,
        "capture_to_paint_ms": {"p50": 7.5, "p95": 11.0},
        "cpu": 0.2,
    }

    def start(_: list[str], *, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        asked.update(json.loads(env["MIMIK_CAMERA_TRIAL"]))
        Path(asked["path"]).write_text(json.dumps(figures))
        return subprocess.CompletedProcess([], 0, "", "")

    monkeypatch.setattr(subprocess, "run", start)
    assert main(["bench", "--live", "60", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"live": figures}
    assert asked["fps"] == 60
    assert main(["bench", "--live", "60"]) == 0
    assert "600 frames, 1 dropped" in capsys.readouterr().out


@pytest.mark.slow
def test_the_window_keeps_its_own_account_before_a_camera(clip: Callable[..., Path]) -> None:
    pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)
    figures = bench_live(str(clip(frames=20)), 30.0, Options(detector="haar"), seconds=2.0)
    assert figures["fps"] == 30.0 and figures["seconds"] > 1.8  # Qt's timers are coarse
    assert figures["frames"] > 0 and figures["painted"] > 0
    assert 0 < figures["capture_to_paint_ms"]["p50"] <= figures["capture_to_paint_ms"]["p95"]
    assert figures["cpu"] > 0


def test_a_window_that_shows_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = subprocess.CompletedProcess([], 2, "", "mimik: there is no such clip\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: broken)
    assert main(["bench", "gone.mp4", "--live", "30"]) == 2
    assert "there is no such clip" in capsys.readouterr().err


@pytest.mark.usefixtures("faked")
def test_a_peer_is_timed_in_turn_and_its_environment_made_once(
    clip: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[list[str]] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(command)
        if command[1:3] == ["-m", "venv"]:
            (Path(command[3]) / "bin").mkdir(parents=True)
            (Path(command[3]) / "bin" / "python").touch()
        return subprocess.CompletedProcess(command, 0, 'chatter\n{"frames": 12, "faces": 3, "wall_s": 4.0}\n', "")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(subprocess, "run", start)
    for made in (3, 0):
        calls.clear()
        assert main(["bench", str(clip(frames=12)), "--against", "fer", "--json"]) == 0
        against = json.loads(capsys.readouterr().out)["against"]
        assert against["theirs_fps"] == 3.0
        assert against["ratio"] == pytest.approx(against["ours_fps"] / 3.0, abs=0.01)
        assert len(against["rounds"]) == len(calls) - made
    assert calls and all(call[1].endswith("peer_fer.py") for call in calls)


@pytest.mark.usefixtures("faked")
def test_an_environment_that_cannot_be_made_is_told(
    clip: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "ERROR: no matching distribution\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    assert main(["bench", str(clip(frames=12)), "--against", "fer"]) == 2
    errors = capsys.readouterr().err
    assert "fer" in errors and "no matching distribution" in errors


@pytest.mark.parametrize("options", [["--live", "30", "--classifier"], ["--live", "0"], ["--against", "other"]])
def test_what_does_not_go_together_is_refused(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *options]) == 2
    assert capsys.readouterr().err.startswith("mimik: ")


def test_an_archive(
    clip: Callable[..., Path], faked: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for number in range(3):
        (tmp_path / f"{number}.mp4").write_bytes(clip(frames=4).read_bytes())
    ways = [("processes-1", 1, bench_archive._one), ("processes-2", 2, bench_archive._one)]
    monkeypatch.setattr(bench_archive, "_ways", lambda: iter(ways))
    assert main(["bench", "--archive", str(tmp_path), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert list(content) == ["films", "films_per_hour", "efficiency"]
    assert (content["films"], list(content["films_per_hour"])) == (3, ["processes-1", "processes-2"])
    one, two = content["films_per_hour"].values()
    assert content["efficiency"]["processes-1"] == 1.0
    assert content["efficiency"]["processes-2"] == pytest.approx(two / one / 2, rel=1e-3)
    assert main(["bench", "--archive", str(tmp_path)]) == 0
    assert "films per hour" in capsys.readouterr().out
    (tmp_path / "bad.mp4").write_bytes(b"\0" * 500)
    assert main(["bench", "--archive", str(tmp_path)]) == 2
    assert "bad.mp4" in capsys.readouterr().err


@pytest.mark.slow
def test_an_archive_by_processes_and_by_a_cluster(clip: Callable[..., Path], tmp_path: Path, capsys) -> None:
    pytest.importorskip("distributed", reason="the cluster is an extra")
    for number in range(2):
        (tmp_path / f"{number}.mp4").write_bytes(clip(frames=4).read_bytes())
    assert main(["bench", "--archive", str(tmp_path), "--detector", "haar", "--json"]) == 0
    rates = json.loads(capsys.readouterr().out)["films_per_hour"]
    assert list(rates) == ["processes-1", "processes-2", "cluster-2"]
    assert min(rates.values()) > 0
