"""Shows the progress of many films on a terminal: a line for the whole run with the time left, and one for each film in
work."""

import sys
import time
from typing import Any

from app.standard import say

_LINES = 8
"""Most films shown at a time."""
_NAME = 28
_OFTEN_S = 0.1


class Terminal:
    """Bars on standard error; only sentences if that is not a terminal.

    Args:
        names: The name of each film.
        bars: Whether bars are shown.
    """

    def __init__(self, names: tuple[str, ...], *, bars: bool = True) -> None:
        self._names = names
        self._whole: Any = None
        self._bars: dict[int, Any] = {}
        self._places: dict[int, int] = {}
        self._shares: dict[int, dict[int, float]] = {}
        self._ended = 0
        self._shown_s = -_OFTEN_S
        if bars and sys.stderr is not None and sys.stderr.isatty():
            from tqdm import tqdm

            self._tqdm: Any = tqdm
            form = "{desc} {percentage:3.0f}%|{bar}| {n:.1f}/{total_fmt} films [{elapsed}<{remaining}]"
            self._whole = self._bar(total=len(names), desc="all", position=0, bar_format=form)

    def _bar(self, **options: Any) -> Any:
        return self._tqdm(file=sys.stderr, dynamic_ncols=True, leave=False, **options)

    def begin(self, number: int) -> None:
        """Work on a film, or on a part of it, starts."""
        self._shares.setdefault(number, {})

    def advance(self, number: int, part: int, frames: int, total: int | None) -> None:
        """Show the number of written frames of a film; for a film read in parts, of that part."""
        if self._whole is None or number not in self._shares:
            return
        self._shares[number][part] = frames
        bar = self._bars.get(number)
        if bar is None and len(self._bars) < _LINES:
            place = next(place for place in range(1, _LINES + 1) if place not in self._places.values())
            self._places[number] = place
            bar = self._bars[number] = self._bar(
                total=total, desc=_short(self._names[number]), position=place, unit=" frames"
            )
        if bar is not None:
            bar.total = total if total is not None else bar.total
            bar.n = sum(self._shares[number].values())
        now_s = time.monotonic()
        if now_s - self._shown_s >= _OFTEN_S:
            self._shown_s = now_s
            if bar is not None:
                bar.refresh()
            self._refresh()

    def end(self, number: int) -> None:
        """Work on a film has ended."""
        self._shares.pop(number, None)
        self._ended += 1
        bar = self._bars.pop(number, None)
        if bar is not None:
            del self._places[number]
            bar.close()
        self._refresh()

    def say(self, sentence: str) -> None:
        """Print a sentence above the bars."""
        if self._whole is None:
            say(sentence)
        else:
            self._tqdm.write(f"mimik: {sentence}", file=sys.stderr)

    def close(self) -> None:
        """Remove all bars."""
        for bar in (*self._bars.values(), self._whole):
            if bar is not None:
                bar.close()
        self._bars, self._whole = {}, None

    def _refresh(self) -> None:
        if self._whole is not None:
            under_way = sum(bar.n / bar.total for bar in self._bars.values() if bar.total)
            self._whole.n = min(self._ended + under_way, self._whole.total)
            self._whole.refresh()


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"…{name[1 - _NAME :]}"
