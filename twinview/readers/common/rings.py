"""Which polygons are sound, told from their corners alone and only where it is beyond doubt."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Geometry

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST = 20
"""Corners of an element up to which all its edges are compared with each other."""
CLEAR = 1e-11
"""Share of the squared extent above which the side of a line on which a point lies is certain."""
_SLICE = 100_000


def sound(geometry: Geometry) -> Bools:
    """Return which elements are valid beyond doubt, shape (elements,).

    Edges neither cross nor touch, holes lie in their outline and not in each other, parts lie
    beside each other. False says only that a closer look is needed.

    Parameters
    ----------
    geometry
        Polygons.
    """
    counts = np.diff(geometry.points_of)
    result = np.zeros(len(geometry), dtype=bool)
    layout = _layouts(geometry, counts)
    for group in layout:
        for begin in range(0, len(group), _SLICE):
            mine = group[begin : begin + _SLICE]
            result[mine] = _group(geometry, mine)
    return result


def _layouts(geometry: Geometry, counts: Whole) -> list[Whole]:
    """Return elements of at most `MOST` corners, in groups of the same rings in the same parts."""
    rings = np.diff(geometry.parts[geometry.elements])
    parts = np.diff(geometry.elements)
    ring_counts = np.diff(geometry.rings).astype(np.int64)
    first_part = geometry.elements[:-1]
    ring_of_element = np.repeat(np.arange(len(geometry)), rings)
    opens = np.zeros(len(ring_counts), dtype=np.int64)
    opens[geometry.parts[:-1]] = 1
    position = np.arange(len(ring_counts)) - np.repeat(geometry.parts[first_part], rings)
    # A number that is the same only for the same layout: digits are corners and openings of rings.
    small = (counts <= MOST) & (rings <= 5) & (parts <= 5)
    digit = (ring_counts * 2 + opens) * (2 * MOST + 3) ** np.minimum(position, 5)
    code = np.zeros(len(geometry), dtype=np.int64)
    np.add.at(code, ring_of_element, np.where(small[ring_of_element], digit, 0))
    wanted = np.flatnonzero(small)
    order = wanted[np.argsort(code[wanted], kind="stable")]
    cuts = np.flatnonzero(np.diff(code[order])) + 1
    return [np.sort(group) for group in np.split(order, cuts)] if len(order) else []


def _group(geometry: Geometry, elements: Whole) -> Bools:
    """Return which of some elements of one layout are sound."""
    one = int(elements[0])
    rings = np.arange(
        geometry.parts[geometry.elements[one]], geometry.parts[geometry.elements[one + 1]]
    )
    begin = geometry.rings[rings] - geometry.rings[rings[0]]
    end = geometry.rings[rings + 1] - geometry.rings[rings[0]]
    part = np.searchsorted(geometry.parts, rings, side="right") - 1
    outline = np.asarray(np.isin(rings, geometry.parts))
    n = int(end[-1])
    points = geometry.coords[geometry.points_of[elements][:, None] + np.arange(n), :2]
    fine = np.asarray(np.isfinite(points).all(axis=(1, 2)))
    points = np.where(fine[:, None, None], points, 0.0)
    points = points - points[:, :1]
    clear = CLEAR * np.square(np.ptp(points, axis=1).max(axis=1))
    follow = np.arange(1, n + 1)
    follow[end - 1] = begin
    x, y = np.ascontiguousarray(points[..., 0].T), np.ascontiguousarray(points[..., 1].T)
    fine &= clear > 0
    fine &= _apart(x, y, follow, clear)
    if len(rings) > 1:
        fine &= _nested(x, y, list(zip(begin, end, part, outline, strict=True)), follow)
    return np.asarray(fine)


def _side(x: Numbers, y: Numbers, a: int, b: int, c: int) -> Numbers:
    return np.asarray((x[b] - x[a]) * (y[c] - y[a]) - (y[b] - y[a]) * (x[c] - x[a]))


def _past(z: Numbers, a: int, b: int, c: int, d: int) -> Bools:
    """Return where two edges share no value of one coordinate."""
    before = np.maximum(z[a], z[b]) < np.minimum(z[c], z[d])
    return np.asarray(before | (np.maximum(z[c], z[d]) < np.minimum(z[a], z[b])))


def _apart(x: Numbers, y: Numbers, follow: Whole, clear: Numbers) -> Bools:
    """Return where no two edges cross or touch beyond the corners that they share."""
    n = len(follow)
    fine = np.ones(x.shape[1], dtype=bool)
    for a in range(n):
        b, c = int(follow[a]), int(follow[follow[a]])
        turn = _side(x, y, a, b, c)
        forth = (x[b] - x[a]) * (x[c] - x[b]) + (y[b] - y[a]) * (y[c] - y[b])
        fine &= (np.abs(turn) > clear) | (forth > clear)
    for a, c in combinations(range(n), 2):
        b, d = int(follow[a]), int(follow[c])
        if b == c or d == a:
            continue
        beyond = _past(x, a, b, c, d) | _past(y, a, b, c, d)
        for one, two in (
            (_side(x, y, a, b, c), _side(x, y, a, b, d)),
            (_side(x, y, c, d, a), _side(x, y, c, d, b)),
        ):
            beyond |= ((one > clear) & (two > clear)) | ((one < -clear) & (two < -clear))
        fine &= beyond
    return fine


def _nested(
    x: Numbers, y: Numbers, rings: list[tuple[int, int, int, bool]], follow: Whole
) -> Bools:
    """Return where holes lie in their own outline alone, and outlines in nothing."""
    fine = np.ones(x.shape[1], dtype=bool)
    for k, (begin, _end, part, outline) in enumerate(rings):
        for other, (low, high, its_part, its_outline) in enumerate(rings):
            if other == k:
                continue
            inside = np.zeros(x.shape[1], dtype=bool)
            for p in range(low, high):
                q = int(follow[p])
                across = (y[p] > y[begin]) != (y[q] > y[begin])
                side = _side(x, y, p, q, begin)
                inside ^= across & ((side > 0) == (y[q] > y[p]))
            wanted = not outline and its_outline and part == its_part
            fine &= inside == wanted
    return fine
