"""Standard load profiles against demandlib, and their sums."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from tests.energy.support import case
from twinview.energy.profiles import BY_USE, DYNAMIC, FLAT, assign, profiles, year_axis
from twinview.model.time import TimeAxis

WANTED = case("standard_profiles")
HOLIDAYS = [date.fromisoformat(day) for day in WANTED["holidays"]]
NAMES = [*next(iter(WANTED["expected"].values()))]


def test_values_are_those_of_demandlib() -> None:
    for stamp, expected in WANTED["expected"].items():
        start = int(pd.Timestamp(datetime.fromisoformat(stamp), tz="Europe/Berlin").timestamp())
        axis = TimeAxis(start, 900, 1, "Europe/Berlin")
        found = dict(zip(NAMES, profiles(axis, NAMES, HOLIDAYS)[0] / 4, strict=True))
        for name, value in expected.items():
            # Ours is normalised after smoothing, by whole days as the standard says; theirs is not.
            close = WANTED["tolerance"]["h0_dyn" if name == DYNAMIC else "relative"]
            assert found[name] == pytest.approx(value, rel=close), (stamp, name)


@pytest.mark.parametrize("step", [900, 3600])
def test_a_year_is_one_kilowatt_hour(step) -> None:
    axis = year_axis(2023, "Asia/Shanghai", step)
    assert axis.count == 8760 * 3600 // step
    energy = profiles(axis, [*NAMES, FLAT]).sum(axis=0) * step / 3600
    np.testing.assert_allclose(energy, 1.0, rtol=1e-9)


def test_summer_time_moves_the_wall_clock() -> None:
    axis = year_axis(2023, "Europe/Berlin", 3600)
    found = profiles(axis, ["h0"])[:, 0]
    assert axis.count == 8760
    # Noon on two Mondays of the transition season, before and after the change of 26 March.
    noons = [
        axis.index_of(pd.Timestamp(f"2023-03-{day} 12:00", tz="Europe/Berlin").to_pydatetime())
        for day in ("21", "28")
    ]
    assert found[noons[0]] == found[noons[1]]
    assert noons[1] - noons[0] == 7 * 24 - 1
    assert found.sum() == pytest.approx(1.0, rel=2e-4)


def test_an_hour_is_the_mean_of_its_quarters_and_a_minute_their_copy() -> None:
    start = year_axis(2023, "Europe/Berlin").start
    hour, quarters, minutes = (
        profiles(TimeAxis(start, step, 3600 // step, "Europe/Berlin"), ["g1"])[:, 0]
        for step in (3600, 900, 60)
    )
    assert hour[0] == pytest.approx(quarters.mean())
    assert minutes[14:16].tolist() == quarters[:2].tolist()


def test_uses_get_their_profile() -> None:
    found = assign(["office", "igloo", "house", "residential"])
    assert [found.names[i] for i in found.index] == ["g1", "g0", DYNAMIC, DYNAMIC]
    assert found.assumed.tolist() == [False, True, False, False]
    assert set(BY_USE.values()) <= {*NAMES, FLAT}


def test_mistakes_are_told_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="no profile 'x'; known are h0"):
        profiles(TimeAxis(0, 900, 1), ["x"])
    with pytest.raises(ValueError, match="whole quarter hours"):
        profiles(TimeAxis(0, 1000, 2), ["h0"])
