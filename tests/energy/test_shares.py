"""Where power comes from; every figure is worked out by hand."""

import numpy as np
import pytest

from tests.energy.test_compute import layer, village
from twinview.energy.compute import Assumptions, follow_step
from twinview.energy.district import make_district
from twinview.energy.shares import Drawn, Origin, added, drawn_by, kinds_of, origins_of
from twinview.energy.steering import Storing
from twinview.model.twin import Twin


def asked(twin, name, row, *, stored=None, carbon=None, **choices):
    """Return the origins of an element's power in the first hour."""
    district = make_district(twin, twin.networks["grid"])
    many = len(district.stores)
    storing = stored or Storing(np.zeros((1, many)), np.zeros((2, many)))
    inside = np.zeros(many) if carbon is None else np.array(carbon)
    followed = follow_step(district, 0, storing, Assumptions(**choices), inside)
    drawn = drawn_by(district, followed, name, row)
    kinds = kinds_of(district, followed.traced.case.gen_bus.size)
    return origins_of(followed, drawn, kinds), drawn


def told(origins):
    return {one.kind: (one.power, one.carbon) for one in origins}


def test_own_sun_first():
    # Public case P12: netted, A emits 0 and B 3,000 kg/h.
    own, _drawn = asked(village(), "buildings", 0)
    assert told(own)["generation"] == (pytest.approx(5000, rel=1e-6), 0)
    assert "import" not in told(own)
    other, _drawn = asked(village(), "buildings", 1)
    power, carbon = told(other)["import"]
    assert (power, carbon) == (pytest.approx(5000, rel=1e-3), pytest.approx(3000, rel=1e-3))


def test_what_several_draw_together_is_asked_once():
    # P12 again, A and B with 5,000 kW each: A takes the sun's 5,000, B 5,000 of the import.
    _own, first = asked(village(), "buildings", 0)
    _own, second = asked(village(), "buildings", 1)
    district = make_district(village(), village().networks["grid"])
    followed = follow_step(district, 0, Storing(np.zeros((1, 0)), np.zeros((2, 0))), Assumptions(),
                           np.zeros(0))  # fmt: skip
    both = Drawn(np.concatenate([first.bus, second.bus]),
                 np.concatenate([first.power, second.power]))  # fmt: skip
    solved = []
    traced = followed.traced
    kinds = kinds_of(district, traced.case.gen_bus.size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(traced), "shares", counted(type(traced).shares, solved))
        found = told(origins_of(followed, both, kinds))
    assert found["generation"] == (pytest.approx(5000, rel=1e-6), 0)
    assert found["import"] == (pytest.approx(5000, rel=1e-3), pytest.approx(3000, rel=1e-3))
    assert len(solved) == 1


def counted(function, calls):
    """Return a function that notes each call."""

    def noted(*given):
        calls.append(given)
        return function(*given)

    return noted


def test_neighbours_share_where_nothing_is_netted():
    # Public case P12: mixed, both take half from the sun and emit 1,500 kg/h.
    for row in (0, 1):
        found = told(asked(village(), "buildings", row, netting=False)[0])
        assert found["generation"][0] == pytest.approx(2500, rel=1e-3)
        assert found["import"] == (pytest.approx(2500, rel=1e-3), pytest.approx(1500, rel=1e-3))


def test_a_store_is_a_source_with_what_it_holds():
    # It gives 1,000 of A's 4,000 kW; 2,000 kWh with 600,000 g are inside: 300 g/kWh.
    twin = village(battery_kwh=4000, load=[[4000.0, 10.0]] * 4, sun=[[0.0]] * 4)
    stored = Storing(np.array([[-1000.0]]), np.array([[2000.0], [1000.0]]))
    found = told(asked(twin, "buildings", 0, stored=stored, carbon=[600_000.0])[0])
    assert found["storage"] == (pytest.approx(1000, rel=1e-6), pytest.approx(300, rel=1e-6))
    assert found["import"] == (pytest.approx(3000, rel=1e-3), pytest.approx(1800, rel=1e-3))


def test_generators_are_told_by_their_kind():
    twin = village()
    suns = [{"id": "sun", "node": "street", "building": "A", "kind": "pv roof"}]
    twin = Twin("v", "", (0, 0, 0), {**twin.layers, "sym_gen": layer("sym_gen", "generator", suns)},
                twin.networks, twin.series, twin.time)  # fmt: skip
    assert set(told(asked(twin, "buildings", 0)[0])) == {"pv roof"}


def test_an_idle_house_shows_what_it_would_get():
    twin = village(load=[[5000.0, 0.0]] * 4, sun=[[0.0]] * 4)
    origins, drawn = asked(twin, "buildings", 1)
    assert drawn.power.sum() == 0
    assert told(origins) == {"import": (pytest.approx(1), pytest.approx(0.6))}


def test_a_house_without_connection_has_no_bus():
    assert not asked(village(), "buildings", 2)[1].bus.size


def test_loads_nodes_and_stores_are_asked_too():
    assert told(asked(village(), "sym_load", 1)[0])["import"][0] == pytest.approx(5000, rel=1e-3)
    assert sum(one.power for one in asked(village(), "node", 1)[0]) == pytest.approx(1, rel=1e-6)
    twin = village(battery_kwh=4000, sun=[[0.0]] * 4)
    stored = Storing(np.array([[500.0]]), np.array([[0.0], [500.0]]))
    charging = told(asked(twin, "storage", 0, stored=stored)[0])
    assert charging["import"] == (pytest.approx(500, rel=1e-3), pytest.approx(300, rel=1e-3))
    with pytest.raises(ValueError, match="line"):
        asked(village(), "line", 0)


def test_steps_are_added_up():
    # 2 kW and then 3 kW from the grid, 1 kW of sun, for half an hour each.
    steps = [(Origin("import", 2.0, 1.0), Origin("pv", 1.0, 0.0)), (Origin("import", 3.0, 2.0),)]
    assert added(steps, 0.5) == (Origin("import", 2.5, 1.5), Origin("pv", 0.5, 0.0))
