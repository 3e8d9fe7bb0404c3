"""Reads lists of picture files with their labels, the form in which RAF-DB and AffectNet are published."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.emotions import canonical
from models.errors import InputError
from training.datasets.faceset import CLASSES, FaceSet
from training.datasets.folders import FOLDERS, RAFDB_PICTURE
from training.datasets.numbers import AFFECTNET_NUMBERS, RAFDB_NUMBERS, Numbering, numbering_of
from training.datasets.pictures import Box, LabelledPicture, is_picture, read_pictures, visible
from training.datasets.splits import with_validation
from training.datasets.table import BadRowError, plain, read_header, read_rows

RAFDB_FILES = ("list_patition_label.txt", "list_partition_label.txt")
"""The first is RAF-DB's spelling."""

AFFECTNET_PATH = "subDirectory_filePath"
PATH_COLUMNS = (AFFECTNET_PATH, "image", "file", "filename", "filepath", "path", "image path", "picture", "pth")
LABEL_COLUMNS = ("expression", "emotion", "label", "class")
USAGE_COLUMNS = ("Usage", "split", "set")
BOX_COLUMNS = ("face_x", "face_y", "face_width", "face_height")
AFFECTNET_COLUMNS = (AFFECTNET_PATH, *BOX_COLUMNS, "facial_landmarks", "expression", "valence", "arousal")
"""The columns of AffectNet's files without a header, such as some copies of `validation.csv`."""

NO_LABEL = {8: "none", 9: "uncertain", 10: "no face"}
"""AffectNet's codes of pictures without one of its eight emotions."""

RAFDB_LINE = re.compile(r"(.+\.\w+)\s+(\d+)")

DEEPEST = 2
"""How many levels below the list's folder, or its parent, the names in a list may start."""

PROBES = 40
"""Number of rows, spread over a list, from which it is found out where its names start."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line: the picture's name, its label, its split if the line has it, and where the face is."""

    where: str
    name: str
    label: str
    usage: str | None
    box: Box | None


def find_lists(folder: Path) -> tuple[Path, ...]:
    """RAF-DB's list in a folder or up to three levels below it, or csv lists in the folder itself."""
    level = [folder]
    for _ in range(4):
        found = [place / name for place in level for name in RAFDB_FILES if (place / name).is_file()]
        if found:
            return (found[0],)
        level = [entry for place in level for entry in visible(place) if entry.is_dir()]
    lists = [entry for entry in visible(folder) if entry.suffix.lower() == ".csv" and is_list(entry)]
    return tuple(entry for entry in lists if _usage_of_name(entry) is not None) or tuple(lists[:1])


def with_siblings(path: Path) -> tuple[Path, ...]:
    """A list that is named as one of Training rows, with those of the other splits next to it; any other list alone."""
    if path.suffix.lower() == ".txt" or _usage_of_name(path) != "Training":
        return (path,)
    neighbours = (entry for entry in visible(path.parent) if entry.suffix.lower() == ".csv" and is_list(entry))
    others = (entry for entry in neighbours if _usage_of_name(entry) not in (None, "Training"))
    return (path, *(entry for entry in others if _header(entry) == _header(path)))


def is_list(path: Path) -> bool:
    """Whether a file is RAF-DB's list by its first line, or a csv with a column of file names and one of labels."""
    if path.suffix.lower() == ".txt":
        try:
            with path.open(encoding="utf-8-sig") as file:
                return RAFDB_LINE.fullmatch(file.readline(1000).strip()) is not None
        except (OSError, UnicodeDecodeError):
            return False
    header = _header(path)
    return plain("pixels") not in header and all(_column(header, names) for names in (PATH_COLUMNS, LABEL_COLUMNS))


def read_lists(paths: Sequence[Path], *, skip_bad: bool = False) -> FaceSet:
    """Read the pictures that lists name, as gray levels at 48x48.

    A row's split is given by the list, else by the start of the picture's name (RAF-DB's `train_`, `test_`), else by
    the name of the list; otherwise it is Training. `with_validation` adds a validation part if there is none.

    Args:
        paths: RAF-DB's `list_patition_label.txt` (`train_00001.jpg 5`), AffectNet's csv (`subDirectory_filePath`, ...,
            `expression`), or any csv with a column of file names and one of labels. The pictures are next to it, in its
            parent folder or up to `DEEPEST` levels below; RAF-DB's aligned ones are preferred.
        skip_bad: Skip rows whose picture is missing or unusable, and list them in `skipped`.

    Raises:
        InputError: If a list cannot be read, or a row cannot be used unless `skip_bad`; names the file and the line.
    """
    rows: list[LabelledPicture] = []
    notes: list[str] = []
    for path in paths:
        entries = list(_text_entries(path) if path.suffix.lower() == ".txt" else _csv_entries(path))
        if not entries:
            raise InputError(f"{path} lists no picture.")
        numbers = _numbering(path, entries)
        if any(entry.label.isdecimal() for entry in entries):
            notes.append(f"The numbers in {path} are taken for {numbers}.")
        if not any(entry.usage or _usage_of_picture(entry.name) for entry in entries):
            notes.append(f"{path} does not say the split; its rows are taken for {_usage_of_name(path) or 'Training'}.")
        known = [entry for entry in entries if not _is_other_code(entry, numbers)]
        if len(known) < len(entries):
            counts = Counter(int(entry.label) for entry in entries if _is_other_code(entry, numbers))
            listed = ", ".join(f"{n:,} of {_code(code, numbers)}" for code, n in sorted(counts.items()))
            notes.append(f"Rows of {path} with other codes than those are left out: {listed}.")
        rows += _labelled(path, known, numbers)
    faces, skipped = read_pictures(rows, skip_bad=skip_bad, notes=tuple(notes))
    source = " and ".join(map(str, paths))
    if faces is None:
        raise InputError(f"{source} has no usable row{f', as in: {skipped[0]}' if skipped else '.'}")
    return with_validation(faces, source)


def _text_entries(path: Path) -> Iterator[_Entry]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            match = RAFDB_LINE.fullmatch(line.strip())
            where = f"{path}, line {number}"
            if match is None:
                raise BadRowError(f"{where}: {line[:40]!r} is not a picture's name with the number of its class.")
            yield _Entry(where, match[1], match[2], None, None)


def _csv_entries(path: Path) -> Iterator[_Entry]:
    header = _header(path)
    name, label, usage = (_column(header, names) for names in (PATH_COLUMNS, LABEL_COLUMNS, USAGE_COLUMNS))
    if name is None or label is None:
        raise InputError(f"{path} has no column of file names and no column of labels.")
    optional = (*BOX_COLUMNS, *(() if usage is None else (usage,)))
    given = None if header == read_header(path) else AFFECTNET_COLUMNS
    for row in read_rows(path, (name, label), optional, header=given):
        split = None if usage is None else FOLDERS.get(row.text(usage).lower())
        box = None
        if name == AFFECTNET_PATH and all(column in row.columns for column in BOX_COLUMNS):
            box = _box([row.text(column) for column in BOX_COLUMNS])
        yield _Entry(f"{path}, line {row.line}", row.text(name), row.text(label), split, box)


def _labelled(path: Path, entries: Sequence[_Entry], numbers: Numbering) -> Iterator[LabelledPicture]:
    """Each row with the path of its picture and its emotion, or with what is wrong with it."""
    places = _places(path, entries)
    by_name = _usage_of_name(path) or "Training"
    for entry in entries:
        picture = next(
            (place / name for name in _spellings(entry.name) for place in places if (place / name).is_file()), None
        )
        emotion = canonical(entry.label)
        if emotion is None and entry.label.isdecimal():
            emotion = numbers.emotions.get(int(entry.label[:9]))
        problem = ""
        if emotion is None:
            problem = f"{entry.where}: {entry.label[:40]!r} is not a class; there are {', '.join(CLASSES)}."
        elif picture is None:
            problem = f"{entry.where}: the picture {entry.name} does not exist; put the list next to its pictures."
        usage = entry.usage or _usage_of_picture(entry.name) or by_name
        yield LabelledPicture(picture or path, emotion or "", usage, entry.box, problem)


def _places(path: Path, entries: Sequence[_Entry]) -> list[Path]:
    """Folders at which the names in a list start, those with most of the sampled rows first."""
    tried = entries[:: max(1, len(entries) // PROBES)]
    candidates = [path.parent, path.parent.parent]
    level = candidates
    for _ in range(DEEPEST):
        level = [entry for place in level for entry in visible(place) if entry.is_dir()]
        candidates = [*candidates, *level]
    counts = Counter(
        place
        for place in dict.fromkeys(candidates)
        for entry in tried
        if any((place / name).is_file() for name in _spellings(entry.name))
    )
    return [place for place, _ in counts.most_common()]


def _spellings(name: str) -> tuple[str, ...]:
    """Names that a picture may have: RAF-DB's list says `train_00001.jpg` where the file is
    `train_00001_aligned.jpg`."""
    name = name.replace("\\", "/")
    stem, _, suffix = name.rpartition(".")
    if not RAFDB_PICTURE.fullmatch(name) or stem.endswith("_aligned"):
        return (name,)
    return f"{stem}_aligned.{suffix}", name


def _numbering(path: Path, entries: Sequence[_Entry]) -> Numbering:
    if all(RAFDB_PICTURE.fullmatch(entry.name.rpartition("/")[2]) for entry in entries) or path.name in RAFDB_FILES:
        return RAFDB_NUMBERS
    header = [] if path.suffix.lower() == ".txt" else _header(path)
    if plain(AFFECTNET_PATH) in header or (plain("expression") in header and plain("valence") in header):
        return AFFECTNET_NUMBERS
    return numbering_of({int(entry.label[:9]) for entry in entries if entry.label.isdecimal()})


def _is_other_code(entry: _Entry, numbers: Numbering) -> bool:
    return entry.label.isdecimal() and int(entry.label[:9]) not in numbers.emotions


def _code(code: int, numbers: Numbering) -> str:
    named = NO_LABEL.get(code) if numbers is AFFECTNET_NUMBERS else None
    return f"{code} ({named})" if named else str(code)


def _box(cells: Sequence[str]) -> Box | None:
    """x, y, width, height of a row; None if it has none."""
    try:
        x, y, width, height = map(float, cells)
    except ValueError:
        return None
    return (x, y, width, height) if width > 0 and height > 0 else None


def _header(path: Path) -> list[str]:
    """The names of a csv's columns, as `plain` gives them."""
    header = read_header(path)
    if len(header) == len(AFFECTNET_COLUMNS) and is_picture(Path(header[0])):
        return [plain(name) for name in AFFECTNET_COLUMNS]
    return header


def _column(header: Sequence[str], names: Sequence[str]) -> str | None:
    return next((name for name in names if plain(name) in header), None)


def _usage_of_picture(name: str) -> str | None:
    file = name.replace("\\", "/").rpartition("/")[2]
    return FOLDERS[file.partition("_")[0]] if RAFDB_PICTURE.fullmatch(file) else None


def _usage_of_name(path: Path) -> str | None:
    """The split in the name of a list: `training.csv`, `val_labels.csv`."""
    return FOLDERS.get(re.split(r"[\s._-]", path.stem.lower())[0])
