"""The stored form of networks: rows with names, places and routes; other carriers than power.

Beside power-grid-model's own data a file holds, under ``twinview``:

``networks``
    Networks of heat, cooling and gas: ``id``, ``carrier``, ``title``, and rows of ``node`` (``x``,
    ``y``), ``pipe`` and ``return_pipe`` (``from_node``, ``to_node``, ``length_m``, ``diameter_m``,
    ``u_w_per_mk``, ``ground_c``, ``capacity_w``, ``status``, ``route``), ``valve``, ``source``
    (``node``, ``supply_c``, ``intensity_g_per_kwh``, ``power_w``, ``priority``), ``load``
    (``node``, ``building``, ``p_specified`` or ``profile`` and ``scale_w``, ``return_c``) and
    ``storage`` (as of electricity, and ``start_intensity_g_per_kwh``).
``converter``
    Machines between networks: ``kind`` (heat_pump, chiller, boiler, exchanger, chp, waste_heat),
    ``from_network`` and ``from_node`` (none: bought outside, at ``input_intensity_g_per_kwh``),
    ``to_network`` and ``to_node``, for combined plants ``power_network`` and ``power_node``;
    networks by id or carrier. ``cop``, ``eer`` or ``quality`` and ``source_c``, ``efficiency``,
    ``heat_efficiency``, ``power_efficiency``; ``allocation``, how carbon is shared; ``load`` and
    ``share``, the electrical load whose waste heat is taken up; ``power_w``, ``priority``,
    ``supply_c``, ``building``.
``stay``
    Stays of vehicles at chargers, which are rows of ``storage`` with ``charging`` (at_once, evenly)
    and maybe ``discharge_power_w`` and ``start_intensity_g_per_kwh``: ``charger`` (its name),
    ``vehicle``, ``arrive``, ``depart`` (ISO 8601), ``capacity_kwh``, ``energy_kwh``,
    ``wanted_kwh``, and maybe ``plan_kw``, kW in equal parts of the stay.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from twinview.i18n import N_, _
from twinview.model.problem import Problem
from twinview.model.twin import PIPED, Layer, Network
from twinview.readers.common import network, piping
from twinview.readers.common.network import Place

_ENDS = ("node", "from_node", "to_node")
Rows = list[dict[str, Any]]


def rows_of(rows: Any, names: Sequence[str]) -> Rows:
    """Return the rows of a component; compact ones are lists whose names stand apart.

    Parameters
    ----------
    rows
        What the file holds.
    names
        Names of the values of compact rows.
    """
    found: Rows = []
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            found.append(dict(row))
        elif isinstance(row, list):
            found.append(dict(zip(names, row, strict=False)))
    return found


def name(rows: Mapping[str, Rows]) -> None:
    """Replace numbers by names: the extra ``name`` where there is one, else the number as text.

    Parameters
    ----------
    rows
        Rows of each component; changed in place.
    """
    for component, own in rows.items():
        taken: set[str] = set()
        for place, row in enumerate(own):
            number = row.pop("id", place)
            said = str(row.get("name") or number)
            said = said if said not in taken else f"{said}-{number}"
            taken.add(said)
            row["number"], row["id"] = number, said
            if component == "storage":
                row.pop("number")
    by_number = {row["number"]: row["id"] for row in rows.get("node", [])}
    names = set(by_number.values())
    for component, own in rows.items():
        for row in own if component != "node" else []:
            for end in (e for e in _ENDS if e in row):
                at = row[end]
                row[end] = by_number.get(at, at if at in names else str(at))


def stays(rows: Rows) -> Layer | None:
    """Return the stays of vehicles as a table; None without any.

    Parameters
    ----------
    rows
        As the file holds them.
    """
    if not rows:
        return None
    for k, row in enumerate(rows, 1):
        row["id"] = str(row.get("id", k))
        for amount in ("capacity_kwh", "energy_kwh", "wanted_kwh"):
            row[amount] = _number(row.get(amount))
        plan = row.get("plan_kw")
        if isinstance(plan, list):
            row["plan_kw"] = " ".join(str(one) for one in plan)
    return Layer("stay", N_("Stays of vehicles"), "other", network.to_table(rows))


def places(rows: Rows) -> Place | None:
    """Take the points out of rows; None where none has one.

    Parameters
    ----------
    rows
        Rows with ``x`` and ``y``; changed in place.
    """
    points = np.array([[_number(row.pop("x", None)), _number(row.pop("y", None))] for row in rows])
    return points if len(points) and np.isfinite(points).any() else None


def _number(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if good else math.nan


def routes(rows: Rows) -> dict[str, Place]:
    """Take the routes out of rows, by id.

    Parameters
    ----------
    rows
        Rows with ``route``, a list of points; changed in place.
    """
    found = {}
    for row in rows:
        points = row.pop("route", None)
        if isinstance(points, list) and all(isinstance(p, list) and len(p) > 1 for p in points):
            path = np.array([[_number(p[0]), _number(p[1])] for p in points]).reshape(-1, 2)
            if np.isfinite(path).all():
                found[row["id"]] = path
    return found


@dataclass(eq=False)
class Others:
    """Networks of other carriers than electricity, and the machines between networks."""

    layers: list[Layer] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


def other_carriers(
    extras: Mapping[str, Any], electrical: tuple[Rows, Mapping[str, Place]] | None, path: Path
) -> Others:
    """Return the networks of heat, cooling and gas in a stored grid, and its converters.

    Parameters
    ----------
    extras
        What the file holds beside power-grid-model's own data: ``networks``, a list of objects with
        ``id``, ``carrier``, ``title`` and a list of rows for each component; and ``converter``.
    electrical
        Named rows and places of the electrical nodes, None without any.
    path
        The file.
    """
    found = Others()
    points: dict[str, Place] = {}
    if electrical is not None:
        points |= _points(electrical[0], electrical[1].get("node"))
    for one in _objects(extras.get("networks")):
        carrier = str(one.get("carrier"))
        if carrier not in PIPED:
            found.problems.append(_no_carrier(one, path))
            continue
        points |= _network(one, carrier, found, path)
    machines = rows_of(extras.get("converter"), [])
    name({"converter": machines})
    layer, said = piping.converter_layer(machines, points, path.name)
    found.problems += said
    if layer is not None:
        found.layers.append(layer)
        found.counts["converter"] = (len(machines), len(layer))
    return found


def _network(one: Mapping[str, Any], carrier: str, found: Others, path: Path) -> dict[str, Place]:
    """Add one network to what was found, and return the points of its nodes."""
    scheme = piping.scheme(carrier, str(one.get("id") or carrier), str(one.get("title") or ""))
    rows = {component: rows_of(one.get(component), []) for component in scheme.components}
    name(rows)
    piping.with_carrier(rows, carrier)
    spots = {part: spot for part, own in rows.items() if (spot := places(own)) is not None}
    ways = {part: routes(rows[part]) for part in ("pipe", "return_pipe", "valve")}
    layers, built, said, counts = network.build(rows, spots, ways, path.name, scheme)
    found.layers += layers
    found.networks.append(built)
    found.problems += said
    found.counts |= counts
    found.places |= {scheme.prefix + part: spot for part, spot in spots.items()}
    return _points(rows["node"], spots.get("node"))


def _points(rows: Rows, spots: Place | None) -> dict[str, Place]:
    if spots is None:
        return {}
    return {str(row["id"]): spot for row, spot in zip(rows, spots, strict=True)}


def _objects(said: Any) -> list[Mapping[str, Any]]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _no_carrier(one: Mapping[str, Any], path: Path) -> Problem:
    return Problem(
        "error",
        "network.carrier",
        _(
            "The network '{name}' has the unknown carrier '{carrier}' and was left out.",
            name=one.get("id"),
            carrier=one.get("carrier"),
        ),
        _("Write one of {known} as its carrier.", known=", ".join(PIPED)),
        path.name,
    )
