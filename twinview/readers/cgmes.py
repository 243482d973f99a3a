"""CGMES (CIM 16 and 17): bus-branch or node-breaker models in several XML files."""

import math
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers.common import cim_branches, cimxml, folders, texts
from twinview.readers.common.cim_nodes import Ends, add_nodes
from twinview.readers.common.cimxml import Model, Thing
from twinview.readers.common.draft import Draft, Row, finish, hold_voltage
from twinview.readers.registry import Options, ReadError, reader

_MARK = r"CIM-schema-cim|http://iec\.ch/TC57/CIM\d+"
_MEMBERS = r"(?<![A-Za-z])(EQ|SSH|TP)(?![A-Za-z])[\w.-]*\.xml"
_LOOK = 30
_MEGA = 1e6
_LOADS = ("EnergyConsumer", "ConformLoad", "NonConformLoad", "StationSupply", "AsynchronousMachine")
_FEEDS = ("SynchronousMachine", "ExternalNetworkInjection", "EquivalentInjection", "EnergySource")
_LOST = (
    "NonlinearShuntCompensator", "StaticVarCompensator", "PhaseTapChangerAsymmetrical",
    "PhaseTapChangerSymmetrical", "PhaseTapChangerTabular", "PhaseTapChangerLinear",
    "EquivalentShunt", "DCLineSegment", "CsConverter", "VsConverter",
)  # fmt: skip
_POWER = {
    "EnergyConsumer": "EnergyConsumer",
    "ConformLoad": "EnergyConsumer",
    "NonConformLoad": "EnergyConsumer",
    "StationSupply": "EnergyConsumer",
    "AsynchronousMachine": "RotatingMachine",
    "SynchronousMachine": "RotatingMachine",
    "ExternalNetworkInjection": "ExternalNetworkInjection",
    "EquivalentInjection": "EquivalentInjection",
}


def sniff(path: Path, head: bytes) -> int:
    """Score a CIM file, or a folder or archive that holds some."""
    if path.is_dir():
        return 74 if any(_is_cim(one) for one in sorted(path.glob("*.xml"))[:_LOOK]) else 0
    if head.startswith(b"PK\x03\x04"):
        return 74 if texts.mentions(path, head, _MEMBERS) else 0
    return 74 if texts.mentions(path, head, _MARK) else 0


def _is_cim(path: Path) -> bool:
    with path.open("rb") as file:
        return texts.mentions(path, file.read(4096), _MARK)


@reader("CGMES", patterns=["*.xml", "*.zip"], score=74, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a model with its hypothesis (SSH), topology (TP) and, where there is one, state (SV)."""
    model = Model()
    if path.suffix.lower() == ".xml" and path.is_file():
        cimxml.load(path, model)
    else:
        with folders.opened(path, {".xml"}) as folder:
            files = sorted(folder.glob("*.xml"))
            for place, one in enumerate(files):
                yield Progress(0.1 + 0.5 * place / len(files), _("Reading {file}", file=one.name))
                cimxml.load(one, model)
    yield Progress(0.7, _("Building the network"))
    draft = Draft(path.name)
    ends = add_nodes(draft, model)
    if not draft.rows["node"] or not any(model.of("ACLineSegment", "PowerTransformer")):
        raise ReadError(
            _(
                "{file} alone holds no whole network. CGMES comes in several files (EQ, SSH, TP); "
                "add the folder or the archive that holds them all.",
                file=path.name,
            )
        )
    cim_branches.lines(draft, model, ends)
    cim_branches.transformers(draft, model, ends)
    cim_branches.switches(draft, model, ends)
    _loads(draft, model, ends)
    _feeds(draft, model, ends)
    _shunts(draft, model, ends)
    _say_rest(draft, model)
    return finish(draft, options, crs=_crs(model))


def _powers(thing: Thing, sign: float) -> Row:
    """Return the powers of a device; CIM counts what flows into it."""
    prefix = _POWER.get(thing.kind, thing.kind)
    p, q = (thing.number(f"{prefix}.{key}") for key in "pq")
    return {
        "type": 0,
        "p_specified": sign * p * _MEGA,
        "q_specified": sign * q * _MEGA,
        "kind": thing.kind,
        "mrid": thing.id,
    }


def _loads(draft: Draft, model: Model, ends: Ends) -> None:
    for one in model.of(*_LOADS):
        node, on = ends.first(one)
        draft.add("sym_load", one.name, node=node, status=on, **_powers(one, 1.0))


def _feeds(draft: Draft, model: Model, ends: Ends) -> None:
    """Add feeders: the one of reference priority 1 as source, the others as fixed powers."""
    feeds = list(model.of(*_FEEDS))
    priority = {one.id: _priority(one) for one in feeds}
    known = {one.id for one in feeds if priority[one.id]}
    best = min((priority[key] for key in known), default=0)
    slack = {key for key in known if priority[key] == best}
    if not slack:
        slack = _at_reference(model, ends, feeds)
    held = []
    for one in feeds:
        node, on = ends.first(one)
        if one.id in slack and on:
            made = {"mrid": one.id, "kind": one.kind}
            draft.add(
                "source",
                one.name,
                node=node,
                status=on,
                **_setting(draft, model, ends, one, node),
                **made,
            )
            continue
        wanted = _wanted(draft, model, ends, one, node)
        name = draft.add("sym_gen", one.name, node=node, status=on, **_powers(one, -1.0), **wanted)
        held += [name] if wanted else []
    hold_voltage(draft, held)


def _priority(one: Thing) -> int:
    return int(one.number(f"{one.kind}.referencePriority"))


def _at_reference(model: Model, ends: Ends, feeds: list[Thing]) -> set[str]:
    """Return the feeder at the node whose angle is the reference, else the largest connection."""
    island = next(model.of("TopologicalIsland"), None)
    node = (
        ends.names.get(island.values.get("TopologicalIsland.AngleRefTopologicalNode", ""))
        if island
        else None
    )
    there = [one for one in feeds if node is not None and ends.first(one)[0] == node]
    outer = [one for one in feeds if one.kind == "ExternalNetworkInjection"]
    outer.sort(key=lambda one: -one.number("ExternalNetworkInjection.maxP"))
    return {one.id for one in (there or outer)[:1]}


def _regulates(model: Model, one: Thing) -> bool:
    control = model.at(one, "RegulatingCondEq.RegulatingControl")
    return (
        control is not None
        and one.flag("RegulatingCondEq.controlEnabled", False)
        and control.flag("RegulatingControl.enabled", True)
        and control.values.get("RegulatingControl.mode", "").endswith(".voltage")
    )


def _wanted(draft: Draft, model: Model, ends: Ends, one: Thing, node: str) -> Row:
    """Return the voltage that a machine holds at its own node, and its limits; none elsewhere."""
    control = model.at(one, "RegulatingCondEq.RegulatingControl")
    if control is None or not _regulates(model, one):
        return {}
    terminal = model.at(control, "RegulatingControl.Terminal")
    there = ends.of(terminal)[0] if terminal is not None else node
    volts = control.number("RegulatingControl.targetValue", math.nan) * 1e3 / draft.rated(node)
    if there != node or not volts > 0:
        message = _(
            "'{name}' holds a voltage at another node than its own; it is read with fixed power.",
            name=one.name,
        )
        draft.say("warning", "network.voltage_remote", message, ids=[one.name])
        return {}
    limits = {
        f"q_{end}_var": one.number(f"SynchronousMachine.{end}Q", math.nan) * _MEGA
        for end in ("min", "max")
    }
    return {"u_ref": volts, **limits}


def _setting(draft: Draft, model: Model, ends: Ends, one: Thing, node: str) -> Row:
    """Return the voltage of a source: as in the state, else as its control wants it, else 1."""
    rated = draft.rated(node)
    kilovolts, degrees = ends.state.get(node, (math.nan, 0.0))
    control = model.at(one, "RegulatingCondEq.RegulatingControl")
    if not kilovolts > 0 and control is not None:
        kilovolts = control.number("RegulatingControl.targetValue", math.nan)
    reference = kilovolts * 1e3 / rated if kilovolts > 0 and rated > 0 else 1.0
    return {"u_ref": reference, "u_ref_angle": math.radians(degrees), "sk": 1e20}


def _shunts(draft: Draft, model: Model, ends: Ends) -> None:
    for one in model.of("LinearShuntCompensator"):
        node, on = ends.first(one)
        count = one.number(
            "ShuntCompensator.sections", one.number("ShuntCompensator.normalSections")
        )
        draft.add(
            "shunt",
            one.name,
            node=node,
            status=on,
            g1=one.number("LinearShuntCompensator.gPerSection") * count,
            b1=one.number("LinearShuntCompensator.bPerSection") * count,
            mrid=one.id,
        )


def _crs(model: Model) -> str:
    system = next(model.of("CoordinateSystem"), None)
    urn = system.values.get("CoordinateSystem.crsUrn", "") if system else ""
    code = urn.rsplit(":", maxsplit=1)[-1]
    return f"EPSG:{code}" if code.isdigit() else ""


def _say_rest(draft: Draft, model: Model) -> None:
    counts = model.counts()
    for kind in _LOST:
        draft.lost[kind] = counts.get(kind, 0)
    drawn = counts.get("DiagramObjectPoint", 0)
    if drawn:
        message = _(
            "The {count} places in {file} are those of a drawing, not of a map; they were left "
            "out.",
            count=drawn,
            file=draft.file,
        )
        draft.say("info", "network.schematic", message)
