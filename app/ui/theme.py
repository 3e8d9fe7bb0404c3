"""Colours, fonts and the style sheet, dark or light, with high-contrast text."""

from functools import cache

from PySide6.QtGui import QColor, QFont, QPalette

from app.core.palette import Rgb, color_of

SURFACE = PICTURE = RAISED = LINE = TEXT = QUIET = FAINT = ACCENT = DANGER = NOTICE = ""
"""The current colours, set by `use`. Text has a contrast of at least 4.5 on the first three (WCAG 2, level AA)."""

ON_GLASS, QUIET_ON_GLASS, LIVE_ON_GLASS, HELD_ON_GLASS = "#f1f3f6", "#b4bac6", "#ff5c5c", "#ffd479"
"""Text and dots on the dark translucent panels over a picture, in either scheme."""

SEEN = 3.0
"""Least contrast of graphics on a surface (WCAG 2.1, criterion 1.4.11)."""

_DARK = {
    "SURFACE": "#16181d",
    "PICTURE": "#0d0e11",
    "RAISED": "#20232a",
    "LINE": "#333842",
    "TEXT": "#f1f3f6",
    "QUIET": "#b4bac6",
    "FAINT": "#8d94a1",
    "ACCENT": "#7ab7ff",
    "DANGER": "#ff8f84",
    "NOTICE": "#ffd479",
}

_LIGHT = {
    "SURFACE": "#f7f8fa",
    "PICTURE": "#e3e6ec",
    "RAISED": "#ffffff",
    "LINE": "#cfd4dd",
    "TEXT": "#16181d",
    "QUIET": "#4c5361",
    "FAINT": "#5f6673",
    "ACCENT": "#1565c0",
    "DANGER": "#ab2019",
    "NOTICE": "#8a5a00",
}


def use(*, light: bool) -> None:
    """Switch to the light or the dark colours; painting code must look them up each time."""
    globals().update(_LIGHT if light else _DARK)


use(light=False)


def palette() -> QPalette:
    """The current colours as a palette, for everything the style sheet leaves to Qt."""
    made = QPalette()
    role = QPalette.ColorRole
    for roles, name in (
        ((role.Window, role.AlternateBase), SURFACE),
        ((role.Base, role.Button, role.ToolTipBase), RAISED),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), TEXT),
        ((role.PlaceholderText, role.Mid), FAINT),
        ((role.Highlight, role.Link, role.Accent), ACCENT),
        ((role.HighlightedText,), PICTURE),
        ((role.Light, role.Midlight, role.Dark), LINE),
    ):
        for one in roles:
            made.setColor(one, QColor(name))
    for one in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, one, QColor(FAINT))
    return made


def style() -> str:
    """The style sheet in the current colours."""
    return f"""
QMainWindow, QDialog, QFileDialog, QInputDialog, QWidget#side {{ background: {SURFACE}; color: {TEXT}; }}
QWidget {{ color: {TEXT}; font-size: 13px; }}
QMenuBar {{ background: {SURFACE}; padding: 2px 6px; }}
QMenuBar::item {{ padding: 5px 10px; border-radius: 5px; background: transparent; }}
QMenuBar::item:selected {{ background: {RAISED}; }}
QMenu {{ background: {RAISED}; border: 1px solid {LINE}; padding: 5px; }}
QMenu::item {{ padding: 6px 26px 6px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {LINE}; }}
QMenu::item:disabled {{ color: {QUIET}; }}
QMenu::separator {{ height: 1px; background: {LINE}; margin: 5px 8px; }}
QStatusBar {{ background: {SURFACE}; border-top: 1px solid {LINE}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {QUIET}; padding: 3px 9px; font-size: 12px; }}
QPushButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; padding: 6px 14px; }}
QPushButton:hover {{ background: {LINE}; }}
QPushButton:focus {{ border: 1px solid {ACCENT}; }}
QPushButton:checked {{ background: {LINE}; border: 1px solid {ACCENT}; }}
QPushButton:checked:focus, QToolButton#control:checked:focus {{ border: 1px solid {TEXT}; }}
QPushButton:disabled {{ color: {FAINT}; }}
QToolButton#control {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; padding: 6px 4px; }}
QToolButton#control:hover {{ background: {LINE}; }}
QToolButton#control:focus {{ border: 1px solid {ACCENT}; }}
QToolButton#control:checked {{ background: {LINE}; border: 1px solid {ACCENT}; }}
QToolButton#control:disabled {{ color: {FAINT}; }}
QListWidget, QLineEdit, QTreeView, QListView {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; }}
NumberBox, ChoiceBox {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; min-height: 21px;
    padding: 3px 24px 3px 9px; selection-background-color: {ACCENT}; selection-color: {PICTURE}; }}
NumberBox:hover, ChoiceBox:hover {{ background: {LINE}; }}
NumberBox:disabled, ChoiceBox:disabled, QLineEdit:disabled {{ color: {FAINT}; }}
NumberBox:focus, ChoiceBox:focus, QLineEdit:focus, QTreeView:focus, QListView:focus {{ border: 1px solid {ACCENT}; }}
ChoiceBox::drop-down {{ border: none; width: 22px; }}
NumberBox {{ min-height: 18px; }}
NumberBox::up-button, NumberBox::down-button {{ border: none; background: transparent; width: 22px; }}
NumberBox QLineEdit {{ background: transparent; border: none; padding: 0; }}
ChoiceBox QListView {{ outline: none; border-radius: 0; }}
QHeaderView::section {{ background: {RAISED}; border: 1px solid {LINE}; padding: 4px 7px; }}
QHeaderView {{ background: {RAISED}; }}
QListWidget {{ padding: 3px; outline: none; }}
QListWidget::item {{ padding: 4px 6px; border-radius: 4px; }}
QListWidget::item:selected {{ background: {LINE}; color: {TEXT}; }}
QListWidget:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit {{ placeholder-text-color: {FAINT}; padding: 5px 7px; }}
QLineEdit {{ selection-background-color: {ACCENT}; selection-color: {PICTURE}; }}
QWidget#side {{ border-left: 1px solid {LINE}; }}
QWidget#people, QWidget#page {{ background: {SURFACE}; }}
QWidget#card {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 9px; }}
QListView#contact {{ background: {SURFACE}; border: none; outline: none; }}
QLabel#strong {{ font-weight: bold; }}
QLabel#heading {{ font-size: 15px; font-weight: bold; }}
QToolButton#plain {{ background: transparent; border: none; font-size: 15px; padding: 0 5px; }}
QToolButton#plain:hover {{ background: {LINE}; border-radius: 4px; }}
QToolButton#plain:focus {{ border: 1px solid {ACCENT}; border-radius: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 30px; margin: 1px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {LINE}; border-radius: 4px; min-width: 30px; margin: 1px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QLabel#quiet {{ color: {QUIET}; font-size: 12px; }}
QLabel#clock {{ font-size: 16px; font-weight: bold; }}
QWidget#foot {{ background: {SURFACE}; border-top: 1px solid {LINE}; }}
QWidget#deck {{ background: {SURFACE}; border-top: 1px solid {LINE}; }}
QToolButton#transport {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; min-width: 30px;
    padding: 4px 2px; }}
QToolButton#transport:hover {{ background: {LINE}; }}
QToolButton#transport:focus {{ border: 1px solid {ACCENT}; }}
QToolButton#legend {{ background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 1px 4px;
    font-size: 12px; }}
QToolButton#legend:!checked {{ color: {FAINT}; }}
QToolButton#legend:hover {{ background: {LINE}; }}
QToolButton#legend:focus {{ border: 1px solid {ACCENT}; }}
QSlider::groove:horizontal {{ background: {LINE}; height: 4px; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {ACCENT}; height: 4px; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {TEXT}; width: 12px; margin: -4px 0; border-radius: 6px; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {ACCENT}; }}
QToolButton#loop {{ background: transparent; border: 1px solid transparent; border-radius: 4px; color: {ACCENT};
    padding: 2px 4px; }}
QToolButton#loop:hover {{ background: {LINE}; color: {TEXT}; }}
QToolButton#loop:focus {{ border: 1px solid {ACCENT}; }}
QToolButton#control::menu-indicator {{ image: none; }}
QFrame#banner {{ background: {RAISED}; border: 1px solid {LINE}; border-left: 4px solid {ACCENT}; border-radius: 7px; }}
QFrame#banner[kind="error"] {{ border-left: 4px solid {DANGER}; }}
QFrame#banner[kind="notice"] {{ border-left: 4px solid {NOTICE}; }}
QFrame#banner QPushButton {{ background: {LINE}; padding: 5px 11px; }}
QFrame#banner QPushButton:hover {{ background: {LINE}; }}
QFrame#banner QToolButton {{ background: transparent; border: none; font-size: 15px; padding: 2px 7px; }}
QFrame#banner QToolButton:hover {{ background: {LINE}; border-radius: 4px; }}
QFrame#banner QToolButton:focus {{ border: 1px solid {ACCENT}; border-radius: 4px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QProgressBar {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px; max-height: 12px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 5px; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px; }}
"""


def color(label: str) -> QColor:
    """The colour of a label."""
    return QColor(*color_of(label))


def seen(label: str) -> QColor:
    """The colour of a label, darkened on a light surface until its contrast is at least `SEEN`."""
    return QColor(_seen_on(label, SURFACE))


@cache
def _seen_on(label: str, surface: str) -> QColor:
    shade, ground = color(label), QColor(surface)
    if ground.lightness() > 128:
        while contrast(shade, ground) < SEEN:
            shade = shade.darker(104)
    return shade


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2).

    >>> round(contrast(QColor("black"), QColor("white")))
    21
    """
    lower, higher = sorted((_luminance(one), _luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def _luminance(shade: QColor) -> float:
    """Relative luminance, 0..1 (WCAG 2)."""
    channels = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (shade.redF(), shade.greenF(), shade.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@cache
def ink_on(background: Rgb) -> QColor:
    """Black or white, whichever has more contrast on a background."""
    ground = QColor(*background)
    return max(QColor("black"), QColor("white"), key=lambda ink: contrast(ink, ground))


def font(pixels: int, *, bold: bool = False) -> QFont:
    """The application font at a size in screen pixels."""
    made = QFont()
    made.setPixelSize(pixels)
    made.setBold(bold)
    return made
