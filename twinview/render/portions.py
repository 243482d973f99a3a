"""A picture in portions: few things are drawn at a time, over those before."""

from collections.abc import Callable, Container

from vtkmodules.vtkRenderingCore import vtkActor

from twinview.render import veils
from twinview.render.painter import Painter

PORTION = 60_000
"""Triangles and lines that are drawn at once while the window must go on answering."""
AREA = 300_000
"""Pixels of a picture from which on they count as well: in a larger one a portion is smaller."""
FRESH = 3
"""How many times as long the first drawing of a thing takes: it goes to the graphics library."""
WIDE = frozenset({"area", "ground"})
"""Roles that cover many pixels with few triangles: portions of their own in a large picture."""
ENDLESS = 1e18


def everything(_role: str) -> bool:
    """Want every role."""
    return True


def portions(
    painter: Painter,
    wanted: Callable[[str], bool] = everything,
    known: Container[vtkActor] | None = None,
) -> list[list[vtkActor]]:
    """Return what is seen of the wanted roles, in groups that are drawn at once.

    What is not among the `known` counts `FRESH` times. What is drawn over others comes last, in its
    order. Bodies that let others through are in none (`twinview.render.veils`).
    """
    aside = {one for some in veils.bodies(painter).values() for one in some}
    under, over = Groups(painter, known), Groups(painter, None, endless=True)
    seen = [
        (role, one)
        for role, one in painter.actors()
        if one.GetVisibility() and wanted(role) and one not in aside
    ]
    for role, one in sorted(seen, key=lambda two: two[1].GetForceTranslucent()):
        (over if one.GetForceTranslucent() or role == "ground" else under).add(role, one)
    return [*under.made, *over.made]


class Groups:
    """Groups of things, in their order.

    Parameters
    ----------
    painter
        Whose picture it is.
    known
        What was drawn before; None for all.
    endless
        Whether any number of triangles and lines is drawn at once.
    """

    def __init__(
        self, painter: Painter, known: Container[vtkActor] | None, endless: bool = False
    ) -> None:
        self.made: list[list[vtkActor]] = []
        self._known, self._share = known, share(painter)
        self._most = ENDLESS if endless else PORTION * self._share
        self._room = 0.0

    def add(self, role: str, one: vtkActor) -> None:
        """Put one more in the group there is, or begin another one."""
        count = float(_cells(one) * (1 if self._known is None or one in self._known else FRESH))
        if role in WIDE and self._share < 1:
            count = self._most
        if not self.made or count > self._room:
            self.made.append([])
            self._room = self._most
        self.made[-1].append(one)
        self._room -= count


def share(painter: Painter) -> float:
    """Return how much of what is drawn at once in a small picture is in a painter's own."""
    wide, high = painter.size()
    return min(1.0, AREA / max(1, wide * high))


def cells(painter: Painter) -> int:
    """Return how many triangles and lines the next picture draws."""
    return sum(_cells(one) for _, one in painter.actors() if one.GetVisibility())


def _cells(one: vtkActor) -> int:
    return int(one.GetMapper().GetInput().GetNumberOfCells())
