"""Generators that hold a voltage: the solver has none, so sources stand in for them.

A source holds voltage and angle, a generator voltage and active power. So the angles are sought
at which the sources give no active power of their own, by Newton's method on the held places alone,
in all time steps at once: what they then give of reactive power is the generators'. How the powers
answer to the angles is measured once by small steps and then corrected in each time step by
Broyden's update (Math. Comp. 19, 1965), so an iteration costs one power flow. A place whose
generators reach a limit of reactive power lets its voltage go and takes it up again once it can,
which is looked at whenever the others have nearly settled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints

TOLERANCE = 1e-8
"""Active power that a source may still give, as a share of what the grid carries."""
NEARLY = 1e-3
"""The same share from which on limits are looked at."""
ITERATIONS = 60
PROBE = 1e-3
"""Small step of an angle in radians."""
LARGEST = 0.5
"""Radians that an angle may move at once."""
MOST_CELLS = 8_000_000
"""Numbers in the sensitivities of the steps that are sought at once (64 MB)."""


class Answer(NamedTuple):
    """What the places say: power of their sources in kW and kvar, voltages in p.u., if solved."""

    p: Floats
    q: Floats
    voltage: Floats
    solved: Bools

    def rows(self, kept: Bools) -> "Answer":
        """Return the answers of some steps only."""
        return Answer(self.p[kept], self.q[kept], self.voltage[kept], self.solved[kept])


Probe = Callable[[Ints, Floats, Floats], Answer]
"""From steps, angles of the places and the reactive power of those at a limit (NaN: held), kvar."""


@dataclass(frozen=True, eq=False)
class Held:
    """Where a search ended.

    Parameters
    ----------
    angle
        Of each place, radians. Shape [T, m].
    limit
        Reactive power of the places that are at a limit, kvar; NaN where held. Shape [T, m].
    done
        Whether the step has settled. Shape [T].
    """

    angle: Floats
    limit: Floats
    done: Bools


@dataclass(frozen=True, eq=False)
class Control:
    """Generators that hold the voltage of the node at which they hang.

    Parameters
    ----------
    gen
        Their rows among the generators. Shape [c].
    place
        Number of the held place of each: nodes that closed links join are one place. Shape [c].
    node
        A node row of each place. Shape [m].
    u_ref
        Voltage wanted at each place, p.u. Shape [m].
    q_min, q_max
        Limits of each generator in kvar; infinite where it has none. Shape [c].
    """

    gen: Ints
    place: Ints
    node: Ints
    u_ref: Floats
    q_min: Floats
    q_max: Floats

    def at_places(self, values: Floats) -> Floats:
        """Add up values of the generators by place; the last axis changes from [c] to [m]."""
        total = np.zeros((self.node.size, *values.shape[:-1]))
        np.add.at(total, self.place, np.moveaxis(values, -1, 0))
        return np.moveaxis(total, 0, -1)

    def of_generators(self, total: Floats) -> Floats:
        """Share the reactive power of places: by the generators' ranges, equally without. [T, c].

        Parameters
        ----------
        total
            Reactive power of each place in kvar. Shape [T, m].
        """
        span = self.q_max - self.q_min
        ranged = np.isfinite(self.at_places(span)) & (self.at_places(span) > 0)
        weight = np.where(ranged[self.place], np.where(np.isfinite(span), span, 0.0), 1.0)
        base = np.where(ranged[self.place], self.q_min, 0.0)
        share = weight / self.at_places(weight)[self.place]
        return base + share * (total - self.at_places(base))[..., self.place]


def hold(control: Control, angle: Floats, probe: Probe, scale: float) -> Held:
    """Seek the angles at which the generators hold their voltages.

    Parameters
    ----------
    control
        Which generators hold what.
    angle
        Angles to begin with, radians. Shape [T, m].
    probe
        The power flow.
    scale
        Power that the grid carries, kW.
    """
    held = Held(angle.copy(), np.full_like(angle, np.nan), np.zeros(len(angle), dtype=np.bool_))
    length = max(1, MOST_CELLS // control.node.size**2)
    slope: Floats | None = None
    for start in range(0, len(angle), length):
        steps = np.arange(start, min(start + length, len(angle)))
        slope = _slope(held, steps, probe) if slope is None else slope
        if slope is not None:
            _search(control, held, steps, probe, scale, slope)
    return held


def _slope(held: Held, steps: Ints, probe: Probe) -> Floats | None:
    """Measure how powers answer to angles, [m, m], in the first step that solves."""
    first = probe(steps, held.angle[steps], held.limit[steps])
    if not first.solved.any():
        return None
    step = steps[int(np.argmax(first.solved))]
    size = held.angle.shape[1]
    tried = held.angle[step] + PROBE * np.eye(size + 1, size, -1)
    found = probe(np.full(len(tried), step), tried, np.full_like(tried, np.nan))
    slope: Floats = (found.p[1:] - found.p[0]).T / PROBE
    return slope if found.solved.all() else None


def _search(
    control: Control, held: Held, steps: Ints, probe: Probe, scale: float, slope: Floats
) -> None:
    """Seek in some steps; writes into `held`."""
    slopes = np.tile(slope, (steps.size, 1, 1))
    miss = np.full((steps.size, control.node.size), np.nan)
    moved = np.zeros_like(miss)
    rows = np.arange(steps.size)
    for _ in range(ITERATIONS):
        found = probe(steps[rows], held.angle[steps[rows]], held.limit[steps[rows]])
        rows = rows[found.solved]
        found = found.rows(found.solved)
        now = np.where(np.isnan(held.limit[steps[rows]]), found.p, 0.0)
        _correct(slopes, rows, moved[rows], now - miss[rows])
        miss[rows] = now
        worst = np.abs(now).max(axis=1) / scale
        changed = _limits_changed(control, held, steps[rows], found, worst < NEARLY)
        settled = (worst <= TOLERANCE) & ~changed
        held.done[steps[rows[settled]]] = True
        rows = rows[~settled]
        if not rows.size:
            return
        step = np.linalg.solve(slopes[rows], -miss[rows][:, :, None])[:, :, 0]
        moved[rows] = np.clip(step, -LARGEST, LARGEST)
        held.angle[steps[rows]] += moved[rows]


def _limits_changed(control: Control, held: Held, steps: Ints, found: Answer, near: Bools) -> Bools:
    """Bring the limits of steps up to date that have nearly settled; tell where any is due."""
    low, high = control.at_places(control.q_min), control.at_places(control.q_max)
    limit = held.limit[steps]
    free = np.isnan(limit)
    fresh = np.where(free & (found.q > high), high, limit)
    fresh = np.where(free & (found.q < low), low, fresh)
    above = found.voltage > control.u_ref
    eased = ~free & np.where(limit == high, above, ~above)
    fresh = np.where(eased, np.nan, fresh)
    changed: Bools = ((fresh != limit) & ~(np.isnan(fresh) & free)).any(axis=1)
    held.limit[steps[near]] = fresh[near]
    return changed


def _correct(slopes: Floats, rows: Ints, moved: Floats, answered: Floats) -> None:
    """Broyden's update: make the slopes of some steps explain the last answer."""
    length = (moved**2).sum(axis=1)
    known = (length > 0) & np.isfinite(answered).all(axis=1)
    rows, moved, answered = rows[known], moved[known], answered[known]
    off = answered - np.einsum("tij,tj->ti", slopes[rows], moved)
    slopes[rows] += np.einsum("ti,tj->tij", off, moved / length[known, None])
