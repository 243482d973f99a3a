"""Curves of elements side by side: a row for each step, a column for each element, and the sum."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.exporters.table_files import Content, Sheets
from twinview.exporters.tables import about, titled
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.scene.together import singles, together

Rows = npt.NDArray[np.int64]


def curves(
    twin: Twin,
    layer: Layer,
    quantity: str,
    rows: Rows,
    *,
    scenario: str = "",
    sheets: Sheets | None = None,
) -> Content:
    """Return the curves of elements for a table file.

    At most `twinview.scene.together.MOST` elements have a column of their own, and no single
    dwelling whose values are private; the last column is the sum or mean of all.

    Parameters
    ----------
    twin, layer, quantity, rows, scenario
        Of what, in which case.
    sheets
        See `table_file`.
    """
    known = quantities().get(quantity)
    unit = known.unit if known is not None else ""
    alone = singles(twin, layer, quantity, rows, scenario)
    whole = together(twin, layer, quantity, rows, scenario)
    seconds = [twin.time.seconds(step) for step in range(twin.time.count)]
    columns = {"time": pa.array(seconds, pa.int64()).cast(pa.timestamp("s", tz=twin.time.tz))}
    for row, values in alone.items():
        columns[titled(str(layer.ids[row]), unit)] = _numbers(values)
    how = f"{'mean by use' if whole.how == 'weighted' else whole.how} of {whole.known}"
    columns[titled(how, unit)] = _numbers(whole.values)
    said = {**about(twin), "layer": layer.id, "quantity": quantity,
            "withheld": str(whole.withheld)}  # fmt: skip
    return Content(pa.table(columns), said, "".join(columns).isascii(), sheets or {})


def _numbers(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(values.astype(np.float32), from_pandas=True)
