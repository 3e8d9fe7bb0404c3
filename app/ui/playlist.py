"""The list of sources that were opened together."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.spec import shown
from app.ui.language import translate
from app.ui.words import source_title

WIDTH = 190


class Playlist(QListWidget):
    """Lists sources by name; hidden while there are fewer than two.

    Signals:
        picked: The source that was clicked or activated with Enter.
    """

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(translate("playlist", "Opened together"))
        self.setFixedWidth(WIDTH)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # so that names are elided
        self.itemClicked.connect(self._pick)
        self.itemActivated.connect(self._pick)
        self.setVisible(False)

    def set_specs(self, specs: Sequence[str]) -> None:
        """Replace the list."""
        self.clear()
        for spec in specs:
            item = QListWidgetItem(source_title(spec, {}))
            item.setToolTip(shown(spec))
            item.setData(Qt.ItemDataRole.UserRole, spec)
            self.addItem(item)
        self.setVisible(len(specs) > 1)

    def specs(self) -> list[str]:
        return [str(self.item(row).data(Qt.ItemDataRole.UserRole)) for row in range(self.count())]

    def mark(self, spec: str | None) -> None:
        """Select the source that is shown; clear the list if it is not in it."""
        specs = self.specs()
        if spec in specs:
            self.setCurrentRow(specs.index(spec))
        else:
            self.set_specs(())

    def _pick(self, item: QListWidgetItem) -> None:
        self.picked.emit(str(item.data(Qt.ItemDataRole.UserRole)))
