"""OpenDSS feeders: the engine builds them, and only what defines elements reaches it."""

from pathlib import Path

import numpy as np
import pytest

from tests.readers.grids import codes, column, compute, layer
from twinview.model.problem import NeedsAnswer
from twinview.readers.common import dss_script
from twinview.readers.registry import ReadError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "grid-smartds-austin"
FEEDER = SHARED / "p1uhs23_1247"
MASTER = """Clear
! a balanced feeder
New Circuit.small bus1=head pu=1.02 basekV=12.47 R1=0.01 X1=0.1
Redirect parts/Lines.dss
New Transformer.t phases=3 windings=2 xhl=4 %noloadloss=0.2 // the station
~ wdg=1 bus=mid kv=12.47 kva=500 %r=0.5 conn=delta
~ wdg=2 bus=low kv=0.48 kva=500 %r=0.5 tap=1.025
New Load.house bus1=low kV=0.48 kW=300 kvar=90 yearly=shape
New Load.flat bus1=mid.1 phases=1 kV=7.2 kW=20 pf=0.95
New PVSystem.roof bus1=low kV=0.48 kVA=60 Pmpp=50 irradiance=0.8
New Capacitor.c bus1=mid kV=12.47 kvar=150
New Storage.store bus1=low kV=0.48 kWrated=20 kWhrated=80 %stored=40 %effcharge=95
Set Voltagebases=[12.47, 0.48]
Calcvoltagebases
Buscoords Coords.csv
Load.house.kW=310
/* New Line.gone bus1=a bus2=b */
Solve
"""
LINES = """New Linecode.code nphases=3 R1=0.3 X1=0.4 C1=10 units=km normamps=200
New Line.trunk bus1=head bus2=mid linecode=code length=2000 units=m
New Line.spare bus1=mid bus2=end linecode=code length=1 units=km enabled=n
"""


@pytest.fixture
def feeder(tmp_path):
    """Return a function that writes a small feeder, with more lines in its master script."""

    def write(more: str = "") -> Path:
        folder = tmp_path / "feeder"
        (folder / "parts").mkdir(parents=True)
        (folder / "Master.dss").write_text(MASTER + more, encoding="utf-8")
        (folder / "parts" / "Lines.dss").write_text(LINES, encoding="utf-8")
        (folder / "Coords.csv").write_text("head, 1000, 2000\nmid 1500 2100\n", encoding="utf-8")
        return folder

    return write


def test_a_feeder_is_what_the_engine_builds(read, feeder):
    pytest.importorskip("dss")
    part = read(feeder(), crs="EPSG:32614")
    assert column(part, "node", "id") == ["head", "mid", "low"]
    assert column(part, "node", "u_rated") == pytest.approx([12470, 12470, 480])
    assert column(part, "line", "r1") == pytest.approx([0.6], rel=1e-4)
    assert column(part, "line", "x1") == pytest.approx([0.8], rel=1e-4)
    assert column(part, "line", "i_n") == [200]
    assert column(part, "transformer", "clock") == [1]
    assert column(part, "transformer", "u2") == pytest.approx([480 * 1.025])
    assert column(part, "sym_load", "p_specified") == [310e3, 20e3]
    assert column(part, "sym_gen", "p_specified") == pytest.approx([40e3])
    assert column(part, "shunt", "b1") == pytest.approx([150e3 / 12470**2])
    assert column(part, "storage", "soc0") == [0.4]
    assert part.crs == "EPSG:32614"


def test_the_power_flow_is_the_engines(read, feeder):
    pytest.importorskip("dss")
    part = read(feeder("New Storage.store.enabled=no\nDisable Load.flat\n"), crs="EPSG:32614")
    flow = compute(part)
    (said,) = [p.message for p in part.problems if p.code == "opendss.balanced"]
    power, loss = (float(said.split(before)[1].split(" kW")[0]) for before in ("gets ", "which "))
    assert flow.source_p[0, 0] == pytest.approx(power, rel=0.005)
    assert flow.loss[0] == pytest.approx(loss, rel=0.05)


def test_nothing_but_definitions_is_run(read, feeder, tmp_path):
    pytest.importorskip("dss")
    target = tmp_path / "stolen.csv"
    more = f"""
Export voltages {target}
DOScmd touch {target}
Save Circuit dir={tmp_path}/copy
New Loadshape.shape npts=4 csvfile=/etc/passwd
New Generator.g bus1=mid kV=12.47 kW=5 usermodel=/tmp/evil.so
New Monitor.m element=Line.trunk
New Line.bad bus1=mid bus2=far rmatrix=(file=/etc/passwd) r1=1 x1=1
Set editor=/bin/sh
Fileedit /etc/passwd
"""
    part = read(feeder(more), crs="EPSG:32614")
    assert not target.exists()
    assert not (tmp_path / "copy").exists()
    (said,) = [p.message for p in part.problems if p.code == "opendss.command"]
    assert all(one in said for one in ("export (1)", "doscmd (1)", "save (1)", "fileedit (1)"))
    (said,) = [p.message for p in part.problems if p.code == "opendss.property"]
    assert "generator.usermodel (1)" in said
    assert "line.rmatrix (1)" in said
    (said,) = [p.message for p in part.problems if p.code == "opendss.shape"]
    assert "leads to /etc/passwd, outside of its folder" in said
    assert not part.tables
    assert layer(part, "sym_gen").ids.tolist() == ["roof", "g"]


SHAPES = """New Loadshape.shape npts=4 interval=0.5 mult=(file=shapes/house.csv, col=2, header=yes)
New Loadshape.sun npts=2 minterval=30 mult=[0 1]
New Loadshape.day npts=3 interval=1 mult=[1 2 3]
New Load.like like=house kW=100 bus1=mid kV=12.47
New Load.hourly bus1=mid kV=12.47 kW=40 daily=day
Edit PVSystem.roof yearly=sun
"""


def test_loads_follow_their_shapes(read, feeder):
    pytest.importorskip("dss")
    folder = feeder(SHAPES)
    (folder / "shapes").mkdir()
    (folder / "shapes" / "house.csv").write_text("h,pu\n0,0.1\n1,0.2\n2,0.3\n3,0.4\n", "utf-8")
    part = read(folder, crs="EPSG:32614", start="2019-01-01T00:00-06:00")
    (table,) = part.tables
    assert (table.time.step, table.time.count) == (1800, 4)
    values = dict(zip(table.columns, table.values.T.tolist(), strict=True))
    assert values["shape"] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert values["sun"] == [0, 1, 0, 1]  # it repeats
    names = dict(
        zip(column(part, "sym_load", "id"), column(part, "sym_load", "profile"), strict=True)
    )
    assert names == {"house": "shape", "flat": "constant", "like": "shape", "hourly": "constant"}
    assert column(part, "sym_load", "scale_w") == column(part, "sym_load", "p_specified")
    assert column(part, "sym_gen", "profile") == ["sun"]
    (said,) = [p for p in part.problems if p.code == "opendss.shape_step"]
    assert said.element_ids == ("hourly",)
    assert not [p for p in part.problems if p.code == "opendss.property"]


YEAR = """Clear
New Circuit.small bus1=head pu=1.0 basekV=12.47 R1=0.01 X1=0.1
New Line.trunk bus1=head bus2=mid length=2 units=km r1=0.3 x1=0.4 c1=0
New Loadshape.shape npts=3 interval=1 mult=[0.2 0.9 0.5]
New Load.house bus1=mid kV=12.47 kW=300 kvar=90 yearly=shape vminpu=0.5
New Load.flat bus1=mid kV=12.47 kW=100 kvar=0 vminpu=0.5
Set Voltagebases=[12.47]
Calcvoltagebases
"""


def test_a_year_is_the_engines(read, tmp_path):
    engine = pytest.importorskip("dss").DSS
    (tmp_path / "Master.dss").write_text(YEAR, encoding="utf-8")
    part = read(tmp_path)
    (table,) = part.tables
    shape = table.values[:, [table.columns.index(n) for n in column(part, "sym_load", "profile")]]
    p, q = (column(part, "sym_load", f"{one}_specified") for one in "pq")
    none = np.zeros((3, 0))
    flow = compute(part, shape * p / 1e3, shape * q / 1e3, none, none)
    engine.Text.Command = "clear"
    for command in [*YEAR.splitlines()[1:], "solve mode=snapshot", "set mode=yearly stepsize=1h"]:
        engine.Text.Command = command
    engine.Text.Command = "set number=1 hour=0"
    for step in (1, 2):  # its first solution is that of the first hour's end
        engine.Text.Command = "solve"
        power = -float(engine.ActiveCircuit.TotalPower[0])
        assert flow.source_p[step - 1, 0] == pytest.approx(power, rel=1e-4)


def test_a_shape_that_is_not_there_is_named(read, feeder):
    pytest.importorskip("dss")
    part = read(feeder("New Loadshape.shape npts=4 interval=1 csvfile=no.csv\n"), crs="EPSG:32614")
    (said,) = [p for p in part.problems if p.code == "opendss.shape"]
    assert "shape: Master.dss names no.csv, which is not in its folder" in said.message
    assert said.element_ids == ("house",)


def test_scripts_lead_nowhere_else(read, feeder):
    folder = feeder("Redirect ../other.dss\n")
    (folder.parent / "other.dss").write_text("New Line.x bus1=a bus2=b\n", encoding="utf-8")
    with pytest.raises(ReadError, match="outside of its folder"):
        read(folder)
    (folder / "Master.dss").write_text(MASTER + "Redirect missing.dss\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"missing\.dss, which is not in its folder"):
        read(folder)
    (folder / "Master.dss").write_text(MASTER + "Redirect Master.dss\n", encoding="utf-8")
    with pytest.raises(ReadError, match="in a circle"):
        read(folder)


def test_only_listed_text_reaches_the_engine(feeder):
    more = 'New Line."two words" bus1=a bus2=b\nEdit Line.trunk r1=2 ; export x\nvar @a=3\n'
    script = dss_script.load(feeder(more) / "Master.dss")
    assert script.commands[0].startswith("new Circuit.small bus1=head pu=1.02")
    assert "edit Load.house kw=310" in script.commands
    verbs = {command.split()[0] for command in script.commands}
    assert verbs <= {"new", "edit", "set", "batchedit", "open", "close", "enable", "disable"}
    assert not any("export" in command or "gone" in command for command in script.commands)
    assert script.not_run["var"] == 1
    assert script.coords == {"head": (1000, 2000), "mid": (1500, 2100)}


def test_without_the_engine_one_sentence_says_how_to_install_it(parse, feeder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "dss", None)
    with pytest.raises(ReadError, match=r"twinview\[opendss\]"):
        parse(feeder())


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_austin(read):
    pytest.importorskip("dss")
    with pytest.raises(NeedsAnswer, match="--crs"):
        read(FEEDER)
    part = read(FEEDER, crs="EPSG:32614")
    assert {one.id: len(one) for one in part.layers} == {
        "node": 476, "line": 421, "transformer": 54, "source": 1, "sym_load": 188,
    }  # fmt: skip
    flow = compute(part)
    assert flow.converged.all()
    assert flow.source_p[0, 0] == pytest.approx(2581.6, abs=2)
    assert flow.loss[0] == pytest.approx(66.2, abs=2)
    assert np.nanmin(flow.voltage) > 0.94
    assert "opendss.balanced" in codes(part)
