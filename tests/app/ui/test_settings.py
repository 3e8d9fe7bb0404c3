"""The settings page and the table of settings."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox

from app.player.messages import Choice
from app.ui.preferences import Preferences
from app.ui.settings import BY_KEY, SETTINGS, Setting
from app.ui.settings_page import SettingsPage
from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
WAIT_MS = 20_000


def opened(window: MainWindow) -> SettingsPage:
    window.menus["settings"].trigger()
    (page,) = window.findChildren(SettingsPage)
    return page


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_row_is_complete(setting: Setting) -> None:
    assert setting.read(setting.default) == setting.default
    assert setting.title and setting.help.endswith(".")
    if setting.kind == "choice":
        assert len(setting.options()) > 1 or setting.free
    if setting.kind == "number":
        assert setting.least <= int(setting.default) <= setting.most


@given(setting=st.sampled_from(SETTINGS), kept=st.one_of(st.text(), st.integers(), st.none(), st.booleans()))
def test_whatever_a_file_says_a_setting_has_a_value_that_it_can_have(setting: Setting, kept: object) -> None:
    value = setting.read(kept)
    assert type(value) is type(setting.default)
    assert setting.read(str(value)) == value
    if setting.kind == "number":
        assert setting.least <= int(value) <= setting.most


def test_each_control_keeps_its_setting(qtbot, preferences: Preferences) -> None:
    told: list[str] = []
    page = SettingsPage(None, preferences, told.append)  # type: ignore[arg-type]  # a page of its own
    qtbot.addWidget(page)
    for setting in SETTINGS:
        control = page.controls[setting.key]
        before = preferences.value(setting.key)
        if isinstance(control, QCheckBox):
            control.click()
        elif isinstance(control, QSpinBox):
            control.setValue(control.maximum() if before != control.maximum() else control.minimum())
        else:
            if control.count() == 1:
                control.addItem("another", "another")
            control.setCurrentIndex((control.currentIndex() + 1) % control.count())
        assert preferences.value(setting.key) != before
        assert control.accessibleName()
        assert control.accessibleDescription() == setting.help
    assert told == [setting.key for setting in SETTINGS]
    page.defaults.click()
    assert all(preferences.value(setting.key) == setting.default for setting in SETTINGS)
    assert told[len(SETTINGS) :] == [s.key for s in SETTINGS if s.key != "timeline"], "that one had its default again"
    shown = [page.controls[key] for key in ("bars", "thumbnail", "scheme")]
    assert isinstance(shown[0], QCheckBox) and shown[0].isChecked()
    assert isinstance(shown[1], QSpinBox) and shown[1].value() == BY_KEY["thumbnail"].default
    assert isinstance(shown[2], QComboBox) and shown[2].currentData() == "system"


def test_settings_hold_at_once(qtbot, world: Any, open_window: Open) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    page = opened(window)
    for key, flag in (("bars", lambda: window.picture.bars), ("mirror_file", lambda: window.picture.mirrored)):
        before = flag()
        page.controls[key].click()
        assert flag() is not before
    scheme = page.controls["scheme"]
    scheme.setCurrentIndex(scheme.findData("light"))
    assert "#f7f8fa" in window.styleSheet()
    recent = page.controls["recent_most"]
    assert window.preferences.recent() == ["long"]
    recent.setValue(0)
    assert window.preferences.recent() == []
    assert not window.menus.recent.isEnabled()
    detector = page.controls["detector"]
    detector.setCurrentIndex(detector.findData("haar"))
    detector.setCurrentIndex(detector.findData("auto"))
    qtbot.waitUntil(lambda: "detector" in window.banners.shown, timeout=WAIT_MS)
    page.close()


def test_a_model_of_ones_own_is_listed_and_can_be_left(qtbot, world, preferences: Preferences, open_window) -> None:
    preferences.keep_model("/models/mine")
    window = open_window("long", preferences.choice(Choice("haar")))
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    page = opened(window)
    model = page.controls["model"]
    assert isinstance(model, QComboBox)
    assert model.currentText() == "/models/mine"
    model.setCurrentIndex(0)
    assert window.choice.model is None
    page.close()


def test_the_keyboard_opens_and_closes_the_page(qtbot, open_window: Open) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(SettingsPage)), timeout=WAIT_MS)
    (page,) = window.findChildren(SettingsPage)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not page.isVisible()
