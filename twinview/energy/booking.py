"""Book traced carbon to loads, branches, injections and stores, and publish what is left over."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from twinview.energy.arrange import Arranged
from twinview.energy.arrays import Floats, Ints
from twinview.energy.flows import Block, Case, Incidence
from twinview.energy.reservoir import Tanks, Visits


@dataclass(frozen=True, eq=False)
class Ledger:
    """The results of a tracing while they are filled in; see `Tracing` for their meaning."""

    hours: float
    intensity: Floats
    load_carbon: Floats
    loss_carbon: Floats
    gen_carbon: Floats
    store_energy: Floats
    store_carbon: Floats
    left_energy: Floats
    left_carbon: Floats
    store_loss: Floats
    store_intensity: Floats
    owner_carbon: Floats
    node_residual: Floats
    worst_bus: Ints
    bus_residual: Floats

    @classmethod
    def empty(cls, case: Case, tanks: Tanks) -> "Ledger":
        """Make room for the results of a case.

        Parameters
        ----------
        case
            The input.
        tanks
            Its stores, whose content at the start is the first entry.
        """
        steps, stores = case.store_power.shape
        carbon = np.empty((steps + 1, stores))
        carbon[0] = tanks.carbon0
        return cls(
            tanks.hours,
            np.empty((steps, case.n_bus)),
            np.empty_like(case.load_power),
            np.empty_like(case.p_from),
            np.empty_like(case.gen_power),
            tanks.energy,
            carbon,
            tanks.after - tanks.energy[1:],
            np.empty((steps, stores)),
            tanks.lost(case.store_power),
            np.empty((steps, stores)),
            np.empty((steps, stores)),
            np.empty(steps),
            np.zeros(steps, dtype=np.int64),
            np.zeros(case.n_bus),
        )

    def results(self, case: Case, visits: Visits | None) -> dict[str, Any]:
        """Return the fields of a `Tracing`, with the residual that closes the balance.

        Parameters
        ----------
        case
            The input.
        visits
            Vehicles that come and go.
        """
        fields = {name: value for name, value in vars(self).items() if name != "hours"}
        booked = np.nansum(self.load_carbon, axis=1) + self.loss_carbon.sum(axis=1)
        booked += self.owner_carbon.sum(axis=1) + np.diff(self.store_carbon, axis=0).sum(axis=1)
        booked += self.left_carbon.sum(axis=1)
        came = self.gen_carbon.sum(axis=1)
        came += 0.0 if visits is None else visits.carbon.sum(axis=1)
        return fields | {"residual": came - booked, "visits": visits}


def book(
    arranged: Arranged, at: Incidence, ledger: Ledger, block: Block, intensity: Floats, start: int
) -> None:
    """Write one block into the ledger, in the numbering of the input.

    Parameters
    ----------
    arranged, at
        The case in sweep order and its incidence tables.
    ledger
        Where to write.
    block
        Directed flows.
    intensity
        Of each bus, any number where dead; changed in place. Shape [n, B].
    start
        First step of the block.
    """
    case, hours = arranged.case, ledger.hours
    rows = slice(start, start + block.failed.size)
    _book_imbalance(arranged, at, ledger, block, rows)
    some_dead = bool(block.dead.any())
    if some_dead:
        intensity[block.dead] = 0.0
    np.multiply(block.emitted.T, hours, out=ledger.gen_carbon[rows])
    weight = intensity if hours == 1.0 else intensity * hours
    served = weight[case.load_bus]
    served *= block.load
    if some_dead:
        served[block.dead[case.load_bus] & (block.load > block.floor)] = np.nan
    ledger.load_carbon[rows] = served.T
    ledger.loss_carbon[rows] = _loss_rate(case, block, weight)[arranged.row_of_branch].T
    if some_dead:
        intensity[block.dead] = np.nan
    ledger.intensity[rows] = intensity[arranged.row_of_bus].T
    unknown = np.flatnonzero(block.failed) + start
    for table in (ledger.gen_carbon, ledger.load_carbon, ledger.loss_carbon):
        table[unknown] = np.nan


def _loss_rate(case: Case, block: Block, known: Floats) -> Floats:
    """Return the carbon rate of what stays in each branch, idle draw included. [k, B]."""
    if case.losses == "branch":
        # What is taken at one end and does not come out at the other.
        at_from, at_to = block.out_of_from - block.into_to, block.out_of_to - block.into_from
    else:
        # What goes to a bus without consumers finds nobody there to bear its carbon.
        at_from = block.out_of_from * ((block.into_to <= 0) | block.dead[case.to_bus])
        at_to = block.out_of_to * ((block.into_from <= 0) | block.dead[case.from_bus])
    at_from *= known[case.from_bus]
    at_to *= known[case.to_bus]
    at_from += at_to
    return at_from


def _book_imbalance(
    arranged: Arranged, at: Incidence, ledger: Ledger, block: Block, rows: slice
) -> None:
    """Compare what each bus receives with what leaves it, dead ones too."""
    left = block.power - at.loads @ block.load
    left -= at.stores @ block.charge
    left -= at.starts @ block.out_of_from
    left -= at.ends @ block.out_of_to
    imbalance = np.abs(left, out=left)
    worst = imbalance.argmax(axis=0)
    largest = imbalance[worst, np.arange(worst.size)]
    ledger.worst_bus[rows] = arranged.bus_at[worst]
    ledger.node_residual[rows] = np.where(block.failed, np.nan, largest)
    of_bus = imbalance.max(axis=1, initial=0.0)[arranged.row_of_bus]
    np.maximum(ledger.bus_residual, of_bus, out=ledger.bus_residual)
