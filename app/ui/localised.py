"""Translates messages of the rest of the program, which are in English.

The sentences of `InputError` are written where they are raised, in code that does not know the window. The most common
ones are listed here and translated as a whole. Any other stays in English, because a translated frame around English
would not explain more. A test compares the list with the sentences in the code.
"""

import re
from functools import cache

from app.ui.language import QT_TRANSLATE_NOOP, translate
from app.ui.words import sentence_case

SENTENCES = (
    QT_TRANSLATE_NOOP("localised", "{path} does not exist; check the name"),
    QT_TRANSLATE_NOOP("localised", "{path} is empty; get the file again"),
    QT_TRANSLATE_NOOP("localised", "{path} is not a plain file; name a video, a picture or a folder of pictures"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be read: {reason}; check its permissions"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be opened: {reason}; check the name"),
    QT_TRANSLATE_NOOP("localised", "{path} is a text, not a video; name a video file"),
    QT_TRANSLATE_NOOP("localised", "{path} is a text, not a picture; save it again as JPEG or PNG"),
    QT_TRANSLATE_NOOP("localised", "{path} is not a picture; save it again as JPEG or PNG"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be decoded; save it smaller, as JPEG or PNG"),
    QT_TRANSLATE_NOOP("localised", "{path} has too many pixels; save it smaller, as JPEG or PNG"),
    QT_TRANSLATE_NOOP(
        "localised",
        "{path} is not a video that can be played: it is damaged, incomplete or of an unknown kind; get the file again "
        "or convert it to MP4",
    ),
    QT_TRANSLATE_NOOP("localised", "{path} holds sound but no moving picture; name a video"),
    QT_TRANSLATE_NOOP("localised", "{path} holds no moving picture; name a video"),
    QT_TRANSLATE_NOOP("localised", "{path} is coded in a way that cannot be decoded here; convert it to MP4 (H.264)"),
    QT_TRANSLATE_NOOP(
        "localised", "{path} breaks off after {frames} frames; what was read is kept, get the file again for the rest"
    ),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be read any more; open it again"),
    QT_TRANSLATE_NOOP("localised", "{path} contains no picture; put JPEG or PNG files there or name another folder"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be listed: {reason}; name a folder of pictures"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot be written: {reason}; solve that, or name another place"),
    QT_TRANSLATE_NOOP("localised", "{path} cannot take a session: {reason}; name another folder"),
    QT_TRANSLATE_NOOP("localised", "{address} cannot be opened; check the address and that its sender is on"),
    QT_TRANSLATE_NOOP("localised", "{address} cannot be opened as an address; use one of {schemes}"),
    QT_TRANSLATE_NOOP("localised", "{source} delivers no more pictures; open it again"),
    QT_TRANSLATE_NOOP(
        "localised", "{address} delivers no more pictures; check that its sender is still on and open it again"
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} delivers no picture; check its cable and that no other program uses it, or open a file or the "
        "demo clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} cannot be opened; connect it, close other programs that use it, allow this program to use the "
        "camera in the system's privacy settings, or open a file or the demo clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} does not exist, no camera is connected; connect one or open a file or the demo clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} does not exist, there are: {others}; connect one or open a file or the demo clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} may not be used by this user; add the user to the group `video`, or open a file or the demo "
        "clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "camera {number} cannot be opened, perhaps it is busy; close the program that uses it, or open a file or the "
        "demo clip instead",
    ),
    QT_TRANSLATE_NOOP(
        "localised", "No camera was found, so this is the demo clip. Connect one and choose it in the menu File"
    ),
    QT_TRANSLATE_NOOP(
        "localised", "Faces are found with {detector}, which misses more of them than {better}: {reason}"
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "{model} is not on this machine and fetching it is switched off; name its file with --detector-model or "
        "{variable}",
    ),
    QT_TRANSLATE_NOOP(
        "localised", "{model} could not be fetched: {reason}, or name its file with --detector-model or {variable}"
    ),
    QT_TRANSLATE_NOOP("localised", "{address} cannot be read: {reason}; check the network"),
    QT_TRANSLATE_NOOP("localised", "{address} was not delivered within {seconds} s; check the network"),
    QT_TRANSLATE_NOOP("localised", "Films play without sound: no sound device was found"),
    QT_TRANSLATE_NOOP("localised", "Films play without sound: the sound device does not start"),
    QT_TRANSLATE_NOOP("localised", "Films play without sound: the package miniaudio is not installed"),
    QT_TRANSLATE_NOOP("localised", "{session} is being recorded; end the recording first"),
    QT_TRANSLATE_NOOP("localised", "{session} is being recorded; change it when the recording has ended"),
    QT_TRANSLATE_NOOP("localised", "The recording has not begun yet; write the note again"),
    QT_TRANSLATE_NOOP(
        "localised",
        "The video of {source} leaves out pictures, because the encoder or the disk does not keep up; the readings are "
        "complete. Closing other programs helps",
    ),
    QT_TRANSLATE_NOOP(
        "localised",
        "The video of {session} ends here, because its encoder failed ({reason}); the readings continue",
    ),
    QT_TRANSLATE_NOOP(
        "localised", "The disk of {folder} has room for less than three minutes of recording; free some or end it"
    ),
    QT_TRANSLATE_NOOP(
        "localised", "The disk of {folder} is full; the recording has ended, and everything before is kept"
    ),
    QT_TRANSLATE_NOOP(
        "localised", "{path} cannot be written: {reason}; the recording has ended, and everything before is kept"
    ),
    QT_TRANSLATE_NOOP("localised", "{path} is kept: it exists already; the file is called {name}"),
    QT_TRANSLATE_NOOP("localised", "Something went wrong inside Mimik; {log} has the details"),
)
"""Without the final full stop, which only some have. More specific sentences precede more general ones."""

REASONS = (
    QT_TRANSLATE_NOOP("localised", "Permission denied"),
    QT_TRANSLATE_NOOP("localised", "No such file or directory"),
    QT_TRANSLATE_NOOP("localised", "No space left on device"),
    QT_TRANSLATE_NOOP("localised", "Read-only file system"),
    QT_TRANSLATE_NOOP("localised", "Input/output error"),
    QT_TRANSLATE_NOOP("localised", "File name too long"),
    QT_TRANSLATE_NOOP("localised", "Is a directory"),
    QT_TRANSLATE_NOOP("localised", "File exists"),
    QT_TRANSLATE_NOOP("localised", "Name or service not known"),
    QT_TRANSLATE_NOOP("localised", "Network is unreachable"),
    QT_TRANSLATE_NOOP("localised", "Connection refused"),
)
"""Error texts of the operating system."""

_OPTION = re.compile(r" \(--[^)]*\)")


def localised(sentence: str) -> str:
    """A message in the current language, starting with a capital; one that is not listed stays in English.

    Command-line options, which some messages have in brackets, are left out.

    >>> localised("a.csv is kept: it exists already (--overwrite replaces it); the file is called a-2.csv.")
    'a.csv is kept: it exists already; the file is called a-2.csv.'
    """
    return sentence_case(_localised(_OPTION.sub("", sentence)))


def _localised(sentence: str) -> str:
    if sentence in REASONS:
        return translate("localised", sentence)
    end = "." if sentence.endswith(".") else ""
    body = sentence.removesuffix(".")
    for known in SENTENCES:
        found = _pattern(known).fullmatch(body)
        if found is not None:
            parts = {name: _localised(text) if name == "reason" else text for name, text in found.groupdict().items()}
            return translate("localised", known).format(**parts) + end
    return sentence


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    literals = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(literals)), re.DOTALL
    )
