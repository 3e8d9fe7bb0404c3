"""The geometry of the timeline: rows of coloured runs, marks and ticks. A template draws it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.palette import color_of
from app.core.reading import FaceSpan
from app.core.store import NONE, ReadingStore
from app.core.types import UNCERTAIN, UNREADABLE
from app.export.content import LABEL, Content, ContentNote, Moment
from app.export.plain import plain, timecode
from app.sinks.csv_file import NOBODY

WIDTH, LEFT, RIGHT = 1200, 104, 32
_MOST_ROWS, ROW_HEIGHT, _GAP, _TOP = 12, 26, 8, 64
_OWN_COLOURS = {UNREADABLE: "#6a6f78", NOBODY: "#3a3f49"}
"""The palette has no colours of their own for these two."""

_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_TICKS = 10

CURVE_HEIGHT = 100
_MOST_CURVES, _MOST_POINTS, _AWAY_S = 4, 500, 0.3


@dataclass(frozen=True, slots=True)
class ColourRun:
    """A coloured rectangle with its tooltip."""

    x: float
    width: float
    colour: str
    label: str


@dataclass(frozen=True, slots=True)
class FaceRow:
    """One face: `runs` as read by the network, `corrected` by people."""

    name: str
    y: float
    runs: tuple[ColourRun, ...]
    corrected: tuple[ColourRun, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """One face's probabilities on a scale of 0 to 1: (colour, points) by emotion, split where it was absent.

    Attributes:
        name: The face.
        y: Upper edge; `CURVE_HEIGHT` further down is 0.
        raw, smooth: Unsmoothed, and smoothed as shown.
    """

    name: str
    y: int
    raw: tuple[tuple[str, str], ...]
    smooth: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoteFlag:
    """A note at its moment."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A time below the rows."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything to draw; lengths are in pixels of a picture `WIDTH` wide.

    Attributes:
        title: The heading.
        height: Of the picture.
        top, bottom: Vertical extent of the rows.
        rows: The faces that were seen longest, by id.
        more: Number of faces without a row.
        flags: Notes and marks.
        ticks: Times.
        legend: (x, y, colour, label) for the labels that occur.
        legend_end: The y of a line below the legend.
        nobody: Runs in which no face was seen.
        curves: Of the faces that were seen longest, below the legend.
    """

    title: str
    height: int
    top: int
    bottom: int
    rows: tuple[FaceRow, ...]
    more: int
    flags: tuple[NoteFlag, ...]
    ticks: tuple[Tick, ...]
    legend: tuple[tuple[int, int, str, str], ...]
    legend_end: int
    nobody: tuple[ColourRun, ...]
    curves: tuple[Curves, ...] = ()


def hexadecimal(label: str) -> str:
    """The colour of a label as `#rrggbb`."""
    if label in _OWN_COLOURS:
        return _OWN_COLOURS[label]
    return "#{:02x}{:02x}{:02x}".format(*color_of(label))


def words_of(label: str) -> str:
    """A label's name for people."""
    return "not readable" if label == UNREADABLE else label


def strip_of(content: Content, store: ReadingStore, corrections: Sequence[Moment] = ()) -> Strip:
    """Lay out the strip of a content.

    Args:
        content: What is shown; its notes become flags.
        store: Its readings.
        corrections: Its moments with corrections.
    """
    start_s, end_s = _stretch(content, store)
    inner = WIDTH - LEFT - RIGHT
    edges = np.linspace(start_s, end_s, inner + 1)
    spans = store.faces()
    longest = sorted(sorted(spans, key=lambda span: -span.frames)[:_MOST_ROWS], key=lambda span: span.track_id)
    names = store.names
    rows: list[FaceRow] = []
    used: set[str] = set()
    for number, span in enumerate(longest):
        codes = store.strip(span.track_id, edges)
        runs = tuple(_runs(codes, names))
        used.update(run.label for run in runs)
        fixed = tuple(_corrected(corrections, span.track_id, edges))
        used.update(run.label for run in fixed)
        rows.append(FaceRow(f"Face #{span.track_id}", _TOP + number * (ROW_HEIGHT + _GAP), runs, fixed))
    bottom = _TOP + max(len(rows), 1) * (ROW_HEIGHT + _GAP)
    nobody = tuple(_runs(np.where(store.peopled(edges) == 0, 0, NONE).astype(np.int16), (NOBODY,)))
    used.update(run.label for run in nobody)
    order = [*content.labels, UNCERTAIN, UNREADABLE, NOBODY]
    shown = sorted(used, key=lambda label: (order.index(label) if label in order else len(order), label))
    legend = tuple(
        (LEFT + place % 6 * 175, bottom + 54 + place // 6 * 24, hexadecimal(label), words_of(label))
        for place, label in enumerate(shown)
    )
    height = bottom + 54 + (len(shown) + 5) // 6 * 24 + (24 if len(spans) > len(rows) else 0) + 8
    legend_end = height - 12
    drawn = sorted(spans, key=lambda span: -span.frames)[:_MOST_CURVES]
    curves = []
    for span in sorted(drawn, key=lambda span: span.track_id):
        found = _curves(store, span, content.labels, (start_s, end_s), height + 20)
        if found.smooth and not content.stills:
            curves.append(found)
            height += CURVE_HEIGHT + 34
    return Strip(
        plain(content.title),
        height,
        _TOP,
        bottom,
        tuple(rows),
        len(spans) - len(rows),
        tuple(_flags(content.notes or (), start_s, end_s, inner)),
        tuple(_ticks(start_s, end_s, inner)),
        legend,
        legend_end,
        nobody,
        tuple(curves),
    )


def _curves(
    store: ReadingStore, face: FaceSpan, labels: Sequence[str], stretch_s: tuple[float, float], top: int
) -> Curves:
    track_id, frames = face.track_id, face.frames
    start_s, end_s = stretch_s
    series = store.series(track_id, start_s, end_s, _MOST_POINTS)
    x = LEFT + (series.time_s - start_s) * (WIDTH - LEFT - RIGHT) / (end_s - start_s)
    steps = np.diff(series.time_s)
    # the mean distance of consecutive readings in the thinned series
    apart_s = (end_s - start_s) / max(len(store), 1) * -(-frames // _MOST_POINTS)
    away = max(_AWAY_S, 2.5 * apart_s)
    pieces = [piece for piece in np.split(np.arange(len(x)), np.flatnonzero(steps > away) + 1) if len(piece) > 1]

    def drawn(shares: NDArray[np.float32]) -> tuple[tuple[str, str], ...]:
        y = top + CURVE_HEIGHT * (1 - np.clip(shares, 0, 1))
        return tuple(
            (hexadecimal(label), " ".join(f"{x[n]:.1f},{y[n, place]:.1f}" for n in piece))
            for place, label in enumerate(labels)
            for piece in pieces
        )

    return Curves(f"Face #{track_id}", top, drawn(series.raw), drawn(series.smooth))


def _stretch(content: Content, store: ReadingStore) -> tuple[float, float]:
    """The time range to draw: the selected stretch, else everything that was read."""
    first = next(store.between(-np.inf, np.inf), None)
    start_s = content.start_s if content.start_s is not None else 0.0 if first is None else first.time_s
    end_s = store.covered if content.end_s is None else min(content.end_s, store.covered)
    return start_s, max(end_s, start_s + 1e-3)


def _runs(codes: np.ndarray, names: Sequence[str]) -> Iterator[ColourRun]:
    """Merge neighbours with the same code into one rectangle."""
    borders = np.flatnonzero(np.diff(codes)) + 1
    for first, last in zip((0, *borders), (*borders, len(codes)), strict=True):
        code = int(codes[first])
        if code != NONE:
            yield ColourRun(LEFT + int(first), int(last - first), hexadecimal(names[code]), names[code])


def _corrected(moments: Sequence[Moment], track_id: int, edges: np.ndarray) -> Iterator[ColourRun]:
    names: list[str] = []
    codes = np.full(len(edges) - 1, NONE, np.int16)
    for moment in moments:
        label = moment.corrected.get(track_id)
        if label is None:
            continue
        if label not in names:
            names.append(label)
        start_s = moment.reading.time_s
        first = max(int(edges.searchsorted(start_s, side="right")) - 1, 0)
        last = int(edges.searchsorted(start_s + (moment.reading.duration_s or 0.0)))
        codes[first : max(last, first + 1)] = names.index(label)
    yield from _runs(codes, names)


def _flags(notes: Sequence[ContentNote], start_s: float, end_s: float, inner: int) -> Iterator[NoteFlag]:
    scale = inner / (end_s - start_s)
    for note in notes:
        if note.kind != LABEL and note.end_s >= start_s and note.start_s < end_s:
            first, last = max(note.start_s, start_s), min(note.end_s, end_s)
            yield NoteFlag(
                LEFT + (first - start_s) * scale, max(last - first, 0.0) * scale, plain(note.text) or note.kind
            )


def _ticks(start_s: float, end_s: float, inner: int) -> Iterator[Tick]:
    length_s = end_s - start_s
    step_s = next((step for step in _STEPS_S if length_s / step <= _MOST_TICKS), length_s / _MOST_TICKS)
    for number in range(int(np.ceil(start_s / step_s - 1e-9)), int(end_s / step_s + 1e-9) + 1):
        at_s = number * step_s
        yield Tick(LEFT + (at_s - start_s) * inner / length_s, timecode(at_s))
