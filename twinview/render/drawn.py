"""One layer on the screen: its actors and its texels, changed only where a new paint differs."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from twinview.model.twin import Layer
from twinview.render.colours import own
from twinview.render.meshes.mesh import Mesh, part_of, tiles
from twinview.render.pieces import ONLY_PAINTED, Piece
from twinview.render.shaders import TRANSLUCENT
from twinview.render.texels import HOVERED, SELECTED, Texels
from twinview.render.upload import actor
from twinview.scene.paint import Paint, State
from twinview.scene.view import Theme

Rows = npt.NDArray[np.integer]
_EDGES = 250
"""Elements whose edges are drawn, or left away, together."""
_LINE, _ROAD = 1.2, 5.0
"""Widths of lines and roads whose data name none, metres."""


class Edges:
    """The thin lines of a part of a layer, drawn only where the eye is near enough to see them."""

    def __init__(self, line: vtkActor, mesh: Mesh) -> None:
        self._line = line
        low, high = mesh.points.min(axis=0), mesh.points.max(axis=0)
        self._centre = (low + high).astype(np.float64) / 2
        self._radius = float(np.linalg.norm(high - low)) / 2

    def show(self, eye: tuple[float, float, float], reach: float) -> None:
        """Draw the lines if any of them is nearer to the eye than `reach` metres."""
        away = float(np.linalg.norm(self._centre - eye)) - self._radius
        self._line.SetVisibility(away < reach)


class Drawn:
    """The actors of one layer.

    Parameters
    ----------
    layer
        The layer.
    made
        What it is drawn as.
    theme
        Light or dark.
    shared
        Textures that all layers share: ``occlusion`` and ``patterns``.
    """

    def __init__(
        self, layer: Layer, made: list[Piece], theme: Theme, shared: Mapping[str, vtkTexture]
    ) -> None:
        self.layer = layer
        self.pieces = made
        self.texels = Texels(len(layer))
        self.edges: list[Edges] = []
        self._paint: Paint | None = None
        self._own = np.ascontiguousarray(own(layer, theme), np.uint8)
        self._width = layer.numbers("width_m", _ROAD if layer.kind == "road" else _LINE)
        self._roles: list[tuple[str, vtkActor]] = []
        textures = {**shared, "values": self.texels.texture}
        for piece in made:
            self._add(piece, textures)
        roles = {piece.role for piece in made}
        self._wide, self._filled = bool(roles & {"ribbon", "road"}), "filling" in roles
        self._plain()

    def _add(self, piece: Piece, textures: Mapping[str, vtkTexture]) -> None:
        for part in tiles(piece.mesh, len(self.layer)):
            if len(part.triangles):
                self._roles.append((piece.role, actor(part, piece.role, textures, piece.rank)))
        if piece.role in {"solid", "open"} and len(piece.mesh.edges):
            most = max(_EDGES, len(self.layer) // 64)
            for part in tiles(piece.mesh, len(self.layer), most):
                if len(part.edges):
                    line = actor(part, "edge", textures)
                    self.edges.append(Edges(line, part))
                    self._roles.append(("edge", line))

    def actors(self, translucent: bool) -> Iterator[vtkActor]:
        """Yield the actors that are blended over others, or those that are not."""
        for role, one in self._roles:
            if (role in TRANSLUCENT) == translucent:
                yield one

    def roles(self) -> list[tuple[str, vtkActor]]:
        """Return all actors with the roles they have."""
        return self._roles

    def theme(self, theme: Theme) -> None:
        """Take the own colours of another theme; the next paint brings the others."""
        self._own = np.ascontiguousarray(own(self.layer, theme), np.uint8)
        self._paint = None
        self._plain()

    def show(self, visible: bool, paint: Paint | None) -> None:
        """Show or hide the layer, and take on a paint if it is another than before."""
        visible = visible and (paint is not None or self.layer.kind not in ONLY_PAINTED)
        for role, one in self._roles:
            if role != "edge":
                one.SetVisibility(visible)
        self.visible = visible
        if paint is self._paint:
            return
        self._paint = paint
        if paint is None:
            self._plain()
        else:
            self._wear(paint)

    visible = True

    def flag(self, selected: Rows, hovered: Rows) -> None:
        """Mark the elements that are selected and the one under the pointer."""
        self.texels.flag(SELECTED, selected)
        self.texels.flag(HOVERED, hovered)
        self.texels.changed()

    def outline(self, rows: Rows) -> Mesh | None:
        """Return the edges of some elements, None where they have none."""
        wanted = np.zeros(len(self.layer), dtype=bool)
        wanted[rows[(rows >= 0) & (rows < len(wanted))]] = True
        for piece in self.pieces:
            if len(piece.mesh.edges):
                return part_of(piece.mesh, wanted)
        return None

    def close(self) -> None:
        """Let go of everything VTK holds."""
        for _, one in self._roles:
            one.GetProperty().RemoveAllTextures()
            one.GetMapper().RemoveAllInputs()
            one.SetMapper(None)  # type: ignore[arg-type]
        self._roles.clear()
        self.edges.clear()
        self.texels.close()

    def _plain(self) -> None:
        """Write the layer's own look."""
        self.texels.colour[:] = self._own
        self.texels.state(int(State.PLAIN))
        self.texels.width(self._width)
        self.texels.direction(None)
        self.texels.fill(None)
        self.texels.changed()

    def _wear(self, paint: Paint) -> None:
        """Write a paint."""
        n = len(self.layer)
        colour = np.ascontiguousarray(paint.colour[:n], np.uint8)
        state = np.ascontiguousarray(_padded(paint.state, n), np.uint8)
        self.texels.dress(colour, state, self._own)
        # What a paint leaves unsaid falls back to the layer's own look, not to the paint before.
        if self._wide:
            self.texels.width(_fitting(paint.width, self._width))
            self.texels.direction(_fitting(paint.direction, np.zeros(n, np.int8)))
        if self._filled:
            self.texels.fill(_fitting(paint.fill, np.full(n, np.nan, np.float32)))
        self.texels.changed()


def _padded(state: npt.NDArray[np.uint8], n: int) -> npt.NDArray[np.uint8]:
    """Return n states; elements a paint does not speak of are plain."""
    if len(state) >= n:
        return state[:n]
    return np.concatenate([state, np.full(n - len(state), State.PLAIN, dtype=np.uint8)])


def _fitting(
    given: npt.NDArray[np.generic] | None, otherwise: npt.NDArray[np.generic]
) -> npt.NDArray[Any]:
    """Return what is given if it has a value for each element, else the other."""
    return given if given is not None and len(given) == len(otherwise) else otherwise


def blending(drawn: Drawn) -> int:
    """Return the order of blended layers: roads, lines, glass."""
    return {"road": 0, "pipe": 1, "line": 1, "storage": 3}.get(drawn.layer.kind, 2)
