"""What labels and reasons are called on the screen, in the user's language."""

from app.core.types import UNREADABLE
from app.ui.language import QT_TRANSLATE_NOOP, translate

LABELS = (
    QT_TRANSLATE_NOOP("labels", "anger"),
    QT_TRANSLATE_NOOP("labels", "disgust"),
    QT_TRANSLATE_NOOP("labels", "fear"),
    QT_TRANSLATE_NOOP("labels", "happiness"),
    QT_TRANSLATE_NOOP("labels", "sadness"),
    QT_TRANSLATE_NOOP("labels", "surprise"),
    QT_TRANSLATE_NOOP("labels", "neutral"),
    QT_TRANSLATE_NOOP("labels", "contempt"),
    QT_TRANSLATE_NOOP("labels", "negative"),
    QT_TRANSLATE_NOOP("labels", "positive"),
    QT_TRANSLATE_NOOP("labels", "uncertain"),
    QT_TRANSLATE_NOOP("labels", "not readable"),
)
"""Every label of a model that comes with the program; a model of one's own may have others."""

REASONS = (
    QT_TRANSLATE_NOOP("labels", "too small"),
    QT_TRANSLATE_NOOP("labels", "too dark"),
    QT_TRANSLATE_NOOP("labels", "too bright"),
    QT_TRANSLATE_NOOP("labels", "blurred"),
    QT_TRANSLATE_NOOP("labels", "turned away"),
    QT_TRANSLATE_NOOP("labels", "covered"),
    QT_TRANSLATE_NOOP("labels", "cut by the edge"),
    QT_TRANSLATE_NOOP("labels", "on its side"),
    QT_TRANSLATE_NOOP("labels", "upside down"),
)
"""The words of `app.core.quality`."""


def label_words(label: str) -> str:
    """What a label is called.

    >>> label_words("unreadable"), label_words("anger")
    ('not readable', 'anger')
    """
    return translate("labels", "not readable" if label == UNREADABLE else label)


def quality_words(reason: str) -> str:
    """What a reason not to read a face is called.

    >>> quality_words("too dark")
    'too dark'
    """
    return translate("labels", reason)
