"""Networks of pipes and the machines between networks, as layers."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from twinview.i18n import N_, _
from twinview.model.problem import Problem
from twinview.model.twin import Layer
from twinview.readers.common.network import Place, Row, Scheme, point_shapes, to_table

_TITLES = {"heat": N_("Heat"), "cooling": N_("Cooling"), "gas": N_("Gas")}
_LAYERS: dict[str, dict[str, str]] = {
    "heat": {
        "node": N_("Heat nodes"), "pipe": N_("Heat pipes"), "return_pipe": N_("Return pipes"),
        "valve": N_("Heat valves"), "source": N_("Heat sources"), "load": N_("Heat loads"),
        "storage": N_("Heat storage"),
    },
    "cooling": {
        "node": N_("Cooling nodes"), "pipe": N_("Cooling pipes"),
        "return_pipe": N_("Cooling return pipes"), "valve": N_("Cooling valves"),
        "source": N_("Cooling sources"), "load": N_("Cooling loads"),
        "storage": N_("Cooling storage"),
    },
    "gas": {
        "node": N_("Gas nodes"), "pipe": N_("Gas pipes"), "return_pipe": N_("Gas return pipes"),
        "valve": N_("Gas valves"), "source": N_("Gas sources"), "load": N_("Gas loads"),
        "storage": N_("Gas storage"),
    },
}  # fmt: skip
_KINDS = {
    "node": "node", "pipe": "pipe", "return_pipe": "pipe", "valve": "pipe", "source": "source",
    "load": "load", "storage": "storage",
}  # fmt: skip
CONVERTERS = ("heat_pump", "chiller", "boiler", "exchanger", "chp", "waste_heat")
"""Kinds of machines between networks."""


@dataclass(frozen=True)
class Fluid:
    """Heating value of a gas.

    Parameters
    ----------
    lhv
        Lower heating value in kWh/kg.
    source, verified
        Who says so; ``primary``, ``secondary`` or ``no``.
    """

    lhv: float
    source: str
    verified: str


@cache
def fluids() -> Mapping[str, Fluid]:
    """Return the gases of which the heating value is known, by their name in pandapipes."""
    with Path(__file__).with_name("fluids.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["fluid"]: Fluid(float(row["lhv_kwh_per_kg"]), row["source"], row["verified"])
            for row in csv.DictReader(table)
        }


def scheme(carrier: str, network_id: str = "", title: str = "") -> Scheme:
    """Return the components of a network of pipes.

    Parameters
    ----------
    carrier
        One of `twinview.model.twin.PIPED`.
    network_id, title
        Of the network; the carrier's own where empty.
    """
    components = {name: (_KINDS[name], text) for name, text in _LAYERS[carrier].items()}
    name = network_id or carrier
    return Scheme(name, title or _TITLES[carrier], carrier, components, f"{name}_")


def with_carrier(rows: Mapping[str, list[Row]], carrier: str) -> None:
    """Write into each row of a pipe what flows in it, so that it is drawn in that colour."""
    for component in ("pipe", "return_pipe", "valve"):
        for row in rows.get(component, ()):
            row["carrier"] = carrier


def converter_layer(
    rows: Sequence[Row], where: Mapping[str, Place], file: str
) -> tuple[Layer | None, list[Problem]]:
    """Return the machines between networks as a layer, and those that were left out.

    Parameters
    ----------
    rows
        ``id``, ``kind`` (one of `CONVERTERS`), ``to_node`` and further data; ``x`` and ``y`` if
        known.
    where
        Points of the nodes of all networks in the file, for machines without a place.
    file
        Name of the file.
    """
    kept = [row for row in rows if row.get("kind") in CONVERTERS]
    lost = [row for row in rows if row.get("kind") not in CONVERTERS]
    problems = [] if not lost else [_unknown(lost, file)]
    if not kept:
        return None, problems
    nowhere = np.full(2, np.nan)
    own = [_own_point(row) for row in kept]
    beside = [where.get(str(row.get("to_node")), nowhere) for row in kept]
    points = [one if one is not None else two for one, two in zip(own, beside, strict=True)]
    shape = point_shapes(np.array(points, dtype=np.float64))
    table = to_table([{k: v for k, v in row.items() if k not in {"x", "y"}} for row in kept])
    there = shape if len(shape.coords) else None
    return Layer("converter", N_("Energy centres"), "converter", table, there), problems


def _own_point(row: Row) -> Place | None:
    pair = [row.get("x"), row.get("y")]
    good = all(isinstance(v, int | float) and not isinstance(v, bool) for v in pair)
    return np.array(pair, dtype=np.float64) if good else None


def _unknown(lost: Sequence[Row], file: str) -> Problem:
    return Problem(
        "error",
        "converter.kind",
        _(
            "{count} converters are of no known kind and were left out, first {first} ({kind}).",
            count=len(lost),
            first=lost[0].get("id"),
            kind=lost[0].get("kind"),
        ),
        _("Write one of {kinds} as their kind.", kinds=", ".join(CONVERTERS)),
        file,
        "converter",
        tuple(str(row.get("id")) for row in lost),
    )
