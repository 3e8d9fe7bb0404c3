"""One colour for each label, the same in the video, the window and the report."""

from collections.abc import Mapping
from types import MappingProxyType

from app.core.types import UNCERTAIN

Rgb = tuple[int, int, int]

EMOTION_COLORS: Mapping[str, Rgb] = MappingProxyType(
    {
        "anger": (213, 94, 0),
        "disgust": (0, 158, 115),
        "fear": (204, 121, 167),
        "happiness": (240, 228, 66),
        "sadness": (0, 114, 178),
        "surprise": (230, 159, 0),
        "neutral": (235, 235, 235),
        "contempt": (86, 180, 233),
        "negative": (213, 94, 0),
        "positive": (240, 228, 66),
        UNCERTAIN: (150, 150, 150),
    }
)
"""RGB 0..255 by label. The hues are those of Okabe and Ito, distinguishable with any kind of colour vision.
`negative` and `positive` never appear together with the emotions whose colours they share."""


def color_of(label: str) -> Rgb:
    """The colour of a label; a name that the palette lacks is drawn like `uncertain`.

    >>> color_of("happiness")
    (240, 228, 66)
    """
    return EMOTION_COLORS.get(label, EMOTION_COLORS[UNCERTAIN])
