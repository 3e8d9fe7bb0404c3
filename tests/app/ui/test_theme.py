"""Contrast of the colours of both schemes, as defined by WCAG 2."""

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor

from app.core.palette import EMOTION_COLORS
from app.ui import theme

TEXT_CONTRAST = 4.5
TEXTS, SURFACES = ("TEXT", "QUIET", "FAINT", "ACCENT", "DANGER", "NOTICE"), ("SURFACE", "PICTURE", "RAISED")


@pytest.fixture(params=[False, True], ids=["dark", "light"], autouse=True)
def scheme(request: pytest.FixtureRequest) -> Iterator[None]:
    theme.use(light=request.param)
    yield
    theme.use(light=False)


def named(name: str) -> QColor:
    return QColor(getattr(theme, name))


@pytest.mark.parametrize(("text", "surface"), list(itertools.product(TEXTS, SURFACES)))
def test_texts_can_be_read_on_every_surface(text: str, surface: str) -> None:
    assert theme.contrast(named(text), named(surface)) >= TEXT_CONTRAST


@pytest.mark.parametrize("text", ["TEXT", "QUIET"])
def test_texts_can_be_read_on_what_is_selected(text: str) -> None:
    assert theme.contrast(named(text), named("LINE")) >= TEXT_CONTRAST


@pytest.mark.parametrize("label", EMOTION_COLORS)
def test_curves_and_bars_are_seen(label: str) -> None:
    assert theme.contrast(theme.seen(label), named("SURFACE")) >= theme.SEEN
    assert theme.contrast(theme.ink_on(EMOTION_COLORS[label]), theme.color(label)) >= TEXT_CONTRAST


def test_the_texts_on_glass_are_read_over_the_brightest_picture() -> None:
    from app.ui.painting import GLASS

    share = GLASS.alphaF()
    red, green, blue = (share * value + 1 - share for value in (GLASS.redF(), GLASS.greenF(), GLASS.blueF()))
    behind = QColor.fromRgbF(red, green, blue)
    assert theme.contrast(QColor(theme.ON_GLASS), behind) >= TEXT_CONTRAST
    assert theme.contrast(QColor(theme.QUIET_ON_GLASS), behind) >= TEXT_CONTRAST


def test_the_known_contrasts() -> None:
    assert theme.contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert theme.contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)
