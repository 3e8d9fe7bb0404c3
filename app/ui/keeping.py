"""Opens the export dialog and the journal page."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.player.parts import DEMO
from app.ui.language import translate
from app.ui.localised import localised
from models.errors import InputError

if TYPE_CHECKING:
    from app.ui.export_dialog import ExportDialog
    from app.ui.journal_page import JournalPage
    from app.ui.window import MainWindow

# Both are imported on first use, so that the window appears sooner.


def open_export(window: "MainWindow") -> "ExportDialog | None":
    """Open the export dialog for the current film or session; None, with a message, if there is nothing to export."""
    from app.ui.export_dialog import ExportDialog
    from app.ui.exported import film_content

    player, result = window.playback.player, window.picture.result
    if player is None:
        nothing = translate("export", "There is nothing to export yet; open a film first.")
        window.banners.tell("export", "notice", nothing, passing=True)
        return None
    spec = window.showing.spec or DEMO
    stills = result is not None and result.frame.still
    try:
        content = film_content(spec, window.showing.title, player, window.openers, stills=stills)
    except InputError as error:
        window.banners.tell("export", "error", localised(str(error)))
        return None
    if content is None:
        unkept = translate("export", "A camera's readings are not kept by themselves; record it first.")
        window.banners.tell("export", "notice", unkept, passing=True)
        return None
    complete = content.facts.get("complete", True)
    note = (
        ""
        if complete
        else translate("export", "The film is still being read; what is exported now has readings up to there only.")
    )
    dialog = ExportDialog(
        window,
        content,
        marks=window.playback.marks,
        face=window.picture.chosen,
        at_s=player.position_s,
        note=note,
        folder=_folder_for(spec),
    )
    dialog.show()
    return dialog


def export_session(parent: QWidget, folder: Path, tell: Callable[[str], object]) -> "ExportDialog | None":
    """Open the export dialog for a session; if it cannot be read, `tell` gets the message and None is returned."""
    from app.commands.contents import session_content
    from app.ui.export_dialog import ExportDialog

    try:
        content = session_content(folder)
    except InputError as error:
        tell(localised(str(error)))
        return None
    dialog = ExportDialog(parent, content)
    dialog.show()
    return dialog


def open_journal(window: "MainWindow") -> "JournalPage":
    """Open the user's journal."""
    from app.journal.journal import Journal
    from app.ui.journal_page import JournalPage

    library = window.openers.library()
    page = JournalPage(window, Journal.of_library(library), library)
    page.show()
    return page


def _folder_for(spec: str) -> Path:
    """The folder of a film; the home folder for any other source."""
    path = Path(spec)
    return path.absolute().parent if spec != DEMO and path.is_file() else Path.home()
