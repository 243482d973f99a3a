"""Networks: pandapower's and power-grid-model's JSON become the same tables in SI units."""

import json
import math

import numpy as np
import pytest

from twinview.model.problem import CommandError, NeedsAnswer

BUS = {
    "columns": ["name", "vn_kv", "in_service", "geo"],
    "index": [0, 1, 2, 3, 7],
    "data": [
        ["high", 20.0, True, '{"type":"Point","coordinates":[7.0,48.0]}'],
        ["low", 0.4, True, '{"type":"Point","coordinates":[7.001,48.0]}'],
        ["end", 0.4, True, '{"type":"Point","coordinates":[7.002,48.0]}'],
        ["end", 0.4, True, None],
        ["twin", 0.4, True, '{"type":"Point","coordinates":[7.002,48.0]}'],
    ],
}
LINE = {
    "columns": ["name", "from_bus", "to_bus", "length_km", "r_ohm_per_km", "x_ohm_per_km",
                "c_nf_per_km", "g_us_per_km", "max_i_ka", "df", "parallel", "in_service", "geo"],
    "index": [0, 1],
    "data": [
        ["l0", 1, 2, 0.5, 0.2, 0.1, 200.0, 1.0, 0.3, 0.9, 2, True,
         '{"type":"LineString","coordinates":[[7.001,48.0],[7.0015,48.001],[7.002,48.0]]}'],
        ["l1", 2, 3, 0.1, 0.2, 0.1, 0.0, 0.0, 0.3, 1.0, 1, True, None],
    ],
}  # fmt: skip
TRAFO = {
    "columns": ["name", "hv_bus", "lv_bus", "sn_mva", "vn_hv_kv", "vn_lv_kv", "vk_percent",
                "vkr_percent", "pfe_kw", "i0_percent", "shift_degree", "tap_side", "tap_neutral",
                "tap_min", "tap_max", "tap_step_percent", "tap_pos", "parallel", "in_service",
                "tap_changer_type"],
    "index": [0],
    "data": [["t", 0, 1, 0.4, 20.0, 0.4, 6.0, 1.5, 1.2, 0.3, 150.0, "hv", 0, -2, 2, 2.5, -1, 2,
              True, None]],
}  # fmt: skip
LOAD = {
    "columns": ["name", "bus", "p_mw", "q_mvar", "scaling", "in_service", "type"],
    "index": [0, 5],
    "data": [["a", 2, 0.01, 0.002, 0.5, True, "HH"], ["a", 99, 0.01, None, 1.0, True, None]],
}
SWITCH = {
    "columns": ["bus", "element", "et", "closed"],
    "index": [0, 1, 2],
    "data": [[2, 7, "b", True], [3, 1, "l", False], [1, 0, "t", True]],
}
GEN = {"columns": ["name", "bus", "p_mw", "vm_pu"], "index": [0], "data": [["g", 1, 0.02, 1.01]]}
GRID = {"columns": ["name", "bus", "vm_pu"], "index": [0], "data": [[None, 0, 1.02]]}
STORE = {
    "columns": ["name", "bus", "p_mw", "max_e_mwh", "sn_mva", "efficiency_percent", "soc_percent",
                "self-discharge_percent_per_day"],
    "index": [0], "data": [["s", 7, 0.0, 0.01, 0.005, 0.81, 40.0, 2.4]],
}  # fmt: skip


def net(**tables) -> dict:
    """Return a network as pandapower writes it."""
    frames = {
        name: {"_module": "pandas.core.frame", "_class": "DataFrame", "orient": "split",
               "_object": json.dumps(table)}
        for name, table in tables.items()
    }  # fmt: skip
    return {"_module": "pandapower.auxiliary", "_class": "pandapowerNet",
            "_object": {**frames, "f_hz": 50.0, "name": "N"}}  # fmt: skip


@pytest.fixture
def save(tmp_path):
    def write(content, name: str = "net.json"):
        path = tmp_path / name
        path.write_text(json.dumps(content), "utf-8")
        return path

    return write


def rows(part, name: str) -> dict[str, dict]:
    (layer,) = [one for one in part.layers if one.id == name]
    return {row["id"]: row for row in layer.attributes.to_pylist()}


def test_pandapower_in_si_units(save, parse):
    part = parse(save(net(bus=BUS, line=LINE, trafo=TRAFO, load=LOAD, switch=SWITCH, gen=GEN,
                          ext_grid=GRID, storage=STORE)))  # fmt: skip
    assert part.crs == "EPSG:4326"
    assert list(rows(part, "node")) == ["high", "low", "end", "end-3"]
    line = rows(part, "line")["l0"]
    assert (line["from_node"], line["to_node"]) == ("low", "end")
    assert line["r1"] == pytest.approx(0.05)
    assert line["x1"] == pytest.approx(0.025)
    assert line["c1"] == pytest.approx(2e-7)
    assert line["tan1"] == pytest.approx(1e-6 / (2 * math.pi * 50 * 2e-7))
    assert line["i_n"] == pytest.approx(540)
    assert (line["from_status"], line["to_status"]) == (1, 1)
    assert rows(part, "line")["l1"]["to_status"] == 0
    trafo = rows(part, "transformer")["t"]
    assert (trafo["u1"], trafo["u2"], trafo["sn"]) == (20000, 400, 800000)
    assert trafo["pk"] == pytest.approx(12000)
    assert (trafo["clock"], trafo["winding_from"], trafo["winding_to"]) == (5, 2, 1)
    assert (trafo["tap_pos"], trafo["tap_size"], trafo["tap_side"]) == (-1, 500, 0)
    load = rows(part, "sym_load")["a"]
    assert (load["node"], load["p_specified"], load["q_specified"]) == ("end", 5000, 1000)
    assert rows(part, "sym_gen")["g"]["p_specified"] == 20000
    assert rows(part, "source")["ext_grid 0"]["sk"] == 1e20
    store = rows(part, "storage")["s"]
    assert (store["node"], store["energy_wh"], store["power_w"]) == ("end", 10000, 5000)
    assert store["eta_charge"] == pytest.approx(0.9)
    assert store["standing_loss_per_hour"] == pytest.approx(0.001)


def test_what_was_assumed_is_said(save, parse):
    part = parse(save(net(bus=BUS, trafo=TRAFO, load=LOAD, switch=SWITCH, gen=GEN)))
    found = {problem.code: problem for problem in part.problems}
    assert {"network.fused", "network.tap", "network.voltage_control"} <= found.keys()
    assert found["network.dangling"].element_ids == ("a-5",)
    assert "99" in found["network.dangling"].message
    assert part.rows["sym_load"] == (2, 1)
    assert part.networks[0].tables["sym_gen"] == "sym_gen"


def test_routes_and_places_of_pandapower(save, parse):
    part = parse(save(net(bus=BUS, line=LINE, ext_grid=GRID)))
    layers = {layer.id: layer for layer in part.layers}
    assert np.diff(layers["line"].geometry.points_of).tolist() == [3, 0]
    assert np.diff(layers["node"].geometry.points_of).tolist() == [1, 1, 1, 0, 1]
    assert layers["source"].geometry.coords[0, :2].tolist() == [7.0, 48.0]


def test_former_tables_of_places_are_read(save, parse):
    bare = {**BUS, "columns": BUS["columns"][:3], "data": [row[:3] for row in BUS["data"]]}
    places = {
        "columns": ["x", "y"],
        "index": [0, 1],
        "data": [[450000.0, 5.4e6], [450100.0, 5.4e6]],
    }
    path = save(net(bus=bare, line=LINE, bus_geodata=places))
    with pytest.raises(NeedsAnswer, match="--crs"):
        parse(path)
    part = parse(path, crs="EPSG:25832")
    assert part.layers[0].geometry.bounds[:2] == (450000, 450100)


def test_a_system_given_for_others_does_not_move_degrees(save, parse):
    part = parse(save(net(bus=BUS, line=LINE, ext_grid=GRID)), crs="EPSG:31467")
    assert part.crs == "EPSG:4326"
    assert "crs.not_given" in {one.code for one in part.problems}


def test_a_drawing_is_no_map(save, parse):
    drawn = {**BUS, "data": [[*row[:3], None] for row in BUS["data"]]}
    places = {"columns": ["x", "y"], "index": [0, 1], "data": [[0.0, 0.0], [10.0, 5.0]]}
    part = parse(save(net(bus=drawn, line=LINE, bus_geodata=places)))
    assert part.layers[0].geometry is None
    assert "network.schematic" in {problem.code for problem in part.problems}


def test_components_that_are_not_used_are_counted(save, parse):
    wire = {"columns": ["from_bus", "to_bus"], "index": [0, 1], "data": [[0, 1], [1, 2]]}
    rules = {"columns": ["object"], "index": [0], "data": [["x"]]}
    part = parse(save(net(bus=BUS, dcline=wire, controller=rules)))
    (problem,) = [one for one in part.problems if one.code == "network.component"]
    assert (problem.severity, problem.element_ids) == ("error", ("dcline 0", "dcline 1"))
    assert "2 of dcline" in problem.message
    (ignored,) = [one for one in part.problems if one.code == "network.ignored"]
    assert "controller (1)" in ignored.message


def test_lines_without_impedance_become_links(save, parse):
    bare = {**LINE, "data": [[*row[:4], 0.0, 0.0, *row[6:]] for row in LINE["data"]]}
    part = parse(save(net(bus=BUS, line=bare)))
    assert set(rows(part, "link")) == {"l0", "l1"}
    assert "line" not in part.networks[0].tables


@pytest.mark.parametrize(
    "entry",
    [
        {"_module": "os", "_class": "function", "_object": "system"},
        {"_module": "pandapower", "_class": "function", "_object": "x"},
        {"_module": "subprocess", "_class": "Popen", "_object": "{}"},
    ],
)
def test_nothing_that_a_file_names_is_built(save, parse, entry):
    content = net(bus=BUS)
    content["_object"]["x"] = entry
    with pytest.raises(CommandError, match="would be run"):
        parse(save(content))


@pytest.mark.parametrize(
    "table", [{"columns": ["a"], "index": [0], "data": [[1, 2]]}, {"columns": 5}, []]
)
def test_damaged_tables_are_named(save, parse, table):
    content = net(bus=table)
    if isinstance(table, list):
        assert parse(save(content)).rows == {}
        return
    with pytest.raises(CommandError, match="bus"):
        parse(save(content))


PGM = {
    "version": "1.0", "type": "input", "is_batch": False,
    "attributes": {"sym_gen": ["id", "node", "p_specified"]},
    "data": {
        "node": [{"id": 1, "u_rated": 400.0, "name": "N1", "x": 1.0, "y": 2.0, "origin": "real"},
                 {"id": 2, "u_rated": 400.0, "x": 3.0, "y": 4.0}],
        "line": [{"id": 3, "from_node": 1, "to_node": 2, "r1": 1, "x1": 0.1, "cable": "NAYY",
                  "route": [[1, 2], [2, 2], [3, 4]]}],
        "sym_load": [{"id": 4, "node": 2, "p_specified": 0.0, "building": "b1", "scale_w": 500}],
        "sym_gen": [[5, 1, 7.5]],
        "sym_power_sensor": [{"id": 9}],
    },
    "twinview": {"crs": "EPSG:25832", "title": "T", "about": "A",
                 "storage": [{"id": 1, "name": "S", "node": 2, "energy_wh": 5}]},
}  # fmt: skip


def test_power_grid_model_with_extras(save, parse):
    part = parse(save(PGM))
    assert (part.crs, part.about) == ("EPSG:25832", "T A")
    assert list(rows(part, "node")) == ["N1", "2"]
    line = rows(part, "line")["3"]
    assert (line["from_node"], line["to_node"], line["r1"]) == ("N1", "2", 1)
    layers = {layer.id: layer for layer in part.layers}
    assert layers["line"].geometry.coords[:, 0].tolist() == [1, 2, 3]
    assert layers["sym_load"].geometry.coords[0].tolist() == [3, 4, 0]
    assert rows(part, "sym_load")["4"]["building"] == "b1"
    assert rows(part, "sym_gen")["5"]["p_specified"] == 7.5
    assert rows(part, "storage")["S"]["node"] == "2"
    assert [problem.severity for problem in part.problems] == ["info"]


def test_power_grid_model_without_places_or_system(save, parse):
    content = json.loads(json.dumps(PGM))
    del content["twinview"]
    with pytest.raises(NeedsAnswer, match="--crs"):
        parse(save(content))
    for row in (*content["data"]["node"], *content["data"]["line"]):
        for key in ("x", "y", "route"):
            row.pop(key, None)
    part = parse(save(content))
    assert part.crs == ""
    assert all(layer.geometry is None for layer in part.layers)


def test_results_are_no_input(save, parse):
    with pytest.raises(CommandError, match="sym_output"):
        parse(save({**PGM, "type": "sym_output"}))


def test_a_line_that_ends_where_it_begins_is_left_out_and_named(save, parse):
    circle = {**LINE, "data": [[LINE["data"][0][0], 2, 2, *LINE["data"][0][3:]], LINE["data"][1]]}
    part = parse(save(net(bus=BUS, line=circle, ext_grid=GRID)))
    assert set(rows(part, "line")) == {"l1"}
    (problem,) = [one for one in part.problems if one.code == "network.circle"]
    assert problem.element_ids == ("l0",)


def test_numbers_that_come_twice_and_lines_without_impedance_are_said(save, parse):
    content = json.loads(json.dumps(PGM))
    content["data"]["node"].append({"id": 2, "u_rated": 400.0, "x": 5.0, "y": 6.0})
    content["data"]["line"][0] |= {"r1": 0, "x1": 0.0}
    part = parse(save(content))
    found = {problem.code: problem for problem in part.problems}
    assert found["network.duplicate_id"].element_ids == ("2",)
    assert found["network.zero_impedance"].element_ids == ("3",)
    assert set(rows(part, "link")) == {"3"}
    assert list(rows(part, "node")) == ["N1", "2", "2-2"]
