"""The menu bar. Builds actions and offers them to the window; decides nothing."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.ui.messages import Camera
from models import detectors
from models.bundle import DEFAULT


class Menus(QObject):
    """The menus of a window.

    Args:
        window: Gets the menus.
        show: Called with what `open_source` takes.
        detector: Called with the name of a detector.
        model: Called with the name of a bundle.
    """

    def __init__(
        self,
        window: QMainWindow,
        show: Callable[[str], None],
        detector: Callable[[str], None],
        model: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._show = show
        self._pick_model = model
        bar = window.menuBar()
        self.source = bar.addMenu("&Source")
        self.cameras_end = self.source.addSeparator()
        self._camera_actions: list[QAction] = []
        self.open_file = self._add(self.source, "Open &file…", "Ctrl+O")
        self.open_folder = self._add(self.source, "Open f&older of pictures…", "Ctrl+Shift+O")
        self.open_address = self._add(self.source, "Open &address…", "Ctrl+L")
        self.demo = self._add(self.source, "&Demo clip", "Ctrl+D")
        self.demo.triggered.connect(lambda: show("demo"))
        self.source.addSeparator()
        self.snapshot = self._add(self.source, "&Save snapshot…", "Ctrl+S")
        self.quit = self._add(self.source, "&Quit", "Ctrl+Q")
        self.detector = bar.addMenu("&Detector")
        self._detectors = QActionGroup(self)
        for name, text in detector_entries():
            action = self._checkable(self.detector, text, self._detectors, name)
            action.triggered.connect(lambda _=False, chosen=name: detector(chosen))
        self.model = bar.addMenu("&Model")
        self._models = QActionGroup(self)
        self.models_end = self.model.addSeparator()
        self.open_model = self._add(self.model, "Open &folder…", "Ctrl+M")
        self.view = bar.addMenu("&View")
        self.pause = self._toggle("&Pause", "Space")
        self.replay = self._add(self.view, "&Replay from the start", "R")
        self.view.addSeparator()
        self.mirror = self._toggle("&Mirror", "M")
        self.bars = self._toggle("&Bars beside faces", "B")
        self.bars.setIconText("Bars")
        self.full_screen = self._toggle("&Full screen", "F11")
        self.set_cameras(())

    def set_cameras(self, cameras: Sequence[Camera], searching: bool = True) -> None:
        """List the cameras by name, or say that there is none."""
        for action in self._camera_actions:
            self.source.removeAction(action)
            action.deleteLater()
        self._camera_actions = []
        for number, camera in enumerate(cameras):
            action = QAction(f"{camera.name}", self)
            if number < 9:
                action.setShortcut(f"Ctrl+{number + 1}")
            action.triggered.connect(lambda _=False, index=camera.index: self._show(str(index)))
            self._camera_actions.append(action)
        if not cameras:
            action = QAction("Looking for cameras…" if searching else "No camera found", self)
            action.setEnabled(False)
            self._camera_actions.append(action)
        self.source.insertActions(self.cameras_end, self._camera_actions)

    def camera_names(self) -> list[str]:
        return [action.text() for action in self._camera_actions]

    def set_models(self, names: Sequence[str], current: str | None) -> None:
        """List the bundles; a chosen folder that is none of them is listed by its name."""
        for action in self._models.actions():
            self._models.removeAction(action)
            self.model.removeAction(action)
            action.deleteLater()
        shown = [*names] if current is None or current in names else [*names, current]
        for name in shown:
            action = self._checkable(None, Path(name).name, self._models, name)
            action.triggered.connect(lambda _=False, chosen=name: self._pick_model(chosen))
            self.model.insertAction(self.models_end, action)
            action.setChecked(name == (current or DEFAULT))

    def check_detector(self, name: str | None) -> None:
        for action in self._detectors.actions():
            action.setChecked(action.data() == (name or detectors.AUTO))

    def _add(self, menu: QMenu, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        menu.addAction(action)
        return action

    def _toggle(self, text: str, keys: str) -> QAction:
        action = self._add(self.view, text, keys)
        action.setCheckable(True)
        return action

    def _checkable(self, menu: QMenu | None, text: str, group: QActionGroup, data: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setData(data)
        group.addAction(action)
        if menu is not None:
            menu.addAction(action)
        return action


def detector_entries() -> list[tuple[str, str]]:
    """Name and text of the detector menu's entries; those that send something say so."""
    kinds = [(kind.name, kind.title + " (sends usage statistics)" * bool(kind.sends)) for kind in detectors.DETECTORS]
    return [(detectors.AUTO, "Automatic"), *kinds]
