"""Messages over the picture, with buttons for the next step, instead of modal dialogs."""

import re
from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.ui.keys import keep_space
from app.ui.language import translate

_LONG = re.compile(r"\S{50}")
"""A word of this length gets a place to wrap, because longer file names would be cut off."""

PASSING_MS = 10_000
"""How long an answer stays that needs no decision: long enough to read it, and not to be in the way."""

Kind = Literal["error", "notice", "info"]
Step = tuple[str, Callable[[], object]]


class Banner(QFrame):
    """A sentence with buttons; every button also dismisses it."""

    def __init__(
        self, key: str, kind: Kind, sentence: str, steps: Sequence[Step], dismiss: Callable[[str], None]
    ) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("kind", kind)
        self.setAccessibleName(translate("banner", "Error") if kind == "error" else translate("banner", "Message"))
        self.setAccessibleDescription(sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.sentence = sentence
        self.buttons: list[QPushButton] = []
        self.close_button = close = QToolButton()
        text = QLabel(_LONG.sub("\\g<0>\u200b", sentence))
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        close.setText("×")
        close.setAccessibleName(translate("banner", "Dismiss"))
        close.setToolTip(translate("banner", "Dismiss"))
        close.clicked.connect(lambda: dismiss(key))
        keep_space(close)
        upper = QHBoxLayout()
        upper.addWidget(text, 1)
        upper.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 9, 8, 10)
        rows.setSpacing(8)
        rows.addLayout(upper)
        if steps:
            lower = QHBoxLayout()
            lower.setSpacing(8)
            for name, action in steps:
                button = QPushButton(name)
                button.clicked.connect(lambda: dismiss(key))
                button.clicked.connect(action)
                keep_space(button)
                self.buttons.append(button)
                lower.addWidget(button)
            lower.addStretch(1)
            rows.addLayout(lower)


class Banners(QWidget):
    """The visible banners, one per key: a new sentence replaces the old one with the same key.

    Args:
        before: The widget that precedes the banners' buttons in the order of the Tab key.
    """

    def __init__(self, before: QWidget) -> None:
        super().__init__()
        self._before = before
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self.shown: dict[str, Banner] = {}

    def tell(self, key: str, kind: Kind, sentence: str, steps: Sequence[Step] = (), *, passing: bool = False) -> None:
        """Show a sentence until it is dismissed; one that is only an answer is `passing` and goes by itself."""
        self.dismiss(key)
        banner = Banner(key, kind, sentence, steps, self.dismiss)
        self.shown[key] = banner
        self._rows.insertWidget(0 if kind == "error" else self._rows.count(), banner)
        before = self._before
        for button in (*banner.buttons, banner.close_button):
            self.setTabOrder(before, button)
            before = button
        if passing:
            QTimer.singleShot(PASSING_MS, banner, lambda: self.dismiss(key))  # never once the banner is deleted
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))  # so that it is read out

    def dismiss(self, key: str) -> None:
        banner = self.shown.pop(key, None)
        if banner is not None:
            banner.hide()
            self._rows.removeWidget(banner)
            banner.deleteLater()
