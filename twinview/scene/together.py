"""Curves of selected elements, one by one and together: months, durations, the course of a day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.quantities import quantities
from twinview.model.series import Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import HOURLY, WEIGHTS
from twinview.scene.private import grouped, groups_for, whole
from twinview.scene.spans import VALUES_AT_ONCE, block

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST = 12
"""Curves that one picture can hold so that each can still be told from the others."""
BAND = (0.1, 0.5, 0.9)
"""Quantiles of the course of a day."""


@dataclass(frozen=True, eq=False)
class Together:
    """The curve of several elements.

    Parameters
    ----------
    values
        Sum, or mean of what does not add up, at each step of the clock; NaN where one of the
        elements that have data has none. Shape (count,).
    how
        ``sum``, ``mean``, or ``weighted``: by what is used, as shares and intensities are.
    weights
        By what the values are weighted, at each step; None for sums and plain means.
    known, withheld, missing
        Elements that enter, that are kept back, and that have no data at all.
    """

    values: Floats
    how: str
    weights: Floats | None
    known: int
    withheld: int
    missing: int


def singles(
    twin: Twin, layer: Layer, quantity: str, rows: Rows, scenario: str
) -> dict[int, Floats]:
    """Return the curves of the first `MOST` elements that may be shown alone, by row.

    Parameters
    ----------
    twin, layer, quantity, rows, scenario
        Of what, in which case.
    """
    kept = rows[~grouped(twin, layer, quantity)[rows]][:MOST]
    if not kept.size:
        return {}
    values = _columns(twin, layer, quantity, kept, scenario)
    return {int(row): values[:, k] for k, row in enumerate(kept)}


def together(twin: Twin, layer: Layer, quantity: str, rows: Rows, scenario: str) -> Together:
    """Return the curve of elements together; see `singles`."""
    known = quantities().get(quantity)
    sums = known is None or known.sums
    ever = _ever(twin, layer, quantity, rows, scenario)
    marks = np.where(ever, 1.0, np.nan)
    kept = whole(groups_for(twin, layer.id, quantity), rows, marks)
    inside = rows[kept & ever]
    open_ = groups_for(twin, layer.id, "consumption") is None
    by = _weighted_by(twin, layer, quantity, scenario) if open_ and not sums else ""
    values, weights = _added(twin, layer, (quantity, by), inside, scenario)
    if not sums and not by and inside.size:
        values = values / inside.size
    return Together(
        values=values,
        how="sum" if sums else "weighted" if by else "mean",
        weights=weights if by else None,
        known=int(inside.size),
        withheld=int((~kept & ever).sum()),
        missing=int((~ever).sum()),
    )


def _weighted_by(twin: Twin, layer: Layer, quantity: str, scenario: str) -> str:
    """Return the quantity that a share or intensity is weighted by; empty without any."""
    names = WEIGHTS.get(quantity, ())
    return next((one for one in names if twin.find(layer.id, one, scenario) is not None), "")


def _added(
    twin: Twin, layer: Layer, names: tuple[str, str], inside: Rows, scenario: str
) -> tuple[Floats, Floats]:
    """Return sums over elements at each step, or means by a second quantity where it is named."""
    quantity, by = names
    total, weights = (np.full(twin.time.count, np.nan) for _k in range(2))
    step = max(1, VALUES_AT_ONCE // max(len(layer), 1))
    for first in range(0, twin.time.count if inside.size else 0, step):
        part = range(first, min(first + step, twin.time.count))
        here = slice(part.start, part.stop)
        values = block(twin, layer, quantity, part, scenario)[:, inside].astype(np.float64)
        if not by:
            total[here] = values.sum(axis=1)
            continue
        weight = block(twin, layer, by, part, scenario)[:, inside].astype(np.float64)
        weight = np.maximum(np.nan_to_num(weight), 0.0)
        weights[here] = weight.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            total[here] = (values * weight).sum(axis=1) / weights[here]
    return total, weights


def _ever(
    twin: Twin, layer: Layer, quantity: str, rows: Rows, scenario: str
) -> npt.NDArray[np.bool_]:
    """Tell which of some rows have a value at any step of the clock."""
    series = twin.find(layer.id, quantity, scenario)
    if isinstance(series, Profiled):
        return np.isin(rows, series.element)
    found = np.zeros(len(rows), dtype=np.bool_)
    step = max(1, VALUES_AT_ONCE // max(len(layer), 1))
    for first in range(0, twin.time.count, step):
        part = range(first, min(first + step, twin.time.count))
        found |= np.isfinite(block(twin, layer, quantity, part, scenario)[:, rows]).any(axis=0)
        if found.all():
            break
    return found


def _columns(twin: Twin, layer: Layer, quantity: str, rows: Rows, scenario: str) -> Floats:
    """Return the values of some rows at all steps of the clock, shape (count, len(rows))."""
    series = twin.find(layer.id, quantity, scenario)
    if series is not None and series.time == twin.time:
        return np.stack([series.of(int(row)) for row in rows], axis=1).astype(np.float64)
    parts = []
    step = max(1, VALUES_AT_ONCE // max(len(layer), 1))
    for first in range(0, twin.time.count, step):
        part = range(first, min(first + step, twin.time.count))
        parts.append(block(twin, layer, quantity, part, scenario)[:, rows])
    return np.concatenate(parts).astype(np.float64)


def months(
    made: Together, time: TimeAxis, unit: str, keep: Bools | None = None
) -> tuple[list[tuple[int, int]], Floats, str]:
    """Return local months, their sums or means, and the unit.

    Parameters
    ----------
    made
        The curve.
    time, unit
        The clock, and the unit of the values: rates (kW, kg/h) are summed to kWh and kg, and what
        is weighted at each step is weighted over the month as well.
    keep
        Steps that count, shape (count,); None where all do. Months without any are left out.

    Returns
    -------
    names
        Year and month of each.
    bars
        NaN where a step of the month has no value: a month with gaps is no smaller month.
    unit
        Of the bars.
    """
    kept = slice(None) if keep is None else keep
    stamps = local_times(time).astype("datetime64[M]").astype(np.int64)[kept]
    names, place = np.unique(stamps, return_inverse=True)
    into = HOURLY.get(unit, "")
    weights = (np.ones(time.count) if made.weights is None else made.weights)[kept]
    idle = weights == 0  # no use, and so no intensity that could count
    sums = np.bincount(place, np.where(idle, 0.0, made.values[kept] * weights))
    with np.errstate(invalid="ignore", divide="ignore"):
        bars = sums * time.step / 3600 if into else sums / np.bincount(place, weights)
    years = [(1970 + int(one) // 12, int(one) % 12 + 1) for one in names]
    return years, bars, into or unit


def duration(values: Floats) -> Floats:
    """Return values in falling order, those that are missing left out: how long each is reached."""
    return np.sort(values[np.isfinite(values)])[::-1]


def course(values: Floats, time: TimeAxis, keep: Bools | None = None) -> tuple[Floats, Floats]:
    """Return hours of the local day, and the `BAND` of the values at each, shape (3, hours).

    Of the steps that count, shape (count,); None where all do.
    """
    kept = slice(None) if keep is None else keep
    local, values = local_times(time)[kept], values[kept]
    minutes = (local - local.astype("datetime64[D]")).astype("timedelta64[m]").astype(np.int64)
    slots, place = np.unique(minutes, return_inverse=True)
    made = np.full((len(BAND), len(slots)), np.nan)
    for k in range(len(slots)):
        mine = values[place == k]
        mine = mine[np.isfinite(mine)]
        if mine.size:
            made[:, k] = np.quantile(mine, BAND)
    return slots / 60.0, made


def local_times(time: TimeAxis) -> npt.NDArray[np.datetime64]:
    """Return the local clock's time at each step, without zone: shape (count,), seconds."""
    import pandas as pd

    stamps = pd.to_datetime(time.start + time.step * np.arange(time.count), unit="s", utc=True)
    here = stamps.tz_convert(time.tz).tz_localize(None)
    return here.to_numpy().astype("datetime64[s]")
