"""`analyze` over many films, in one process, with a detector of bright squares."""

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from app.__main__ import main
from app.archive.workbench import Workbench
from app.locks import lock
from models.emotions import FERPLUS

Clip = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("faked")


@pytest.fixture
def archive(clip: Clip, tmp_path: Path) -> Path:
    """Four films, two of them with the same name, and a file that is not a film."""
    folder = tmp_path / "films"
    for name, frames in {"b2.mp4": 6, "b10.mp4": 7, "a.MP4": 8, "deep/b2.mp4": 9}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(clip(frames=frames, size=(64, 48)).read_bytes())
    (folder / ".hidden.mp4").write_bytes(b"")
    (folder / "notes.txt").write_text("about these films")
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def files(*stems: str, more: tuple[str, ...] = ()) -> set[str]:
    tables = {"summary.csv", "summary.json", "summary.parquet", *more}
    return {f"{stem}{suffix}" for stem in stems for suffix in (".csv", ".json")} | tables


def counts(output: str) -> dict[str, int]:
    words = [line.split() for line in output.splitlines()]
    return {
        line[0]: int(line[1])
        for line in words
        if len(line) == 2 and line[0] in ("done", "skipped", "damaged", "failed")
    }


def test_a_folder_of_films_and_again(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = ["analyze", str(archive), "--out", str(out)]
    assert main(words) == 0
    output = capsys.readouterr()
    assert counts(output.out) == {"done": 3, "skipped": 0, "damaged": 0, "failed": 0}
    assert output.err == ""
    assert names(out) == files("a", "b2", "b10")
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir() if not path.name.startswith("summary")}
    table = (out / "summary.csv").read_bytes()
    assert main([*words, "--recursive"]) == 0
    assert counts(capsys.readouterr().out) == {"done": 1, "skipped": 3, "damaged": 0, "failed": 0}
    assert names(out) == files("a", "b2", "b10", "b2-2")
    assert all((out / name).stat().st_mtime_ns == when for name, when in before.items())
    assert (out / "summary.csv").read_bytes().startswith(table)


def test_what_has_changed_is_done_anew(
    archive: Path, clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["analyze", str(archive / "*.mp4"), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    (archive / "b2.mp4").write_bytes(clip(frames=11, size=(64, 48)).read_bytes())
    (tmp_path / "out" / "b10.csv").unlink()
    capsys.readouterr()
    assert main(words) == 0
    output = capsys.readouterr()
    assert counts(output.out) == {"done": 2, "skipped": 0, "damaged": 0, "failed": 0}
    assert "b2.* is kept" in output.err  # belongs to another film
    for more, done in ((["--stride", "1"], 2), (["--stride", "1"], 0), (["--stride", "1", "--overwrite"], 2)):
        assert main([*words, *more]) == 0
        assert counts(capsys.readouterr().out)["done"] == done


def test_a_bad_film_is_listed_and_the_list_is_taken(
    archive: Path, clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, bad = tmp_path / "out", archive / "#bad.mp4"
    bad.write_bytes(os.urandom(2000))
    assert main(["analyze", str(archive), "--out", str(out)]) == 2
    output = capsys.readouterr()
    assert counts(output.out) == {"done": 3, "skipped": 0, "damaged": 0, "failed": 1}
    assert output.out.count(str(bad)) == 1
    assert names(out) == files("a", "b2", "b10", more=("failed.txt",))
    bad.write_bytes(clip(frames=5, size=(64, 48)).read_bytes())
    assert main(["analyze", "--from", str(out / "failed.txt"), "--out", str(out)]) == 0
    assert counts(capsys.readouterr().out) == {"done": 1, "skipped": 0, "damaged": 0, "failed": 0}
    assert names(out) == files("a", "b2", "b10", "#bad")
    films = pd.read_csv(out / "summary.csv")["film"]
    assert list(dict.fromkeys(Path(film).name for film in films)) == ["#bad.mp4", "a.MP4", "b2.mp4", "b10.mp4"]


def test_tables_over_all_films(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["analyze", str(archive), "--out", str(out), "--rows", "parquet"]) == 0
    faces = [
        face
        for path in sorted(out.glob("*.json"))
        if path.stem != "summary"
        for face in json.loads(path.read_text())["faces"]
    ]
    table, same = pd.read_parquet(out / "summary.parquet"), pd.read_csv(out / "summary.csv")
    pd.testing.assert_frame_equal(table, same, check_dtype=False)
    assert list(table.columns) == [
        *("film", "table", "face_id", "first_s", "last_s", "seen_s", "frames", "label"),
        *(f"mean_{emotion}" for emotion in FERPLUS), "quality",
    ]  # fmt: skip
    assert len(table) == len(faces)
    assert table["frames"].sum() == sum(face["frames"] for face in faces)
    assert list(dict.fromkeys(table["table"])) == ["a.parquet", "b2.parquet", "b10.parquet"]
    assert main(["analyze", str(archive), "--out", str(out)]) == 0
    for stem in ("a", "b2", "b10"):
        rows, as_text = pd.read_parquet(out / f"{stem}.parquet"), pd.read_csv(out / f"{stem}.csv")
        pd.testing.assert_frame_equal(rows, as_text, check_dtype=False)
        query = f"select count(*), min(time_s), max(smooth_neutral) from '{(out / f'{stem}.parquet').as_posix()}'"
        times, shares = as_text["time_s"], as_text["smooth_neutral"]
        assert duckdb.sql(query).fetchall() == [(len(as_text), times.min(), shares.max())]


def test_foreign_files_of_these_names_are_kept(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "summary.csv").write_text("precious")
    (out / "failed-2.txt").write_text("precious")
    shutil.copy(archive / "a.MP4", archive / "summary.mp4")
    for _ in range(2):
        assert main(["analyze", str(archive), "--out", str(out)]) == 0
        assert {"summary-2.csv", "summary-2.json", "summary-3.csv", "summary-3.json", "summary-3.parquet"} <= names(out)
        assert not {"summary-4.csv", "summary.json", "summary-2.parquet"} & names(out)
    assert [(out / name).read_text() for name in ("summary.csv", "failed-2.txt")] == ["precious"] * 2
    (out / "summary-3.csv").write_text("edited")
    assert main(["analyze", str(archive), "--out", str(out)]) == 0
    assert (out / "summary-3.csv").read_text() == "edited"
    assert (out / "summary-4.csv").exists()


def test_a_film_that_another_run_is_at_is_waited_for(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("fcntl", reason="Windows has no such marks")
    out = tmp_path / "out"
    out.mkdir()
    part = out / "b2.json.part"
    part.write_text(json.dumps({**dict.fromkeys(
        ("source_sha256", "frames", "faces", "model", "detector", "emotions", "version")
    ), "source": str(archive / "b2.mp4")}))  # fmt: skip
    mark = lock(part)
    assert mark is not None
    asked: list[int] = []
    do = Workbench.do

    def watched(self: Workbench, task: object, advance: object) -> object:
        asked.append(task.number)
        if len(asked) == 4:  # the other run ends without a result
            part.unlink()
            os.close(mark)
        return do(self, task, advance)

    monkeypatch.setattr(Workbench, "do", watched)
    assert main(["analyze", str(archive), "--out", str(out)]) == 0
    assert counts(capsys.readouterr().out) == {"done": 3, "skipped": 0, "damaged": 0, "failed": 0}
    assert asked == [0, 1, 2, 1]
    assert names(out) == files("a", "b2", "b10")


def test_a_fault_of_ours_ends_one_film(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.faults.user_log_dir", lambda *_, **__: str(tmp_path / "log"))
    monkeypatch.setattr("app.archive.workbench.CsvSink.write", lambda *_: 1 / 0)
    assert main(["analyze", str(archive / "a.MP4"), str(archive / "b*.mp4"), "--out", str(tmp_path / "out")]) == 1
    assert counts(capsys.readouterr().out) == {"done": 0, "skipped": 0, "damaged": 0, "failed": 3}
    assert "ZeroDivisionError" in (tmp_path / "log" / "mimik.log").read_text()
    assert not list((tmp_path / "out").glob("*.part"))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], "No SOURCE is named"),
        (["--from", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["x*.mp4"], "matches no file"),
        (["demo", "--segments", "2", "--video"], "--segments writes no video"),
        (["demo", "--jobs", "0"], "0 is not a number between 1 and 1000"),
        (["demo", "--jobs", "2", "--cluster", "tcp://127.0.0.1:1"], "leave out one of them"),
    ],
)
def test_what_cannot_be_asked(
    words: list[str], wanted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", *words, "--out", str(tmp_path / "out")]) == 2
    complaint = capsys.readouterr().err
    assert wanted in complaint
    assert len(complaint.splitlines()) == 1


def test_painted_films_among_films_are_none_of_them(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["analyze", str(archive), "--out", str(archive), "--video"]
    assert main(words) == 0
    before = names(archive)
    assert {"b2-2.mp4", "a-2.mp4"} <= before
    capsys.readouterr()
    assert main(words) == 0
    assert counts(capsys.readouterr().out) == {"done": 0, "skipped": 3, "damaged": 0, "failed": 0}
    assert names(archive) == before


def test_pictures_beside_films_are_a_source_of_their_own(archive: Path, tmp_path: Path, fakes: object) -> None:
    import cv2

    cv2.imwrite(str(archive / "poster.png"), fakes.picture((5, 5, 40)))
    assert main(["analyze", str(archive), "--out", str(tmp_path / "out")]) == 0
    assert names(tmp_path / "out") == files("a", "b2", "b10", "films")
    with (tmp_path / "out" / "films.csv").open(newline="") as file:
        assert [row["picture"] for row in csv.DictReader(file)] == ["poster.png"]
