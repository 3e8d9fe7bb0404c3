"""What a user may type as a source, before anything is opened. Imports nothing heavy: the window's titles need it."""

from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from models.errors import InputError


def camera_index(spec: str) -> int | None:
    """The number of the camera that is meant, or None if none is.

    >>> camera_index("0"), camera_index("a.mp4"), camera_index("²")
    (0, None, None)
    """
    return int(spec[:9]) if spec.isascii() and spec.isdigit() else None


def is_address(spec: str) -> bool:
    """Whether an address is meant.

    >>> is_address("rtsp://host/live"), is_address("a.mp4")
    (True, False)
    """
    return "://" in spec


def shown(spec: str) -> str:
    """A source as it may be shown or logged: an address without user, password, query and fragment.

    >>> shown("rtsp://me:secret@10.0.0.5:554/live?token=1"), shown("a.mp4")
    ('rtsp://10.0.0.5:554/live', 'a.mp4')
    """
    if not is_address(spec):
        return spec
    scheme, _, rest = spec.partition("://")
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    bare = f"{host}{slash}{path}".partition("?")[0].partition("#")[0]
    return f"{scheme}://{bare}"


def split_address(address: str) -> SplitResult:
    """The parts of an address.

    Raises:
        InputError: If it is none.
    """
    try:
        return urlsplit(address)
    except ValueError as error:
        raise InputError(f"{shown(address)[:200]} is no address ({error}); check how it is written") from error


def path_of(spec: str) -> Path:
    """The path that a source names, `~` expanded.

    Raises:
        InputError: If the name cannot be passed to the libraries, or there is no such user.
    """
    try:
        spec.encode()  # bytes of another encoding end OpenCV's process
        return Path(spec).expanduser()
    except UnicodeEncodeError as error:
        readable = spec.encode(errors="backslashreplace").decode()
        raise InputError(f"{readable[:200]} has a name that is no UTF-8; rename it") from error
    except RuntimeError as error:
        raise InputError(f"{spec[:200]} cannot be found: there is no such user; write the path in full") from error
