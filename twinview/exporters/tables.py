"""Tables of the numbers under the picture: one row per instant and element, units in the header."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview import __version__
from twinview.exporters.states import WORDS, codes_of, words_of
from twinview.exporters.table_files import Content, Sheets, content_job, table_file
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.overlays.emission import emission
from twinview.progress import Job, Progress, drain
from twinview.scene.parts import row
from twinview.scene.private import grouped
from twinview.scene.view import View

BATCH = 65536
"""Rows that are held in memory at once, about."""

BOUNDS = ("low", "high")
"""Columns behind a quantity of which some values are modelled: how far they may be off."""

_TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, eq=False)
class _Block:
    """The rows of one layer within an instant, and which quantities they have."""

    layer: Layer
    first: int
    quantities: tuple[str, ...]

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + len(self.layer))


def write_table(
    twin: Twin,
    path: Path,
    *,
    what: Sequence[str] | None = None,
    layer: str | None = None,
    steps: Sequence[int] | None = None,
    sheets: Sheets | None = None,
) -> int:
    """Write a table of series to a CSV, Parquet or Excel file and return the number of rows.

    Parameters
    ----------
    twin, path
        The district, and the file: ``*.csv``, ``*.parquet`` or ``*.xlsx``.
    what
        Ids of quantities, or names of attribute columns; None takes every quantity, and every
        attribute of a district that has no series.
    layer
        Id of one layer; None takes all that have the quantities.
    steps
        Steps of the clock; None takes all.
    sheets
        See `table_file`.

    Raises
    ------
    CommandError
        For a quantity or layer that is not there, and where the file cannot be written.
    """
    return drain(table_job(twin, path, what=what, layer=layer, steps=steps, sheets=sheets))


def table_job(
    twin: Twin,
    path: Path,
    *,
    what: Sequence[str] | None = None,
    layer: str | None = None,
    steps: Sequence[int] | None = None,
    sheets: Sheets | None = None,
) -> Job[int]:
    """Do what `write_table` does and say how far it is."""
    _check_layer(twin, layer)
    wanted = _wanted(twin, what, layer)
    if not wanted:
        return (yield from content_job(path, _attributes(twin, what, layer, sheets)))
    blocks = _blocks(twin, wanted, layer)
    steps = range(twin.time.count) if steps is None else steps
    done, total = 0, len(steps) * _height(blocks)
    ascii_only = _plain(blocks)
    said = about(twin)
    with table_file(path, _schema(twin, wanted), said, ascii_only=ascii_only, sheets=sheets) as put:
        for batch in _batches(steps, _height(blocks)):
            put(_table(twin, blocks, wanted, batch))
            done += len(batch) * _height(blocks)
            yield Progress(done / max(total, 1), _("{count} rows written", count=done))
    return done


def table_at(
    twin: Twin,
    steps: Sequence[int],
    *,
    what: Sequence[str] | None = None,
    layer: str | None = None,
    sheets: Sheets | None = None,
) -> Content:
    """Return numbers at some steps for a table file; all attributes where there is no series.

    Parameters
    ----------
    twin, steps
        The district, and the steps of its clock.
    what, layer, sheets
        See `write_table`.

    Raises
    ------
    CommandError
        There is nothing to write.
    """
    _check_layer(twin, layer)
    wanted = _wanted(twin, what, layer)
    if not wanted:
        return _attributes(twin, what, layer, sheets)
    blocks = _blocks(twin, wanted, layer)
    table = _table(twin, blocks, wanted, steps)
    return Content(table, about(twin), _plain(blocks), sheets or {})


def rows_of(twin: Twin, layer: str | None = None) -> int:
    """Return how many rows a table has for each step: one for each element that has numbers."""
    return _height(_blocks(twin, _wanted(twin, None, layer), layer))


def _plain(blocks: Sequence[_Block]) -> bool:
    return all(is_ascii(pa.chunked_array([ids_of(block.layer)])) for block in blocks)


def _check_layer(twin: Twin, layer: str | None) -> None:
    if layer is not None and layer != DISTRICT and layer not in twin.layers:
        raise CommandError(
            _(
                "There is no layer '{id}'; there are {known}.",
                id=layer,
                known=", ".join(twin.layers),
            )
        )


def _available(twin: Twin) -> Mapping[str, list[str]]:
    """Return the quantities of each layer, in the order of the layers and of the schema."""
    order = list(quantities())
    found: dict[str, list[str]] = {}
    for one in [*twin.layers, DISTRICT]:
        names = {quantity for layer, quantity, _scenario in twin.series if layer == one}
        if {"consumption", "carbon_intensity"} <= names:
            names.add("emission")
        if names:
            found[one] = sorted(names, key=lambda n: order.index(n) if n in order else len(order))
    return found


def _wanted(twin: Twin, what: Sequence[str] | None, layer: str | None) -> tuple[str, ...]:
    """Return the quantities to write; none where attributes are asked for, or all there is."""
    able = _available(twin)
    known = [q for one, names in able.items() if layer in (None, one) for q in names]
    known = list(dict.fromkeys(known))
    if what is None:
        return tuple(known)
    chosen = tuple(dict.fromkeys(what))
    missing = [one for one in chosen if one not in known]
    if len(missing) == len(chosen):
        return ()
    if missing:
        raise CommandError(
            _(
                "There is no quantity '{name}'; there are {known}. "
                "Attributes go into a table of their own.",
                name=missing[0],
                known=", ".join(known),
            )
        )
    return chosen


def _blocks(twin: Twin, wanted: Sequence[str], layer: str | None) -> list[_Block]:
    blocks: list[_Block] = []
    first = 0
    for id_, names in _available(twin).items():
        kept = tuple(name for name in names if name in wanted)
        if kept and layer in (None, id_):
            table = twin.layers.get(id_) or _district()
            blocks.append(_Block(table, first, kept))
            first += len(table)
    return blocks


def _district() -> Layer:
    return Layer(DISTRICT, DISTRICT, DISTRICT, pa.table({"id": [DISTRICT]}))


def _height(blocks: Sequence[_Block]) -> int:
    return sum(len(block.layer) for block in blocks)


def _batches(steps: Sequence[int], height: int) -> Iterator[Sequence[int]]:
    size = max(1, BATCH // max(height, 1))
    for start in range(0, len(steps), size):
        yield steps[start : start + size]


def _unit(quantity: str) -> str:
    found = quantities().get(quantity)
    return found.unit if found is not None else ""


def titled(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _schema(twin: Twin, wanted: Sequence[str]) -> pa.Schema:
    fields = [pa.field("time", pa.timestamp("s", tz=twin.time.tz))]
    fields += [pa.field("layer", _TEXT), pa.field("id", _TEXT)]
    for name in wanted:
        unit = {"unit": _unit(name)}
        fields.append(pa.field(titled(name, _unit(name)), pa.float32(), metadata=unit))
        fields.append(pa.field(f"{name} state", _TEXT))
        for bound in BOUNDS if _spread(twin, name) else ():
            fields.append(
                pa.field(titled(f"{name} {bound}", _unit(name)), pa.float32(), metadata=unit)
            )
    return pa.schema(fields)


def _spread(twin: Twin, quantity: str) -> bool:
    """Tell whether any series of a quantity says how far its values may be off."""
    return any(s.meaning.spread for (_l, q, _s), s in twin.series.items() if q == quantity)


def _bounds(
    twin: Twin, block: _Block, quantity: str, values: npt.NDArray[np.float32]
) -> list[npt.NDArray[np.float32]]:
    """Return the lowest and the highest that values may be; NaN where nobody says."""
    series = twin.find(block.layer.id, quantity)
    spread = (series.meaning.spread if series is not None else 0.0) or np.nan
    return [values * np.float32(1 + sign * spread) for sign in (-1, 1)]


def about(twin: Twin) -> dict[str, str]:
    return {
        "twin": twin.name,
        "data": twin.digest,
        "scenario": twin.scenario,
        "zone": "" if twin.time.static else twin.time.tz,
        "crs": twin.crs,
        "twinview": __version__,
    }


def _table(
    twin: Twin, blocks: Sequence[_Block], wanted: Sequence[str], steps: Sequence[int]
) -> pa.Table:
    """Return the rows of some steps."""
    height = _height(blocks)
    values = {name: np.full((len(steps), height), np.nan, dtype=np.float32) for name in wanted}
    states = {name: np.full((len(steps), height), -1, dtype=np.int32) for name in wanted}
    for k, i in enumerate(steps):
        view = View(time=i, scenario=twin.scenario)
        for block in blocks:
            for name in block.quantities:
                found, why = _numbers(twin, block.layer, name, view)
                together = grouped(twin, block.layer, name) & np.isfinite(found)
                values[name][k, block.rows] = found
                states[name][k, block.rows] = np.where(together, len(WORDS), codes_of(why))
    columns = [*_names(twin, blocks, steps)]
    for name in wanted:
        columns.append(pa.array(values[name].ravel(), from_pandas=True))
        columns.append(words_of(states[name].ravel()))
        if _spread(twin, name):
            columns += _ranges(twin, blocks, name, values[name])
    return pa.table(columns, schema=_schema(twin, wanted))


def _ranges(
    twin: Twin,
    blocks: Sequence[_Block],
    quantity: str,
    values: npt.NDArray[np.float32],
) -> list[pa.Array]:
    """Return the columns of the lowest and the highest that values may be."""
    bounds = [np.full_like(values, np.nan) for _bound in BOUNDS]
    for block in blocks:
        found = _bounds(twin, block, quantity, values[:, block.rows])
        for bound, one in zip(bounds, found, strict=True):
            bound[:, block.rows] = one
    return [pa.array(bound.ravel(), from_pandas=True) for bound in bounds]


def _numbers(
    twin: Twin, layer: Layer, quantity: str, view: View
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    if quantity == "emission" and twin.find(layer.id, quantity, view.scenario) is None:
        return emission(twin, layer, view)
    return row(twin, layer, quantity, view)


def _names(twin: Twin, blocks: Sequence[_Block], steps: Sequence[int]) -> tuple[pa.Array, ...]:
    """Return the columns that say which instant, layer and element a row is about."""
    height = _height(blocks)
    kind = pa.timestamp("s", tz=twin.time.tz)
    if twin.time.static:
        time = pa.nulls(len(steps) * height, kind)
    else:
        seconds = np.repeat([twin.time.seconds(i) for i in steps], height)
        time = pa.array(seconds.astype(np.int64)).cast(kind)
    layers = pa.array([block.layer.id for block in blocks], pa.string())
    ids = pa.concat_arrays([ids_of(block.layer) for block in blocks])
    which = np.repeat(np.arange(len(blocks), dtype=np.int32), [len(b.layer) for b in blocks])
    return (
        time,
        pa.DictionaryArray.from_arrays(np.tile(which, len(steps)), layers),
        pa.DictionaryArray.from_arrays(np.tile(np.arange(height, dtype=np.int32), len(steps)), ids),
    )


def ids_of(layer: Layer) -> pa.Array:
    return layer.attributes["id"].cast(pa.string()).combine_chunks()


def is_ascii(column: pa.ChunkedArray) -> bool:
    return not pa.types.is_string(column.type) or all(str(t).isascii() for t in column.to_pylist())


def _attributes(
    twin: Twin, what: Sequence[str] | None, layer: str | None, sheets: Sheets | None
) -> Content:
    """Return the attributes of the elements, which have no time."""
    chosen = [one for one in twin.layers.values() if layer in (None, one.id)]
    known = dict.fromkeys(n for one in chosen for n in one.attributes.column_names if n != "id")
    names = list(known if what is None else dict.fromkeys(what))
    unknown = [name for name in names if name not in known]
    if unknown:
        able = dict.fromkeys(q for found in _available(twin).values() for q in found)
        raise CommandError(
            _(
                "There is no quantity or attribute '{name}'; there are {known}.",
                name=unknown[0],
                known=", ".join([*able, *known]) or _("none"),
            )
        )
    kept = [one for one in chosen if any(one.has(name) for name in names)]
    if not kept:
        raise CommandError(_("There is nothing to write: no series and no attributes."))
    whole = pa.concat_tables([_attribute_table(one, names, kept) for one in kept])
    return Content(whole, about(twin), all(map(is_ascii, whole.columns)), sheets or {})


def _attribute_table(layer: Layer, names: Sequence[str], layers: Sequence[Layer]) -> pa.Table:
    columns = {"layer": pa.array([layer.id] * len(layer), pa.string()), "id": ids_of(layer)}
    for name in names:
        owners = [one for one in layers if one.has(name)]
        kind = _common_type([one.attributes[name].type for one in owners])
        unit = next((one.unit(name) for one in owners if one.unit(name)), "")
        values = layer.attributes[name].cast(kind) if layer.has(name) else None
        columns[titled(name, unit)] = pa.nulls(len(layer), kind) if values is None else values
    return pa.table(columns)


def _common_type(kinds: Sequence[pa.DataType]) -> pa.DataType:
    """Return a type that holds all: their own where they agree, numbers as numbers, else text."""
    if len(set(kinds)) == 1 and not pa.types.is_nested(kinds[0]):
        return kinds[0]
    numeric = all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds)
    return pa.float64() if numeric else pa.string()
