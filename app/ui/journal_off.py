"""The journal page while the journal is off."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.language import translate

_WIDTH = 560


class JournalOff(QWidget):
    """Explains what switching the journal on does, with a button for it.

    Attributes:
        switch: The button.
    """

    def __init__(self) -> None:
        super().__init__()
        self.switch = QPushButton(translate("journal", "Switch the journal on"))
        text = QLabel(
            translate(
                "journal",
                "The journal is off, and nothing of it is kept. Switched on, it goes through the recordings in your "
                "library that are marked as your own, now and whenever you look at it. You can delete all of it at any "
                "time; recordings stay.",
            )
        )
        text.setWordWrap(True)
        text.setFixedWidth(_WIDTH)
        rows = QVBoxLayout()
        rows.setSpacing(14)
        rows.addStretch(2)
        rows.addWidget(text)
        rows.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addStretch(3)
        middle = QHBoxLayout(self)
        middle.addStretch(1)
        middle.addLayout(rows)
        middle.addStretch(1)
