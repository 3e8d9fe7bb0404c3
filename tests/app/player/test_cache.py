"""Cached readings: found again, never mixed up, bounded in size, and never half-written."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.core.reading import Reading
from app.core.store import ReadingStore
from app.core.types import Box, FaceResult
from app.player.cache import Cache, digest_of

LABELS = ("anger", "neutral")


def a_store(frames: int = 10) -> ReadingStore:
    store = ReadingStore(LABELS)
    values = np.array([0.25, 0.75], np.float32)
    for index in range(frames):
        faces = (FaceResult(0, Box(1, 2, 3, 4), 0.5, values, values, "neutral"),)
        store.append(Reading(index, index / 10, 0.1, faces, LABELS, {}))
    return store


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "readings")
    assert cache.load("a") is None
    store = a_store()
    cache.keep("a", store)
    assert not cache.load("a").complete
    store.finish()
    cache.keep("a", store)
    found = cache.load("a")
    assert found.complete
    assert len(found) == 10
    assert found.at(7).faces[0].label == "neutral"
    assert cache.size() > 0
    cache.empty()
    assert cache.size() == 0
    assert cache.load("a") is None


def test_a_damaged_file_counts_as_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("a", a_store())
    path = tmp_path / "a.npz"
    whole = path.read_bytes()
    for content in (b"", whole[: len(whole) // 2], b"x" * 100):
        path.write_bytes(content)
        assert cache.load("a") is None


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("a", a_store(500))
    one = cache.size()
    small = Cache(tmp_path, int(2.5 * one))
    for age, name in ((30, "a"), (20, "b")):
        small.keep(name, a_store(500))
        when = (tmp_path / f"{name}.npz").stat().st_mtime - age
        os.utime(tmp_path / f"{name}.npz", (when, when))
    assert small.load("a") is not None  # used now, so b is the least recently used
    small.keep("c", a_store(500))
    assert [small.load(name) is not None for name in "abc"] == [True, False, True]
    (tmp_path / "writing-x.part").write_bytes(b"left by a killed program")
    small.empty()
    assert list(tmp_path.iterdir()) == []


def test_the_key_tells_films_models_and_detectors_apart(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    film, other = tmp_path / "a.mp4", tmp_path / "b.mp4"
    film.write_bytes(b"a" * 100)
    other.write_bytes(b"b" * 100)
    keys = {
        cache.key(film, "model", "haar"),
        cache.key(other, "model", "haar"),
        cache.key(film, "other", "haar"),
        cache.key(film, "model", "mediapipe"),
    }
    assert len(keys) == 4
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(film.read_bytes())
    assert cache.key(copy, "model", "haar") == cache.key(film, "model", "haar")
    assert cache.key(tmp_path / "gone.mp4", "model", "haar") is None


def test_a_large_films_digest_sees_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.player.cache._WHOLE", 1000)
    monkeypatch.setattr("app.player.cache._SAMPLE", 10)
    path = tmp_path / "film.mp4"
    path.write_bytes(b"a" * 5000)
    first = digest_of(path)
    path.write_bytes(b"a" * 4999 + b"b")
    assert digest_of(path) != first
