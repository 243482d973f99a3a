"""The bodies of a layer in tiles: drawn only where they are in the picture, and coarser from afar.

Coarse levels are made when they are first wanted. A box has the texel of its element; a block has
one of its own, with the mean of what its members look like.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from twinview.render import levels, style
from twinview.render.meshes import boxes
from twinview.render.meshes.mesh import Mesh, tiles
from twinview.render.pieces import Piece
from twinview.render.texels import Texels
from twinview.render.upload import actor
from twinview.scene.view import Camera

Rows = npt.NDArray[np.integer]
_TILES, _FEWEST = 128, 500
"""How many tiles a layer is cut into, unless these would hold fewer elements."""
_PINNED = 8
"""So many tiles at most are drawn in full for an element that is selected or pointed at."""
_MAKING = 0.02
"""Seconds of one frame that may be spent on making levels."""


@dataclass(frozen=True)
class Sight:
    """How tiles are looked at.

    Parameters
    ----------
    camera
        The camera.
    aspect
        Width over height of the picture.
    height
        Of the picture, pixels as people see them.
    reach
        Distance up to which edges are seen, metres.
    levels
        Whether what is far may be drawn coarser.
    """

    camera: Camera
    aspect: float
    height: int
    reach: float
    levels: bool


def sight(camera: Camera, size: tuple[int, int], pixel: float, coarser: bool) -> Sight:
    """Return how tiles are looked at in a picture.

    Parameters
    ----------
    camera
        The camera.
    size
        Width and height of the picture, its own pixels.
    pixel
        Of these for one pixel as people see it.
    coarser
        Whether what is far may be drawn coarser.
    """
    reach = style.edge_reach(camera, size[1], pixel)
    return Sight(camera, size[0] / size[1], round(size[1] / pixel), reach, coarser)


@dataclass(eq=False)
class _Coarse:
    """One level of one tile; blocks have members and texels of their own."""

    shown: vtkActor
    groups: boxes.Groups | None = None
    texels: Texels | None = None
    stamp: int = -1


@dataclass(eq=False)
class _Tile:
    """A part of the mesh, what draws it in full, and the levels made so far."""

    mesh: Mesh
    full: vtkActor | None
    edges: vtkActor | None
    rows: npt.NDArray[np.int64]
    coarse: dict[int, _Coarse]
    bodies: boxes.Boxes | None = None

    def actors(self) -> Iterator[vtkActor]:
        yield from (one for one in (self.full, self.edges) if one is not None)
        yield from (one.shown for one in self.coarse.values())


class Tiles:
    """The tiles of one piece.

    Parameters
    ----------
    piece
        Bodies that stand on the ground.
    elements
        Number of elements of the layer.
    textures
        By the name the shaders know them by.
    """

    def __init__(self, piece: Piece, elements: int, textures: Mapping[str, vtkTexture]) -> None:
        self.role = piece.role
        self._textures = textures
        self.added: Callable[[vtkActor], None] = lambda _: None
        """Told of each actor that is made later."""
        self._tiles: list[_Tile] = []
        like: dict[str, vtkActor] = {}
        for part in tiles(piece.mesh, elements, max(_FEWEST, elements // _TILES)):
            full = actor(part, piece.role, textures, piece.rank, like.get(piece.role))
            like.setdefault(piece.role, full)
            edges = None
            if len(part.edges):
                edges = actor(part, "edge", textures, like=like.get("edge"))
                like.setdefault("edge", edges)
            rows = np.unique(part.element).astype(np.int64)
            self._tiles.append(_Tile(part, full if len(part.triangles) else None, edges, rows, {}))
        self._low = np.array([one.mesh.points.min(axis=0) for one in self._tiles], np.float64)
        self._high = np.array([one.mesh.points.max(axis=0) for one in self._tiles], np.float64)
        self._metres = np.array([_width(one.mesh) for one in self._tiles])
        self.level = np.zeros(len(self._tiles), dtype=np.int64)
        """Level of each tile in the last picture that it was part of."""
        self._like: vtkActor | None = None
        self._seen: npt.NDArray[np.bool_] = np.zeros(len(self._tiles), dtype=bool)

    def actors(self) -> list[tuple[str, vtkActor]]:
        """Return all actors with the roles they have, bodies first."""
        bodies = [(self.role, one.full) for one in self._tiles if one.full is not None]
        lines = [("edge", one.edges) for one in self._tiles if one.edges is not None]
        later = [("coarse", one.shown) for tile in self._tiles for one in tile.coarse.values()]
        return [*bodies, *lines, *later]

    # ------------------------------------------------------------------------------------- looking
    def hide(self) -> None:
        """Draw nothing."""
        for tile in self._tiles:
            for one in tile.actors():
                one.SetVisibility(False)

    def look(self, sight: Sight, pinned: Rows, colours: Callable[[], npt.NDArray[np.uint8]],
             stamp: int) -> None:  # fmt: skip
        """Draw what is in the picture, each tile at its level.

        Parameters
        ----------
        sight
            How it is looked at.
        pinned
            Rows of elements that stay as they are, if they are few.
        colours, stamp
            What all elements look like, shape (n, 3); another stamp says that it has changed.
        """
        self._seen = levels.in_view(self._planes(sight), self._low, self._high)
        wanted = self._wanted(sight, pinned)
        self.level = np.where(self._seen, wanted, self.level)
        until = time.perf_counter() + _MAKING
        for k in np.flatnonzero(self._seen):
            level = self._ready(int(k), int(wanted[k]), until)
            self._show(self._tiles[k], level, self._near(int(k), sight))
            if level > 1:
                _colour(self._tiles[k].coarse[level], colours, stamp)
        for k in np.flatnonzero(~self._seen):
            self._show(self._tiles[k], -1, False)

    def missing(self, sight: Sight) -> Iterator[None]:
        """Make the levels that the same look would take while moving, one at a time."""
        moving = Sight(sight.camera, sight.aspect, sight.height, sight.reach, True)
        for k, level in enumerate(self._wanted(moving, np.empty(0, np.int64))):
            if level and int(level) not in self._tiles[k].coarse:
                self._make(k, int(level)).shown.SetVisibility(False)
                yield

    @staticmethod
    def _planes(sight: Sight) -> npt.NDArray[np.float64]:
        return levels.frustum(sight.camera, sight.aspect)

    def _wanted(self, sight: Sight, pinned: Rows) -> npt.NDArray[np.int64]:
        if not sight.levels:
            return np.zeros(len(self._tiles), dtype=np.int64)
        size = levels.sizes(sight.camera, sight.height, self._low, self._high, self._metres)
        wanted = levels.choose(size, self.level)
        if len(pinned):
            held = [k for k, one in enumerate(self._tiles) if np.isin(pinned, one.rows).any()]
            if len(held) <= _PINNED:
                wanted[held] = 0
        return wanted

    def _near(self, k: int, sight: Sight) -> bool:
        """Whether the edges of a tile may be seen."""
        low, high = self._low[k], self._high[k]
        away = np.linalg.norm((low + high) / 2 - sight.camera.position)
        return bool(away - np.linalg.norm(high - low) / 2 < sight.reach)

    @staticmethod
    def _show(tile: _Tile, level: int, near: bool) -> None:
        if tile.full is not None:
            tile.full.SetVisibility(level == 0)
        if tile.edges is not None:
            tile.edges.SetVisibility(level == 0 and near)
        for key, one in tile.coarse.items():
            one.shown.SetVisibility(key == level)

    # -------------------------------------------------------------------------------------- making
    def _ready(self, k: int, level: int, until: float) -> int:
        """Return the level, or the nearest one that there is when no time is left to make it."""
        made = self._tiles[k].coarse
        if level == 0 or level in made:
            return level
        if time.perf_counter() < until:
            self._make(k, level)
            return level
        return min(made, key=lambda one: abs(one - level), default=0)

    def _make(self, k: int, level: int) -> _Coarse:
        tile = self._tiles[k]
        if tile.bodies is None:
            tile.bodies = boxes.of_bodies(tile.mesh)
        if level == 1:
            made = _Coarse(self._actor(boxes.mesh(tile.bodies), self._textures))
        else:
            groups = boxes.grouped(tile.bodies, levels.members(level))
            texels = Texels(len(groups.starts))
            textures = {**self._textures, "values": texels.texture}
            made = _Coarse(self._actor(boxes.mesh(groups.boxes), textures), groups, texels)
        tile.coarse[level] = made
        return made

    def _actor(self, mesh: Mesh, textures: Mapping[str, vtkTexture]) -> vtkActor:
        made = actor(mesh, "coarse", textures, like=self._like)
        self._like = self._like or made
        self.added(made)
        return made

    def close(self) -> None:
        """Let go of the texels of all blocks."""
        for tile in self._tiles:
            for one in tile.coarse.values():
                if one.texels is not None:
                    one.texels.close()
        self._tiles.clear()


def _width(mesh: Mesh) -> float:
    """Return the width of a tile's typical element, metres: from the ground it covers."""
    corners = mesh.points[mesh.triangles].astype(np.float64)
    one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    upward = (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
    count = max(len(np.unique(mesh.element)), 1)
    return float(np.sqrt(max(upward.clip(0).sum() / count, 1.0)))


def _colour(one: _Coarse, colours: Callable[[], npt.NDArray[np.uint8]], stamp: int) -> None:
    """Give blocks the mean of what their members look like, if that has changed."""
    if one.groups is None or one.texels is None or one.stamp == stamp:
        return
    one.texels.colour[:] = one.groups.mean(colours()[one.groups.rows])
    one.texels.changed()
    one.stamp = stamp
