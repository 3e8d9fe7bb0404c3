import os
from pathlib import Path

import pytest

from app.commands.outputs import distinct, file_of, plan, stem_of
from app.sources.open import open_source
from models.errors import InputError


def names(*specs: str, folder: Path) -> list[str]:
    return [job.csv.name for job in plan(specs, folder, video=False)]


def test_equal_stems_get_a_number(tmp_path: Path) -> None:
    assert names("a/clip.mp4", "b/clip.avi", "clip-2.mp4", folder=tmp_path) == [
        "clip.csv",
        "clip-2.csv",
        "clip-2-2.csv",
    ]
    assert distinct(["A", "a"]) == ("A", "a-2")


def test_every_kind_of_source_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photos.v1").mkdir()
    monkeypatch.chdir(tmp_path / "photos.v1")
    assert stem_of(".") == "photos.v1"
    assert stem_of(str(tmp_path / "photos.v1")) == "photos.v1"
    assert stem_of("007") == "camera-7"
    assert stem_of("rtsp://user:secret@host/") == "host"
    assert stem_of("a.b.mp4") == "a.b"
    assert stem_of("demo") == "demo"


@pytest.mark.parametrize("spec", ["~no-such-user/a.mp4", "http://[bad", "b\udcff.avi", "x" * 300])
def test_a_name_that_cannot_be_opened_is_left_to_the_opening(spec: str, tmp_path: Path) -> None:
    (job,) = plan([spec], tmp_path, video=False)
    assert job.file is None
    with pytest.raises(InputError):
        open_source(spec)


def test_the_folder_is_made(tmp_path: Path) -> None:
    plan(["demo"], tmp_path / "a" / "b", video=True)
    assert (tmp_path / "a" / "b").is_dir()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(InputError, match="cannot be made a folder"):
        plan(["demo"], tmp_path / "a", video=False)


@pytest.mark.parametrize("link", [False, True])
def test_no_source_is_written_over(tmp_path: Path, link: bool) -> None:
    clip = tmp_path / "in" / "clip.mp4"
    clip.parent.mkdir()
    clip.write_bytes(b"film")
    out = tmp_path / "in"
    if link:
        out = tmp_path / "out"
        out.mkdir()
        os.link(clip, out / "clip.mp4")
    with pytest.raises(InputError, match=r"clip\.mp4 is a source"):
        plan([str(clip)], out, video=True)
    plan([str(clip)], out, video=False)
    (tmp_path / "clip.mkv").write_bytes(b"film")
    with pytest.raises(InputError, match="is a source"):  # of another source's video
        plan([str(tmp_path / "clip.mkv"), str(clip)], out, video=True)


def test_what_has_no_file(tmp_path: Path) -> None:
    assert [file_of(spec) for spec in ("0", "http://host/a.mp4", str(tmp_path), "x" * 5000, "\0")] == [None] * 5
