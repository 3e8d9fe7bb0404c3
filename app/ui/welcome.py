"""The welcome page at the first start: what Mimik estimates, what it does not, and what it must not be used for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.ui.language import QT_TRANSLATE_NOOP, translate

PARAGRAPHS = (
    (
        QT_TRANSLATE_NOOP("welcome", "What it estimates"),
        QT_TRANSLATE_NOOP(
            "welcome",
            "Mimik finds faces and estimates how their expression would be named by people who look at the picture: "
            "happiness, sadness, anger and so on, each with a probability. Everything is computed on this computer.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("welcome", "What it does not"),
        QT_TRANSLATE_NOOP(
            "welcome",
            "It does not know what anybody feels, thinks or intends. It is often wrong: with faces turned away, dark, "
            "small or covered, with children and old people, and with faces unlike those it learned from.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("welcome", "What it must not be used for"),
        QT_TRANSLATE_NOOP(
            "welcome",
            "Never decide about a person by it: not in hiring, teaching, policing, border control, medicine, insurance "
            "or credit. Do not watch people without their knowledge and consent. In the European Union, reading "
            "emotions at work and in schools is forbidden by law, save for medical and safety reasons.",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("welcome", "What is kept"),
        QT_TRANSLATE_NOOP(
            "welcome",
            "Of films that you open, the readings are kept on this computer, so that opening them again is quick; the "
            "menu File deletes them. Nothing of a camera is kept unless you record it; the history deletes that.",
        ),
    ),
)

WIDTH = 620


class Welcome(QDialog):
    """The welcome page; not modal. The menu Help opens it again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("welcome", "What Mimik is for"))
        self.setMinimumWidth(WIDTH)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(32, 26, 32, 22)
        rows.setSpacing(6)
        for title, text in PARAGRAPHS:
            heading = QLabel(f"<b style='font-size:15px'>{translate('welcome', title)}</b>")
            words = QLabel(translate("welcome", text))
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            rows.addWidget(heading)
            rows.addWidget(words)
            rows.addSpacing(16)
        buttons = QDialogButtonBox()
        understood = buttons.addButton(translate("welcome", "Understood"), QDialogButtonBox.ButtonRole.AcceptRole)
        understood.setDefault(True)
        buttons.accepted.connect(self.accept)
        rows.addStretch(1)
        rows.addWidget(buttons)
        self.resize(WIDTH, rows.heightForWidth(WIDTH))  # by themselves wrapped labels ask for more
