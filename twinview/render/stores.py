"""Stores while the camera stands still: at which levels a pixel shows wall, surface or neither.

A line of sight enters a filling through its wall at one height and leaves it at another. Filled
higher than the first, the wall is seen; between the two, the surface; below both, what is behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.render.recolour import BODY, Air, Seen, coloured, joined, packed, shades, units

Pixels = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Strip:
    """Fillings and glass at some pixels of one picture.

    Parameters
    ----------
    seen
        Where walls may be seen, of which place among the stores, with shade and haze.
    top
        Whether that wall is the surface itself.
    wall, far
        Heights at which the line of sight enters and leaves, shares of the whole.
    glass
        Pixels with glass.
    adds, through
        What the glass adds to a colour, and how much of 255 it lets through, shape (n, 3).
    """

    seen: Seen
    top: npt.NDArray[np.bool_]
    wall: npt.NDArray[np.float32]
    far: npt.NDArray[np.float32]
    glass: npt.NDArray[np.intp]
    adds: npt.NDArray[np.uint16]
    through: npt.NDArray[np.uint16]


def strip(
    first: int, ids: npt.NDArray[np.int32], ways: Bytes, backs: Bytes, black: Bytes, white: Bytes,
    stores: npt.NDArray[np.int32],
) -> Strip:  # fmt: skip
    """Return what some pixels in a row show of fillings and glass.

    Parameters
    ----------
    first
        Number of the first of these pixels.
    ids
        Number of the element at each pixel with all stores full, from 1; 0 where there is none.
    ways
        Shade, haze and height of the wall at each pixel, shape (n, 4), as the following.
    backs
        Height of the far wall, 0, and 255 where one is seen.
    black, white
        The glass over black and over white.
    stores
        Place of each number among the stores, -1 for all else.
    """
    place = stores[np.where(ids < len(stores), ids, 0)]
    at = np.flatnonzero(place >= 0)
    way, back = ways[at], backs[at]
    body = np.full(len(at), BODY, np.uint8)
    clear = black[:, 2::-1].astype(np.int16)
    through = white[:, 2::-1] - clear
    glass = np.flatnonzero((through != 255).any(axis=1) | clear.any(axis=1))
    return Strip(
        seen=Seen(first + at, place[at], way[:, 0].copy(), way[:, 1].copy(), body),
        top=way[:, 2] == 255,
        wall=units(way[:, 2]),
        # A line of sight that meets no far wall leaves through the bottom.
        far=np.where(back[:, 2] == 255, units(back[:, 0]), np.float32(0)),
        glass=first + glass,
        adds=clear[glass].astype(np.uint16),
        through=np.clip(through[glass], 0, 255).astype(np.uint16),
    )


class Stores:
    """The fillings and the glass of one picture.

    Parameters
    ----------
    strips
        All of it, in order.
    air
        What all pixels share.
    """

    def __init__(self, strips: Sequence[Strip], air: Air) -> None:
        self._air = air
        self._seen = joined([one.seen for one in strips])
        self._top = np.concatenate([one.top for one in strips])
        self._wall = np.concatenate([one.wall for one in strips])
        self._far = np.concatenate([one.far for one in strips])
        self._glass = np.concatenate([one.glass for one in strips])
        self._adds = np.concatenate([one.adds for one in strips])
        self._through = np.concatenate([one.through for one in strips])

    def at(self, pixel: int) -> bool:
        """Whether glass or a filling may be seen at a pixel."""
        return any(_among(pixel, some) for some in (self._glass, self._seen.at))

    def write(self, texels: Pixels, fills: Bytes, out: Pixels) -> None:
        """Put stores, whose texels and fills come in order, over a picture of all else."""
        self._fill(texels, fills, out)
        below = out[self._glass].view(np.uint8).reshape(-1, 4)
        made = below[:, :3] * self._through
        made += 127
        made //= 255
        made += self._adds
        below[:, :3] = np.minimum(made, 255)
        out[self._glass] = below.view(np.uint32).ravel()

    def _fill(self, texels: Pixels, fills: Bytes, out: Pixels) -> None:
        level = np.minimum(fills.astype(np.float32) / 254, 1)[self._seen.element]
        wall = ~self._top & (level >= self._wall)
        shown = wall | (level >= self._far)
        some = self._seen.where(shown)
        if not len(some.at):
            return
        reach = self._wall[shown] / np.maximum(level[shown], np.float32(1e-3))
        dim = np.where(wall[shown], shades(some.dim) * (0.8 + 0.2 * reach), 1.0)
        out[some.at] = packed(coloured(some, texels, self._air, dim.astype(np.float32)))


def _among(pixel: int, some: npt.NDArray[np.intp]) -> bool:
    """Return whether a number is among others in ascending order."""
    k = int(np.searchsorted(some, pixel))
    return k < len(some) and int(some[k]) == pixel
