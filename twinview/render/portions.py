"""A picture in portions: few things are drawn at a time, over those before."""

from collections.abc import Callable, Container

from vtkmodules.vtkRenderingCore import vtkActor

from twinview.render import veils
from twinview.render.painter import Painter

PORTION = 100_000
"""Triangles and lines that are drawn at once while the window must go on answering."""


FRESH = 3
"""How many times as long the first drawing of a thing takes: it goes to the graphics library."""


def everything(_role: str) -> bool:
    """Want every role."""
    return True


def portions(
    painter: Painter,
    wanted: Callable[[str], bool] = everything,
    known: Container[vtkActor] | None = None,
) -> list[list[vtkActor]]:
    """Return what is seen of the wanted roles, in groups of about `PORTION` triangles and lines.

    What is not among the `known` counts `FRESH` times. What is drawn over others comes last, all
    together: its order matters. Bodies that let others through are in none
    (`twinview.render.veils`).
    """
    aside = {one for some in veils.bodies(painter).values() for one in some}
    groups: list[list[vtkActor]] = [[]]
    last: list[vtkActor] = []
    room = PORTION
    for role, one in painter.actors():
        if not one.GetVisibility() or not wanted(role) or one in aside:
            continue
        if one.GetForceTranslucent() or role == "ground":
            last.append(one)
            continue
        count = _cells(one) * (1 if known is None or one in known else FRESH)
        if count > room and groups[-1]:
            groups.append([])
            room = PORTION
        groups[-1].append(one)
        room -= count
    return [group for group in (*groups, last) if group]


def cells(painter: Painter) -> int:
    """Return how many triangles and lines the next picture draws."""
    return sum(_cells(one) for _, one in painter.actors() if one.GetVisibility())


def _cells(one: vtkActor) -> int:
    return int(one.GetMapper().GetInput().GetNumberOfCells())
