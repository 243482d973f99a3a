"""One step by itself, ahead of a computation: for the eye, until the real numbers arrive.

Power flow and carbon of a step depend on other steps through the stores alone. Their energy follows
by rule; to be quick it is followed over the days before only, from what is assumed at their start,
and their carbon is what is assumed of all stores. Both are exact where nothing is stored.
"""

from dataclasses import dataclass

from twinview.energy.compute import Assumptions, Run, run_of
from twinview.energy.district import District
from twinview.energy.following import Follower

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
        A power is missing, or the network cannot be solved.
    """
    begin = max(0, step - FOLLOWED)
    follower = Follower(district, assumptions, FOLLOWED, begin)
    stretch = follower.stretch(range(step, step + 1))
    carbon = stretch.storing.energy[0] * assumptions.store_intensity
    held = district.fleet is not None or bool(district.store_table.energy.any())
    stored = follower.moving and held
    return Instant(run_of(district, stretch, assumptions, carbon), stored and step > 0)
