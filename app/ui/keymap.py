"""Every command of the window in one table: its menu, its words and its keys. Menus and the sheet of keys read it."""

from dataclasses import dataclass

MENUS = ("&File", "&Play", "F&aces", "&View", "&Help")
"""In the order of the menu bar."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: By which the window knows it.
        menu: One of `MENUS`.
        text: In the menu; `&` marks its letter.
        keys: Any of them calls it, as Qt spells them.
        check: True for a switch.
        repeat: Whether a held key calls it again and again.
        line: Whether a line comes before it in the menu.
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
    Command("open_file", _FILE, "Open &file…", ("Ctrl+O",), line=True),
    Command("open_folder", _FILE, "Open f&older of pictures…", ("Ctrl+Shift+O",)),
    Command("open_address", _FILE, "Open &address…", ("Ctrl+L",)),
    Command("demo", _FILE, "&Demo clip", ("Ctrl+D",)),
    Command("snapshot", _FILE, "&Save snapshot…", ("S", "Ctrl+S"), line=True),
    Command("record", _FILE, "&Record", ("R",), check=True),
    Command("note", _FILE, "&Note at this moment…", ("N",)),
    Command("history", _FILE, "&History…", ("Ctrl+H",)),
    Command("export", _FILE, "&Export…", ("E",)),
    Command("journal", _FILE, "&Journal"),
    Command("forget", _FILE, "Delete &kept readings"),
    Command("quit", _FILE, "&Quit", ("Ctrl+Q",), line=True),
    Command("pause", _PLAY, "&Pause", ("Space",), check=True),
    Command("stop", _PLAY, "S&top", ("K",)),
    Command("step_on", _PLAY, "&Next frame", ("Right", "."), repeat=True, line=True),
    Command("step_back", _PLAY, "P&revious frame", ("Left", ","), repeat=True),
    Command("second_on", _PLAY, "One second ahead", ("Shift+Right",), repeat=True),
    Command("second_back", _PLAY, "One second back", ("Shift+Left",), repeat=True),
    Command("ten_on", _PLAY, "Ten seconds ahead", ("Ctrl+Right",), repeat=True),
    Command("ten_back", _PLAY, "Ten seconds back", ("Ctrl+Left",), repeat=True),
    Command("to_start", _PLAY, "To the &start", ("Home",)),
    Command("to_end", _PLAY, "To the &end", ("End",)),
    Command("go_to", _PLAY, "&Go to frame or time…", ("G",)),
    Command("faster", _PLAY, "&Faster", ("]", "L"), line=True),
    Command("slower", _PLAY, "S&lower", ("[", "J")),
    Command("mark_in", _PLAY, "Loop from &here", ("I",), line=True),
    Command("mark_out", _PLAY, "L&oop to here", ("O",)),
    Command("mark_none", _PLAY, "No loop", ("Shift+I",)),
    Command("replay", _PLAY, "Open ag&ain", ("Ctrl+R",), line=True),
    Command("open_model", _FACES, "Open &model folder…", ("Ctrl+M",)),
    Command("mirror", _VIEW, "&Mirror", ("M",), check=True),
    Command("bars", _VIEW, "&Bars beside faces", ("B",), check=True),
    Command("timeline", _VIEW, "&Timeline", ("T",), check=True),
    Command("zoom_in", _VIEW, "Zoom &in on the bar", ("+", "="), repeat=True),
    Command("zoom_out", _VIEW, "Zoom &out", ("-",), repeat=True),
    Command("full_screen", _VIEW, "&Full screen", ("F11",), check=True, line=True),
    Command("keys", _HELP, "&Keys", ("?",)),
    Command("welcome", _HELP, "&What Mimik is for"),
)
