"""Shows the progress of a source on a terminal."""

import sys
from typing import Any

from app.core.types import FrameResult, SourceInfo


class ProgressSink:
    """A bar on standard error; nothing if that is not a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def open(self, info: SourceInfo, labels: tuple[str, ...]) -> None:
        if sys.stderr is None or not sys.stderr.isatty():
            return
        from tqdm import tqdm

        self._bar = tqdm(total=info.frame_count, desc=info.name, unit=" frames", file=sys.stderr, dynamic_ncols=True)

    def write(self, result: FrameResult) -> None:
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        bar, self._bar = self._bar, None
        if bar is not None:
            bar.close()
