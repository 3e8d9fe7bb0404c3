"""Text formatting for files that people read."""

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Characters that XML 1.0 does not allow, control characters, and marks that change the text direction."""


def plain(text: str) -> str:
    r"""Text with each character that a page must not contain replaced by `\ufffd`.

    >>> plain("a\x00b")
    'a\ufffdb'
    """
    return _FORBIDDEN.sub("\ufffd", text)


def timecode(seconds: float) -> str:
    """A time for people, with tenths if they are not zero.

    >>> timecode(61.5), timecode(3723), timecode(90)
    ('1:01.5', '1:02:03', '1:30')
    """
    tenths = round(max(seconds, 0.0) * 10)
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    tail = f"{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def span(seconds: float) -> str:
    """A duration for people.

    >>> span(5.04), span(75), span(3700)
    ('5.0 s', '1 min 15 s', '1 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"
