"""Keeps the native libraries under OpenCV and MediaPipe from writing on the user's standard error.

Their messages ("moov atom not found", "Creating LiteRT environment") name no file and no next step; every failure they
accompany is told as an `InputError` instead. Import this module before the first capture or detector is opened.
"""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET; read when OpenCV first uses FFmpeg
os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2  # the variables above come first

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

_NATIVE = re.compile(rb"(INFO|WARNING|ERROR): |[IWEF]\d{4} [\d:.]+ |libpng (error|warning): ")
_LOCK = threading.Lock()


@contextmanager
def quiet_stderr() -> Iterator[list[bytes]]:
    """Hold back what native code writes on file descriptor 2 within the block.

    No environment variable reaches these messages (LiteRT, libpng). The descriptor belongs to the whole process, so
    lines of other threads that do not look like native logs are passed on afterwards. Does nothing without a standard
    error.

    Yields:
        A list that after the block contains the lines that were held back.
    """
    told: list[bytes] = []
    with _LOCK:
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            kept = os.dup(2)
        except OSError:  # a windowed program may have no standard error at all
            yield told
            return
        try:
            with tempfile.TemporaryFile() as held:
                os.dup2(held.fileno(), 2)
                try:
                    yield told
                finally:
                    os.dup2(kept, 2)
                    held.seek(0)
                    lines = held.readlines()
                    told.extend(line for line in lines if _NATIVE.match(line))
                    rest = b"".join(line for line in lines if not _NATIVE.match(line))
                    if rest:
                        os.write(2, rest)
        finally:
            os.close(kept)
