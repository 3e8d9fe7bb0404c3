"""One tracked face: where it is expected, and how well a detection fits it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from app.core.appearance import Describe, Signature
from app.core.geometry import center_distance, shifted, side
from app.core.types import Box

_VELOCITY_TAU_S = 0.3
_MEMORY_TAU_S = 1.0
_DOUBTFUL_MEMORY_TAU_S = 5.0

# How far, in sides, a detection may be from the expected place: detector jitter, plus movement of the person.
_REACH, _REACH_PER_S, _REACH_MOST = 0.35, 3.0, 1.2
# The same for size, as the logarithm of a ratio.
_GROWTH, _GROWTH_PER_S, _GROWTH_MOST = 0.4, 0.5, 0.7
# Between these two correlations of appearance both limits shrink to zero. Measured on 18 made clips: 95 % of
# neighbouring sightings of one person, while nobody covers the face, correlate above 0.96; 95 % of sightings of two
# persons below 0.58, and none above 0.78.
_UNLIKE, _LIKE = 0.2, 0.8
# Appearance changes slowly: if no other person is near enough to cover the face, the lower limit starts higher and
# falls with the time since the last sighting.
_UNLIKE_ALONE, _CHANGE_TAU_S = 0.6, 0.3
_SURE = 0.6

_VERIFY_S, _RETRY_S = 1.0, 0.3
"""Seconds until a face that is shown, and one that failed, is verified again."""
_DOUBT, _SUREST = -1.0, 3.0
"""Prior belief in a new face, and the limit of a single verification: log odds that it is a face, relative to those
required."""
_ROUNDING_S = 1e-6

_GROWTH_WEIGHT, _UNLIKE_WEIGHT, _AWAY_WEIGHT_PER_S = 0.4, 1.5, 0.1
_COARSE_SPEED = 0.5
"""At an anchor, speeds are rounded to multiples of this, in sides per second, so that jitter does not count."""

_WORST = _REACH_MOST + _GROWTH_WEIGHT * _GROWTH_MOST + _UNLIKE_WEIGHT * 2 + _AWAY_WEIGHT_PER_S


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The state of one face at its last sighting.

    Where two people overlap, a detector places boxes on mixtures of both. So position and speed for the prediction are
    those of the last sighting that looked like the person, and such mixtures hardly affect the stored appearance.

    Attributes:
        track_id: None until confirmed.
        box: At the last sighting, in pixels.
        seen_s: Time of the last sighting.
        sure_box: At the last sighting that looked like the memory.
        sure_s: Its time.
        velocity: Of the centre between such sightings, pixels per second.
        born_s: Time of the first sighting.
        sightings: How many.
        latest: Appearance at the last sighting, or None if unknown.
        memory: Appearance over the last seconds, of length 1, or None if unknown.
        key: Unique within its tracker, also while the face has no id.
        angle: How far the head leaned at the last sighting, radians clockwise.
        checked_s: Time of its last verification, passed or failed.
        failures: Number of verifications that it has failed in a row.
        belief: Mean of the log odds that it is a face, relative to those required, over its verifications; each one
            counts as much as all before it. From 0 on it is believed.
        hidden: It has an id but is not shown, because it failed twice.
    """

    track_id: int | None
    box: Box
    seen_s: float
    sure_box: Box
    sure_s: float
    velocity: tuple[float, float]
    born_s: float
    sightings: int
    latest: Signature | None
    memory: Signature | None
    key: int = -1
    angle: float = 0.0
    checked_s: float = -math.inf
    failures: int = 0
    belief: float = _DOUBT
    hidden: bool = False

    @classmethod
    def start(cls, box: Box, now_s: float, look: Signature | None) -> Self:
        """Start a track at a first sighting."""
        return cls(None, box, now_s, box, now_s, (0.0, 0.0), now_s, 1, look, look)

    def confirm(self, track_id: int) -> "Track":
        """Give the face its id."""
        return replace(self, track_id=track_id)

    def is_due(self, now_s: float) -> bool:
        """Whether it is due for verification."""
        if self.track_id is None:
            wait_s = min(_RETRY_S * 2 ** (self.failures - 1), _VERIFY_S) if self.failures else 0.0
        else:
            wait_s = _RETRY_S if self.failures == 1 else _VERIFY_S
        return now_s - self.checked_s >= wait_s - _ROUNDING_S

    def weighed(self, margin: float) -> "Track":
        """Take the log odds of a verification, over those that are needed, into the belief."""
        return replace(self, belief=(self.belief + min(max(margin, -_SUREST), _SUREST)) / 2)

    def checked(self, now_s: float, passed: bool) -> "Track":
        """Record the result of a verification."""
        failures = 0 if passed else self.failures + 1
        return replace(self, checked_s=now_s, failures=failures, hidden=failures > 1)

    def unverified(self) -> "Track":
        """The track with its verifications forgotten: a known face may stay, any other is doubted as a new one is."""
        return replace(self, checked_s=-math.inf, belief=_DOUBT if self.track_id is None else 0.0)

    def predict(self, now_s: float) -> Box:
        """The expected box if the face continues to move as before."""
        gap_s = now_s - self.sure_s
        return shifted(self.sure_box, self.velocity[0] * gap_s, self.velocity[1] * gap_s)

    def is_still_there(self, now_s: float, describe: Describe | None) -> bool:
        """Whether the picture at the expected place looks like this face, regardless of the detector."""
        if describe is None or self.memory is None or self.sure_s < self.seen_s:
            return False
        return float(self.memory @ describe([self.predict(now_s)])[0]) >= _SURE

    def follow(self, box: Box, now_s: float, look: Signature | None, *, still_there: Callable[[], bool]) -> "Track":
        """Add the next sighting. `still_there` is as for `cost`."""
        seen = replace(self, box=box, seen_s=now_s, sightings=self.sightings + 1)
        if look is not None:
            like = 1.0 if self.memory is None else float(self.memory @ look)
            tau_s = _MEMORY_TAU_S if like >= _SURE else _DOUBTFUL_MEMORY_TAU_S
            seen = replace(
                seen, latest=look, memory=_remember(self.memory, look, 1 - math.exp((self.seen_s - now_s) / tau_s))
            )
            if like < _SURE:
                return replace(seen, sure_box=self.predict(now_s), sure_s=now_s) if still_there() else seen
        gap_s = now_s - self.sure_s
        if gap_s <= 0:
            return replace(seen, sure_box=box)
        (x0, y0), (x1, y1), (vx, vy) = self.sure_box.center, box.center, self.velocity
        new = 1 - math.exp(-gap_s / _VELOCITY_TAU_S)
        velocity = vx + new * ((x1 - x0) / gap_s - vx), vy + new * ((y1 - y0) / gap_s - vy)
        return replace(seen, sure_box=box, sure_s=now_s, velocity=velocity)

    def rebased(self, look: Signature | None) -> "Track":
        """The track reduced to its last sighting and that sighting's appearance; of its speed, only what is certain."""
        step = _COARSE_SPEED * side(self.box)
        speed_x, speed_y = (round(speed / step) * step for speed in self.velocity)
        return replace(
            self, sure_box=self.box, sure_s=self.seen_s, velocity=(speed_x, speed_y), latest=look, memory=look
        )

    def is_like(self, look: Signature | None) -> bool:
        """Whether a sighting looks like this face, as far as can be told."""
        return look is None or self.memory is None or float(self.memory @ look) >= _SURE

    def cost(
        self, box: Box, now_s: float, look: Signature | None, *, still_there: Callable[[], bool], alone: bool
    ) -> float:
        """How badly a detection fits, 0..1, infinite where it cannot be this face.

        A box that differs from the expected one by a detector's slip shows something else, so appearance does not count
        against it while the face itself is still there, which is checked only if it is decisive. Appearance counts more
        while the face is alone.
        """
        gap_s = now_s - self.seen_s
        away = min(center_distance(self.predict(now_s), box), center_distance(self.box, box))
        away /= math.sqrt(side(self.box) * side(box))
        growth = min(abs(math.log(side(box) / side(b))) for b in (self.box, self.sure_box))
        if self.track_id is None and self.failures:
            gap_s = 0.0  # a false detection does not move: a face some way off is not it
        reach = min(_REACH + _REACH_PER_S * gap_s, _REACH_MOST)
        stretch = min(_GROWTH + _GROWTH_PER_S * gap_s, _GROWTH_MOST)
        unlike = 0.0
        if look is not None and self.latest is not None and self.memory is not None:
            remembered, last = float(self.memory @ look), float(self.latest @ look)
            sudden = math.exp(-gap_s / _CHANGE_TAU_S) if alone else 0.0
            unlike_at = _UNLIKE + (_UNLIKE_ALONE - _UNLIKE) * sudden
            share = min((max(remembered, last) - unlike_at) / (_LIKE - unlike_at), 1.0)
            if share < 1 and still_there():
                share = 1.0
            if share <= 0:
                return math.inf
            reach, stretch = reach * share, stretch * share
            unlike = 1 - remembered
        if math.hypot(away / reach, growth / stretch) > 1:
            return math.inf
        return (
            away + _GROWTH_WEIGHT * growth + _UNLIKE_WEIGHT * unlike + _AWAY_WEIGHT_PER_S * min(gap_s, 1.0)
        ) / _WORST


def _remember(memory: Signature | None, look: Signature, share: float) -> Signature:
    if memory is None:
        return look
    mixed: Signature = memory + np.float32(share) * (look - memory)
    length = float(np.linalg.norm(mixed))
    return mixed / np.float32(length) if length > 0 else memory
