import pytest

from app.spec import camera_index, shown, split_address
from models.errors import InputError


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://host/a/b.m3u8", "http://host/a/b.m3u8"),
        ("rtsp://u:p%40@[::1]:554/x", "rtsp://[::1]:554/x"),
        ("rtsp://u:p@ss@host/x", "rtsp://host/x"),
        ("udp://@239.0.0.1:1234", "udp://239.0.0.1:1234"),
        ("https://host?key=1", "https://host"),
        ("films/a@b?c.mp4", "films/a@b?c.mp4"),
        ("rtsp://me:se/cret@host/live", "rtsp://…"),
        ("rtsp://me:se?cret@host/live", "rtsp://…"),
        ("http://host?user=a&pass=p@ss/w", "http://…"),
        ("rtsp://host/user=me&password=x&channel=1", "rtsp://host/…"),
        ("rtsp://host/a/user=me/b", "rtsp://host/a/…/b"),
    ],
)
def test_no_secret_of_an_address_is_shown(address: str, expected: str) -> None:
    assert shown(address) == expected


@pytest.mark.parametrize(
    "address", ["rtsp://me:a[secret]b@host/live", "http://me:secret℀@host", "rtsp://secret:x@h/\udcff"]
)
def test_what_is_no_address_is_told_without_its_secret(address: str) -> None:
    with pytest.raises(InputError, match=r"is not (an address|UTF-8)") as caught:
        split_address(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("spec", ["", "-1", "1.0", "²", "٣", "./0", "0x1"])
def test_what_is_no_camera(spec: str) -> None:
    assert camera_index(spec) is None
