import itertools
from pathlib import Path

import pytest

from app.sources.stream import Stream, open_address
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
    with pytest.raises(InputError, match="gopher://host/x cannot be opened as an address"):
        open_address("gopher://me:word@host/x")


def test_an_address_without_a_number_of_frames_is_live(mjpeg_address) -> None:
    with open_address(mjpeg_address()) as stream:
        assert stream.info.live and stream.info.frame_count is None
        assert len(list(itertools.islice(stream, 3))) == 3


def test_a_recording_at_an_address_is_read_whole(tmp_path: Path, make_clip, file_address) -> None:
    with open_address(file_address(make_clip(tmp_path / "a.avi", frames=40))) as video:
        assert (video.info.live, video.info.frame_count) == (False, 40)
        assert video.info.name.endswith("/a.avi") and "secret" not in video.info.name
        assert [frame.time_s for frame in video] == pytest.approx([index / 25 for index in range(40)])


def test_a_recording_whose_sender_goes_away_breaks_off(tmp_path: Path, make_clip, file_address, drain) -> None:
    address = file_address(make_clip(tmp_path / "a.avi", frames=100), share=0.5)
    with open_address(address) as video:
        frames, sentence = drain(video)
    assert 20 < len(frames) < 80
    assert "/a.avi breaks off after" in sentence and "secret" not in sentence
