"""What is under the pointer: lines of sight against the meshes that are drawn."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from twinview.render import camera as eyes
from twinview.render.meshes.mesh import Mesh
from twinview.render.upload import checked, polydata
from twinview.scene.view import Camera

Numbers = npt.NDArray[np.float64]
_FAR = 1e6


@dataclass(frozen=True)
class Hit:
    """Where the pointer's line of sight ends: layer, element, row and local metres."""

    layer: str
    element: str
    row: int
    place: tuple[float, float, float]


class Body:
    """A mesh that answers to lines of sight; its search tree is built on first use."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = checked(mesh)
        self._locator: vtkStaticCellLocator | None = None

    def hit(self, start: Numbers, direction: Numbers) -> tuple[float, int] | None:
        """Return distance and row of the first element on a line of sight."""
        locator = self._locator or self._build()
        share: Any = mutable(0.0)
        cell: Any = mutable(-1)
        sub = mutable(0)
        point, inside = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        stop = start + direction * _FAR
        # VTK's stubs know no references, through which Python gets the answers.
        found: Any = locator.IntersectWithLine
        if not found(start.tolist(), stop.tolist(), 0.0, share, point, inside, sub, cell):
            return None
        row = self._mesh.element[self._mesh.triangles[int(cell.get()), 0]]
        return float(share.get()) * _FAR, int(row)

    def _build(self) -> vtkStaticCellLocator:
        locator = vtkStaticCellLocator()
        locator.SetDataSet(polydata(self._mesh, "solid"))
        locator.BuildLocator()
        self._locator = locator
        return locator


class Wires:
    """Lines that answer to a pointer near them on the screen."""

    def __init__(self, mesh: Mesh) -> None:
        # Four vertices make a piece of a line: twice its start, twice its end.
        self._a = mesh.points[0::4].astype(np.float64)
        self._b = mesh.points[2::4].astype(np.float64)
        self._element = mesh.element[0::4]
        self._from: tuple[Camera, tuple[int, int]] | None = None

    def near(
        self, camera: Camera, size: tuple[int, int], x: float, y: float, reach: float
    ) -> tuple[float, int] | None:
        """Return distance and row of the line nearest to a pixel, within `reach` pixels."""
        if not len(self._a):
            return None
        if self._from != (camera, size):
            self._from = (camera, size)
            self._ends = [eyes.project(ends, camera, size) for ends in (self._a, self._b)]
        a, b = self._ends
        visible = (a[:, 2] > 0) & (b[:, 2] > 0)
        along = b[:, :2] - a[:, :2]
        to = np.array([x, y]) - a[:, :2]
        share = (to * along).sum(axis=1) / np.maximum((along * along).sum(axis=1), 1e-9)
        share = np.clip(share, 0.0, 1.0)
        off = np.hypot(*(to - along * share[:, None]).T)
        off = np.where(visible, off, np.inf)
        best = int(np.argmin(off))
        if off[best] > reach:
            return None
        depth = a[best, 2] * (1 - share[best]) + b[best, 2] * share[best]
        return float(depth), int(self._element[best])
