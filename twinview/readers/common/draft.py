"""A network on the way from another program's tables: names, fused switches, what was left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem, Severity
from twinview.readers import crs as systems
from twinview.readers.common import network
from twinview.readers.registry import Options

Row = dict[str, Any]
Point = tuple[float, float]

BRANCHES = ("line", "link", "transformer", "generic_branch")
_ENDS = ("node", "from_node", "to_node")
_SHOWN = 10


@dataclass(eq=False)
class Draft:
    """A network being gathered.

    Parameters
    ----------
    file
        Name of the file it comes from.
    rows
        Rows of each component; nodes are named by id.
    points
        Place of a node by its id.
    routes
        Course of a line by its id, shape (m, 2).
    joined
        Pairs of nodes that closed switches make one.
    problems
        What was assumed or left out.
    title
        What the file says of itself.
    ignored, lost
        Tables that mean nothing to a power flow, and tables that would, with their rows.
    """

    file: str
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    points: dict[str, Point] = field(default_factory=dict)
    routes: dict[str, network.Place] = field(default_factory=dict)
    joined: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    ignored: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    _taken: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _index: dict[str, Row] = field(default_factory=dict)

    def add(self, component: str, name: str, /, **row: Any) -> str:
        """Add a row and return its id: the name, with a number behind where it is taken."""
        taken = self._taken[component]
        fresh = name
        for number in range(2, 2 + len(taken)):
            if fresh not in taken:
                break
            fresh = f"{name}-{number}"
        taken.add(fresh)
        self.rows[component].append({"id": fresh, **row})
        return fresh

    def say(
        self, severity: Severity, code: str, message: str, fix: str = "", ids: Sequence[str] = ()
    ) -> None:
        """Add a problem.

        Parameters
        ----------
        severity, code, message, fix
            As in `Problem`.
        ids
            Elements concerned.
        """
        self.problems.append(
            Problem(severity, code, message, fix, self.file, "", tuple(ids)[:1000])
        )

    def node(self, name: str) -> Row | None:
        """Return the row of a node, None where there is none of that name."""
        if len(self._index) != len(self.rows["node"]):
            self._index = {row["id"]: row for row in self.rows["node"]}
        return self._index.get(name)

    def rated(self, name: str) -> float:
        """Return the rated voltage of a node in volts, NaN where it is not known."""
        row = self.node(name)
        return float(row["u_rated"]) if row else np.nan


def finish(
    draft: Draft,
    options: Options,
    *,
    crs: str = "",
    reason: str = "",
    tables: Iterable[Table] = (),
    about: str = "",
) -> Part:
    """Return the network as a part: switches fused, bare lines made links, everything said.

    Parameters
    ----------
    draft
        The network; its rows are changed.
    options
        What the user says.
    crs, reason
        Coordinate system of the places as the file or its format says, and how it is known.
    tables
        Series of its devices.
    about
        What the file says of itself.
    """
    _fuse(draft)
    _circles(draft)
    draft.problems += network.bare_lines(draft.rows, draft.file)
    system, how = _system(draft, options, crs, reason)
    nodes = draft.rows["node"]
    points = np.array([draft.points.get(row["id"], (np.nan, np.nan)) for row in nodes])
    places = {"node": points.reshape(-1, 2)} if draft.points else {}
    routes = {"line": draft.routes, "link": draft.routes}
    layers, grid, dangling, counts = network.build(draft.rows, places, routes, draft.file)
    _say_supply(draft)
    _say_left_out(draft)
    problems = (*dangling, *draft.problems)
    return Part(system, how, layers, (grid,), tuple(tables), problems, counts, about)


def _fuse(draft: Draft) -> None:
    """Make nodes that closed switches join one: the one that comes first stands for all."""
    order = {row["id"]: place for place, row in enumerate(draft.rows["node"])}
    known = [pair for pair in draft.joined if pair[0] in order and pair[1] in order]
    unknown = [one for pair in draft.joined for one in pair if one not in order]
    if unknown:
        draft.say(
            "error",
            "network.dangling",
            _(
                "{count} switches end at nodes that are not there and were left out, first at "
                "{node}.",
                count=len(unknown),
                node=unknown[0],
            ),
        )
    if not known:
        return
    labels = _groups(len(order), [(order[a], order[b]) for a, b in known])
    _values, first = np.unique(labels, return_index=True)
    names = [row["id"] for row in draft.rows["node"]]
    stands = {name: names[first[label]] for name, label in zip(names, labels, strict=True)}
    kept = {names[place] for place in first}
    _move(draft, stands)
    for name, root in stands.items():
        if name in draft.points:
            draft.points.setdefault(root, draft.points[name])
    draft.rows["node"] = [row for row in draft.rows["node"] if row["id"] in kept]
    count = len(names) - len(kept)
    message = _(
        "{count} buses are joined to others by closed switches and are one with them.", count=count
    )
    draft.say("info", "network.fused", message)


def _groups(size: int, pairs: Sequence[tuple[int, int]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    from scipy.sparse import coo_array  # late: loading takes long, and few need it
    from scipy.sparse.csgraph import connected_components

    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _count, labels = connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _move(draft: Draft, stands: Mapping[str, str]) -> None:
    """Hang everything at the nodes that stand for its own."""
    for component, rows in draft.rows.items():
        if component == "node":
            continue
        for row in rows:
            for end in (e for e in _ENDS if e in row):
                row[end] = stands.get(row[end], row[end])


def _circles(draft: Draft) -> None:
    """Leave out branches that end where they begin."""
    circles = []
    for component in BRANCHES:
        rows = draft.rows[component]
        circles += [row["id"] for row in rows if row["from_node"] == row["to_node"]]
        rows[:] = [row for row in rows if row["from_node"] != row["to_node"]]
    if circles:
        message = _(
            "{count} branches begin and end at the same bus, also where closed switches make two "
            "buses one; nothing flows over them and they were left out, first {first}.",
            count=len(circles),
            first=circles[0],
        )
        draft.say("warning", "network.circle", message, ids=circles)


def _system(draft: Draft, options: Options, crs: str, reason: str) -> tuple[str, str]:
    """Return the coordinate system and how it is known, or ask."""
    drawn = np.array([p for p in draft.points.values() if np.isfinite(p).all()]).reshape(-1, 2)
    if not len(drawn):
        draft.points.clear()
        return "", ""
    (x0, y0), (x1, y1) = drawn.min(axis=0), drawn.max(axis=0)
    bounds = (float(x0), float(x1), float(y0), float(y1))
    known = bool(crs) and systems.plausible(crs, bounds)
    if options.crs and not (known and not systems.near(options.crs, bounds)):
        return systems.name_of(options.crs), _("given")
    if known:
        if options.crs:
            # One answer is given for all files that are read together.
            message = _(
                "The places in {file} cannot be in {given}; they were taken as {crs}.",
                file=draft.file, given=options.crs, crs=systems.name_of(crs),
            )  # fmt: skip
            draft.say("warning", "crs.not_given", message)
        return systems.name_of(crs), reason or _("file")
    raise systems.ask(draft.file, bounds)


def islands(draft: Draft) -> dict[str, int]:
    """Return the number of the part of the network, joined by closed branches, of each node."""
    nodes = draft.rows["node"]
    order = {row["id"]: place for place, row in enumerate(nodes)}
    pairs = [
        (order[row["from_node"]], order[row["to_node"]])
        for name in BRANCHES
        for row in draft.rows[name]
        if row.get("from_status", 1)
        and row.get("to_status", 1)
        and row["from_node"] in order
        and row["to_node"] in order
    ]
    pairs += [(order[a], order[b]) for a, b in draft.joined if a in order and b in order]
    labels = _groups(len(nodes), pairs) if nodes else np.zeros(0, dtype=np.int64)
    return {name: int(label) for name, label in zip(order, labels, strict=True)}


def _say_supply(draft: Draft) -> None:
    """Name the nodes that no source feeds."""
    sources = [row["node"] for row in draft.rows["source"] if row.get("status", 1)]
    if not sources:
        message = _(
            "{file} names no source that is switched on; nothing can be computed.", file=draft.file
        )
        fix = _("Add a grid connection (slack bus) to the network.")
        draft.say("error", "network.no_source", message, fix)
        return
    part = islands(draft)
    fed = {part[node] for node in sources if node in part}
    dark = [name for name, label in part.items() if label not in fed]
    if dark:
        message = _(
            "{count} nodes are not joined with any source and stay without voltage, first {first}.",
            count=len(dark),
            first=dark[0],
        )
        fix = _("Close a switch or add a source there if they are in use.")
        draft.say("warning", "network.island", message, fix, dark)


def _say_left_out(draft: Draft) -> None:
    """List the tables that were not read."""
    levels: tuple[tuple[Counter[str], Severity, str, str], ...] = (
        (
            draft.lost,
            "error",
            _("Left out, as they are not computed with: {tables}."),
            _("Replace them by lines, transformers and loads if they matter."),
        ),
        (draft.ignored, "info", _("Not needed and not read: {tables}."), ""),
    )
    for counts, severity, text, fix in levels:
        rows = [f"{name} ({count})" for name, count in counts.items() if count]
        if rows:
            shown = ", ".join(rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")
            draft.say(severity, "network.ignored", text.format(tables=shown), fix)


def hold_voltage(draft: Draft, names: Sequence[str]) -> None:
    """Say that generators hold a voltage: those of the rows with ``u_ref``.

    Parameters
    ----------
    draft
        The network.
    names
        Their ids.
    """
    if names:
        message = _(
            "{count} generators hold a voltage, first {first}; their reactive power is sought so "
            "that they do, within the limits that the file gives.",
            count=len(names),
            first=names[0],
        )
        draft.say("info", "network.voltage_control", message, ids=names)


def profiled_stores(draft: Draft, count: int) -> None:
    """Say that SimBench's profiles of stores are not used.

    Parameters
    ----------
    draft
        The network.
    count
        Stores that name one.
    """
    if count:
        message = _(
            "The profiles of {count} storage units were not read: they are the feed-in of homes "
            "with panels and a battery, not charging; the storage follows its rule.",
            count=count,
        )
        draft.say("info", "storage.profile", message)
