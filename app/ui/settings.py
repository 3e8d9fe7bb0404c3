"""Every setting of the window in one table, which defines the settings page and the settings file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.ui.language import LANGUAGES, QT_TRANSLATE_NOOP
from models import detectors
from models.bundle import DEFAULT, list_bundles

Kind = Literal["switch", "choice", "number"]
Value = bool | int | str
Option = tuple[str, str]
"""Stored value and display text."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: In the settings file.
        group: The heading it is listed under.
        title: Its display name.
        kind: On or off, one of several values, or an integer.
        default: Its value until the user changes it.
        help: One sentence.
        options: Returns the options of a choice.
        least, most: The range of a number.
        unit: The unit of a number, shown after a space.
        free: Whether a choice also accepts other texts, such as the path of a folder.
    """

    key: str
    group: str
    title: str
    kind: Kind
    default: Value
    help: str
    options: Callable[[], tuple[Option, ...]] = tuple
    least: int = 0
    most: int = 0
    unit: str = ""
    free: bool = False

    def read(self, kept: object) -> Value:
        """Parse a stored value (text in a settings file); numbers are clamped, invalid values give the default."""
        text = str(kept)
        if self.kind == "switch":
            return text.lower() == "true" if text.lower() in ("true", "false") else self.default
        if self.kind == "number":
            try:
                return min(max(int(text), self.least), self.most)
            except ValueError:
                return self.default
        return text if self.free or text in (value for value, _ in self.options()) else self.default


def _detectors() -> tuple[Option, ...]:
    # A detector that sends data must be chosen each time, in the menu.
    automatic = (detectors.AUTO, QT_TRANSLATE_NOOP("settings", "Automatic"))
    return (automatic, *((kind.name, kind.title) for kind in detectors.unasked_detectors()))


def _models() -> tuple[Option, ...]:
    others = (name for name in list_bundles() if name != DEFAULT)
    return (("", QT_TRANSLATE_NOOP("settings", "Default")), *((name, name) for name in others))


def _schemes() -> tuple[Option, ...]:
    return (
        ("system", QT_TRANSLATE_NOOP("settings", "As the system")),
        ("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
        ("light", QT_TRANSLATE_NOOP("settings", "Light")),
    )


def _languages() -> tuple[Option, ...]:
    return (("system", QT_TRANSLATE_NOOP("settings", "As the system")), *LANGUAGES.items())


def _ways() -> tuple[Option, ...]:
    return (
        ("auto", QT_TRANSLATE_NOOP("settings", "Grad-CAM where Keras is installed")),
        ("occlusion", QT_TRANSLATE_NOOP("settings", "By covering parts")),
    )


_LOOK = QT_TRANSLATE_NOOP("settings", "Appearance")
_PICTURE = QT_TRANSLATE_NOOP("settings", "Picture")
_SOUND = QT_TRANSLATE_NOOP("settings", "Sound")
_FOLDERS = QT_TRANSLATE_NOOP("settings", "Pictures and folders")
_FACES = QT_TRANSLATE_NOOP("settings", "Faces")

SETTINGS = (
    Setting(
        "scheme",
        _LOOK,
        QT_TRANSLATE_NOOP("settings", "Colours"),
        "choice",
        "system",
        QT_TRANSLATE_NOOP("settings", "Dark, light, or what the system says."),
        _schemes,
    ),
    Setting(
        "language",
        _LOOK,
        QT_TRANSLATE_NOOP("settings", "Language"),
        "choice",
        "system",
        QT_TRANSLATE_NOOP("settings", "Holds from the next start."),
        _languages,
    ),
    Setting(
        "bars",
        _PICTURE,
        QT_TRANSLATE_NOOP("settings", "Bars beside faces"),
        "switch",
        True,
        QT_TRANSLATE_NOOP("settings", "The probability of every emotion beside each face in the picture."),
    ),
    Setting(
        "timeline",
        _PICTURE,
        QT_TRANSLATE_NOOP("settings", "Timeline"),
        "switch",
        True,
        QT_TRANSLATE_NOOP("settings", "The chosen face's curves below the picture."),
    ),
    Setting(
        "mirror_camera",
        _PICTURE,
        QT_TRANSLATE_NOOP("settings", "Mirror cameras"),
        "switch",
        True,
        QT_TRANSLATE_NOOP("settings", "As people know themselves from a mirror. Nothing that is read changes by it."),
    ),
    Setting(
        "mirror_file",
        _PICTURE,
        QT_TRANSLATE_NOOP("settings", "Mirror films and pictures"),
        "switch",
        False,
        QT_TRANSLATE_NOOP("settings", "Show films and pictures as in a mirror, too."),
    ),
    Setting(
        "volume",
        _SOUND,
        QT_TRANSLATE_NOOP("settings", "Volume"),
        "number",
        100,
        QT_TRANSLATE_NOOP("settings", "How loud films are."),
        least=0,
        most=100,
        unit="%",
    ),
    Setting(
        "muted",
        _SOUND,
        QT_TRANSLATE_NOOP("settings", "Mute"),
        "switch",
        False,
        QT_TRANSLATE_NOOP("settings", "Play films without sound."),
    ),
    Setting(
        "open_sheet",
        _FOLDERS,
        QT_TRANSLATE_NOOP("settings", "Open folders as a contact sheet"),
        "switch",
        True,
        QT_TRANSLATE_NOOP("settings", "A folder of photos is shown as a sheet first, not picture by picture."),
    ),
    Setting(
        "thumbnail",
        _FOLDERS,
        QT_TRANSLATE_NOOP("settings", "Size of small pictures"),
        "number",
        160,
        QT_TRANSLATE_NOOP("settings", "Width of a picture on the contact sheet."),
        least=96,
        most=320,
        unit=QT_TRANSLATE_NOOP("settings", "pixels"),
    ),
    Setting(
        "recent_most",
        _FOLDERS,
        QT_TRANSLATE_NOOP("settings", "Recent sources"),
        "number",
        10,
        QT_TRANSLATE_NOOP("settings", "How many the menu File remembers; with 0 none is kept."),
        least=0,
        most=30,
    ),
    Setting(
        "detector",
        _FACES,
        QT_TRANSLATE_NOOP("settings", "Detector"),
        "choice",
        detectors.AUTO,
        QT_TRANSLATE_NOOP("settings", "What finds the faces. The present source is opened anew with it."),
        _detectors,
    ),
    Setting(
        "model",
        _FACES,
        QT_TRANSLATE_NOOP("settings", "Model"),
        "choice",
        "",
        QT_TRANSLATE_NOOP("settings", "What reads the expressions. The present source is opened anew with it."),
        _models,
        free=True,
    ),
    Setting(
        "why",
        _FACES,
        QT_TRANSLATE_NOOP("settings", "Explain a label"),
        "choice",
        "auto",
        QT_TRANSLATE_NOOP("settings", "Grad-CAM loads Keras at the first explanation, which takes a while."),
        _ways,
    ),
)
"""In the order of the settings page."""

BY_KEY = {setting.key: setting for setting in SETTINGS}
