"""Switches between nodes: closed ones make two nodes one, open ones open a branch's end."""

from collections import defaultdict
from collections.abc import Sequence

from twinview.readers.common.draft import BRANCHES, Draft, Row
from twinview.readers.common.rows import TextRow, flag

Hung = dict[str, list[tuple[Row, str]]]


def apply(draft: Draft, table: Sequence[TextRow], auxiliary: set[str]) -> None:
    """Take switches into a network whose elements are there.

    A closed switch makes its two nodes one. Behind an open one, a node that is there only to part
    it from a line (``auxiliary``) goes, and the line ends at the other side, switched off; else it
    would stand for a place without supply.

    Parameters
    ----------
    draft
        The network.
    table
        Switches: ``nodeA``, ``nodeB``, and ``cond``, 1 where closed.
    auxiliary
        Nodes that only part switches from branches.
    """
    opened: list[tuple[str, str]] = []
    for row in table:
        ends = (row.get("nodeA", ""), row.get("nodeB", ""))
        (draft.joined if flag(row, "cond") else opened).append(ends)
    hung = _hung(draft)
    fused = {node for pair in draft.joined for node in pair}
    gone = set()
    for pair in opened:
        for end, other in (pair, pair[::-1]):
            alone = end in auxiliary and end not in fused and len(hung[end]) == 1
            if alone and other not in gone:
                row, side = hung[end][0]
                row[side] = other
                row[side.replace("node", "status")] = 0
                gone.add(end)
                break
    draft.rows["node"] = [row for row in draft.rows["node"] if row["id"] not in gone]
    for node in gone:
        draft.points.pop(node, None)


def _hung(draft: Draft) -> Hung:
    """Return what hangs at each node: rows of branches with the name of the end, and of devices."""
    hung: Hung = defaultdict(list)
    for component, own in draft.rows.items():
        if component in BRANCHES:
            ends: tuple[str, ...] = ("from_node", "to_node")
        else:
            ends = () if component == "node" else ("node",)
        for row in own:
            for end in ends:
                hung[row[end]].append((row, end))
    return hung
