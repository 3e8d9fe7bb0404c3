import numpy as np
import pytest

from app.core.appearance import describe
from app.core.types import Box


def scene(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 200, (12, 12, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)


def test_signatures_have_length_one_and_know_themselves() -> None:
    (a,) = describe(scene(0), [Box(0, 0, 120, 120)])
    assert a.shape == (192,)
    assert a.dtype == np.float32
    assert float(a @ a) == pytest.approx(1, abs=1e-5)


def test_light_does_not_matter_but_content_does() -> None:
    box = Box(10, 10, 100, 100)
    first, brighter = describe(scene(0), [box])[0], describe(scene(0) // 2 + 60, [box])[0]
    other = describe(scene(1), [box])[0]
    assert float(first @ brighter) > 0.99
    assert float(first @ other) < 0.5


@pytest.mark.parametrize("box", [Box(0, 0, 0, 5), Box(500, 0, 20, 20), Box(-50, -50, 20, 20), Box(20, 20, 50, 50)])
def test_nothing_to_see_is_zero(box: Box) -> None:
    (signature,) = describe(np.full((100, 100, 3), 90, np.uint8), [box])
    assert not signature.any()


def test_tiny_images() -> None:
    assert describe(np.zeros((1, 1, 3), np.uint8), [Box(0, 0, 1, 1), Box(-3, -3, 9, 9)])[1].shape == (192,)
