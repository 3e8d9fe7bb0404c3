"""Moved films are found by their digest, and never confused with others."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.sessions import films
from app.sessions.films import found_again, is_there, locate
from app.sessions.folder import FilmRef, Manifest, Session
from models.bundle import sha256_of


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilmRef:
    monkeypatch.setattr(films, "_of_user", tuple)
    path = tmp_path / "old" / "films" / "a.mp4"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"film" * 500)
    return FilmRef(str(path), sha256_of(path), 2000)


def move(film: FilmRef, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    return Path(film.path).rename(to)


def test_a_film_that_lies_where_it_lay(film: FilmRef) -> None:
    assert is_there(film)
    assert locate(film) == Path(film.path)
    assert not is_there(replace(film, size=1))


@pytest.mark.parametrize("to", ["old/films/renamed.mp4", "old/b.mkv", "old/deep/er/a.mp4"])
@pytest.mark.parametrize("size", [2000, None])
def test_nearby_under_any_name(film: FilmRef, tmp_path: Path, to: str, size: int | None) -> None:
    place = move(film, tmp_path / to)
    found = locate(replace(film, size=size))
    assert found == (None if size is None and place.suffix != ".mp4" else place)


def test_in_a_named_folder_or_at_a_known_place(film: FilmRef, tmp_path: Path) -> None:
    place = move(film, tmp_path / "far" / "x" / "y.bin")
    assert locate(film) is None
    assert locate(film, [tmp_path / "far"]) == place
    assert locate(film, known=[str(place)]) == place


def test_another_film_of_the_same_name_and_size_is_not_it(film: FilmRef, tmp_path: Path) -> None:
    place = move(film, tmp_path / "old" / "z.mp4")
    (tmp_path / "old" / "a.mp4").write_bytes(b"mlif" * 500)
    assert locate(film) == place
    place.unlink()
    assert locate(film) is None
    assert locate(replace(film, sha256=None)) is None


def test_a_manifest_learns_the_new_place(film: FilmRef, tmp_path: Path) -> None:
    session = Session(tmp_path / "library" / "s")
    session.path.mkdir(parents=True)
    manifest = Manifest(film, datetime.now(UTC))
    assert found_again(session, manifest) is manifest
    place = move(film, tmp_path / "library" / "a.mp4")
    assert found_again(session, manifest).source == replace(film, path=str(place))
    place.unlink()
    assert found_again(session, manifest) is manifest


def test_links_in_a_circle_end(film: FilmRef, tmp_path: Path) -> None:
    Path(film.path).unlink()
    (tmp_path / "old" / "round").symlink_to(tmp_path / "old", target_is_directory=True)
    assert locate(film) is None
