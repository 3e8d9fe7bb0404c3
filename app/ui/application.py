"""Starts Qt and the window, and ends both. Imported by `app.ui.main` once the display is known to be there."""

import logging
import os
import signal
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.player.messages import Choice
from app.player.parts import Openers
from app.ui.camera_trial import CameraTrial
from app.ui.faults import catch_faults, log_qt
from app.ui.language import language_of, use_language
from app.ui.preferences import Preferences
from app.ui.timings import Timings, started_s
from app.ui.window import MainWindow

if TYPE_CHECKING:
    from app.ui.picture_trial import PictureTask

logger = logging.getLogger(__name__)

JOIN_S = 5.0
"""How long the hidden window waits for its threads; none of them holds a file that an abrupt end would damage."""


def _picture_trial() -> "PictureTask | None":
    if "MIMIK_PICTURE_TRIAL" not in os.environ:
        return None
    from app.ui.picture_trial import PictureTask

    return PictureTask.from_environment()


class _Faults(QObject):
    """Passes the sentence about a fault from any thread to the window's."""

    happened = Signal(str)


def start(source: str | None, choice: Choice, openers: Openers | None = None) -> int:
    """Show the window until it is closed.

    Returns:
        0; 130 when interrupted from the terminal; 2 if timings were requested and nothing could be analysed.
    """
    log_qt()
    application = QApplication.instance() or QApplication(["mimik"])
    assert isinstance(application, QApplication)
    application.setApplicationName("Mimik")
    application.setDesktopFileName("mimik")
    application.setWindowIcon(QIcon(str(files("assets") / "icon.png")))
    application.setStyle("Fusion")
    timings_file, film_trial_file = os.environ.get("MIMIK_TIMINGS"), os.environ.get("MIMIK_FILM_TRIAL")
    camera_trial, picture_trial = CameraTrial.asked(), _picture_trial()
    # a measured start is a first start, and does not touch the user's settings and readings
    measured = timings_file or film_trial_file or (camera_trial.path if camera_trial else None)
    measured = measured or (picture_trial.path if picture_trial else None)
    preferences = Preferences.next_to(Path(measured)) if measured else Preferences.of_user()
    if measured:
        preferences.keep_welcomed()
        openers = replace(openers or Openers(), cache=lambda: None)
    if camera_trial:
        openers = replace(openers or Openers(), source=camera_trial.source)
    translators = use_language(language_of(str(preferences.value("language"))))
    window = MainWindow(source, preferences.choice(choice), preferences, openers)
    codes: list[int] = []

    def leave(code: int) -> None:
        codes.append(code)
        QTimer.singleShot(0, window, window.close)

    if timings_file:
        timings = Timings(Path(timings_file), started_s(), lambda worked: leave(0 if worked else 2))
        window.picture.painted.connect(lambda: timings.painted(window.picture.result is not None))
        window.failed.connect(timings.finish_without)
    if camera_trial:
        camera_trial.watch(window, lambda worked: leave(0 if worked else 2))
        window.failed.connect(lambda _: leave(2))
    if film_trial_file:
        from app.ui.film_trial import FilmTrial

        film_trial = FilmTrial(window, Path(film_trial_file), lambda worked: leave(0 if worked else 2))
        film_trial.start()
    if picture_trial:
        from app.ui.picture_trial import PictureTrial

        PictureTrial(window, picture_trial, lambda worked: leave(0 if worked else 2)).start()
    faults = _Faults()
    faults.happened.connect(window.tell_fault)
    restore = catch_faults(faults.happened.emit)
    before = {number: signal.signal(number, lambda *_: leave(130)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        window.show()
        application.exec()
        ended = window.join(JOIN_S)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        restore()
        for translator in translators:
            application.removeTranslator(translator)
    code = codes[0] if codes else 0
    if not ended:
        logger.warning("the analysis did not end within %.0f s", JOIN_S)
        sys.stderr.flush()
        # Python would abort with a message when it ends under a thread that is deep inside a native library.
        os._exit(code)
    return code
