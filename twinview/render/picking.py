"""What is under the pointer: lines of sight against the meshes that are drawn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import mutable
from vtkmodules.vtkCommonDataModel import vtkStaticCellLocator

from twinview.render import camera as eyes
from twinview.render.cutting import within
from twinview.render.making import Part
from twinview.render.meshes.mesh import Mesh, checked
from twinview.render.pieces import PICKED
from twinview.render.upload import polydata
from twinview.scene.view import Camera, Cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twinview.render.drawn import Drawn

Numbers = npt.NDArray[np.float64]
_FAR = 1e6
_STEP = 1e-3
"""Metres behind a wall that is left out, where the line of sight goes on."""
Out = npt.NDArray[np.bool_] | None
_UPRIGHT = frozenset({"solid", "open", "glass"})

Found = tuple[str, float, int]
"""Layer id, metres to the eye and row."""


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

    def hit(
        self, start: Numbers, direction: Numbers, far: float = _FAR, out: Out = None
    ) -> tuple[float, int] | None:
        """Return distance and row of the first element on a line of sight, up to a distance.

        What is left out, as `out` says of each row, is passed through.
        """
        gone = 0.0
        while gone < far:
            found = self._first(start + direction * gone, direction, far - gone)
            if found is None or out is None or not out[found[1]]:
                return None if found is None else (gone + found[0], found[1])
            gone += found[0] + _STEP
        return None

    def _first(self, start: Numbers, direction: Numbers, far: float) -> tuple[float, int] | None:
        locator = self._locator or self._build()
        share: Any = mutable(0.0)
        cell: Any = mutable(-1)
        sub = mutable(0)
        point, inside = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        stop = start + direction * far
        # VTK's stubs know no references, through which Python gets the answers.
        found: Any = locator.IntersectWithLine
        if not found(start.tolist(), stop.tolist(), 0.0, share, point, inside, sub, cell):
            return None
        row = self._mesh.element[self._mesh.triangles[int(cell.get()), 0]]
        return float(share.get()) * far, int(row)

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
        self, camera: Camera, size: tuple[int, int], x: float, y: float, reach: float,
        out: Out = None,
    ) -> tuple[float, int] | None:  # fmt: skip
        """Return distance and row of the line nearest to a pixel, within `reach` pixels.

        Lines that are left out, as `out` says of each row, do not count.
        """
        if not len(self._a):
            return None
        if self._from != (camera, size):
            self._from = (camera, size)
            self._ends = [eyes.project(ends, camera, size) for ends in (self._a, self._b)]
        a, b = self._ends
        visible = (a[:, 2] > 0) & (b[:, 2] > 0)
        if out is not None:
            visible &= ~out[self._element]
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


class Pointer:
    """Finds what is under a pointer; search trees are built where it has been.

    Parameters
    ----------
    drawn
        What is drawn of each layer; what is hidden and what does not answer is passed over.
    """

    def __init__(self, drawn: "Mapping[str, Drawn]") -> None:
        self._drawn = drawn
        self._bodies: dict[Part, Body] = {}
        self._wires: dict[Part, Wires] = {}
        self.cut: Cut | None = None
        """Bodies answer inside this box only."""

    def body(self, start: Numbers, direction: Numbers) -> Found | None:
        """Return the first body on a line of sight."""
        span = (0.0, _FAR) if self.cut is None else within(self.cut, start, direction)
        if span is None:
            return None
        best: Found | None = None
        begin = start + direction * span[0]
        for layer_id, drawn in self._answering():
            roles = _UPRIGHT | ({"flat", "disc"} if drawn.layer.kind == "other" else set())
            some = [one for one in drawn.parts if one.role in roles]
            for near, part in _met(some, begin, direction):
                if best is not None and best[1] < span[0] + near:
                    break
                body = self._bodies.get(part) or self._bodies.setdefault(part, Body(part.mesh))
                hit = body.hit(begin, direction, span[1] - span[0], drawn.out)
                if hit is not None and (best is None or span[0] + hit[0] < best[1]):
                    best = (layer_id, span[0] + hit[0], hit[1])
        return best

    def wire(
        self, camera: Camera, size: tuple[int, int], x: float, y: float, reach: float
    ) -> Found | None:
        """Return the line nearest to a pixel, within `reach` pixels."""
        best: Found | None = None
        for layer_id, drawn in self._answering():
            for part in drawn.parts:
                if part.role != "ribbon":
                    continue
                wires = self._wires.get(part) or self._wires.setdefault(part, Wires(part.mesh))
                hit = wires.near(camera, size, x, y, reach, drawn.out)
                if hit is not None and (best is None or hit[0] < best[1]):
                    best = (layer_id, *hit)
        return best

    def _answering(self) -> "list[tuple[str, Drawn]]":
        return [
            (key, one)
            for key, one in self._drawn.items()
            if one.visible and one.layer.kind in PICKED
        ]


def _met(some: list[Part], start: Numbers, direction: Numbers) -> list[tuple[float, Part]]:
    """Return the parts whose boxes a line of sight meets, and how far away, nearest first."""
    if not some:
        return []
    low = np.array([one.low for one in some]) - 0.01
    high = np.array([one.high for one in some]) + 0.01
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(low - start) / direction, (high - start) / direction])
    near = np.nanmax(ends.min(axis=0), axis=1)
    far = np.nanmin(ends.max(axis=0), axis=1)
    order = [k for k in np.argsort(near) if near[k] <= far[k] and far[k] >= 0]
    return [(float(near[k]), some[k]) for k in order]
