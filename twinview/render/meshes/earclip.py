"""Polygons with holes into triangles, many in one pass.

Holes are joined to the outline by bridges (D. Eberly, "Triangulation by Ear Clipping", Geometric
Tools, 2002), then ears are cut off until a triangle is left. Made for the rings of buildings: short
ones, of which there are millions. What a ring's faults let go wrong shows in the areas, which the
caller compares.
"""

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LONGEST = 400
"""Corners of a polygon from which on a search tree pays; the batch takes the shorter ones."""


def rooms(starts: Whole, first: Whole, parts: Whole) -> Whole:
    """Return offsets of each polygon's triangles: corners plus two for each hole, less two."""
    corners = starts[first[parts + 1]] - starts[first[parts]]
    most = np.maximum(corners + 2 * (first[parts + 1] - first[parts] - 1) - 2, 0)
    return np.concatenate([[0], np.cumsum(most)]).astype(np.int64)


def _plain(
    points: Numbers, starts: Whole, first: Whole, parts: Whole, room: Whole, triangles: Whole
) -> None:
    """Triangulate one polygon after the other; see `triangulate`."""
    for k, part in enumerate(parts):
        a, b = first[part], first[part + 1]
        begin = starts[a]
        ends = (starts[a + 1 : b + 1] - begin).astype(np.uint32)
        ends = ends[np.diff(ends, prepend=np.uint32(0)) > 0]
        flat = points[begin : starts[b]]
        found = mapbox_earcut.triangulate_float64(np.ascontiguousarray(flat - flat[0]), ends)
        own = found.astype(np.int64).reshape(-1, 3)[: room[k + 1] - room[k]]
        triangles[room[k] : room[k] + len(own)] = own + begin


def _cross(points: Numbers, a: int, b: int, c: int) -> float:
    """Return twice the area of a triangle, positive counter-clockwise."""
    ax, ay = points[a, 0], points[a, 1]
    left = (points[b, 0] - ax) * (points[c, 1] - ay)
    return float(left - (points[b, 1] - ay) * (points[c, 0] - ax))


def _within(points: Numbers, a: int, b: int, c: int, p: int) -> bool:
    """Tell whether a point lies in a counter-clockwise triangle or on its border."""
    return (
        _cross(points, a, b, p) >= 0.0
        and _cross(points, b, c, p) >= 0.0
        and _cross(points, c, a, p) >= 0.0
    )


def _same(points: Numbers, a: int, b: int) -> bool:
    return bool(points[a, 0] == points[b, 0] and points[a, 1] == points[b, 1])


def _rightmost(points: Numbers, begin: int, end: int) -> int:
    """Return the point farthest to the right."""
    best = begin
    for k in range(begin + 1, end):
        if points[k, 0] > points[best, 0]:
            best = k
    return best


def _struck(points: Numbers, chain: Whole, count: int, eye: int) -> int:
    """Return the place in the chain of the edge first struck by a ray to the right, -1 for none.

    Of the edges that go upwards, as those of a counter-clockwise outline do where its inside is to
    their left.
    """
    x, y = points[eye, 0], points[eye, 1]
    best, nearest = -1, np.inf
    for k in range(count):
        p, q = chain[k], chain[(k + 1) % count]
        py, qy = points[p, 1], points[q, 1]
        if py <= y <= qy and py < qy:
            at = points[p, 0] + (y - py) / (qy - py) * (points[q, 0] - points[p, 0])
            if x <= at < nearest:
                best, nearest = k, at
    return best


def _visible(points: Numbers, chain: Whole, count: int, eye: int) -> int:
    """Return the place in the chain of a corner that a point to its left sees, -1 for none."""
    edge = _struck(points, chain, count, eye)
    if edge < 0:
        return -1
    p, q = chain[edge], chain[(edge + 1) % count]
    x, y = points[eye, 0], points[eye, 1]
    at = points[p, 0] + (y - points[p, 1]) / (points[q, 1] - points[p, 1]) * (
        points[q, 0] - points[p, 0]
    )
    best = edge if points[p, 0] > points[q, 0] else (edge + 1) % count
    far = chain[best]
    # A corner that reaches into the triangle of eye, struck point and end of the edge hides it.
    turn = 1.0 if points[far, 1] >= y else -1.0
    steepest = abs(points[far, 1] - y) / max(points[far, 0] - x, 1e-300)
    nearest = points[far, 0] - x
    for k in range(count):
        one = chain[k]
        dx, dy = points[one, 0] - x, (points[one, 1] - y) * turn
        if dx < 0.0 or dy < 0.0 or points[one, 0] > points[far, 0] or one == far:
            continue
        span = (points[far, 1] - y) * turn
        side = dy * (points[far, 0] - at) - span * (points[one, 0] - at)
        slope = dy / max(dx, 1e-300)
        if side < 0.0 or slope > steepest or (slope == steepest and dx >= nearest):
            continue
        before, after = chain[(k - 1) % count], chain[(k + 1) % count]
        # Where bridges meet, several places are one point: only the one that opens to the eye.
        if _cross(points, before, one, after) <= 0.0 or (
            _cross(points, before, one, eye) >= 0.0 and _cross(points, one, after, eye) >= 0.0
        ):
            best, steepest, nearest = k, slope, dx
    return best


def _next_hole(points: Numbers, starts: Whole, a: int, b: int, done: Flags) -> tuple[int, int]:
    """Return the hole farthest to the right that is not joined yet, and its corner there."""
    hole, eye = -1, -1
    for ring in range(a + 1, b):
        if done[ring - a] or starts[ring + 1] == starts[ring]:
            continue
        one = _rightmost(points, starts[ring], starts[ring + 1])
        if eye < 0 or points[one, 0] > points[eye, 0]:
            hole, eye = ring, one
    return hole, eye


def _bridged(points: Numbers, starts: Whole, a: int, b: int, chain: Whole) -> int:
    """Write outline and holes of a polygon as one ring, and return its length; 0 where it fails."""
    count = int(starts[a + 1] - starts[a])
    for k in range(count):
        chain[k] = starts[a] + k
    done = np.zeros(b - a, dtype=np.bool_)
    for _turn in range(a + 1, b):
        hole, eye = _next_hole(points, starts, a, b, done)
        if hole < 0:
            break
        done[hole - a] = True
        place = _visible(points, chain, count, eye)
        if place < 0:
            return 0
        size = int(starts[hole + 1] - starts[hole])
        for k in range(count - 1, place - 1, -1):
            chain[k + size + 2] = chain[k]
        for k in range(size + 1):
            chain[place + 1 + k] = starts[hole] + (eye - starts[hole] + k) % size
        count += size + 2
    return count


def _is_ear(points: Numbers, chain: Whole, ahead: Whole, a: int, b: int, c: int) -> bool:
    """Tell whether the corner b between a and c (places in the chain) can be cut off."""
    p, q, r = chain[a], chain[b], chain[c]
    if _cross(points, p, q, r) <= 0.0:
        return False
    before, one = c, ahead[c]
    while one != a:
        after = ahead[one]
        s = chain[one]
        if (
            not (_same(points, s, p) or _same(points, s, q) or _same(points, s, r))
            and _cross(points, chain[before], s, chain[after]) <= 0.0
            and _within(points, p, q, r, s)
        ):
            return False
        before, one = one, after
    return True


def _clip(points: Numbers, chain: Whole, count: int, ahead: Whole, back: Whole, out: Whole) -> int:
    """Cut ears off a ring and return the number of triangles; too few where it fails."""
    for k in range(count):
        ahead[k] = (k + 1) % count
        back[k] = (k - 1) % count
    left, at, made, vain = count, 0, 0, 0
    while left > 3 and vain <= left:
        a, c = back[at], ahead[at]
        flat = _cross(points, chain[a], chain[at], chain[c]) == 0.0
        if flat or _is_ear(points, chain, ahead, a, at, c):
            if not flat:
                out[made, 0], out[made, 1], out[made, 2] = chain[a], chain[at], chain[c]
                made += 1
            ahead[a], back[c] = c, a
            left -= 1
            vain = 0
            at = ahead[c]
        else:
            vain += 1
            at = c
    if left == 3:
        a, c = back[at], ahead[at]
        if _cross(points, chain[a], chain[at], chain[c]) > 0.0:
            out[made, 0], out[made, 1], out[made, 2] = chain[a], chain[at], chain[c]
            made += 1
    return made


def _loop(
    points: Numbers, starts: Whole, first: Whole, parts: Whole, room: Whole, triangles: Whole
) -> None:
    """Triangulate many polygons; see `triangulate`."""
    largest = 0
    for k in range(len(parts)):
        largest = max(largest, room[k + 1] - room[k] + 2)
    chain = np.empty(largest + 2, dtype=np.int64)
    ahead, back = np.empty_like(chain), np.empty_like(chain)
    for k in range(len(parts)):
        a, b = first[parts[k]], first[parts[k] + 1]
        count = _bridged(points, starts, a, b, chain)
        _clip(points, chain, count, ahead, back, triangles[room[k] : room[k + 1]])


HELPERS = (
    _cross,
    _within,
    _same,
    _rightmost,
    _struck,
    _visible,
    _next_hole,
    _bridged,
    _is_ear,
    _clip,
)
_batch = kernel(
    _plain,
    _loop,
    "void(float64[:, ::1], int64[::1], int64[::1], int64[::1], int64[::1], int64[:, ::1])",
    helpers=HELPERS,
)


def triangulate(points: Numbers, starts: Whole, first: Whole, parts: Whole) -> tuple[Whole, Whole]:
    """Return triangles of polygons, and the polygon of each.

    Parameters
    ----------
    points
        Shape (n, 2), metres; outlines counter-clockwise, holes clockwise, closing points left out.
    starts
        Offsets of rings in `points`.
    first
        Offsets of polygons in `starts`; the first ring of each is its outline.
    parts
        Which polygons are wanted, shape (k,).

    Returns
    -------
    tuple
        Triangles, shape (m, 3), and places in `parts`, shape (m,). Polygons whose rings cross may
        have too few of them; triangles without area are left out.
    """
    room = rooms(starts, first, parts)
    made = np.zeros((int(room[-1]), 3), dtype=np.int64)
    _batch(points, starts, first, parts, room, made)
    owner = np.repeat(np.arange(len(parts)), np.diff(room))
    there = (made[:, 0] != made[:, 1]) | (made[:, 1] != made[:, 2])
    return made[there], owner[there]
