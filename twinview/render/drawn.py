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
from twinview.render.shaders import ON_GROUND, TRANSLUCENT
from twinview.render.texels import HOVERED, OUT, SELECTED, Texels
from twinview.render.tiling import Sight, Tiles
from twinview.render.upload import actor, set_uniforms
from twinview.scene.paint import Paint, State
from twinview.scene.theme import LOOKS, rgb
from twinview.scene.view import Theme

Rows = npt.NDArray[np.integer]
_UNKNOWN = np.isin(np.arange(8), (State.MISSING, State.PENDING, State.FAILED, State.LACKING))
CORNERED = frozenset({"solid", "open", "flat", "rim"})
"""Roles whose vertices are corners that people see."""
LINES = frozenset({"ribbon", "ghost"})
"""Roles of lines, which are drawn for each picture anew."""
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
        self._left_out, self.veil, self._rank = False, 1.0, np.nan
        self.height = 0.0
        """Place in the list of layers: higher ones are drawn over lower ones."""
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
            self._came(made)

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
        self.tiles[-1].added, self.tiles[-1].removed = self._came, self.removed
        self.tiles[-1].sparing = self.sparing
        return self.tiles[-1]

    def actors(self, translucent: bool) -> Iterator[vtkActor]:
        """Yield the actors that are blended over others, or those that are not."""
        for _, one in self.roles():
            if one.GetForceTranslucent() == translucent:
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
                self._came(made)
                set_uniforms(made, {"ghost": 1.0})
        for one in self._ghosts.values():
            one.SetVisibility(on)

    # --------------------------------------------------------------------------- the reader's wish
    def place(self, veil: float, rank: float, height: float) -> bool:
        """Take an opacity and a place among the layers; tell whether they are others than before.

        Parameters
        ----------
        veil
            Opacity, 0 to 1.
        rank
            Of what lies on the ground, higher is above; NaN for that of its kind.
        height
            Place in the list of layers, higher is above.
        """
        old = (self.veil, self._rank, self.height)
        if np.array_equal(old, (veil, rank, height), equal_nan=True):
            return False
        self.veil, self._rank, self.height = veil, rank, height
        for role, one in self.roles():
            self._wish(role, one)
        return True

    @property
    def rank(self) -> float:
        """How high it lies on the ground."""
        if np.isfinite(self._rank):
            return self._rank
        return float(max((one.rank for one in self.parts if one.role in ON_GROUND), default=0))

    @property
    def lets_through(self) -> bool:
        """Whether something is seen through more than its lines, which are blended anyway."""
        return self.veil < 1 and self.visible and any(r not in LINES for r, _ in self.roles())

    def _came(self, one: vtkActor) -> None:
        """Pass on a new actor, which does what is wanted of the layer."""
        role = next((role for role, other in self.roles() if other is one), "")
        self._wish(role, one)
        self.added(one)

    def _wish(self, role: str, one: vtkActor) -> None:
        set_uniforms(one, {"veil": self.veil, "sifted": float(self._left_out)})
        if role in ON_GROUND:
            own = next((part.rank for part in self.parts if part.role == role), 0)
            rank = self._rank if np.isfinite(self._rank) else float(own)
            set_uniforms(one, {"rank": rank})
        if role in ON_GROUND and role not in TRANSLUCENT:
            one.SetForceOpaque(self.veil >= 1)
            one.SetForceTranslucent(self.veil < 1)

    def _leave_out(self, out: npt.NDArray[np.bool_] | None) -> None:
        """Draw some elements no longer, or all again."""
        if not self.texels.leave_out(out):
            return
        self.sieve += 1
        wanted = out is not None and bool(out.any())
        if wanted != self._left_out:
            self._left_out = wanted
            for role, one in self.roles():
                self._wish(role, one)

    @property
    def out(self) -> npt.NDArray[np.bool_] | None:
        """Which elements are not drawn, shape (elements,); None where all are."""
        return self.texels.out if self._left_out else None

    sieve = 0
    """Another number after other elements are left out."""

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
        """Return what some elements look like from afar: what has no value is clay.

        The fourth number is 255 for elements that are left out.
        """
        looks = self.texels.looks[rows].view(np.uint8).reshape(-1, 4)
        unknown = _UNKNOWN[looks[:, 3] & 7]
        colour = np.where(unknown[:, None], self._clay, looks[:, :3])
        out = np.where(looks[:, 3:] & OUT, 255, 0)
        return np.asarray(np.hstack([colour, out]), np.uint8)

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
        self._leave_out(None)
        self.texels.colour[:] = self._own
        self.texels.state(int(State.PLAIN))
        self.texels.width(self._width)
        self.texels.direction(None)
        self.texels.fill(None)
        self._written()

    def _wear(self, paint: Paint) -> None:
        """Write a paint."""
        n = len(self.layer)
        self._leave_out(paint.out if paint.out is not None and len(paint.out) == n else None)
        colour = np.ascontiguousarray(paint.colour[:n], np.uint8)
        state = np.ascontiguousarray(_padded(paint.state, n), np.uint8)
        self.texels.dress(colour, state, colour if paint.by and len(colour) == n else self._own)
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


def blending(drawn: Drawn) -> tuple[int, float, int]:
    """Return the order of blended layers: what lies on the ground from below, then glass."""
    usual = {"road": 0, "pipe": 1, "line": 1}.get(drawn.layer.kind, 2)
    return int(drawn.layer.kind == "storage"), drawn.rank, usual
