"""Solve the mixing equations by tree sweeps over many time steps at once.

Proportional sharing (Bialek 1996; Kang et al. 2015, IEEE TSG 6(5):2386-2394) says that the
intensity of a bus is the mean of what flows in, weighted by power:

    E = x + W E,    x[i] = injected carbon / throughput,    W[i, j] = flow j -> i / throughput of i

On a tree each branch points one way in each step. A sweep from the leaves up finishes all buses
whose power goes towards the root, one from the root down the others; both are exact. Branches that
close rings (chords) are cut: the intensity sent into each chord becomes an unknown, the tree
answers how the unknowns depend on each other, and a small dense system settles them. Stores are
handled by the same answer of the tree (`gains`), because only their intensities couple one step to
the next.
"""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.flows import Block, Case
from twinview.energy.topology import Condensed, Forest

# Power that turns in a lone ring is amplified without bound; a ring in which only a
# ten-billionth is fresh power cannot be told from one.
RING_LIMIT = 1e10


class LoneRingError(ArithmeticError):
    """Power turns in a ring without source or consumer: the equations have no single answer."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The mixing matrix W of each step by branch.

    Parameters
    ----------
    into_from, into_to
        Share of the from-bus (to-bus) that arrives by this branch. Shape [k, B].
    """

    into_from: Floats
    into_to: Floats

    def transposed(self) -> "Weights":
        """Swap sender and receiver, to ask where power goes instead of whence it came."""
        return Weights(self.into_to, self.into_from)


def weigh(case: Case, block: Block) -> Weights:
    """Divide each transfer by the throughput of the bus it reaches.

    Parameters
    ----------
    case, block
        Input and directed flows. With `losses="gross"` a branch hands on the carbon of all that was
        sent into it, otherwise of what arrives.
    """
    carried = block.sent if case.losses == "gross" else block.received
    per_power = block.per_power
    into_to = carried * per_power[case.to_bus]
    into_to *= block.forward
    into_from = carried * per_power[case.from_bus]
    into_from *= block.backward
    return Weights(into_from, into_to)


class Sweeps:
    """The mixing equations of one block on a forest with chords.

    Parameters
    ----------
    case
        The input, for the ends of branches and stores.
    forest
        Its spanning forest.
    core
        The forest condensed to store buses and ends of chords.
    weights
        The matrix, or its transpose.
    unit
        Share of its bus that each discharging store delivers. Shape [s, B].

    Raises
    ------
    LoneRingError
        Power turns in a ring without source or consumer.
    """

    def __init__(
        self, case: Case, forest: Forest, core: Condensed, weights: Weights, unit: Floats
    ) -> None:
        self._case, self._forest, self._core = case, forest, core
        hung = forest.branch >= 0
        upward, branch = forest.upward[hung, None], forest.branch[hung]
        self._up, self._down = np.zeros((2, hung.size, unit.shape[1]))
        self._up[hung] = np.where(upward, weights.into_to[branch], weights.into_from[branch])
        self._down[hung] = np.where(upward, weights.into_from[branch], weights.into_to[branch])
        self._head = case.from_bus[forest.chords]
        self._tail = case.to_bus[forest.chords]
        self._into_head = weights.into_from[forest.chords]
        self._into_tail = weights.into_to[forest.chords]
        self._answer = self._respond(unit) if core.nodes.size else np.zeros((0, 0, unit.shape[1]))
        self._ring = self._close_rings()

    def solve(self, x: Floats) -> Floats:
        """Return the intensity of each bus.

        Parameters
        ----------
        x
            Injected carbon over throughput. Shape [n, B].
        """
        forest = self._forest
        fresh = np.zeros((x.shape[0] + 1, x.shape[1]))
        fresh[forest.position] = x
        mixed = _sweep(forest, self._up, self._down, fresh)
        if forest.chords.size:
            sent = np.linalg.solve(self._ring, self._at_sender(mixed[forest.position]).T[..., None])
            sent = sent[..., 0].T
            np.add.at(fresh, forest.position[self._tail], self._into_tail * sent)
            np.add.at(fresh, forest.position[self._head], self._into_head * sent)
            mixed = _sweep(forest, self._up, self._down, fresh)
        return mixed[forest.position]

    def gains(self) -> Floats:
        """Return what each store bus feels of a unit intensity of each discharging store.

        Returns
        -------
        Floats
            Shape [B, s, s]: row = bus of the store that feels, column = store that discharges.
        """
        chords = self._forest.chords.size
        felt = self._answer[self._row(self._case.store_bus)]
        direct = felt[:, chords:].transpose(2, 0, 1)
        if not chords:
            return direct
        sent = np.linalg.solve(self._ring, self._sender_rows()[:, chords:].transpose(2, 0, 1))
        gains: Floats = direct + felt[:, :chords].transpose(2, 0, 1) @ sent
        return gains

    def _row(self, bus: Ints) -> Ints:
        return np.searchsorted(self._core.nodes, self._forest.position[bus])

    def _respond(self, unit: Floats) -> Floats:
        """Let the condensed tree answer a unit of each chord and store: [m, chords + stores, B]."""
        core, chords = self._core, self._forest.chords.size
        answer = np.zeros((core.nodes.size, chords + unit.shape[0], unit.shape[1]))
        number = np.arange(chords)
        answer[self._row(self._tail), number] = self._into_tail
        answer[self._row(self._head), number] = self._into_head
        answer[self._row(self._case.store_bus), np.arange(unit.shape[0]) + chords] = unit
        if not core.offsets.size:
            return answer
        up = np.multiply.reduceat(self._up[core.chain], core.offsets, axis=0)
        down = np.multiply.reduceat(self._down[core.chain], core.offsets, axis=0)
        hung = list(zip(core.hung.tolist(), core.parent[core.hung].tolist(), strict=True))
        for path in range(len(hung) - 1, -1, -1):
            node, above = hung[path]
            answer[above] += up[path] * answer[node]
        for path, (node, above) in enumerate(hung):
            answer[node] += down[path] * answer[above]
        return answer

    def _at_sender(self, by_bus: Floats) -> Floats:
        return np.where(self._into_head > 0, by_bus[self._tail], by_bus[self._head])

    def _sender_rows(self) -> Floats:
        head, tail = self._answer[self._row(self._head)], self._answer[self._row(self._tail)]
        return np.where((self._into_head > 0)[:, None], tail, head)

    def _close_rings(self) -> Floats:
        """Return I - A of the chords, [B, c, c], after a look at how close it is to singular."""
        chords, steps = self._forest.chords.size, self._up.shape[1]
        if not chords:
            return np.zeros((steps, 0, 0))
        ring: Floats = np.eye(chords) - self._sender_rows()[:, :chords].transpose(2, 0, 1)
        try:
            worst = np.abs(np.linalg.solve(ring, np.ones((steps, chords, 1)))).max()
        except np.linalg.LinAlgError as error:
            raise LoneRingError("a ring that stands alone") from error
        if not worst < RING_LIMIT:
            raise LoneRingError("a ring that stands alone")
        return ring


def _sweep(forest: Forest, up: Floats, down: Floats, x: Floats) -> Floats:
    """Solve E = x + W E on the trees alone; all arrays in sweep order, [n + 1, B]."""
    mixed = x.copy()
    for level in reversed(forest.levels):
        rows = slice(level.start, level.stop)
        arriving = up[rows] * mixed[rows]
        if level.parents.size < level.gather.size:
            arriving = np.add.reduceat(arriving, level.offsets, axis=0)
        mixed[level.parents] += arriving
    for level in forest.levels:
        rows = slice(level.start, level.stop)
        mixed[rows] += down[rows] * mixed[level.gather]
    return mixed
