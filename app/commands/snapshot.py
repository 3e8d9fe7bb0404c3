"""`snapshot`: the frame of a source shown at a given time, as a picture."""

import argparse
import io
import math
import os
import stat
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from app.commands.stretch import seconds_of
from app.core.stages import FrameSource
from app.core.types import Frame, Image
from app.headless.parts import opened
from app.options import Options, add_options, number
from app.player.decoding import Decoder
from app.sinks.output import writing
from app.sinks.overlay import draw
from app.sources.open import open_source
from app.spec import path_of
from app.standard import say
from models.errors import InputError

_BEFORE_S = 5.0
_SOFTWARE = "Mimik"


def add_parser(subparsers: Any) -> None:
    """Add `snapshot` to the commands."""
    parser = subparsers.add_parser(
        "snapshot",
        help="write the frame shown at a moment as a picture",
        description="Writes the frame that SOURCE shows at a moment, with what was read from it painted over it. The "
        "five seconds before are read too, so that labels are held as in the film.",
    )
    parser.add_argument("source", metavar="SOURCE", help="a file, a folder of pictures, a camera, an address, demo")
    parser.add_argument(
        "--at",
        required=True,
        type=_moment,
        metavar="TIME",
        help="the moment, in seconds or h:m:s of the film's time",
    )
    parser.add_argument("--out", required=True, type=Path, metavar="FILE.png", help="the picture")
    parser.add_argument("--clean", action="store_true", help="leave the frame as it is, pixel for pixel")
    add_options(parser, fps=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the picture.

    Returns:
        0.

    Raises:
        InputError: If the source cannot be read, or the picture cannot be written where it was named.
    """
    options = Options.of(args)
    _refuse_place(args.out, args.source)
    open_again = partial(open_source, args.source, fps=options.fps)
    source = open_again()
    if source.info.live:
        image = _live(source, args.at, None if args.clean else options)
    else:
        decoder = Decoder(source, open_again)
        try:
            image = _recorded(decoder, source.info.name, args.at, None if args.clean else options)
        finally:
            decoder.close()
    _write(args.out, image)
    print(f"wrote {args.out}")
    return 0


def _recorded(decoder: Decoder, name: str, at_s: float, options: Options | None) -> Image:
    wanted = decoder.at(at_s)
    if wanted is None:
        raise decoder.failure or InputError(f"{name} has no frame that can be decoded; get the file again")
    end_s = wanted.time_s + (wanted.duration_s or 0.0)
    if at_s > end_s and not wanted.still:
        say(f"{name} ends at {end_s:.2f} s; its last frame is taken.")
    if options is None:
        return wanted.image
    with opened(options) as parts:
        pipeline = parts.pipeline()
        frame: Frame | None = wanted if wanted.still else decoder.at(max(wanted.time_s - _BEFORE_S, 0.0))
        while frame is not None and frame.time_s < wanted.time_s:
            pipeline.process(frame)
            frame = decoder.next(frame)
        return draw(pipeline.process(wanted))


def _live(source: FrameSource, at_s: float, options: Options | None) -> Image:
    """The first frame at or after this many seconds."""
    with source:
        if options is None:
            return next(frame.image for frame in source if frame.time_s >= at_s)
        with opened(options) as parts:
            pipeline = parts.pipeline()
            return draw(next(result for result in map(pipeline.process, source) if result.frame.time_s >= at_s))


def _refuse_place(out: Path, spec: str) -> None:
    """Raise before any work is done if a file that is not ours would be replaced."""
    if out.suffix.lower() != ".png":
        raise InputError(f"{out} is not a PNG file name; give it the suffix .png.")
    with writing(out):
        try:
            kind = stat.S_IFMT(out.lstat().st_mode)
        except FileNotFoundError:
            kind = None
        if kind == stat.S_IFDIR or not out.parent.is_dir():
            raise InputError(f"{out} cannot be written: its folder is missing or it is a folder; name another place.")
    if kind is None:
        return
    if not out.is_file():  # opening a pipe would wait for ever; a broken link may be repaired some day
        raise InputError(f"{out} exists and is not a plain file; name another file.")
    try:
        with Pillow.open(out) as picture:
            ours = picture.info.get("Software") == _SOFTWARE
    except OSError:
        ours = False
    if not ours or (path_of(spec).exists() and out.samefile(path_of(spec))):
        raise InputError(f"{out} exists and is not a snapshot of Mimik's; name another file.")


def _write(out: Path, image: Image) -> None:
    facts = PngInfo()
    facts.add_text("Software", _SOFTWARE)
    memory = io.BytesIO()
    Pillow.fromarray(image[:, :, ::-1]).save(memory, "PNG", pnginfo=facts)
    with writing(out):
        handle, name = tempfile.mkstemp(prefix=".snapshot-", suffix=".part", dir=out.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(memory.getbuffer())
            Path(name).chmod(0o666 & ~_umask())
            Path(name).replace(out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _moment(text: str) -> float:
    value = number(text)
    return value if 0 <= value < math.inf else seconds_of(text)
