"""The row of controls under a film: play, step, speed, volume, loop and position."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from app.core.store import ReadingStore
from app.player.player import Player, Shown, State
from app.ui.controls import ElidedLabel
from app.ui.keys import keep_space
from app.ui.language import QT_TRANSLATE_NOOP, locale_in_use, translate
from app.ui.menus import Menus
from app.ui.playback import SPEEDS, Playback
from app.ui.scrub import EDGE, GUTTER
from app.ui.volume import Volume
from app.ui.words import moment

NARROW = 760
"""Width in pixels below which some controls are hidden."""

_BUTTONS = (
    ("to_start", "|◀", QT_TRANSLATE_NOOP("transport", "To the start")),
    ("step_back", "◀|", QT_TRANSLATE_NOOP("transport", "Previous frame")),
    ("pause", "▶", QT_TRANSLATE_NOOP("transport", "Play")),
    ("step_on", "|▶", QT_TRANSLATE_NOOP("transport", "Next frame")),
    ("to_end", "▶|", QT_TRANSLATE_NOOP("transport", "To the end")),
)


class Transport(QWidget):
    """Shows the state of playback; its buttons trigger menu actions.

    Signals:
        speed_chosen: Playback speed; 1 is normal.
    """

    speed_chosen = Signal(float)

    def __init__(self, menus: Menus) -> None:
        super().__init__()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER, 4, EDGE, 6)
        row.setSpacing(6)
        self._buttons: dict[str, QToolButton] = {}
        for name, sign, words in _BUTTONS:
            self._buttons[name] = self._button(menus[name], sign, translate("transport", words))
            row.addWidget(self._buttons[name])
        row.addSpacing(10)
        self.clock = QLabel()
        self.clock.setObjectName("clock")
        self.clock.setAccessibleName(translate("transport", "Time"))
        self.frame = QLabel()
        self.frame.setObjectName("quiet")
        self.frame.setAccessibleName(translate("transport", "Length and frame"))
        self.speed = QToolButton()
        self.speed.setObjectName("control")
        self.speed.setAccessibleName(translate("transport", "Speed"))
        self.speed.setToolTip(translate("transport", "Speed"))
        self.speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        choice = QMenu(self.speed)
        for factor in SPEEDS:
            choice.addAction(_times(factor)).triggered.connect(lambda _=False, f=factor: self.speed_chosen.emit(f))
        self.speed.setMenu(choice)
        keep_space(self.speed)
        self.loop = QToolButton()
        self.loop.setObjectName("loop")
        self.loop.setToolTip(translate("transport", "End the loop"))
        self.loop.setAccessibleName(translate("transport", "End the loop"))
        self.loop.clicked.connect(menus["mark_none"].trigger)
        keep_space(self.loop)
        self.volume = Volume(menus["mute"])
        self.analysis = ElidedLabel()
        self.analysis.setObjectName("quiet")
        self.analysis.setAccessibleName(translate("transport", "Analysis"))
        self.frame.setMinimumWidth(1)  # may shrink in a narrow window
        self.analysis.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.analysis.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.clock)
        row.addWidget(self.frame)
        row.addSpacing(8)
        row.addWidget(self.speed)
        row.addWidget(self.volume)
        row.addWidget(self.loop)
        row.addWidget(self.analysis, 1)

    def show_film(self, playback: Playback, shown: Shown | None, analysis: str) -> None:
        """Show the state of playback and, on the right, `analysis`, a text about the progress of the analysis."""
        player = playback.player
        if player is None:
            return
        playing = player.state is State.PLAYING
        button = self._buttons["pause"]
        button.setText("❚❚" if playing else "▶")
        button.setToolTip(
            translate("transport", "Pause (Space)") if playing else translate("transport", "Play (Space)")
        )
        button.setAccessibleName(translate("transport", "Pause") if playing else translate("transport", "Play"))
        clock, length = _place(player, shown)
        self.clock.setText(clock)
        self.frame.setText(length)
        self.speed.setText(_times(playback.speed))
        self.volume.setVisible(player.audible)
        self.loop.setVisible(playback.marks != (None, None))
        loop = translate("transport", "Loop {start} – {end}  ×").format(**_loop(player, shown, playback.marks))
        if loop != self.loop.text():
            self.loop.setText(loop)
            self.loop.setAccessibleDescription(loop.rstrip(" ×"))
        self.analysis.setText(analysis)
        self.analysis.setToolTip(analysis)  # a narrow window shows its beginning only

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window, start at the edge and hide volume slider and length; keys and bar replace them."""
        narrow = self.width() < NARROW
        self._row.setContentsMargins(EDGE if narrow else GUTTER, 4, EDGE, 6)
        for part in (self.volume.slider, self.frame):
            part.setVisible(not narrow)
        super().resizeEvent(event)

    def _button(self, action: QAction, sign: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("transport")
        button.setText(sign)
        keys = action.shortcut().toString()
        button.setToolTip(f"{words} ({keys})" if keys else words)
        button.setAccessibleName(words)
        button.setAutoRepeat(action.autoRepeat())
        press: Callable[[], None] = action.trigger
        button.clicked.connect(press)
        keep_space(button)
        return button


def _place(player: Player, shown: Shown | None) -> tuple[str, str]:
    """Position and length as texts; the length includes the frame number once the analysis knows it."""
    frame = None if shown is None else shown.result.frame
    if frame is not None and frame.still:
        of = translate("transport", "of {count}")
        return f"{frame.index + 1}", f"{of.format(count=player.info.frame_count)}   {frame.name or ''}".rstrip()
    length = f"/ {moment(player.duration_s or 0.0)}"
    if frame is None:
        return moment(player.position_s), length
    if shown is None or shown.provisional:
        return moment(frame.time_s), length
    number = translate("transport", "frame {number}").format(number=frame.index)
    return moment(frame.time_s), f"{length}   {number}"


def _loop(player: Player, shown: Shown | None, marks: tuple[float | None, float | None]) -> dict[str, str]:
    """Start and end of a loop: moments of a film, numbers of pictures."""
    (start_s, end_s), store = marks, player.readings
    apart = shown is not None and shown.result.frame.still

    def named(at_s: float) -> str:
        reading = store.at_time(at_s) if apart and isinstance(store, ReadingStore) else None
        return moment(at_s) if reading is None else str(reading.index + 1)

    end = translate("transport", "end") if end_s is None else named(end_s)
    return {"start": named(start_s or 0.0), "end": end}


def _times(factor: float) -> str:
    """A speed as text.

    >>> _times(0.25), _times(2.0)
    ('0.25×', '2×')
    """
    return f"{locale_in_use().toString(factor, 'g', 3)}×"
