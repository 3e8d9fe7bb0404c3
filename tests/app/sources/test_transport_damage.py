"""Transport streams that lost bytes or packets: what is missing is told, and a join is no damage."""

from pathlib import Path

import av
import numpy as np
import pytest

from app.sources import open_source
from tests.app.sources.zoo import Spec, write

UNIT = 188
LOST = range(20, 30)


def positions(path: Path) -> list[int]:
    """Byte position of each picture."""
    with av.open(str(path)) as container:
        return [packet.pos for packet in container.demux(video=0) if packet.size]


def film(folder: Path, name: str = "a.ts", **more) -> Path:
    return write(Spec(name, frames=50, options={"g": "50", "bf": "0"}, **more), folder)


@pytest.mark.parametrize("how", ["noise", "packets", "bytes"])
def test_lost_pictures_are_told(tmp_path: Path, how: str) -> None:
    path = film(tmp_path)
    with open_source(str(path)) as source:
        whole = [frame.time_s for frame in source]
    data, place = path.read_bytes(), positions(path)
    first, last = place[LOST.start] + (how != "packets"), place[LOST.stop]
    noise = np.random.default_rng(3).integers(0, 256, last - first, np.uint8).tobytes().replace(b"\x47", b"\x48")
    between = {"noise": noise, "packets": b"", "bytes": b"\xff" * 50}[how]
    path.write_bytes(data[:first] + between + data[last:])
    with open_source(str(path)) as source:
        kept = [frame.time_s for frame in source]
        damage, notices = source.damage, source.notices
    assert set(kept) <= set(whole)
    assert damage.frames == 50 - len(kept) >= len(LOST) - 1
    assert sorted([*kept, *damage.at_s]) == pytest.approx(whole)
    assert len(notices) == 1


def test_a_join_after_a_pause_is_no_damage(tmp_path: Path) -> None:
    path = film(tmp_path)
    later = film(tmp_path, "b.ts", start=200)
    path.write_bytes(path.read_bytes() + later.read_bytes())
    with open_source(str(path)) as source:
        assert len(list(source)) == 100
        assert source.notices == () and source.damage.frames == 0


def test_packets_with_time_stamps_ahead_are_checked_too(tmp_path: Path) -> None:
    plain = film(tmp_path).read_bytes()
    units = [plain[at : at + UNIT] for at in range(0, len(plain), UNIT)]
    path = tmp_path / "a.m2ts"
    path.write_bytes(b"".join(number.to_bytes(4, "big") + unit for number, unit in enumerate(units)))
    with open_source(str(path)) as source:
        assert len(list(source)) == 50
        assert source.damage.frames == 0
    data, place = bytearray(path.read_bytes()), positions(path)
    data[place[20] + 10 : place[30]] = bytes(place[30] - place[20] - 10)
    path.write_bytes(data)
    with open_source(str(path)) as source:
        assert source.damage.frames + len(list(source)) <= 50
        assert source.damage.frames >= 5
