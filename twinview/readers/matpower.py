"""MATPOWER cases (.m): their matrices as data; nothing in them is run."""

import math
from collections import Counter
from pathlib import Path

import numpy as np

from twinview.i18n import _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers.common import electric, mfile, texts
from twinview.readers.common.draft import Draft, finish, hold_voltage
from twinview.readers.registry import Options, ReadError, reader

_MARK = (
    r"(?m)^\s*(mpc\s*\.\s*)?(bus|branch|gen)\s*=\s*\[|function\s+(\[\s*baseMVA|mpc\b)|mpc\.baseMVA"
)
_STIFF = 1e20
_PQ, _PV, _SLACK, _ISOLATED = 1, 2, 3, 4
_UNKNOWN_VOLTAGE = 1e5
_OMEGA = 2 * math.pi * 50
# Columns of the format, counted from 0 (MATPOWER manual, appendix B).
_BUS = {"id": 0, "type": 1, "pd": 2, "qd": 3, "gs": 4, "bs": 5, "vm": 7, "va": 8, "kv": 9}
_GEN = {"bus": 0, "pg": 1, "qg": 2, "qmax": 3, "qmin": 4, "vg": 5, "status": 7}
_LIMITS = {"qmax", "qmin"}
_BRANCH = {
    "from": 0, "to": 1, "r": 2, "x": 3, "b": 4, "rate": 5, "ratio": 8, "angle": 9, "status": 10,
}  # fmt: skip
_NEEDED = {"bus": 10, "gen": 8, "branch": 11}

Numbers = dict[str, float]


def sniff(path: Path, head: bytes) -> int:
    """Score a file: text that assigns the matrices of a case."""
    return 70 if texts.mentions(path, head, _MARK) else 0


@reader("MATPOWER", patterns=["*.m"], score=70, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a case of version 2 (or 1) of the format."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    text, _encoding, _bad = texts.decode(path.read_bytes(), options.encoding)
    case = mfile.parse(text)
    missing = [name for name in _NEEDED if name not in case.matrices]
    if missing or case.scalars.get("baseMVA", 0.0) <= 0:
        raise ReadError(
            _(
                "{file} is no MATPOWER case: it has no {names}; nothing of it was read.",
                file=path.name,
                names=", ".join(missing) or "baseMVA",
            )
        )
    yield Progress(0.5, _("Building the network"))
    draft = Draft(path.name)
    base = case.scalars["baseMVA"] * 1e6
    tables = {name: _rows(draft, case, name) for name in _NEEDED}
    names = _nodes(draft, tables["bus"], case.texts.get("bus_name", []))
    _sources(draft, tables, names)
    _loads(draft, tables["bus"], names)
    _branches(draft, tables["branch"], names, base, case.ohms)
    _say_rest(draft, case)
    return finish(draft, options, about=case.name)


def _rows(draft: Draft, case: mfile.Case, name: str) -> list[Numbers]:
    """Return a matrix as rows by column; rows that are too short or hold no numbers are named."""
    columns = {"bus": _BUS, "gen": _GEN, "branch": _BRANCH}[name]
    good, bad = [], []
    for place, row in enumerate(case.matrices[name], 1):
        found = {key: row[k] for key, k in columns.items() if k < len(row)}
        needed = [value for key, value in found.items() if key not in _LIMITS]
        whole = len(found) == len(columns) and bool(np.isfinite(needed).all())
        good.append(found) if whole else bad.append(place)
    if bad:
        message = _(
            "{count} rows of {table} are too short or hold something that is no number and were "
            "left out, first row {first}.",
            count=len(bad),
            table=name,
            first=bad[0],
        )
        draft.say("error", "row.left_out", message)
    kilo = 1e-3 if case.kilowatts and name == "bus" else 1.0
    return [{k: v * kilo if k in {"pd", "qd"} else v for k, v in row.items()} for row in good]


def _nodes(draft: Draft, buses: list[Numbers], titles: list[str]) -> dict[float, str]:
    names = {}
    unknown = []
    for place, bus in enumerate(buses):
        volts = bus["kv"] * 1e3
        if volts <= 0:
            unknown.append(f"{bus['id']:g}")
            volts = _UNKNOWN_VOLTAGE
        title = {"name": titles[place]} if len(titles) == len(buses) else {}
        names[bus["id"]] = draft.add("node", f"{bus['id']:g}", u_rated=volts, **title)
    if unknown:
        message = _(
            "{count} buses have no rated voltage; they are computed per unit, as of 100 kV.",
            count=len(unknown),
        )
        draft.say("warning", "network.voltage_assumed", message, ids=unknown)
    return names


def _sources(draft: Draft, tables: dict[str, list[Numbers]], names: dict[float, str]) -> None:
    """Make the reference buses sources; generators at voltage-controlled buses hold a voltage."""
    slack = {bus["id"]: bus for bus in tables["bus"] if bus["type"] == _SLACK}
    voltage = {bus["id"] for bus in tables["bus"] if bus["type"] == _PV}
    held, fed = [], set()
    for gen in tables["gen"]:
        node = names.get(gen["bus"], f"{gen['bus']:g}")
        status = int(gen["status"] > 0)
        if gen["bus"] in slack and gen["bus"] not in fed and status:
            fed.add(gen["bus"])
            angle = math.radians(slack[gen["bus"]]["va"])
            row = {"u_ref": gen["vg"], "u_ref_angle": angle, "sk": _STIFF, "status": 1}
            draft.add("source", f"slack {node}", node=node, **row)
            continue
        powers = {"p_specified": gen["pg"] * 1e6, "q_specified": gen["qg"] * 1e6}
        if gen["bus"] in voltage and status:
            limits = {"q_min_var": gen["qmin"] * 1e6, "q_max_var": gen["qmax"] * 1e6}
            powers |= {"u_ref": gen["vg"], **limits}
        made = draft.add("sym_gen", f"gen {node}", node=node, status=status, type=0, **powers)
        if "u_ref" in powers:
            held.append(made)
    for number in set(slack) - fed:
        draft.add("source", f"slack {names[number]}", node=names[number], u_ref=slack[number]["vm"],
                  u_ref_angle=math.radians(slack[number]["va"]), sk=_STIFF, status=1)  # fmt: skip
    hold_voltage(draft, held)


def _loads(draft: Draft, buses: list[Numbers], names: dict[float, str]) -> None:
    for bus in buses:
        node = names[bus["id"]]
        if bus["pd"] or bus["qd"]:
            powers = {"p_specified": bus["pd"] * 1e6, "q_specified": bus["qd"] * 1e6}
            draft.add("sym_load", f"load {node}", node=node, status=1, type=0, **powers)
        if bus["gs"] or bus["bs"]:
            per_volt = 1e6 / draft.rated(node) ** 2
            admittance = {"g1": bus["gs"] * per_volt, "b1": bus["bs"] * per_volt}
            draft.add("shunt", f"shunt {node}", node=node, status=1, **admittance)


def _branches(
    draft: Draft, branches: list[Numbers], names: dict[float, str], base: float, ohms: bool
) -> None:
    for row in branches:
        ends = tuple(names.get(row[end], f"{row[end]:g}") for end in ("from", "to"))
        on = int(row["status"] > 0)
        status = {"from_status": on, "to_status": on}
        name = f"{ends[0]} - {ends[1]}"
        z, y = complex(row["r"], row["x"]), complex(0.0, row["b"])
        high, low = draft.rated(ends[0]), draft.rated(ends[1])
        if ohms:
            first = draft.rated(draft.rows["node"][0]["id"])
            z *= base / first**2
        plain = not row["ratio"] and not row["angle"] and not abs(high - low) > 1e-6 * high
        rated = row["rate"] * 1e6 or math.nan
        if plain:
            ohm = high**2 / base
            made = electric.line(z * ohm, y / ohm, _OMEGA, i_n=rated / high / math.sqrt(3))
            draft.add("line", name, from_node=ends[0], to_node=ends[1], **status, **made)
            continue
        own = electric.PerUnit(base, z, y, rated, row["ratio"] or 1.0, row["angle"])
        electric.add_per_unit(draft, name, (ends[0], ends[1]), own, **status)


def _say_rest(draft: Draft, case: mfile.Case) -> None:
    rest = {k: len(v) for k, v in case.matrices.items() if k not in _NEEDED}
    draft.lost = Counter({k: v for k, v in rest.items() if k == "dcline"})
    draft.ignored = Counter({k: v for k, v in rest.items() if k != "dcline"})
    if case.statements:
        message = _(
            "{file} holds {count} statements beside its data; they were not run, so figures that "
            "they change stand as written, first: {first}",
            file=draft.file,
            count=len(case.statements),
            first=case.statements[0][:80],
        )
        fix = _("Save the case from MATPOWER (savecase), which writes the final figures.")
        draft.say("error", "matpower.statement", message, fix)
