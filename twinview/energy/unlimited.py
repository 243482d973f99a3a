"""Why a step has no solution: generators that would have to leave their limits to hold voltages.

A lightly loaded grid of high voltage makes more reactive power than its generators may take, and
no voltages fit their limits any more. The same step without the limits says who lacks how much.
"""

from dataclasses import replace

import numpy as np

from twinview.energy.arrays import Bools, Floats
from twinview.energy.compute import flow_of
from twinview.energy.district import District
from twinview.energy.following import Stretch, given_powers
from twinview.energy.steering import Storing

ROUNDING = 1e-6
"""Share of a limit within which it counts as kept."""


def beyond_limits(district: District, steps: range, stored: Floats) -> Floats | None:
    """Return the reactive power beyond its limits that each holding generator would have to give.

    Parameters
    ----------
    district
        A network with generators that hold a voltage.
    steps
        The step, as a range of one.
    stored
        Power of the stores in it, kW. Shape [1, s].

    Returns
    -------
    array or None
        kvar, negative where it would have to take more than it may, 0 where it keeps within. Shape
        [c]. None where the step has no solution without the limits either, or nobody leaves them.
    """
    control = district.control
    if control is None:
        return None
    none = np.full_like(control.q_max, np.inf)
    free = replace(district, control=replace(control, q_min=-none, q_max=none))
    known: Bools = np.ones(1, dtype=np.bool_)
    storing = Storing(stored, np.zeros((2, stored.shape[1])))
    flow = flow_of(free, Stretch(steps, *given_powers(district, steps), storing, known))
    q = flow.gen_q[0, control.gen]
    if not flow.converged[0]:
        return None
    beyond = np.maximum(q - control.q_max, 0.0) + np.minimum(q - control.q_min, 0.0)
    beyond[np.abs(beyond) <= ROUNDING * np.abs(q)] = 0.0
    return beyond if beyond.any() else None
