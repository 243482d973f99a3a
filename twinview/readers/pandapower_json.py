"""pandapower JSON: its tables as an electrical network in SI units."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twinview.i18n import N_, _
from twinview.model.part import Part
from twinview.progress import Job, Progress
from twinview.readers import crs as systems
from twinview.readers.common import electric, ppelements, ppmore, ppseries, pptables, texts
from twinview.readers.common.draft import Draft, finish, hold_voltage, profiled_stores
from twinview.readers.registry import Options, reader

if TYPE_CHECKING:
    from twinview.model.problem import Severity

_SIDES = {"l": "line", "t": "trafo", "t3": "trafo3w"}
_RX_OF_SWITCHES = 2.0  # pandapower's own assumption for switches with an impedance
_SILENT = ("res_", "_", "bus_geodata", "line_geodata")


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
    draft = Draft(path.name, problems=problems)
    ends = _ends(net)
    _elements(draft, net, ends)
    lost = ppmore.add(draft, net, ends, lambda table: _named(net.table(table), table))
    _switches(draft, net, ends)
    _places(draft, net, ends)
    _say_left_out(draft, net, lost)
    _say_assumed(draft, net)
    crs, reason = _system(draft, net, options)
    tables = ppseries.tables(draft, net, path, options)
    about = str(net.values.get("name") or "")
    return finish(draft, options, crs=crs, reason=reason, tables=tables, about=about)


def _ends(net: pptables.Net) -> ppmore.Ends:
    buses = net.table("bus")
    opened = {
        (_SIDES[str(row.get("et"))], pptables.index_of(row.get("element")),
         pptables.index_of(row.get("bus")))
        for row in net.table("switch").values()
        if str(row.get("et")) in _SIDES and not pptables.flag(row, "closed")
    }  # fmt: skip
    dead = {index for index, row in buses.items() if not pptables.flag(row, "in_service")}
    return ppmore.Ends(_named(buses, "bus"), dead, opened)


def _named(rows: Mapping[int, pptables.Row], table: str) -> dict[int, str]:
    taken: set[str] = set()
    names = {}
    for index, row in rows.items():
        name = str(row.get("name") or "").strip() or f"{table} {index}"
        name = name if name not in taken else f"{name}-{index}"
        taken.add(name)
        names[index] = name
    return names


def _elements(draft: Draft, net: pptables.Net, ends: ppmore.Ends) -> None:
    """Add the elements that are one row here as well."""
    held = []
    for table, component, make, columns, sides in ppelements.ELEMENTS:
        own = net.table(table)
        titles = ends.names if table == "bus" else _named(own, table)
        for index, row in own.items():
            made = make(net, row)
            for column, side in zip(columns, sides, strict=True):
                made[side] = ends.node(row, column)
                status = side.replace("node", "status")
                made[status] = ends.on(table, index, row, column)
            slack = table == "gen" and pptables.flag(row, "slack", False)
            if slack:
                made = {**ppelements.source(net, row), **{k: made[k] for k in ("node", "status")}}
            kind = "source" if slack else component
            name = draft.add(kind, titles[index], **made)
            held += [name] if "u_ref" in made and kind == "sym_gen" else []
            route = _route(net, table, index, row)
            if route is not None:
                draft.routes[name] = route
    held += [str(net.table("xward")[k].get("name") or f"xward {k}") for k in net.table("xward")]
    hold_voltage(draft, held)
    stores = net.table("storage").values()
    profiled_stores(draft, sum(isinstance(row.get("profile"), str) for row in stores))


def _switches(draft: Draft, net: pptables.Net, ends: ppmore.Ends) -> None:
    """Join the buses of closed switches; those with an impedance are short lines."""
    for index, row in net.table("switch").items():
        a, b = (pptables.index_of(row.get(key)) for key in ("bus", "element"))
        live = {a, b} <= set(ends.names) and not {a, b} & ends.dead
        if row.get("et") != "b" or not pptables.flag(row, "closed") or not live:
            continue
        ohm = pptables.number(row, "z_ohm")
        if ohm <= 0:
            draft.joined.append((ends.names[a], ends.names[b]))
            continue
        z = ohm * complex(_RX_OF_SWITCHES, 1.0) / math.hypot(_RX_OF_SWITCHES, 1.0)
        both = {"from_node": ends.names[a], "to_node": ends.names[b]}
        limit = pptables.number(row, "in_ka", math.nan) * 1e3
        made = electric.line(z, 0j, 1.0, i_n=limit)
        name = str(row.get("name") or f"switch {index}")
        draft.add("line", name, **both, from_status=1, to_status=1, **made, kind="switch")


def _places(draft: Draft, net: pptables.Net, ends: ppmore.Ends) -> None:
    """Take the points of the buses, from ``geo`` or from the former table ``bus_geodata``."""
    old = net.table("bus_geodata")
    for index, row in net.table("bus").items():
        own = pptables.points(row.get("geo"))
        x, y = (pptables.number(old.get(index, {}), key, math.nan) for key in "xy")
        point = (own[0][0], own[0][1]) if own else (x, y)
        if all(math.isfinite(value) for value in point):
            draft.points[ends.names[index]] = point


def _route(
    net: pptables.Net, table: str, index: int, row: pptables.Row
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]] | None:
    if table != "line":
        return None
    old = net.table("line_geodata").get(index, {})
    path = pptables.points(row.get("geo")) or pptables.points(old.get("coords"))
    return np.array(path, dtype=np.float64) if len(path) > 1 else None


def _say_left_out(draft: Draft, net: pptables.Net, lost: Mapping[str, list[str]]) -> None:
    """Name what has no counterpart, one problem for each table, and count what is not needed."""
    bare = {name: list(_named(net.table(name), name).values()) for name in ppelements.LEFT_OUT}
    for table, names in {**bare, **lost}.items():
        if names:
            message = _(
                "{count} of {component} were left out: this component is not used.",
                count=len(names),
                component=table,
            )
            fix = _("Replace them by lines, transformers and loads before saving.")
            draft.say("error", "network.component", message, fix, names)
    known = {name for name, *_rest in ppelements.ELEMENTS} | set(ppmore.TABLES) | {"switch"}
    for name, rows in net.tables.items():
        if name not in known | set(ppelements.LEFT_OUT) and not name.startswith(_SILENT):
            draft.ignored[name] = len(rows)


def _say_assumed(draft: Draft, net: pptables.Net) -> None:
    """Say in one sentence for each kind what was assumed of taps and loads."""
    units = {**net.table("trafo"), **{-1 - k: row for k, row in net.table("trafo3w").items()}}
    moved = [
        row
        for row in units.values()
        if pptables.number(row, "tap_pos") != pptables.number(row, "tap_neutral")
    ]
    partly = [row for row in net.table("load").values() if ppelements.is_mixed(row)]
    untold = [row for row in moved if row.get("tap_changer_type", "") is None]
    turned = [row for row in moved if not ppelements.tap_kind_is_ratio(row)]
    tabled = [row for row in units.values() if pptables.flag(row, "tap_dependency_table", False)]
    shifted = [
        row
        for row in moved
        if row not in turned and pptables.number(row, "tap_step_degree") not in {0.0, 180.0}
    ]
    phases = len(net.table("asymmetric_load")) + len(net.table("asymmetric_sgen"))
    counts: tuple[tuple[int, Severity, str, str], ...] = (
        (len(untold), "warning", "network.tap",
         N_("{count} transformers have a tap position of no kind; it is read as a ratio.")),
        (len(turned), "warning", "network.tap_phase",
         N_("{count} transformers change phase by taps; these taps were left at neutral.")),
        (len(shifted), "warning", "network.tap_phase",
         N_("{count} transformers change phase by taps; of these taps only the change of voltage "
            "was read.")),
        (len(tabled), "warning", "network.tap_table",
         N_("{count} transformers take figures from a table of taps; it was not used.")),
        (len(partly), "warning", "network.load_kind",
         N_("{count} loads depend partly on the voltage; they are read as of constant power.")),
        (phases, "info", "network.balanced",
         N_("{count} devices of unequal phases are read as balanced ones of the same power.")),
    )  # fmt: skip
    for count, severity, code, text in counts:
        if count:
            draft.say(severity, code, _(text, count=count))


def _system(draft: Draft, net: pptables.Net, options: Options) -> tuple[str, str]:
    """Return the coordinate system of the places and how it is known; a drawing has none."""
    if isinstance(net.values.get("crs"), str):
        return str(net.values["crs"]), ""
    points = np.array(list(draft.points.values())).reshape(-1, 2)
    if not len(points):
        return "", ""
    low, high = points.min(axis=0), points.max(axis=0)
    bounds = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    reach = sum(pptables.number(row, "length_km") for row in net.table("line").values())
    wide = max(high - low) * 100.0 > max(50.0, 2 * reach)  # a degree is about 100 km
    if not options.crs and systems.plausible(systems.WGS84, bounds) and wide:
        message = _(
            "The places in {file} are those of a drawing, not of a map; they were left out.",
            file=draft.file,
        )
        fix = _("Name the coordinate system with --crs if they are real.")
        draft.say("warning", "network.schematic", message, fix)
        draft.points.clear()
        draft.routes.clear()
    return systems.WGS84, _("pandapower writes places as longitude and latitude")
