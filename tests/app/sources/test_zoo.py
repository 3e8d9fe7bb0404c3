"""Films of every kind, compared with what plain PyAV decodes: number of frames, times, and pixels."""

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from app.sources import open_source
from tests.app.sources.zoo import Spec, number_of, plain_decode, write

X265 = {"x265-params": "log-level=none"}
DV = {"codec": "dvvideo", "size": (720, 576), "frames": 3}

FILMS = (
    # containers
    Spec("h264.mp4"),
    Spec("h264.mkv"),
    Spec("h264.mov"),
    Spec("h264.ts"),
    Spec("h264.m2ts", form="mpegts"),
    Spec("h264.avi", options={"bf": "0"}),
    Spec("h264.flv"),
    Spec("h264.3gp"),
    Spec("h264.nut"),
    Spec("fragments.mp4", mux={"movflags": "frag_keyframe+empty_moov"}),
    Spec("faststart.mov", mux={"movflags": "faststart"}),
    # codecs
    Spec("hevc.mp4", codec="libx265", options=X265),
    Spec("hevc.mkv", codec="libx265", options=X265),
    Spec("vp8.webm", codec="libvpx"),
    Spec("vp9.webm", codec="libvpx-vp9"),
    Spec("vp9.mp4", codec="libvpx-vp9"),
    Spec("av1.mp4", codec="libsvtav1"),
    Spec("av1.webm", codec="libsvtav1"),
    Spec("mpeg2.mpg", codec="mpeg2video"),
    Spec("mpeg2.vob", codec="mpeg2video", options={"bf": "2"}),
    Spec("mpeg2.ts", codec="mpeg2video", options={"bf": "2"}),
    Spec("mpeg2.mxf", codec="mpeg2video"),
    Spec("mpeg1.mpg", codec="mpeg1video"),
    Spec("mpeg4.avi", codec="mpeg4"),
    Spec("mpeg4.mp4", codec="mpeg4", options={"bf": "2"}),
    Spec("mjpeg.avi", codec="mjpeg", pix="yuvj420p"),
    Spec("mjpeg.mov", codec="mjpeg", pix="yuvj422p"),
    Spec("prores.mov", codec="prores_ks", pix="yuv422p10le"),
    Spec("ffv1.mkv", codec="ffv1"),
    Spec("huffyuv.avi", codec="huffyuv", pix="yuv422p"),
    Spec("utvideo.avi", codec="utvideo"),
    Spec("png.mov", codec="png", pix="rgb24"),
    Spec("qtrle.mov", codec="qtrle", pix="rgb24"),
    Spec("raw.avi", codec="rawvideo"),
    Spec("wmv2.wmv", codec="wmv2"),
    Spec("wmv1.asf", codec="wmv1"),
    Spec("flv1.flv", codec="flv"),
    Spec("cinepak.avi", codec="cinepak", pix="rgb24"),
    Spec("jpeg2000.mkv", codec="jpeg2000"),
    # raw streams and animations
    Spec("raw.h264"),
    Spec("raw.hevc", codec="libx265", options=X265),
    Spec("ntsc.h264", rate=Fraction(30000, 1001)),
    Spec("ntsc.hevc", codec="libx265", options=X265, rate=Fraction(30000, 1001)),
    Spec("raw.m2v", codec="mpeg2video"),
    Spec("raw.mjpeg", codec="mjpeg", pix="yuvj420p"),
    Spec("raw.y4m", codec="wrapped_avframe", form="yuv4mpegpipe"),
    Spec("raw.ivf", codec="libvpx"),
    Spec("raw.obu", codec="libsvtav1"),
    Spec("moving.gif", codec="gif", pix="rgb8"),
    Spec("moving.png", codec="apng", form="apng", pix="rgb24"),
    # rates and times
    Spec("ntsc.mp4", rate=Fraction(30000, 1001)),
    Spec("film.mkv", rate=Fraction(24000, 1001)),
    Spec("fast.mp4", rate=Fraction(120)),
    Spec("slow.mp4", rate=Fraction(1, 2)),
    Spec("uneven.mp4", tick=Fraction(1, 600), steps=(20, 60, 20, 100)),
    Spec("uneven.mkv", tick=Fraction(1, 1000), steps=(20, 60, 21, 100)),
    Spec("gap.mp4", tick=Fraction(1, 600), steps=(24, 24, 24, 12000)),
    Spec("gap.mkv", tick=Fraction(1, 1000), steps=(40, 40, 40, 20000)),
    Spec("late.mp4", start=18, sound=(0, 1)),
    Spec("late.mkv", start=18, sound=(0, 1)),
    Spec("late.ts", start=18, sound=(0, 1)),
    Spec("longsound.mkv", sound=(0, 3)),
    # groups of pictures
    Spec("allkeys.mp4", options={"g": "1"}),
    Spec("onekey.mp4", options={"g": "300"}, frames=40),
    Spec("pyramid.mp4", options={"bf": "3", "b-pyramid": "normal"}, frames=30),
    Spec("opengop.ts", options={"bf": "3", "g": "8", "x264-params": "open-gop=1"}, frames=30),
    Spec("refresh.mp4", options={"g": "10", "x264-params": "intra-refresh=1"}, frames=30),
    # pixel formats and sizes
    Spec("444.mp4", pix="yuv444p"),
    Spec("422.mp4", pix="yuv422p"),
    Spec("rgb.mp4", codec="libx264rgb", pix="rgb24"),
    Spec("gray.mkv", codec="ffv1", pix="gray"),
    Spec("argb.mov", codec="qtrle", pix="argb"),
    Spec("bgr.avi", codec="rawvideo", pix="bgr24"),
    Spec("ten.mkv", codec="ffv1", pix="yuv420p10le"),
    Spec("ten.mp4", pix="yuv420p10le"),
    Spec("twelve.mkv", codec="ffv1", pix="yuv444p12le"),
    Spec("odd.mkv", codec="ffv1", size=(97, 65)),
    Spec("tiny.mp4", size=(16, 16)),
    Spec("wide.mp4", size=(640, 32)),
)


@pytest.mark.parametrize("spec", FILMS, ids=lambda spec: spec.name)
def test_every_frame_with_its_time_and_picture(tmp_path: Path, spec: Spec) -> None:
    path = write(spec, tmp_path)
    plain = plain_decode(path)
    with open_source(str(path)) as source:
        frames = list(source)
        assert (source.damage.frames, source.notices) == (0, ())
        assert source.info.frame_count in (None, spec.frames)
    assert len(frames) == len(plain) == spec.frames
    step_s = 1 / spec.rate
    for index, (frame, raw) in enumerate(zip(frames, plain, strict=True)):
        time_s = float(index * step_s) if raw.time_s is None else raw.time_s
        assert (frame.index, frame.time_s) == (index, pytest.approx(time_s, abs=1e-6))
        assert np.abs(frame.image.astype(int) - raw.image).mean() < 1.5
        if min(spec.size) >= 32:
            assert number_of(frame.image) == index
    for frame, following in itertools.pairwise(frames):
        assert frame.duration_s == pytest.approx(following.time_s - frame.time_s)
    assert frames[-1].duration_s > 0
    if not spec.steps:
        assert source.info.fps == pytest.approx(float(spec.rate), rel=0.001)
