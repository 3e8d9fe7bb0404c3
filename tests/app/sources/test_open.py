import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.sources import open_source
from app.sources.demo import demo_path, open_demo
from app.sources.film import Film
from app.sources.folder import PictureFolder
from app.sources.images import PictureSource
from models.errors import InputError


def test_a_path_opens_what_it_holds(tmp_path: Path, make_clip) -> None:
    picture = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes()
    for name in ("a.png", "without suffix", "strange.dat"):
        (tmp_path / name).write_bytes(picture)
        with open_source(str(tmp_path / name)) as source:
            assert isinstance(source, PictureSource)
    with open_source(str(make_clip(tmp_path / "clip.mp4"))) as source:
        assert isinstance(source, Film)
    with open_source(str((tmp_path / "clip.mp4").rename(tmp_path / "clip"))) as source:
        assert isinstance(source, Film)
    with open_source(str(tmp_path), fps=5) as source:
        assert isinstance(source, PictureFolder)
        assert source.info.fps == 5


def test_an_image_named_mp4_and_a_text_named_jpg(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(cv2.imencode(".jpg", np.zeros((4, 4, 3), np.uint8))[1].tobytes())
    (tmp_path / "b.jpg").write_text("words")
    with pytest.raises(InputError, match=r"a\.mp4 is a JPEG picture, not a video"):
        open_source(str(tmp_path / "a.mp4"))
    with pytest.raises(InputError, match=r"b\.jpg is a text, not a picture"):
        open_source(str(tmp_path / "b.jpg"))


def test_a_video_named_jpg(tmp_path: Path, make_clip) -> None:
    path = make_clip(tmp_path / "clip.mp4").rename(tmp_path / "clip.jpg")
    with pytest.raises(InputError, match=r"clip\.jpg is a video, not a picture; give it a video's suffix"):
        open_source(str(path))
    path.write_bytes(np.random.default_rng(1).bytes(5000))
    with pytest.raises(InputError, match=r"clip\.jpg is not a picture"):
        open_source(str(path))


@pytest.mark.parametrize("spec", ["", "  ", "a\0b", "no such file.mp4", "x" * 5000, "gopher://host", "\udcff.mp4"])
def test_what_cannot_be_opened_is_a_sentence(spec: str) -> None:
    with pytest.raises(InputError):
        open_source(spec)


def test_without_a_demo_clip_the_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert demo_path().name == "demo.mp4" and demo_path().parent.name == "assets"
    monkeypatch.setattr("app.sources.demo.demo_path", lambda: tmp_path / "demo.mp4")
    with pytest.raises(InputError, match=r"python -m training demo"):
        open_demo()


def test_the_demo_clip_is_called_demo(tmp_path: Path, make_clip, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_clip(tmp_path / "demo.mp4")
    monkeypatch.setattr("app.sources.demo.demo_path", lambda: path)
    with open_demo() as source:
        assert source.info.name == "demo"


@pytest.mark.parametrize("video", [True, False])
def test_a_sessions_folder_is_no_folder_of_pictures(tmp_path: Path, video: bool) -> None:
    (tmp_path / "session.json").write_text("{}")
    cv2.imwrite(str(tmp_path / "thumbnail.jpg"), np.zeros((9, 9, 3), np.uint8))
    if video:
        (tmp_path / "video.mp4").touch()
    wanted = f"name {tmp_path / 'video.mp4'} to read" if video else "name the film that it was made from to read"
    with pytest.raises(InputError, match=re.escape(wanted)) as error:
        open_source(str(tmp_path))
    assert str(error.value).startswith(f"{tmp_path} is a recorded session; make tables of its readings with `export`")
