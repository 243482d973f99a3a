"""Whether what dwellings use was metered: as a file or the user says, else as the curves look.

Curves that nobody says anything of are taken for metered where each dwelling has a shape of its
own. Standard load profiles are shared: many dwellings have a few shapes, each times an annual sum.
What was once taken for metered stays so while nobody says otherwise: a file that grows may come to
look alike, and it still holds what was private before.
"""

import weakref
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from twinview.model.gathered import Gathered
from twinview.model.series import Profiled, Series
from twinview.model.twin import Layer, Twin
from twinview.scene.grouping import dwellings

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

USERS = ("building", "load")
"""Kinds of layers whose elements use energy."""
_USED = frozenset({
    "power", "reactive_power", "consumption", "heat_consumption", "cooling_consumption",
    "gas_consumption",
})  # fmt: skip
"""Quantities that tell what people do."""
_MOST = 20.0
"""kW in the mean that a dwelling does not use; what uses more is a works or a town."""
_LOW = 1000.0
"""Volts up to which dwellings are connected."""
_ELEMENTS, _STEPS = 600, 96
"""So many elements and steps are looked at."""
_ALIKE = 0.05
"""Two curves over their means differ by less, in the mean: one shape, rounded to few digits."""


class Found(NamedTuple):
    """A layer with metered values, if that was guessed, and of which quantity."""

    layer: str
    guessed: bool
    quantity: str


def metered(twin: Twin) -> Found | None:
    """Return the first layer of users with metered values, said ones before guessed ones.

    What is computed of metered values gives them away, so one layer is enough.

    Parameters
    ----------
    twin
        The base case.
    """
    users = {one.id: one for kind in USERS for one in twin.of_kind(kind)}
    mine = [one for (owner, _quantity, _case), one in twin.series.items() if owner in users]
    for series in mine:
        if series.meaning.origin == "measured":
            return Found(series.meaning.layer, False, series.meaning.quantity)
    for layer in users.values():
        if layer.origin == "measured":
            return Found(layer.id, False, "")
    for series in mine:
        layer = users[series.meaning.layer]
        if looks_metered(twin, layer, series):
            return Found(layer.id, True, series.meaning.quantity)
    return None


def remembering(twin: Twin) -> Twin:
    """Return a base case that remembers what it is taken for metered by."""
    found = metered(twin)
    if found is None or not found.guessed:
        return twin
    return replace(twin, taken=twin.taken | {(found.layer, found.quantity)})


_known: "weakref.WeakKeyDictionary[Series, bool]" = weakref.WeakKeyDictionary()
"""What was found of series before: results come and go, these stay."""


def looks_metered(twin: Twin, layer: Layer, series: Series) -> bool:
    """Tell whether a curve of which nobody says anything looks like one of meters, or once did.

    Parameters
    ----------
    twin, layer, series
        The base case, a layer of users, and what its elements use.
    """
    meaning = series.meaning
    unsaid = meaning.origin == "given" and not meaning.told
    if not unsaid or meaning.quantity not in _USED or series.time.static:
        return False
    if (layer.id, meaning.quantity) in twin.taken:
        return True
    if series not in _known:
        _known[series] = own_shapes(series, _low_homes(twin, layer, series))
    return _known[series]


def _low_homes(twin: Twin, layer: Layer, series: Series) -> Ints:
    """Return the elements that may be dwellings: by use, voltage and what they draw in the mean."""
    if series.size != len(layer):
        return np.empty(0, dtype=np.int64)
    homes = dwellings(layer)
    few = _spread(series.time.count, 12)
    drawn = np.stack([np.abs(series.at(i)) for i in few])
    mean = np.where(np.isfinite(drawn), drawn, 0).sum(axis=0) / len(few)
    able = (homes > 0) & (mean > 0) & (mean <= _MOST * homes)
    if layer.has("node"):
        for network in twin.networks.values():
            nodes = twin.layers.get(network.tables.get("node", ""))
            if nodes is not None and layer.id in network.tables.values():
                at = nodes.rows(layer.column("node"))
                able &= (at < 0) | ~(nodes.numbers("u_rated")[at] > _LOW)
    return np.flatnonzero(able)


def own_shapes(series: Series, rows: Ints) -> bool:
    """Tell whether most of some elements have a curve of a shape that no other one has.

    Parameters
    ----------
    series
        Over time.
    rows
        The elements.
    """
    many = len(rows)
    if isinstance(series, Profiled | Gathered):
        made = series.makeup if isinstance(series, Profiled) else series.entries
        here = np.isin(made.element, rows)
        # A house with two standard profiles has a shape of its own, and yet no meter.
        if 2 * len(np.unique(made.index[here])) <= many:
            return False
    rows = rows[_spread(many, _ELEMENTS)]
    curves = np.stack([series.at(i)[rows] for i in _spread(series.time.count, _STEPS)], axis=1)
    return _shapes(curves) > max(1, len(rows) // 2)


def _shapes(curves: Floats) -> int:
    """Return how many shapes some curves have, shape (elements, steps); at least half is enough."""
    curves = np.nan_to_num(curves)
    curves = curves[np.abs(curves).max(axis=1, initial=0) > 0]
    curves = curves / np.sqrt(np.mean(curves**2, axis=1, keepdims=True))
    count, most = 0, len(curves) // 2
    while len(curves) and count <= most:
        apart = np.sqrt(np.mean((curves - curves[0]) ** 2, axis=1)) > _ALIKE
        curves, count = curves[apart], count + 1
    return count


def _spread(count: int, most: int) -> Ints:
    """Return at most so many places out of `count`, evenly spread."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))
