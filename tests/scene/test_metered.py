"""Curves that nobody says anything of: those of meters, and standard profiles that many share."""

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin
from twinview.scene.metered import Found, metered, remembering

AXIS = TimeAxis(1_704_063_600, 3600, 24 * 30, "Europe/Berlin")
HOUSES = 10
SHAPES = (0.2 + np.random.default_rng(5).random((AXIS.count, HOUSES)) ** 4).astype(np.float32)
"""Of each house its own, in kW."""
GUESSED = Found("houses", True, "consumption")
YEARS = np.linspace(0.5, 3.0, HOUSES).astype(np.float32)


def dense(values, quantity: str = "consumption", **said) -> Dense:
    """Return the series of houses."""
    return Dense(Meaning("houses", quantity, "kW", **said), AXIS, np.asarray(values, np.float32))


def twin_of(series, **columns: list) -> Twin:
    """Return ten houses with a series."""
    table = pa.table({"id": [f"h{k}" for k in range(HOUSES)], **columns})
    layer = Layer("houses", "Houses", "building", table)
    return Twin("T", "", (0, 0, 0), {"houses": layer}, time=AXIS).with_series(series)


def profiled(profiles: int) -> Profiled:
    """Return curves of so many profiles, which houses take in turn, each times its own size."""
    index = (np.arange(HOUSES) % profiles).astype(np.int32)
    rows = np.arange(HOUSES, dtype=np.int32)
    meaning = Meaning("houses", "consumption", "kW")
    return Profiled(meaning, AXIS, SHAPES[:, :profiles], index, YEARS, rows, HOUSES)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, GUESSED),
        ({"origin": "measured"}, Found("houses", False, "consumption")),
        ({"told": True}, None),
        ({"origin": "modelled"}, None),
        ({"origin": "generated"}, None),
        ({"origin": "computed"}, None),
    ],
)
def test_own_shapes_are_those_of_meters_until_somebody_says_otherwise(said, found):
    assert metered(twin_of(dense(SHAPES, **said))) == found


def test_a_standard_profile_times_the_energy_of_a_year_is_no_meter_however_it_is_rounded():
    for digits in (7, 2):
        assert metered(twin_of(dense(np.round(SHAPES[:, :1] * YEARS, digits)))) is None
    assert metered(twin_of(profiled(1))) is None
    assert metered(twin_of(profiled(4))) is None
    assert metered(twin_of(profiled(10))) == GUESSED


def test_two_standard_profiles_in_each_house_are_no_meter_either():
    """Household and heat pump: ten shapes of sums, made of two."""
    twice = np.tile(np.arange(HOUSES, dtype=np.int32), 2)
    index = np.repeat(np.array([0, 1], dtype=np.int32), HOUSES)
    scale = np.concatenate([YEARS, YEARS[::-1]])
    meaning = Meaning("houses", "consumption", "kW")
    made = Profiled(meaning, AXIS, SHAPES[:, :2], index, scale, twice, HOUSES)
    assert metered(twin_of(made)) is None


def test_meters_of_some_houses_are_enough_and_gaps_do_not_hide_them():
    some = SHAPES.copy()
    some[:, 4:] = np.nan
    some[100:200, 0] = np.nan
    assert metered(twin_of(dense(some))) == GUESSED


def test_works_and_towns_are_no_dwellings():
    assert metered(twin_of(dense(SHAPES * 1000))) is None
    assert metered(twin_of(dense(SHAPES), use=["office"] * HOUSES)) is None
    assert metered(twin_of(dense(SHAPES, "pv_potential"))) is None


@pytest.mark.parametrize(("volts", "kept"), [(400.0, True), (20_000.0, False)])
def test_loads_of_a_public_grid_are_dwellings_at_low_voltage_only(volts, kept):
    nodes = Layer("node", "N", "node", pa.table({"id": ["n"], "u_rated": [volts]}))
    table = pa.table({"id": [f"d{k}" for k in range(HOUSES)], "node": ["n"] * HOUSES})
    loads = Layer("houses", "Loads", "load", table)
    net = Network("g", "G", "electricity", {"node": "node", "sym_load": "houses"})
    twin = Twin("T", "", (0, 0, 0), {"node": nodes, "houses": loads}, {"g": net}, time=AXIS)
    assert (metered(twin.with_series(dense(SHAPES, "power"))) is not None) == kept


def test_what_was_taken_for_metered_stays_so_until_somebody_says_otherwise():
    """The same houses, whose curves have become alike, or are said to be something."""
    alike = SHAPES[:, :1] * YEARS
    before = remembering(twin_of(dense(SHAPES)))
    assert metered(before.with_series(dense(alike))) == GUESSED
    assert metered(before.with_series(dense(alike, origin="modelled"))) is None
    assert metered(before.with_series(dense(alike, told=True))) is None
    assert metered(remembering(twin_of(dense(alike))).with_series(dense(alike))) is None
