"""Any column of a layer: numbers along a ramp, texts as classes."""

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import N_, _
from twinview.model.twin import Layer, Twin
from twinview.scene.overlay import Painted, overlay
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.parts import counted, nice_ceiling, ramp_legend
from twinview.scene.theme import LOOKS, colours, rgb, stops
from twinview.scene.titles import title as layer_title
from twinview.scene.titles import word
from twinview.scene.view import View
from twinview.scene.words import column_title

_PREFERRED = ("use", "function", "building_type", "storeys", "height_m", "measuredHeight")
_SKIPPED = frozenset({"id", "fid", "origin", "height_source", "name", "geometry"})
_MOST = 7
_OTHER = N_("other")


def available(twin: Twin) -> bool:
    """Tell whether there is any layer with shapes and columns."""
    return any(choices(layer) for layer in twin.layers.values() if layer.geometry is not None)


def choices(layer: Layer) -> list[str]:
    """Return the columns that can be shown, the likeliest first."""
    names = [n for n in layer.attributes.column_names if n not in _SKIPPED]
    shown = [n for n in names if _is_number(layer, n) or _is_text(layer, n)]
    return sorted(shown, key=lambda n: _PREFERRED.index(n) if n in _PREFERRED else len(_PREFERRED))


def _is_number(layer: Layer, name: str) -> bool:
    kind = layer.attributes.schema.field(name).type
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _is_text(layer: Layer, name: str) -> bool:
    kind = layer.attributes.schema.field(name).type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind)
    )


def target(twin: Twin, wish: str) -> tuple[Layer, str] | None:
    """Return the layer and column that a wish ``layer.column`` names, or the likeliest one."""
    layer_id, _dot, column = wish.rpartition(".")
    wanted = twin.layers.get(layer_id)
    if wanted is not None and column in choices(wanted):
        return wanted, column
    for layer in [*twin.of_kind("building"), *twin.layers.values()]:
        if layer.geometry is not None and choices(layer):
            return layer, _telling(layer)
    return None


@lru_cache(maxsize=64)
def _telling(layer: Layer) -> str:
    """Return the likeliest column whose values differ at all."""
    names = choices(layer)
    return next((name for name in names if _differs(layer.attributes[name])), names[0])


def _differs(column: pa.ChunkedArray) -> bool:
    """Tell whether a column holds two different values, or a value and none."""
    ends = pc.call_function("min_max", [column])
    return bool(ends["min"] != ends["max"]) or 0 < column.null_count < len(column)


@overlay("attribute", N_("Attribute"), available, order=90)
def paint(twin: Twin, view: View) -> Painted:
    """Colour one layer by one of its columns."""
    found = target(twin, view.attribute)
    if found is None:
        return [], Legend(_("Nothing to show"), "", (0.0, 1.0), ())
    layer, column = found
    return (
        _numbers(layer, column, view)
        if _is_number(layer, column)
        else _classes(layer, column, view)
    )


def _numbers(layer: Layer, column: str, view: View) -> Painted:
    values = layer.numbers(column).astype(np.float32)
    state = np.where(np.isnan(values), np.uint8(State.MISSING), np.uint8(State.VALUE))
    limits = _limits(layer, column)
    painted = Paint(
        layer=layer.id,
        colour=colours(values, limits, "value", view.theme),
        state=state,
        values=values,
        quantity=column,
        unit=layer.unit(column),
    )
    title = _title(layer, column)
    return [painted], ramp_legend(title, layer.unit(column), limits, "value", view.theme, state)


def _title(layer: Layer, column: str) -> str:
    return _("{layer}: {column}", layer=layer_title(layer), column=column_title(column))


@lru_cache(maxsize=64)
def _limits(layer: Layer, column: str) -> tuple[float, float]:
    values = layer.numbers(column)
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = np.percentile(values, [1, 99])
    if low >= 0 and low < 0.5 * high:
        return 0.0, nice_ceiling(float(high))
    return float(np.floor(low)), float(np.ceil(high)) if np.ceil(high) > np.floor(low) else float(
        low + 1
    )


def _classes(layer: Layer, column: str, view: View) -> Painted:
    codes, names = _coded(layer, column)
    palette = stops("categories", view.theme)
    table = np.array(
        [rgb(LOOKS[view.theme].clay), *(rgb(colour) for colour in palette)], dtype=np.uint8
    )
    state = np.where(codes < 0, State.MISSING, State.VALUE).astype(np.uint8)
    painted = Paint(
        layer=layer.id,
        colour=table[codes + 1],
        state=state,
        values=np.where(codes < 0, np.nan, codes).astype(np.float32),
        quantity=column,
    )
    legend = Legend(
        title=_title(layer, column),
        unit="",
        limits=(0.0, float(len(names))),
        colours=palette[: len(names)],
        classes=tuple(word(name, column) for name in names),
        shown=int((codes >= 0).sum()),
        missing=int((codes < 0).sum()),
        states=counted(state),
        theme=view.theme,
        nominal=True,
    )
    return [painted], legend


@lru_cache(maxsize=64)
def _coded(layer: Layer, column: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the class of each element (-1 without one) and the classes, frequent first."""
    texts = layer.column(column)
    known = [str(t) for t in texts if t is not None]
    names, counts = np.unique(np.array(known, dtype=str), return_counts=True)
    ranked = [str(n) for n in names[np.argsort(-counts, kind="stable")]]
    kept = ranked[:_MOST]
    code_of = {name: min(rank, _MOST) for rank, name in enumerate(ranked)}
    codes = np.array([-1 if t is None else code_of[str(t)] for t in texts], dtype=np.int64)
    return codes, (*kept, _OTHER) if len(ranked) > _MOST else tuple(kept)
