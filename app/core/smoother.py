"""Smooths probabilities and stabilises labels over time, separately for each face."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.types import UNCERTAIN, Probabilities

_RECOVERY = 0.03
"""Hysteresis: an uncertain face gets a label again only this far above the threshold, so that labels do not flicker."""


@dataclass(slots=True)
class _Memory:
    """A face's smoothed probabilities in float64, the emotion held for it, and since when another has led."""

    smooth: NDArray[np.float64]
    seen_s: float
    held: int
    leader: int
    leads_since_s: float
    uncertain: bool


class Smoother:
    """Exponential smoothing with a time constant, and a label that does not flicker.

    A value has the weight 1 - exp(-dt / tau), so the result depends on the elapsed time and not on the frame rate; a
    face's first value is used unchanged. The label changes once another emotion leads by `margin` or has led for
    `patience_s`.

    Args:
        labels: Emotions in the order of the probabilities.
        tau_s: Time constant of the smoothing.
        threshold: Below this smoothed probability of the strongest emotion the label is `uncertain`.
        margin: Lead in probability that changes the label at once.
        patience_s: How long a smaller lead has to last, seconds.
        forget_s: A face unseen for longer, in seconds, starts afresh.
    """

    def __init__(
        self,
        labels: Sequence[str],
        *,
        tau_s: float = 0.35,
        threshold: float = 0.35,
        margin: float = 0.08,
        patience_s: float = 0.5,
        forget_s: float = 2.0,
    ) -> None:
        self._labels = tuple(labels)
        self._tau_s = tau_s
        self._threshold = threshold
        self._margin = margin
        self._patience_s = patience_s
        self._forget_s = forget_s
        self._memories: dict[int, _Memory] = {}

    def update(self, track_id: int, raw: Probabilities, time_s: float) -> tuple[Probabilities, str]:
        """Add one face's probabilities of one frame.

        Args:
            track_id: The face.
            raw: float32, shape (k,), sums to 1. Not modified.
            time_s: Time of the frame; a small step back counts as no elapsed time.

        Returns:
            The smoothed probabilities, float32, shape (k,), sum 1, and the label to show: an emotion or `uncertain`.

        Raises:
            ValueError: If `raw` has not one value for each label.
        """
        if raw.shape != (len(self._labels),):
            raise ValueError(f"{len(self._labels)} labels need as many probabilities, not shape {raw.shape}")
        self._forget(time_s)
        memory = self._memories.get(track_id)
        if memory is None:
            values = np.asarray(raw, np.float64)
            top = int(values.argmax())
            memory = _Memory(values, time_s, top, top, time_s, bool(values[top] < self._threshold))
            self._memories[track_id] = memory
        else:
            gap_s = max(time_s - memory.seen_s, 0.0)
            memory.smooth = memory.smooth + (1 - math.exp(-gap_s / self._tau_s)) * (raw - memory.smooth)
            memory.smooth /= memory.smooth.sum()
            memory.seen_s = max(time_s, memory.seen_s)
            self._decide(memory)
        label = UNCERTAIN if memory.uncertain else self._labels[memory.held]
        return memory.smooth.astype(np.float32), label

    def held(self, track_id: int, otherwise: Probabilities) -> Probabilities:
        """The face's present smoothed probabilities, float32, shape (k,); `otherwise` for an unknown face."""
        memory = self._memories.get(track_id)
        return otherwise if memory is None else memory.smooth.astype(np.float32)

    def _forget(self, time_s: float) -> None:
        for track_id in [i for i, m in self._memories.items() if abs(time_s - m.seen_s) > self._forget_s]:
            del self._memories[track_id]

    def _decide(self, memory: _Memory) -> None:
        top = int(memory.smooth.argmax())
        if top != memory.leader:
            memory.leader, memory.leads_since_s = top, memory.seen_s
        lead = memory.smooth[top] - memory.smooth[memory.held]
        if lead >= self._margin or memory.seen_s - memory.leads_since_s >= self._patience_s:
            memory.held = top
        needed = self._threshold + (_RECOVERY if memory.uncertain else 0.0)
        memory.uncertain = bool(memory.smooth[top] < needed)
