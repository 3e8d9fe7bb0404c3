"""`record` of cameras, films and folders."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from app.__main__ import main
from app.sessions.folder import FilmRef, Session
from models.bundle import sha256_of
from tests.app.commands.program import ROOT, faked_program
from tests.app.sessions.counting import counting_camera, counts_in

Clip = Callable[..., Path]


def session_in(library: Path) -> Session:
    (folder,) = library.glob("2*T*_*")
    return Session(folder)


def rows_of(session: Session) -> list[dict[str, str]]:
    with session.readings.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("faked")
def test_a_camera_for_some_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with counting_camera() as camera:
        assert (
            main(["record", camera.address, "--out", str(tmp_path / "library"), "--seconds", "1", "--title", "T"]) == 0
        )
    session = session_in(tmp_path / "library")
    assert capsys.readouterr().out == f"{session.path}\n"
    manifest = session.manifest()
    assert (manifest.state, manifest.title, manifest.source) == ("complete", "T", camera.address)
    counts = counts_in(session.video)
    assert manifest.frames == len(counts) > 10
    assert counts[-1][1] <= 1.0  # timestamps in the file are rounded
    assert session.name == f"{manifest.started_at.strftime('%Y-%m-%dT%H-%M-%S')}_cam"
    rows = rows_of(session)
    assert rows
    for row in rows:
        number, time_s = counts[int(row["frame"])]
        assert abs(float(row["time_s"]) - time_s) < 0.001
        assert abs(float(row["x"]) - 2 * number % 240) < 1.5


@pytest.mark.usefixtures("faked")
def test_a_film_is_referred_to(clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = clip(frames=20)
    assert main(["record", str(film), "--out", str(tmp_path), "--stride", "0.2"]) == 0
    session = session_in(tmp_path)
    assert not session.video.exists()
    manifest = session.manifest()
    assert manifest.source == FilmRef(str(film), sha256_of(film), film.stat().st_size)
    assert (manifest.state, manifest.frames, manifest.dropped_video) == ("complete", 20, 0)
    assert main(["analyze", str(film), "--out", str(tmp_path / "analyzed"), "--stride", "0.2"]) == 0
    with (tmp_path / "analyzed" / f"{film.stem}.csv").open(newline="") as file:
        assert rows_of(session) == list(csv.DictReader(file))
    assert json.loads(session.manifest_path.read_text())["source"]["path"] == str(film)


@pytest.mark.usefixtures("faked")
def test_the_first_seconds_of_a_film(clip: Clip, tmp_path: Path) -> None:
    assert main(["record", str(clip(frames=60)), "--out", str(tmp_path), "--seconds", "1"]) == 0
    assert session_in(tmp_path).manifest().frames == 30


@pytest.mark.usefixtures("faked")
def test_pictures_of_a_folder_become_a_video(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(6):
        image = np.zeros((120, 160, 3), np.uint8)
        image[40:80, 10 * number : 10 * number + 40] = 200
        cv2.imwrite(str(folder / f"a,{number}.png"), image)
    assert main(["record", str(folder), "--out", str(tmp_path / "library"), "--fps", "10"]) == 0
    session = session_in(tmp_path / "library")
    with av.open(str(session.video)) as container:
        times = [round(float(frame.pts * frame.time_base), 3) for frame in container.decode(video=0)]
    assert times == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert [float(row["x"]) for row in rows_of(session)] == [0, 10, 20, 30, 40, 50]
    assert [row["picture"] for row in rows_of(session)] == [f"a,{number}.png" for number in range(6)]


@pytest.mark.usefixtures("faked")
def test_a_camera_that_stands_still(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "app.sources.stream.open_address.__kwdefaults__", {"timeout_s": 1.0, "start_s": None, "end_s": None}
    )
    with counting_camera(limit=30) as camera:
        assert main(["record", camera.address, "--out", str(tmp_path)]) == 2
    output = capsys.readouterr()
    assert "delivers no more pictures" in output.err
    assert len(output.err.splitlines()) == 1
    session = session_in(tmp_path)
    assert output.out == f"{session.path}\n"
    assert session.manifest().state == "complete"
    assert counts_in(session.video)[-1][0] == 29


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--seconds", "0"],
        ["--seconds", "x"],
        ["--out", ""],
        ["--keep", "a"],
        ["--keep", "1"],
        ["--blur", "some"],
        ["--blur", "all"],
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(clip: Clip, tmp_path: Path, arguments: list[str]) -> None:
    library = tmp_path / "library"
    assert main(["record", str(clip(frames=20)), "--out", str(library), *arguments]) == 2
    assert not library.exists()


@pytest.mark.usefixtures("faked")
def test_nothing_is_made_for_a_source_that_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", str(tmp_path / "a.mp4"), "--out", str(tmp_path / "library")]) == 2
    assert not (tmp_path / "library").exists()
    assert "a.mp4" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_ending_by_a_signal_leaves_an_ordinary_session(tmp_path: Path, until) -> None:
    command = [sys.executable, "-c", faked_program(0.0), "record"]
    with (
        counting_camera() as camera,
        subprocess.Popen(
            [*command, camera.address, "--out", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        until(lambda: list(tmp_path.glob("*/thumbnail.jpg")) or _has_pictures(tmp_path), "a recording")
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    session = session_in(tmp_path)
    assert out == f"{session.path}\n"
    assert session.manifest().state == "complete"
    with av.open(str(session.video)) as container:
        assert container.streams.video[0].frames == session.manifest().frames > 0


def _has_pictures(library: Path) -> bool:
    return any(path.stat().st_size > 1000 for path in library.glob("*/video.mp4"))
