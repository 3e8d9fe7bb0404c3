"""The middle of the window: the picture with the sentences over it, and the panel at its right."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.banner import Banners
from app.ui.picture import PictureView
from app.ui.side import SidePanel


class Surface(QWidget):
    """Holds the picture, the banners and the side panel; the Tab key goes through them in this order."""

    def __init__(self) -> None:
        super().__init__()
        self.picture = PictureView()
        self.banners = Banners()
        self.picture.overlay.addWidget(self.banners)
        self.picture.overlay.addStretch(1)
        self.side = SidePanel()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.picture, 1)
        columns.addWidget(self.side)
        self.setTabOrder(self.picture, self.side.people)
