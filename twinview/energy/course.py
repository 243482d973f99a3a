"""The course of the carbon in stores: from step to step, knowing what they feel of each other."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.reservoir import Tanks
from twinview.energy.sweep import Hearing

TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False)
class Course:
    """How the carbon of the stores goes through some steps.

    Parameters
    ----------
    carbon
        What stays inside, from the start of the first step to the end of the last. Shape
        [B + 1, s].
    left
        What left with vehicles at the end of each step. Shape [B, s].
    intensity
        At the terminals. Shape [B, s].
    owner
        Booked to the owners. Shape [B, s].
    """

    carbon: Floats
    left: Floats
    intensity: Floats
    owner: Floats


def run_reservoirs(
    tanks: Tanks,
    start: int,
    carbon: Floats,
    power: Floats,
    base: Floats,
    feeling: tuple[Ints, Hearing],
) -> Course:
    """Follow the carbon of the stores through a block of steps.

    Parameters
    ----------
    tanks
        Parameters and energy of the stores.
    start
        First step of the block.
    carbon
        Carbon inside at its start. Shape [s].
    power
        Terminal power in the block, positive when charging, no NaN. Shape [B, s].
    base
        Intensity at the bus of each store without any discharge. Shape [B, s].
    feeling
        The steps of `coupled`, and what the discharge of the stores adds to it in them. Shape [c].
    """
    rows = slice(start, start + power.shape[0])
    before, staying, brought = tanks.before[rows], tanks.staying(rows), tanks.brought(rows)
    charged, given = (np.maximum(one, 0.0) * tanks.hours for one in (power, -power))
    per_content = np.divide(1.0, before, out=np.zeros_like(power), where=before > TINY)
    # A float32 rounding may ask for a little more than is inside; carbon cannot follow it.
    drawn = np.minimum(given / tanks.eta_discharge, before)
    lasting = (tanks.after[rows] > TINY) & (tanks.policy != "zero")
    stay = np.maximum(tanks.kept - drawn * per_content, 0.0) * lasting
    delivered = per_content * tanks.delivered
    taken = tanks.taken * charged * lasting
    fresh = taken * base * staying
    fresh[:-1] += brought[1:]
    felt, heard, bring = _listening(feeling, delivered, taken * staying)
    held = _follow_carbon(carbon + brought[0], stay * staying, fresh, felt, bring)[:-1]
    intensity = held * delivered
    bought = base * charged
    bought[felt] += heard * charged[felt]
    after = stay * held + tanks.taken * lasting * bought
    # Whatever is neither inside nor sold: losses under `owner`, remainders of an empty store.
    owner = held + bought - intensity * given - after
    kept = np.concatenate([carbon[None], after * staying])
    return Course(kept, after * (1.0 - staying), intensity, owner)


def _listening(
    feeling: tuple[Ints, Hearing], delivered: Floats, taken: Floats
) -> tuple[Ints, Floats, Hearing]:
    """Return the steps in which stores feel each other, room for what each then hears, and what
    tells how much is charged of the discharge of others: that fills the room.
    """
    felt, hearing = feeling
    heard = np.zeros((felt.size, delivered.shape[1]))

    def bring(row: int, inside: Floats) -> Floats:
        heard[row] = hearing(row, inside * delivered[felt[row]])
        return np.asarray(heard[row] * taken[felt[row]])

    return felt, heard, bring


def coupled(charge: Floats, discharge: Floats) -> Ints:
    """Return the steps in which stores may feel each other: some charge while others discharge.

    Parameters
    ----------
    charge, discharge
        Power at the terminals. Shape [s, B].
    """
    return np.flatnonzero((charge > 0).any(axis=0) & (discharge > 0).any(axis=0))


def _follow_carbon(
    carbon: Floats, stay: Floats, fresh: Floats, felt: Ints, bring: Hearing
) -> Floats:
    """Follow what the stores hold: what stays of it, and what is charged. [B + 1, s].

    From one step in which the stores feel each other to the next, each goes its own way.
    """
    held = np.empty((stay.shape[0] + 1, carbon.size))
    held[0] = carbon
    at = 0
    for row, t in enumerate(felt.tolist()):
        _go_alone(held, stay, fresh, at, t)
        held[t + 1] = stay[t] * held[t] + fresh[t] + bring(row, held[t])
        at = t + 1
    _go_alone(held, stay, fresh, at, stay.shape[0])
    return held


def _go_alone(held: Floats, stay: Floats, fresh: Floats, start: int, stop: int) -> None:
    """Fill held[t + 1] = stay[t] held[t] + fresh[t] for a run of steps, doubling the stride.

    All terms are positive, so that no digit is lost (a prefix sum in the sense of Blelloch 1990).
    """
    left, added = stay[start:stop].copy(), fresh[start:stop].copy()
    stride = 1
    while stride < left.shape[0]:
        added[stride:] += left[stride:] * added[:-stride]
        left[stride:] *= left[:-stride].copy()
        stride *= 2
    held[start + 1 : stop + 1] = left * held[start] + added
