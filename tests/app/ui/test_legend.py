"""The legend under the curves."""

import pytest
from PySide6.QtWidgets import QToolButton

from app.ui.legend import Legend

NAMES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")


@pytest.fixture
def legend(qtbot) -> Legend:
    made = Legend()
    qtbot.addWidget(made)
    switches = []
    for name in NAMES:
        switches.append(QToolButton())
        switches[-1].setText(name)
    made.resize(2000, 30)
    made.fill(switches)
    made.show()
    return made


@pytest.mark.parametrize(("width", "most"), [(2000, 1), (400, 4), (150, 8), (5, 8)])
def test_every_name_can_be_read(qtbot, legend: Legend, width: int, most: int) -> None:
    legend.resize(width, legend.sizeHint().height())
    legend.resize(width, legend.sizeHint().height())
    switches = legend.findChildren(QToolButton)
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in switches), timeout=5000)
    assert 1 <= len({one.y() for one in switches}) <= most
    assert width < 2000 or len({one.y() for one in switches}) == 1
    assert [one.text() for one in sorted(switches, key=lambda one: (one.y(), one.x()))] == list(NAMES)


def test_other_switches_take_their_place(qtbot, legend: Legend) -> None:
    one = QToolButton()
    one.setText("valence")
    legend.fill([one])
    qtbot.waitUntil(lambda: [part.text() for part in legend.findChildren(QToolButton)] == ["valence"], timeout=5000)
