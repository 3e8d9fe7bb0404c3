"""Faults of the program itself: the details go into a log file, whose name is reported to the user."""

import logging
import logging.handlers
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from platformdirs import user_log_dir

from app import __version__
from app.spec import shown

_LOG = "mimik.log"


def log_fault(error: BaseException, arguments: Sequence[str]) -> Path | None:
    """Append a traceback and the command line, without passwords in addresses, to the log, which is kept small.

    Returns:
        The log: in the user's folder for logs, or in the temporary folder if that cannot be written; None if neither
            can.
    """
    folder = Path(user_log_dir("mimik", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _append(folder / _LOG, error, arguments)
    except OSError:
        with suppress(OSError):
            return _append(Path(tempfile.gettempdir()) / _LOG, error, arguments)
    return None


def fault_sentence(error: BaseException) -> str:
    """Log a fault with this program's command line, and say where."""
    log = log_fault(error, sys.argv[1:])
    return f"Something went wrong inside Mimik; {f'{log} has the details' if log else 'its log cannot be written'}."


def _append(path: Path, error: BaseException, arguments: Sequence[str]) -> Path:
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=500_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    message = f"Mimik {__version__} failed with the arguments {[shown(word) for word in arguments]}"
    record = logging.LogRecord(
        __name__, logging.ERROR, __file__, 0, message, None, (type(error), error, error.__traceback__)
    )
    try:
        handler.emit(record)
    finally:
        handler.close()
    return path
