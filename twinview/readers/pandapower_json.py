"""pandapower JSON: its tables as an electrical network in SI units."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from twinview.i18n import N_, _
from twinview.model.part import Part
from twinview.model.problem import Problem, Severity
from twinview.progress import Job, Progress
from twinview.readers import crs as systems
from twinview.readers.common import network, ppelements, pptables, texts
from twinview.readers.registry import Options, reader

_SIDES = {"l": ("line", "from_bus", "to_bus"), "t": ("trafo", "hv_bus", "lv_bus")}
Rows = dict[str, list[dict[str, Any]]]


def sniff(path: Path, head: bytes) -> int:
    """Score a file: JSON of a class pandapowerNet."""
    return 90 if texts.is_json(head) and texts.mentions(path, head, '"pandapowerNet"') else 0


@reader("pandapower JSON", patterns=["*.json"], score=90, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a pandapower network."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    content, problems = texts.load_json(path, options.encoding)
    net = pptables.to_net(content, path)
    yield Progress(0.5, _("Building the network"))
    names, fused = _buses(net)
    rows = _elements(net, names, fused)
    problems += _left_out(net, path) + _notes(net, fused, path)
    places, routes = _places(net, fused), _routes(net, rows["line"])
    _links(rows)
    crs, reason, said = _system(net, places, options, path)
    if said:
        problems, places, routes = [*problems, said], {}, {}
    layers, grid, dangling, counts = network.build(
        rows, places, {"line": routes, "link": routes}, path.name
    )
    about = str(net.values.get("name") or "")
    return Part(
        crs, reason, layers, (grid,), problems=(*problems, *dangling), rows=counts, about=about
    )


def _buses(net: pptables.Net) -> tuple[dict[int, str], dict[int, int]]:
    """Return each bus's name, and the bus that stands for it where closed switches join several."""
    buses = net.table("bus")
    stands = {index: index for index in buses}

    def root(index: int) -> int:
        while stands[index] != index:
            stands[index] = stands[stands[index]]
            index = stands[index]
        return index

    for switch in net.table("switch").values():
        ends = (switch.get("bus"), switch.get("element"))
        if switch.get("et") == "b" and pptables.flag(switch, "closed") and set(ends) <= set(stands):
            a, b = sorted(root(int(end)) for end in ends)  # type: ignore[arg-type]
            stands[b] = a
    fused = {index: root(index) for index in buses}
    return _named(buses, "bus"), fused


def _named(rows: Mapping[int, pptables.Row], table: str) -> dict[int, str]:
    taken: set[str] = set()
    names = {}
    for index, row in rows.items():
        name = str(row.get("name") or "").strip() or f"{table} {index}"
        name = name if name not in taken else f"{name}-{index}"
        taken.add(name)
        names[index] = name
    return names


def _elements(net: pptables.Net, names: Mapping[int, str], fused: Mapping[int, int]) -> Rows:
    rows: Rows = {component: [] for _t, component, *_rest in ppelements.ELEMENTS}
    opened = _open_ends(net)
    dead = {
        index for index, bus in net.table("bus").items() if not pptables.flag(bus, "in_service")
    }
    for table, component, make, columns, ends in ppelements.ELEMENTS:
        own = net.table(table)
        titles = names if table == "bus" else _named(own, table)
        for index, row in own.items():
            if table == "bus" and fused[index] != index:
                continue
            made = make(net, row)
            made.pop("name", None)
            at = [_index(row.get(column)) for column in columns]
            said = {
                end: names.get(fused.get(bus, -1), str(bus))
                for end, bus in zip(ends, at, strict=True)
            }
            status = _status(table, index, row, at, opened, dead)
            rows[component].append({"id": titles[index], **said, **status, **made})
    _distinct(rows["sym_gen"])
    return rows


def _distinct(rows: list[dict[str, Any]]) -> None:
    """Rename the second of two rows of one name: generators come from two tables."""
    taken: set[str] = set()
    for row in rows:
        row["id"] = row["id"] if row["id"] not in taken else f"{row['id']}-gen"
        taken.add(row["id"])


def _links(rows: Rows) -> None:
    """Turn lines without impedance into links: no power flow can be computed over them."""
    bare = [row for row in rows["line"] if not row["r1"] and not row["x1"]]
    if bare:
        kept = ("id", "from_node", "to_node", "from_status", "to_status")
        rows["link"] = [{key: row[key] for key in kept} for row in bare]
        rows["line"] = [row for row in rows["line"] if row["r1"] or row["x1"]]


def _index(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and value == value else -1  # noqa: PLR0124


def _open_ends(net: pptables.Net) -> set[tuple[str, int, int]]:
    """Return (table, element, bus) of each open switch at the end of a branch."""
    return {
        (_SIDES[str(switch.get("et"))][0], _index(switch.get("element")), _index(switch.get("bus")))
        for switch in net.table("switch").values()
        if str(switch.get("et")) in _SIDES and not pptables.flag(switch, "closed")
    }


def _status(
    table: str,
    index: int,
    row: pptables.Row,
    at: list[int],
    opened: set[tuple[str, int, int]],
    dead: set[int],
) -> dict[str, int]:
    on = pptables.flag(row, "in_service")
    if table == "bus":
        return {}
    states = [int(on and bus not in dead and (table, index, bus) not in opened) for bus in at]
    if len(states) == 1:
        return {"status": states[0]}
    return {"from_status": states[0], "to_status": states[1]}


def _left_out(net: pptables.Net, path: Path) -> list[Problem]:
    return [
        Problem(
            "error",
            "network.component",
            _(
                "{count} of {component} were left out: this component is not used.",
                count=len(net.table(name)),
                component=name,
            ),
            _("Replace them by lines, transformers and loads before saving."),
            path.name,
            name,
        )
        for name in ppelements.LEFT_OUT
        if net.table(name)
    ]


def _notes(net: pptables.Net, fused: Mapping[int, int], path: Path) -> list[Problem]:
    moved = [
        row.get("tap_changer_type")
        for row in net.table("trafo").values()
        if pptables.number(row, "tap_pos") != pptables.number(row, "tap_neutral")
        and "tap_changer_type" in row
    ]
    counts: tuple[tuple[int, Severity, str, str], ...] = (
        (
            sum(index != root for index, root in fused.items()),
            "info",
            "network.fused",
            N_("{count} buses are joined to others by closed switches and are one with them."),
        ),
        (
            len(net.table("gen")),
            "warning",
            "network.voltage_control",
            N_("{count} generators hold a voltage; they are read with fixed power, reactive 0."),
        ),
        (
            moved.count(None),
            "warning",
            "network.tap",
            N_("{count} transformers have a tap position of no kind; it is read as a ratio."),
        ),
        (
            sum(kind not in {None, "Ratio", "Symmetrical"} for kind in moved),
            "warning",
            "network.tap_phase",
            N_("{count} transformers change phase by taps; these taps were left at neutral."),
        ),
    )
    return [
        Problem(severity, code, _(text, count=count), "", path.name)
        for count, severity, code, text in counts
        if count
    ]


def _places(net: pptables.Net, fused: Mapping[int, int]) -> dict[str, network.Place]:
    """Return the points of the nodes, from ``geo`` or from the former table ``bus_geodata``."""
    geodata = net.table("bus_geodata")
    points = []
    for index, row in net.table("bus").items():
        if fused[index] != index:
            continue
        own = pptables.points(row.get("geo"))
        old = geodata.get(index, {})
        pair = [pptables.number(old, "x", np.nan), pptables.number(old, "y", np.nan)]
        points.append(own[0] if own else pair)
    array = np.array(points, dtype=np.float64).reshape(-1, 2)
    return {"node": array} if np.isfinite(array).any() else {}


def _routes(net: pptables.Net, rows: list[dict[str, Any]]) -> dict[str, network.Place]:
    old = net.table("line_geodata")
    found = {}
    for (index, row), made in zip(net.table("line").items(), rows, strict=True):
        path = pptables.points(row.get("geo")) or pptables.points(old.get(index, {}).get("coords"))
        if len(path) > 1:
            found[made["id"]] = np.array(path, dtype=np.float64)
    return found


def _system(
    net: pptables.Net, places: Mapping[str, network.Place], options: Options, path: Path
) -> tuple[str, str, Problem | None]:
    """Return the coordinate system, how it is known, and what is wrong with the places."""
    if not places:
        return "", "", None
    if options.crs:
        return systems.name_of(options.crs), _("given"), None
    if isinstance(net.values.get("crs"), str):
        return systems.name_of(str(net.values["crs"])), _("file"), None
    low, high = np.nanmin(places["node"], axis=0), np.nanmax(places["node"], axis=0)
    bounds = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    if not systems.plausible(systems.WGS84, bounds):
        raise systems.ask(path.name, bounds)
    reach = sum(pptables.number(row, "length_km") for row in net.table("line").values())
    if max(high - low) * 100.0 > max(50.0, 2 * reach):  # a degree is about 100 km
        message = _(
            "The places in {file} are those of a drawing, not of a map; they were left out.",
            file=path.name,
        )
        fix = _("Name the coordinate system with --crs if they are real.")
        return "", "", Problem("warning", "network.schematic", message, fix, path.name)
    return systems.WGS84, _("pandapower writes places as longitude and latitude"), None
