"""Machine code for pixels: what `recolour` does to arrays, done one pixel after the other.

The loops stand here apart because machine code that is kept in the cache is made anew when its own
file changes; numbers they share with `recolour` come as arguments.
"""

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel, prange

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint32]
Real = np.float32
Spots = npt.NDArray[np.int32]
Ways = npt.NDArray[np.uint16]

Covered = tuple[Spots, Ways, Ways]
Arrays = tuple[Floats, Floats, Floats]

PATTERNED = 0b11011110
"""States that have a pattern, one bit each."""
_CLAY = 0b10001110
"""States whose pattern lies on clay and not on a colour."""
_ON_ALL, _MADE = np.float32(0.62), np.float32(0.6)
_PIECE = 1 << 14
"""Elements of a layer that one core takes at a time."""
_BYTE, _SHADE, _STRENGTH = np.float32(1 / 255), np.float32(1 / 204), np.float32(1 / 500)


def _shaded(colour: Real, lost: Real) -> Real:
    return colour * (np.float32(1) - lost) * (np.float32(1) - lost * (np.float32(1) - colour))


def _lit(colour: Real, dim: Real, kind: int, mark: Real, edge: Real) -> Real:
    """Return one channel in its light: 0 to 1."""
    if kind == 1 or kind == 2:  # noqa: PLR1714 - flat; a set is not compiled to two comparisons
        return (colour + (np.float32(1) - colour) * mark) * dim
    lost = _ON_ALL * (np.float32(1) - dim)
    if kind == 0:
        return _shaded(colour + (np.float32(1) - colour) * mark, lost)
    own = _shaded(colour, lost)
    strength = np.float32(kind - 3) * _STRENGTH
    darker = own * _MADE
    return own + ((darker if darker < edge else edge) - own) * strength


def _byte(value: Real) -> np.uint32:
    return np.uint32(
        max(np.float32(0), min(np.float32(255), value * np.float32(255) + np.float32(0.5)))
    )


def _worked(
    look: np.uint32, way: int, row: int, column: int,
    sky: Floats, tiles: Floats, fixed: Floats, height: int,
) -> np.uint32:  # fmt: skip
    """Return the pixel of any element: pattern, marks, shade, edge and haze."""
    code = int(look >> np.uint32(24))
    state = code & 7
    dim = np.float32(way & 255) * _SHADE
    mist = np.float32((way >> 8) & 255) * _BYTE
    kind = (way >> 16) & 255
    mark = np.float32(0)
    if code & 8:
        mark += np.float32(0.22)
    if code & 16:
        mark += np.float32(0.16)
    side = tiles.shape[0]
    x, y = column % side + state * side, (height - 1 - row) % side
    made = np.uint32(255 << 24)
    for channel in range(3):
        colour = np.float32((look >> np.uint32(8 * channel)) & np.uint32(255)) * _BYTE
        if kind < 3 and (PATTERNED >> state) & 1:
            below = fixed[0, channel] if (_CLAY >> state) & 1 else colour
            colour = below + (tiles[y, x, channel] - below) * tiles[y, x, 3]
        lit = _lit(colour, dim, kind, mark, fixed[1, channel])
        value = _byte(lit + (sky[row, channel] - lit) * mist)
        made |= value << np.uint32(16 - 8 * channel)
    return np.uint32(made)


def _light(out: Pixels, ways: Ways, sky: Floats) -> bool:
    """Turn looks that lie in a piece of a row into pixels as if all were plain bodies.

    Returns whether any is not. Free of branches and look-ups, so that eight are done at a time.
    """
    special = np.int32(0)
    top, half, one = np.float32(255), np.float32(0.5), np.float32(1)
    red, green, blue = sky[0] * top, sky[1] * top, sky[2] * top
    for k in range(len(out)):
        look, way = np.int32(out[k]), np.int32(ways[k])
        code = (look >> 24) & 255
        special |= (code >> 3) | ((PATTERNED >> (code & 7)) & 1)
        lost = _ON_ALL * (one - np.float32(way & 255) * _SHADE)
        mist = np.float32((way >> 8) & 255) * _BYTE
        flat, bent = (one - lost) * (one - lost), lost * (one - lost) * _BYTE
        r = np.float32(look & 255)
        g = np.float32((look >> 8) & 255)
        b = np.float32((look >> 16) & 255)
        r, g, b = r * (flat + bent * r), g * (flat + bent * g), b * (flat + bent * b)
        r, g, b = r + (red - r) * mist, g + (green - g) * mist, b + (blue - b) * mist
        r, g, b = r if r < top else top, g if g < top else top, b if b < top else top
        r, g, b = r + half, g + half, b + half
        out[k] = np.uint32(np.int32(-16777216) | np.int32(r) << 16 | np.int32(g) << 8 | np.int32(b))
    return bool(special)


def _loop(
    rows: Spots, covered: Covered, others: Spots, looks: Pixels, air: Arrays, out: Pixels
) -> None:
    elements, ways, columns = covered
    sky, tiles, fixed = air
    height = sky.shape[0]
    width = len(out) // height
    for s in prange(len(rows)):
        row, first, last = rows[s]
        own, way, column = elements[first:last], ways[first:last], columns[first:last]
        made, line = np.empty(last - first, np.uint32), out[row * width : (row + 1) * width]
        for k in range(len(own)):
            made[k] = looks[own[k]]
        if _light(made, way, sky[row]):
            for k in range(len(own)):
                look = looks[own[k]]
                code = int(look >> np.uint32(24))
                if code > 7 or (PATTERNED >> code) & 1:
                    told = int(way[k])
                    made[k] = _worked(look, told, row, column[k], sky, tiles, fixed, height)
        for k in range(len(made)):
            line[column[k]] = made[k]
    for s in prange(len(others)):
        row, x = others[s, 0] >> 16, others[s, 0] & 0xFFFF
        look = looks[others[s, 1]]
        done = _worked(look, others[s, 2], row, x, sky, tiles, fixed, height)
        out[row * width + x] = done


HELPERS = (_shaded, _lit, _byte, _worked, _light)
SIGNATURE = (
    "void(Array(int32, 2, 'C', readonly=True), Tuple((Array(int32, 1, 'C', readonly=True),"
    " Array(uint16, 1, 'C', readonly=True), Array(uint16, 1, 'C', readonly=True))),"
    " Array(int32, 2, 'C', readonly=True), Array(uint32, 1, 'A', readonly=True),"
    " Tuple((Array(float32, 2, 'C', readonly=True), Array(float32, 3, 'C', readonly=True),"
    " Array(float32, 2, 'C', readonly=True))), uint32[::1])"
)


recolour = kernel(None, _loop, SIGNATURE, helpers=HELPERS, parallel=True)
"""Write the pixels of a layer; without machine code `recolour.Recolour` has a way of its own.

Takes rows with covered pixels (row, first entry, last entry), of each covered pixel the element,
the shade with the haze in the upper byte, and the column; the pixels that are no bodies (place,
element, both with the kind above); the looks of the elements; what the air is made of; the picture.
"""


def rows(at: npt.NDArray[np.integer], width: int) -> Spots:
    """Return in which rows pixels lie that are counted row by row, and which of them."""
    row = at // width
    first = np.flatnonzero(np.diff(row, prepend=-1))
    return np.stack([row[first], first, np.append(first, len(at))[1:]], axis=1).astype(np.int32)


# ---------------------------------------------------------------------------------------- texels
def _dress(colour: Bytes, state: Bytes, own: Bytes, texels: Bytes) -> None:
    n = len(colour)
    plain = state[:n] == 5
    texels[:n, :3] = np.where(plain[:, None], own[:n], colour) if plain.any() else colour
    texels[:, 3] &= 0xF8
    texels[:, 3] |= state & 7


def _dressed(colour: Bytes, state: Bytes, own: Bytes, texels: Pixels) -> None:
    """Dress a piece, taken as whole texels: three bytes of each colour one after the other."""
    marks, low = np.uint32(0xF8000000), np.uint32(7)
    plain = False
    for k in range(len(state)):
        plain |= state[k] == 5
    for k in range(len(texels)):
        code = np.uint32(state[k])
        from_ = own if plain and code == 5 else colour
        red, green, blue = from_[3 * k], from_[3 * k + 1], from_[3 * k + 2]
        made = np.uint32(red) | np.uint32(green) << np.uint32(8) | np.uint32(blue) << np.uint32(16)
        texels[k] = (texels[k] & marks) | (code & low) << np.uint32(24) | made


def _dress_loop(colour: Bytes, state: Bytes, own: Bytes, texels: Bytes) -> None:
    n = len(colour)
    colours, owns = colour.reshape(-1), own.reshape(-1)
    whole = texels.reshape(-1).view(np.uint32)
    for piece in prange((n + _PIECE - 1) // _PIECE):
        a, b = piece * _PIECE, min(n, (piece + 1) * _PIECE)
        _dressed(colours[3 * a : 3 * b], state[a:b], owns[3 * a : 3 * b], whole[a:b])
    for k in range(n, len(texels)):
        texels[k, 3] = (texels[k, 3] & 0xF8) | (state[k] & 7)


dress = kernel(
    _dress, _dress_loop,
    "void(Array(uint8, 2, 'C', readonly=True), Array(uint8, 1, 'C', readonly=True),"
    " Array(uint8, 2, 'C', readonly=True), uint8[:, ::1])", helpers=(_dressed,), parallel=True,
)  # fmt: skip
"""Write the colours and states of a layer's elements; those that are plain keep their own colour.

Colours may be fewer than the others; marks, in the upper bits of the fourth byte, stay.
"""


# ------------------------------------------------------------------------------------------ layers
def _lay(layer: Pixels, seen: Flags, out: Pixels) -> None:
    own = layer[::-1].ravel()
    at = np.flatnonzero(own)
    at = at[seen[at]]
    over = own[at].view(np.uint8).reshape(-1, 4)
    below = out[at].view(np.uint8).reshape(-1, 4)
    made = below[:, :3] * (255 - over[:, 3:].astype(np.uint16))
    made += 127
    made //= 255
    made += over[:, 2::-1]
    below[:, :3] = np.minimum(made, 255)
    out[at] = below.view(np.uint32).ravel()


def _lay_loop(layer: Pixels, seen: Flags, out: Pixels) -> None:
    height, width = layer.shape
    for row in prange(height):
        line, first = layer[height - 1 - row], row * width
        for x in range(width):
            over = line[x]
            if over == 0 or not seen[first + x]:
                continue
            below, through = out[first + x], np.uint32(255) - (over >> np.uint32(24))
            made = below & np.uint32(0xFF000000)
            for channel in range(3):
                own = (over >> np.uint32(8 * channel)) & np.uint32(255)
                place = np.uint32(16 - 8 * channel)
                rest = ((below >> place) & np.uint32(255)) * through
                value = (rest + np.uint32(127)) // np.uint32(255) + own
                made |= min(value, np.uint32(255)) << place
            out[first + x] = made


lay = kernel(
    _lay, _lay_loop,
    "void(Array(uint32, 2, 'C', readonly=True), Array(bool, 1, 'C', readonly=True), uint32[::1])",
    parallel=True,
)  # fmt: skip
"""Put a layer over a picture where it is seen.

The layer has its lowest row first, red lowest; its colours are weakened already by how little they
cover. The picture has its first row on top, blue lowest.
"""


# -------------------------------------------------------------------------------------- averaging
def _halve(fine: Bytes, out: Bytes) -> None:
    total = np.full(out.shape, 2, np.uint16)
    for row in range(2):
        for column in range(2):
            total += fine[row::2, column::2]
    out[:] = total >> 2


def _halve_loop(fine: Bytes, out: Bytes) -> None:
    """Take the first and third byte of each pixel together, then the second and fourth."""
    own, other = np.uint32(0x00FF00FF), np.uint32(0x00020002)
    for y in prange(out.shape[0]):
        upper = fine[2 * y].reshape(-1).view(np.uint32)
        lower = fine[2 * y + 1].reshape(-1).view(np.uint32)
        line = out[y].reshape(-1).view(np.uint32)
        for x in range(len(line)):
            a, b, c, d = upper[2 * x], upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]
            even = (a & own) + (b & own) + (c & own) + (d & own) + other
            odd = ((a >> 8) & own) + ((b >> 8) & own) + ((c >> 8) & own) + ((d >> 8) & own) + other
            line[x] = ((even >> 2) & own) | (((odd >> 2) & own) << 8)


halve = kernel(
    _halve, _halve_loop, "void(Array(uint8, 3, 'C', readonly=True), uint8[:, :, ::1])",
    parallel=True,
)  # fmt: skip
"""Make each pixel the mean of four of a picture twice as large; shapes (height, width, 4)."""
