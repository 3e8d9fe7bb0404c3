import argparse
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.__main__ import main
from app.commands.stretch import seconds_of, stretch_of
from models.errors import InputError


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59), st.integers(0, 999))
def test_every_way_to_write_a_time(hours: int, minutes: int, seconds: int, milliseconds: int) -> None:
    total = hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
    fraction = f"{seconds:02}.{milliseconds:03}"
    assert seconds_of(f"{hours}:{minutes:02}:{fraction}") == pytest.approx(total)
    assert seconds_of(f"{hours * 60 + minutes}:{fraction}") == pytest.approx(total)
    assert seconds_of(f"{total:.3f}") == pytest.approx(total)


@given(st.text(max_size=30))
def test_any_other_text_is_refused_or_a_time(text: str) -> None:
    with suppress(argparse.ArgumentTypeError):
        assert seconds_of(text) >= 0


@pytest.mark.parametrize("text", ["", "-1", "1:60", "1:61:00", "1:2:3:4", "nan", "inf", "1e3", "٣", "9" * 400, "1:"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        seconds_of(text)


def test_only_what_was_given_is_passed_on() -> None:
    assert stretch_of(argparse.Namespace(start=None, end=None)) == {}
    assert stretch_of(argparse.Namespace(start=1.0, end=2.0)) == {"start_s": 1.0, "end_s": 2.0}
    for start, end in ((2.0, 2.0), (None, 0.0), (3.0, 1.0)):
        with pytest.raises(InputError, match="does not come after"):
            stretch_of(argparse.Namespace(start=start, end=end))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--start", "1:99"], "1:99"),
        (["--end", "soon"], "'soon' is not a time"),
        (["--start", "5", "--end", "4"], "--end 4 s does not come after --start 5 s"),
        (["--roi", "1,2,3"], "x,y,w,h"),
        (["--roi", "1,2,0,4"], "is empty"),
        (["--roi=-1,2,3,4"], "x,y,w,h"),
        (["--roi", "1,2,3,4.5"], "x,y,w,h"),
        (["--out", ""], "an empty name is not a folder"),
        (["--out", "\0"], "an empty name is not a folder"),
    ],
)
def test_a_mistake_is_one_sentence(words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", "demo", "--out", "x", *words]) == 2
    errors = capsys.readouterr().err
    assert complaint in errors
    assert len(errors.splitlines()) == 1
