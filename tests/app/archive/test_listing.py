from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.archive.listing import list_line, listed, read_list
from app.spec import path_of


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b2.mp4", "b10.mkv", "A.MOV", "sub/c.avi", "sub/x.txt", ".git/d.mp4", "photos/1.jpg", "[x].mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def found(tree: Path, *words: str, lists: tuple[str, ...] = (), recursive: bool = False) -> list[str]:
    listing = listed([str(tree / word) for word in words], lists, recursive=recursive, notify=lambda _: None)
    return [Path(spec).relative_to(tree).as_posix() for spec in listing.specs]


@pytest.mark.parametrize(
    ("word", "recursive", "expected"),
    [
        (".", False, ["[x].mp4", "A.MOV", "b2.mp4", "b10.mkv"]),
        ("sub", False, ["sub/c.avi"]),
        ("b*", False, ["b2.mp4", "b10.mkv"]),
        ("**/*.avi", False, ["sub/c.avi"]),
        ("[x].mp4", False, ["[x].mp4"]),  # named exactly
        ("photos", False, ["photos"]),  # pictures are one sequence
        ("none.mp4", False, ["none.mp4"]),  # opening it reports the error
    ],
)
def test_what_a_word_means(tree: Path, word: str, recursive: bool, expected: list[str]) -> None:
    assert found(tree, word, recursive=recursive) == expected


def test_subfolders_and_pictures(tree: Path) -> None:
    messages: list[str] = []
    listing = listed([str(tree)], (), recursive=True, notify=messages.append)
    names = [Path(spec).relative_to(tree).as_posix() for spec in listing.specs]
    assert names == ["[x].mp4", "A.MOV", "b2.mp4", "b10.mkv", "sub/c.avi", "."]
    assert len(messages) == 1


def test_what_is_found_twice_is_there_once_and_what_is_named_twice_twice(tree: Path) -> None:
    assert found(tree, "b2.mp4", "b*", ".", "b2.mp4") == ["b2.mp4", "b10.mkv", "[x].mp4", "A.MOV", "b2.mp4"]


def test_other_sources_stay_as_they_are() -> None:
    words = ["0", "demo", "rtsp://host/*", "~no-such-user/*.mp4"]
    listing = listed(words, (), recursive=False, notify=lambda _: None)
    assert (listing.specs, listing.found) == (tuple(words), False)


def test_lists(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '\ufeff# films\n\nb2.mp4\n  sub \n"[x].mp4"\nb10*\ndemo\n'
    (tree / "list.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir("/")
    listing = listed([], [str(tree / "list.txt")], recursive=False, notify=lambda _: None)
    assert listing.found
    names = [Path(name).as_posix().removeprefix(f"{tree.as_posix()}/") for name in listing.specs]
    assert names == ["b2.mp4", "sub/c.avi", "[x].mp4", "b10.mkv", "demo"]


CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
UNDECODED = st.integers(0xDC80, 0xDCFF).map(chr)
"""Bytes that are not UTF-8, as Python represents them in file names."""


def is_a_name(text: str) -> bool:
    """Whether a file can have this name, and the file system returns it unchanged."""
    return bool(text.strip()) and text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape") == text


@given(st.lists(st.text(CHARACTERS | UNDECODED, min_size=1).filter(is_a_name), max_size=5))
def test_what_is_written_into_a_list_is_read_from_it(names: list[str]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.txt"
        names = [*names, "~no-such-user/a.mp4"]
        text = "".join(f"{list_line(name)}\n" for name in names)
        path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")
        assert read_list(str(path)) == names


def test_a_sessions_folder_is_left_to_its_refusal_and_its_thumbnail_is_no_photo(tree: Path) -> None:
    session = tree / "sub" / "2026-03-01T09-05-07_camera-0"
    session.mkdir()
    for name in ("session.json", "video.mp4", "thumbnail.jpg"):
        (session / name).write_bytes(b"")
    name = session.relative_to(tree).as_posix()
    assert found(tree, name) == [name], "opening it says what to name instead"
    assert found(tree, "sub", recursive=True) == ["sub/c.avi", f"{name}/video.mp4"]


def test_a_link_to_itself_is_left_to_its_refusal(tree: Path) -> None:
    (tree / "loop").symlink_to("loop")
    assert found(tree, "loop") == ["loop"]


def test_a_name_that_begins_with_a_tilde_is_no_user(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "~b2.mp4").write_bytes(b"")
    (tree / "~photos").mkdir()
    (tree / "~photos" / "c.mp4").write_bytes(b"")
    monkeypatch.chdir(tree)
    for words in (["."], ["~b2.mp4"], ["~photos"]):
        for name in listed(words, (), recursive=True, notify=lambda _: None).specs:
            assert path_of(name).exists()
