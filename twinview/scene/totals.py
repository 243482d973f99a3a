"""One curve of the district for each overlay: what a carpet of days and hours shows."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twinview.model.series import Series, known_total
from twinview.model.twin import DISTRICT, Twin
from twinview.scene.curves import Floats, curves, on_clock
from twinview.scene.parts import nice_ceiling

QUANTITIES = {
    "carbon": ("carbon_intensity",),
    "emission": ("emission", "carbon_intensity"),
    "solar": ("pv_potential",),
    "storage": ("soc",),
}
"""What stands for an overlay, the most wanted first; the load for all others."""
LIMITS = {"carbon_intensity": (0.0, 500.0), "soc": (0.0, 1.0)}
"""Ends of scales that are the same for every district, as on the map."""
RAMPS = {"carbon_intensity": "carbon", "emission": "carbon", "pv_potential": "power"}


@dataclass(frozen=True, eq=False)
class Total:
    """Values of the whole district.

    Parameters
    ----------
    quantity
        Id of the quantity.
    values
        At each step of the clock, in the quantity's unit, shape (count,); NaN where unknown.
    limits
        Ends of its scale.
    ramp
        Name of its colours.
    """

    quantity: str
    values: Floats
    limits: tuple[float, float]
    ramp: str


@lru_cache(maxsize=8)
def total_of(twin: Twin, overlay: str, scenario: str) -> Total:
    """Return what stands for an overlay; the load where the data hold nothing of it."""
    for quantity in QUANTITIES.get(overlay, ()):
        values = _values(twin, quantity, scenario)
        if values is not None and np.isfinite(values).any():
            return _total(quantity, values)
    return _total("load", curves(twin, scenario).load)


def owner_of(twin: Twin, quantity: str, scenario: str) -> tuple[str, bool] | None:
    """Return whose number a value of `total_of` is: a layer's id, and whether all of it together.

    None where it is put together of several layers.
    """
    if twin.find(DISTRICT, quantity, scenario) is not None:
        return DISTRICT, False
    kind = "source" if quantity == "carbon_intensity" else "building"
    owners = [one.id for one in twin.of_kind(kind)
              if twin.find(one.id, quantity, scenario) is not None]  # fmt: skip
    summed = kind == "building"
    return None if not owners or (summed and len(owners) > 1) else (owners[0], summed)


def _values(twin: Twin, quantity: str, scenario: str) -> Floats | None:
    series = twin.find(DISTRICT, quantity, scenario)
    if series is not None:
        return on_clock(twin, series, series.of(0))
    if quantity == "carbon_intensity":
        given = [twin.find(one.id, quantity, scenario) for one in twin.of_kind("source")]
        first = next((one for one in given if one is not None), None)
        return None if first is None else on_clock(twin, first, first.of(0))
    found = [twin.find(one.id, quantity, scenario) for one in twin.of_kind("building")]
    sums = [_summed(twin, one) for one in found if one is not None]
    known = [one for one in sums if one is not None]
    return np.sum(known, axis=0, dtype=np.float32) if known else None


def _summed(twin: Twin, series: Series) -> Floats | None:
    known = known_total(series)
    return None if known is None else on_clock(twin, series, known)


def _total(quantity: str, values: Floats) -> Total:
    finite = values[np.isfinite(values)]
    high = float(np.percentile(finite, 99.5)) if finite.size else 1.0
    limits = LIMITS.get(quantity, (0.0, nice_ceiling(max(high, 1e-9))))
    return Total(quantity, values, limits, RAMPS.get(quantity, "power"))
