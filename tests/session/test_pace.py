"""How long a job still takes."""

import pytest

from twinview.session.pace import Pace, left_in_words


def test_nothing_is_said_at_first_nor_where_nothing_goes_on():
    pace = Pace(100.0)
    assert pace.left(100.0) is None
    pace.note(0.1, 101.0)
    assert pace.left(101.0) is None
    still = Pace(0.0)
    still.note(0.0, 10.0)
    assert still.left(10.0) is None


def test_an_even_job_ends_when_it_says():
    pace = Pace(0.0)
    for second in range(1, 31):
        pace.note(second / 100, float(second))
        if second >= 2:
            assert pace.left(second) == pytest.approx(100 - second)


def test_a_slow_beginning_is_forgotten():
    """Half is done after 100 s; then it takes 1 s for each hundredth."""
    pace = Pace(0.0)
    pace.note(0.5, 100.0)
    for second in range(1, 31):
        pace.note(0.5 + second / 100, 100.0 + second)
    assert pace.left(130.0) == pytest.approx(20)


def test_what_stands_still_takes_longer_and_longer():
    pace = Pace(0.0)
    pace.note(0.5, 10.0)
    assert pace.left(10.0) == pytest.approx(10)
    assert pace.left(20.0) == pytest.approx(20)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "1 s left"),
        (7.4, "7 s left"),
        (43.0, "45 s left"),
        (42.5, "45 s left"),
        (57.0, "55 s left"),
        (59.0, "1 min left"),
        (89.0, "1 min left"),
        (150.0, "3 min left"),
        (210.0, "4 min left"),
        (269.0, "4 min left"),
        (3569.0, "59 min left"),
        (3571.0, "1.0 h left"),
        (5400.0, "1.5 h left"),
    ],
)
def test_words_are_rough(seconds, words):
    assert left_in_words(seconds) == words
