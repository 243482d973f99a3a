"""A table of elements at one instant: ids, what the map shows, and their attributes."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.exporters.states import WORDS, codes_of, words_of
from twinview.exporters.table_files import Content, Sheets
from twinview.exporters.tables import about, ids_of, is_ascii, titled
from twinview.model.time import format_instant
from twinview.model.twin import Layer, Twin
from twinview.scene.shown import Shown

Rows = npt.NDArray[np.int64]


def elements(
    twin: Twin,
    layer: Layer,
    now: Shown,
    rows: Rows,
    step: int,
    sheets: Sheets | None = None,
) -> Content:
    """Return rows of a layer for a table file.

    Parameters
    ----------
    twin, layer
        The district and the layer.
    now
        The shown quantity of all elements; without one, only attributes are written.
    rows
        Which, in their order.
    step
        The instant, a step of the clock: named in the file's provenance.
    sheets
        See `table_file`.
    """
    table = pa.table({**_ids(layer, rows), **_shown(now, rows), **_attributes(layer, rows)})
    plain = all(is_ascii(column) for column in table.columns)
    said = {**about(twin), **_when(twin, step), **_over(now)}
    return Content(table, said, plain, sheets or {})


def _when(twin: Twin, step: int) -> Mapping[str, str]:
    static = twin.time.static
    return {} if static else {"time": format_instant(twin.time.seconds(step), twin.time.tz)}


def _over(now: Shown) -> Mapping[str, str]:
    return {"values": now.over} if now.over else {}


def _ids(layer: Layer, rows: Rows) -> Mapping[str, pa.Array]:
    return {
        "layer": pa.array([layer.id] * len(rows), pa.string()),
        "id": ids_of(layer).take(pa.array(rows)),
    }


def _shown(now: Shown, rows: Rows) -> Mapping[str, pa.Array]:
    """Return the shown quantity, and why it is not there or whose mean it is."""
    if not now.quantity:
        return {}
    values = np.where(now.known, now.values, np.float32(np.nan))[rows]
    codes = np.where((now.grouped & now.known)[rows], len(WORDS), codes_of(now.states)[rows])
    return {
        titled(now.quantity, now.unit): pa.array(values, from_pandas=True),
        f"{now.quantity} state": words_of(codes.astype(np.int32)).cast(pa.string()),
    }


def _attributes(layer: Layer, rows: Rows) -> Mapping[str, pa.ChunkedArray]:
    found = {}
    for name in layer.attributes.column_names:
        column = layer.attributes[name]
        if name != "id" and not pa.types.is_nested(column.type):
            found[titled(name, layer.unit(name))] = column.take(pa.array(rows))
    return found
