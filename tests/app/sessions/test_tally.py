"""The label strip and the number of people in a session list."""

from hypothesis import given
from hypothesis import strategies as st

from app.sessions.tally import EMPTY, MOST_PARTS, SessionTally


def test_people_and_what_was_seen_most() -> None:
    tally = SessionTally()
    for i in range(40):
        tally.add(i / 10, [(0, "fear" if i < 20 else "anger"), *([(1, "anger")] if i < 2 else [])])
    for i in range(40, 50):
        tally.add(i / 10, [])
    assert tally.people == 1  # the other one was seen twice
    strip = tally.strip()
    assert (strip[0], strip[-1]) == ("fear", EMPTY)
    assert set(strip) == {"fear", "anger", EMPTY}
    assert len(strip) == 20


def test_nothing_at_all() -> None:
    assert (SessionTally().people, SessionTally().strip()) == (0, ())


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=200))
def test_any_times_give_a_short_strip(times: list[float]) -> None:
    tally = SessionTally()
    for time_s in times:
        tally.add(time_s, [(0, "fear")])
    strip = tally.strip()
    assert 1 <= len(strip) <= MOST_PARTS
    assert "fear" in strip


def test_a_long_time_fills_half_of_the_parts_at_least() -> None:
    tally = SessionTally()
    for second in range(3600):
        tally.add(float(second), [(0, "fear")])
    assert len(tally.strip()) > MOST_PARTS / 2
    assert set(tally.strip()) == {"fear"}


def test_readings_that_are_far_between_leave_no_holes() -> None:
    tally = SessionTally()
    for time_s in (0.0, 0.6, 1.2, 6.0):
        tally.add(time_s, [(0, "fear")])
    strip = tally.strip()
    assert set(strip[:5]) == {"fear"}
    assert EMPTY in strip[10:-1], "nothing is known of the seconds in between"
