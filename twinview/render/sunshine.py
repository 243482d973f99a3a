"""Shadows of the sun on the ground, as a picture: what stands is marched over towards the sun.
Walls and roofs are lit from where it stands (`twinview.render.shaders`); they cast no shadows on
one another.

All are prisms on level ground, as high as the mean of eaves and ridge. A cell is in shadow where
something towards the sun stands higher than the sun's ray over that cell is there. Distances are
doubled, so that a long shadow takes eight passes over the map and not hundreds.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkTexture

from twinview.model.twin import Layer, Twin
from twinview.render import style
from twinview.render.making import casting
from twinview.render.meshes.ground import Occlusion, relit, standing
from twinview.render.pieces import footprints
from twinview.render.upload import write_picture
from twinview.scene.paint import Scene
from twinview.scene.view import Cut

Out = Mapping[str, npt.NDArray[np.bool_]]
"""Which elements are left out, by layer."""
MOST = 20_000
"""Elements of what casts shade up to which the map follows a filter."""
Heights = npt.NDArray[np.int16]
LOWEST = 2.0
"""Degrees above the horizon from which on the sun casts shadows: below they would lie on all."""
_DARK = 0.38
_CONTACT = 0.34
_CENTIMETRES = 100.0
_TALLEST = 300.0


def cast(heights: Heights, cell: float, elevation: float, azimuth: float) -> npt.NDArray[np.bool_]:
    """Return which cells are in shadow or built over.

    Parameters
    ----------
    heights
        Of what stands in each cell, centimetres above the ground; row 0 is south. Shape (r, c).
    cell
        Size of a cell, metres.
    elevation, azimuth
        Of the sun, degrees; the azimuth clockwise from north.
    """
    if elevation < LOWEST:
        return np.zeros(heights.shape, dtype=bool)
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    drop = math.tan(math.radians(elevation)) * cell * _CENTIMETRES
    highest = int(heights.max(initial=0))
    reached = heights.copy()
    step = 1
    while step * drop <= highest:
        moved = _towards(reached, round(north * step), round(east * step))
        # Below the ground nothing can cast a shadow any more.
        moved -= np.int16(min(step * drop, 32000))
        np.maximum(reached, moved, out=reached)
        step *= 2
    return np.asarray(reached > 0)


def _towards(heights: Heights, rows: int, columns: int) -> Heights:
    """Return what stands some cells further north and east, nothing beyond the border."""
    result = np.zeros_like(heights)
    r, c = heights.shape
    if abs(rows) < r and abs(columns) < c:
        result[max(-rows, 0) : r - max(rows, 0), max(-columns, 0) : c - max(columns, 0)] = heights[
            max(rows, 0) : r + min(rows, 0), max(columns, 0) : c + min(columns, 0)
        ]
    return result


class Sunshine:
    """Pictures of the ground under the sun.

    Parameters
    ----------
    twin
        What stands.
    chart
        The map that they are made for.
    """

    def __init__(self, twin: Twin, chart: Occlusion) -> None:
        self.chart, self._cell = chart, chart.cell
        high = np.minimum(standing(footprints(twin), chart), _TALLEST)
        self._heights = (high * _CENTIMETRES).astype(np.int16)
        contact = 1 - _CONTACT * np.clip(chart.near * 1.3, 0, 1)
        self._open = (contact * 255).astype(np.uint8)
        self._lit = (contact * (1 - _DARK) * 255).astype(np.uint8)
        self._rest = chart.picture()

    def picture(self, elevation: float, azimuth: float) -> npt.NDArray[np.uint8]:
        """Return light and settlement, as `Occlusion.picture` does, under the sun."""
        shadow = cast(self._heights, self._cell, elevation, azimuth)
        made = self._rest.copy()
        light = np.where(shadow, self._lit, self._open)
        # Borders half a cell wide, so that they are not seen as stairs.
        soft = light.astype(np.uint16)
        soft[:-1, :-1] += light[1:, :-1].astype(np.uint16) + light[:-1, 1:] + light[1:, 1:]
        soft[:-1, :-1] >>= 2
        made[..., 0] = soft
        return made


@dataclass(frozen=True, eq=False)
class Wish:
    """What the shade of something left out is reckoned of.

    Parameters
    ----------
    twin, chart
        The district, and the map of all that stands in it.
    out
        What is left out of it.
    sunny
        Whether shadows of the sun are to be seen.
    """

    twin: Twin
    chart: Occlusion
    out: Out
    sunny: bool

    def like(self, other: "Wish") -> bool:
        """Tell whether the same is left out of the same."""
        same = (self.twin, self.chart) == (other.twin, other.chart)
        return same and _same(self.out, other.out)


@dataclass(frozen=True, eq=False)
class Shade:
    """What is left of a district and its map when something is left out.

    Parameters
    ----------
    wish
        What it was reckoned of.
    twin, chart
        What is left.
    shine
        The shadows of the sun on it, None where nobody wished for them.
    """

    wish: Wish
    twin: Twin
    chart: Occlusion
    shine: Sunshine | None


def reckon(wish: Wish) -> Shade:
    """Return the shade of what is left: large districts take longer than a frame may.

    It touches nothing that is drawn, so that any thread may do it.
    """
    twin = without(wish.twin, wish.out)
    chart = relit(footprints(wish.twin), footprints(twin), wish.chart)
    chart.picture()  # kept
    return Shade(wish, twin, chart, Sunshine(twin, chart) if wish.sunny else None)


class Lamp:
    """Keeps the texture of the ground's light as the sun of the scene makes it."""

    def __init__(self) -> None:
        self.sun: tuple[float, float] | None = None
        """Elevation and azimuth of the sun whose shadows are seen; None for a quiet light."""
        self.chart: Occlusion | None = None
        """Map whose shade is seen."""
        self.wish: Wish | None = None
        """What is still to be reckoned for what is seen: see `reckon` and `take`."""
        self._shine: Sunshine | None = None
        self._shade: Shade | None = None
        self._seen: tuple[Twin, Occlusion | None, Twin, Occlusion | None] | None = None

    def shine(
        self,
        twin: Twin,
        chart: Occlusion | None,
        sun: tuple[float, float] | None,
        texture: vtkTexture,
        out: Out | None = None,
        at_once: bool = True,
    ) -> bool:
        """Write the light anew, if sun, map, or what is left out are others than last time.

        Tells whether they were.

        Unless `at_once`, what is not known yet becomes a `wish`, and the shade stays until then.
        """
        base = twin, chart
        twin, chart = self._standing(twin, chart, out or {}, sun is not None, at_once)
        self._seen = (*base, twin, chart)
        if (sun, chart) == (self.sun, self.chart):
            return False
        self.sun, self.chart = sun, chart
        if chart is not None:
            picture = chart.picture() if sun is None else self._shining(twin, chart).picture(*sun)
            write_picture(texture, picture)
        return True

    def _shining(self, twin: Twin, chart: Occlusion) -> Sunshine:
        """Return the shadows of what stands on a map."""
        if self._shine is None or self._shine.chart is not chart:
            known = self._shade.shine if self._shade is not None else None
            if known is None or known.chart is not chart:
                known = Sunshine(twin, chart)
            self._shine = known
        return self._shine

    def light(self) -> style.Uniforms:
        """Return where the sun stands, for the light on walls and roofs; last whether it shines."""
        if self.sun is None or self.sun[0] < LOWEST:
            return {"sun": (0.0, 0.0, 1.0, 0.0)}
        high, way = (math.radians(one) for one in self.sun)
        flat = math.cos(high)
        return {"sun": (flat * math.sin(way), flat * math.cos(way), math.sin(high), 1.0)}

    def take(self, shade: Shade) -> bool:
        """Take a shade for the next `shine`; drop it and return False if it is not wished for."""
        wanted = self.wish is not None and self.wish.like(shade.wish)
        if wanted:
            self._shade, self.wish = shade, None
        return wanted

    def _standing(
        self, twin: Twin, chart: Occlusion | None, out: Out, sunny: bool, at_once: bool
    ) -> tuple[Twin, Occlusion | None]:
        """Return district and map without what is left out, or what is to be seen meanwhile."""
        self.wish = None
        if self._shade is not None and self._shade.wish.chart is not chart:
            self._shade = None
        if chart is None or not out:
            return twin, chart
        wish = Wish(twin, chart, out, sunny)
        if self._shade is None or not self._shade.wish.like(wish):
            if not at_once:
                self.wish = wish
                same = self._seen is not None and self._seen[:2] == (twin, chart)
                return self._seen[2:] if self._seen is not None and same else (twin, chart)
            self._shade = reckon(wish)
        return self._shade.twin, self._shade.chart


def left_out(twin: Twin, scene: Scene) -> Out:
    """Return which elements cast no shade as they are not drawn, by layer.

    That are those of hidden layers, those that filters leave out, and those whose middle a cut
    leaves out. Where more than `MOST` elements would have to be looked at, the shade stays.
    """
    layers, cut = casting(twin), scene.view.cut
    shown = [one for one in layers if one.id in scene.paints]
    hidden = [one for one in layers if one.id in scene.view.hidden and one.geometry is not None]
    if sum(map(len, {*shown, *hidden})) > MOST:
        return {}
    found = {one.id: scene.paints[one.id].out for one in shown}
    if cut is not None:
        gone = {one.id: _outside(one, cut) for one in shown}
        found = {key: gone[key] if out is None else out | gone[key] for key, out in found.items()}
    found |= {one.id: np.ones(len(one), np.bool_) for one in hidden}
    return {key: out for key, out in found.items() if out is not None and out.any()}


def quick(scene: Scene) -> bool:
    """Tell whether what is left out seldom changes: its shade need not wait for a rest."""
    return scene.steady and scene.view.cut is None and not scene.view.hidden


@lru_cache(maxsize=16)
def _outside(layer: Layer, cut: Cut) -> npt.NDArray[np.bool_]:
    """Return which elements stand outside of a cut in plan."""
    assert layer.geometry is not None
    bearing = math.radians(cut.bearing)
    east, north = (layer.geometry.centres[:, :2] - cut.middle).T
    across = east * math.cos(bearing) - north * math.sin(bearing)
    along = east * math.sin(bearing) + north * math.cos(bearing)
    gone = (across < cut.across[0]) | (across > cut.across[1])
    return np.asarray(gone | (along < cut.along[0]) | (along > cut.along[1]))


def without(twin: Twin, out: Out) -> Twin:
    """Return a district whose layers lack some elements."""
    layers = {key: _taken(one, np.flatnonzero(~out[key])) if key in out else one
              for key, one in twin.layers.items()}  # fmt: skip
    return replace(twin, layers=layers)


def _taken(layer: Layer, rows: npt.NDArray[np.int64]) -> Layer:
    assert layer.geometry is not None
    shape = layer.geometry.taken(rows)
    return replace(layer, attributes=layer.attributes.take(rows), geometry=shape)


def _same(one: Out, other: Out) -> bool:
    return one.keys() == other.keys() and all(
        one[key] is other[key] or np.array_equal(one[key], other[key]) for key in one
    )
