"""Notes as flags on the bar under a film."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.sessions.notes import NOT_SURE, Note
from app.ui import theme
from app.ui.labels import label_words
from app.ui.language import translate
from app.ui.words import moment

_NEAR_PX = 5.0


@dataclass(frozen=True, slots=True)
class Flag:
    """A note on the bar: its start and end, its colour, and its tooltip."""

    start_s: float
    end_s: float | None
    colour: str
    text: str


def flags_of(notes: Sequence[Note]) -> tuple[Flag, ...]:
    """The flags of a session's notes: labels in the colour of their emotion."""
    return tuple(Flag(note.start_s, note.end_s, _colour(note), _words(note)) for note in notes)


def paint_flags(
    painter: QPainter, flags: Sequence[Flag], view_s: tuple[float, float], x_of: Callable[[float], float], height: float
) -> None:
    """Paint the visible flags."""
    for flag in flags:
        end_s = flag.start_s if flag.end_s is None else flag.end_s
        if end_s < view_s[0] or flag.start_s > view_s[1]:
            continue
        colour = QColor(flag.colour)
        left, right = x_of(flag.start_s), x_of(end_s)
        if right > left:
            painter.fillRect(QRectF(left, 8, right - left, 3), colour)
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(left, 1), QPointF(left, height - 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(left, 1), QPointF(left + 8, 4.5), QPointF(left, 8)]))


def flag_at(flags: Sequence[Flag], x: float, x_of: Callable[[float], float]) -> Flag | None:
    """The flag nearest to a position, if there is one close by."""
    near = [(abs(x_of(flag.start_s) - x), number) for number, flag in enumerate(flags)]
    distance, number = min(near, default=(_NEAR_PX + 1, 0))
    return flags[number] if distance <= _NEAR_PX else None


def _colour(note: Note) -> str:
    return theme.color(note.text).name() if note.kind == "label" else theme.NOTICE


def _words(note: Note) -> str:
    end = "" if note.end_s is None else f" – {moment(note.end_s)}"
    face = "" if note.face_id is None else f"#{note.face_id} "
    if note.kind == "label":
        text = translate("notes", "You say: {label}").format(label=face + label_said(note.text))
    else:
        text = note.text or translate("notes", "mark")
    return f"{moment(note.start_s)}{end}\n{text}"


def label_said(text: str) -> str:
    """The name of a person's label on the screen."""
    return translate("notes", "not sure") if text == NOT_SURE else label_words(text)
