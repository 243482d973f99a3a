"""What the columns of a layer look like: numbers along a ramp, words in colours of their own."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import N_, _, language
from twinview.model.twin import Layer
from twinview.scene.overlay import Painted
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.parts import counted, nice_ceiling, ramp_legend
from twinview.scene.theme import LOOKS, colours, rgb, stops
from twinview.scene.titles import title as layer_title
from twinview.scene.titles import word
from twinview.scene.view import Theme
from twinview.scene.words import column_title, unit_of

Words = tuple[tuple[str, str], ...]
"""Words of a column with the ``#rrggbb`` that a reader wants for each."""
OTHERS = "*"
"""Stands for all words that have no colour of their own."""
_PREFERRED = ("use", "function", "building_type", "storeys", "height_m", "measuredHeight")
_SKIPPED = frozenset({"id", "fid", "origin", "height_source", "name", "geometry"})
_MOST = 7
_OTHER = N_("other")


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


def coloured(layer: Layer, column: str, theme: Theme, words: Words = ()) -> Painted:
    """Return what a layer looks like by one of its columns, and the legend.

    Parameters
    ----------
    layer, column
        One of `choices`.
    theme
        Light or dark.
    words
        Colours that a reader wants for some words; each of them is a class of its own.
    """
    if _is_number(layer, column):
        return _numbers(layer, column, theme)
    return _classes(layer, column, theme, words, language())


def _numbers(layer: Layer, column: str, theme: Theme) -> Painted:
    values = layer.numbers(column).astype(np.float32)
    state = np.where(np.isnan(values), np.uint8(State.MISSING), np.uint8(State.VALUE))
    limits = _limits(layer, column)
    painted = Paint(
        layer=layer.id,
        colour=colours(values, limits, "value", theme),
        state=state,
        values=values,
        quantity=column,
        unit=unit_of(layer, column),
    )
    title = heading(layer, column)
    return [painted], ramp_legend(title, unit_of(layer, column), limits, "value", theme, state)


def heading(layer: Layer, column: str) -> str:
    """Return layer and column in words."""
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


# ------------------------------------------------------------------------------------------- words
def words_of(layer: Layer, column: str) -> tuple[str, ...]:
    """Return the words of a column as the data have them, the frequent ones first."""
    return _ranked(layer, column)[1]


def classes_of(names: tuple[str, ...], words: Words) -> tuple[tuple[str, str], ...]:
    """Return the words that are classes, and the colour of each that has been chosen or is empty.

    Those are the most frequent, those with a chosen colour, and `OTHERS` where more are left.

    Parameters
    ----------
    names
        All words, the frequent ones first.
    words
        The colours chosen.
    """
    chosen = dict(words)
    kept = [one for k, one in enumerate(names) if k < _MOST or one in chosen]
    kept += [OTHERS] if len(kept) < len(names) else []
    return tuple((one, chosen.get(one, "")) for one in kept)


@lru_cache(maxsize=64)
def _classes(layer: Layer, column: str, theme: Theme, words: Words, lang: str) -> Painted:
    del lang  # part of the cache key: what the legend says differs by language
    ranks, names = _ranked(layer, column)
    classes = classes_of(names, words)
    usual = [*stops("categories", theme)[:_MOST], *[stops("categories", theme)[_MOST]] * len(names)]
    palette = tuple(own or usual[k] for k, (_name, own) in enumerate(classes))
    place = {name: k for k, (name, _own) in enumerate(classes)}
    code_of = np.array([*(place.get(one, place.get(OTHERS, 0)) for one in names), -1])
    codes = code_of[ranks]
    table = np.array([rgb(LOOKS[theme].clay), *(rgb(one) for one in palette)], dtype=np.uint8)
    state = np.where(codes < 0, State.MISSING, State.VALUE).astype(np.uint8)
    painted = Paint(
        layer=layer.id,
        colour=table[codes + 1],
        state=state,
        values=np.where(codes < 0, np.nan, codes).astype(np.float32),
        quantity=column,
    )
    legend = Legend(
        title=heading(layer, column),
        unit="",
        limits=(0.0, float(len(classes))),
        colours=palette,
        classes=tuple(_(_OTHER) if one == OTHERS else word(one, column) for one, _own in classes),
        words=tuple(one for one, _own in classes),
        shown=int((codes >= 0).sum()),
        missing=int((codes < 0).sum()),
        states=counted(state),
        theme=theme,
    )
    return [painted], legend


@lru_cache(maxsize=64)
def _ranked(layer: Layer, column: str) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return the rank of each element's word (-1 without one), and the words, frequent first."""
    texts = layer.column(column)
    known = [str(t) for t in texts if t is not None]
    names, counts = np.unique(np.array(known, dtype=str), return_counts=True)
    ranked = tuple(str(n) for n in names[np.argsort(-counts, kind="stable")])
    rank_of = {name: rank for rank, name in enumerate(ranked)}
    ranks = np.array([-1 if t is None else rank_of[str(t)] for t in texts], dtype=np.int64)
    return ranks, ranked
