"""A district without a grid: one node, own roofs first, by hand."""

import numpy as np
import pytest

from tests.town import town, with_weather
from twinview.model.clocked import brought
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import drain
from twinview.session.computing import results_of
from twinview.session.indicators import indicators_of
from twinview.session.modelling import modelled
from twinview.session.models import DemandModel, SolarModel
from twinview.session.plate import plate_of
from twinview.session.project import Project, Settings

HOURS = TimeAxis(1_672_527_600, 3600, 2, "Etc/GMT-1")


def dense(quantity: str, *rows: list[float], layer: str = "houses", axis=HOURS) -> Dense:
    """Return a series from rows of numbers."""
    return Dense(Meaning(layer, quantity, "kW"), axis, np.array(rows, dtype=np.float32))


def three() -> Twin:
    """Return houses that use 10, 5 and an unknown power; the first two make 4 and 9 in hour 1."""
    return town(
        dense("consumption", [10.0, 5.0, np.nan], [10.0, 5.0, np.nan]),
        dense("generation", [4.0, 9.0, np.nan], [0.0, 0.0, np.nan]),
        use=["office"] * 3,
    )


def computed(twin: Twin, tmp_path, **said):
    """Return the results of a twin without a grid."""
    settings = Settings(import_intensity=400.0, **said)
    return drain(results_of(twin, Project(settings=settings), tmp_path / "p.twin"))


def test_own_roofs_first_then_the_neighbours(tmp_path):
    found = computed(three(), tmp_path)
    intensity = found.twin.find("houses", "carbon_intensity")
    assert intensity is not None
    # Hour 1: 2 kW come in at 400, 4 kW from the second house at 0: the node has 133.3 g/kWh. The
    # first house takes 6 of its 10 kW from it, the second needs none.
    assert intensity.at(0)[:2] == pytest.approx([80.0, 0.0], abs=1e-3)
    assert intensity.at(1)[:2] == pytest.approx([400.0, 400.0], rel=1e-6)
    assert np.isnan(intensity.at(0)[2])


def test_without_netting_the_node_is_mixed(tmp_path):
    found = computed(three(), tmp_path, netting=False)
    intensity = found.twin.find("houses", "carbon_intensity")
    assert intensity is not None
    assert intensity.at(0)[:2] == pytest.approx([2 * 400 / 15] * 2, rel=1e-5)


def test_what_roofs_make_is_carbon_free(tmp_path):
    found = indicators_of(computed(three(), tmp_path), Project())
    # 13 of the 15 kWh of hour 1, nothing in hour 2: 13 of 30.
    assert found["self_sufficiency"].value == pytest.approx(13 / 30)
    assert found["carbon_free_hourly"].value == pytest.approx(13 / 30)
    assert found["carbon_free_annual"].value == pytest.approx(13 / 30)


def test_the_balance_closes(tmp_path):
    found = computed(three(), tmp_path).as_dict()
    energy, carbon = found["energy_kwh"], found["carbon_kg"]
    assert energy["import"] == pytest.approx(17.0)
    assert energy["generation"] == pytest.approx(13.0)
    assert energy["load"] == pytest.approx(30.0)
    assert (energy["loss"], energy["export"]) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert energy["residual"] == pytest.approx(0.0, abs=1e-6)
    assert carbon["import"] == pytest.approx(0.8 + 6.0)
    assert carbon["load"] == pytest.approx(6.8)


def test_it_says_that_there_is_no_grid_and_keeps_nothing_of_the_node(tmp_path):
    found = computed(three(), tmp_path)
    problems = {one.code: one for one in found.twin.problems}
    assert problems["grid.none"].severity == "info"
    assert "2 of 3 buildings" in problems["grid.none"].message
    assert {layer for layer, _q, _s in found.twin.series} == {"houses", DISTRICT}
    assert list(found.twin.layers) == ["houses"]
    assert not found.twin.networks


def test_the_carbon_of_imports_may_be_a_series(tmp_path):
    mix = Dense(Meaning(DISTRICT, "import_intensity", "g/kWh"), HOURS,
                np.array([[100.0], [200.0]], dtype=np.float32))  # fmt: skip
    found = computed(three().with_series(mix), tmp_path)
    intensity = found.twin.find("houses", "carbon_intensity")
    assert intensity is not None
    assert intensity.at(1)[:2] == pytest.approx([200.0, 200.0])
    assert found.as_dict()["carbon_kg"]["import"] == pytest.approx(0.2 + 3.0)


def test_modelled_demand_and_roofs_are_computed(tmp_path):
    twin = with_weather(
        town(use=["office", "apartments"], storeys=[3, 2]), global_irradiance=150.0,
        diffuse_irradiance=150.0,
    )  # fmt: skip
    model = DemandModel(climate="GB", tz="Europe/Berlin")
    settings = Settings(demand=model, solar=SolarModel(plants="all"))
    made = modelled(twin, settings, strict=True)
    found = drain(results_of(made, Project(settings=settings), tmp_path / "p.twin", range(48)))
    energy = found.as_dict()["energy_kwh"]
    came = energy["import"] + energy["generation"]
    assert came == pytest.approx(energy["load"] + energy["export"])
    used = made.find("houses", "consumption")
    assert used is not None
    assert energy["load"] == pytest.approx(float(used.window(0, 48).sum()), rel=1e-5)
    assert "grid.modelled_use" in {one.code for one in found.twin.problems}


def test_nothing_consumes():
    with pytest.raises(CommandError, match=r"no electrical grid.*model the demand"):
        plate_of(town(use=["office"]))


def test_steps_of_another_axis():
    def steps(own: TimeAxis, clock: TimeAxis) -> list[float]:
        def read(a: int, b: int) -> np.ndarray:
            return np.arange(a, b, dtype=np.float32)[:, None]

        return brought(own, clock, 0, clock.count, read)[:, 0].tolist()

    quarters = TimeAxis(HOURS.start, 900, 8, "UTC")
    assert steps(HOURS, quarters) == [0] * 4 + [1] * 4
    later = TimeAxis(HOURS.start + 3600, 3600, 2, "UTC")
    np.testing.assert_array_equal(steps(HOURS, later), [1, np.nan])
    assert steps(TimeAxis(0, 0, 1), HOURS) == [0, 0]
