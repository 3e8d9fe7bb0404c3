"""Handmade results for sinks."""

from collections.abc import Callable

import numpy as np
import pytest

from app.core.types import UNCERTAIN, Box, FaceResult, Frame, FrameResult, Image
from models.emotions import FERPLUS

Results = Callable[..., FrameResult]


@pytest.fixture(scope="session")
def result() -> Results:
    """`result(index, time_s, boxes, size=(width, height))`: a frame with one face per box, ids from 0."""

    def make(
        index: int = 0,
        time_s: float = 0.0,
        boxes: tuple[tuple[float, float, float, float], ...] = (),
        *,
        size: tuple[int, int] = (64, 48),
        label: str = "happiness",
        share: float = 0.65,
    ) -> FrameResult:
        smooth = np.full(8, (1 - share) / 7, np.float32)
        smooth[FERPLUS.index(label if label != UNCERTAIN else "fear")] = share
        raw = np.roll(smooth, 1)
        image: Image = np.full((size[1], size[0], 3), 90, np.uint8)
        faces = tuple(FaceResult(i, Box(*box), 0.75, raw, smooth, label) for i, box in enumerate(boxes))
        return FrameResult(Frame(index, time_s, image), faces, FERPLUS, {"detect": 2.0 + index, "smooth": 0.5})

    return make
