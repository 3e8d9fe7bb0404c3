"""Recordings at http addresses: complete, with sound, and without secrets in files and messages."""

import contextlib
import http.server
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from app.__main__ import main


@pytest.fixture
def address(serve: Callable[..., int]) -> Callable[[Path], str]:
    """Serves a file with range requests, at an address with a password and a token."""

    def publish(path: Path) -> str:
        content = path.read_bytes()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
                start, end = int(wanted[0]), int(wanted[2] or len(content) - 1)
                self.send_response(206 if "Range" in self.headers else 200)
                self.send_header("Accept-Ranges", "bytes")
                self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
                self.send_header("Content-Length", str(end + 1 - start))
                self.end_headers()
                with contextlib.suppress(OSError):  # the reader closed the connection
                    self.wfile.write(content[start : end + 1])

        return f"http://user:secret@127.0.0.1:{serve(Handler)}/{path.name}?token=hidden"

    return publish


def sounding(path: Path) -> Path:
    """A file with two seconds of video and three of sound."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("mpeg4", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 160, 120, "yuv420p"
        tone = container.add_stream("aac", rate=48_000, layout="mono")
        for i in range(50):
            image = np.zeros((120, 160, 3), np.uint8)
            image[40:80, i : i + 40] = 200
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        for i in range(0, 3 * 48_000, 1000):
            wave = (np.sin(np.arange(i, i + 1000) * 0.06) * 8000).astype(np.int16)
            sound = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = 48_000, i, Fraction(1, 48_000)
            container.mux(tone.encode(sound))
        container.mux(pictures.encode(None))
        container.mux(tone.encode(None))
    return path


@pytest.mark.usefixtures("faked")
@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_a_recording_keeps_its_sound(
    tmp_path: Path, address: Callable[[Path], str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spec, out = address(sounding(tmp_path / name)), tmp_path / "out"
    for stem in ("a", "a-2"):  # the content of an address may change, so no file is replaced
        assert main(["analyze", spec, "--out", str(out), "--video"]) == 0
        with av.open(str(out / f"{stem}.mp4")) as container:
            pictures, sound = container.streams.video[0], container.streams.audio[0]
            assert pictures.frames == 50
            assert float(sound.duration * sound.time_base) == pytest.approx(3, abs=0.05)
        summary = json.loads((out / f"{stem}.json").read_text())
        assert (summary["complete"], summary["source_sha256"]) == (True, None)
    output = capsys.readouterr()
    everything = output.out + output.err + "".join(path.read_text() for path in out.glob("*.json"))
    assert "secret" not in everything
    assert "hidden" not in everything


@pytest.mark.usefixtures("faked")
def test_a_stretch_of_a_recording(tmp_path: Path, address: Callable[[Path], str]) -> None:
    out = tmp_path / "out"
    words = ["--start", "0.4", "--end", "1.2", "--out", str(out), "--video"]
    assert main(["analyze", address(sounding(tmp_path / "a.mp4")), *words]) == 0
    summary = json.loads((out / "a.json").read_text())
    assert (summary["frames"], summary["complete"], summary["options"]["start"]) == (20, True, 0.4)
    with av.open(str(out / "a.mp4")) as container:
        for stream in (container.streams.video[0], container.streams.audio[0]):
            assert float(stream.duration * stream.time_base) == pytest.approx(0.8, abs=0.05)
