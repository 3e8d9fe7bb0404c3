"""The sound device, by miniaudio."""

import ctypes
import sys
from collections.abc import Callable, Generator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Pull = Callable[[int], NDArray[np.float32]]
"""Gives the next samples, this many, shape (n, 2), -1..1. Called in a thread of the device, and must not wait."""

RATE, CHANNELS = 48_000, 2
_PERIOD_MS, _PERIODS = 20, 3


class SilentError(Exception):
    """There is nothing to play sound with; the text is a sentence for the user."""


class Speaker(Protocol):
    """Plays what it pulls."""

    @property
    def latency_s(self) -> float:
        """Seconds from a pull until its first sample is heard."""
        ...

    def start(self, pull: Pull) -> None:
        """Begin to pull; does nothing while it runs.

        Raises:
            SilentError: If the device has gone.
        """
        ...

    def stop(self) -> None:
        """Stop; it may be started again."""
        ...

    def close(self) -> None:
        """Free the device. May be called twice."""
        ...


class Device:
    """The system's own choice of a sound device. See `Speaker`.

    Args:
        backends: Names of miniaudio's backends to try, by default those of people's machines; the null device takes the
            place of a missing one only where it is named.

    Attributes:
        system: The system's part that plays, such as `PulseAudio`.

    Raises:
        SilentError: If there is none, or miniaudio is not installed.
    """

    def __init__(self, *backends: str) -> None:
        try:
            import miniaudio
        except ImportError as error:
            raise SilentError("Films play without sound: the package miniaudio is not installed.") from error
        _hush_alsa()
        names = backends or ("WASAPI", "COREAUDIO", "PULSEAUDIO", "ALSA")
        self._errors = (miniaudio.MiniaudioError,)
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=CHANNELS,
                sample_rate=RATE,
                buffersize_msec=_PERIOD_MS,
                callback_periods=_PERIODS,
                backends=[miniaudio.Backend[name] for name in names],
                app_name="Mimik",
            )
        except miniaudio.MiniaudioError as error:
            raise SilentError("Films play without sound: no sound device was found.") from error
        # A pull fills one period while the others are still to be heard.
        self.system = str(self._device.backend)
        self.latency_s = (_PERIODS - 1) * _PERIOD_MS / 1000

    def start(self, pull: Pull) -> None:
        if not self._device.running:
            feeding = _feeding(pull)
            next(feeding)
            try:
                self._device.start(feeding)
            except self._errors as error:
                raise SilentError("Films play without sound: the sound device does not start.") from error

    def stop(self) -> None:
        try:
            self._device.stop()
        except self._errors:
            self._device.running = False  # it has gone

    def close(self) -> None:
        self._device.close()


def _feeding(pull: Pull) -> Generator[bytes, int, None]:
    count = yield b""
    while True:
        count = yield np.ascontiguousarray(pull(count), np.float32).tobytes()


def _hush_alsa() -> None:
    """Keep ALSA from writing its attempts to standard error; a missing device is reported as a sentence."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_SILENCE)
    except (OSError, AttributeError):  # no ALSA here
        return


_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)
_SILENCE = _HANDLER(lambda *_: None)
"""Kept for as long as the program runs, because ALSA keeps it."""
