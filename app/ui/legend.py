"""The legend under the curves: a switch for each, in as many rows as it takes to read them all."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

_GAP = 4


class Legend(QWidget):
    """Lays out switches from left to right, and in rows where there is no room for all beside each other."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._switches: list[QToolButton] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)

    def fill(self, switches: list[QToolButton]) -> None:
        """Show these switches; those before are deleted."""
        for switch in self._switches:
            switch.deleteLater()
        self._switches, self._columns = switches, 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def _arrange(self) -> None:
        columns = self._fitting()
        if columns == self._columns:
            return
        self._grid.setColumnStretch(self._columns, 0)
        self._columns = columns
        for number, switch in enumerate(self._switches):
            self._grid.addWidget(switch, number // columns, number % columns)
        self._grid.setColumnStretch(columns, 1)
        self.updateGeometry()

    def _fitting(self) -> int:
        """The most columns that have room, so that the rows are about equally long."""
        widths = [switch.sizeHint().width() for switch in self._switches]
        count = len(widths)
        for rows in range(1, count + 1):
            columns = -(-count // rows)
            widest = [max(widths[first::columns]) for first in range(columns)]
            if sum(widest) + _GAP * columns <= self.width():
                return columns
        return 1
