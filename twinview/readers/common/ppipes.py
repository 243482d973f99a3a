"""Components of a pandapipes network as rows of nodes, pipes, sources and loads in SI units."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from twinview.i18n import N_, _
from twinview.model.problem import Problem, Severity
from twinview.readers.common.network import Row
from twinview.readers.common.piping import fluids
from twinview.readers.common.pptables import Net, flag, number

ZERO_C = 273.15
WATER = 4190.0
"""Specific heat of water in J/(kg K), within 0.3 % at 20 to 90 °C."""
_COLD_BELOW = 20.0
"""°C of the supply from which water is taken for cooling, not for heating."""
_OPENINGS = ("valve", "pump", "compressor", "pressure_control", "flow_control")
"""Components that join two junctions, and carry no length."""
_UNUSED = ("mass_storage",)
Rows = dict[str, list[Row]]


@dataclass(frozen=True, eq=False)
class Piped:
    """What was understood of a network.

    Parameters
    ----------
    carrier
        ``heat``, ``cooling`` or ``gas``.
    rows
        Rows of each component.
    names
        Name of each junction.
    problems
        What was assumed or left out.
    """

    carrier: str
    rows: Rows
    names: Mapping[int, str]
    problems: list[Problem] = field(default_factory=list)


def elements(net: Net, file: str) -> Piped:
    """Return the rows of a network.

    Parameters
    ----------
    net
        Its tables.
    file
        Name of the file.
    """
    fluid, is_gas = _fluid(net)
    names = unique_names(net.table("junction"), "junction")
    piped = Piped(_carrier(net, is_gas), {"node": []}, names)
    back = _return_side(net)
    piped.rows["node"] = [
        {"id": names[i], **_plain(row)} for i, row in net.table("junction").items()
    ]
    _pipes(net, piped, back)
    if is_gas:
        _gas(net, piped, fluid, file)
    else:
        _water(net, piped, back, file)
    piped.problems.extend(_notes(net, back, is_gas, file))
    return piped


def unique_names(rows: Mapping[int, Row], table: str) -> dict[int, str]:
    """Return a name for each row: its own where no other has it.

    Parameters
    ----------
    rows
        By index.
    table
        Name for those without one.
    """
    taken: set[str] = set()
    names = {}
    for index, row in rows.items():
        name = str(row.get("name") or "").strip() or f"{table} {index}"
        name = name if name not in taken else f"{name}-{index}"
        taken.add(name)
        names[index] = name
    return names


def _fluid(net: Net) -> tuple[str, bool]:
    """Return the name of the fluid and whether it is a gas; water where nothing says it."""
    said = net.values.get("fluid")
    body: Any = said.get("_object") if isinstance(said, dict) else None
    try:
        body = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return "", str(net.values.get("sector")) == "gas"
    return str(body.get("name") or ""), bool(body.get("is_gas"))


def _carrier(net: Net, is_gas: bool) -> str:
    if is_gas:
        return "gas"
    flows = [_celsius(row, "t_flow_k") for row in _pumps(net)]
    return "cooling" if flows and max(flows) < _COLD_BELOW else "heat"


def _pumps(net: Net) -> list[Row]:
    return [
        row
        for table in ("circ_pump_pressure", "circ_pump_mass")
        for row in net.table(table).values()
    ]


def _celsius(row: Row, column: str) -> float:
    return number(row, column, math.nan) - ZERO_C


def _plain(row: Row) -> Row:
    """Return the columns that hold plain values and no name or place."""
    return {
        k: v for k, v in row.items() if k not in {"name", "geo"} and not isinstance(v, dict | list)
    }


def _return_side(net: Net) -> set[int]:
    """Return the junctions that hang together with the return of a circulation pump."""
    joined: dict[int, list[int]] = {}
    for table in ("pipe", *_OPENINGS):
        for row in net.table(table).values():
            a, b = index_of(row, "from_junction"), index_of(row, "to_junction")
            joined.setdefault(a, []).append(b)
            joined.setdefault(b, []).append(a)
    left = [index_of(row, "return_junction") for row in _pumps(net)]
    found: set[int] = set()
    while left:
        place = left.pop()
        if place not in found:
            found.add(place)
            left.extend(joined.get(place, ()))
    supply = {index_of(row, "flow_junction") for row in _pumps(net)}
    return set() if found & supply else found


def index_of(row: Row, column: str) -> int:
    """Return the junction that a row names, -1 where it names none."""
    value = number(row, column, -1.0)
    return int(value) if math.isfinite(value) else -1


def _pipes(net: Net, piped: Piped, back: set[int]) -> None:
    for table in ("pipe", *_OPENINGS):
        rows = net.table(table)
        titles = unique_names(rows, table)
        for index, row in rows.items():
            ends = index_of(row, "from_junction"), index_of(row, "to_junction")
            made = {
                "id": titles[index] if table == "pipe" else f"{titles[index]} ({table})",
                "from_node": piped.names.get(ends[0], str(ends[0])),
                "to_node": piped.names.get(ends[1], str(ends[1])),
                "status": int(flag(row, "in_service") and flag(row, "opened")),
                "index": index,
                **(_pipe(row, piped.carrier) if table == "pipe" else {"kind": table}),
            }
            side = "return_pipe" if set(ends) <= back else "pipe"
            piped.rows.setdefault(side if table == "pipe" else "valve", []).append(made)


def _pipe(row: Row, carrier: str) -> Row:
    diameter = number(row, "diameter_m", math.nan)
    made: Row = {
        "length_m": number(row, "length_km", math.nan) * 1000.0,
        "diameter_m": diameter,
        "std_type": row.get("std_type") or row.get("stanet_std_type"),
    }
    if carrier != "gas":
        per_area = number(row, "u_w_per_m2k", number(row, "alpha_w_per_m2k"))
        made["u_w_per_mk"] = per_area * math.pi * diameter
        made["ground_c"] = _celsius(row, "text_k")
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in made.items()}


def _gas(net: Net, piped: Piped, fluid: str, file: str) -> None:
    """Turn mass flows into powers by the heating value of the gas."""
    known = fluids().get(fluid)
    if known is None:
        piped.problems.append(_no_heating_value(fluid, file))
    else:
        piped.problems.append(_heating_value(fluid, file))
    per_mass = math.nan if known is None else known.lhv * 3.6e6
    for table, component in (("sink", "load"), ("source", "source")):
        for made, row in _at_junction(net, piped, table):
            watts = number(row, "mdot_kg_per_s") * number(row, "scaling", 1.0) * per_mass
            made["p_specified"] = _known(watts)
            piped.rows.setdefault(component, []).append(made)
    for made, _row in _at_junction(net, piped, "ext_grid"):
        piped.rows.setdefault("source", []).append(made)


def _at_junction(net: Net, piped: Piped, table: str) -> Iterator[tuple[Row, Row]]:
    rows = net.table(table)
    titles = unique_names(rows, table)
    for index, row in rows.items():
        junction = index_of(row, "junction")
        plain = _plain(row)
        plain.pop("junction", None)
        made = {"id": titles[index], "node": piped.names.get(junction, str(junction)), **plain}
        yield {**made, "status": int(flag(row, "in_service"))}, row


def _water(net: Net, piped: Piped, back: set[int], file: str) -> None:
    """Turn consumers and pumps of a circuit into loads and sources on its supply side."""
    flow = max((_celsius(row, "t_flow_k") for row in _pumps(net)), default=math.nan)
    for k, row in enumerate(_pumps(net)):
        junction = index_of(row, "flow_junction")
        piped.rows.setdefault("source", []).append({
            "id": str(row.get("name") or f"circ_pump {k}"),
            "node": piped.names.get(junction, str(junction)),
            "supply_c": _known(_celsius(row, "t_flow_k")),
            "status": int(flag(row, "in_service")),
        })  # fmt: skip
    for made, row in _at_junction(net, piped, "ext_grid"):
        made["supply_c"] = _known(_celsius(row, "t_k"))
        piped.rows.setdefault("source", []).append(made)
    unclear = []
    for table in ("heat_consumer", "heat_exchanger"):
        rows = net.table(table)
        titles = unique_names(rows, table)
        for index, row in rows.items():
            ends = index_of(row, "from_junction"), index_of(row, "to_junction")
            at = ends[1] if ends[0] in back else ends[0]
            watts, cold = consumer(row, flow)
            if math.isnan(watts):
                unclear.append(titles[index])
            piped.rows.setdefault("load", []).append({
                "id": titles[index], "node": piped.names.get(at, str(at)), **_plain(row),
                "p_specified": _known(watts), "return_c": _known(cold),
                "status": int(flag(row, "in_service")),
            })  # fmt: skip
    if unclear:
        piped.problems.append(_unclear(unclear, file))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def consumer(row: Row, flow: float) -> tuple[float, float]:
    """Return the heat of a consumer in W and the temperature of its return in °C, NaN if unknown.

    Of heat, mass flow, cooling and return temperature two are given; the others follow.

    Parameters
    ----------
    row
        ``qext_w``, ``controlled_mdot_kg_per_s``, ``deltat_k`` and ``treturn_k``.
    flow
        Supply temperature in °C.
    """
    heat, mass = number(row, "qext_w", math.nan), number(row, "controlled_mdot_kg_per_s", math.nan)
    cooled, cold = number(row, "deltat_k", math.nan), _celsius(row, "treturn_k")
    if math.isnan(cooled) and not math.isnan(cold):
        cooled = flow - cold
    if math.isnan(cooled) and mass > 0:
        cooled = heat / (mass * WATER)
    if math.isnan(heat):
        heat = mass * WATER * cooled
    return heat, cold if not math.isnan(cold) else flow - cooled


def _heating_value(fluid: str, file: str) -> Problem:
    known = fluids()[fluid]
    unverified = "" if known.verified == "primary" else _(" It has not been verified.")
    return Problem(
        "info",
        "gas.heating_value",
        _(
            "Mass flows became powers with the lower heating value of {fluid}, {value:.4g} kWh/kg "
            "({source}).{unverified}",
            fluid=fluid,
            value=known.lhv,
            source=known.source,
            unverified=unverified,
        ),
        "",
        file,
    )


def _no_heating_value(fluid: str, file: str) -> Problem:
    return Problem(
        "error",
        "gas.heating_value",
        _(
            "The heating value of the gas '{fluid}' is not known, so its mass flows give no power.",
            fluid=fluid,
        ),
        _("Name the fluid as one of {known}.", known=", ".join(fluids())),
        file,
    )


def _unclear(names: list[str], file: str) -> Problem:
    return Problem(
        "error",
        "heat.demand",
        _(
            "{count} heat consumers give no two of heat, mass flow and cooling, so their heat is "
            "not known, first {first}.",
            count=len(names),
            first=names[0],
        ),
        _("Give 'qext_w'."),
        file,
        "load",
        tuple(names),
    )


def _notes(net: Net, back: set[int], is_gas: bool, file: str) -> list[Problem]:
    opened = sum(len(net.table(name)) for name in _OPENINGS)
    water = 0 if is_gas else len(net.table("sink")) + len(net.table("source"))
    counts: tuple[tuple[int, Severity, str, str], ...] = (
        (
            opened,
            "info",
            "pipes.openings",
            N_(
                "{count} valves, pumps and controls are read as joints; pressures are not computed."
            ),
        ),
        (
            len(back),
            "info",
            "heat.return_side",
            N_(
                "{count} junctions are on the return side; each supply pipe is computed together "
                "with a return pipe of its own kind, and the return pipes are only drawn."
            ),
        ),
        (
            water,
            "error",
            "heat.mass_flow",
            N_("{count} sinks and sources of water have no heat of known size and were left out."),
        ),
        (
            sum(len(net.table(name)) for name in _UNUSED),
            "error",
            "network.component",
            N_("{count} gas storage units were left out: they are not used."),
        ),
        (
            sum(len(net.table(name)) for name in net.tables if name.startswith("res_")),
            "info",
            "pipes.results",
            N_("{count} rows of earlier results are in the file and were not used."),
        ),
    )
    return [
        Problem(severity, code, _(text, count=count), "", file)
        for count, severity, code, text in counts
        if count
    ]
