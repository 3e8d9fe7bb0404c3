import os
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.headless.naming import folded, numbered, room_for_stems, shortened, stem_of

ROOM = 245


def test_every_kind_of_source_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photos.v1").mkdir()
    monkeypatch.chdir(tmp_path / "photos.v1")
    assert stem_of(".") == "photos.v1"
    assert stem_of(str(tmp_path / "photos.v1")) == "photos.v1"
    assert stem_of("007") == "camera-7"
    assert stem_of("rtsp://user:secret@host/") == "host"
    assert stem_of("a.b.mp4") == "a.b"
    assert stem_of("demo") == "demo"


def test_every_file_of_a_run_fits(tmp_path: Path) -> None:
    stem = "x" * room_for_stems(tmp_path)
    for suffix in (".csv", ".json", ".mp4", ".csv.part", ".json.part", ".mp4.part"):
        (tmp_path / (stem + suffix)).write_text("")
    with pytest.raises(OSError, match="too long"):
        (tmp_path / (stem + ".json.partx")).write_text("")


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_names_are_shortened_at_a_character(stem: str) -> None:
    short = shortened(stem, ROOM)
    assert stem.startswith(short)
    assert len(os.fsencode(short)) <= ROOM
    assert short == stem or len(os.fsencode(stem[: len(short) + 1])) > ROOM


@given(st.binary(min_size=1, max_size=255).filter(lambda name: not set(name) & {0, 47}))
def test_any_bytes_make_distinct_names_that_fit(name: bytes) -> None:
    names = list(islice(numbered(os.fsdecode(name), ROOM), 120))
    assert len(set(names)) == 120
    assert all(len(os.fsencode(one)) <= ROOM for one in names)


def test_names_that_some_file_systems_take_for_equal() -> None:
    assert folded("Clip") == folded("clip")
    assert folded("e\u0301") == folded("\u00c9")
    assert folded("a") != folded("b")
