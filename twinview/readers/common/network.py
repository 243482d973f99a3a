"""A network as layers: a table per component, rows refer to nodes by id, data in SI units."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import N_, _
from twinview.model.geometry import Geometry, offsets, with_height
from twinview.model.problem import Problem
from twinview.model.twin import Layer, Network

Row = dict[str, Any]
Place = npt.NDArray[np.float64]

COMPONENTS: dict[str, tuple[str, str]] = {
    "node": ("node", N_("Nodes")),
    "line": ("line", N_("Lines")),
    "link": ("line", N_("Switches")),
    "transformer": ("transformer", N_("Transformers")),
    "generic_branch": ("transformer", N_("Branches with a ratio")),
    "source": ("source", N_("Grid connections")),
    "sym_load": ("load", N_("Loads")),
    "sym_gen": ("generator", N_("Generators")),
    "shunt": ("other", N_("Shunts")),
    "storage": ("storage", N_("Storage")),
}
_LINES = ("line", "link", "pipe", "return_pipe", "valve")
_BRANCHES = (*_LINES, "transformer", "generic_branch")
_NOWHERE = np.empty((0, 3))


@dataclass(frozen=True)
class Scheme:
    """Which components a network has, and what they are called.

    Parameters
    ----------
    id, title, carrier
        Of the network.
    components
        Kind and title of the layer of each component.
    prefix
        Before the component in the id of its layer, since layers of several networks lie together.
    """

    id: str
    title: str
    carrier: str
    components: Mapping[str, tuple[str, str]]
    prefix: str = ""


ELECTRICITY = Scheme("electricity", N_("Electricity"), "electricity", COMPONENTS)


def build(
    rows: Mapping[str, Sequence[Row]],
    places: Mapping[str, Place],
    routes: Mapping[str, Mapping[str, Place]],
    file: str,
    scheme: Scheme = ELECTRICITY,
) -> tuple[tuple[Layer, ...], Network, tuple[Problem, ...], dict[str, tuple[int, int]]]:
    """Return the layers of a network, the network, what was left out, and the counts.

    Parameters
    ----------
    rows
        Rows of each component: ``id``, node references and data.
    places
        By component: a point per row, shape (n, 2), NaN where unknown; left out where none is.
    routes
        By component and id: points of a branch, shape (m, 2).
    file
        Name of the file.
    scheme
        Its carrier and components.
    """
    problems: list[Problem] = []
    node_rows = list(rows.get("node", ()))
    where = _node_places(node_rows, places)
    layers, counts, tables = [], {}, {}
    for component in scheme.components:
        own = list(rows.get(component, ()))
        if not own:
            continue
        kept, lost = _with_nodes(component, own, set(where))
        problems += _dangling(component, own, lost, set(where), file)
        counts[scheme.prefix + component] = (len(own), len(kept))
        if not kept:
            continue
        place = places.get(component)
        place = None if place is None else place[kept]
        own = [own[row] for row in kept]
        shape = _shape(component, own, place, where, routes.get(component, {}))
        kind, title = scheme.components[component]
        layers.append(Layer(scheme.prefix + component, title, kind, to_table(own), shape))
        tables[component] = layers[-1].id
    network = Network(scheme.id, _(scheme.title), scheme.carrier, tables)
    return tuple(layers), network, tuple(problems), counts


def bare_lines(rows: dict[str, list[Row]], file: str) -> list[Problem]:
    """Turn lines without impedance into links, over which no loss can be computed, and say so.

    Parameters
    ----------
    rows
        Rows of each component; changed.
    file
        Name of the file.
    """
    lines = rows.get("line", [])
    bare = [row for row in lines if row.get("r1") == 0 and row.get("x1") == 0]
    if not bare:
        return []
    kept = ("id", "from_node", "to_node", "from_status", "to_status")
    links = [{key: row[key] for key in kept if key in row} for row in bare]
    rows["link"] = [*rows.get("link", []), *links]
    rows["line"] = [row for row in lines if row.get("r1") != 0 or row.get("x1") != 0]
    message = _(
        "{count} lines have no impedance and are read as switches, first {first}.",
        count=len(bare),
        first=bare[0]["id"],
    )
    ids = tuple(row["id"] for row in bare)
    return [Problem("warning", "network.zero_impedance", message, "", file, "", ids)]


def _node_places(rows: Sequence[Row], places: Mapping[str, Place]) -> dict[str, Place]:
    points = places.get("node", np.full((len(rows), 2), np.nan))
    return {row["id"]: point for row, point in zip(rows, points, strict=True)}


def _ends(component: str) -> tuple[str, ...]:
    if component == "node":
        return ()
    return ("from_node", "to_node") if component in _BRANCHES else ("node",)


def _with_nodes(
    component: str, rows: Sequence[Row], known: set[str]
) -> tuple[list[int], list[int]]:
    good: list[int] = []
    bad: list[int] = []
    for place, row in enumerate(rows):
        whole = all(row.get(end) in known for end in _ends(component))
        (good if whole else bad).append(place)
    return good, bad


def _dangling(
    component: str, rows: Sequence[Row], lost: Sequence[int], known: set[str], file: str
) -> list[Problem]:
    if not lost:
        return []
    first = rows[lost[0]]
    end = next(e for e in _ends(component) if first.get(e) not in known)
    return [
        Problem(
            "error",
            "network.dangling",
            _(
                "{count} of {component} end at a node that is not there and were left out, first "
                "{first} at {node}.",
                count=len(lost),
                component=component,
                first=first["id"],
                node=first.get(end),
            ),
            _("Add the nodes or correct the references."),
            file,
            component,
            tuple(rows[row]["id"] for row in lost),
        )
    ]


def _shape(
    component: str,
    rows: Sequence[Row],
    place: Place | None,
    where: Mapping[str, Place],
    routes: Mapping[str, Place],
) -> Geometry | None:
    if component in _LINES:
        shape = line_shapes([_path(row, where, routes) for row in rows])
    else:
        shape = point_shapes(_points(component, rows, place, where))
    return shape if len(shape.coords) > 0 else None


def _path(row: Row, where: Mapping[str, Place], routes: Mapping[str, Place]) -> Place:
    route = routes.get(row["id"])
    if route is not None and len(route) > 1:
        return route
    ends = np.stack([where[row["from_node"]], where[row["to_node"]]])
    return ends if np.isfinite(ends).all() else _NOWHERE[:, :2]


def _points(
    component: str, rows: Sequence[Row], place: Place | None, where: Mapping[str, Place]
) -> Place:
    own = np.full((len(rows), 2), np.nan) if place is None else place.copy()
    if component == "node":
        return own
    end = _ends(component)[0]
    for row in np.flatnonzero(~np.isfinite(own).all(axis=1)).tolist():
        own[row] = where[rows[row][end]]
    return own


def point_shapes(points: Place) -> Geometry:
    """Return one point per row; rows with NaN have none.

    Parameters
    ----------
    points
        Shape (n, 2).
    """
    there = np.asarray(np.isfinite(points).all(axis=1))
    coords = with_height(points[there])
    one = np.arange(len(coords) + 1, dtype=np.int32)
    return Geometry("point", coords, one, one, offsets(there.astype(np.int64)))


def line_shapes(paths: Sequence[Place]) -> Geometry:
    """Return one polyline per path; empty paths have none.

    Parameters
    ----------
    paths
        Arrays of shape (m, 2).
    """
    drawn = [path for path in paths if len(path)]
    coords = with_height(np.concatenate(drawn)) if drawn else _NOWHERE
    one = np.arange(len(drawn) + 1, dtype=np.int32)
    return Geometry(
        "line",
        coords,
        offsets([len(path) for path in drawn]),
        one,
        offsets([int(len(path) > 0) for path in paths]),
    )


def to_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table of plain columns, ``id`` first.

    Parameters
    ----------
    rows
        Mappings from column to value; a key may be missing in some.
    """
    names = dict.fromkeys(["id", *(name for row in rows for name in row)])
    return pa.table({name: plain_array([row.get(name) for row in rows]) for name in names})


def plain_array(values: Sequence[Any]) -> pa.Array:
    """Return values as text, whole numbers, numbers or yes and no, whichever holds all of them.

    Parameters
    ----------
    values
        Any values as JSON has them.
    """
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(v is None or abs(v) < 2**63 for v in values):
        return pa.array(values, pa.int64())
    if kinds and kinds <= {int, float, bool}:
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array([None if v is None else _text(v) for v in values], pa.string())


def _text(value: Any) -> str:
    nested = isinstance(value, dict | list)
    return json.dumps(value, ensure_ascii=False) if nested else str(value)
