"""PyPSA's two encodings, a folder of CSV files and netCDF, as the same tables and series."""

import json
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.readers.common import forms, frames, netcdf, profiles, rows
from twinview.readers.registry import Options, ReadError

TABLES = (
    "buses", "lines", "transformers", "loads", "generators", "storage_units", "stores", "links",
    "shunt_impedances", "line_types", "transformer_types", "processes",
)  # fmt: skip
SERIES = (
    "loads-p_set", "loads-q_set", "generators-p", "generators-p_set", "generators-q",
    "generators-q_set",
)  # fmt: skip
_NO_DATA = {"snapshots", "network", "meta", "crs", "carriers", "investment_periods"}
_DEFAULT_CRS = "EPSG:4326"

Rows = list[dict[str, str]]


class _Everything:
    """A container of all names."""

    def __contains__(self, name: object) -> bool:
        """Hold any name."""
        return True


_ALL: Container[str] = _Everything()


@dataclass(eq=False)
class Source:
    """A network as PyPSA stores it.

    Parameters
    ----------
    tables
        Rows of each component, by PyPSA's names.
    series
        Time series by ``component-attribute``; columns are names of elements.
    name, crs
        What the file says of itself.
    problems
        What was assumed of the series.
    others
        Tables that were not read, with their rows.
    """

    tables: Mapping[str, Rows]
    series: dict[str, Table]
    name: str = ""
    crs: str = _DEFAULT_CRS
    problems: list[Problem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def from_folder(folder: Path, options: Options) -> Source:
    """Return the network in a folder of CSV files.

    Parameters
    ----------
    folder
        The folder.
    options
        What the user says.
    """
    tables = {name: _named(rows.load(folder / f"{name}.csv", options, ",")) for name in TABLES}
    series: dict[str, Table] = {}
    problems: list[Problem] = []
    stamps = [
        row.get("snapshot") or next(iter(row.values()), "")
        for row in rows.load(folder / "snapshots.csv", options, ",")
    ]
    for name in SERIES:
        path = folder / f"{name}.csv"
        found, said = profiles.load(path, options, ",", _ALL, name, "MW", stamps)
        if found:
            series[name] = found[0]
        problems += said
    about = next(iter(rows.load(folder / "network.csv", options, ",")), {})
    said_crs = _crs(about.get("srid", ""), _json_crs(folder / "crs.json"))
    source = Source(tables, series, rows.text(about, "name"), said_crs, _once(problems))
    for one in sorted(folder.glob("*.csv")):
        if one.stem not in {*TABLES, *SERIES, *_NO_DATA}:
            with one.open("rb") as file:
                source.others[one.stem] = max(0, sum(1 for _line in file) - 1)
    return source


def _named(table: Rows) -> Rows:
    """Return rows whose first column, whatever its header, is the name."""
    return [
        row if "name" in row else {"name": next(iter(row.values()), ""), **row} for row in table
    ]


def _once(problems: list[Problem]) -> list[Problem]:
    """Keep one problem of each kind: all series share their times."""
    return list({problem.code: problem for problem in reversed(problems)}.values())[::-1]


def _json_crs(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        said = json.loads(path.read_text("utf-8", errors="replace"))
    except ValueError:
        return ""
    return str(said.get("_crs", "")) if isinstance(said, dict) else ""


def _crs(srid: object, wkt: str) -> str:
    number = str(srid).split(".", maxsplit=1)[0]
    return f"EPSG:{number}" if number.isdigit() and int(number) else wkt or _DEFAULT_CRS


def from_netcdf(path: Path, options: Options) -> Source:
    """Return the network in a netCDF file.

    Parameters
    ----------
    path
        The file.
    options
        What the user says.
    """
    variables, about, units = netcdf.load(path)
    if "buses_i" not in variables:
        raise ReadError(
            _(
                "{file} is netCDF, but no PyPSA network (it has no buses); nothing was read.",
                file=path.name,
            )
        )
    tables = {name: netcdf.rows_of(variables, name) for name in TABLES}
    source = Source(tables, {}, str(about.get("network_name", "")))
    source.crs = _crs(about.get("network_srid", ""), "")
    stamps = _snapshots(variables, units)
    for name in SERIES:
        component, attribute = name.split("-", 1)
        columns, values = (variables.get(f"{component}_t_{attribute}{end}") for end in ("_i", ""))
        if columns is None or values is None:
            continue
        if stamps is None or values.shape != (len(stamps), len(columns)):
            message = _("{name} in {file} does not fit its times and was left out.",
                        name=name, file=path.name)  # fmt: skip
            source.problems.append(Problem("error", "series.left_out", message, "", path.name))
            continue
        _add(source, name, stamps, columns, values, path, options)
    source.problems = _once(source.problems)
    read = {f"{name}_t_{end}" for name in TABLES for end in ("p_set", "q_set", "p", "q")}
    for name, one in variables.items():
        if "_t_" in name and not name.endswith("_i") and name not in read:
            source.others[name.replace("_t_", "-", 1)] = len(one)
    return source


def _add(
    source: Source,
    name: str,
    stamps: list[str],
    columns: netcdf.Array,
    values: netcdf.Array,
    path: Path,
    options: Options,
) -> None:
    data = [
        frames.Column(str(one), "MW", values[:, k].astype(np.float64))
        for k, one in enumerate(columns.tolist())
    ]
    time = frames.Column("snapshot", "", np.array(stamps, dtype=object))
    frame = frames.Frame((time, *data), len(stamps))
    found = forms.to_tables(frame, 0, path, options)
    source.series[name] = replace(found.tables[0], quantity="power")
    source.problems += [p for p in found.problems if p.code != "series.form"]


def _snapshots(variables: Mapping[str, Any], units: Mapping[str, str]) -> list[str] | None:
    """Return the times of a file: seconds, minutes, hours or days since an instant."""
    for name in ("snapshots_snapshot", "snapshots"):
        unit, _since, start = units.get(name, "").partition(" since ")
        values = variables.get(name)
        size = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}.get(unit)
        if values is None or size is None:
            continue
        try:
            begin = np.datetime64(start.strip().replace(" ", "T"), "s")
        except ValueError:
            return None
        seconds = np.round(np.asarray(values, dtype=np.float64) * size).astype("timedelta64[s]")
        return [str(one) for one in (begin + seconds).tolist()]
    return None
