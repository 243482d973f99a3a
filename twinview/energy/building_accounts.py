"""Indicators of each building over a span: sums, intensities, own use and peaks.

Only steps at which use and intensity are both known count, and their number is told. Carbon is
that of the use, by average attribution (scope 2, location-based): what a building exports takes
nothing off, and what it avoided is not in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twinview.energy.account_terms import SIZES
from twinview.energy.arrays import Floats
from twinview.energy.indicators import per
from twinview.model.series import Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin

CHUNK = 4_000_000
"""Values of a series that are held in memory at a time, about."""


@dataclass(frozen=True, eq=False)
class BuildingAccounts:
    """Indicators of the elements of a layer; all of shape [n], NaN where not known.

    Parameters
    ----------
    columns
        Values by name.
    units
        Unit of each.
    steps
        Steps that counted for each element. Shape [n].
    """

    columns: dict[str, Floats]
    units: dict[str, str]
    steps: Floats


@dataclass(eq=False)
class _Sums:
    """What is added up step by step; each [n]."""

    used: Floats
    carbon: Floats
    made: Floats
    matched: Floats
    peak: Floats
    steps: Floats

    @classmethod
    def empty(cls, size: int) -> "_Sums":
        return cls(*(np.zeros(size) for _field in range(6)))

    def add(self, used: Floats, intensity: Floats, made: Floats, stored: Floats) -> None:
        """Add some steps: kWh used, g/kWh, kWh generated, kWh put into stores; each [T, n]."""
        known = np.isfinite(used) & np.isfinite(intensity)
        use = np.where(known, used, 0.0)
        generation = np.where(known, np.nan_to_num(made), 0.0)
        self.used += use.sum(axis=0)
        self.carbon += np.where(known, used * intensity, 0.0).sum(axis=0) / 1000
        self.made += generation.sum(axis=0)
        spare = np.where(known, generation - stored, 0.0)
        self.matched += np.maximum(np.minimum(use, spare), 0.0).sum(axis=0)
        self.peak = np.maximum(self.peak, use.max(axis=0, initial=0.0))
        self.steps += known.sum(axis=0)


def building_accounts(
    twin: Twin, layer: Layer, steps: range, scenario: str = ""
) -> BuildingAccounts | None:
    """Return the indicators of a layer's elements; None where it has no use or no intensity.

    Parameters
    ----------
    twin
        The district with results.
    layer
        Buildings, or loads.
    steps
        Of the twin's clock.
    scenario
        Whose series count; empty for the scenario that the twin shows.
    """
    use = twin.find(layer.id, "consumption", scenario) or twin.find(layer.id, "power", scenario)
    intensity = twin.find(layer.id, "carbon_intensity", scenario)
    if use is None or intensity is None:
        return None
    hours = twin.time.step / 3600 if not twin.time.static else 1.0
    made = twin.find(layer.id, "generation", scenario)
    sums = _Sums.empty(len(layer))
    for part in parts(steps, len(layer)):
        energy = window_of(use, twin.time, part) * hours
        own = np.zeros_like(energy) if made is None else window_of(made, twin.time, part) * hours
        stored = _stored(twin, layer, part, scenario) * hours
        sums.add(energy, window_of(intensity, twin.time, part), own, stored)
    return _told(layer, sums, hours)


def window_of(series: Series, clock: TimeAxis, steps: range) -> Floats:
    """Return the values of a series at steps of a clock, NaN outside of its own. [T, n].

    Parameters
    ----------
    series
        The series, whose steps are as long as the clock's, or static.
    clock
        The twin's axis.
    steps
        Steps of it.
    """
    if series.time.static or clock.static:
        return np.tile(series.at(0).astype(np.float64), (len(steps), 1))
    shift = (clock.start - series.time.start) // max(series.time.step, 1)
    first = steps.start + shift
    begin, end = max(first, 0), min(first + len(steps), series.time.count)
    values = np.full((len(steps), series.size), np.nan)
    if end > begin:
        values[begin - first : end - first] = series.window(begin, end)
    return values


def parts(steps: range, width: int) -> Iterator[range]:
    """Cut steps so that a table of `width` columns stays below `CHUNK` values.

    Parameters
    ----------
    steps
        Of an axis.
    width
        Number of columns.
    """
    length = max(1, CHUNK // max(width, 1))
    for start in range(steps.start, steps.stop, length):
        yield range(start, min(start + length, steps.stop))


def _stored(twin: Twin, layer: Layer, steps: range, scenario: str) -> Floats:
    """Return the power that goes into each element's own stores, in kW. [T, n]."""
    from twinview.energy.district import summing  # with all solvers, so not at the start

    total = np.zeros((len(steps), len(layer)))
    for stores in twin.of_kind("storage"):
        power = twin.find(stores.id, "power", scenario)
        if power is None or not stores.has("building"):
            continue
        rows = layer.rows(stores.column("building"))
        moved = np.nan_to_num(window_of(power, twin.time, steps))
        total += moved @ summing(rows, len(layer)).T
    return total


def _told(layer: Layer, sums: _Sums, hours: float) -> BuildingAccounts:
    known = sums.steps > 0

    def shown(values: Floats) -> Floats:
        return np.where(known, values, np.nan)

    span = sums.steps * hours
    peak = sums.peak / hours
    columns = {
        "energy_used": (shown(sums.used), "kWh"),
        "energy_generated": (shown(sums.made), "kWh"),
        "carbon": (shown(sums.carbon), "kg"),
        "carbon_intensity": (per(sums.carbon * 1000, sums.used), "g/kWh"),
        "self_consumption": (per(sums.matched, sums.made), "1"),
        "self_sufficiency": (per(sums.matched, sums.used), "1"),
        "peak": (shown(peak), "kW"),
        "load_factor": (per(sums.used, peak * span), "1"),
        "full_load_hours": (per(sums.used, peak), "h"),
    }
    for key, (names, unit) in SIZES.items():
        column = next((name for name in names if layer.has(name)), None)
        if column is not None:
            columns[f"carbon_per_{key}"] = (per(shown(sums.carbon), layer.numbers(column)), unit)
    return BuildingAccounts(
        {name: values for name, (values, _unit) in columns.items()},
        {name: unit for name, (_values, unit) in columns.items()},
        sums.steps,
    )
