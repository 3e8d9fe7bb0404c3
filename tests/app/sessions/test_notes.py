"""Notes: adding, changing and removing rows, also in a file with foreign content."""

import csv
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.sessions.notes import COLUMNS, add_note, change_note, read_notes, remove_note, tidy_notes
from models.errors import InputError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.csv"


def test_notes_come_back_in_the_order_of_their_time(path: Path) -> None:
    later = add_note(path, 4.5, "label", "happiness", end_s=6.0, face_id=2)
    add_note(path, 1.25, "mark")
    add_note(path, 2.0, text='said "yes",\nthen left')
    notes = read_notes(path)
    assert [note.kind for note in notes] == ["mark", "note", "label"]
    assert notes[2] == later.__class__(**{**_fields(later), "created_at": notes[2].created_at})
    assert notes[1].text == 'said "yes",\nthen left'
    assert len({note.id for note in notes}) == 3
    assert abs((datetime.now(UTC) - notes[0].created_at).total_seconds()) < 3600
    with path.open(newline="") as file:
        assert next(csv.reader(file)) == list(COLUMNS)


def _fields(note: object) -> dict:
    return {name: getattr(note, name) for name in COLUMNS}


def test_changing_and_removing(path: Path) -> None:
    first, second = add_note(path, 1.0, text="a"), add_note(path, 2.0, text="b")
    change_note(path, first.id, text="c", end_s=1.5)
    remove_note(path, second.id)
    remove_note(path, "77")
    (left,) = read_notes(path)
    assert (left.id, left.text, left.end_s) == (first.id, "c", 1.5)


def test_a_row_that_was_cut_off_is_no_note_and_the_next_one_is_whole(path: Path) -> None:
    add_note(path, 1.0, text="kept")
    with path.open("a") as file:
        file.write("2,3.5")
    assert [note.text for note in read_notes(path)] == ["kept"]
    add_note(path, 2.0, text="next")
    assert [note.text for note in read_notes(path)] == ["kept", "next"]
    with path.open("ab") as file:
        file.write(b"9,\xff")
    tidy_notes(path)
    assert path.read_bytes().endswith(b"\n")
    assert len(read_notes(path)) == 2


@pytest.mark.parametrize(
    "text", ["", "a;b\n1;2\n", "id,start_s,kind\n1,nan,note\n2,x,mark\n3,1,song\n,1,note\n", "\0\n"]
)
def test_what_is_no_note_is_left_out(path: Path, text: str) -> None:
    path.write_text(text)
    assert read_notes(path) == ()


def test_rows_of_other_programs_are_read(path: Path) -> None:
    path.write_text("\ufeffkind,id,start_s,created_at,face_id\nmark,a7,2,2026-01-01,x\n")
    (note,) = read_notes(path)
    assert (note.id, note.start_s, note.end_s, note.face_id) == ("a7", 2.0, None, None)
    assert note.created_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_texts_of_every_kind_come_back(path: Path) -> None:
    texts = ["a\rb", "a\r\nb", '=1+1;"x",', "\u2028\x85\0z", "a" * 200_000, "ü 🙂"]
    for text in texts:
        add_note(path, 1.0, text=text)
    assert [note.text for note in read_notes(path)] == ["a\nb", "a\nb", *texts[2:]]
    assert all(note.created_at for note in read_notes(path))


def test_a_text_that_was_cut_off_does_not_swallow_the_next_note(path: Path) -> None:
    add_note(path, 1.0, text="kept")
    with path.open("a") as file:
        file.write('2,2.0,,,note,"first line\n')
    add_note(path, 3.0, text="next")
    assert [note.text.strip() for note in read_notes(path)] == ["kept", "first line", "next"]
    with path.open("a") as file:
        file.write('7,4.0,,,note,"cut\n')
    tidy_notes(path)
    assert path.read_bytes().count(b'"') % 2 == 0
    assert len(read_notes(path)) == 4


def test_what_others_left_in_the_file_stays(path: Path) -> None:
    path.write_text("kind,id,start_s,by\nmark,a7,2,Ann\nsong,b1,x,Bob\n")
    added = add_note(path, 3.0, text="ours")
    change_note(path, "a7", text="seen")
    assert [(note.id, note.text) for note in read_notes(path)] == [("a7", "seen"), (added.id, "ours")]
    remove_note(path, added.id)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["id"], row["by"]) for row in rows] == [("mark", "a7", "Ann"), ("song", "b1", "Bob")]


def test_a_table_of_other_columns_is_not_written_to(path: Path) -> None:
    path.write_text("id;start_s;kind;text\n1;2,5;note;hello\n")
    remove_note(path, "1")
    with pytest.raises(InputError, match="does not have the columns"):
        add_note(path, 3.0, text="ours")
    assert path.read_text() == "id;start_s;kind;text\n1;2,5;note;hello\n"


def test_a_stretch_covers_its_moments(path: Path) -> None:
    note = add_note(path, 1.0, end_s=2.0)
    assert [note.covers(t) for t in (0.9, 1.0, 1.9, 2.0)] == [False, True, True, False]


def test_writers_at_the_same_time_lose_nothing(path: Path) -> None:
    def write(number: int) -> None:
        for i in range(5):
            note = add_note(path, number + i / 10)
            change_note(path, note.id, text=f"{number} {i}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notes = read_notes(path)
    assert {note.text for note in notes} == {f"{n} {i}" for n in range(4) for i in range(5)}
    assert len({note.id for note in notes}) == 20


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"notes\.csv"):
        add_note(tmp_path / "missing" / "notes.csv", 1.0)
