"""The selection as rows of layers: looked up once, however often a scene is made of it."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer

Rows = npt.NDArray[np.int64]
Selection = tuple[tuple[str, str], ...]
"""Selected elements as (layer id, element id), in the order of selecting."""

FEW = 4
"""Elements that are searched for one by one."""

_last: list[tuple[Mapping[str, Layer], Selection, Mapping[str, Rows]]] = []


def rows_of(layers: Mapping[str, Layer], selection: Selection) -> Mapping[str, Rows]:
    """Return the rows of the selected elements by layer, in their order; those gone are left out.

    The same mapping comes back for the same layers and selection: whoever draws it can tell by
    ``is`` that nothing changed, and a hundred thousand elements are not looked up at each step.
    """
    if _last and _last[0][0] is layers and _last[0][1] is selection:
        return _last[0][2]
    found = _looked_up(layers, selection)
    _last[:] = [(layers, selection, found)]
    return found


def _looked_up(layers: Mapping[str, Layer], selection: Selection) -> Mapping[str, Rows]:
    ids: dict[str, list[str]] = {}
    for layer_id, element in selection:
        ids.setdefault(layer_id, []).append(element)
    found = {}
    for layer_id, wanted in ids.items():
        if layer_id in layers:
            rows = rows_named(layers[layer_id], wanted)
            if (rows >= 0).any():
                found[layer_id] = rows[rows >= 0]
    return found


def rows_named(layer: Layer, ids: Sequence[str]) -> Rows:
    """Return the row of each id, -1 where there is none.

    A few are searched for one by one: a table of a million ids takes longer than a click may.
    """
    if len(ids) > FEW:
        return layer.rows(np.array(ids, dtype=object))
    return np.array([layer.row_of.get(one, -1) for one in ids], dtype=np.int64)


def pairs(layer: Layer, rows: Iterable[int] | Rows) -> Selection:
    """Return rows of a layer as a selection."""
    wanted = np.asarray(rows, dtype=np.int64)
    if wanted.size <= FEW:
        return tuple((layer.id, layer.id_at(int(row))) for row in wanted)
    return tuple((layer.id, str(one)) for one in layer.ids[wanted])
