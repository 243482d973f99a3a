"""Values of single dwellings: shown only for groups, and so that differences give nothing away.

Dwellings of a layer are put into fixed groups of neighbours, each with at least so many of them. A
twin that is shown holds, in place of their values, the means of the groups (`veiled`): what looks
at it, be it the map, a chart or a file, cannot come by a single value. Only computations ask for
`Twin.exact`. A sum over elements takes in a group whole or not at all. So every sum that anybody
gets is made of whole groups and of values that are open anyway, and so is every difference of such
sums: taking one house in or out of a selection changes nothing, or a whole group. Groups do not
depend on what is selected, on the instant, on the scenario or on what was asked before.
"""

import re
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model.grouped import Grouped, Groups, means
from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.hanging import telling, zones
from twinview.scene.neighbours import near

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST = 5
"""Dwellings that a group of metered values must have where the project says nothing."""
HOMES = ("households", "dwellings", "num_dwellings", "building:flats", "flats", "units_res",
         "wohnungen", "nb_logements", "户数")  # fmt: skip
"""Columns of the number of dwellings."""
USES = ("use", "building_use", "building:use", "usage", "function", "building_function", "building",
        "building_type", "nutzung", "type", "kind", "建筑用途", "用途")  # fmt: skip
"""Columns of use."""
RESIDENTIAL = frozenset({
    "residential", "dwelling", "dwellings", "apartments", "apartment", "flat", "flats", "house",
    "detached", "semi", "semidetached_house", "terrace", "row", "multi", "bungalow", "household",
    "households", "home", "farm", "farmhouse", "dormitory", "multifamily", "single_res",
    "multi_res", "single-family detached", "1000", "1010", "1020", "1022", "1024", "1221",
    "31001_1000", "31001_1010", "31001_1020", "住宅",
})  # fmt: skip
"""Uses of buildings in which people live, in small letters; codes are those of the cadastre."""
_CONSUMERS = ("building", "load")
_FLOWS = frozenset({"power", "reactive_power", "loading", "loss"})
"""Quantities of branches that tell what hangs behind them."""
_OPEN = frozenset({"pv_potential", "residual", "carbon_residual"})
"""Quantities that add up and say nothing of the people in a house."""
_USED = re.compile(r"(?i)consum|demand|verbrauch|bedarf|k?mwh|kwh|用电|用能|能耗")
_SIZES = re.compile(r"(?i)battery|storage|capacity|rated|kwp|p_?max|mass|weight")
"""Columns with such units that say what was built, not what is used."""
_UNITS = re.compile(r"^[kMGT]?(W|Wh|VA|var|J)(/a|/yr|/year)?$|^k?g(/h|/a)?$|^t(/a)?$")
_NOTHING = Groups(np.zeros(1, np.int64), np.zeros(1), 1)
"""Groups of one element that nobody may see."""


def veiled(twin: Twin, least: int | None, base: Twin | None = None) -> Twin:
    """Return the twin as it may be shown: values of single dwellings as means of groups.

    It is the same twin where nothing is kept back; asked again, it is what it was.

    Parameters
    ----------
    twin
        A case, or what this function made of it.
    least
        Dwellings that a group must have, as the project says; None asks for `LEAST` where values
        were metered and for nothing elsewhere, 0 and 1 for nothing.
    base
        The base case, whose groups are those of all cases; None where the twin is it.
    """
    exact = twin.exact
    start = exact if base is None else base.exact
    known = exact.veils.get(least)
    if known is None or known[0]() is not start:
        made = _veiled(exact, start, least)
        # A twin that held itself would stay in memory until somebody looks for circles.
        known = exact.veils[least] = weakref.ref(start), None if made is exact else made
    return known[1] or exact


def _veiled(exact: Twin, base: Twin, least: int | None) -> Twin:
    n = LEAST if least is None and _metered(base) else least or 0
    groups = all_groups(base, n) if n > 1 else {}
    if not groups:
        return exact
    groups = {key: _fitting(one, len(exact.layers[key])) if key in exact.layers else one
              for key, one in groups.items()}  # fmt: skip
    layers = {key: _without_columns(one, groups[key]) if key in groups else one
              for key, one in exact.layers.items()}  # fmt: skip
    made = replace(exact, layers=layers, groups=groups, shown_for=exact)
    series = {key: _grouped(made, key, one) for key, one in exact.series.items()}
    return replace(made, series=series)


def _grouped(twin: Twin, key: tuple[str, str, str], series: Series) -> Series:
    mine = groups_for(twin, key[0], key[1])
    return series if mine is None or mine.of.size != series.size else Grouped(series, mine)


def _metered(twin: Twin) -> bool:
    """Tell whether anything of a user was measured: what is computed of it gives it away."""
    users = {one.id for kind in _CONSUMERS for one in twin.of_kind(kind)}
    return any(
        one.meaning.origin == "measured" and owner in users
        for (owner, _quantity, _scenario), one in twin.series.items()
    )


def _fitting(groups: Groups, count: int) -> Groups:
    """Return groups of a layer to which a scenario added elements: those are nobody's dwellings."""
    more = count - groups.of.size
    if more <= 0:
        return groups
    of = np.concatenate([groups.of, np.full(more, -1)])
    return Groups(of, np.concatenate([groups.held, np.zeros(more)]), groups.least)


# ------------------------------------------------------------------------------------------ groups
@lru_cache(maxsize=4)
def all_groups(twin: Twin, least: int) -> Mapping[str, Groups]:
    """Return the groups of all layers that have any, by layer.

    Parameters
    ----------
    twin
        The base case.
    least
        Dwellings that a group must have.
    """
    found: dict[str, Groups] = {}
    buildings = twin.of_kind("building")
    for layer in [*buildings, *twin.of_kind("load")]:
        groups = _following(layer, buildings, found) if layer.kind == "load" else None
        groups = groups or groups_of(layer, least, zones(twin, layer))
        if groups.rows.size:
            found[layer.id] = groups
    for key, hidden in telling(twin, found).items():
        found[key] = Groups(np.where(hidden, 0, -1), np.zeros(hidden.size), 1)
    if any(one.counts.size and int(one.counts.max()) < one.least for one in found.values()
           if one.held.any()):  # fmt: skip
        found[DISTRICT] = _NOTHING  # all there is are fewer dwellings than a group
    return found


def _following(layer: Layer, buildings: list[Layer], found: Mapping[str, Groups]) -> Groups | None:
    """Return the groups of devices by the buildings that they name; None where they name none."""
    if not layer.has("building"):
        return None
    for building in buildings:
        rows = building.rows(layer.column("building"))
        if building.id in found and (rows >= 0).any():
            theirs = found[building.id]
            of = np.where(rows >= 0, theirs.of[rows], -1)
            shared = np.bincount(rows[rows >= 0], minlength=len(building))
            held = np.where(rows >= 0, theirs.held[rows] / np.maximum(shared[rows], 1), 0.0)
            return Groups(of, held, theirs.least)
    return None


def dwellings(layer: Layer) -> Floats:
    """Return how many dwellings each element has, shape (n,).

    A count is taken from the data; without one, an element that is used for living has one, and so
    has every element of a layer that says nothing about use.
    """
    counted = next((layer.numbers(one) for one in HOMES if layer.has(one)), None)
    column = next((one for one in USES if layer.has(one)), "")
    if column:
        words = [str(one or "").strip().lower() for one in layer.column(column)]
        lived = np.array([not one or one in RESIDENTIAL for one in words], dtype=np.float64)
    else:
        lived = np.ones(len(layer))
    if counted is None:
        return lived
    return np.where(np.isfinite(counted), counted, lived)


def groups_of(layer: Layer, least: int, zone: Ints | None = None) -> Groups:
    """Return the groups of a layer.

    Elements with `least` dwellings or more may be shown alone, and so may those without any. What
    is left of too few dwellings joins the group beside it. Where there is none, it takes in the
    next elements that could be shown alone: otherwise, whoever knows those and the sum of all knows
    the rest. Where even that does not suffice, the group has too few, and is never shown.

    Parameters
    ----------
    layer, least
        The layer, and the dwellings that a group must have.
    zone
        Part of the grid of each element (`twinview.scene.hanging.zones`); None where it is all one.
    """
    homes = dwellings(layer)
    of = np.full(len(layer), -1, dtype=np.int64)
    held = np.maximum(homes, 1.0)
    zone = np.zeros(len(layer), dtype=np.int64) if zone is None else zone
    order = near(layer, zone)
    inside = order[(homes[order] > 0) & (homes[order] < least)]
    groups = _cut(inside, homes, zone, least)
    for number, rows in enumerate(groups):
        of[rows] = number
    if len(groups) == 1:
        _take_in(of, held, order, least)
    return Groups(of, held, least)


def _cut(inside: Ints, homes: Floats, zone: Ints, least: int) -> list[list[int]]:
    """Cut rows into groups that have enough dwellings, of one part of the grid where it has them.

    Too few that are left join the group before them, those of a small part the next one.
    """
    made: list[list[int]] = []
    left: list[int] = []
    for part in np.split(inside, np.flatnonzero(np.diff(zone[inside])) + 1):
        first, held = len(made), float(homes[left].sum())
        for row in part.tolist():
            left.append(row)
            held += homes[row]
            if held >= least:
                made.append(left)
                left, held = [], 0.0
        if left and len(made) > first:
            made[-1] += left
            left = []
    if left and made:
        made[-1] += left
    elif left:
        made.append(left)
    return made


def _take_in(of: Ints, held: Floats, order: Ints, least: int) -> None:
    """Let the only group take in elements beside it until it is large enough."""
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    middle = float(np.median(place[of == 0]))
    others = np.flatnonzero(of < 0)
    for row in others[np.argsort(np.abs(place[others] - middle), kind="stable")].tolist():
        if held[of == 0].sum() >= least:
            return
        of[row] = 0


# -------------------------------------------------------------------------------------------- what
def groups_for(twin: Twin, layer: str, quantity: str) -> Groups | None:
    """Return the groups that a quantity of a layer is shown for; None where nothing is kept back.

    Parameters
    ----------
    twin
        As it is shown (`veiled`).
    layer, quantity
        Ids; the quantity may be a column.
    """
    found = twin.groups.get(layer)
    if found is None:
        return None
    table, known = twin.layers.get(layer), quantities().get(quantity)
    if table is not None and table.kind not in _CONSUMERS:
        return found if quantity in _FLOWS else None
    if known is None and table is not None and table.has(quantity):
        return found if _tells(table, quantity) else None
    if known is None:
        return found if quantity == "load" else None
    return found if known.sums and quantity not in _OPEN else None


def _tells(layer: Layer, column: str) -> bool:
    """Tell whether a column holds what the people in a house use."""
    kind = layer.attributes.schema.field(column).type
    number = pa.types.is_floating(kind) or pa.types.is_integer(kind)
    told = _UNITS.match(layer.unit(column)) or _USED.search(column)
    return bool(number and told and not _SIZES.search(column))


def _without_columns(layer: Layer, groups: Groups) -> Layer:
    """Return a layer whose columns of use hold the means of groups."""
    table = layer.attributes
    if layer.kind not in _CONSUMERS:
        return layer
    for place, field in enumerate(table.schema):
        if _tells(layer, field.name):
            made = pa.array(
                means(layer.numbers(field.name), groups), pa.float64(), from_pandas=True
            )
            told = pa.field(field.name, pa.float64(), metadata=field.metadata)
            table = table.set_column(place, told, made)
    return layer if table is layer.attributes else replace(layer, attributes=table)


def grouped(twin: Twin, layer: Layer, quantity: str) -> Bools:
    """Tell which elements' values of a quantity are those of their group, shape (n,)."""
    found = groups_for(twin, layer.id, quantity)
    return np.zeros(len(layer), dtype=np.bool_) if found is None else found.inside


def kept_back(
    twin: Twin, asked: Sequence[str], values: Callable[[Twin, str], npt.NDArray[np.float32]]
) -> Bools:
    """Tell where one of some quantities is withheld rather than missing.

    A number made of the others alone would pass for one made of all.

    Parameters
    ----------
    twin
        As it is shown (`veiled`).
    asked
        Ids of quantities.
    values
        Returns the values of a quantity in a twin, always of the same shape.

    Returns
    -------
    npt.NDArray[np.bool_]
        Of that shape, or one False for all where nothing is kept back.
    """
    hidden = np.zeros((), dtype=np.bool_)
    if twin.exact is not twin:
        for one in asked:
            hidden = hidden | (np.isnan(values(twin, one)) & ~np.isnan(values(twin.exact, one)))
    return hidden


def group_words(twin: Twin, layer: str, quantity: str, row: int, value: float) -> str:
    """Say that a value is that of a group, or why there is none; empty for what is one's own.

    Parameters
    ----------
    twin, layer, quantity, row
        Which number.
    value
        What is shown; NaN for nothing.
    """
    found = groups_for(twin, layer, quantity)
    if found is None or found.of[row] < 0:
        return ""
    if not found.held.any():
        return _("Withheld: it would tell what single dwellings use.")
    if not np.isfinite(value):
        return _("Withheld: fewer than {least} dwellings have values.", least=found.least)
    return _("Mean of a group of {count} dwellings, for privacy",
             count=int(found.counts[found.of[row]]))  # fmt: skip


def whole(groups: Groups | None, rows: Ints, values: Floats) -> Bools:
    """Tell which of some rows may enter a sum: open ones, and those whose group is in there whole.

    A group of which so many values are missing that too few dwellings are left stays out as well.

    Parameters
    ----------
    groups
        As `groups_for` gives them; None withholds nothing.
    rows
        Selected rows, each once. Shape [k].
    values
        Of the rows, NaN where unknown. Shape [k].
    """
    if groups is None or not groups.rows.size:
        return np.ones(len(rows), dtype=np.bool_)
    mine = groups.of[rows]
    here = np.bincount(mine[mine >= 0], minlength=groups.sizes.size)
    known = (mine >= 0) & np.isfinite(values)
    homes = np.bincount(mine[known], groups.held[rows[known]], minlength=groups.sizes.size)
    able = (here == groups.sizes) & (homes >= groups.least)
    return np.asarray((mine < 0) | able[np.maximum(mine, 0)])
