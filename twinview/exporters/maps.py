"""Layers as maps for other programs: shapes in the district's coordinates, attributes, values."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.exporters.geoparquet import write_geoparquet
from twinview.exporters.states import GROUPED, WORDS, codes_of
from twinview.exporters.tables import about, titled
from twinview.i18n import _
from twinview.model.frame import frame
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.time import format_instant
from twinview.model.twin import Layer, Twin
from twinview.model.windowed import Windowed
from twinview.progress import Job, Progress
from twinview.scene.aggregation import RULES, seen, unit_of
from twinview.scene.parts import row
from twinview.scene.private import grouped
from twinview.scene.view import View

if TYPE_CHECKING:
    import geopandas

SUFFIXES = (".gpkg", ".geoparquet", ".parquet")
"""Endings of the maps that can be written; the last one is also that of a table."""
Rows = npt.NDArray[np.int64]
Write = Callable[[Path, str, "geopandas.GeoDataFrame", str], None]
"""Takes file, layer, its table, and the provenance."""
_TAKEN = frozenset({"fid", "geom", "geometry"})
"""Names of columns that the format uses itself."""


def map_job(
    twin: Twin,
    view: View,
    path: Path,
    layers: Sequence[Layer],
    rows: Mapping[str, Rows] | None = None,
) -> Job[int]:
    """Write layers to a GeoPackage, or one to a GeoParquet file; return the number of elements.

    Each has its attributes and, for every quantity it has series of, the value at the view's
    instant or over its window, with a column that says why a value is not there.

    Parameters
    ----------
    twin, view
        The district, and the time.
    path
        ``*.gpkg``, ``*.parquet`` or ``*.geoparquet``; an old file is replaced by a whole new one.
    layers
        With shapes.
    rows
        Which elements of each layer, by its id; None takes all.

    Raises
    ------
    CommandError
        There is nothing to write, or the file cannot be written.
    """
    drawn = [one for one in layers if one.geometry is not None and _count(one, rows)]
    write = _writer(path, drawn)
    through = seen(twin, view)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as folder:
            made = Path(folder) / f"{path.stem}{path.suffix.lower()}"
            for k, layer in enumerate(drawn):
                yield Progress(k / len(drawn), _("Writing {layer}", layer=_(layer.title)))
                table, rules = _filled(through, layer, view, rows)
                told = {**about(twin), **_when(twin, view), **rules}
                write(made, layer.id, table, json.dumps(told, ensure_ascii=False))
            with made.open("rb+") as file:
                os.fsync(file.fileno())
            made.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandError(_("{path} could not be written: {why}.", path=path, why=why)) from error
    return sum(_count(one, rows) for one in drawn)


def _count(layer: Layer, rows: Mapping[str, Rows] | None) -> int:
    return len(layer) if rows is None else len(rows.get(layer.id, ()))


def _writer(path: Path, drawn: Sequence[Layer]) -> Write:
    """Return what writes a layer to a kind of file, or say why there is nothing to write."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        said = _(" or ").join((", ".join(SUFFIXES[:-1]), SUFFIXES[-1]))
        raise CommandError(
            _("A map is written as {formats}, not as '{name}'.", formats=said, name=path.name)
        )
    if not drawn:
        raise CommandError(_("None of the layers has shapes; write a table instead."))
    if suffix == SUFFIXES[0]:
        return _write_geopackage
    if len(drawn) > 1:
        raise CommandError(
            _("A GeoParquet file holds one layer; name one of {known}, or write a GeoPackage.",
              known=", ".join(one.id for one in drawn))
        )  # fmt: skip
    return write_geoparquet


def _when(twin: Twin, view: View) -> Mapping[str, str]:
    """Return the instant or the ends of the window, for the file's provenance."""
    axis = twin.time
    if axis.static:
        return {}
    steps = view.window.steps(axis, view.time)
    if view.window.kind == "instant" or not steps:
        return {"time": format_instant(axis.seconds(view.time), axis.tz)}
    return {
        "from": format_instant(axis.seconds(steps.start), axis.tz),
        "to": format_instant(axis.start + axis.step * steps.stop, axis.tz),
    }


def _write_geopackage(path: Path, layer: str, made: "geopandas.GeoDataFrame", told: str) -> None:
    import pyogrio

    pyogrio.write_dataframe(
        made, path, layer=layer, driver="GPKG", append=path.exists(),
        layer_metadata={"twinview": told},
    )  # fmt: skip


def _filled(
    through: Twin, layer: Layer, view: View, rows: Mapping[str, Rows] | None
) -> tuple["geopandas.GeoDataFrame", dict[str, str]]:
    """Return shapes, attributes and values of a layer, and how values came together."""
    made = _frame(through, layer)
    columns, rules = _values(through, layer, view)
    for name, values in columns.items():
        made[name] = values
    made.columns = _safe(list(made.columns))
    return (made if rows is None else made.iloc[rows[layer.id]]), rules


def _frame(twin: Twin, layer: Layer) -> "geopandas.GeoDataFrame":
    """Return shapes and attributes, the id a column; nested columns are left out."""
    nested = [f.name for f in layer.attributes.schema if pa.types.is_nested(f.type)]
    made = frame(twin, layer).drop(columns=nested).reset_index()
    names = {n: titled(n, layer.unit(n)) for n in layer.attributes.column_names if layer.unit(n)}
    return made.rename(columns=names)


def _values(
    through: Twin, layer: Layer, view: View
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Return the columns of values and states, and how each came together over a window."""
    order = list(quantities())
    found = [q for owner, q, _case in through.series if owner == layer.id]
    columns: dict[str, np.ndarray] = {}
    rules: dict[str, str] = {}
    for quantity in sorted(
        dict.fromkeys(found), key=lambda q: order.index(q) if q in order else 99
    ):
        series = through.find(layer.id, quantity, view.scenario)
        if series is None:
            continue
        values, states = row(through, layer, quantity, view)
        together = grouped(through, layer, quantity) & np.isfinite(values)
        unit = unit_of(series, quantities()[quantity].unit if quantity in order else "")
        words = np.array([*WORDS.values(), GROUPED, None], dtype=object)
        codes = np.where(together, len(WORDS), codes_of(states))
        columns[titled(quantity, unit)] = values
        columns[f"{quantity} state"] = words[codes]  # -1 is the last, which says nothing
        if isinstance(series, Windowed):
            rules[quantity] = RULES[series.rule]
    return columns, rules


def _safe(names: list[str]) -> list[str]:
    """Return names that differ by more than capitals, and are not those of the format."""
    used: set[str] = set()
    fresh = []
    for name in names:
        free = name
        while free.casefold() in used or (free.casefold() in _TAKEN and name != "geometry"):
            free += "_"
        used.add(free.casefold())
        fresh.append(free)
    return fresh
