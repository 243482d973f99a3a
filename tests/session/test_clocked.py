"""Series of other steps than the clock's are computed at their times, not at their places."""

import json

import numpy as np
import pytest

from tests.village import write_village
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Twin
from twinview.session.clocked import clocked
from twinview.session.store import Session

HOUR = 3600
CLOCK = TimeAxis(10 * HOUR, HOUR, 6, "UTC")
MEANING = Meaning("houses", "power", "kW")


def test_profiles_stay_profiles_and_other_series_what_they_are():
    axis = TimeAxis(9 * HOUR, HOUR, 4, "UTC")
    profiles = np.array([[1, 10], [2, 20], [3, 30], [4, 40]], np.float32)
    ones, rows = np.ones(2, np.float32), np.arange(2, dtype=np.int32)
    shifted = Profiled(MEANING, axis, profiles, rows, ones, rows, 2)
    still = Dense(Meaning("houses", "height", "m"), TimeAxis(0, 0, 1, "UTC"), np.ones((1, 2)))
    made = Dense(
        Meaning("houses", "loss", "kW", origin="computed"), axis, np.ones((4, 2), np.float32)
    )
    twin = Twin("T", "", (0, 0, 0), time=CLOCK).with_series(shifted, still, made)
    found, said = clocked(twin)
    kept = found.find("houses", "power")
    assert isinstance(kept, Profiled)
    nothing = [np.nan, np.nan]
    np.testing.assert_array_equal(
        kept.window(0, 6), [[2, 20], [3, 30], [4, 40], nothing, nothing, nothing]
    )
    assert found.find("houses", "height") is still
    assert found.find("houses", "loss") is made
    assert not said
    assert clocked(found)[0] is found


def test_means_of_finer_steps_are_told():
    source = Dense(MEANING, TimeAxis(10 * HOUR, HOUR // 4, 24, "UTC"), np.ones((24, 1), np.float32))
    _found, (said,) = clocked(Twin("T", "", (0, 0, 0), time=CLOCK).with_series(source))
    assert (said.code, said.severity, said.layer) == ("series.finer", "info", "houses")
    assert "steps of 900 s, the clock steps of 3600 s" in said.message


@pytest.mark.parametrize("ahead", [1, 3])
def test_meters_that_begin_before_the_clock_are_computed_at_their_times(tmp_path, ahead):
    """The hourly meter reads k kW in hour k; the clock is that of the village's own series."""
    files = write_village(tmp_path, hours=24, store=False)
    grid = json.loads(files[1].read_text(encoding="utf-8"))
    for one in grid["data"]["sym_load"]:
        del one["profile"], one["scale_w"]
    files[1].write_text(json.dumps(grid), encoding="utf-8")
    first = files[-1].read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    begin = np.datetime64(first.removesuffix("Z")) - np.timedelta64(ahead, "h")
    rows = [f"{begin + np.timedelta64(k, 'h')}Z,{k + 1},2" for k in range(24)]
    meters = tmp_path / "meters.csv"
    meters.write_text("\n".join(["time,load 0,load 1", *rows]), encoding="utf-8")
    session = Session()
    session.run("file.new", *files, meters)
    session.do("data.rejoin 3 'quantity=power;layer=sym_load'")
    session.run("compute.run")
    twin = session.state.twin.exact
    power, load = twin.find("sym_load", "power"), twin.find("district", "load")
    assert twin.time.start - power.time.start == ahead * HOUR
    computed = [float(load.at(i)[0]) for i in range(20)]
    np.testing.assert_allclose(computed, [k + 1 + ahead + 2 for k in range(20)])
