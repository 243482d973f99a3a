"""A quantity of a layer over a stretch of time: energy of powers, means of what does not add up."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.twin import Layer, Twin
from twinview.scene.paint import State
from twinview.scene.parts import uses
from twinview.scene.shown import Shown

Floats = npt.NDArray[np.float32]
PER_HOUR = {"kW": "kWh", "kg/h": "kg", "kvar": "kvarh"}
"""Units of rates, and of what they add up to over hours."""
VALUES_AT_ONCE = 4_000_000


def summed(unit: str) -> str:
    """Return the unit of a sum over time; empty where a quantity is averaged instead."""
    return PER_HOUR.get(unit, "")


def over(twin: Twin, layer: Layer, now: Shown, steps: range, scenario: str) -> Shown:
    """Return the shown quantity of a layer over steps of the clock.

    Rates (kW, kg/h) are summed to kWh and kg, and only where every step has a value: a gap is no
    zero. Everything else is the mean of the steps that have one.

    Parameters
    ----------
    twin, layer, steps, scenario
        What, when, and in which case.
    now
        The quantity as it is shown at the instant; attributes stay as they are.
    """
    unit = summed(now.unit)
    if not now.quantity or now.quantity not in quantities() or not len(steps) or twin.time.static:
        return now
    sums, count = np.zeros(len(layer)), np.zeros(len(layer), dtype=np.int64)
    for part in rates(twin, layer, now.quantity, steps, scenario):
        known = np.isfinite(part)
        sums += np.where(known, part, 0.0).sum(axis=0)
        count += known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if unit:
            hours = twin.time.step / 3600
            values = np.where(count == len(steps), sums * hours, np.nan)
        else:
            values = np.where(count > 0, sums / count, np.nan)
    gone = np.where(now.states == State.ESTIMATED, State.ESTIMATED, State.VALUE)
    states = np.where(np.isfinite(values), gone, State.MISSING).astype(np.uint8)
    return replace(now, values=values.astype(np.float32), states=states, unit=unit or now.unit)


def rates(twin: Twin, layer: Layer, quantity: str, steps: range, scenario: str) -> Iterator[Floats]:
    """Yield the values of all elements at steps of the clock, some rows at a time.

    Net power and emission are made of their parts where no series holds them, as on the map.
    """
    rows = max(1, VALUES_AT_ONCE // max(len(layer), 1))
    for first in range(steps.start, steps.stop, rows):
        yield block(twin, layer, quantity, range(first, min(first + rows, steps.stop)), scenario)


def block(twin: Twin, layer: Layer, quantity: str, steps: range, scenario: str) -> Floats:
    """Return the values of all elements at steps of the clock, shape (len(steps), n)."""
    series = twin.find(layer.id, quantity, scenario)
    if series is not None:
        return _rows(twin, series, steps)
    if quantity == "power":
        used = _found(twin, layer, uses(twin, layer), steps, scenario)
        made = _found(twin, layer, "generation", steps, scenario)
        none = np.isnan(used) & np.isnan(made)
        return np.where(none, np.nan, np.nan_to_num(used) - np.nan_to_num(made)).astype(np.float32)
    if quantity == "emission":
        used = _found(twin, layer, "consumption", steps, scenario)
        return used * _found(twin, layer, "carbon_intensity", steps, scenario) / np.float32(1000)
    return np.full((len(steps), len(layer)), np.nan, dtype=np.float32)


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
