"""Every command of the window in one table: menu, text and shortcuts. The menus and the key sheet are made from it."""

from dataclasses import dataclass

from app.ui.language import QT_TRANSLATE_NOOP

MENUS = (
    QT_TRANSLATE_NOOP("keymap", "&File"),
    QT_TRANSLATE_NOOP("keymap", "&Play"),
    QT_TRANSLATE_NOOP("keymap", "F&aces"),
    QT_TRANSLATE_NOOP("keymap", "&View"),
    QT_TRANSLATE_NOOP("keymap", "&Help"),
)
"""In the order of the menu bar."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the window.

    Attributes:
        name: Identifies it in code.
        menu: One of `MENUS`.
        text: Menu text; `&` marks the mnemonic.
        keys: Shortcuts in Qt's notation; each of them triggers it.
        check: Whether it can be checked.
        repeat: Whether holding a key repeats it.
        line: Whether a separator precedes it in the menu.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    check: bool = False
    repeat: bool = False
    line: bool = False


_FILE, _PLAY, _FACES, _VIEW, _HELP = MENUS

COMMANDS = (
    Command("open_file", _FILE, QT_TRANSLATE_NOOP("keymap", "Open &file…"), ("Ctrl+O",), line=True),
    Command("open_folder", _FILE, QT_TRANSLATE_NOOP("keymap", "Open f&older of pictures…"), ("Ctrl+Shift+O",)),
    Command("open_address", _FILE, QT_TRANSLATE_NOOP("keymap", "Open &address…"), ("Ctrl+L",)),
    Command("demo", _FILE, QT_TRANSLATE_NOOP("keymap", "&Demo clip"), ("Ctrl+D",)),
    Command("snapshot", _FILE, QT_TRANSLATE_NOOP("keymap", "&Save snapshot…"), ("S", "Ctrl+S"), line=True),
    Command("record", _FILE, QT_TRANSLATE_NOOP("keymap", "&Record"), ("R",), check=True),
    Command("note", _FILE, QT_TRANSLATE_NOOP("keymap", "&Note at this moment…"), ("N",)),
    Command("history", _FILE, QT_TRANSLATE_NOOP("keymap", "&History…"), ("Ctrl+H",)),
    Command("export", _FILE, QT_TRANSLATE_NOOP("keymap", "&Export…"), ("E",)),
    Command("journal", _FILE, QT_TRANSLATE_NOOP("keymap", "&Journal")),
    Command("settings", _FILE, QT_TRANSLATE_NOOP("keymap", "Se&ttings…"), ("Ctrl+,",)),
    Command("forget", _FILE, QT_TRANSLATE_NOOP("keymap", "Delete &kept readings")),
    Command("quit", _FILE, QT_TRANSLATE_NOOP("keymap", "&Quit"), ("Ctrl+Q",), line=True),
    Command("pause", _PLAY, QT_TRANSLATE_NOOP("keymap", "&Pause"), ("Space",), check=True),
    Command("stop", _PLAY, QT_TRANSLATE_NOOP("keymap", "S&top"), ("K",)),
    Command("step_on", _PLAY, QT_TRANSLATE_NOOP("keymap", "&Next frame"), ("Right", "."), repeat=True, line=True),
    Command("step_back", _PLAY, QT_TRANSLATE_NOOP("keymap", "P&revious frame"), ("Left", ","), repeat=True),
    Command("second_on", _PLAY, QT_TRANSLATE_NOOP("keymap", "One second ahead"), ("Shift+Right",), repeat=True),
    Command("second_back", _PLAY, QT_TRANSLATE_NOOP("keymap", "One second back"), ("Shift+Left",), repeat=True),
    Command("ten_on", _PLAY, QT_TRANSLATE_NOOP("keymap", "Ten seconds ahead"), ("Ctrl+Right",), repeat=True),
    Command("ten_back", _PLAY, QT_TRANSLATE_NOOP("keymap", "Ten seconds back"), ("Ctrl+Left",), repeat=True),
    Command("to_start", _PLAY, QT_TRANSLATE_NOOP("keymap", "To the &start"), ("Home",)),
    Command("to_end", _PLAY, QT_TRANSLATE_NOOP("keymap", "To the &end"), ("End",)),
    Command("go_to", _PLAY, QT_TRANSLATE_NOOP("keymap", "&Go to frame or time…"), ("G",)),
    Command("faster", _PLAY, QT_TRANSLATE_NOOP("keymap", "&Faster"), ("]", "L"), line=True),
    Command("slower", _PLAY, QT_TRANSLATE_NOOP("keymap", "S&lower"), ("[", "J")),
    Command("mark_in", _PLAY, QT_TRANSLATE_NOOP("keymap", "Loop from &here"), ("I",), line=True),
    Command("mark_out", _PLAY, QT_TRANSLATE_NOOP("keymap", "L&oop to here"), ("O",)),
    Command("mark_none", _PLAY, QT_TRANSLATE_NOOP("keymap", "No loop"), ("Shift+I",)),
    Command("mute", _PLAY, QT_TRANSLATE_NOOP("keymap", "M&ute"), ("Shift+M",), check=True, line=True),
    Command("louder", _PLAY, QT_TRANSLATE_NOOP("keymap", "Lou&der"), ("Ctrl+Up",), repeat=True),
    Command("quieter", _PLAY, QT_TRANSLATE_NOOP("keymap", "&Quieter"), ("Ctrl+Down",), repeat=True),
    Command("replay", _PLAY, QT_TRANSLATE_NOOP("keymap", "Open ag&ain"), ("Ctrl+R",), line=True),
    Command("why", _FACES, QT_TRANSLATE_NOOP("keymap", "&Why this label"), ("W",)),
    Command("open_model", _FACES, QT_TRANSLATE_NOOP("keymap", "&Open model folder…"), ("Ctrl+M",)),
    Command("mirror", _VIEW, QT_TRANSLATE_NOOP("keymap", "&Mirror"), ("M",), check=True),
    Command("bars", _VIEW, QT_TRANSLATE_NOOP("keymap", "&Bars beside faces"), ("B",), check=True),
    Command("timeline", _VIEW, QT_TRANSLATE_NOOP("keymap", "&Timeline"), ("T",), check=True),
    Command("sheet", _VIEW, QT_TRANSLATE_NOOP("keymap", "Contact &sheet"), ("C",), check=True),
    Command("zoom_in", _VIEW, QT_TRANSLATE_NOOP("keymap", "Zoom &in on the bar"), ("+", "="), repeat=True),
    Command("zoom_out", _VIEW, QT_TRANSLATE_NOOP("keymap", "Zoom &out"), ("-",), repeat=True),
    Command("full_screen", _VIEW, QT_TRANSLATE_NOOP("keymap", "&Full screen"), ("F11",), check=True, line=True),
    Command("keys", _HELP, QT_TRANSLATE_NOOP("keymap", "&Keys"), ("?",)),
    Command("welcome", _HELP, QT_TRANSLATE_NOOP("keymap", "&What Mimik is for")),
)
