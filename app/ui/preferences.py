"""What the window remembers: its place, what it shows, recent sources, and the detector and model chosen in it."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.player.messages import Choice
from app.spec import is_address, shown
from models import detectors

RECENT = 10


class Preferences:
    """Typed access to the user's settings file."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @classmethod
    def of_user(cls) -> "Preferences":
        scope = QSettings.Scope.UserScope
        return cls(QSettings(QSettings.Format.IniFormat, scope, "mimik", "mimik"))

    @classmethod
    def beside(cls, file: Path) -> "Preferences":
        """Settings of their own, in a file beside another one."""
        return cls(QSettings(str(file.with_suffix(".ini")), QSettings.Format.IniFormat))

    def geometry(self) -> QByteArray | None:
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def mirrors(self, *, live: bool) -> bool:
        """Whether to mirror: cameras are, files are not, until the user says otherwise for that kind."""
        return self._flag(_mirror_key(live), live)

    def keep_mirrors(self, mirrors: bool, *, live: bool) -> None:
        self._settings.setValue(_mirror_key(live), mirrors)

    def bars(self) -> bool:
        return self._flag("bars", True)

    def keep_bars(self, bars: bool) -> None:
        self._settings.setValue("bars", bars)

    def timeline(self) -> bool:
        """Whether the curves are shown."""
        return self._flag("timeline", True)

    def keep_timeline(self, shown: bool) -> None:
        self._settings.setValue("timeline", shown)

    def blur(self) -> str:
        """Whose faces are blurred in recordings: `all`, `others` for all but the chosen one, or empty for nobody's."""
        value = str(self._settings.value("blur", ""))
        return value if value in ("all", "others") else ""

    def keep_blur(self, blur: str) -> None:
        self._settings.setValue("blur", blur)

    def scheme(self) -> str:
        """`dark`, `light`, or `system` for what the system says."""
        value = str(self._settings.value("scheme", "system"))
        return value if value in ("dark", "light") else "system"

    def keep_scheme(self, scheme: str) -> None:
        self._settings.setValue("scheme", scheme)

    def welcomed(self) -> bool:
        """Whether the page of the first start was read."""
        return self._flag("welcomed", False)

    def keep_welcomed(self) -> None:
        self._settings.setValue("welcomed", True)

    def recent(self) -> list[str]:
        """Sources opened last, the newest first."""
        value = self._settings.value("recent", [])
        values = value if isinstance(value, list) else [value]
        return [str(spec) for spec in values if spec][:RECENT]

    def keep_recent(self, spec: str) -> None:
        """Remember a source, but no address that may hold a secret."""
        if not is_address(spec) or shown(spec) == spec:
            self._settings.setValue("recent", [spec, *(old for old in self.recent() if old != spec)][:RECENT])

    def choice(self, asked: Choice) -> Choice:
        """The last choice, where the command line left it open."""
        detector = str(self._settings.value("detector") or "")
        model = str(self._settings.value("model") or "") or None
        if asked.detector is None and detector in _remembered():
            asked = replace(asked, detector=detector)
        return asked if asked.model is not None else replace(asked, model=model)

    def keep_detector(self, name: str) -> None:
        """Remember a detector, but none that sends something: that one is chosen anew each time."""
        if name in _remembered():
            self._settings.setValue("detector", name)

    def keep_model(self, name: str | None) -> None:
        """Remember a bundle's name or the whole path of its folder; None for the default."""
        self._settings.setValue("model", name or "")

    def _flag(self, key: str, default: bool) -> bool:
        # An INI file gives back text.
        return str(self._settings.value(key, default)).lower() == "true"


def _remembered() -> tuple[str, ...]:
    return (detectors.AUTO, *(kind.name for kind in detectors.unasked_detectors()))


def _mirror_key(live: bool) -> str:
    return "mirror_camera" if live else "mirror_file"
