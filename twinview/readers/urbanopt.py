"""URBANopt: a project's GeoJSON, alone or in its folder with the profiles of its buildings."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from twinview.i18n import N_, _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.quantities import factor
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer
from twinview.progress import Job, Progress
from twinview.readers import geojson
from twinview.readers.common import csvtext, forms, frames, texts, times, urbanopt_feeder
from twinview.readers.common.layers import Source, to_part
from twinview.readers.registry import Options, ReadError, reader

_MARK = r'"mappers"\s*:|"Site Origin"|"(begin|end)_date"\s*:'
_LAYERS = {
    "Building": ("buildings", "building", N_("Buildings")),
    "District System": ("district_systems", "other", N_("District systems")),
    "ElectricalJunction": ("junctions", "node", N_("Electrical junctions")),
    "ElectricalConnector": ("connectors", "line", N_("Electrical connectors")),
    "Road": ("roads", "road", N_("Roads")),
    "Site Origin": ("site_origin", "other", N_("Site origin")),
}
_AREAS = {"floor_area": "floor_area_m2", "footprint_area": "footprint_area_m2"}
_LOAD = re.compile(r"load_(?P<id>.+)\.csv")


def sniff(path: Path, head: bytes) -> int:
    """Score a project file, or a folder that holds one."""
    if path.is_dir():
        return 80 if _projects(path) else 0
    marked = texts.mentions(path, head, geojson.TYPES) and texts.mentions(path, head, _MARK)
    return 70 if texts.is_json(head) and marked else 0


@reader("URBANopt", patterns=["*.json"], score=70, sniff=sniff, folders=["*"])
def read(path: Path, options: Options) -> Job[Part]:
    """Read a project, with its buildings' profiles where the folder holds them."""
    yield Progress(0.05, _("Opening {file}", file=path.name))
    project, problems = _chosen(path, options)
    content, said = geojson.load(project, options)
    sources = _sources(geojson.members(content, project), project)
    yield Progress(0.3, _("Checking shapes"))
    part = to_part(sources, options, problems + said)
    layers = tuple(_finished(layer) for layer in part.layers)
    tables: tuple[Table, ...] = ()
    more: list[Problem] = []
    grid = Part()
    if path.is_dir():
        yield Progress(0.5, _("Reading profiles"))
        tables, more = _profiles(path, options)
        yield Progress(0.8, _("Building the network"))
        grid = urbanopt_feeder.read(path, layers, tables, options)
    if grid.networks:
        layers = tuple(one for one in layers if one.id not in urbanopt_feeder.DRAWN)
    found = [p for p in (*part.problems, *more, *grid.problems) if p.code not in {"layer.kind"}]
    return Part(
        part.crs,
        part.crs_reason,
        (*layers, *grid.layers),
        grid.networks,
        tables,
        tuple(found),
        {**part.rows, **grid.rows},
        about=str((content.get("project") or {}).get("name", "")),
    )


def _projects(folder: Path) -> list[Path]:
    """Return the project files of a folder, the largest last."""
    found = []
    for one in sorted(folder.glob("*.json")):
        with one.open("rb") as file:
            head = file.read(4096)
        if sniff(one, head):
            found.append(one)
    return sorted(found, key=lambda one: one.stat().st_size)


def _chosen(path: Path, options: Options) -> tuple[Path, list[Problem]]:
    if not path.is_dir():
        return path, []
    projects = _projects(path)
    named = [one for one in projects if options.layer in {one.name, one.stem}]
    if options.layer and projects and not named:
        raise ReadError(
            _("{folder} holds no project '{name}'; there are {known}.", folder=path.name,
              name=options.layer, known=", ".join(one.stem for one in projects))
        )  # fmt: skip
    chosen = (named or projects)[-1]
    if len(projects) == 1 or named:
        return chosen, []
    message = _(
        "{folder} holds {count} projects; the fullest, {file}, was read.",
        folder=path.name,
        count=len(projects),
        file=chosen.name,
    )
    fix = _("Choose another with --layer, such as --layer={name}.", name=projects[0].stem)
    return chosen, [Problem("info", "urbanopt.project", message, fix, path.name)]


def _sources(features: list[Any], project: Path) -> list[Source]:
    """Return one table for each type of feature that is shown."""
    groups: dict[str, list[Any]] = {}
    for one in features:
        said = one.get("properties") if isinstance(one, dict) else None
        kind = str(said.get("type", "")) if isinstance(said, dict) else ""
        groups.setdefault(kind, []).append(one)
    sources = []
    for kind, own in sorted(
        groups.items(),
        key=lambda pair: list(_LAYERS).index(pair[0]) if pair[0] in _LAYERS else len(_LAYERS),
    ):
        name = _LAYERS[kind][0] if kind in _LAYERS else re.sub(r"\W+", "_", kind.lower()) or "other"
        sources.append(geojson.to_source(name, project, own, geojson.WGS84))
    return sources


def _finished(layer: Layer) -> Layer:
    """Return a layer with its kind, its title and its areas in square metres."""
    for name, kind, title in _LAYERS.values():
        if layer.id == name:
            layer = replace(layer, kind=kind, title=title)
    table = layer.attributes
    for old, new in _AREAS.items():
        if old not in table.column_names:
            continue
        metres = layer.numbers(old) * factor("sqft", "m2")
        field = pa.field(new, pa.float64(), metadata={b"unit": b"m2"})
        at = table.column_names.index(old)
        table = table.set_column(at, field, pa.array(metres, from_pandas=True))
    return replace(layer, attributes=table)


def _profiles(folder: Path, options: Options) -> tuple[tuple[Table, ...], list[Problem]]:
    """Return the buildings' loads as one table whose columns are their ids."""
    files = {
        found["id"]: one
        for one in sorted(folder.rglob("load_*.csv"))
        if (found := _LOAD.fullmatch(one.name))
    }
    if not files:
        return (), []
    columns, problems = {}, []
    for key, one in files.items():
        values = _values(one, options)
        if values is not None:
            columns[key] = values
    count = max((len(v) for v in columns.values()), default=0)
    whole = {key: v for key, v in columns.items() if len(v) == count}
    lost = sorted(set(files) - set(whole))
    if lost:
        message = _(
            "{count} profiles in {folder} are not one column of {steps} numbers and were left "
            "out: {names}.",
            count=len(lost),
            folder=folder.name,
            steps=count,
            names=", ".join(lost[:10]),
        )
        problems.append(Problem("error", "series.left_out", message, "", folder.name))
    axis, said = _axis(folder, count, options)
    ids = tuple(sorted(whole, key=lambda key: (len(key), key)))
    grid = np.stack([whole[key] for key in ids], axis=1).astype(np.float32)
    table = Table(
        "loads",
        _("Loads of the buildings"),
        axis,
        ids,
        grid,
        ("kW",) * len(ids),
        "consumption",
        "modelled",
    )
    return (table,), problems + said


def _values(path: Path, options: Options) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    frame = csvtext.load(path, options)
    if frame.header or len(frame.columns) != 1:
        return None
    found = frames.text_numbers(frame.columns[0], "kW", path.name)
    return None if found is None else found[0]


def _axis(folder: Path, count: int, options: Options) -> tuple[TimeAxis, list[Problem]]:
    """Return the time axis: of the file of stamps, else of the start that the user gives."""
    stamps = next(iter(sorted(folder.rglob("timestamps.csv"))), None)
    if stamps is not None:
        frame = csvtext.load(stamps, options)
        at = forms.time_column(frame)
        if at is not None and frame.rows == count:
            found = forms.to_tables(frame, at, stamps, options)
            said = [p for p in found.problems if p.code.startswith("time.")]
            return found.tables[0].time, said
    start, tz = (
        times.start_of(options.start or "", options.tz)
        if options.start
        else (0, options.tz or "UTC")
    )
    axis = TimeAxis(start, 3600, count, tz)
    if options.start:
        return axis, []
    message = _(
        "The profiles in {folder} have no times; when they begin is not known.", folder=folder.name
    )
    fix = _("Add timestamps.csv, or name the first instant with --start.")
    return axis, [Problem("warning", "time.unknown", message, fix, folder.name)]
