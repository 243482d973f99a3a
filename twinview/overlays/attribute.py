"""Any column of a layer: numbers along a ramp, texts as classes."""

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import N_, _
from twinview.model.twin import Layer, Twin
from twinview.scene.attributes import choices, coloured
from twinview.scene.overlay import Painted, overlay
from twinview.scene.paint import Legend
from twinview.scene.view import View


def available(twin: Twin) -> bool:
    """Tell whether there is any layer with shapes and columns."""
    return any(choices(layer) for layer in twin.layers.values() if layer.geometry is not None)


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
    return coloured(*found, view.theme)
