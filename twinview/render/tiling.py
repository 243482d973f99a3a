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
from twinview.render.making import Part
from twinview.render.meshes import boxes
from twinview.render.meshes.mesh import Mesh, checked
from twinview.render.texels import Texels
from twinview.render.upload import Vertices, actor
from twinview.scene.view import Camera

Rows = npt.NDArray[np.integer]
Colours = Callable[[Rows], npt.NDArray[np.uint8]]
"""Returns colours of some elements and 255 for those left out, shape (rows, 4)."""
_PINNED = 8
"""So many tiles at most are drawn in full for an element that is selected or pointed at."""
_HALF = 127
"""A block is left out with more than half of its members."""
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
    """A part, what draws it in full, and the levels made so far."""

    part: Part
    full: vtkActor | None
    edges: vtkActor | None
    coarse: dict[int, _Coarse]

    @property
    def filled(self) -> bool:
        return self.full is not None or self.edges is not None

    def actors(self) -> Iterator[vtkActor]:
        yield from (one for one in (self.full, self.edges) if one is not None)
        yield from (one.shown for one in self.coarse.values())


class Tiles:
    """The parts of a layer's bodies.

    Parameters
    ----------
    role, rank
        What the parts are.
    textures
        By the name the shaders know them by.
    """

    def __init__(self, role: str, rank: int, textures: Mapping[str, vtkTexture]) -> None:
        self.role, self._rank = role, rank
        self._textures = textures
        self.added: Callable[[vtkActor], None] = lambda _: None
        """Told of each new actor."""
        self.removed: Callable[[vtkActor], None] = lambda _: None
        """Told of each actor that goes."""
        self.sparing = False
        """Whether what draws a part in full is there only while it is seen from near."""
        self._tiles: list[_Tile] = []
        self._likes: dict[str, vtkActor] = {}
        self._bound()
        self.level = np.zeros(0, dtype=np.int64)
        """Level of each tile in the last picture that it was part of."""
        self._looked: Sight | None = None
        """The sight for which all tiles are drawn in full, or not at all; None for another."""

    def add(self, part: Part) -> None:
        """Take in one more part."""
        checked(part.mesh)
        self._looked = None
        self._tiles.append(_Tile(part, None, None, {}))
        self.level = np.append(self.level, 0)
        self._bound()
        if not self.sparing:
            self._fill(self._tiles[-1])

    def _fill(self, tile: _Tile) -> None:
        """Make what draws a part in full."""
        self._looked = None
        mesh = tile.part.mesh
        vertices = Vertices(mesh, held=True)
        if len(mesh.triangles):
            tile.full = self._full(self.role, mesh, vertices)
        if len(mesh.edges):
            tile.edges = self._full("edge", mesh, vertices)
        for one in (tile.full, tile.edges):
            if one is not None:
                self.added(one)

    def _empty(self, tile: _Tile) -> None:
        """Let what draws a part in full go."""
        self._looked = None
        for one in (tile.full, tile.edges):
            # The first one of a role holds the shaders of all.
            if one is not None and one not in self._likes.values():
                self.removed(one)
        if tile.full not in self._likes.values():
            tile.full = tile.edges = None

    def _full(self, role: str, mesh: Mesh, vertices: Vertices) -> vtkActor:
        rank = self._rank if role == self.role else 0
        made = actor(mesh, role, self._textures, rank, self._likes.get(role), vertices)
        self._likes.setdefault(role, made)
        made.SetVisibility(False)
        return made

    def _bound(self) -> None:
        """Reckon the bounds of all tiles."""
        known = [one.part for one in self._tiles]
        self._low = np.array([one.low for one in known], np.float64).reshape(-1, 3)
        self._high = np.array([one.high for one in known], np.float64).reshape(-1, 3)
        self._metres = np.array([one.metres for one in known], np.float64)

    def actors(self) -> list[tuple[str, vtkActor]]:
        """Return all actors with the roles they have, bodies first."""
        bodies = [(self.role, one.full) for one in self._tiles if one.full is not None]
        lines = [("edge", one.edges) for one in self._tiles if one.edges is not None]
        later = [("coarse", one.shown) for tile in self._tiles for one in tile.coarse.values()]
        return [*bodies, *lines, *later]

    # ------------------------------------------------------------------------------------- looking
    def hide(self) -> None:
        """Draw nothing."""
        self._looked = None
        for tile in self._tiles:
            for one in tile.actors():
                one.SetVisibility(False)

    def look(self, sight: Sight, pinned: Rows, colours: Colours, stamp: int) -> None:
        """Draw what is in the picture, each tile at its level.

        Parameters
        ----------
        sight
            How it is looked at.
        pinned
            Rows of elements that stay as they are, if they are few.
        colours, stamp
            Returns what some elements look like; another stamp says that it has changed.
        """
        if not self._tiles or sight == self._looked:
            return
        seen = levels.in_view(self._planes(sight), self._low, self._high)
        wanted = self._wanted(sight, pinned)
        self.level = np.where(seen, wanted, self.level)
        until, whole = time.perf_counter() + _MAKING, not sight.levels
        for k in np.flatnonzero(seen):
            level = self._ready(int(k), int(wanted[k]), until)
            self._show(self._tiles[k], level, self._near(int(k), sight))
            whole &= level == 0
            if level > 1:
                _colour(self._tiles[k].coarse[level], colours, stamp)
        for k in np.flatnonzero(~seen):
            self._show(self._tiles[k], -1, False)
        for tile, near in zip(self._tiles, seen & (wanted == 0), strict=True):
            if self.sparing and not near and tile.filled:
                self._empty(tile)
        # A step of time finds it as it is: there are thousands of tiles in a large city.
        self._looked = sight if whole else None

    def missing(self, sight: Sight) -> Iterator[None]:
        """Make the levels that the same look would take while moving, one at a time."""
        if not self._tiles:
            return
        moving = Sight(sight.camera, sight.aspect, sight.height, sight.reach, True)
        wanted = self._wanted(moving, np.empty(0, np.int64))
        # What has come last is the only one without any level while parts come one by one.
        for k in np.argsort([len(one.coarse) for one in self._tiles], kind="stable"):
            level = wanted[k]
            if not level and not self._tiles[k].filled:
                self._fill(self._tiles[k])
                yield
            elif level and int(level) not in self._tiles[k].coarse:
                self._make(int(k), int(level)).shown.SetVisibility(False)
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
            held = [k for k, one in enumerate(self._tiles) if np.isin(pinned, one.part.rows).any()]
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
        if level in made or (level == 0 and self._tiles[k].filled):
            return level
        if time.perf_counter() < until:
            if level:
                self._make(k, level)
            else:
                self._fill(self._tiles[k])
            return level
        return min(made, key=lambda one: abs(one - level), default=0)

    def _make(self, k: int, level: int) -> _Coarse:
        tile = self._tiles[k]
        tile.part = tile.part.boxed()
        bodies = tile.part.boxes
        assert bodies is not None
        if level == 1:
            made = _Coarse(self._actor(boxes.mesh(bodies), self._textures))
        else:
            groups = boxes.grouped(bodies, levels.members(level))
            texels = Texels(len(groups.starts))
            textures = {**self._textures, "values": texels.texture}
            made = _Coarse(self._actor(boxes.mesh(groups.boxes), textures), groups, texels)
        tile.coarse[level] = made
        return made

    def _actor(self, mesh: Mesh, textures: Mapping[str, vtkTexture]) -> vtkActor:
        made = actor(mesh, "coarse", textures, like=self._likes.get("coarse"))
        self._likes.setdefault("coarse", made)
        self.added(made)
        return made

    def close(self) -> None:
        """Let go of the texels of all blocks."""
        self._looked = None
        for tile in self._tiles:
            for one in tile.coarse.values():
                if one.texels is not None:
                    one.texels.close()
        self._tiles.clear()


def _colour(one: _Coarse, colours: Colours, stamp: int) -> None:
    """Give blocks the mean of what their members look like, if that has changed."""
    if one.groups is None or one.texels is None or one.stamp == stamp:
        return
    mean = one.groups.mean(colours(one.groups.rows))
    one.texels.colour[:] = mean[:, :3]
    one.texels.leave_out(mean[:, 3] > _HALF)
    one.texels.changed()
    one.stamp = stamp
