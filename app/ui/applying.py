"""Applies settings to an open window."""

from typing import TYPE_CHECKING

from models.bundle import DEFAULT

if TYPE_CHECKING:
    from app.ui.window import MainWindow


class SettingsController:
    """Applies settings that the page or the menus changed."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        menus, preferences = window.menus, window.preferences
        self._does = {
            "scheme": window.take_colours,
            "bars": lambda: menus.bars.setChecked(preferences.bars()),
            "timeline": lambda: menus.timeline.setChecked(preferences.timeline()),
            "mirror_camera": self._mirror,
            "mirror_file": self._mirror,
            "volume": lambda: window.deck.transport.volume.show_level(preferences.volume()),
            "muted": lambda: menus["mute"].setChecked(preferences.muted()),
            "thumbnail": window.contacting.set_width,
            "recent_most": self._recent,
            "detector": lambda: window.choose_detector(str(preferences.value("detector"))),
            "model": self._model,
        }

    def apply(self, key: str) -> None:
        """Apply a setting immediately; those not listed here are read when they are needed."""
        if key in self._does:
            self._does[key]()

    def _mirror(self) -> None:
        window = self._window
        window.menus.mirror.setChecked(window.preferences.mirrors(live=window.showing.live))

    def _recent(self) -> None:
        window = self._window
        window.preferences.trim_recent()
        window.menus.set_recent(window.preferences.recent())

    def _model(self) -> None:
        window = self._window
        name = str(window.preferences.value("model")) or None
        if (window.choice.model or DEFAULT) != (name or DEFAULT):
            window.choose_model(name)
