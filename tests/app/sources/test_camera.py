import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import cv2
import pytest

from app.sources import camera as camera_module
from app.sources import list_cameras
from app.sources.camera import CameraInfo, CameraSource
from models.errors import InputError


def test_asks_for_motion_jpeg_at_720p_and_no_buffer(fake_capture) -> None:
    fake = fake_capture()
    with CameraSource(0) as camera:
        assert camera.info.name == "camera 0"
        assert camera.info.fps == 30
    assert fake.settings == {
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: 1280,
        cv2.CAP_PROP_FRAME_HEIGHT: 720,
        cv2.CAP_PROP_BUFFERSIZE: 1,
    }
    assert fake.released.wait(10)


def test_keeps_only_the_newest_frame_and_counts_the_rest(fake_capture) -> None:
    fake = fake_capture(50)
    with CameraSource(0) as camera:
        assert fake.released.wait(20)  # all fifty were read before one was taken
        iterator = iter(camera)
        frame = next(iterator)
        assert frame.index == 49 and frame.image[0, 0, 0] == 50
        assert camera.dropped == 49
        with pytest.raises(InputError, match="camera 0 delivers no picture"):
            next(iterator)


def test_an_unplugged_camera_ends_with_a_sentence(fake_capture) -> None:
    fake_capture(3, period_s=0.02)
    with CameraSource(1) as camera, pytest.raises(InputError, match="camera 1 delivers no picture; check its cable"):
        list(camera)


def test_a_camera_that_falls_silent_is_lost_and_does_not_block(fake_capture) -> None:
    fake = fake_capture()
    with CameraSource(0, patience_s=0.3) as camera:
        iterator = iter(camera)
        next(iterator)
        fake.goes_on.clear()
        with pytest.raises(InputError, match="delivers no picture"):
            list(iterator)
        fake.goes_on.set()
    assert fake.released.wait(10)


def test_a_camera_that_never_delivers_is_given_up(fake_capture) -> None:
    fake = fake_capture()
    fake.goes_on.clear()
    with pytest.raises(InputError, match="delivers no picture"):
        CameraSource(0, patience_s=0.2)
    fake.goes_on.set()
    assert fake.released.wait(10)


def test_a_driver_that_throws_is_told_as_a_sentence(fake_capture, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = fake_capture()

    def throw() -> tuple[bool, None]:
        raise cv2.error("driver trouble")

    monkeypatch.setattr(fake, "read", throw)
    with pytest.raises(InputError, match="delivers no picture"):
        CameraSource(0)
    assert fake.released.wait(10)


def test_close_wakes_a_waiting_reader(fake_capture) -> None:
    fake = fake_capture()
    camera = CameraSource(0, patience_s=60)
    iterator = iter(camera)
    next(iterator)
    fake.goes_on.clear()
    rest: list[object] = []
    thread = threading.Thread(target=lambda: rest.extend(iterator), daemon=True)
    thread.start()
    camera.close()
    thread.join(10)
    assert not thread.is_alive()
    fake.goes_on.set()
    assert fake.released.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="cameras are files only on Linux")
def test_a_camera_that_does_not_open_is_explained(
    fake_capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake_capture(opened=False)
    monkeypatch.setattr(camera_module, "_DEV", tmp_path)
    monkeypatch.setattr(camera_module, "list_cameras", lambda: (CameraInfo(2, "Desk cam"),))
    with pytest.raises(InputError, match=r"camera 0 does not exist, there are: 2 \(Desk cam\)"):
        CameraSource(0)
    (tmp_path / "video0").touch()
    with pytest.raises(InputError, match="perhaps it is busy; close the program"):
        CameraSource(0)
    monkeypatch.setattr(camera_module.os, "access", lambda *_: False)
    with pytest.raises(InputError, match="may not be used by this user"):
        CameraSource(0)


def test_elsewhere_the_sentence_names_the_privacy_settings(fake_capture, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_capture(opened=False)
    monkeypatch.setattr(camera_module.sys, "platform", "darwin")
    with pytest.raises(InputError, match=r"camera 3 cannot be opened.*privacy settings"):
        CameraSource(3)


@pytest.mark.skipif(sys.platform == "win32", reason="asks a Linux driver")
def test_linux_names_only_the_nodes_that_capture(tmp_path: Path) -> None:
    for node, name, index in (("video2", "Desk cam", "0"), ("video3", "Desk cam", "1"), ("video0", "Lid cam", "0")):
        folder = tmp_path / node
        folder.mkdir()
        (folder / "name").write_text(f"{name}\n")
        (folder / "index").write_text(f"{index}\n")
    (tmp_path / "video9").mkdir()
    found = camera_module._linux_cameras(tmp_path, tmp_path / "no devices")
    assert found == (CameraInfo(0, "Lid cam"), CameraInfo(2, "Desk cam"), CameraInfo(9, "camera 9"))
    assert camera_module._linux_cameras(tmp_path / "absent", tmp_path) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="asks a Linux driver")
@pytest.mark.parametrize(
    ("capabilities", "captures"), [(0x1, True), (0x1000, True), (0x800000, False), (0x8001, False)]
)
def test_the_driver_says_what_a_node_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capabilities: int, captures: bool
) -> None:
    import fcntl

    def ioctl(descriptor: int, request: int, answer: bytearray) -> int:
        answer[88:92] = capabilities.to_bytes(4, sys.byteorder)
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    (tmp_path / "video0").touch()
    assert camera_module._captures(tmp_path, tmp_path / "video0") is captures


def test_elsewhere_the_system_lists_its_cameras_with_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def enumerate_cameras(backend: int) -> list[SimpleNamespace]:
        asked.append(backend)
        return [SimpleNamespace(index=1, name="Desk cam"), SimpleNamespace(index=0, name="Lid cam")]

    library = SimpleNamespace(enumerate_cameras=enumerate_cameras)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", library)
    assert camera_module._named_cameras("win32") == (CameraInfo(0, "Lid cam"), CameraInfo(1, "Desk cam"))
    assert asked == [cv2.CAP_DSHOW]
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)  # as if it were not installed
    assert camera_module._named_cameras("darwin") is None


def test_probing_survives_errors_and_hanging_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_module, "_PROBE_S", 0.3)
    never = threading.Event()

    def answers(index: int) -> bool:
        if index == 0:
            raise cv2.error("driver trouble")
        if index == 1:
            never.wait(20)
        return index == 2

    assert camera_module._probed_cameras(answers) == (CameraInfo(2, "camera 2"),)
    never.set()


def test_listing_the_real_machine_never_raises() -> None:
    assert {type(camera) for camera in list_cameras()} <= {CameraInfo}
