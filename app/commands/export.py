"""`export`: tables, pages, pictures and films from a session or from what `analyze` wrote."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.commands.contents import content_of
from app.commands.stretch import add_stretch, seconds_of, stretch_of
from app.export.content import Content
from app.export.delimited import Dialect
from app.export.kinds import KINDS, ExportOptions, Kind
from app.export.locales import decimal_of_locale
from app.export.reporter import CancelledError, Reporter
from app.export.video import Veil
from app.headless.stopping import stopping
from app.headless.targets import Target
from app.standard import say
from models.errors import InputError

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";", "\t": "\t"}
_DECIMALS = {"point": ".", "comma": ",", ".": ".", ",": ","}


def add_parser(subparsers: Any) -> None:
    """Add `export` to the commands."""
    parser = subparsers.add_parser(
        "export",
        help="export a session or a table of analyze as a table, page, picture or film",
        description="Writes one file from a session or from a CSV file of `analyze`; its JSON file is read too. "
        + " ".join(f"{kind.name}: {kind.title}." for kind in KINDS.values())
        + " An existing file is kept, and the new one gets a number, unless --overwrite is given.",
    )
    parser.add_argument("content", metavar="SESSION|CSV", help="a session's name or folder, or a CSV file of `analyze`")
    parser.add_argument("--to", required=True, choices=tuple(KINDS), help="what to write")
    parser.add_argument(
        "--out", required=True, type=_path, metavar="PATH", help="the file to write, or the folder for it"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace an existing file of the same name")
    add_stretch(parser)
    parser.add_argument(
        "--blur",
        choices=("none", "all", "others"),
        default="none",
        help="make faces in films and pictures unrecognisable: all, or all except --keep (default: none)",
    )
    parser.add_argument(
        "--keep",
        type=_faces,
        metavar="ID[,ID]",
        help="IDs of the faces that `--blur others` leaves visible (default: 0, the first one found)",
    )
    parser.add_argument(
        "--at", type=seconds_of, metavar="TIME", help="time of the picture for --to frame (default: --start)"
    )
    parser.add_argument(
        "--separator",
        choices=tuple(_SEPARATORS),
        metavar="comma|semicolon|tab",
        help="column separator for --to excel and wide",
    )
    parser.add_argument(
        "--decimal",
        choices=tuple(_DECIMALS),
        metavar="point|comma",
        help="decimal sign for --to excel (default: by locale) and wide (default: point)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the file.

    Returns:
        0, or 130 if it was interrupted, which leaves nothing.

    Raises:
        InputError: If there is nothing to export, or the file cannot be written.
    """
    kind = KINDS[args.to]
    veil = _veil(args)
    stretch = stretch_of(args)
    options = ExportOptions(_excel(args), _wide(args), veil, args.at if args.at is not None else args.start or 0.0)
    content = content_of(args.content).between(stretch.get("start_s"), stretch.get("end_s"))
    out = place_for(args.out, content, kind)
    with stopping() as stop, _bar(kind) as tell:
        try:
            with Target(out, content.files, overwrite=args.overwrite, notify=say) as target:
                kind.write(content, target.part, Reporter(tell, say, stop), options, out.suffix.lower())
                placed = target.place()
        except CancelledError:
            return 130
    print(f"wrote {placed}")
    return 0


def place_for(out: Path, content: Content, kind: Kind) -> Path:
    """The output file. In a folder, which is a name without a suffix, it is named after what is exported.

    Raises:
        InputError: If the name has not the suffix of its kind.
    """
    # Path.is_dir fails where a name is too long
    if os.path.isdir(out) or not (out.suffix or os.path.lexists(out)):  # noqa: PTH112
        return out / usual_name(content, kind)
    if out.suffix.lower() not in kind.suffixes:
        raise InputError(
            f"{out} is not a valid name for --to {kind.name}; give it the suffix {' or '.join(kind.suffixes)}."
        )
    return out


def usual_name(content: Content, kind: Kind) -> str:
    """The default name of a file of this kind."""
    return f"{content.stem}{kind.tail}{kind.suffixes[0]}"


def _veil(args: argparse.Namespace) -> Veil:
    if args.keep is not None and args.blur != "others":
        raise InputError("--keep says whose face is shown where others are not; it needs --blur others.")
    return Veil(args.blur, frozenset((0,)) if args.keep is None else args.keep)


def _excel(args: argparse.Namespace) -> Dialect:
    decimal = _DECIMALS[args.decimal] if args.decimal else decimal_of_locale()
    return _sane(Dialect.excel(decimal, _SEPARATORS[args.separator] if args.separator else None))


def _wide(args: argparse.Namespace) -> Dialect:
    decimal = _DECIMALS[args.decimal] if args.decimal else "."
    separator = _SEPARATORS[args.separator] if args.separator else ";" if decimal == "," else ","
    return _sane(Dialect(separator, decimal))


def _sane(dialect: Dialect) -> Dialect:
    if dialect.separator == dialect.decimal:
        raise InputError(
            "a comma cannot be the decimal sign and the separator of one table; choose --separator semicolon."
        )
    return dialect


@contextmanager
def _bar(kind: Kind) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, and nothing where that is not a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from tqdm import tqdm

    with tqdm(total=100, desc=kind.title, unit="%", file=sys.stderr, dynamic_ncols=True) as bar:
        yield lambda done: bar.update(round(100 * done) - bar.n) and None


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty name is not a file name; give one")
    return Path(text)


def _faces(text: str) -> frozenset[int]:
    parts = [part.strip().removeprefix("#") for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} are no faces; give their numbers, such as 0,2")
    return frozenset(map(int, parts))
