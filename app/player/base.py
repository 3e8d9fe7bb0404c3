"""The base of players: a source, a state, and the offered frame."""

from collections.abc import Callable

from app.core.mailbox import Mailbox
from app.core.pace import Pace
from app.core.types import SourceInfo
from app.player.player import Shown, State


class Offering:
    """Base of the players.

    Args:
        info: Of the source.
        pace: Of the analysis.
    """

    def __init__(self, info: SourceInfo, pace: Pace) -> None:
        self.info = info
        self._pace = pace
        self._state = State.PLAYING
        self._offered: Mailbox[Shown] = Mailbox()
        self._tell_offer: Callable[[], None] = lambda: None

    @property
    def state(self) -> State:
        return self._state

    @property
    def analysis_fps(self) -> float | None:
        return self._pace.fps

    @property
    def audible(self) -> bool:
        return False

    def volume(self, level: float) -> None:
        """There is no sound unless a player says so."""

    def take(self) -> Shown | None:
        return self._offered.take()

    def on_offer(self, tell: Callable[[], None]) -> None:
        self._tell_offer = tell

    def _put(self, shown: Shown) -> None:
        self._offered.put(shown)
        self._tell_offer()
