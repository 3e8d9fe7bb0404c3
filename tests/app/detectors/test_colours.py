import cv2
import numpy as np
import pytest

from app.core.types import Box, Image
from app.detectors.colours import unity

WHOLE = Box(0, 0, 120, 120)


def drawn(seed: int = 0) -> Image:
    """Soft shapes of one hue, as under natural light: all channels change together."""
    gray = np.random.default_rng(seed).normal(0, 1, (120, 120))
    smooth = cv2.GaussianBlur(gray, (0, 0), 8)
    levels = 128 + 45 * smooth / smooth.std()
    return np.clip(levels[..., np.newaxis] * np.array([0.6, 0.8, 1.0]), 0, 255).astype(np.uint8)


def coloured_noise(seed: int, pixels: int) -> Image:
    """Noise with independent channels, in cells of so many pixels."""
    cells = np.random.default_rng(seed).integers(0, 256, (120 // pixels, 120 // pixels, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(cells, (120, 120), interpolation=cv2.INTER_CUBIC), np.uint8)


@pytest.mark.parametrize("light", [(1.0, 1.0, 1.0), (0.1, 0.2, 1.0), (1.0, 0.2, 0.1), (0.2, 1.0, 0.3)])
@pytest.mark.parametrize("level", [1.0, 0.3, 0.1])
def test_what_light_draws_changes_all_channels_at_once(light: tuple[float, float, float], level: float) -> None:
    picture = (drawn() * np.array(light) * level).astype(np.uint8)
    assert unity(picture, WHOLE) > 0.9


def test_grain_of_a_dark_picture_is_averaged_away() -> None:
    dark = drawn() * 0.2 + np.random.default_rng(1).normal(0, 8, (120, 120, 3))
    assert unity(np.clip(dark, 0, 255).astype(np.uint8), WHOLE) > 0.8


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("pixels", [1, 4, 12, 20])
def test_channels_of_noise_change_each_by_itself(pixels: int, seed: int) -> None:
    assert unity(coloured_noise(seed, pixels), WHOLE) < 0.7


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (20, 200, 90)])
def test_a_plain_colour_has_no_colours_that_disagree(colour: tuple[int, int, int]) -> None:
    assert unity(np.full((50, 50, 3), colour, np.uint8), Box(5, 5, 30, 30)) == 1


@pytest.mark.parametrize(
    "box", [Box(-50, -50, 90, 90), Box(100, 100, 400, 400), Box(500, 500, 20, 20), Box(3, 3, 1, 1)]
)
def test_a_box_beyond_the_picture_counts_with_its_part(box: Box) -> None:
    assert 1 / 3 <= unity(drawn(), box) <= 1
    assert 1 / 3 <= unity(drawn()[:1, :1].copy(), box) <= 1
