"""pandapipes JSON: its tables as a network of heat, cooling or gas, read as plain data."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers import crs as systems
from twinview.readers.common import network, piping, ppipes, pptables, texts
from twinview.readers.registry import Options, ReadError, reader


def sniff(path: Path, head: bytes) -> int:
    """Score a file: JSON of a class pandapipesNet."""
    return 90 if texts.is_json(head) and texts.mentions(path, head, '"pandapipesNet"') else 0


@reader("pandapipes JSON", patterns=["*.json"], score=90, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a pandapipes network."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    content, problems = texts.load_json(path, options.encoding)
    net = pptables.to_net(content, path)
    if not net.table("junction"):
        raise ReadError(_("{file} holds no junctions of a pipe network.", file=path.name))
    yield Progress(0.5, _("Building the network"))
    piped = ppipes.elements(net, path.name)
    piping.with_carrier(piped.rows, piped.carrier)
    places, mapped = _places(net)
    routes = _routes(net, piped.rows, mapped)
    crs, reason = _system(places, options, path)
    layers, grid, dangling, counts = network.build(
        piped.rows, places, routes, path.name, piping.scheme(piped.carrier)
    )
    said = [*problems, *piped.problems, *_two_places(net, mapped, path), *dangling]
    about = str(net.values.get("name") or "")
    return Part(crs, reason, layers, (grid,), problems=tuple(said), rows=counts,
                about="" if about == "net" else about)  # fmt: skip


def _places(net: pptables.Net) -> tuple[dict[str, network.Place], bool]:
    """Return the points of the junctions, and whether they are those of ``junction_geodata``.

    The table is preferred: the column ``geo`` exists with its axes in either order.
    """
    table = net.table("junction_geodata")
    from_table = [
        [pptables.number(table.get(i, {}), axis, np.nan) for axis in ("x", "y")]
        for i in net.table("junction")
    ]
    array = np.array(from_table, dtype=np.float64).reshape(-1, 2)
    mapped = bool(np.isfinite(array).any())
    if not mapped:
        found = [pptables.points(row.get("geo")) for row in net.table("junction").values()]
        array = np.array([one[0] if one else [np.nan, np.nan] for one in found]).reshape(-1, 2)
    return ({"node": array} if np.isfinite(array).any() else {}), mapped


def _routes(
    net: pptables.Net, rows: ppipes.Rows, mapped: bool
) -> dict[str, dict[str, network.Place]]:
    """Return the routes of the pipes, from the same kind of table as the places."""
    table = net.table("pipe_geodata")
    found: dict[str, dict[str, network.Place]] = {"pipe": {}, "return_pipe": {}}
    for component, routes in found.items():
        for made in rows.get(component, ()):
            index = made.pop("index")
            own = table.get(index, {}).get("coords") if mapped else None
            own = own if mapped else net.table("pipe")[index].get("geo")
            path = pptables.points(own)
            if len(path) > 1:
                routes[made["id"]] = np.array(path, dtype=np.float64)
    for made in rows.get("valve", ()):
        made.pop("index")
    return found


def _two_places(net: pptables.Net, mapped: bool, path: Path) -> list[Problem]:
    """Say that the column ``geo`` was passed over where there is a table of places as well."""
    both = mapped and any(row.get("geo") for row in net.table("junction").values())
    if not both:
        return []
    message = _(
        "{file} gives places twice; those of its tables of geodata were taken, and the columns "
        "'geo', whose axes may be in either order, were not.",
        file=path.name,
    )
    return [Problem("info", "pipes.places", message, "", path.name)]


def _system(places: Mapping[str, network.Place], options: Options, path: Path) -> tuple[str, str]:
    if not places:
        return "", ""
    if options.crs:
        return systems.name_of(options.crs), _("given")
    low, high = np.nanmin(places["node"], axis=0), np.nanmax(places["node"], axis=0)
    raise systems.ask(path.name, (low[0], high[0], low[1], high[1]))
