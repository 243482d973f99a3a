"""PyPSA networks: a folder of CSV files, the same in a zip archive, or netCDF."""

import math
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import arrays, folders, netcdf, pypsa_branches, pypsa_source
from twinview.readers.common.draft import Draft, Row, finish, hold_voltage, islands
from twinview.readers.common.pypsa_source import Source
from twinview.readers.common.rows import TextRow, flag, number, text
from twinview.readers.registry import Options, reader

_MEGA, _KILO = 1e6, 1e3
_STIFF = 1e20
_POWER_CARRIERS = {"", "ac", "electricity", "low voltage", "elec"}
_POINT = re.compile(r"(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)")
_HERE = {
    "buses",
    "lines",
    "transformers",
    "loads",
    "generators",
    "storage_units",
    "shunt_impedances",
}
_LOST = ("links", "stores", "processes")


def sniff(path: Path, head: bytes) -> int:
    """Score a folder or archive that holds ``buses.csv``, or a netCDF file."""
    if head.startswith(netcdf.SIGNATURE):
        return 60
    return 76 if folders.holds(path, head, ("buses.csv",)) else 0


@reader("PyPSA", patterns=["*.zip", "*.nc"], score=76, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a network with the series of its loads and generators."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    if path.suffix.lower() == ".nc" and path.is_file():
        if not netcdf.is_network(path):
            with netcdf.opened(path) as variables:
                return (yield from part_of(arrays.read(variables, path, options), 0.1, 1.0))
        source = pypsa_source.from_netcdf(path, options)
    else:
        with folders.opened(path, {".csv", ".json"}) as folder:
            source = pypsa_source.from_folder(folder, options)
    yield Progress(0.5, _("Building the network"))
    draft = Draft(path.name, problems=list(source.problems))
    tables = _electric(draft, source)
    _nodes(draft, tables["buses"])
    pypsa_branches.lines(draft, tables, _routes(tables["lines"]))
    pypsa_branches.transformers(draft, tables)
    _shunts(draft, tables["shunt_impedances"])
    series = _loads(draft, tables["loads"], source) + _generators(draft, tables, source)
    _stores(draft, tables["storage_units"])
    for name in _LOST:
        draft.lost[name] += len(source.tables[name])
    draft.ignored += source.others
    return finish(draft, options, crs=source.crs, tables=series, about=source.name)


def _electric(draft: Draft, source: Source) -> dict[str, list[dict[str, str]]]:
    """Return the tables without what hangs at buses of gas, heat and other carriers."""
    other = {
        row["name"]
        for row in source.tables["buses"]
        if text(row, "carrier").lower() not in _POWER_CARRIERS
    }
    if len(other) == len(source.tables["buses"]):
        other = set()
    kept = {}
    for name, table in source.tables.items():
        ends = ("name",) if name == "buses" else ("bus", "bus0", "bus1")
        kept[name] = [row for row in table if not other & {row.get(end, "") for end in ends}]
        if name in _HERE and len(kept[name]) < len(table):
            draft.lost[_("{table} of other carriers", table=name)] = len(table) - len(kept[name])
    return kept


def _nodes(draft: Draft, buses: list[dict[str, str]]) -> None:
    places = {
        row["name"]: (number(row, "x", math.nan), number(row, "y", math.nan)) for row in buses
    }
    real = len(set(places.values())) > 1
    for row in buses:
        extra = {key: text(row, key) for key in ("country", "location") if text(row, key)}
        title = text(row, "osm_name")
        name = draft.add(
            "node",
            row["name"],
            u_rated=number(row, "v_nom", 1.0) * _KILO,
            **({"name": title} if title else {}),
            **extra,
        )
        if real:
            draft.points[name] = places[row["name"]]


def _routes(lines: list[dict[str, str]]) -> dict[str, np.ndarray]:
    """Return the courses of lines that a column holds as well-known text."""
    found = {}
    for row in lines:
        for key, value in row.items():
            if not (key.startswith("wkt") or key == "geometry") or "LINESTRING" not in value:
                continue
            points = [(float(x), float(y)) for x, y in _POINT.findall(value.partition("(")[2])]
            if len(points) > 1:
                found[row["name"]] = np.array(points)
    return found


def _shunts(draft: Draft, table: list[dict[str, str]]) -> None:
    for row in table:
        on = int(flag(row, "active"))
        g, b = number(row, "g"), number(row, "b")
        draft.add("shunt", row["name"], node=row.get("bus", ""), status=on, g1=g, b1=b)


def _loads(draft: Draft, table: list[dict[str, str]], source: Source) -> list[Table]:
    p, q = source.series.get("loads-p_set"), source.series.get("loads-q_set")
    for row in table:
        made = _power(row, p, q, "load")
        status = int(flag(row, "active"))
        draft.add("sym_load", row["name"], node=row.get("bus", ""), status=status, **made)
    return [*_profiles(p, "loads", _("Loads"), "load"),
            *_profiles(q, "loads_q", _("Reactive power of the loads"), "load", "var")]  # fmt: skip


def _power(row: TextRow, p: Table | None, q: Table | None, prefix: str) -> Row:
    """Return the powers of a device: fixed, or profiles of its own and their means."""
    name = row["name"]
    fixed = {key: number(row, f"{key}_set") for key in "pq"}
    for key, one in (("p", p), ("q", q)):
        if one is not None and name in one.columns:
            values = one.values[:, one.columns.index(name)]
            fixed[key] = float(np.nanmean(values)) if np.isfinite(values).any() else 0.0
    made: Row = {
        "type": 0,
        "p_specified": fixed["p"] * _MEGA,
        "q_specified": fixed["q"] * _MEGA,
    }
    made |= _moving(p, name, prefix, ("profile", "scale_w"), "W", made["p_specified"])
    return made | _moving(q, name, prefix, ("profile_q", "scale_var"), "var", made["q_specified"])


def _moving(
    table: Table | None, name: str, prefix: str, keys: tuple[str, str], unit: str, fixed: float
) -> Row:
    """Return a device's profile in a table and its scale; a fixed power times ones without one."""
    if table is None:
        return {}
    own = name in table.columns
    profile = _profile(prefix, unit, name) if own else _profile(prefix, unit)
    return {keys[0]: profile, keys[1]: _MEGA if own else fixed}


def _profile(prefix: str, unit: str, name: str = "") -> str:
    """Return the name of a device's profile, or of the one of what does not change."""
    mark = "" if unit == "W" else f" {unit}"
    return f"{prefix} {name}{mark}" if name else f"constant {prefix}{mark}"


def _profiles(
    table: Table | None, name: str, title: str, prefix: str, unit: str = "W"
) -> list[Table]:
    """Return a table whose columns are profiles, with one of ones for what does not change."""
    if table is None:
        return []
    ones = np.ones((table.time.count, 1), dtype=np.float32)
    columns = (*(_profile(prefix, unit, one) for one in table.columns), _profile(prefix, unit))
    values = np.concatenate([table.values, ones], axis=1)
    quantity = {"W": "power", "var": "reactive_power"}[unit]
    units = (f"M{unit}",) * len(columns)
    return [Table(name, title, table.time, columns, values, units, quantity)]


def _generators(
    draft: Draft, tables: Mapping[str, list[dict[str, str]]], source: Source
) -> list[Table]:
    p = source.series.get("generators-p") or source.series.get("generators-p_set")
    q = source.series.get("generators-q") or source.series.get("generators-q_set")
    active = [row for row in tables["generators"] if flag(row, "active")]
    slack = _slack(draft, active)
    voltage = {row["name"]: number(row, "v_mag_pu_set", 1.0) for row in tables["buses"]}
    held, idle = [], 0
    for row in tables["generators"]:
        node = row.get("bus", "")
        if row["name"] in slack:
            draft.add("source", row["name"], node=node, status=1, u_ref=voltage.get(node, 1.0),
                      sk=_STIFF, carrier=text(row, "carrier"))  # fmt: skip
            continue
        made = _power(row, p, q, "generator")
        status = int(flag(row, "active"))
        extra = {"kind": text(row, "carrier"), "p_nom_w": number(row, "p_nom") * _MEGA}
        if text(row, "control") == "PV" and status:
            extra["u_ref"] = voltage.get(node, 1.0)
        name = draft.add("sym_gen", row["name"], node=node, status=status, **made, **extra)
        held += [name] if "u_ref" in extra else []
        idle += not made["p_specified"]
    hold_voltage(draft, held)
    if idle and idle == len(draft.rows["sym_gen"]):
        message = _(
            "None of the {count} generators says what it feeds in: {file} holds no dispatch. They "
            "stand at zero, so that all power comes from the slack bus, which a large network "
            "cannot carry.",
            count=idle,
            file=draft.file,
        )
        fix = _("Optimise the network in PyPSA (n.optimize()), export it again and add that.")
        draft.say("error", "network.no_dispatch", message, fix)
    title = _("Reactive power of the generators")
    return [*_profiles(p, "generators", _("Generators"), "generator"),
            *_profiles(q, "generators_q", title, "generator", "var")]  # fmt: skip


def _slack(draft: Draft, active: list[dict[str, str]]) -> set[str]:
    """Return the slack generator of each part of the network: the named one, else the first."""
    part = islands(draft)
    here = [row for row in active if row.get("bus", "") in part]
    chosen: dict[int, str] = {}
    for row in sorted(here, key=lambda row: text(row, "control") != "Slack"):
        chosen.setdefault(part[row["bus"]], row["name"])
    named = {row["name"] for row in here if text(row, "control") == "Slack"}
    taken = [name for name in chosen.values() if name not in named]
    if taken:
        message = _(
            "No generator is marked as slack in {count} parts of the network; as in PyPSA the "
            "first one is, {first}.",
            count=len(taken),
            first=taken[0],
        )
        draft.say("warning", "network.slack_chosen", message, ids=taken)
    return set(chosen.values())


def _stores(draft: Draft, table: list[dict[str, str]]) -> None:
    for row in table:
        power = number(row, "p_nom")
        energy = power * number(row, "max_hours", 1.0)
        start = number(row, "state_of_charge_initial") / energy if energy else 0.0
        draft.add(
            "storage",
            row["name"],
            node=row.get("bus", ""),
            status=int(flag(row, "active")),
            energy_wh=energy * _MEGA,
            power_w=power * _MEGA,
            eta_charge=number(row, "efficiency_store", 1.0),
            eta_discharge=number(row, "efficiency_dispatch", 1.0),
            standing_loss_per_hour=number(row, "standing_loss"),
            soc0=min(1.0, max(0.0, start)),
            kind=text(row, "carrier"),
        )
