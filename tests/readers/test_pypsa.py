"""PyPSA networks: both encodings are one network, and its power flow is PyPSA's."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.readers.grids import codes, column, compute, layer
from twinview.model.join import apply, guess
from twinview.readers.registry import ReadError

CASE = Path(__file__).parents[1] / "cases" / "pypsa"
SHARED = Path(__file__).parents[3] / "shared"
SCIGRID = SHARED / "data" / "grid-pypsa-scigrid-de"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")


@pytest.fixture(params=["small", "small.nc"])
def small(request, read):
    """Return the small network from either encoding."""
    if request.param.endswith(".nc"):
        pytest.importorskip("h5py")
    return read(CASE / request.param)


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the network that may be spoilt."""
    target = tmp_path / "net"
    shutil.copytree(CASE / "small", target)
    return target


def moving(part) -> list[np.ndarray]:
    """Return the powers over time as the joins give them, and reactive power by its factor."""
    found = []
    for name, component in (("loads", "sym_load"), ("generators", "sym_gen")):
        devices = layer(part, component)
        table = next(one for one in part.tables if one.id == name)
        (join,) = guess(table, part.layers)
        assert join.layer == component
        power, problems = apply(join, table, devices)
        assert not problems
        values = power.window(0, table.time.count).astype(np.float64)
        p, q = devices.numbers("p_specified"), devices.numbers("q_specified", 0.0)
        found += [values, values * q / p]
    return found


def test_the_power_flow_is_pypsas(small):
    wanted = json.loads((CASE / "reference.json").read_text("utf-8"))
    flow = compute(small, *moving(small))
    rows = [layer(small, "node").row_of[name] for name in wanted["buses"]]
    np.testing.assert_allclose(flow.voltage[:, rows], wanted["vm_pu"], atol=1e-6)
    np.testing.assert_allclose(flow.source_p[:, 0] / 1e3, wanted["slack_mw"], atol=1e-5)


def test_what_is_in_a_network(small):
    assert {one.id: len(one) for one in small.layers} == {
        "node": 6, "line": 2, "transformer": 3, "source": 1, "sym_load": 3, "sym_gen": 1,
        "shunt": 1, "storage": 1,
    }  # fmt: skip
    assert column(small, "storage", "energy_wh") == [8e6]
    assert column(small, "source", "id") == ["grid"]
    assert small.crs == "EPSG:4326"
    assert {one.id for one in small.tables} == {"loads", "generators"}
    assert small.tables[0].time.step == 3600
    (lost,) = [p for p in small.problems if p.code == "network.ignored" and p.severity == "error"]
    assert "links (1)" in lost.message


@needs_shared
def test_a_line_to_nowhere_is_named(read):
    part = read(SHARED / "corpus" / "pypsa_bad_ref.zip")
    (problem,) = [p for p in part.problems if p.code == "network.dangling"]
    assert "l1 at NOPE" in problem.message
    assert problem.element_ids == ("l1",)
    assert [one.id for one in part.layers] == ["node"]


@needs_shared
@pytest.mark.parametrize("name", ["scigrid-de", "scigrid-de.nc"])
def test_germany(read, name):
    if name.endswith(".nc"):
        pytest.importorskip("h5py")
    part = read(SCIGRID / name)
    sizes = {one.id: len(one) for one in part.layers}
    assert sizes["node"] == 585
    assert sizes["line"] == 852
    assert sizes["transformer"] == 96
    assert sizes["sym_load"] == 489
    assert sizes["sym_gen"] + sizes["source"] == 1423
    assert sizes["storage"] == 38
    assert {"network.no_dispatch", "network.slack_chosen"} <= set(codes(part))
    assert len(layer(part, "line").geometry.coords) >= 2 * 852
    (loads,) = part.tables
    assert loads.time.count == 24
    power, _problems = apply(guess(loads, part.layers)[0], loads, layer(part, "sym_load"))
    assert power.window(0, 1).sum() == pytest.approx(46_907e3, rel=0.2)


def test_what_is_wrong_is_named(parse, copy):
    def spoil(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    spoil("lines.csv", "184-AL1/30-ST1A 110.0", "unheard of")
    spoil("generators.csv", "Slack", "PV")
    spoil("loads.csv", "far,f", "far,NOPE")
    (copy / "loads-p_set.csv").write_text("snapshot,moving\nx,1\n", encoding="utf-8")
    part = parse(copy)
    said = {p.code: p.message for p in part.problems}
    assert "first ab" in said["network.type"]
    assert "far at NOPE" in said["network.dangling"]
    assert "one is, wind" in said["network.slack_chosen"]
    assert "loads-p_set.csv" in said["series.left_out"]


def test_buses_of_other_carriers_are_left_out(parse, copy):
    text = (copy / "buses.csv").read_text("utf-8").splitlines()
    text = [text[0] + ",carrier", *(line + ",AC" for line in text[1:])]
    text[-1] = text[-1].replace("AC", "gas")
    (copy / "buses.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    part = parse(copy)
    assert len(layer(part, "node")) == 5
    assert "network.dangling" not in codes(part)
    (lost,) = [p for p in part.problems if p.code == "network.ignored" and p.severity == "error"]
    assert "buses of other carriers (1)" in lost.message


def test_netcdf_that_points_elsewhere_is_refused(read, tmp_path):
    h5py = pytest.importorskip("h5py")
    other, path = tmp_path / "other.nc", tmp_path / "link.nc"
    with h5py.File(other, "w") as file:
        file["secret"] = [1.0, 2.0]
    for make in (
        lambda file: file.__setitem__("buses_i", h5py.ExternalLink(str(other), "secret")),
        lambda file: file.create_dataset("buses_i", (2,), "f8", external=[(str(other), 0, 16)]),
        lambda file: file.create_virtual_dataset("buses_i", virtual(h5py, other)),
    ):
        with h5py.File(path, "w") as file:
            make(file)
        with pytest.raises(ReadError, match="points to another file"):
            read(path)
    with h5py.File(path, "w") as file:
        file["x"] = [1.0]
    with pytest.raises(ReadError, match="holds no times"):
        read(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ReadError, match="damaged"):
        read(path)


def virtual(h5py, other: Path):
    layout = h5py.VirtualLayout(shape=(2,), dtype="f8")
    layout[:] = h5py.VirtualSource(str(other), "secret", shape=(2,))
    return layout


def test_without_the_library_one_sentence_says_how_to_install_it(parse, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(ReadError, match=r"twinview\[netcdf\]"):
        parse(CASE / "small.nc")


def test_reactive_power_over_time_is_joined_beside_the_active_one(read, copy):
    lines = (copy / "loads-p_set.csv").read_text("utf-8").splitlines()
    stamps = [line.split(",")[0] for line in lines[1:]]
    body = [f"{stamp},{k / 10}" for k, stamp in enumerate(stamps)]
    (copy / "loads-q_set.csv").write_text("\n".join(["snapshot,moving", *body]), "utf-8")
    part = read(copy)
    loads = layer(part, "sym_load")
    table = next(one for one in part.tables if one.id == "loads_q")
    (join,) = guess(table, part.layers)
    assert (join.layer, join.quantity) == ("sym_load", "reactive_power")
    reactive, _problems = apply(join, table, loads)
    values = reactive.window(0, len(stamps))
    np.testing.assert_allclose(values[:, loads.row_of["moving"]], np.arange(len(stamps)) * 100)
    np.testing.assert_allclose(values[:, loads.row_of["still"]], 200.0)
