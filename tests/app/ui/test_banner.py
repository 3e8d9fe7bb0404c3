"""Banners: those that are only an answer go by themselves, and what belongs to a source goes with it."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from app.ui.banner import Banners
from app.ui.window import MainWindow
from models.errors import InputError

WAIT_MS = 20_000


def test_an_answer_goes_by_itself_and_nothing_else_does(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.banner.PASSING_MS", 20)
    before = QWidget()
    qtbot.addWidget(before)
    banners = Banners(before)
    qtbot.addWidget(banners)
    banners.tell("fault", "error", "It broke.")
    banners.tell("hint", "notice", "That does not work here.", passing=True)
    banners.tell("other", "notice", "Nor does that.", passing=True)
    banners.tell("other", "error", "Now it is serious.")
    qtbot.waitUntil(lambda: "hint" not in banners.shown, timeout=WAIT_MS)
    qtbot.wait(40)
    assert set(banners.shown) == {"fault", "other"}, "the later sentence of the same subject stays"


def test_a_hint_goes_with_its_source_and_the_title_follows_at_once(
    qtbot, world, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window("long")
    qtbot.waitUntil(
        lambda: window.windowTitle() == "long – Mimik" and window.picture.shown is not None, timeout=WAIT_MS
    )
    window.menus["note"].trigger()
    window.menus["record"].trigger()
    assert set(window.banners.shown) == {"hint"}

    def broken(spec: str, *_: object) -> object:
        raise InputError(f"{spec} is broken; get it again")

    world.make_source = broken
    window.show_source("/films/other.mp4")
    assert window.windowTitle() == "other.mp4 – Mimik"
    assert "hint" not in window.banners.shown
    qtbot.waitUntil(lambda: "source" in window.banners.shown, timeout=WAIT_MS)
    assert window.windowTitle() == "other.mp4 – Mimik"
