"""The OpenDSS feeder in a URBANopt folder, joined with the project by the ids of both."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.twin import Layer
from twinview.readers.common import dss_feeder
from twinview.readers.common.draft import Draft, Row, finish
from twinview.readers.registry import Options, ReadError

DRAWN = ("junctions", "connectors")
"""Layers of the project that the feeder's nodes and lines stand for, with their courses."""
_SYSTEM = "EPSG:4326"
_KILO = 1e3  # the profiles are in kW, scales in W


def read(folder: Path, layers: Sequence[Layer], tables: Sequence[Table], options: Options) -> Part:
    """Return the feeder as a network whose loads name their buildings and profiles.

    Parameters
    ----------
    folder
        The project's folder. Without a feeder the part is empty; one that cannot be built is a
        problem.
    layers
        The project's layers.
    tables
        Profiles of the buildings, named by their ids.
    options
        What the user says.
    """
    scripts = sorted(
        (one for one in folder.rglob("*.dss") if one.name.lower() == "master.dss"),
        key=lambda one: (len(one.parts), one),
    )
    if not scripts:
        return Part()
    try:
        draft, _script = dss_feeder.load(scripts[0])
    except ReadError as error:
        message = _("The grid of {folder} is not computed: {why}", folder=folder.name, why=error)
        return Part(problems=(Problem("warning", "grid.not_computed", message, "", folder.name),))
    draft.file = folder.name
    by_name = {layer.id: layer for layer in layers}
    _join(draft, by_name, {name for table in tables for name in table.columns})
    _routes(draft, by_name.get("connectors"))
    return finish(draft, options, crs=_SYSTEM, about=draft.title)


def _join(draft: Draft, layers: Mapping[str, Layer], profiles: set[str]) -> None:
    """Give each load its building, by its node or its own id, and its share of the profile."""
    buildings = set(layers["buildings"].ids.tolist()) if "buildings" in layers else set()
    at_node = _buildings_at_nodes(layers.get("junctions"))
    owned: dict[str, list[Row]] = defaultdict(list)
    strange = []
    for row in draft.rows["sym_load"]:
        building = at_node.get(str(row["node"]).lower(), str(row["id"]))
        if building in buildings:
            row["building"] = building
            owned[building].append(row)
        if building not in buildings & profiles:
            strange.append(str(row["id"]))
    for building in owned.keys() & profiles:
        whole = sum(row["p_specified"] for row in owned[building])
        for row in owned[building]:
            share = row["p_specified"] / whole if whole else 1 / len(owned[building])
            row |= {"profile": building, "scale_w": share * _KILO}
    if strange and profiles:
        message = _(
            "{count} loads of the feeder have no building with a profile, first {first}; the grid "
            "is not computed without their power.",
            count=len(strange),
            first=strange[0],
        )
        fix = _("Add the missing files load_<id>.csv, or the buildings to the project file.")
        draft.say("error", "urbanopt.load", message, fix, strange)
    idle = sorted(buildings - owned.keys())
    if idle:
        message = _(
            "{count} buildings hang at no load of the feeder, first {first}; they have no power.",
            count=len(idle),
            first=idle[0],
        )
        draft.say("warning", "urbanopt.building", message, ids=idle)


def _buildings_at_nodes(junctions: Layer | None) -> dict[str, str]:
    """Return the building that each junction names; OpenDSS writes names in small letters."""
    if junctions is None or not junctions.has("buildingId"):
        return {}
    pairs = zip(junctions.ids, junctions.column("buildingId"), strict=True)
    return {str(node).lower(): str(building) for node, building in pairs if building}


def _routes(draft: Draft, connectors: Layer | None) -> None:
    """Let the lines follow the courses that the project draws."""
    if connectors is None or connectors.geometry is None:
        return
    shape = connectors.geometry
    rows = {str(one).lower(): row for row, one in enumerate(connectors.ids)}
    for line in draft.rows["line"]:
        row = rows.get(str(line["id"]).lower(), -1)
        course = shape.coords[shape.element_of_point == row, :2]
        if len(course) > 1:
            draft.routes[line["id"]] = course
