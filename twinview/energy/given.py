"""What is given for a run of steps: choices, powers of devices, intensity of imports."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from twinview.energy.arrays import Bools, Floats
from twinview.energy.district import Devices, District, over
from twinview.energy.reservoir import Policy
from twinview.energy.rules import (
    absolute_limits,
    by_day,
    percentile_limits,
    signal_of,
    surroundings,
)
from twinview.energy.steering import Steering, StorageRule
from twinview.i18n import _

SURVEY_STEPS = 336
"""Steps whose powers are looked at together to find a percentile."""


@dataclass(frozen=True)
class Assumptions:
    """Choices of the computation.

    Parameters
    ----------
    netting
        Whether a building's own generation serves it before it shares the bus.
    losses
        Who bears the carbon of network losses.
    policy
        Who bears the losses of stores.
    rule
        What runs the stores.
    import_intensity
        g/kWh of imports where no series says it.
    store_intensity
        g/kWh of what stands in the stores at the start.
    vehicle_intensity
        g/kWh of what vehicles bring to a charger that names nothing.
    signal
        Which intensity the rule ``carbon`` looks at. Accounts always use the average.
    peak_limit
        Most that is to be drawn around a store in kW, for the rule ``peak_shaving``; of the whole
        zone for stores without a building. Where not given, a percentile takes its place.
    peak_percentile
        Percentile of what is drawn there, 0 to 100, above which the stores shave.
    """

    netting: bool = True
    losses: Literal["branch", "gross"] = "branch"
    policy: Policy = "pass_on"
    rule: StorageRule = "self_consumption"
    import_intensity: float = 0.0
    store_intensity: float = 0.0
    vehicle_intensity: float = 0.0
    signal: Literal["average", "marginal"] = "average"
    peak_limit: float | None = None
    peak_percentile: float = 90.0


def powers(devices: Devices, steps: range, name: str, among: Bools | None = None) -> Floats:
    """Return the power of devices in kW, float64, NaN where it is missing, [T, d].

    Parameters
    ----------
    devices
        Loads, generators or stores.
    steps
        Steps of the district's axis.
    name
        What to call them in the error.
    among
        Which of them must have one; all where not given. The others get 0. Shape [d].

    Raises
    ------
    ValueError
        Nothing is known of the power of any of them.
    """
    if not len(devices) or (among is not None and not among.any()):
        return np.zeros((len(steps), len(devices)))
    if devices.power is None:
        raise ValueError(_("no power is known for the {name}", name=name))
    values = over(devices.power, steps)
    return values if among is None else np.where(among, values, 0.0)


def import_intensity(district: District, steps: range, assumptions: Assumptions) -> Floats:
    """Return the intensity of each source in g/kWh, the assumed one where none is known. [T, n].

    Parameters
    ----------
    district
        The network.
    steps
        Steps of its axis.
    assumptions
        Choices.
    """
    series = district.import_intensity
    count = len(district.sources)
    if series is None:
        return np.full((len(steps), count), assumptions.import_intensity)
    if series.time.static:
        values = np.tile(series.at(0), (len(steps), 1))
    else:
        values = series.window(steps.start, steps.stop)
    return np.nan_to_num(values.astype(np.float64), nan=assumptions.import_intensity)


def steering(district: District, assumptions: Assumptions) -> Steering:
    """Return what runs the stores, over the whole axis: days count whole, however it is cut.

    Parameters
    ----------
    district
        The network.
    assumptions
        Choices.

    Raises
    ------
    ValueError
        The series that the rule follows is not there, or has gaps.
    """
    rule, time = assumptions.rule, district.time
    if not len(district.stores) or time.static:
        return Steering(rule)
    if rule in ("price", "carbon"):
        return by_day(rule, signal_for(district, assumptions), time)
    if rule == "peak_shaving":
        return Steering(rule, limit=_peak_limits(district, assumptions))
    return Steering(rule)


def signal_for(district: District, assumptions: Assumptions) -> Floats:
    """Return what stores look at under the rules price and carbon: the mean of the sources. [T].

    Parameters
    ----------
    district
        The network.
    assumptions
        The rule, and which intensity it looks at.

    Raises
    ------
    ValueError
        The series is not there, or has gaps.
    """
    steps = range(district.time.count)
    if assumptions.rule == "carbon" and assumptions.signal == "average":
        return np.asarray(import_intensity(district, steps, assumptions).mean(axis=1))
    return signal_of(district, "price" if assumptions.rule == "price" else "marginal_intensity")


def _peak_limits(district: District, assumptions: Assumptions) -> Floats:
    """Return the limit around each store in kW. [s]."""
    if assumptions.peak_limit is not None:
        return absolute_limits(district, assumptions.peak_limit)
    nets = []
    for start in range(0, district.time.count, SURVEY_STEPS):
        steps = range(start, min(start + SURVEY_STEPS, district.time.count))
        load = powers(district.loads, steps, _("loads"))
        gen = powers(district.gens, steps, _("generators"))
        known = ~(np.isnan(load).any(axis=1) | np.isnan(gen).any(axis=1))
        nets.append(surroundings(district, load, gen, steps)[known].astype(np.float32))
    return percentile_limits(np.concatenate(nets), assumptions.peak_percentile)
