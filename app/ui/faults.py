"""Faults of the program itself while the window is open: the log gets the details, the user one sentence."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from app.faults import fault_sentence
from app.system import QT_PACKAGES

qt_logger = logging.getLogger("qt")

NO_PLATFORM = (
    "mimik: the window cannot be opened on this display; on Debian and Ubuntu type "
    f"`sudo apt install {QT_PACKAGES}`, or analyse without a window: `python -m app analyze demo --out results`."
)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def catch_faults(tell: Callable[[str], None]) -> Callable[[], None]:
    """Log uncaught exceptions of all threads.

    Args:
        tell: Called with a sentence for each of them, in the thread where it happened.

    Returns:
        A function that restores the previous hooks.
    """
    before, before_threads = sys.excepthook, threading.excepthook

    def hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if isinstance(value, KeyboardInterrupt):
            before(kind, value, trace)
        else:
            tell(fault_sentence(value))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            hook(args.exc_type, args.exc_value, args.exc_traceback)

    def restore() -> None:
        sys.excepthook, threading.excepthook = before, before_threads

    sys.excepthook, threading.excepthook = hook, thread_hook
    return restore


def log_qt() -> None:
    """Send Qt's messages to the log; if Qt cannot reach the display, say so in one sentence before it aborts."""

    def handle(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg and "platform plugin" in message:
            # Qt aborts the process after this message, so there is no later moment.
            sys.stderr.write(NO_PLATFORM + "\n")
            sys.stderr.flush()
            os._exit(2)
        qt_logger.log(_LEVELS.get(kind, logging.WARNING), "%s", message)

    qInstallMessageHandler(handle)
