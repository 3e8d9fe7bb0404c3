"""`export`: every kind from the results of `analyze`, without replacing files, and its endings."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from app.__main__ import main
from app.export.kinds import KINDS
from app.headless.targets import Target
from app.locks import lock
from tests.app.commands.program import ROOT

Clip = Callable[..., Path]


@pytest.fixture
def table(faked, clip: Clip, tmp_path: Path) -> Path:
    """The results of `analyze` for a clip of a moving square."""
    assert main(["analyze", str(clip()), "--out", str(tmp_path / "results")]) == 0
    return tmp_path / "results" / f"{clip().stem}.csv"


def export(table: Path, kind: str, out: Path, *options: str) -> int:
    return main(["export", str(table), "--to", kind, "--out", str(out), *options])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_goes_into_a_folder_under_its_usual_name(table: Path, tmp_path: Path, kind: str, capsys) -> None:
    assert export(table, kind, tmp_path / "out") == 0
    (made,) = (tmp_path / "out").iterdir()
    assert made.name == f"{table.stem}{KINDS[kind].tail}{KINDS[kind].suffixes[0]}"
    assert made.stat().st_size > 100
    assert f"wrote {made}" in capsys.readouterr().out


def test_the_table_is_the_one_of_analyze(table: Path, tmp_path: Path) -> None:
    assert export(table, "csv", tmp_path / "a.csv") == 0
    assert (tmp_path / "a.csv").read_bytes() == table.read_bytes()


def test_a_file_that_is_there_is_kept_unless_the_user_insists(table: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "a.html"
    out.write_text("mine")
    assert export(table, "html", out) == 0
    assert out.read_text() == "mine" and "<html" in (tmp_path / "a-2.html").read_text()
    assert "a-2.html" in capsys.readouterr().err
    assert export(table, "html", out, "--overwrite") == 0
    assert "<html" in out.read_text()


def test_what_is_read_is_never_replaced(table: Path, clip: Clip, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (table, table.with_suffix(".json"), clip())}
    assert export(table, "excel", table, "--overwrite", "--decimal", "comma") == 0
    assert export(table, "json", table.with_suffix(".json"), "--overwrite") == 0
    link = tmp_path / "link.mp4"
    link.symlink_to(clip())
    hard = tmp_path / "hard.mp4"
    os.link(clip(), hard)
    for out in (link, hard):
        assert export(table, "clip", out, "--overwrite") == 0
    assert {path: path.read_bytes() for path in before} == before
    names = {path.name for path in table.parent.iterdir()}
    assert {f"{table.stem}-2.csv", f"{table.stem}-2.json"} <= names


def test_overwriting_is_meant_for_the_name_that_was_asked_for_alone(table: Path) -> None:
    other = table.with_name(f"{table.stem}-2.csv")
    other.write_text("the table of another film of the same name")
    assert export(table, "excel", table, "--overwrite") == 0
    assert other.read_text() == "the table of another film of the same name"
    assert table.with_name(f"{table.stem}-3.csv").exists()


def test_a_part_of_another_run_is_left_alone(table: Path, tmp_path: Path) -> None:
    part = tmp_path / "a.csv.part"
    part.write_text("of somebody")
    mark = lock(part)
    assert export(table, "csv", tmp_path / "a.csv") == 0
    assert part.read_text() == "of somebody"
    assert {path.name for path in tmp_path.glob("a*")} == {"a.csv", "a.csv.part"}
    if mark is not None:
        os.close(mark)


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    messages: list[str] = []
    with Target(tmp_path / "a.csv", (), overwrite=False, notify=messages.append) as target:
        target.part.write_text("ours")
        (tmp_path / "a.csv").write_text("theirs")
        assert target.place() == tmp_path / "a-2.csv"
    assert (tmp_path / "a.csv").read_text() == "theirs" and (tmp_path / "a-2.csv").read_text() == "ours"
    assert len(messages) == 1 and "a-2.csv" in messages[0]
    assert len(list(tmp_path.iterdir())) == 2


def test_options_for_readers_with_a_decimal_comma(table: Path, tmp_path: Path, capsys) -> None:
    assert export(table, "excel", tmp_path / "a.csv", "--decimal", "comma") == 0
    assert pd.read_csv(tmp_path / "a.csv", sep=";", decimal=",").time_s[3] == pytest.approx(0.1)
    assert export(table, "wide", tmp_path / "b.csv", "--decimal", "comma", "--separator", "tab") == 0
    assert pd.read_csv(tmp_path / "b.csv", sep="\t", decimal=",").time_s[3] == pytest.approx(0.1)
    assert export(table, "excel", tmp_path / "c.csv", "--decimal", "comma", "--separator", "comma") == 2
    assert "semicolon" in capsys.readouterr().err


def test_a_stretch(table: Path, tmp_path: Path) -> None:
    for kind, name in (("csv", "a.csv"), ("wide", "b.csv")):
        assert export(table, kind, tmp_path / name, "--start", "0.2", "--end", "0:00.5") == 0
        assert pd.read_csv(tmp_path / name).frame.tolist() == list(range(6, 15))
    assert export(table, "json", tmp_path / "c.json", "--start", "0.2") == 0
    assert json.loads((tmp_path / "c.json").read_text())["readings"][0]["frame"] == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "csv", "--out", "a.mp4"], "suffix .csv"),
        (["--to", "timeline", "--out", "a.jpg"], ".svg or .png"),
        (["--to", "video", "--out", "a.mp4", "--keep", "1"], "--blur others"),
        (["--to", "video", "--out", "a.mp4", "--blur", "others", "--keep", "one"], "no faces"),
        (["--to", "csv", "--out", ""], "not a file name"),
        (["--to", "csv", "--out", "a.csv", "--start", "3", "--end", "2"], "does not come after"),
        (["--to", "pdf", "--out", "a.pdf"], "pdf"),
        (["--to", "csv", "--out", "a.csv", "--start", "30"], "no readings in that stretch"),
        (["--to", "timeline", "--out", "a.svg", "--start", "30"], "no readings in that stretch"),
    ],
)
def test_what_cannot_be_meant_is_told(
    table: Path, tmp_path: Path, monkeypatch, words: list[str], said: str, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    assert main(["export", str(table), *words]) == 2
    assert said in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == before


def test_what_is_neither_session_nor_table_is_told(clip: Clip, tmp_path: Path, capsys) -> None:
    for content in ("", "a\0b"):
        assert main(["export", content, "--to", "csv", "--out", str(tmp_path / "a.csv")]) == 2
        assert "not a valid name" in capsys.readouterr().err
    for content in (str(clip()), str(tmp_path), str(tmp_path / "none.csv"), str(tmp_path / "none")):
        assert export(Path(content), "csv", tmp_path / "a.csv") == 2
        assert content in capsys.readouterr().err
    for content in ("a" * 300, f"{'a' * 300}/session.json"):
        assert export(Path(content), "csv", tmp_path / "a.csv") == 2
        assert "aaa" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("kind", ["html", "json", "timeline"])
def test_a_summary_that_others_have_written(table: Path, tmp_path: Path, kind: str) -> None:
    strange = {"source": 5, "model": "x", "tags": 5, "duration_s": float("nan"), "faces": [{"seen_s": None}, 3]}
    table.with_suffix(".json").write_text(json.dumps({**strange, "options": 3, "started_at": 8, "detector": []}))
    assert export(table, kind, tmp_path / "out") == 0
    if kind == "json":
        (made,) = (tmp_path / "out").iterdir()
        assert len(json.loads(made.read_text(), parse_constant=pytest.fail)["readings"]) > 10


def test_a_place_that_cannot_be_written_is_told_and_nothing_stays(table: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "a.csv", tmp_path / f"{'x' * 300}.csv", Path("/proc/a.csv")):
        assert export(table, "csv", out) == 2
        assert out.name[:20] in capsys.readouterr().err


def test_a_failure_half_way_leaves_nothing(table: Path, tmp_path: Path, capsys) -> None:
    with table.open("a") as file:
        file.write("31,x,0\n")
    for kind in ("csv", "wide", "json", "html", "timeline", "video"):
        assert export(table, kind, tmp_path / "out") == 2
        assert "row 32" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_leaves_nothing(table: Path, clip: Clip, until, tmp_path: Path) -> None:
    out = tmp_path / "out"
    long = clip(frames=2500, size=(320, 240))
    rows = table.read_text().splitlines()
    cells = [line.split(",", 2)[2] for line in rows[1:]]
    lines = [rows[0], *(f"{n},{n / 30:.6f},{cells[n % len(cells)]}" for n in range(2500))]
    table.write_text("\n".join(lines) + "\n")
    summary = json.loads(table.with_suffix(".json").read_text())
    table.with_suffix(".json").write_text(json.dumps({**summary, "source": str(long), "source_sha256": None}))
    words = [sys.executable, "-m", "app", "export", str(table), "--to", "video", "--out", str(out)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        until(lambda: any(path.stat().st_size for path in out.glob("*.part")), "a film that grows")
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130
    assert list(out.iterdir()) == []
