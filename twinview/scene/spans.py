"""A quantity of a layer at many steps of the clock, also where it is made of others."""

import numpy as np
import numpy.typing as npt

from twinview.model.series import Series
from twinview.model.twin import Layer, Twin
from twinview.scene.parts import uses
from twinview.scene.private import kept_back

Floats = npt.NDArray[np.float32]
VALUES_AT_ONCE = 4_000_000


def block(twin: Twin, layer: Layer, quantity: str, steps: range, scenario: str) -> Floats:
    """Return the values of all elements at steps of the clock, shape (len(steps), n).

    Net power and emission are made of their parts where no series holds them, as on the map.
    """
    series = twin.find(layer.id, quantity, scenario)
    if series is not None:
        return _rows(twin, series, steps)
    if quantity == "power":
        return _net(twin, layer, steps, scenario)
    if quantity == "emission":
        used = _found(twin, layer, "consumption", steps, scenario)
        return used * _found(twin, layer, "carbon_intensity", steps, scenario) / np.float32(1000)
    return np.full((len(steps), len(layer)), np.nan, dtype=np.float32)


def _net(twin: Twin, layer: Layer, steps: range, scenario: str) -> Floats:
    """Return use less generation; one that is missing counts for nothing, one withheld for all."""
    asked = uses(twin, layer), "generation"
    used, made = (_found(twin, layer, one, steps, scenario) for one in asked)
    none = np.isnan(used) & np.isnan(made)
    none |= kept_back(twin, asked, lambda of, one: _found(of, layer, one, steps, scenario))
    return np.where(none, np.nan, np.nan_to_num(used) - np.nan_to_num(made)).astype(np.float32)


def _found(twin: Twin, layer: Layer, quantity: str, steps: range, scenario: str) -> Floats:
    series = twin.find(layer.id, quantity, scenario)
    if series is None:
        return np.full((len(steps), len(layer)), np.nan, dtype=np.float32)
    return _rows(twin, series, steps)


def _rows(twin: Twin, series: Series, steps: range) -> Floats:
    if series.time == twin.time:
        values = series.window(steps.start, steps.stop).copy()
        for k, step in enumerate(steps):
            if not series.ready(step):
                values[k] = np.nan
        return values
    made = np.full((len(steps), series.size), np.nan, dtype=np.float32)
    for k, step in enumerate(steps):
        at = series.time.step_at(twin.time, step)
        if at is not None and series.ready(at):
            made[k] = series.at(at)
    return made
