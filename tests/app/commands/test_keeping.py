"""`analyze` among files that are not its own: they stay unchanged."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import cv2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.__main__ import main

Clip = Callable[..., Path]

SUFFIXES = (".csv", ".json", ".mp4", ".csv.part", ".json.part", ".mp4.part")
KINDS = ("text", "empty", "other json", "link", "dangling link", "hard link", "folder", "ours of another source")


def put(path: Path, kind: str, clip: Path, other: Path) -> None:
    """Create a file of some kind that is not ours, or not of this source."""
    if kind == "folder":
        path.mkdir()
        (path / "inside").write_text("precious")
    elif kind == "link":
        path.symlink_to(other / "elsewhere")
    elif kind == "dangling link":
        path.symlink_to(other / "nowhere")
    elif kind == "hard link":
        os.link(clip, path)
    elif kind == "ours of another source":
        path.write_bytes((other / f"clip{'.' + path.suffixes[-2 if path.suffix == '.part' else -1][1:]}").read_bytes())
    else:
        path.write_text({"text": "precious", "empty": "", "other json": '{"source": "clip", "frames": 3}'}[kind])


def state(folder: Path) -> dict[str, tuple[object, ...]]:
    """Everything that a program could change about the entries of a folder."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (path.lstat().st_ino, path.lstat().st_mtime_ns, content)
    return found


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other")
    (folder / "elsewhere").write_text("precious")
    return folder


@pytest.mark.usefixtures("faked")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(SUFFIXES), st.sampled_from(KINDS), min_size=1), st.booleans())
def test_nothing_foreign_is_changed(clip: Clip, other: Path, kinds: dict[str, str], video: bool) -> None:
    source = clip(frames=4, size=(64, 48))
    if not (other / "clip.csv").exists():
        copy = other / "clip.avi"
        copy.write_bytes(source.read_bytes()[:-1] + b"x")
        main(["analyze", str(copy), "--out", str(other), "--video"])
    with TemporaryDirectory() as name:
        folder = Path(name)
        film = folder / "in" / "clip.avi"
        film.parent.mkdir()
        film.write_bytes(source.read_bytes())
        out = folder / "out"
        out.mkdir()
        for suffix, kind in kinds.items():
            put(out / f"clip{suffix}", kind, film, other)
        before, elsewhere = state(folder), (other / "elsewhere").read_text()
        assert main(["analyze", str(film), "--out", str(out), *(["--video"] if video else [])]) == 0
        after = state(folder)
        assert {name: after.get(name) for name in before if name not in ("in", "out")} == {
            name: entry for name, entry in before.items() if name not in ("in", "out")
        }
        assert (other / "elsewhere").read_text() == elsewhere
        assert not (other / "nowhere").exists()
        written = {name.removeprefix("out/") for name in set(after) - set(before)}
        stem = next(name.removesuffix(".json") for name in written if name.endswith(".json"))
        assert written == {f"{stem}{suffix}" for suffix in SUFFIXES[: 3 if video else 2]}


@pytest.mark.usefixtures("faked")
def test_our_own_are_replaced_and_an_older_video_stays_ours(clip: Clip, tmp_path: Path) -> None:
    words = ["analyze", str(clip(frames=6)), "--out", str(tmp_path / "out")]
    stem = clip(frames=6).stem
    for more in (["--video"], [], ["--video"], ["--video", "--roi", "0,0,40,40"]):
        assert main([*words, *more]) == 0
        assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{stem}.csv", f"{stem}.json", f"{stem}.mp4"}
    assert json.loads((tmp_path / "out" / f"{stem}.json").read_text())["options"]["roi"] == [0, 0, 40, 40]


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize("video", [False, True])
def test_what_a_killed_run_of_ours_left_is_cleared_away(clip: Clip, tmp_path: Path, video: bool) -> None:
    source = clip(frames=6)
    words = ["analyze", str(source), "--out", str(tmp_path)]
    assert main([*words, "--video"]) == 0
    for suffix in SUFFIXES[:3]:
        finished = tmp_path / f"{source.stem}{suffix}"
        finished.rename(finished.with_name(f"{finished.name}.part"))
    assert main([*words, *(["--video"] if video else [])]) == 0
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert names == {f"{source.stem}{suffix}" for suffix in SUFFIXES[: 3 if video else 2]}


@pytest.mark.usefixtures("faked")
def test_overwrite_insists(clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = clip(frames=6)
    foreign = tmp_path / f"{source.stem}.csv"
    foreign.write_text("precious")
    words = ["analyze", str(source), "--out", str(tmp_path)]
    assert main(words) == 0
    errors = capsys.readouterr().err
    assert (len(errors.splitlines()), f"{source.stem}-2" in errors, "--overwrite" in errors) == (1, True, True)
    assert foreign.read_text() == "precious"
    assert main([*words, "--overwrite"]) == 0
    assert foreign.read_text().startswith("frame,")
    assert capsys.readouterr().err == ""


def test_what_appears_while_we_run_is_kept(
    clip: Clip, tmp_path: Path, faked: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = clip(frames=6)
    late = tmp_path / f"{source.stem}.json"

    class Sneaking(faked.FakeDetector):
        def detect(self, image: object) -> object:
            late.write_text("precious")
            return super().detect(image)

    monkeypatch.setattr("app.headless.parts.open_detector", lambda *_, **__: Sneaking())
    assert main(["analyze", str(source), "--out", str(tmp_path)]) == 0
    assert late.read_text() == "precious"
    names = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert names == {late.name, f"{source.stem}-2.csv", f"{source.stem}-2.json"}
    assert f"{source.stem}-2" in capsys.readouterr().err


def test_two_runs_at_once_keep_apart(clip: Clip, tmp_path: Path, faked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source = clip(frames=6)
    words = ["analyze", str(source), "--out", str(tmp_path / "out")]
    codes: list[int] = []

    class Nested(faked.FakeDetector):
        def detect(self, image: object) -> object:
            if not codes:
                codes.append(0)
                monkeypatch.setattr("app.headless.parts.open_detector", lambda *_, **__: faked.FakeDetector())
                codes[0] = main(words)
            return super().detect(image)

    monkeypatch.setattr("app.headless.parts.open_detector", lambda *_, **__: Nested())
    assert main(words) == 0
    assert codes == [0]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == sorted(f"{source.stem}{number}.{kind}" for number in ("", "-2") for kind in ("csv", "json"))


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize("name", ["é" * 125, "x" * 251, "\N{GRINNING FACE}" * 62, "a\u0301" * 83, "-v", "100%d", "a:b"])
def test_any_name_of_a_source(clip: Clip, tmp_path: Path, name: str) -> None:
    source = tmp_path / "in" / f"{name}.mp4"
    source.parent.mkdir()
    source.write_bytes(clip(frames=4).read_bytes())
    assert main(["analyze", "--out", str(tmp_path / "out"), "--video", str(source)]) == 0
    files = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert files == [".csv", ".json", ".mp4"]
    assert json.loads(next((tmp_path / "out").glob("*.json")).read_text())["source"] == str(source)


@pytest.mark.usefixtures("faked")
def test_a_folder_name_of_any_bytes(tmp_path: Path, fakes: ModuleType) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff1.png")).write_bytes(cv2.imencode(".png", fakes.picture((5, 5, 40)))[1].tobytes())
    assert main(["analyze", str(folder), "--out", str(tmp_path / "out"), "--fps", "0"]) == 0
    assert (tmp_path / "out" / "photos.csv").read_text(encoding="utf-8").splitlines()[1].endswith("ok,\\udcff1.png")
    assert json.loads((tmp_path / "out" / "photos.json").read_bytes())["pictures"] == ["\udcff1.png"]
