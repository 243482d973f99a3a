"""One step by itself, ahead of a computation: for the eye, until the real numbers arrive.

Power flow and carbon of a step depend on other steps through the stores alone. Their energy follows
by rule; to be quick it is followed over the days before only, from what is assumed at their start,
and their carbon is what is assumed of all stores. Both are exact where nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twinview.energy.carrier_fields import as_run
from twinview.energy.carrier_gaps import gaps_of
from twinview.energy.carrier_run import Stocks, served_of, start_stocks, taken_of
from twinview.energy.carrier_run import run_of as carrier_run_of
from twinview.energy.carriers import Carriers, Choices
from twinview.energy.compute import Assumptions, Run, run_of
from twinview.energy.district import District
from twinview.energy.following import Follower, make_stretch
from twinview.energy.gaps import lacking
from twinview.energy.given import steering as steering_for
from twinview.energy.heat_rules import steerings
from twinview.energy.steering import Steering

FOLLOWED = 48
"""Steps over which the stores are followed up to the one that is asked for."""


@dataclass(frozen=True, eq=False)
class Instant:
    """A step by itself.

    Parameters
    ----------
    run
        Its results.
    assumed
        Whether they rest on an assumed content of the stores.
    """

    run: Run
    assumed: bool


def instant(district: District, step: int, assumptions: Assumptions) -> Instant:
    """Compute one step, whatever was computed before.

    Parameters
    ----------
    district
        The network.
    step
        Of its axis.
    assumptions
        Choices.

    Raises
    ------
    ValueError
        The network cannot be solved.
    """
    begin = max(0, step - FOLLOWED)
    follower = Follower(district, assumptions, FOLLOWED, begin)
    stretch = follower.stretch(range(step, step + 1))
    carbon = stretch.storing.energy[0] * assumptions.store_intensity
    held = district.fleet is not None or bool(district.store_table.energy.any())
    stored = follower.moving and held
    return Instant(run_of(district, stretch, assumptions, carbon), stored and step > 0)


def instant_of_all(carriers: Carriers, step: int, choices: Choices) -> Instant:
    """Compute one step of all carriers, whatever was computed before.

    Parameters
    ----------
    carriers
        The networks.
    step
        Of their axis.
    choices
        Choices.

    Raises
    ------
    ValueError
        A network cannot be solved.
    """
    steering = dict(steerings(carriers, choices.grid))
    if carriers.linked is not None:
        steering[""] = steering_for(carriers.linked.alone, choices.grid)
    before = range(max(0, step - FOLLOWED), step)
    start = start_stocks(carriers, choices)
    stocks = _followed(carriers, before, choices, start, steering) if before else start
    run, _left = carrier_run_of(carriers, range(step, step + 1), choices, stocks, steering)
    stored = any(energy.any() for energy in start.energy.values())
    return Instant(as_run(carriers, run), stored and step > 0)


def _followed(
    carriers: Carriers,
    rows: range,
    choices: Choices,
    start: Stocks,
    steering: Mapping[str, Steering],
) -> Stocks:
    """Follow the energy in all stores through some steps; their carbon stays what is assumed."""
    known = ~lacking(gaps_of(carriers, rows, choices.grid), len(rows))
    powers = served_of(carriers, rows, start, steering, known)
    energy = {name: one.energy[-1] for name, one in powers.served.items()}
    tied = carriers.linked
    if tied is not None:
        given = [powers.output[one.id] * one.power_share for one in tied.givers]
        feeds = np.column_stack(given) if given else np.zeros((len(rows), 0))
        fed = tied.fed(rows, taken_of(carriers, powers, rows), feeds, np.zeros_like(feeds))
        stretch = make_stretch(fed, rows, start.energy[""], steering[""], known)
        energy[""] = stretch.storing.energy[-1]
    carbon = {}
    for name, held in start.energy.items():
        rate = np.divide(start.carbon[name], held, out=np.zeros_like(held), where=held > 0)
        carbon[name] = energy[name] * rate
    return Stocks(energy, carbon)
