"""CGMES: several files are one model; what they compute to is the solution that came with them."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.readers.grids import codes, column, compute, layer
from twinview.readers.common import cim_nodes, cimxml
from twinview.readers.common.draft import Draft
from twinview.readers.registry import ReadError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "grid-cgmes-minigrid"
MINIGRID = SHARED / "MiniGrid_BusBranch"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
HEAD = (
    '<rdf:RDF xmlns:cim="http://iec.ch/TC57/2013/CIM-schema-cim16#" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
)


def thing(kind: str, key: str, **values: str) -> str:
    """Return an element; values that begin with # are references, __ stands for a dot."""
    inner = "".join(
        f'<cim:{name.replace("__", ".")} rdf:resource="{value}"/>'
        if value.startswith("#")
        else f"<cim:{name.replace('__', '.')}>{value}</cim:{name.replace('__', '.')}>"
        for name, value in values.items()
    )
    return f'<cim:{kind} rdf:ID="{key}">{inner}</cim:{kind}>'


def small() -> list[str]:
    """Return a node-breaker model: a connection, two switches, a line with a load and a shunt."""
    parts = [
        thing("BaseVoltage", "v", BaseVoltage__nominalVoltage="20"),
        thing("VoltageLevel", "l", VoltageLevel__BaseVoltage="#v"),
        thing("Breaker", "b1", Switch__open="false"),
        thing("Breaker", "b2", Switch__normalOpen="true"),
        thing("ACLineSegment", "line", ACLineSegment__r="0.4", ACLineSegment__x="0.8"),
        thing("EnergyConsumer", "c", EnergyConsumer__p="2", EnergyConsumer__q="0.5"),
        thing("LinearShuntCompensator", "s", LinearShuntCompensator__bPerSection="0.001",
              ShuntCompensator__sections="2"),
        thing("StaticVarCompensator", "svc"),
        thing("ExternalNetworkInjection", "e", IdentifiedObject__name="grid",
              ExternalNetworkInjection__referencePriority="1"),
    ]  # fmt: skip
    parts += [
        thing("ConnectivityNode", f"n{k}", ConnectivityNode__ConnectivityNodeContainer="#l",
              IdentifiedObject__name=f"node {k}")
        for k in range(1, 5)
    ]  # fmt: skip
    hung = (
        ("e", 1), ("b1", 1), ("b1", 2), ("line", 2), ("line", 3), ("c", 3), ("s", 3), ("b2", 3),
        ("b2", 4),
    )  # fmt: skip
    parts += [
        thing("Terminal", f"t{k}", Terminal__ConductingEquipment=f"#{device}",
              Terminal__ConnectivityNode=f"#n{node}", ACDCTerminal__sequenceNumber=str(k))
        for k, (device, node) in enumerate(hung)
    ]  # fmt: skip
    return parts


@pytest.fixture
def model(tmp_path):
    """Return a function that writes parts of a model into one file and returns it."""

    def write(parts: list[str], head: str = HEAD) -> Path:
        path = tmp_path / "model_EQ.xml"
        path.write_text(head + "".join(parts) + "</rdf:RDF>", encoding="utf-8")
        return path

    return write


@needs_shared
def test_minigrid_is_solved_as_its_own_state(read):
    part = read(MINIGRID)
    assert {one.id: len(one) for one in part.layers} == {
        "node": 13, "line": 7, "transformer": 10, "source": 1, "sym_load": 3, "sym_gen": 4,
    }  # fmt: skip
    flow = compute(part)
    own, draft = cimxml.Model(), Draft("minigrid")
    for one in MINIGRID.glob("*.xml"):
        cimxml.load(one, own)
    state = cim_nodes.add_nodes(draft, own).state
    nodes = layer(part, "node")
    assert len(state) == 11
    for name, (kilovolts, _angle) in state.items():
        row = nodes.row_of[name]
        wanted = kilovolts * 1e3 / nodes.numbers("u_rated")[row]
        assert flow.voltage[0, row] == pytest.approx(wanted, abs=1e-4)
    assert flow.source_p[0, 0] == pytest.approx(87.8, abs=0.3)
    assert {"network.dangling", "network.schematic"} <= set(codes(part))
    assert not part.crs


@needs_shared
def test_one_file_of_several_is_refused(read):
    with pytest.raises(ReadError, match="EQ, SSH, TP"):
        read(next(MINIGRID.glob("*_SSH_*")))


@needs_shared
def test_an_archive_is_as_good_as_a_folder(read, tmp_path):
    path = tmp_path / "minigrid.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in MINIGRID.glob("*.xml"):
            archive.write(one, one.name)
    assert len(layer(read(path), "line")) == 7


def test_node_breaker_models_are_fused(parse, model):
    part = parse(model(small()))
    assert column(part, "node", "id") == ["node 1", "node 3", "node 4"]
    assert column(part, "line", "from_node") == ["node 1"]
    assert column(part, "shunt", "b1") == [0.002]
    assert column(part, "source", "id") == ["grid"]
    assert {"network.fused", "network.island"} <= set(codes(part))
    (lost,) = [p for p in part.problems if p.code == "network.ignored"]
    assert "StaticVarCompensator (1)" in lost.message
    flow = compute(part)
    assert flow.load_p[0, 0] == pytest.approx(2000)
    assert 0.97 < flow.voltage[0, 1] < 1


def test_unknown_voltages_and_ends_are_named(parse, model):
    parts = [p.replace('rdf:ID="v"', 'rdf:ID="w"') for p in small()]
    said = codes(parse(model(parts)))
    assert "network.voltage_unknown" in said
    parts = [p for p in small() if 'rdf:ID="t4"' not in p]
    (problem,) = [p for p in parse(model(parts)).problems if p.code == "network.dangling"]
    assert problem.element_ids == ("line",)


def test_taps_of_two_windings(parse, model):
    parts = [
        *small(),
        thing("PowerTransformer", "tr"),
        thing("BaseVoltage", "v2", BaseVoltage__nominalVoltage="0.4"),
        thing("VoltageLevel", "l2", VoltageLevel__BaseVoltage="#v2"),
        thing("ConnectivityNode", "n9", ConnectivityNode__ConnectivityNodeContainer="#l2"),
        *(
            thing("Terminal", key, Terminal__ConnectivityNode=node,
                  Terminal__ConductingEquipment="#tr")
            for key, node in (("a", "#n3"), ("b", "#n9"))
        ),
        thing("RatioTapChanger", "tap", RatioTapChanger__TransformerEnd="#e1",
              RatioTapChanger__stepVoltageIncrement="2.5", TapChanger__neutralStep="3",
              TapChanger__step="1", TapChanger__lowStep="1", TapChanger__highStep="5"),
    ]  # fmt: skip
    for number, terminal, volts in ((1, "a", "20"), (2, "b", "0.4")):
        parts.append(
            thing("PowerTransformerEnd", f"e{number}", TransformerEnd__endNumber=str(number),
                  TransformerEnd__Terminal=f"#{terminal}", PowerTransformerEnd__ratedU=volts,
                  PowerTransformerEnd__PowerTransformer="#tr", PowerTransformerEnd__ratedS="0.63",
                  PowerTransformerEnd__r="6", PowerTransformerEnd__x="36")
            if number == 1 else
            thing("PowerTransformerEnd", "e2", TransformerEnd__endNumber="2",
                  TransformerEnd__Terminal="#b", PowerTransformerEnd__ratedU=volts,
                  PowerTransformerEnd__PowerTransformer="#tr", PowerTransformerEnd__ratedS="0.63")
        )  # fmt: skip
    part = parse(model(parts))
    assert column(part, "transformer", "tap_pos") == [1]
    assert column(part, "transformer", "tap_size") == [500]
    assert column(part, "transformer", "uk")[0] == pytest.approx(abs(6 + 36j) * 0.63 / 400)
    flow = compute(part)
    names = column(part, "node", "id")
    ratio = flow.voltage[0, names.index("n9")] / flow.voltage[0, names.index("node 3")]
    np.testing.assert_allclose(ratio, 1 / 0.95, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + HEAD + "&a;</rdf:RDF>", "document type"),
        (HEAD + "<cim:Terminal>", "no proper XML"),
        (HEAD + "<a>" * 100 + "</a>" * 100 + "</rdf:RDF>", "nested too deep"),
    ],
)
def test_what_no_reader_should_open(read, tmp_path, text, why):
    path = tmp_path / "bad.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=why):
        read(path)
