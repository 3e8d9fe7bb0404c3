import itertools

import pytest

from app.sources.stream import Stream
from models.errors import InputError


def test_reads_motion_jpeg_from_an_address(mjpeg_address) -> None:
    with Stream(mjpeg_address()) as stream:
        frames = list(itertools.islice(stream, 4))
        assert (stream.info.width, stream.info.height, stream.info.live) == (160, 120, True)
    assert frames[-1].time_s > frames[0].time_s >= 0


def test_secrets_are_in_no_name_and_no_message(mjpeg_address) -> None:
    with Stream(mjpeg_address(5)) as stream:
        assert stream.info.name.startswith("http://127.0.0.1:") and stream.info.name.endswith("/live")
        with pytest.raises(InputError) as ended:
            list(stream)
    with pytest.raises(InputError) as missing:
        Stream("http://me:secret@127.0.0.1:9/none?token=hidden")
    for caught in (ended, missing):
        assert "127.0.0.1" in str(caught.value)
        assert "secret" not in str(caught.value) and "hidden" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_stream_that_ends_says_so(mjpeg_address) -> None:
    with Stream(mjpeg_address(20)) as stream, pytest.raises(InputError, match="delivers no more pictures"):
        list(stream)


def test_a_stream_that_stalls_is_given_up(mjpeg_address) -> None:
    with (
        Stream(mjpeg_address(20, stall=True), timeout_s=1) as stream,
        pytest.raises(InputError, match="no more pictures"),
    ):
        list(stream)


def test_what_answers_without_video_is_refused(mjpeg_address, capfd: pytest.CaptureFixture[str]) -> None:
    address = mjpeg_address().replace("/live", "/absent")
    with pytest.raises(InputError, match="/absent cannot be opened; check the address"):
        Stream(address)
    assert capfd.readouterr().err == ""


def test_unknown_schemes_are_refused() -> None:
    with pytest.raises(InputError, match="gopher://host/x is no address"):
        Stream("gopher://me:word@host/x")
