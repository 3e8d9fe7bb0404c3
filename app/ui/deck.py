"""The deck below the picture: the bar and the buttons of a film, and the curves of the chosen face."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.store import ReadingStore
from app.player.player import Player, Shown
from app.ui.language import decimal, translate
from app.ui.menus import Menus
from app.ui.painting import percent
from app.ui.playback import Playback
from app.ui.readings import Rate
from app.ui.scrub import ScrubBar
from app.ui.transport import Transport

if TYPE_CHECKING:
    from app.ui.timeline import Timeline

CURVES_S, LIVE_CURVES_S = 0.2, 1.0
"""Seconds between redraws of the curves, for films and for cameras, whose curves move by eight pixels per second."""

_LEAST_PACE = 0.05
"""A slower analysis has not begun, or is on its way to where the kept readings end."""


class Deck(QWidget):
    """Shows the state of the current player; hidden while there is none.

    Signals:
        loaded: The curves have been created.
    """

    loaded = Signal()

    def __init__(self, menus: Menus, playback: Playback) -> None:
        super().__init__()
        self.setObjectName("deck")
        self._playback = playback
        self._rate = Rate()
        self._curves_s = 0.0
        self._wanted = False
        self.bar = ScrubBar()
        self.transport = Transport(menus)
        self.timeline: Timeline | None = None
        self.bar.sought.connect(playback.seek)
        self.bar.held.connect(lambda down: playback.hold() if down else playback.release())
        self.bar.stretch.connect(playback.mark)
        self.transport.speed_chosen.connect(playback.set_speed)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.bar)
        self._rows.addWidget(self.transport)
        self.setVisible(False)

    def begin(self) -> None:
        """Reset for another source."""
        self._rate.clear()
        self.bar.show_film(None, 0.0, 0.0)
        self.refresh(None, None)

    def unfold(self, wanted: bool) -> None:
        """Show or hide the curves."""
        self._wanted = wanted
        if self.timeline is not None and not wanted:
            self.timeline.setVisible(False)

    def recolour(self) -> None:
        """Apply the current colours."""
        self.bar.redraw()
        if self.timeline is not None:
            self.timeline.recolour()

    def refresh(self, shown: Shown | None, face: int | None) -> None:
        """Show the current state.

        Args:
            shown: The result on the screen.
            face: The chosen face.
        """
        playback, player = self._playback, self._playback.player
        film = playback.film
        single = player is None or player.info.frame_count == 1
        apart = shown is not None and shown.result.frame.still
        self.setVisible(not single)
        self.bar.setVisible(film is not None and not apart)  # in photos, ids are unrelated
        self.transport.setVisible(film is not None)
        if player is None or single:
            return
        if film is not None:
            store = film.readings
            assert isinstance(store, ReadingStore)
            self.bar.marks = playback.marks
            self.bar.show_film(store, film.duration_s or 0.0, film.position_s)
            if face != self.bar.chosen:
                self.bar.chosen = face
                self.bar.redraw()
            self.transport.show_film(playback, shown, self._analysis(store, film.duration_s or 0.0, apart))
        if self.timeline is not None:
            self.timeline.setVisible(self._wanted and not apart)
        if self._wanted and not apart:
            self._draw_curves(player, face)

    def _draw_curves(self, player: Player, face: int | None) -> None:
        now_s = time.monotonic()
        if now_s - self._curves_s < (LIVE_CURVES_S if player.info.live else CURVES_S):
            return
        self._curves_s = now_s
        if self.timeline is None:
            from app.ui.timeline import Timeline

            self.timeline = Timeline(self.transport.loop)
            self.timeline.sought.connect(self._playback.seek)
            self._rows.addWidget(self.timeline)
            self.loaded.emit()
        self.timeline.fit(self.window().height())
        self.timeline.show_face(player, face)

    def _analysis(self, store: ReadingStore, duration_s: float, apart: bool) -> str:
        if store.complete:
            return translate("deck", "analysed")
        share = min(store.covered / duration_s, 1.0) if duration_s else 0.0
        pace = self._rate.update(round(store.covered * 1000), time.monotonic()) / 1000
        if apart or pace < _LEAST_PACE:
            return translate("deck", "analysed {share}").format(share=percent(share))
        text = translate("deck", "analysed {share}, {pace} times as fast as it plays")
        return text.format(share=percent(share), pace=decimal(pace, 1))
