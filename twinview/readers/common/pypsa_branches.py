"""PyPSA's lines (ohm) and transformers (per unit), by their own data or by standard types.

The figures of PyPSA 1.2's standard types (after pandapower) stand in two tables beside this file.
"""

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from twinview.i18n import _
from twinview.readers.common import electric, rows
from twinview.readers.common.draft import Draft, Row
from twinview.readers.common.network import Place
from twinview.readers.common.rows import TextRow, flag, number, text
from twinview.readers.registry import Options

_MEGA, _KILO, _NANO = 1e6, 1e3, 1e-9
_BASE = 1e8
_OMEGA = 2 * math.pi * 50
_HERE = Path(__file__).parent

Tables = Mapping[str, list[dict[str, str]]]


@cache
def _standard(name: str) -> Mapping[str, TextRow]:
    return {row["name"]: row for row in rows.load(_HERE / f"{name}.csv", Options(), ",")}


def _kinds(draft: Draft, tables: Tables, name: str) -> Mapping[str, TextRow]:
    """Return the types of lines or transformers, and name what is of an unknown one."""
    known = {**_standard(f"{name}_types"), **{r["name"]: r for r in tables[f"{name}_types"]}}
    lost = [
        row["name"]
        for row in tables[f"{name}s"]
        if text(row, "type") and text(row, "type") not in known
    ]
    if lost:
        message = _(
            "{count} of {table} have a type that neither the file nor PyPSA knows and were left "
            "out, first {first}.",
            count=len(lost),
            table=f"{name}s",
            first=lost[0],
        )
        draft.say("error", "network.type", message, ids=lost)
    return known


def lines(draft: Draft, tables: Tables, routes: Mapping[str, Place]) -> None:
    """Add the lines.

    Parameters
    ----------
    draft
        The network; its nodes are there.
    tables
        PyPSA's tables.
    routes
        Courses of lines by name.
    """
    known = _kinds(draft, tables, "line")
    for row in tables["lines"]:
        if text(row, "type") and text(row, "type") not in known:
            continue
        z, y = _line_data(row, known.get(text(row, "type")))
        ends = (row.get("bus0", ""), row.get("bus1", ""))
        high, low = (draft.rated(end) for end in ends)
        rated = number(row, "s_nom") * _MEGA or math.nan
        more = {**_status(row), "length_km": number(row, "length"), "carrier": text(row, "carrier")}
        if abs(high - low) > 1e-6 * high:
            ohm = high**2 / _BASE
            own = electric.PerUnit(_BASE, z / ohm, y * ohm, rated)
            electric.add_per_unit(draft, row["name"], ends, own, **more)
            continue
        made = electric.line(z, y, _OMEGA, i_n=rated / high / math.sqrt(3))
        name = draft.add("line", row["name"], from_node=ends[0], to_node=ends[1], **more, **made)
        if row["name"] in routes:
            draft.routes[name] = routes[row["name"]]


def _line_data(row: TextRow, kind: TextRow | None) -> tuple[complex, complex]:
    """Return impedance and shunt admittance of a line in ohm and siemens."""
    if kind is None:
        z = complex(number(row, "r"), number(row, "x"))
        return z, complex(number(row, "g"), number(row, "b"))
    count, length = number(row, "num_parallel", 1.0) or 1.0, number(row, "length")
    z = complex(number(kind, "r_per_length"), number(kind, "x_per_length")) * length / count
    capacity = number(kind, "c_per_length") * _NANO * length * count
    return z, complex(number(row, "g"), 2 * math.pi * number(kind, "f_nom", 50.0) * capacity)


def _status(row: TextRow) -> Row:
    on = int(flag(row, "active"))
    return {"from_status": on, "to_status": on}


def transformers(draft: Draft, tables: Tables) -> None:
    """Add the transformers.

    Parameters
    ----------
    draft
        The network; its nodes are there.
    tables
        PyPSA's tables.
    """
    known = _kinds(draft, tables, "transformer")
    for row in tables["transformers"]:
        if text(row, "type") and text(row, "type") not in known:
            continue
        own, side = _transformer_data(row, known.get(text(row, "type")))
        ends = (row.get("bus0", ""), row.get("bus1", ""))
        if side:  # the tap sits at the second bus: turn the branch round
            ends = (ends[1], ends[0])
        kind = {"std_type": text(row, "type")} if text(row, "type") else {}
        electric.add_per_unit(draft, row["name"], ends, own, **_status(row), **kind)


def _transformer_data(row: TextRow, kind: TextRow | None) -> tuple[electric.PerUnit, bool]:
    """Return a transformer per unit of its rating, and whether its tap is at the second bus."""
    data = row if kind is None else kind
    base = number(data, "s_nom") * _MEGA or _BASE
    if kind is None:
        z = complex(number(row, "r"), number(row, "x"))
        y = complex(number(row, "g"), number(row, "b"))
        rated, ratio = number(row, "s_nom") * _MEGA or math.nan, number(row, "tap_ratio", 1.0)
    else:
        count = number(row, "num_parallel", 1.0) or 1.0
        real = number(kind, "vscr") / 100
        z = complex(real, math.sqrt(max(0.0, (number(kind, "vsc") / 100) ** 2 - real**2))) / count
        leak = number(kind, "pfe") * _KILO / base
        y = complex(leak, -math.sqrt(max(0.0, (number(kind, "i0") / 100) ** 2 - leak**2))) * count
        rated = base * count
        steps = number(row, "tap_position") - number(kind, "tap_neutral")
        ratio = 1 + steps * number(kind, "tap_step") / 100
    if text(row, "model") != "pi" and y:
        z, y = _as_pi(z, y)
    side = bool(number(data, "tap_side"))
    shift = number(data, "phase_shift") * (-1 if side else 1)
    return electric.PerUnit(base, z, y, rated, ratio or 1.0, shift), side


def _as_pi(z: complex, y: complex) -> tuple[complex, complex]:
    """Return the pi circuit of a T circuit with the shunt in the middle of the impedance."""
    return z + z * z * y / 4, y / (1 + z * y / 4)
