"""Person cards: texts and keyboard control; and the explanation of the chosen one's label."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt

from app.core.types import Frame, FrameResult
from app.player.parts import Openers
from app.player.why import Why
from app.ui.cards import PersonCard
from app.ui.drawing import MOST_PORTRAITS
from app.ui.side import SidePanel
from app.ui.why import LEAST, heat_image, sentence_of
from app.ui.window import MainWindow

Open = Callable[..., MainWindow]
ResultOf = Callable[..., FrameResult]
WAIT_MS = 20_000


@pytest.fixture
def side(qtbot) -> SidePanel:
    made = SidePanel(Openers())
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    return made


def show(side: SidePanel, result: FrameResult, chosen: int | None = 0) -> list:
    face = next((face for face in result.faces if face.track_id == chosen), None)
    side.show_result(result, face, {})
    return [card for card in side.cards if card.isVisible()]


def test_each_person_has_a_card_and_the_chosen_one_is_marked(side: SidePanel, result_of: ResultOf) -> None:
    cards = show(side, result_of((0, 0, 20), (30, 0, 20), (60, 0, 20)), chosen=1)
    assert [card.accessibleName() for card in cards] == ["Person #0", "Person #1", "Person #2"]
    assert [card.accessibleDescription() for card in cards] == [
        "happiness 70 %; readable",
        "chosen: happiness 70 %; readable",
        "happiness 70 %; readable",
    ]
    assert cards[1].sizeHint().height() > cards[0].sizeHint().height(), "with the bars of every emotion"
    assert len(show(side, result_of((0, 0, 20)))) == 1


def test_what_is_the_matter_with_a_face_is_said(side: SidePanel, result_of: ResultOf) -> None:
    result = result_of((0, 0, 20))
    (face,) = result.faces
    unreadable = replace(face, label="unreadable", quality=("turned away", "too dark"))
    (card,) = show(side, replace(result, faces=(unreadable,)))
    told = card.accessibleDescription()
    assert told == "chosen: not readable; turned away, too dark – no emotion is shown"
    assert "%" not in told
    small = card.sizeHint().height()
    marked = replace(face, quality=("on its side",))
    (card,) = show(side, replace(result, faces=(marked,)))
    assert card.accessibleDescription() == "chosen: happiness 70 %; on its side"
    assert card.sizeHint().height() > small, "no bars for what cannot be read"


def test_nobody_is_said(side: SidePanel, result_of: ResultOf) -> None:
    assert side.nobody.text() == "No picture yet"
    assert not show(side, result_of(), chosen=None)
    assert side.nobody.text() == "No face in the picture"
    assert side.nobody.isVisible()


def test_nobody_is_only_said_of_what_was_read(side: SidePanel, result_of: ResultOf) -> None:
    side.show_result(result_of(), None, {}, read=False)
    assert side.nobody.text() == "Not read yet"
    side.show_result(result_of(), None, {})
    assert side.nobody.text() == "No face in the picture"


def test_the_panel_comes_to_the_card_that_is_chosen(qtbot, side: SidePanel, result_of: ResultOf) -> None:
    crowd = result_of(*((30.0 * number, 0, 20) for number in range(12)))
    bar = side.people.verticalScrollBar()
    show(side, crowd, chosen=11)
    qtbot.waitUntil(lambda: 0 < bar.value() == bar.maximum(), timeout=5000)
    show(side, crowd, chosen=0)
    qtbot.waitUntil(lambda: 0 <= bar.value() < 20, timeout=5000)
    bar.setValue(bar.maximum())
    show(side, crowd, chosen=0)
    QCoreApplication.processEvents()
    assert bar.value() == bar.maximum(), "who scrolls on is not called back"


def test_of_a_crowd_the_chosen_one_has_a_card(side: SidePanel, result_of: ResultOf) -> None:
    crowd = result_of(*((3.0 * number, 0.0, 2.0) for number in range(50)))
    cards = show(side, crowd, chosen=49)
    assert len(cards) == MOST_PORTRAITS
    assert cards[-1].person.face.track_id == 49
    assert side.more.text() == f"and {50 - MOST_PORTRAITS} more"


def test_the_keyboard_goes_through_the_cards(qtbot, side: SidePanel, result_of: ResultOf) -> None:
    cards = show(side, result_of((0, 0, 20), (30, 0, 20)))
    cards[0].setFocus()
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert side.focusWidget() is cards[1]
    with qtbot.waitSignal(side.face_chosen) as chosen:
        qtbot.keyClick(cards[1], Qt.Key.Key_Return)
    assert chosen.args == [1]
    with qtbot.waitSignal(side.face_chosen) as chosen:
        qtbot.mouseClick(cards[0], Qt.MouseButton.LeftButton)
    assert chosen.args == [0]


def test_a_card_is_painted_with_its_face_and_its_label_over_time(qtbot, open_window: Open) -> None:
    window = open_window("long")

    def seen(card: PersonCard) -> bool:
        strip = card.strip
        return strip is not None and any(strip.pixelColor(x, 0).alpha() == 255 for x in range(strip.width()))

    qtbot.waitUntil(lambda: any(seen(card) for card in window.side.cards), timeout=WAIT_MS)
    card = next(card for card in window.side.cards if seen(card))
    assert card.person.portrait is not None
    assert not card.grab().isNull()


def test_a_picture_alone_has_no_strip(side: SidePanel, result_of: ResultOf) -> None:
    result = result_of((0, 0, 20))
    still = replace(result, frame=Frame(0, 0.0, result.frame.image, still=True))
    (card,) = show(side, result)
    tall = card.sizeHint().height()
    (card,) = show(side, still)
    assert card.sizeHint().height() < tall


def test_a_label_is_explained_on_demand(qtbot, world: Any, open_window: Open) -> None:
    window = open_window("0")
    qtbot.waitUntil(lambda: bool(window.picture.result and window.picture.result.faces), timeout=WAIT_MS)
    panel = window.side.why
    assert not panel.isVisible()
    with qtbot.waitSignal(panel.answered, timeout=WAIT_MS):
        qtbot.keyClick(window, Qt.Key.Key_W)
        assert panel.isVisible()
        assert panel.sentence.text() == "Computing…"
    assert panel.why is not None
    assert "not what the person feels" in panel.sentence.text() or "No single place" in panel.sentence.text()
    assert "Person #" in panel.place.text()
    window.show_source("long")
    assert not panel.isVisible()


def test_a_failure_to_explain_is_one_sentence(qtbot, world: Any, open_window: Open) -> None:
    window = open_window("long")
    qtbot.waitUntil(lambda: bool(window.picture.result and window.picture.result.faces), timeout=WAIT_MS)
    window.menus.pause.trigger()
    window.choice = replace(window.choice, model="broken")
    with qtbot.waitSignal(window.side.why.answered, timeout=WAIT_MS):
        window.menus["why"].trigger()
    assert window.side.why.sentence.text().startswith("broken/model.tflite does not match")


def test_a_face_that_cannot_be_read_has_no_explanation(qtbot, open_window: Open, hold, result_of: ResultOf) -> None:
    from app.player.player import Shown

    window = open_window("long")
    qtbot.waitUntil(lambda: window.picture.result is not None, timeout=WAIT_MS)
    hold(window)
    with qtbot.waitSignal(window.picture.changed):
        window.picture.show_result(Shown(result_of((0, 0, 60), label="unreadable"), False, 0.0))
    assert not window.menus["why"].isEnabled()


def test_the_sentence_says_what_the_map_is() -> None:
    crop, heat = np.zeros((48, 48, 1), np.uint8), np.zeros((48, 48), np.float32)
    nothing = sentence_of(Why("fear", "occlusion", crop, heat, "fear"))
    assert nothing == "No single place of the face mattered for “fear”."
    heat[3, 4] = 0.25
    assert "by up to 25 points" in sentence_of(Why("fear", "occlusion", crop, heat, "fear"))
    assert "(Grad-CAM)" in sentence_of(Why("fear", "grad-cam", crop, heat, "fear"))
    held = sentence_of(Why("fear", "occlusion", crop, heat, "anger"))
    assert held.endswith("This moment alone reads as “anger”; the label is smoothed over time.")


def test_only_warm_places_are_coloured() -> None:
    crop, heat = np.full((48, 48, 1), 100, np.uint8), np.zeros((48, 48), np.float32)
    heat[:24] = 0.5
    image = heat_image(crop, heat)
    assert image.pixelColor(96, 20).red() > image.pixelColor(96, 20).blue() + 50
    assert image.pixelColor(96, 180).red() == image.pixelColor(96, 180).blue() == 100
    cold = heat_image(crop, heat * 2 * LEAST * 0.9)
    assert cold.pixelColor(96, 20).red() == cold.pixelColor(96, 20).blue()
