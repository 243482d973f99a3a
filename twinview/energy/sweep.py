"""Solve the mixing equations by tree sweeps over many time steps at once.

Proportional sharing (Bialek 1996; Kang et al. 2015, IEEE TSG 6(5):2386-2394) says that the
intensity of a bus is the mean of what flows in, weighted by power:

    E = x + W E,    x[i] = injected carbon / throughput,    W[i, j] = flow j -> i / throughput of i

On a tree each branch points one way in each step. A sweep from the leaves up finishes all buses
whose power goes towards the root, one from the root down the others; both are exact. Branches that
close rings (chords) are cut: the intensity sent into each chord becomes an unknown, the tree
answers how the unknowns depend on each other, and a small dense system settles them. What stores
feel of each other (`hearing`) is told by the same answers where they are few; where they are many,
by a sweep over the tree between them in each step, whose cost grows with their number alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twinview.energy.arrange import Arranged
from twinview.energy.arrays import Floats, Ints
from twinview.energy.flows import Block, Case
from twinview.energy.topology import Condensed, Layered, Level

# Power that turns in a lone ring is amplified without bound; a ring in which only a
# ten-billionth is fresh power cannot be told from one.
RING_LIMIT = 1e10


Hearing = Callable[[int, Floats], Floats]
"""Returns, for the number of one of some steps and the intensity of what each store discharges,
what that adds to the intensity at the bus of each store. Shapes [s], [s]."""


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
    per_power = block.per_power
    to, back = block.sent if case.losses == "gross" else (block.into_to, block.into_from)
    return Weights(back * per_power[case.from_bus], to * per_power[case.to_bus])


def swept(levels: tuple[Level, ...], tops: int, up: Floats, down: Floats, mixed: Floats) -> Floats:
    """Solve E = x + W E on trees, in place.

    Parameters
    ----------
    levels, tops
        Their levels, and the nodes that stand before them, without a parent.
    up, down
        Share of the parent that comes from each other node, and of that node which comes from the
        parent. Shape [n - tops] or [n - tops, B].
    mixed
        What is put in, x. Shape [n] or [n, B].
    """
    for level in reversed(levels):
        rows = slice(level.start - 1, level.stop - 1)
        arriving = up[rows.start - tops : rows.stop - tops] * mixed[rows]
        if level.parents.size < level.gather.size:
            arriving = np.add.reduceat(arriving, level.offsets, axis=0)
        mixed[level.parents - 1] += arriving
    for level in levels:
        rows = slice(level.start - 1, level.stop - 1)
        mixed[rows] += down[rows.start - tops : rows.stop - tops] * mixed[level.gather - 1]
    return mixed


class Sweeps:
    """The mixing equations of one block on a forest with chords.

    Parameters
    ----------
    arranged
        The case in sweep order.
    core
        Its forest condensed to the ends of chords and, where they are few, store buses.
    tree
        Its forest condensed to store buses and ends of chords, where stores are many.
    weights
        The matrix, or its transpose.

    Raises
    ------
    LoneRingError
        Power turns in a ring without source or consumer.
    """

    def __init__(
        self, arranged: Arranged, core: Condensed, tree: Layered | None, weights: Weights
    ) -> None:
        case, chords = arranged.case, arranged.chords
        self._arranged, self._core, self._tree = arranged, core, tree
        self._up, self._down = (
            table[: case.n_bus - arranged.tops] for table in (weights.into_to, weights.into_from)
        )
        self._head, self._tail = case.from_bus[chords], case.to_bus[chords]
        self._into_head, self._into_tail = weights.into_from[chords], weights.into_to[chords]
        self._answer = self._respond_to_chords()
        self._ring = self._close_rings()

    def solve(self, x: Floats) -> Floats:
        """Return the intensity of each bus.

        Parameters
        ----------
        x
            Injected carbon over throughput. Shape [n, B].
        """
        mixed = self._swept(x.copy())
        if self._head.size:
            sent = np.linalg.solve(self._ring, self._at_sender(mixed).T[..., None])[..., 0].T
            mixed = x.copy()
            np.add.at(mixed, self._tail, self._into_tail * sent)
            np.add.at(mixed, self._head, self._into_head * sent)
            mixed = self._swept(mixed)
        return mixed

    def _swept(self, mixed: Floats) -> Floats:
        """Solve E = x + W E on the trees alone, in place. [n, B]."""
        arranged = self._arranged
        return swept(arranged.forest.levels, arranged.tops, self._up, self._down, mixed)

    def hearing(self, unit: Floats, steps: Ints) -> Hearing:
        """Return what tells how stores feel each other.

        Parameters
        ----------
        unit
            Share of its bus that each discharging store delivers. Shape [s, B].
        steps
            Steps of the block that are asked for. Shape [c].
        """
        if self._tree is not None:
            return self._through(self._tree, unit, steps)
        gains = self._gains(unit, steps)
        return lambda row, intensity: np.asarray(gains[row] @ intensity)

    def _through(self, tree: Layered, unit: Floats, steps: Ints) -> Hearing:
        """Return a sweep over the tree between the stores."""
        up, down = self._along(tree, steps)
        stores, head, tail = (
            tree.row[np.searchsorted(tree.core.nodes, bus + 1)]
            for bus in (self._arranged.case.store_bus, self._head, self._tail)
        )
        unit = np.ascontiguousarray(unit[:, steps].T)

        def heard(row: int, intensity: Floats) -> Floats:
            put_in = _added_up(stores, unit[row] * intensity, tree.row.size)
            answer = swept(tree.levels, tree.tops, up[row], down[row], put_in.copy())
            if head.size:
                t = steps[row]
                into_head, into_tail = self._into_head[:, t], self._into_tail[:, t]
                sender = np.where(into_head > 0, answer[tail], answer[head])
                sent = np.linalg.solve(self._ring[t], sender)
                np.add.at(put_in, tail, into_tail * sent)
                np.add.at(put_in, head, into_head * sent)
                answer = swept(tree.levels, tree.tops, up[row], down[row], put_in)
            return answer[stores]

        return heard

    def _along(self, tree: Layered, steps: Ints) -> tuple[Floats, Floats]:
        """Return what paths of a condensed tree hand on, upwards and downwards: [c, m - tops]."""
        up, down = np.zeros((2, steps.size, tree.row.size - tree.tops))
        if tree.levels:
            chain, row = tree.core.chain - 1 - self._arranged.tops, tree.row[tree.core.hung]
            for table, weight in ((up, self._up), (down, self._down)):
                path = np.multiply.reduceat(weight[chain][:, steps], tree.core.offsets, axis=0)
                table[:, row - tree.tops] = path.T
        return up, down

    def _gains(self, unit: Floats, steps: Ints) -> Floats:
        """Return what each store bus feels of a unit of each discharging store: [c, s, s]."""
        stores = self._row(self._arranged.case.store_bus)
        start = np.zeros((self._core.nodes.size, unit.shape[0], steps.size))
        start[stores, np.arange(unit.shape[0])] = unit[:, steps]
        answer = self._respond(start, steps)
        direct: Floats = answer[stores].transpose(2, 0, 1)
        if not self._head.size:
            return direct
        asked = self._sender_rows(answer, steps).transpose(2, 0, 1)
        sent = np.linalg.solve(self._ring[steps], asked)
        around: Floats = self._answer[stores][..., steps].transpose(2, 0, 1) @ sent
        return direct + around

    def _row(self, bus: Ints) -> Ints:
        return np.searchsorted(self._core.nodes, bus + 1)

    def _respond_to_chords(self) -> Floats:
        """Let the condensed tree answer a unit sent into each chord: [m, chords, B]."""
        chords, steps = self._head.size, self._into_head.shape[1]
        start = np.zeros((self._core.nodes.size if chords else 0, chords, steps))
        if chords:
            start[self._row(self._tail), np.arange(chords)] = self._into_tail
            start[self._row(self._head), np.arange(chords)] = self._into_head
        return self._respond(start, np.arange(steps)) if chords else start

    def _respond(self, answer: Floats, steps: Ints) -> Floats:
        """Let the condensed tree answer what is put in at its nodes, in place: [m, units, c]."""
        core = self._core
        if not core.offsets.size:
            return answer
        chain = core.chain - 1 - self._arranged.tops
        up = np.multiply.reduceat(self._up[chain][:, steps], core.offsets, axis=0)
        down = np.multiply.reduceat(self._down[chain][:, steps], core.offsets, axis=0)
        hung = list(zip(core.hung.tolist(), core.parent[core.hung].tolist(), strict=True))
        for path in range(len(hung) - 1, -1, -1):
            node, above = hung[path]
            answer[above] += up[path] * answer[node]
        for path, (node, above) in enumerate(hung):
            answer[node] += down[path] * answer[above]
        return answer

    def _at_sender(self, by_bus: Floats) -> Floats:
        return np.where(self._into_head > 0, by_bus[self._tail], by_bus[self._head])

    def _sender_rows(self, answer: Floats, steps: Ints) -> Floats:
        head, tail = answer[self._row(self._head)], answer[self._row(self._tail)]
        return np.where((self._into_head[:, steps] > 0)[:, None], tail, head)

    def _close_rings(self) -> Floats:
        """Return I - A of the chords, [B, c, c], after a look at how close it is to singular."""
        chords, steps = self._into_head.shape
        if not chords:
            return np.zeros((steps, 0, 0))
        rows = self._sender_rows(self._answer, np.arange(steps))
        ring: Floats = np.eye(chords) - rows.transpose(2, 0, 1)
        try:
            worst = np.abs(np.linalg.solve(ring, np.ones((steps, chords, 1)))).max()
        except np.linalg.LinAlgError as error:
            raise LoneRingError("a ring that stands alone") from error
        if not worst < RING_LIMIT:
            raise LoneRingError("a ring that stands alone")
        return ring


def _added_up(places: Ints, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(places, values, size), dtype=np.float64)
