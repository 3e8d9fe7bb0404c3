import json
import os
from pathlib import Path

import pytest

from app.headless.identity import Identity, place_of
from app.headless.outputs import Job, plan
from app.sources.open import open_source
from models.errors import InputError


def planned(*specs: str | Path, folder: Path, video: bool = False, overwrite: bool = False) -> tuple[list[str], list]:
    messages: list[str] = []
    identities = [Identity(str(spec)) for spec in specs]
    jobs, _ = plan(identities, folder, video=video, overwrite=overwrite, notify=messages.append)
    return [job.stem for job in jobs], messages


def test_equal_stems_get_a_number(tmp_path: Path) -> None:
    stems, messages = planned("a/clip.mp4", "b/clip.avi", "clip-2.mp4", "Clip.mov", folder=tmp_path)
    assert stems == ["clip", "clip-2", "clip-2-2", "Clip-3"]
    assert messages == []


@pytest.mark.parametrize("spec", ["~no-such-user/a.mp4", "http://[bad", "x" * 300, "\0"])
def test_a_name_that_cannot_be_opened_is_left_to_the_opening(spec: str, tmp_path: Path) -> None:
    assert Identity(spec).path is None
    planned(spec, folder=tmp_path)
    with pytest.raises(InputError):
        open_source(spec)


def test_what_has_no_place(tmp_path: Path) -> None:
    assert [place_of(spec) for spec in ("0", "http://host/a.mp4", str(tmp_path / "none"), "x" * 5000)] == [None] * 4


def test_the_folder_is_made(tmp_path: Path) -> None:
    planned("demo", folder=tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("name", ["a", "a/b", "x" * 300])
def test_what_cannot_be_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(InputError, match="cannot be used as the folder"):
        planned("demo", folder=tmp_path / name)


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("kind", ["itself", "hard link", "link", "link to it from elsewhere"])
def test_no_source_is_written_over(tmp_path: Path, kind: str, overwrite: bool) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "out"
    out.mkdir()
    clip.write_bytes(b"film")
    spec = clip
    if kind == "itself":
        out = tmp_path
    elif kind == "hard link":
        os.link(clip, out / "clip.mp4")
    elif kind == "link":
        (out / "clip.mp4").symlink_to(clip)
    else:
        out, spec = tmp_path, tmp_path / "out" / "clip.mp4"
        spec.symlink_to(clip)
    stems, messages = planned(spec, folder=out, video=True, overwrite=overwrite)
    assert stems == ["clip-2"]
    assert len(messages) == 1
    assert "clip-2" in messages[0]
    assert planned(spec, folder=out, overwrite=overwrite) == (["clip"], [])  # without a video there is no conflict


def test_another_source_is_not_written_over_either(tmp_path: Path) -> None:
    for name in ("clip.mkv", "clip.mp4"):
        (tmp_path / name).write_bytes(b"film")
    stems, _ = planned(tmp_path / "clip.mkv", tmp_path / "clip.mp4", folder=tmp_path, video=True, overwrite=True)
    assert stems == ["clip-2", "clip-3"]


def test_a_folder_or_other_case_in_the_place_of_a_file(tmp_path: Path) -> None:
    clip = tmp_path / "in" / "clip.avi"
    clip.parent.mkdir()
    clip.write_bytes(b"film")
    (tmp_path / "clip.csv").mkdir()
    (tmp_path / "CLIP-2.JSON").write_text("{}")
    assert planned(clip, folder=tmp_path)[0] == ["clip-3"]
    assert planned(clip, folder=tmp_path, overwrite=True)[0] == ["clip-3"]


def test_overwriting_is_meant_for_the_usual_name_alone(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"film")
    (tmp_path / "clip.csv").write_text("mine")
    (tmp_path / "clip-2.csv").write_text("mine too")
    assert planned(clip, folder=tmp_path, overwrite=True)[0] == ["clip"]
    assert planned(clip, folder=tmp_path, video=True, overwrite=True)[0] == ["clip-3"]  # clip.mp4 is the source


def summary(source: object, digest: object, files: object) -> str:
    keys = ("frames", "faces", "model", "detector", "emotions", "version")
    return json.dumps({"source": source, "source_sha256": digest, "files": files, **dict.fromkeys(keys, 1)})


@pytest.mark.parametrize(
    ("source", "digest", "files", "ours"),
    [
        ("{clip}", "{digest}", {".csv": "{csv}"}, True),
        ("{clip}", "{digest}", {".csv": "other"}, False),  # edited since
        ("{clip}", "{digest}", {}, False),  # never ours
        ("{clip}", "{digest}", "none", False),
        ("{clip}", "other", {".csv": "{csv}"}, False),  # another film at that path
        ("{clip}", None, {".csv": "{csv}"}, False),
        ("elsewhere.avi", "{digest}", {".csv": "{csv}"}, False),  # a copy
        (7, "{digest}", {".csv": "{csv}"}, False),
    ],
)
def test_only_a_summary_of_the_same_source_speaks_for_files(
    tmp_path: Path, source: object, digest: object, files: object, ours: bool
) -> None:
    clip, out = tmp_path / "clip.avi", tmp_path / "out"
    out.mkdir()
    clip.write_bytes(b"film")
    (out / "clip.csv").write_text("frame\n")
    known = {"clip": clip, "digest": Identity(str(clip)).compute(), "csv": Identity(str(out / "clip.csv")).compute()}

    def value_of(word: object) -> object:
        return word.format(**known) if isinstance(word, str) else word

    entries = {name: value_of(word) for name, word in files.items()} if isinstance(files, dict) else files
    (out / "clip.json").write_text(summary(value_of(source), value_of(digest), entries))
    assert planned(clip, folder=out)[0] == (["clip"] if ours else ["clip-2"])
    assert planned(clip, folder=out, overwrite=True) == (["clip"], [])


def test_what_delivers_something_else_each_time_never_replaces(tmp_path: Path) -> None:
    (tmp_path / "camera-0.json").write_text(summary("camera 0", None, {}))
    assert planned("0", folder=tmp_path)[0] == ["camera-0-2"]


def test_names_near_the_limit_are_shortened_and_told(tmp_path: Path) -> None:
    sources = [tmp_path / f"{'é' * 125}.mp4", tmp_path / f"{'é' * 125}.mkv", tmp_path / f"{'x' * 250}.avi"]
    for source in sources:
        source.write_bytes(b"film")
    stems, messages = planned(*sources, folder=tmp_path / "out")
    assert stems == ["é" * 122, "é" * 121 + "-2", "x" * 245]
    assert len(messages) == 3
    for stem in stems:
        assert len(os.fsencode(f"{stem}.json.part")) <= 255


def test_the_names_of_a_job() -> None:
    job = Job(Identity("demo"), Path("out"), "demo", video=True)
    assert job.suffixes[-1] == ".json"
    assert (job.path(".csv"), job.part(".csv")) == (Path("out/demo.csv"), Path("out/demo.csv.part"))
