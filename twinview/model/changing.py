"""Changes to what a twin holds: powers scaled, intensities, switches, attributes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.growing import scaled, with_column
from twinview.model.problem import CommandError, Problem
from twinview.model.scenario import Factor, Scale, Set, Switch
from twinview.model.series import Dense, Meaning
from twinview.model.time import STATIC
from twinview.model.twin import Layer, Network, Twin, power_grid

Ids = tuple[str, ...]
Rows = npt.NDArray[np.int64]
Done = tuple[Twin, list[Problem]]

BRANCHES = ("line", "link", "transformer", "generic_branch")
MOST_NAMED = 20
_DEVICES = {"consumption": "sym_load", "generation": "sym_gen"}
"""Component whose power makes up a quantity of buildings."""
_FIXED = frozenset(
    {"id", "node", "from_node", "to_node", "building"}
    | {"profile", "scale_w", "scale_kw", "intensity_profile", "p_specified"}
)
"""Columns that tie the district together, or became series when it was put together."""


@dataclass(frozen=True)
class Imports:
    """What is known of the carbon intensity of imports besides series.

    Parameters
    ----------
    assumed
        Returns the g/kWh of imports where no series says it.
    book
        Returns the g/kWh of a name in the factor book, and what is to be told about its use.
    """

    assumed: Callable[[], float]
    book: Callable[[str], tuple[float, tuple[Problem, ...]]]


def finding(code: str, message: str, fix: str = "", layer: str = "", ids: Ids = ()) -> Problem:
    """Return a problem of a change; its message is part of a sentence."""
    named = ids[:MOST_NAMED]
    return Problem("warning", f"scenario.{code}", message, fix, layer=layer, element_ids=named)


def missing(gone: Iterable[str], layer: str = "") -> list[Problem]:
    """Say which elements are not there."""
    ids = tuple(gone)
    if not ids:
        return []
    text = _("'{first}' is not there", first=ids[0])
    if len(ids) > 1:
        text = _("'{first}' and {count} more are not there", first=ids[0], count=len(ids) - 1)
    return [finding("element", text, _("Take them out of the change."), layer, ids)]


def with_layer(twin: Twin, layer: Layer) -> Twin:
    """Return a twin with a layer replaced, or added behind the others."""
    return replace(twin, layers={**twin.layers, layer.id: layer})


def chosen(layer: Layer, ids: Sequence[str]) -> tuple[Rows, list[str]]:
    """Return the rows of elements, or of all that name a building or node, and what is not there.

    Parameters
    ----------
    layer
        The table.
    ids
        Elements, buildings or nodes; all rows where there are none.
    """
    if not ids:
        return np.arange(len(layer)), []
    wanted = np.array(ids, dtype=object)
    taken = np.isin(layer.ids, wanted)
    known = set(layer.ids[taken])
    for column in ("building", "node"):
        if layer.has(column):
            owners = layer.column(column)
            belongs = np.isin(owners, np.array([i for i in ids if i not in known], dtype=object))
            taken |= belongs
            known |= set(owners[belongs])
    return np.flatnonzero(taken), [one for one in ids if one not in known]


def scale(twin: Twin, change: Scale) -> Done:
    """Multiply a quantity; that of buildings by the powers of the devices that make it up."""
    layer, quantity = _scaled_layer(twin, change)
    series = None if layer is None else twin.find(layer.id, quantity)
    if layer is None or series is None:
        text = _("'{layer}' has no {quantity}", layer=change.layer, quantity=change.quantity)
        return twin, [finding("series", text, _("Name a layer that has it."), change.layer)]
    rows, gone = chosen(layer, change.ids)
    if change.by != 1 and len(rows):
        twin = twin.with_series(scaled(series, twin.scenario, rows, change.by))
    return twin, missing(gone, layer.id)


def _scaled_layer(twin: Twin, change: Scale) -> tuple[Layer | None, str]:
    grid = power_grid(twin)
    tables = {} if grid is None else grid.tables
    layer = twin.layers.get(tables.get(change.layer, change.layer))
    device = twin.layers.get(tables.get(_DEVICES.get(change.quantity, ""), ""))
    if layer is not None and layer.kind == "building" and device is not None:
        summed = device.has("building") and layer.rows(device.column("building")).max() >= 0
        return (device, "power") if summed else (layer, change.quantity)
    return layer, change.quantity


def factor(twin: Twin, change: Factor, imports: Imports) -> Done:
    """Give imports or generators another carbon intensity."""
    component = "source" if change.of == "import" else "sym_gen"
    grid = power_grid(twin)
    layer = None if grid is None else twin.layers.get(grid.tables.get(component, ""))
    if layer is None:
        text = _("the district has none")
        return twin, [finding("element", text, _("Remove the change."))]
    rows, gone = chosen(layer, change.ids)
    try:
        given, said = (change.g_per_kwh, ()) if change.book is None else imports.book(change.book)
    except CommandError as error:
        return twin, [finding("factor", str(error).rstrip("."), layer=layer.id)]
    if change.of == "import":
        twin = _imported(twin, layer, rows, given, change.by, imports)
    else:
        values = layer.numbers("intensity_g_per_kwh", 0.0)
        values[rows] = values[rows] * change.by if change.by is not None else given
        twin = with_layer(twin, with_column(layer, "intensity_g_per_kwh", values))
    told = [replace(one, message=one.message.rstrip(".")) for one in said]
    return twin, [*missing(gone, layer.id), *told]


def _imported(
    twin: Twin, layer: Layer, rows: Rows, given: float | None, by: float | None, imports: Imports
) -> Twin:
    """Return a twin whose imports have the intensity `given`, or `by` times the present one."""
    series = twin.find(layer.id, "carbon_intensity")
    if series is None:
        values = np.full((1, len(layer)), imports.assumed(), dtype=np.float32)
        source = N_("intensity of imports, as assumed and changed by the scenario")
        meaning = Meaning(layer.id, "carbon_intensity", "g/kWh", source=source)
        series = Dense(meaning, STATIC, values)
    if by is not None:
        return twin.with_series(scaled(series, twin.scenario, rows, by))
    assert given is not None
    everywhere = len(rows) == len(layer)
    time = STATIC if everywhere else series.time
    values = (
        np.empty((1, len(layer)), dtype=np.float32)
        if everywhere
        else np.array(series.window(0, time.count))
    )
    values[:, rows] = given
    source = N_("intensity of imports, given by the scenario")
    meaning = replace(series.meaning, scenario=twin.scenario, origin="given", source=source)
    return twin.with_series(Dense(meaning, time, values))


def switch(twin: Twin, change: Switch) -> Done:
    """Open or close branches at both ends."""
    grid = power_grid(twin)
    left = list(change.ids)
    for name in BRANCHES:
        layer = None if grid is None else twin.layers.get(grid.tables.get(name, ""))
        if layer is None:
            continue
        found = [one for one in left if one in layer.row_of]
        left = [one for one in left if one not in layer.row_of]
        if found:
            rows = [layer.row_of[one] for one in found]
            twin = with_layer(twin, _switched(layer, rows, int(change.closed)))
    return twin, missing(left)


def _switched(layer: Layer, rows: list[int], status: int) -> Layer:
    for end in ("from_status", "to_status"):
        values = layer.numbers(end, 1.0).astype(np.int64)
        values[rows] = status
        layer = with_column(layer, end, values)
    return layer


def set_attribute(twin: Twin, change: Set) -> Done:
    """Give elements another attribute."""
    layer = _table(twin, power_grid(twin), change.layer)
    if layer is None or not layer.has(change.column):
        text = _("'{layer}' has no column '{column}'", layer=change.layer, column=change.column)
        return twin, [finding("column", text, _("Name a column that it has."), change.layer)]
    if change.column in _FIXED:
        text = _("'{column}' cannot be changed once the district is read", column=change.column)
        return twin, [finding("column", text, _("Scale the power instead."), layer.id)]
    rows, gone = chosen(layer, change.ids)
    values = layer.attributes[change.column].to_pylist()
    for row in rows:
        values[row] = change.value
    try:
        twin = with_layer(twin, with_column(layer, change.column, values))
    except ValueError as error:
        text = _("the value does not fit the column: {why}", why=error)
        return twin, [finding("column", text, _("Give a value of its kind."), layer.id)]
    return twin, missing(gone, layer.id)


def _table(twin: Twin, grid: Network | None, name: str) -> Layer | None:
    """Return a layer by its id, or by the component of the grid that it holds."""
    return twin.layers.get(name) or twin.layers.get(grid.tables.get(name, "") if grid else "")
