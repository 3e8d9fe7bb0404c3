"""Every possible label has a distinguishable colour."""

import pytest

from app.core.palette import EMOTION_COLORS, color_of
from app.core.types import UNCERTAIN
from models.emotions import HEAD_LABELS


@pytest.mark.parametrize("head", HEAD_LABELS)
def test_the_labels_of_a_head_have_colours_of_their_own(head: str) -> None:
    labels = (*HEAD_LABELS[head], UNCERTAIN)
    assert set(labels) <= set(EMOTION_COLORS)
    assert len({color_of(label) for label in labels}) == len(labels)


def test_there_is_a_colour_for_nothing_else() -> None:
    assert set(EMOTION_COLORS) == {label for labels in HEAD_LABELS.values() for label in labels} | {UNCERTAIN}


def test_an_unknown_label_is_drawn_like_uncertain() -> None:
    assert color_of("boredom") == color_of(UNCERTAIN)
