"""Stores are followed from the district's first step, whatever span is asked for.

What is in a store depends on all that went before, so a span must not begin with what is assumed
for the first step. The energy follows by rule, without any power flow: it is followed from the
start, always. The carbon needs the tracing; but what a store holds is replaced as it is charged and
discharged, and the energy alone says how much of an old content is left. So the tracing begins at
the latest step from which nothing is left that could be told from rounding. The numbers are those
of a computation from the start, and a store that runs empty each night costs a day to trace.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.district import District
from twinview.energy.gaps import Gap, gaps_in, lacking
from twinview.energy.given import Assumptions, powers, steering
from twinview.energy.reservoir import Stores, Visits, make_tanks, remaining
from twinview.energy.steering import (
    Steering,
    Storing,
    by_rule,
    start_energy,
    visiting_of,
)
from twinview.energy.storage import loss_per_step
from twinview.i18n import _

FORGOTTEN = 1e-12
"""Share of a store's content, from before a step, below which the step counts as a beginning."""


@dataclass(frozen=True, eq=False)
class Stretch:
    """A run of steps with its powers and what the stores do in it.

    Parameters
    ----------
    steps
        Of the district's axis.
    load, gen
        Power of loads and generators in kW. Shapes [T, l], [T, g].
    storing
        Power and content of the stores.
    known
        Which steps lack nothing and can be computed. Shape [T].
    gaps
        What the others lack.
    """

    steps: range
    load: Floats
    gen: Floats
    storing: Storing
    known: Bools
    gaps: tuple[Gap, ...] = ()


def given_powers(district: District, steps: range) -> tuple[Floats, Floats]:
    """Return the power of loads and of generators in kW, NaN where missing, [T, l] and [T, g].

    Parameters
    ----------
    district
        The network.
    steps
        Of its axis.

    Raises
    ------
    ValueError
        Nothing is known of the power of loads, or of generators.
    """
    loads = powers(district.loads, steps, _("loads"))
    return loads, powers(district.gens, steps, _("generators"))


def make_stretch(
    district: District, steps: range, energy: Floats, steering: Steering, known: Bools | None = None
) -> Stretch:
    """Return the powers of a run of steps and what the stores do in it.

    Where a power is missing the step cannot be computed, and the stores rest.

    Parameters
    ----------
    district
        The network.
    steps
        Of its axis.
    energy
        Content of the stores at the start in kWh. Shape [s].
    steering
        What runs them, over the whole axis.
    known
        Which steps can be computed as far as other networks go; None for all. Shape [T].

    Raises
    ------
    ValueError
        Nothing is known of the power of loads, of generators or of stores that follow a plan.
    """
    load, gen = given_powers(district, steps)
    gaps = device_gaps(district, load, gen)
    chosen = steering.cut(steps)
    plan = None
    if chosen.rule == "given":
        plan = powers(district.stores, steps, _("storage"), district.fixed)
        gaps += gaps_in(district.stores.layer, plan)
    good = ~lacking(gaps, len(steps))
    good = good if known is None else good & known
    if plan is not None:
        chosen = chosen.planned(np.where(good[:, None], plan, 0.0))
    if not good.all():
        chosen = replace(chosen, resting=~good)
    drawn, given = (np.where(good[:, None], table, 0.0) for table in (load, gen))
    visiting = visiting_of(district, steps)
    storing = by_rule(district, drawn, given, energy, chosen, visiting)
    return Stretch(steps, load, gen, storing, good, gaps)


def device_gaps(district: District, load: Floats, gen: Floats) -> tuple[Gap, ...]:
    """Return what is missing of the powers of loads and generators.

    Parameters
    ----------
    district
        The network.
    load, gen
        As `given_powers` returns them.
    """
    return gaps_in(district.loads.layer, load) + gaps_in(district.gens.layer, gen)


def reservoirs(
    district: District, bus: Ints, storing: Storing, carbon: Floats, assumptions: Assumptions
) -> Stores:
    """Return the stores as the tracing takes them.

    Parameters
    ----------
    district
        The network.
    bus
        Bus at which each is traced. Shape [s].
    storing
        What they do.
    carbon
        What they hold at the start. Shape [s].
    assumptions
        Who bears their losses, and what vehicles bring.
    """
    table = district.store_table
    lost = loss_per_step(table.standing_loss, district.hours)
    visiting, visits = storing.visiting, None
    if visiting is not None and district.fleet is not None:
        w0 = district.fleet.w0
        brought = visiting.arriving * np.where(np.isnan(w0), assumptions.vehicle_intensity, w0)
        visits = Visits(visiting.arriving, brought, visiting.leaving)
    return Stores(
        bus, storing.power, storing.energy[0], carbon, table.eta_charge, table.eta_discharge, lost,
        assumptions.policy, visits,
    )  # fmt: skip


class Follower:
    """Follows the energy of a district's stores, and remembers it at the ends of runs.

    Parameters
    ----------
    district
        The network.
    assumptions
        Choices.
    length
        Steps in a run.
    first
        Step from which they are followed, with what is assumed at the start of the data.
    """

    def __init__(
        self, district: District, assumptions: Assumptions, length: int, first: int = 0
    ) -> None:
        self._district, self._assumptions, self._length = district, assumptions, length
        self._steering = steering(district, assumptions)
        self._known: dict[int, Floats] = {first: start_energy(district, first)}

    @property
    def moving(self) -> bool:
        """Whether there are stores, and time in which they could change."""
        return bool(len(self._district.stores)) and not self._district.time.static

    def stretch(self, steps: range) -> Stretch:
        """Return the powers of a run of steps and what the stores do in it.

        Parameters
        ----------
        steps
            Of the district's axis.

        Raises
        ------
        ValueError
            As of `make_stretch`.
        """
        energy = self._energy(steps.start)
        made = self._made(steps, energy)
        self._known[steps.stop] = made.storing.energy[-1]
        return made

    def energy(self, step: int) -> Floats:
        """Return the content of the stores at the start of a step in kWh. [s].

        Parameters
        ----------
        step
            Of the district's axis.
        """
        return self._energy(step)

    def beginning(self, step: int) -> Generator[None, None, int]:
        """Return the latest step, up to `step`, whose earlier contents no longer count at `step`.

        It rests after each run of steps, for what comes before a span may be long.

        Parameters
        ----------
        step
            First of the span that is asked for.
        """
        if not self.moving:
            return step
        for stop in range(self._length, step, self._length):
            self._energy(stop)
            yield
        held = self._energy(step)
        left = np.ones_like(held)
        for stretch in self._backward(step):
            yield
            shares = self._left(stretch) * left
            inside = shares * stretch.storing.energy
            spent = (inside <= FORGOTTEN * held).all(axis=1)
            if spent.any():
                return stretch.steps.start + int(np.flatnonzero(spent)[-1])
            left = shares[0]
        return 0

    def _energy(self, step: int) -> Floats:
        """Follow the stores from the nearest known content before a step."""
        if not self.moving:
            return start_energy(self._district)
        at = max(known for known in self._known if known <= step)
        while at < step:
            stop = min(at + self._length, step)
            self._known[stop] = self._made(range(at, stop), self._known[at]).storing.energy[-1]
            at = stop
        return self._known[step]

    def _made(self, steps: range, energy: Floats) -> Stretch:
        return make_stretch(self._district, steps, energy, self._steering)

    def _backward(self, stop: int) -> Iterator[Stretch]:
        """Give the runs before a step, the last one first."""
        ends = sorted(known for known in self._known if known <= stop)
        for start, end in zip(reversed(ends[:-1]), reversed(ends[1:]), strict=True):
            yield self._made(range(start, end), self._known[start])

    def _left(self, stretch: Stretch) -> Floats:
        """Return which share of the carbon at the start of each step is there at the end. [T, s]"""
        district, storing = self._district, stretch.storing
        nothing = np.zeros(len(district.stores))
        stores = reservoirs(district, district.stores.bus, storing, nothing, self._assumptions)
        tanks = make_tanks(stores, storing.power, district.hours)
        return remaining(tanks, storing.power)
