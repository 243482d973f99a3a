"""Flows side by side are the flows one after another, to the last bit; waiting can be given up."""

from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import fields
from threading import Event

import numpy as np
import pytest

from twinview.energy import compute as computing
from twinview.energy.ahead import Crew, GivenUpError, Pace, Threads, ahead, in_slices
from twinview.energy.bench_city import city
from twinview.energy.compute import Assumptions, compute, injections_of, paced
from twinview.energy.district import make_district
from twinview.energy.following import Follower
from twinview.energy.powerflow import Flow, Ready

STEPS = 60
CHOICES = Assumptions(store_intensity=300.0)


@pytest.fixture(scope="module")
def district():
    """Return a town with solar power and batteries."""
    twin = city(60, STEPS)
    return make_district(twin, twin.networks["grid"])


@pytest.fixture
def _short_runs(monkeypatch):
    monkeypatch.setattr(computing, "run_length", lambda _district: 7)


def injections(district, steps):
    follower = Follower(district, CHOICES, STEPS)
    return injections_of(district, follower.stretch(steps))


def same(one, other):
    return all(
        getattr(one, field.name).tobytes() == getattr(other, field.name).tobytes()
        for field in fields(Flow)
    )


@pytest.mark.usefixtures("_short_runs")
def test_threads_find_what_one_finds(district):
    first, second = (list(compute(district, range(STEPS), CHOICES, Threads(n))) for n in (1, 3))
    assert [run.start for run in first] == list(range(0, STEPS, 7))
    for one, other in zip(first, second, strict=True):
        assert one.fields.keys() == other.fields.keys()
        for key, values in one.fields.items():
            assert values.tobytes() == other.fields[key].tobytes(), key
        assert one.carbon.tobytes() == other.carbon.tobytes()


def test_a_run_in_parts_is_the_whole_run(district):
    given = injections(district, range(STEPS))
    whole = Ready(district.grid).solve(given)
    with Threads(2).engage(district.grid, None, 4) as crew:
        assert same(crew.solve(given), whole)
        assert same(
            crew.solve(given.rows(slice(0, 1))), Ready(district.grid).solve(given.rows(slice(0, 1)))
        )


def test_a_run_in_slices_is_the_whole_run(district, monkeypatch):
    given, ready = injections(district, range(STEPS)), Ready(district.grid)
    pace = Pace(60)
    pace.steps = 7
    monkeypatch.setattr(pace, "took", lambda _steps, _seconds: None)
    assert same(in_slices(ready, given, 1, pace, Event()), ready.solve(given))
    nothing = given.rows(slice(0, 0))
    assert same(in_slices(ready, nothing, 1, pace, Event()), ready.solve(nothing))


def test_whoever_solves_stops_at_the_next_slice_when_nobody_waits(district, monkeypatch):
    given, over, pace, asked = injections(district, range(STEPS)), Event(), Pace(60), []
    pace.steps = 7
    monkeypatch.setattr(pace, "took", lambda _steps, _seconds: None)

    class Counting:
        """A grid that is given up while its second slice is solved."""

        def solve(self, some, _threads=1):
            asked.append(len(some.load_p))
            if len(asked) == 2:
                over.set()
            return Ready(district.grid).solve(some)

    with pytest.raises(GivenUpError):
        in_slices(Counting(), given, 1, pace, over)
    assert asked == [7, 7]


def test_slices_follow_the_pace():
    pace = Pace(10_000)
    assert pace.steps == 2
    pace.took(2, 0.05)  # 40 steps in a second, 8 in a fifth of it
    assert pace.steps == 8
    pace.took(8, 1.6)  # slower: one step takes a whole slice
    assert pace.steps == 1
    pace.took(1, 5.0)
    assert pace.steps == 1
    pace.took(1, 1e-9)  # one that took no time does not say that all will
    assert pace.steps == 4


class Slow:
    """Workers that answer when they are told to."""

    def __init__(self, width):
        self.asked, self.width = [], width

    @contextmanager
    def engage(self, _grid, _control, _runs):
        yield Crew(self.submit, self.width)

    def submit(self, given):
        self.asked.append((given, Future()))
        return self.asked[-1][1]


@pytest.fixture
def _no_patience(monkeypatch):
    monkeypatch.setattr("twinview.energy.ahead.BEAT", 0.0)


@pytest.mark.usefixtures("_no_patience", "_short_runs")
def test_whoever_waits_can_give_up_and_nothing_is_left_waiting(district):
    slow = Slow(width=3)
    runs = paced(district, range(STEPS), CHOICES, slow)
    assert next(runs) is None
    assert len(slow.asked) == 4  # one that is waited for and three ahead, of nine
    given, future = slow.asked[0]
    future.set_result(Ready(district.grid).solve(given))
    assert next(runs).stop == 7
    assert next(runs) is None
    assert len(slow.asked) == 5
    runs.close()
    assert all(future.cancelled() for _given, future in slow.asked[1:])


@pytest.mark.usefixtures("_no_patience")
def test_an_error_ends_the_others():
    slow = Slow(width=2)
    flows = ahead(Crew(slow.submit, 2), iter([("a", 1), ("b", 2), ("c", 3)]))
    assert next(flows) is None
    slow.asked[0][1].set_exception(ValueError("no solution"))
    with pytest.raises(ValueError, match="no solution"):
        next(flows)
    assert [future.cancelled() for _given, future in slow.asked] == [False, True, True]


def test_a_grid_is_checked_before_anyone_is_asked(district):
    broken = type(district.grid)({**district.grid.tables})
    broken.tables["source"] = broken.tables["source"][:0]
    with pytest.raises(ValueError, match="source"), Threads().engage(broken, None, 1):
        pass


def test_one_step_alone_is_the_step_in_its_run(district):
    given = injections(district, range(STEPS))
    ready = Ready(district.grid)
    whole, alone = ready.solve(given), ready.solve(given.rows(slice(9, 10)))
    np.testing.assert_array_equal(whole.p_from[9], alone.p_from[0])
