"""Steps that follow one another wait once until frames are cheap, and never for long."""

import pytest

from twinview.gui.patience import APART_S, LEFT_S, LONGEST_S, Patience


class Wall:
    """A clock that is set by hand, and a patience that goes by it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.patience = Patience(lambda: self.now)

    def play(self, seconds: float, view: object = "a", worth: bool = True) -> list[bool]:
        """Ask for a step every tenth of a second; return which of them waited."""
        found = []
        for _ in range(round(seconds * 10)):
            self.now += 0.1
            found.append(self.patience.waits(view, worth, 0.02))
        return found


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_steps_that_go_on_wait_until_the_view_is_ready(wall):
    first = wall.play(LEFT_S)
    assert not any(first)
    assert wall.play(1.0)[-1]
    assert wall.patience.done()
    assert not wall.patience.done()
    assert not any(wall.play(LEFT_S, worth=False))


def test_single_steps_and_other_views_are_drawn_at_once(wall):
    for k in range(20):
        wall.now += APART_S + 0.1
        assert not wall.patience.waits("a", True, 0.02)
        assert not any(wall.play(0.5, view=k))
    wall.play(LEFT_S + 0.5)
    assert wall.patience.waiting
    assert not any(wall.play(0.1, view="another"))
    assert not wall.patience.waiting


def test_slow_frames_do_not_pass_for_a_rest(wall):
    found = []
    for _ in range(5):
        wall.now += 1.0
        found.append(wall.patience.waits("a", True, 0.9))
    assert found == [False, True, True, True, True]


def test_nothing_waits_longer_than_the_longest(wall):
    found = wall.play(LEFT_S + LONGEST_S + 1.0)
    assert 0 < sum(found) <= LONGEST_S * 10 + 1
    assert not found[-1]
    again = wall.play(LONGEST_S + LEFT_S)
    assert again[-1]
    assert sum(again) < len(again) / 3
