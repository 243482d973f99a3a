"""One layer on the screen: its actors and its texels, changed only where a new paint differs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from twinview.model.twin import Layer
from twinview.render.colours import own
from twinview.render.making import BODIES, Part
from twinview.render.meshes.mesh import Mesh, part_of
from twinview.render.pieces import ONLY_PAINTED
from twinview.render.shaders import TRANSLUCENT
from twinview.render.texels import HOVERED, SELECTED, Texels
from twinview.render.tiling import Sight, Tiles
from twinview.render.upload import actor, set_uniforms
from twinview.scene.paint import Paint, State
from twinview.scene.theme import LOOKS, rgb
from twinview.scene.view import Theme

Rows = npt.NDArray[np.integer]
_UNKNOWN = np.isin(np.arange(8), (State.MISSING, State.PENDING, State.FAILED, State.LACKING))
CORNERED = frozenset({"solid", "open", "flat", "rim"})
"""Roles whose vertices are corners that people see."""
_LINE, _ROAD = 1.2, 5.0
"""Widths of lines and roads whose data name none, metres."""


class Drawn:
    """The actors of one layer.

    Parameters
    ----------
    layer
        The layer; its parts come later.
    theme
        Light or dark.
    shared
        Textures that all layers share: ``occlusion`` and ``patterns``.
    """

    def __init__(self, layer: Layer, theme: Theme, shared: Mapping[str, vtkTexture]) -> None:
        self.layer = layer
        self.parts: list[Part] = []
        self.texels = Texels(len(layer))
        self.tiles: list[Tiles] = []
        self.stamp = 0
        """Another number after each change of what elements look like."""
        self._paint: Paint | None = None
        self._own = np.ascontiguousarray(own(layer, theme), np.uint8)
        self._clay = rgb(LOOKS[theme].clay)
        self._width = layer.numbers("width_m", _ROAD if layer.kind == "road" else _LINE)
        self._roles: list[tuple[str, vtkActor]] = []
        self._ghosts: dict[Part, vtkActor] = {}
        self._textures = {**shared, "values": self.texels.texture}
        self.added: Callable[[vtkActor], None] = lambda _: None
        """Told of each new actor."""
        self.removed: Callable[[vtkActor], None] = lambda _: None
        """Told of each actor that goes."""
        self.sparing = False
        """Whether bodies are held in full only where they are seen from near."""
        self._wide = layer.geometry is not None and layer.geometry.kind == "line"
        self._filled = layer.kind == "storage"
        self._lead = np.zeros(len(layer))
        self._plain()

    def take(self, part: Part) -> None:
        """Take in one more part of what the layer is drawn as."""
        self.parts.append(part)
        if part.role in BODIES:
            self._tiles_of(part).add(part)
        elif len(part.mesh.triangles):
            made = actor(part.mesh, part.role, self._textures, part.rank)
            made.SetVisibility(self.visible)
            self._roles.append((part.role, made))
            self.added(made)

    def lose(self) -> list[vtkActor]:
        """Forget all parts; return their actors, which let go of everything VTK holds."""
        actors = [one for _, one in self.roles()]
        for one in actors:
            one.GetProperty().RemoveAllTextures()
            one.GetMapper().RemoveAllInputs()
            one.SetMapper(None)  # type: ignore[arg-type]
        self._roles.clear()
        self._ghosts.clear()
        for tiled in self.tiles:
            tiled.close()
        self.tiles.clear()
        self.parts = []
        return actors

    def _tiles_of(self, part: Part) -> Tiles:
        for tiled in self.tiles:
            if tiled.role == part.role:
                return tiled
        self.tiles.append(Tiles(part.role, part.rank, self._textures))
        self.tiles[-1].added, self.tiles[-1].removed = self.added, self.removed
        self.tiles[-1].sparing = self.sparing
        return self.tiles[-1]

    def actors(self, translucent: bool) -> Iterator[vtkActor]:
        """Yield the actors that are blended over others, or those that are not."""
        for role, one in self.roles():
            if (role in TRANSLUCENT) == translucent:
                yield one

    def roles(self) -> list[tuple[str, vtkActor]]:
        """Return all actors with the roles they have."""
        ghosts = [("ghost", one) for one in self._ghosts.values()]
        return [pair for tiled in self.tiles for pair in tiled.actors()] + self._roles + ghosts

    def has(self, *roles: str) -> bool:
        """Whether anything is drawn in one of these roles, other than edges and levels."""
        return any(one.role in roles for one in self.tiles) or any(
            role in roles for role, _ in self._roles
        )

    def theme(self, theme: Theme) -> None:
        """Take the own colours of another theme; the next paint brings the others."""
        self._own = np.ascontiguousarray(own(self.layer, theme), np.uint8)
        self._clay = rgb(LOOKS[theme].clay)
        self._paint = None
        self._plain()

    def show(self, visible: bool, paint: Paint | None, through: bool = False) -> None:
        """Show or hide the layer, and take on a paint if it is another than before.

        With `through`, its lines shine through what stands before them.
        """
        visible = visible and (paint is not None or self.layer.kind not in ONLY_PAINTED)
        for _, one in self._roles:
            one.SetVisibility(visible)
        self.visible = visible
        self._show_ghosts(through and visible)
        if paint is self._paint:
            return
        self._paint = paint
        if paint is None:
            self._plain()
        else:
            self._wear(paint)

    visible = True

    def _show_ghosts(self, on: bool) -> None:
        """Show or hide lines that nothing hides; they are made when they are first wanted."""
        for part in self.parts if on else ():
            if part.role == "ribbon" and part not in self._ghosts:
                made = actor(part.mesh, "ribbon", self._textures, part.rank)
                self._ghosts[part] = made
                self.added(made)
                set_uniforms(made, {"ghost": 1.0})
        for one in self._ghosts.values():
            one.SetVisibility(on)

    def look(self, sight: Sight, pinned: Rows) -> None:
        """Draw those bodies that a camera sees, coarser from afar where `sight` allows it.

        Parameters
        ----------
        sight
            How the layer is looked at.
        pinned
            Rows of elements that stay as they are, if they are few.
        """
        for tiled in self.tiles:
            if self.visible:
                tiled.look(sight, pinned, self._looks, self.stamp)
            else:
                tiled.hide()

    def _looks(self, rows: Rows) -> npt.NDArray[np.uint8]:
        """Return what some elements look like from afar: what has no value is clay."""
        looks = self.texels.looks[rows].view(np.uint8).reshape(-1, 4)
        unknown = _UNKNOWN[looks[:, 3] & 7]
        return np.where(unknown[:, None], self._clay, looks[:, :3])

    def advance(self, spacings: float) -> None:
        """Move the arrows of lines, each by so many spacings times its own pace."""
        paint = self._paint
        if paint is None or paint.direction is None:
            return
        step = spacings * _fitting(paint.pace, np.ones(len(self.layer), np.float32))
        self._lead = (self._lead + step) % 1.0
        self.texels.lead(self._lead)
        self.texels.changed()

    def flag(self, selected: Rows, hovered: Rows) -> None:
        """Mark the elements that are selected and the one under the pointer."""
        self.texels.flag(SELECTED, selected)
        self.texels.flag(HOVERED, hovered)
        self.texels.changed()

    def outline(self, rows: Rows) -> list[Mesh]:
        """Return the edges of some elements, nothing where they have none."""
        wanted = np.zeros(len(self.layer), dtype=bool)
        wanted[rows[(rows >= 0) & (rows < len(wanted))]] = True
        edged = [one for one in self.parts if len(rows) and len(one.mesh.edges)]
        found = [
            part_of(one.mesh, wanted)
            for one in edged
            if one.role == edged[0].role and wanted[one.rows].any()
        ]
        return [mesh for mesh in found if len(mesh.edges)]

    def corners(self, row: int) -> npt.NDArray[np.float64]:
        """Return the corners that an element is drawn with, shape (n, 3), local metres.

        Bodies are let into the ground a little; their lowest corners are at their foot.
        """
        found = [np.empty((0, 3), np.float32)]
        for part in self.parts:
            if part.role in CORNERED and row in part.rows:
                found.append(part.mesh.points[part.mesh.element == row])
        corners = np.unique(np.concatenate(found), axis=0).astype(np.float64)
        shape = self.layer.geometry
        if shape is not None and len(corners):
            foot = np.min(shape.coords[shape.points_of[row] : shape.points_of[row + 1], 2])
            corners[:, 2] = np.maximum(corners[:, 2], foot)
        return corners

    def close(self) -> None:
        """Let go of everything VTK holds."""
        self.lose()
        self.texels.close()

    def _plain(self) -> None:
        """Write the layer's own look."""
        self.texels.colour[:] = self._own
        self.texels.state(int(State.PLAIN))
        self.texels.width(self._width)
        self.texels.direction(None)
        self.texels.fill(None)
        self._written()

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
        self._written()

    def _written(self) -> None:
        self.texels.changed()
        self.stamp += 1


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
