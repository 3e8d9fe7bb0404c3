"""The central widget of the window: playlist, picture with the deck below it, and side panel."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.player.parts import Openers
from app.ui.banner import Banners
from app.ui.contact import ContactSheet
from app.ui.deck import Deck
from app.ui.picture import PictureView
from app.ui.playlist import Playlist
from app.ui.side import SidePanel


class Surface(QWidget):
    """Lays out the parts; in the tab order the side panel follows the picture."""

    def __init__(self, deck: Deck, openers: Openers) -> None:
        super().__init__()
        self.picture = PictureView()
        self.banners = Banners(self.picture)
        self.picture.overlay.addWidget(self.banners)
        self.picture.overlay.addStretch(1)
        self.playlist = Playlist()
        self.side = SidePanel(openers)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        self.sheet = ContactSheet()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.picture)
        self._pages.addWidget(self.sheet)
        middle.addWidget(self._pages, 1)
        middle.addWidget(deck)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.playlist)
        columns.addLayout(middle, 1)
        columns.addWidget(self.side)
        self.setTabOrder(self.picture, self.side)

    def show_sheet(self, shown: bool) -> None:
        """Show the contact sheet instead of the picture, or the picture again."""
        self._pages.setCurrentWidget(self.sheet if shown else self.picture)
