"""Display names of labels and of quality reasons, in the user's language."""

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
"""All labels of the bundled models; other models may have more."""

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
"""The reasons of `app.core.quality`."""


def label_words(label: str) -> str:
    """The display name of a label; a label without a translation is shown as it is.

    >>> label_words("unreadable"), label_words("anger")
    ('not readable', 'anger')
    """
    return translate("labels", "not readable" if label == UNREADABLE else label)


def quality_words(reason: str) -> str:
    """The display name of a reason why a face cannot be read.

    >>> quality_words("too dark")
    'too dark'
    """
    return translate("labels", reason)
