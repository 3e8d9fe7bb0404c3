"""Jumps of a film player: relative seeks, which add up."""

from app.player.player import State


def index(shown) -> int:
    return shown.result.frame.index


def test_jumps_that_follow_quickly_add_up(cinema, take, until) -> None:
    player = cinema.open(3000)
    player.pause()
    take(player)
    for _ in range(5):
        player.jump(10)
    take(player, lambda shown: index(shown) == 1500)
    until(lambda: player._aim_s is None)
    for seconds in (-10, -10, 1, 1):
        player.jump(seconds)
    take(player, lambda shown: index(shown) == 960)
    until(lambda: player._aim_s is None)
    for seconds in (-99, 2):
        player.jump(seconds)
    take(player, lambda shown: index(shown) == 60)
    assert player.state is State.PAUSED
