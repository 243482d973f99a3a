"""Colours of pixels without drawing: what the shaders do to a colour, on arrays.

Each pixel keeps which element is seen there and what its colour goes through on the way to the
picture: shade, haze, and whether it is a body, a flat thing or an edge. Machine code goes over all
pixels of a layer; until there is some, pixels that share all this share their colour, so that only
few colours are worked out for each step of time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.render import patterns, pixels, style
from twinview.scene.theme import LOOKS, rgb
from twinview.scene.view import Theme

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.intp]

BODY, FLAT, FLAT_ABOVE, EDGE = 0, 1, 2, 3
"""Kinds of pixels: bodies, flat things below and above lines, edges (their strength follows)."""
_STATE, _SELECTED, _HOVERED = 7, 8, 16
_LOST = np.float32(0.62)
_PATTERNED = np.array([False, True, True, True, True, False, True, True])
_OVER_CLAY = np.array([False, True, True, True, False, False, False, True])


class Air:
    """What all pixels of a picture share: theme, patterns, and the sky that far things fade into.

    Parameters
    ----------
    theme
        Light or dark.
    pixel
        Device pixels for one pixel as people see it.
    size
        Width and height of the picture, device pixels.
    origin
        Lowest row of the picture as the graphics card counts.
    """

    def __init__(self, theme: Theme, pixel: float, size: tuple[int, int], origin: int) -> None:
        look = LOOKS[theme]
        self.size = size
        self._tile = patterns.picture(theme, pixel).astype(np.float32) / np.float32(255)
        self._side = patterns.size(pixel)
        self._clay = np.array(rgb(look.clay), dtype=np.float32) / 255
        self.edge = np.array(style.unit(look.edge), dtype=np.float32)
        share = np.clip((np.arange(size[1])[::-1] + 0.5 - origin) / size[1], 0, 1)[:, None]
        low, high = (np.array(style.unit(one)) for one in (look.sky_bottom, look.sky_top))
        self._sky = (low + (high - low) * share).astype(np.float32)
        self.arrays = (self._sky, self._tile, np.stack([self._clay, self.edge]))
        """Sky by row, tiles of patterns, and clay above the colour of edges: all from 0 to 1."""

    def sky(self, at: Whole) -> Floats:
        """Return the colour of the sky at pixels, counted row by row from the top left."""
        return np.asarray(self._sky[at // self.size[0]])

    def patterned(self, colour: Floats, state: Whole, at: Whole) -> Floats:
        """Return colours with the patterns of their states on them."""
        across = (at % self.size[0]) % self._side
        up = (self.size[1] - 1 - at // self.size[0]) % self._side
        over = self._tile[up, state * self._side + across]
        below = np.where(_OVER_CLAY[state][:, None], self._clay, colour)
        return np.asarray(below + (over[:, :3] - below) * over[:, 3:])

    def lit(self, colour: Floats, code: Bytes, dim: Floats, kind: Bytes) -> Floats:
        """Return colours in their light: marks, shade, edges; shape (n, 3), 0 to 1."""
        edges, flat = kind >= EDGE, (kind == FLAT) | (kind == FLAT_ABOVE)
        mark = np.where(code & _SELECTED, 0.22, 0.0) + np.where(code & _HOVERED, 0.16, 0.0)
        mark[edges] = 0.0
        if mark.any():
            colour = colour + (1 - colour) * mark[:, None].astype(np.float32)
        lost = (_LOST * (1 - dim))[:, None]
        made = colour * (1 - lost) * (1 - lost * (1 - colour))
        if flat.any():
            made[flat] = colour[flat] * dim[flat, None]
        if edges.any():
            own = made[edges]
            strength = ((kind[edges] - np.float32(EDGE)) / np.float32(500))[:, None]
            made[edges] = own + (np.minimum(self.edge, own * np.float32(0.6)) - own) * strength
        return np.asarray(made)

    def hazed(self, colour: Floats, mist: Floats, at: Whole) -> Floats:
        """Return colours as the air between lets them through."""
        return np.asarray(colour + (self.sky(at) - colour) * mist[:, None])


def packed(colour: Floats) -> npt.NDArray[np.uint32]:
    """Return colours from 0 to 1 as the four bytes of a pixel: blue, green, red, opaque."""
    made = np.full((len(colour), 4), 255, dtype=np.uint8)
    made[:, 2::-1] = np.clip(colour * np.float32(255) + np.float32(0.5), 0, 255)
    return made.view(np.uint32).ravel()


def unpacked(pixels: npt.NDArray[np.uint32]) -> Floats:
    """Return pixels as red, green and blue from 0 to 1, shape (n, 3)."""
    own = np.ascontiguousarray(pixels).view(np.uint8).reshape(-1, 4)
    return own[:, 2::-1].astype(np.float32) / np.float32(255)


def units(values: Bytes) -> Floats:
    """Return bytes as numbers from 0 to 1."""
    return values.astype(np.float32) / np.float32(255)


def shades(values: Bytes) -> Floats:
    """Return captured shades: what faces the light is up to a quarter brighter than 1."""
    return values.astype(np.float32) / np.float32(204)


@dataclass(frozen=True, eq=False)
class Seen:
    """Pixels, the element seen at each, and what its colour goes through.

    Parameters
    ----------
    at
        Number of the pixel, row by row from the top left.
    element
        Row in the table of all texels.
    dim, mist, kind
        Shade, haze and kind, as bytes.
    """

    at: Whole
    element: npt.NDArray[np.int32]
    dim: Bytes
    mist: Bytes
    kind: Bytes

    def where(self, wanted: npt.NDArray[np.bool_]) -> "Seen":
        """Return some of the pixels."""
        return Seen(
            self.at[wanted], self.element[wanted], self.dim[wanted], self.mist[wanted],
            self.kind[wanted],
        )  # fmt: skip


def joined(some: Sequence[Seen]) -> Seen:
    """Return the pixels of several as those of one."""
    return Seen(
        np.concatenate([one.at for one in some]),
        np.concatenate([one.element for one in some]),
        np.concatenate([one.dim for one in some]),
        np.concatenate([one.mist for one in some]),
        np.concatenate([one.kind for one in some]),
    )


class Recolour:
    """Writes the pixels of one layer.

    Parameters
    ----------
    seen
        The pixels, by their number.
    air
        What they share.
    """

    def __init__(self, seen: Seen, air: Air) -> None:
        self._seen, self._air = seen, air
        width = air.size[0]
        self._rows = pixels.rows(seen.at, width)
        ways = seen.dim.astype(np.uint16) | seen.mist.astype(np.uint16) << np.uint16(8)
        self._covered = (seen.element, ways, (seen.at % width).astype(np.uint16))
        other = np.flatnonzero(seen.kind != BODY)
        at = seen.at[other]
        way = ways[other].astype(np.int32) | seen.kind[other].astype(np.int32) << 16
        place = at // width << 16 | at % width
        self._others = np.stack([place, seen.element[other], way], axis=1).astype(np.int32)
        self._shared: _Shared | None = None

    def write(self, texels: npt.NDArray[np.uint32], target: npt.NDArray[np.uint32]) -> None:
        """Bring a picture to the texels of the layer's elements; shapes (elements,), (pixels,)."""
        if not len(self._seen.at):
            return
        if not pixels.recolour.ready:
            self._shared = self._shared or _Shared(self._seen, self._air)
            self._shared.write(texels, target)
            return
        self._shared = None
        pixels.recolour(self._rows, self._covered, self._others, texels, self._air.arrays, target)


class _Shared:
    """The way without machine code: colours that pixels share are worked out once, if changed."""

    def __init__(self, seen: Seen, air: Air) -> None:
        self._seen, self._air = seen, air
        key = seen.element.astype(np.int64) << 16 | seen.dim.astype(np.int64) << 8 | seen.kind
        shared, self._look = np.unique(key, return_inverse=True)
        self._element = (shared >> 16).astype(np.intp)
        self._dim = shades((shared >> 8 & 255).astype(np.uint8))
        self._kind = (shared & 255).astype(np.uint8)
        self._table = np.zeros(len(shared), dtype=np.uint32)
        self._hazy = np.flatnonzero(seen.mist)
        self._body = seen.kind < EDGE
        self._last: npt.NDArray[np.uint32] | None = None

    def write(self, texels: npt.NDArray[np.uint32], target: npt.NDArray[np.uint32]) -> None:
        """Write the pixels of elements whose texels have changed."""
        changed = np.ones(len(texels), np.bool_) if self._last is None else texels != self._last
        self._last = texels.copy()
        looks = changed[self._element]
        if not looks.any():
            return
        own = texels[self._element[looks]].view(np.uint8).reshape(-1, 4)
        self._table[looks] = packed(
            self._air.lit(units(own[:, :3]), own[:, 3], self._dim[looks], self._kind[looks])
        )
        if looks.mean() > 0.5:  # noqa: PLR2004 - then choosing costs more than it saves
            target[self._seen.at] = self._table[self._look]
            hazy = self._hazy
        else:
            some = np.flatnonzero(looks[self._look])
            target[self._seen.at[some]] = self._table[self._look[some]]
            hazy = self._hazy[looks[self._look[self._hazy]]]
        self._haze(hazy, target)
        self._pattern(texels, changed, target)

    def _haze(self, hazy: Whole, target: npt.NDArray[np.uint32]) -> None:
        if len(hazy):
            at = self._seen.at[hazy]
            clear = unpacked(self._table[self._look[hazy]])
            target[at] = packed(self._air.hazed(clear, units(self._seen.mist[hazy]), at))

    def _pattern(
        self,
        texels: npt.NDArray[np.uint32],
        changed: npt.NDArray[np.bool_],
        target: npt.NDArray[np.uint32],
    ) -> None:
        state = texels.view(np.uint8).reshape(-1, 4)[:, 3] & _STATE
        wanted = _PATTERNED[state] & changed
        if not wanted.any():
            return
        some = self._seen.where(wanted[self._seen.element] & self._body)
        target[some.at] = packed(coloured(some, texels, self._air, shades(some.dim)))


def coloured(seen: Seen, texels: npt.NDArray[np.uint32], air: Air, dim: Floats) -> Floats:
    """Return the colours of pixels, worked out one by one."""
    own = texels[seen.element].view(np.uint8).reshape(-1, 4)
    colour = air.patterned(units(own[:, :3]), (own[:, 3] & _STATE).astype(np.intp), seen.at)
    return air.hazed(air.lit(colour, own[:, 3], dim, seen.kind), units(seen.mist), seen.at)
