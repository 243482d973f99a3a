"""Book traced carbon to loads, branches, injections and stores, and publish what is left over."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.flows import Block, Case, Incidence
from twinview.energy.reservoir import Tanks


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
    store_intensity: Floats
    owner_carbon: Floats
    node_residual: Floats
    worst_bus: Ints

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
            np.empty((steps, stores)),
            np.empty((steps, stores)),
            np.empty(steps),
            np.zeros(steps, dtype=np.int64),
        )

    def results(self, case: Case) -> dict[str, Any]:
        """Return the fields of a `Tracing`, with the residual that closes the balance.

        Parameters
        ----------
        case
            The input.
        """
        fields = {name: value for name, value in vars(self).items() if name != "hours"}
        booked = np.nansum(self.load_carbon, axis=1) + self.loss_carbon.sum(axis=1)
        booked += self.owner_carbon.sum(axis=1) + np.diff(self.store_carbon, axis=0).sum(axis=1)
        return fields | {"residual": self.gen_carbon.sum(axis=1) - booked}


def book(
    case: Case, at: Incidence, ledger: Ledger, block: Block, intensity: Floats, rows: slice
) -> None:
    """Write one block into the ledger.

    Parameters
    ----------
    case, at
        The input and its incidence tables.
    ledger
        Where to write.
    block
        Directed flows.
    intensity
        Of each bus, any number where dead. Shape [n, B].
    rows
        The steps of the block.
    """
    known = np.where(block.dead, 0.0, intensity)
    unknown = np.where(block.failed, np.nan, 0.0)[:, None]
    hours = ledger.hours
    ledger.intensity[rows] = np.where(block.dead, np.nan, intensity).T
    ledger.gen_carbon[rows] = (block.emitted * hours).T + unknown
    served = known[case.load_bus] * block.load * hours
    served[block.dead[case.load_bus] & (block.load > block.floor)] = np.nan
    ledger.load_carbon[rows] = served.T + unknown
    ledger.loss_carbon[rows] = (_loss_rate(case, block, known) * hours).T + unknown
    _book_imbalance(at, ledger, block, rows)


def _loss_rate(case: Case, block: Block, known: Floats) -> Floats:
    at_from, at_to = known[case.from_bus], known[case.to_bus]
    rate = at_from * block.idle_from + at_to * block.idle_to
    if case.losses == "branch":
        rate += np.where(block.backward, at_to, at_from) * (block.sent - block.received)
    return rate


def _book_imbalance(at: Incidence, ledger: Ledger, block: Block, rows: slice) -> None:
    """Compare what each bus receives with what leaves it, dead ones too."""
    leaving = at.loads @ block.load + at.stores @ block.charge
    leaving += at.starts @ (block.sent * block.forward + block.idle_from)
    leaving += at.ends @ (block.sent * block.backward + block.idle_to)
    imbalance = np.abs(block.power - leaving)
    ledger.worst_bus[rows] = imbalance.argmax(axis=0)
    ledger.node_residual[rows] = np.where(block.failed, np.nan, imbalance.max(axis=0))
