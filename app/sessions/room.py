"""The free disk space for a recording, and when to warn."""

import shutil
from pathlib import Path

_FIRST_S = 3.0
_WARNING_S = 180.0
_CLOSING_BYTES = 512 * 2**10
_BYTES_A_PICTURE = 64
_LAST_S = 2.0


class FreeSpace:
    """Watches the free space under a folder while a recording grows.

    Args:
        folder: The recording's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._warned = False
        self.free = self._ask()

    def look(self, size: int, pictures: int, elapsed_s: float) -> str | None:
        """Check the free space.

        Args:
            size: Size of the recording so far, bytes.
            pictures: Number of its pictures so far: the index of the video, written at the end, needs space for each.
            elapsed_s: Its duration so far, seconds.

        Returns:
            `full` if it is time to end, `low` the first time that there are three minutes left or less, else None.
        """
        self.free = self._ask()
        rate = size / max(elapsed_s, _FIRST_S)
        left = self.free - _CLOSING_BYTES - _BYTES_A_PICTURE * pictures - _LAST_S * rate
        if left <= 0:
            return "full"
        if elapsed_s >= _FIRST_S and left < _WARNING_S * rate and not self._warned:
            self._warned = True
            return "low"
        return None

    def _ask(self) -> int:
        try:
            return shutil.disk_usage(self._folder).free
        except OSError:  # writing will report the problem
            return 2**62
