"""Layers with more rows or other columns, and series with more elements; the rest is shared."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.model.geometry import Geometry, offsets, with_height
from twinview.model.series import Dense, Floats, Profiled, Series
from twinview.model.twin import Layer


def with_column(layer: Layer, name: str, values: Sequence[Any] | npt.NDArray[Any]) -> Layer:
    """Return a layer with a column replaced or added; the other columns are shared.

    Raises
    ------
    ValueError
        Where the values do not fit the type of a column that is there already.
    """
    table = layer.attributes
    if name not in table.column_names:
        return replace(layer, attributes=table.append_column(name, pa.array(list(values))))
    place = table.schema.get_field_index(name)
    field = table.schema.field(place)
    try:
        made = pa.array(list(values), field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
        raise ValueError(str(error)) from error
    return replace(layer, attributes=table.set_column(place, field, made))


def with_rows(
    layer: Layer, rows: Sequence[Mapping[str, Any]], places: npt.NDArray[np.float64]
) -> Layer:
    """Return a layer with more elements behind those that it has.

    Parameters
    ----------
    layer
        A table of points, or one without geometry.
    rows
        Attributes of each new element; columns that it does not name are null.
    places
        Where each is, shape (n, 3), metres; NaN for an element without a place.
    """
    table = layer.attributes
    for name in dict.fromkeys(name for row in rows for name in row):
        if name not in table.column_names:
            kind = pa.array([row.get(name) for row in rows]).type
            table = table.append_column(name, pa.nulls(table.num_rows, kind))
    schema = table.schema
    columns = [pa.array([row.get(f.name) for row in rows], f.type) for f in schema]
    added = pa.Table.from_arrays(columns, schema=schema)
    geometry = None if layer.geometry is None else _with_points(layer.geometry, places)
    return replace(
        layer, attributes=pa.concat_tables([table, added]).combine_chunks(), geometry=geometry
    )


def _with_points(geometry: Geometry, places: npt.NDArray[np.float64]) -> Geometry:
    """Return shapes with a point for each new element; none in a layer of other shapes."""
    known = np.isfinite(places).all(axis=1) & (geometry.kind == "point")
    one = np.asarray(known, dtype=np.int64)
    added = int(one.sum())
    return Geometry(
        geometry.kind,
        np.concatenate([geometry.coords, with_height(places[known])]),
        _further(geometry.rings, np.ones(added, dtype=np.int64)),
        _further(geometry.parts, np.ones(added, dtype=np.int64)),
        _further(geometry.elements, one),
    )


def _further(begin: npt.NDArray[np.int32], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    return np.concatenate([begin, begin[-1] + offsets(counts)[1:]]).astype(np.int32)


def longer(series: Series, scenario: str, sizes: Floats, share: Floats | None = None) -> Series:
    """Return a series with more elements behind those that it has.

    Parameters
    ----------
    series
        Dense or profiled; profiles are shared.
    scenario
        Whose series the longer one is.
    sizes
        Size of each new element. Shape (n,).
    share
        How much of each element there is makes up a new one of size 1, shape (size,); None for new
        elements without values.
    """
    meaning = replace(series.meaning, scenario=scenario)
    if isinstance(series, Profiled):
        return _more_entries(replace(series, meaning=meaning), sizes, share)
    old = series.window(0, series.time.count)
    added = np.full((series.time.count, len(sizes)), np.nan, dtype=np.float32)
    if share is not None:
        used = np.flatnonzero(share)
        added[:] = np.outer(old[:, used] @ share[used], sizes)
    return Dense(meaning, series.time, np.concatenate([old, added], axis=1))


def _more_entries(series: Profiled, sizes: Floats, share: Floats | None) -> Profiled:
    if share is None:
        return replace(series, size=series.size + len(sizes))
    amounts = np.bincount(
        series.index, share[series.element] * series.scale, minlength=series.profiles.shape[1]
    )
    used = np.flatnonzero(amounts)
    element = np.repeat(np.arange(series.size, series.size + len(sizes)), len(used))
    return replace(
        series,
        index=np.concatenate([series.index, np.tile(used, len(sizes))]).astype(np.int32),
        scale=np.concatenate([series.scale, np.outer(sizes, amounts[used]).ravel()]).astype(
            np.float32
        ),
        element=np.concatenate([series.element, element]).astype(np.int32),
        size=series.size + len(sizes),
    )


def scaled(series: Series, scenario: str, rows: npt.NDArray[np.int64], by: float) -> Series:
    """Return a series of which some elements are multiplied; the profiles are shared."""
    meaning = replace(series.meaning, scenario=scenario)
    if isinstance(series, Profiled):
        taken = np.isin(series.element, rows)
        scale = np.where(taken, series.scale * np.float32(by), series.scale)
        return replace(series, meaning=meaning, scale=scale)
    values = np.array(series.window(0, series.time.count))
    values[:, rows] *= np.float32(by)
    return Dense(meaning, series.time, values)
