"""A district without a grid, computed as if all buildings hung at one lossless node.

The node ("copper plate") and its devices are made for the computation alone; they are no part of
the twin, and no results of theirs are kept.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model.clocked import brought
from twinview.model.entries import Entries
from twinview.model.gathered import Gathered
from twinview.model.orders import WORTH
from twinview.model.problem import CommandError, Problem
from twinview.model.series import STRIDE, Dense, Profiled, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Network, Twin, has_pipes, power_grid
from twinview.model.whole import IMPORT

NODE, SOURCE, LOAD, GEN = (f"plate.{name}" for name in ("node", "source", "sym_load", "sym_gen"))
LOW_VOLTAGE = 400.0


@dataclass(frozen=True, eq=False)
class Plate:
    """A twin with a grid of one node.

    Parameters
    ----------
    twin
        The district with the node and its devices.
    network
        The grid.
    problems
        What that leaves out.
    """

    twin: Twin
    network: Network
    problems: tuple[Problem, ...]


def electrical(twin: Twin) -> Plate:
    """Return the grid to compute; where there is none, one node for all buildings.

    Raises
    ------
    CommandError
        When there is neither a grid nor a building with a consumption.
    """
    network = power_grid(twin)
    return plate_of(twin) if network is None else Plate(twin, network, ())


def check_computable(twin: Twin) -> None:
    """Raise CommandError where there is no network at all."""
    if not has_pipes(twin):
        electrical(twin)


def plate_of(twin: Twin) -> Plate:
    """Hang all buildings that consume or generate at one node.

    Raises
    ------
    CommandError
        No building has a consumption.
    """
    layer = _consuming(twin)
    if layer is None:
        raise CommandError(
            _(
                "There is no electrical grid in this project and no building has a consumption, so "
                "there is nothing to compute; add a grid file or meters, or model the demand."
            )
        )
    made = [_devices(twin, layer, quantity, id_) for quantity, id_ in (
        ("consumption", LOAD), ("generation", GEN))]  # fmt: skip
    devices = [one for one in made if one is not None]
    node = Layer(NODE, NODE, "node", pa.table({"id": [NODE], "u_rated": [LOW_VOLTAGE]}))
    source = Layer(
        SOURCE, SOURCE, "source", pa.table({"id": [SOURCE], "node": [NODE], "u_ref": [1.0]})
    )
    layers = [node, source, *(one for one, _series in devices)]
    tables = {one.id.removeprefix("plate."): one.id for one in layers}
    network = Network("plate", _("one node without losses"), "electricity", tables)
    series = [*(one for _layer, one in devices), *_imports(twin)]
    grown = replace(twin, layers={**twin.layers, **{one.id: one for one in layers}})
    return Plate(grown.with_series(*series), network, _said(twin, layer, devices[0][0]))


def _consuming(twin: Twin) -> Layer | None:
    """Return the building layer with most elements that has a consumption on the clock."""
    able = [one for one in twin.of_kind("building") if twin.find(one.id, "consumption")]
    return max(able, key=len, default=None)


def _devices(twin: Twin, layer: Layer, quantity: str, id_: str) -> tuple[Layer, Series] | None:
    """Return one device for each building with a series, and the power of the devices."""
    series = twin.find(layer.id, quantity)
    if series is None:
        return None
    rows = with_values(series)
    if not rows.size:
        return None
    ids = [str(one) for one in layer.ids[rows]]
    columns = {"id": ids, "node": [NODE] * len(ids), "building": ids}
    kind = "load" if id_ == LOAD else "generator"
    return Layer(id_, id_, kind, pa.table(columns)), _only(series, rows, id_, twin.time)


def with_values(series: Series) -> npt.NDArray[np.int64]:
    """Return the elements of a series that have a value at any step."""
    if isinstance(series, Profiled):
        return np.unique(series.element).astype(np.int64)
    known = np.zeros(series.size, dtype=np.bool_)
    for first in range(0, series.time.count, STRIDE):
        last = min(first + STRIDE, series.time.count)
        known |= np.isfinite(series.window(first, last)).any(axis=0)
    return np.flatnonzero(known)


def _only(series: Series, rows: npt.NDArray[np.int64], layer: str, axis: TimeAxis) -> Series:
    """Return the power of some elements on the clock, in their own layer."""
    meaning = replace(series.meaning, layer=layer, quantity="power")
    if isinstance(series, Profiled):
        place = np.searchsorted(rows, series.element).astype(np.int32)
        profiles = brought(series.time, axis, 0, axis.count, lambda a, b: series.profiles[a:b])
        return Profiled(
            meaning, axis, profiles, series.index, series.scale, place,
            rows.size,
        )  # fmt: skip
    if series.time == axis and series.time.count * series.size * 4 >= WORTH:
        ones = np.ones(rows.size, dtype=np.float32)
        place = np.arange(rows.size, dtype=np.int32)
        return Gathered(meaning, series, Entries(rows.astype(np.int32), ones, place, rows.size))
    values = brought(series.time, axis, 0, axis.count, lambda a, b: series.window(a, b)[:, rows])
    return Dense(meaning, axis, values)


def _imports(twin: Twin) -> list[Series]:
    """Return the carbon intensity of the import where the district has a series of it."""
    series = twin.find(DISTRICT, IMPORT)
    if series is None:
        return []
    meaning = replace(series.meaning, layer=SOURCE, quantity="carbon_intensity")
    values = brought(series.time, twin.time, 0, twin.time.count, series.window)
    return [Dense(meaning, twin.time, values)]


def _said(twin: Twin, layer: Layer, loads: Layer) -> tuple[Problem, ...]:
    problems = [
        Problem(
            "info",
            "grid.none",
            _(
                "There is no grid here: {count} of {all} buildings of '{layer}' were computed as "
                "if they hung at one node; losses, voltages and limits are not in it.",
                count=len(loads),
                all=len(layer),
                layer=_(layer.title),
            ),
            _("Add a grid file to have them."),
            layer=layer.id,
        )
    ]
    series = twin.find(layer.id, "consumption")
    if series is not None and series.meaning.spread:
        message = _(
            "The consumption that was computed is modelled, each building within ±{spread:.0f} %; "
            "so is everything made of it.",
            spread=series.meaning.spread * 100,
        )
        problems.append(Problem("info", "grid.modelled_use", message, layer=layer.id))
    others = [one for one in twin.of_kind("building") if one is not layer]
    left = [one for one in others if twin.find(one.id, "consumption")]
    if left:
        message = _(
            "The buildings of {layers} are not in it: without a grid one layer is computed.",
            layers=", ".join(f"'{_(one.title)}'" for one in left),
        )
        problems.append(Problem("warning", "grid.layers_left", message))
    return tuple(problems)
