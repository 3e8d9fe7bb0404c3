"""What the window remembers: its geometry, recent sources, and the settings of `app.ui.settings`."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from app.player.messages import Choice
from app.spec import is_address, shown
from app.ui.settings import BY_KEY, SETTINGS, Value
from models import detectors


class Preferences:
    """Typed access to the user's settings file."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @classmethod
    def of_user(cls) -> "Preferences":
        """The settings of the current user."""
        scope = QSettings.Scope.UserScope
        return cls(QSettings(QSettings.Format.IniFormat, scope, "mimik", "mimik"))

    @classmethod
    def next_to(cls, file: Path) -> "Preferences":
        """Settings of their own: an INI file next to `file`, with the same stem."""
        return cls(QSettings(str(file.with_suffix(".ini")), QSettings.Format.IniFormat))

    def value(self, key: str) -> Value:
        """The value of a setting of the table; its default if no valid value is stored."""
        setting = BY_KEY[key]
        return setting.read(self._settings.value(key, setting.default))

    def keep(self, key: str, value: Value) -> None:
        """Store a setting of the table."""
        self._settings.setValue(key, BY_KEY[key].read(value))

    def reset(self) -> None:
        """Reset every setting of the table to its default."""
        for setting in SETTINGS:
            self._settings.remove(setting.key)

    def write(self) -> None:
        """Write pending changes to the file now."""
        self._settings.sync()

    def geometry(self) -> QByteArray | None:
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def mirrors(self, *, live: bool) -> bool:
        """Whether to mirror: by default cameras are and files are not; stored for each kind."""
        return bool(self.value(_mirror_key(live)))

    def keep_mirrors(self, mirrors: bool, *, live: bool) -> None:
        self.keep(_mirror_key(live), mirrors)

    def bars(self) -> bool:
        return bool(self.value("bars"))

    def keep_bars(self, bars: bool) -> None:
        self.keep("bars", bars)

    def timeline(self) -> bool:
        """Whether the curves are shown."""
        return bool(self.value("timeline"))

    def keep_timeline(self, shown: bool) -> None:
        self.keep("timeline", shown)

    def volume(self) -> float:
        """Volume of films, 0..1."""
        return int(self.value("volume")) / 100

    def keep_volume(self, level: float) -> None:
        self.keep("volume", round(level * 100))

    def muted(self) -> bool:
        return bool(self.value("muted"))

    def keep_muted(self, muted: bool) -> None:
        self.keep("muted", muted)

    def blur(self) -> str:
        """Whose faces are blurred in recordings: `all`, `others` (all but the chosen one), or empty for none."""
        value = str(self._settings.value("blur", ""))
        return value if value in ("all", "others") else ""

    def keep_blur(self, blur: str) -> None:
        self._settings.setValue("blur", blur)

    def scheme(self) -> str:
        """`dark`, `light`, or `system` for the system's scheme."""
        return str(self.value("scheme"))

    def keep_scheme(self, scheme: str) -> None:
        self.keep("scheme", scheme)

    def welcomed(self) -> bool:
        """Whether the welcome page was confirmed."""
        return str(self._settings.value("welcomed", False)).lower() == "true"  # INI files store text

    def keep_welcomed(self) -> None:
        self._settings.setValue("welcomed", True)

    def recent(self) -> list[str]:
        """Recent sources, newest first."""
        value = self._settings.value("recent", [])
        values = value if isinstance(value, list) else [value]
        return [str(spec) for spec in values if spec][: int(self.value("recent_most"))]

    def keep_recent(self, spec: str) -> None:
        """Remember a source, unless it is an address that may contain a secret."""
        if not is_address(spec) or shown(spec) == spec:
            most = int(self.value("recent_most"))
            self._settings.setValue("recent", [spec, *(old for old in self.recent() if old != spec)][:most])

    def trim_recent(self) -> None:
        """Drop recent sources beyond the limit in the settings."""
        self._settings.setValue("recent", self.recent())

    def choice(self, asked: Choice) -> Choice:
        """Fill in the stored detector and model where the command line names none."""
        model = str(self.value("model")) or None
        kept = self._settings.value("detector")
        if asked.detector is None and kept == self.value("detector"):  # never one that sends data
            asked = replace(asked, detector=str(kept))
        return asked if asked.model is not None else replace(asked, model=model)

    def keep_detector(self, name: str) -> None:
        """Remember a detector, unless it sends data: such a detector must be chosen each time."""
        if name in (detectors.AUTO, *(kind.name for kind in detectors.unasked_detectors())):
            self.keep("detector", name)

    def keep_model(self, name: str | None) -> None:
        """Remember a bundle's name or the full path of its folder; None for the default."""
        self.keep("model", name or "")


def _mirror_key(live: bool) -> str:
    return "mirror_camera" if live else "mirror_file"
