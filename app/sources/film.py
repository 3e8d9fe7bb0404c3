"""Films: recorded videos, on a disk or at an address, decoded by PyAV."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av.error

from app.core.types import Damage, Frame, Image, SourceInfo
from app.sources.clock import JUMP_S, Jump
from app.sources.colour import Colours
from app.sources.container import Container
from app.sources.content import ends_in_zeros, is_cut_short
from app.sources.reader import DecodedPicture, Reader
from app.sources.recording import Recording, nothing_in
from app.sources.upright import Turn, set_upright, turn_of
from models.errors import InputError

_ROUNDING_S = 1e-4
_FORGIVEN = 0.05
_KEPT = "what was read is kept, get the file again for the rest"
_UNREADABLE = (av.error.FFmpegError, OSError, ValueError, MemoryError)


class Film(Recording):
    """A video with an end: every frame that can be decoded, once, with its presentation time in the container's clock.

    Pictures are turned upright by the metadata, scaled to square pixels, and deinterlaced where flagged; times strictly
    increase. Undecodable frames are skipped and reported by `damage` and `notices`. `info.frame_count` is given if the
    container has an index of all frames, without those hidden by an edit list.

    Args:
        opened: Opens the container, anew at each call; takes an event that ends reading.
        name: The name in messages and results.
        refused: The sentence if no frame can be decoded.
        start_s: The first frame is the first one at or after this time of the container's clock; numbers are as in
            `seek`.
        end_s: Frames from this time on are left out.
        path: The path of the file, if on disk.

    Raises:
        InputError: As `refused`, or if it contains no film, or has no frame in the part. While iterating: if the video
            breaks off, after every readable frame.
    """

    def __init__(
        self,
        opened: Callable[[threading.Event], Container],
        name: str,
        *,
        refused: str,
        start_s: float | None = None,
        end_s: float | None = None,
        path: Path | None = None,
    ) -> None:
        super().__init__()
        self._path, self._name, self._end_s = path, name, end_s
        self._colours = Colours()
        self._turns: dict[tuple[int, int, int], Turn] = {}
        self._next_index = 0
        try:
            self._reader = Reader(lambda: opened(self._closed))
        except InputError as error:
            raise InputError(f"{name} {error}") from error
        except _UNREADABLE as error:
            raise InputError(refused) from error
        try:
            self._held = self._first(start_s)
            if self._held is None:
                raise InputError(refused)
            if self._end_s is not None and self._held.time_s >= self._end_s - _ROUNDING_S:
                raise InputError(nothing_in(name, start_s, self._end_s, self._held.time_s))
            height, width = self._image(self._held).shape[:2]
            self.info = SourceInfo(name, width, height, self._reader.fps, self._reader.frame_count, live=False)
        except _UNREADABLE as error:
            self._reader.close()
            raise InputError(refused) from error
        except InputError:
            self._reader.close()
            raise

    @property
    def damage(self) -> Damage:
        times_s = tuple(sorted(self._reader.missing.values()))
        return Damage(len(times_s), times_s)

    @property
    def span_s(self) -> tuple[float, float] | None:
        """Approximate time range of the frames, if the film can be read in parts; None if it cannot."""
        whole = self._reader.span_s
        if whole is None or self._held is None:
            return None
        return self._held.time_s, whole[1] if self._end_s is None else min(whole[1], self._end_s)

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """Jumps of the container's clock so far that the frames' times do not follow, in order."""
        return tuple(self._reader.clock.jumps)

    @property
    def notices(self) -> tuple[str, ...]:
        sentences = []
        damage = self.damage
        if damage.frames == 1:
            sentences.append(f"{self._name} is damaged: 1 frame at {damage.at_s[0]:.2f} s could not be decoded.")
        elif damage.frames:
            between = f"between {damage.at_s[0]:.2f} and {damage.at_s[-1]:.2f} s"
            sentences.append(f"{self._name} is damaged: {damage.frames} frames {between} could not be decoded.")
        for jump in (jump for jump in self.jumps if abs(jump.by_s) > JUMP_S):
            where = f"at {jump.at_s:.2f} s by {abs(jump.by_s):.1f} s {'forward' if jump.by_s > 0 else 'back'}"
            sentences.append(
                f"The clock of {self._name} jumps {where}; the times of the frames continue without the jump."
            )
        return tuple(sentences)

    def seek(self, time_s: float, *, exact: bool = True) -> None:
        """Seek to a time: the next frame is the one shown then, the same as if all before it had been decoded.

        Frame numbers stay those of the whole film if the container has an index (MP4, MOV, AVI) or the film had to be
        read from its beginning; otherwise they count from 0 at the picture where decoding started.

        Args:
            time_s: In the container's clock; before the first frame means that one, after the last one the last.
            exact: False starts at the key frame before that time, which is decoded at once.

        Raises:
            InputError: If the film cannot be read any more.
        """
        with self._lock:
            self._entered_s = time.monotonic()
            if self._closed.is_set():
                return
            try:
                self._reader.go_to(time_s)
                self._held = self._shown_at(time_s) if exact else self._reader.next()
            except _UNREADABLE as error:
                raise InputError(f"{self._name} cannot be read any more; open it again") from error

    @property
    def _alive_s(self) -> float:
        return self._reader.alive_s

    def _frames(self) -> Iterator[Frame]:
        while (picture := self._held) is not None:
            if self._end_s is not None and picture.time_s >= self._end_s - _ROUNDING_S:
                return
            following = self._held = self._reader.next()
            duration_s = picture.duration_s if following is None else following.time_s - picture.time_s
            self._next_index = picture.index + 1
            yield Frame(picture.index, picture.time_s, self._image(picture), duration_s=duration_s)
        self._refuse_break()

    def _release(self) -> None:
        self._held = None
        self._reader.close()

    def _first(self, start_s: float | None) -> DecodedPicture | None:
        if start_s is None or start_s <= 0:
            return self._reader.next()
        self._reader.go_to(start_s)
        last_s = 0.0
        while (picture := self._reader.next()) is not None:
            if picture.time_s >= start_s - _ROUNDING_S:
                return picture
            last_s = picture.time_s
        raise InputError(f"{self._name} has its last frame at {last_s:.2f} s; start before it")

    def _shown_at(self, time_s: float) -> DecodedPicture | None:
        shown = following = self._reader.next()
        while following is not None and following.time_s <= time_s + _ROUNDING_S:
            # Hold one picture while the next is decoded, as in reading: decoders conceal damage with the content of
            # released pictures.
            shown = following
            following = self._reader.next()
        if following is not None and following is not shown:
            self._reader.put_back(following)
        return shown

    def _image(self, picture: DecodedPicture) -> Image:
        frame = picture.frame
        width = max(1, round(frame.width * picture.aspect))
        # accessing a frame's side data keeps it alive until garbage collection, so do so only for the first ones
        kind = frame.rotation, frame.width, frame.height
        if kind not in self._turns:
            self._turns[kind] = turn_of(frame)
        return set_upright(self._colours.image(frame, width), self._turns[kind])

    def _refuse_break(self) -> None:
        """Raise if the film certainly stops before its end: reading failed, or the container extends beyond the file.

        The container's frame count proves nothing; it only shows how much is lost. Together with it, a file that ends
        in zeros was never completed.
        """
        reader = self._reader
        reached, declared = self._next_index + len(reader.missing), reader.declared_frames
        if self._closed.is_set():
            return
        lost = declared - reached
        if reader.cut or self._is_cut():
            broken = lost > 0 or reader.frame_count is None
        else:
            broken = lost > max(_FORGIVEN * declared, 1 / reader.step_s) and self._is_hollow()
        if broken:
            of = f" of {declared}" if lost > 0 else ""
            raise InputError(f"{self._name} breaks off after {self._next_index}{of} frames; {_KEPT}")

    def _is_cut(self) -> bool:
        return self._tells(is_cut_short)

    def _is_hollow(self) -> bool:
        return self._tells(ends_in_zeros)

    def _tells(self, sign: Callable[[Path], bool]) -> bool:
        try:
            return self._path is not None and sign(self._path)
        except OSError:  # the file or its drive has disappeared
            return False
