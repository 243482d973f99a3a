"""Heights of buildings: measured before storeys before a default, and it is said which."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.quantities import factor

STOREY = 3.0
DEFAULT = 6.0
_HIGHEST = 1000.0
_FLAT = 0.3

_MEASURED = (
    "height_m",
    "height",
    "measuredheight",
    "measured_height",
    "building:height",
    "building_height",
    "bldg_height",
    "bldgheight",
    "b_height",
    "roof_height",
    "hoehe",
    "höhe",
    "gebaeudehoehe",
    "hauteur",
    "altura",
    "altezza",
    "hoogte",
    "h",
    "hgt",
    "height_ag",
    "高度",
    "建筑高度",
    "楼高",
    "bld_height",
)
STOREYS = (
    "levels",
    "building:levels",
    "building_levels",
    "num_levels",
    "storeys",
    "stories",
    "storey",
    "storeysaboveground",
    "storeys_above_ground",
    "floors",
    "num_floors",
    "floors_ag",
    "nfloors",
    "floor",
    "number_of_stories",
    "number_of_storeys",
    "number_of_floors",
    "geschosse",
    "anzahl_geschosse",
    "etages",
    "plantas",
    "层数",
    "楼层",
    "地上层数",
)

Floats = npt.NDArray[np.float64]


def add_heights(
    table: pa.Table, layer: str, seen: Floats | None = None
) -> tuple[pa.Table, tuple[Problem, ...]]:
    """Return a building table with ``height_m`` and ``height_source``, and what was assumed.

    Parameters
    ----------
    table
        A plain table with ids.
    layer
        Name of the layer.
    seen
        Heights of the bodies themselves where they are modelled in 3D, 0 where flat.
    """
    heights = np.full(table.num_rows, np.nan)
    sources = np.full(table.num_rows, "default", dtype=object)
    for names, source, size in ((_MEASURED, "measured", 1.0), (STOREYS, "storeys", STOREY)):
        for name in named(table, names):
            values = numbers(table, name) * (size if source == "storeys" else _metres(table, name))
            fill = np.isnan(heights) & (values > 0) & (values <= _HIGHEST)
            heights[fill], sources[fill] = values[fill], source
        if source == "measured" and seen is not None:
            fill = np.isnan(heights) & (seen > _FLAT)
            heights[fill], sources[fill] = seen[fill], source
    sources = _said_before(table, sources, heights)
    unknown = np.isnan(heights)
    heights[unknown] = DEFAULT
    table = _set(table, pa.field("height_m", pa.float64(), metadata={b"unit": b"m"}), heights)
    table = _set(table, pa.field("height_source", pa.string()), sources)
    return table, _report(table, unknown, sources, layer)


def _said_before(
    table: pa.Table, sources: npt.NDArray[np.object_], heights: Floats
) -> npt.NDArray[np.object_]:
    """Keep the file's own column of sources where ``height_m`` came from it."""
    if not {"height_source", "height_m"} <= set(table.column_names):
        return sources
    said = table["height_source"].to_pylist()
    own = numbers(table, "height_m")
    return np.array(
        [s if s and own[k] == heights[k] else sources[k] for k, s in enumerate(said)], dtype=object
    )


def _report(
    table: pa.Table, unknown: npt.NDArray[np.bool_], sources: npt.NDArray[np.object_], layer: str
) -> tuple[Problem, ...]:
    found = []
    if unknown.any():
        found.append(
            Problem(
                "warning",
                "height.default",
                _(
                    "{count} of {all} buildings of {layer} have no height and no storeys; "
                    "they are drawn {height} m high.",
                    count=int(unknown.sum()),
                    all=len(unknown),
                    layer=layer,
                    height=f"{DEFAULT:g}",
                ),
                _("Add a column height (m) or storeys."),
                layer=layer,
                element_ids=tuple(np.asarray(table["id"].to_pylist(), dtype=object)[unknown]),
            )
        )
    storeys = int((sources == "storeys").sum())
    if storeys:
        found.append(
            Problem(
                "info",
                "height.storeys",
                _(
                    "{count} of {all} buildings of {layer} have storeys and no height; "
                    "a storey counts {height} m.",
                    count=storeys,
                    all=len(unknown),
                    layer=layer,
                    height=f"{STOREY:g}",
                ),
                layer=layer,
            )
        )
    return tuple(found)


def has_heights(table: pa.Table) -> bool:
    """Tell whether a table has a column of heights or storeys."""
    return any(name.lower() not in {"h", "floor"} for name in named(table, _MEASURED + STOREYS))


def named(table: pa.Table, names: Sequence[str]) -> list[str]:
    """Return the columns of a table that have one of some names, small letters or not."""
    by_name = {name.lower(): name for name in table.column_names}
    return [by_name[name] for name in names if name in by_name]


def numbers(table: pa.Table, name: str) -> Floats:
    """Return a column as numbers, also of texts such as ``12 m``; NaN where there is none."""
    column = table[name]
    if pa.types.is_string(column.type):
        return np.array([_number(text) for text in column.to_pylist()], dtype=np.float64)
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(text: str | None) -> float:
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(m|metres|meters|ft|')?\s*", text or "")
    if not found:
        return np.nan
    value = float(found[1].replace(",", "."))
    return value * (0.3048 if found[2] in {"ft", "'"} else 1.0)


def _metres(table: pa.Table, name: str) -> float:
    unit = (table.schema.field(name).metadata or {}).get(b"unit", b"m").decode()
    try:
        return factor(unit, "m")
    except ValueError:
        return 1.0


def _set(table: pa.Table, field: pa.Field, values: npt.NDArray[np.generic]) -> pa.Table:
    array = pa.array(values, field.type, from_pandas=False)
    if field.name in table.column_names:
        return table.set_column(table.column_names.index(field.name), field, array)
    return table.append_column(field, array)
