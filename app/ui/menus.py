"""The menu bar: creates the actions for the window, and decides nothing itself."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.player.messages import CameraEntry
from app.spec import shown
from app.ui.keymap import COMMANDS, MENUS, Command
from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.words import source_title
from models import detectors
from models.bundle import DEFAULT

SCHEMES = (
    ("system", QT_TRANSLATE_NOOP("menus", "As the &system")),
    ("dark", QT_TRANSLATE_NOOP("menus", "&Dark")),
    ("light", QT_TRANSLATE_NOOP("menus", "&Light")),
)


class Menus(QObject):
    """The menus of a window, made from the command table.

    Args:
        window: Its menu bar is filled.
        show: Called with a source, as `open_source` takes it.
        detector: Called with the name of a detector.
        model: Called with a bundle's name or the path of its folder.

    Signals:
        scheme_chosen: `system`, `dark` or `light`.

    Attributes:
        pause, mirror, bars, timeline, full_screen: The checkable actions.
    """

    scheme_chosen = Signal(str)

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
        self._actions: dict[str, QAction] = {}
        bar = window.menuBar()
        menus = {title: bar.addMenu(translate("keymap", title)) for title in MENUS}
        self.file = menus["&File"]
        faces = menus["F&aces"]
        self.detector = faces.addMenu(translate("menus", "&Detector"))
        self.model = faces.addMenu(translate("menus", "&Model"))
        for command in COMMANDS:
            self._add(menus[command.menu], command)
        self.cameras_end = self.file.actions()[0]
        self._camera_actions: list[QAction] = []
        self.recent = QMenu(translate("menus", "Open re&cent"), self._window)
        self.recent.setToolTipsVisible(True)  # the full path, as several sources may share a name
        self.file.insertMenu(self["demo"], self.recent)
        self._detectors = QActionGroup(self)
        for name, text in detector_entries():
            action = self._checkable(self.detector, text, self._detectors, name)
            action.triggered.connect(lambda _=False, chosen=name: detector(chosen))
        self._models = QActionGroup(self)
        colours = QMenu(translate("menus", "&Colours"), self._window)
        menus["&View"].insertMenu(self["full_screen"], colours)
        self._schemes = QActionGroup(self)
        for name, text in SCHEMES:
            action = self._checkable(colours, translate("menus", text), self._schemes, name)
            action.triggered.connect(lambda _=False, chosen=name: self.scheme_chosen.emit(chosen))
        self.pause, self.mirror, self.bars = self["pause"], self["mirror"], self["bars"]
        self.timeline, self.full_screen = self["timeline"], self["full_screen"]
        self.bars.setIconText(translate("menus", "Bars"))
        self.set_cameras(())
        self.set_recent(())

    def __getitem__(self, name: str) -> QAction:
        """The action of a command, by its name; KeyError if there is none."""
        return self._actions[name]

    def set_recent(self, specs: Sequence[str]) -> None:
        """List the recent sources, newest first."""
        self.recent.clear()
        for spec in specs:
            action = self.recent.addAction(_plain(source_title(spec, {})))
            action.setToolTip(shown(spec))
            action.triggered.connect(lambda _=False, chosen=spec: self._show(chosen))
        self.recent.setEnabled(bool(specs))

    def set_cameras(self, cameras: Sequence[CameraEntry], searching: bool = True) -> None:
        """List the cameras by name; if there are none, say so, or that a search is running."""
        for action in self._camera_actions:
            self.file.removeAction(action)
            action.deleteLater()
        self._camera_actions = []
        for number, camera in enumerate(cameras):
            action = QAction(_plain(camera.name), self)
            if number < 9:
                action.setShortcut(f"Ctrl+{number + 1}")
            action.triggered.connect(lambda _=False, index=camera.index: self._show(str(index)))
            self._camera_actions.append(action)
        if not cameras:
            action = QAction(
                translate("menus", "Looking for cameras…") if searching else translate("menus", "No camera found"), self
            )
            action.setEnabled(False)
            self._camera_actions.append(action)
        self.file.insertActions(self.cameras_end, self._camera_actions)

    def set_models(self, names: Sequence[str], current: str | None) -> None:
        """List the bundles and check the current one; a chosen folder outside the list is added."""
        for action in self._models.actions():
            self._models.removeAction(action)
            self.model.removeAction(action)
            action.deleteLater()
        listed = [*names] if current is None or current in names else [*names, current]
        for name in listed:
            action = self._checkable(None, _plain(Path(name).name), self._models, name)
            action.triggered.connect(lambda _=False, chosen=name: self._pick_model(chosen))
            self.model.addAction(action)
            action.setChecked(name == (current or DEFAULT))

    def check_scheme(self, name: str) -> None:
        for action in self._schemes.actions():
            action.setChecked(action.data() == name)

    def check_detector(self, name: str | None) -> None:
        for action in self._detectors.actions():
            action.setChecked(action.data() == (name or detectors.AUTO))

    def _add(self, menu: QMenu, command: Command) -> None:
        action = QAction(translate("keymap", command.text), self)
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        action.setCheckable(command.check)
        action.setAutoRepeat(command.repeat)
        if command.line:
            menu.addSeparator()
        menu.addAction(action)
        self._actions[command.name] = action

    def _checkable(self, menu: QMenu | None, text: str, group: QActionGroup, data: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setData(data)
        group.addAction(action)
        if menu is not None:
            menu.addAction(action)
        return action


def _plain(name: str) -> str:
    """Escape `&`, which marks a mnemonic in menus.

    >>> _plain("Ben & Ann.mp4")
    'Ben && Ann.mp4'
    """
    return name.replace("&", "&&")


def detector_entries() -> list[tuple[str, str]]:
    """(name, text) of each entry in the detector menu; the text says if the detector sends data."""
    kinds = [(kind.name, _detector_text(kind)) for kind in detectors.DETECTORS]
    return [(detectors.AUTO, translate("menus", "Automatic")), *kinds]


def _detector_text(kind: detectors.DetectorKind) -> str:
    if kind.sends:
        return translate("menus", "{detector} (sends usage statistics)").format(detector=kind.title)
    return kind.title
