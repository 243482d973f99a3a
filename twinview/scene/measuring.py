"""Distances, heights and areas: the numbers, how far off they may be, and how they are written.

Where a point was found by pointing at a surface, a pixel covers a patch of it, and the point may be
anywhere in there. The bounds are those of the worst case, not a standard deviation. How true the
data are is not in them.
"""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.twin import Layer, Twin
from twinview.scene.numbers import fixed, number
from twinview.scene.paint import Measured
from twinview.scene.view import Measure, Point

_KILOMETRE, _HECTARE, _LARGE = 1000.0, 10_000.0, 1e6
_LEVEL = 0.05
"""Metres between the highest and the lowest corner of a polygon that counts as level."""


def all_measured(twin: Twin, measures: Iterable[Measure]) -> tuple[Measured, ...]:
    """Return what is measured; what is gone or has too few points is left out."""
    found = (measured(twin, one) for one in measures)
    return tuple(one for one in found if one is not None)


def measured(twin: Twin, measure: Measure) -> Measured | None:
    """Return the numbers of a measure; None where there is nothing to measure."""
    if measure.kind == "height":
        return _height(twin, measure)
    if len(measure.points) < 2:
        return None
    if measure.kind == "area" and len(measure.points) >= 3:
        return _area(measure)
    return _distance(measure)


def _slack(measure: Measure) -> npt.NDArray[np.float64]:
    """Return how far off each point may be, metres."""
    slack = np.zeros(len(measure.points))
    given = np.asarray(measure.slack[: len(slack)], dtype=float)
    slack[: len(given)] = np.nan_to_num(given)
    return slack


def distances(points: Iterable[Point]) -> tuple[float, float, float]:
    """Return the length in plan, the difference in level from start to end, and the length."""
    line = np.asarray(list(points), dtype=float)
    steps = np.diff(line, axis=0)
    flat = float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    return flat, float(line[-1, 2] - line[0, 2]), float(np.linalg.norm(steps, axis=1).sum())


def area(points: Iterable[Point]) -> tuple[float, float]:
    """Return area and perimeter of a polygon in plan, by the shoelace formula."""
    ring = np.asarray(list(points), dtype=float)[:, :2]
    ring = ring - ring[0]
    after = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * after[:, 1] - ring[:, 1] * after[:, 0]
    return abs(float(cross.sum())) / 2, float(np.hypot(*(after - ring).T).sum())


def _distance(measure: Measure) -> Measured:
    flat, rise, length = distances(measure.points)
    slack = _slack(measure)
    off = float((slack[:-1] + slack[1:]).sum())
    ends = float(slack[0] + slack[-1])
    return Measured(
        measure.points,
        False,
        _metres(length, off),
        (
            (_("Distance"), _metres(length, off)),
            (_("Horizontal"), _metres(flat, off)),
            (_("Vertical"), _metres(rise, ends, signed=True)),
        ),
        _remark(off),
    )


def _area(measure: Measure) -> Measured:
    size, around = area(measure.points)
    slack = _slack(measure)
    ring = np.asarray(measure.points)[:, :2]
    sides = np.hypot(*(np.roll(ring, -1, axis=0) - ring).T)
    # Each corner, moved by its slack, sweeps at most half of that times the diagonal beside it.
    off = float((slack * (sides + np.roll(sides, 1))).sum() / 2)
    heights = [z for _x, _y, z in measure.points]
    level = max(heights) - min(heights) <= _LEVEL
    loose = float((slack * 2).sum())
    remark = _remark(0.0)
    if off > 0:
        remark = _(
            "At most {area} and {length} off: what a pixel covers at the corners.",
            area=_square_metres(off, off),
            length=_plain_metres(loose, loose),
        )
    if not level:
        remark += " " + _("The corners are not level: the area is that in plan.")
    return Measured(
        measure.points,
        True,
        _square_metres(size, off),
        (
            (_("Area in plan"), _square_metres(size, off)),
            (_("Perimeter"), _metres(around, loose)),
        ),
        remark,
    )


def _height(twin: Twin, measure: Measure) -> Measured | None:
    layer_id, element = measure.element or ("", "")
    layer = twin.layers.get(layer_id)
    if layer is None or layer.geometry is None or element not in layer.row_of:
        return None
    row = layer.row_of[element]
    shape = layer.geometry.coords[layer.geometry.points_of[row] : layer.geometry.points_of[row + 1]]
    shape = shape[np.isfinite(shape).all(axis=1)]
    given = float(layer.numbers("height_m", math.nan)[row])
    if not len(shape):
        return None
    base, own = float(shape[:, 2].min()), float(np.ptp(shape[:, 2]))
    tall = given if math.isfinite(given) else own
    if tall <= 0:
        return None
    x, y = (float(value) for value in (shape[:, :2].min(axis=0) + shape[:, :2].max(axis=0)) / 2)
    text = _metres(tall, 0.05)
    return Measured(
        ((x, y, base), (x, y, base + tall)),
        False,
        text,
        ((_("Height"), text),),
        _source(layer, row, math.isfinite(given)),
    )


def _source(layer: Layer, row: int, given: bool) -> str:
    """Say where a height comes from."""
    said = str(layer.attributes["height_source"][row]) if layer.has("height_source") else ""
    if not given:
        return _("From the lowest to the highest corner of the body.")
    return {
        "storeys": _("From the count of storeys, at 3 m each."),
        "default": _("Assumed: the data name no height."),
    }.get(said, _("As the data have it."))


def _remark(off: float) -> str:
    if off <= 0:
        return _("From corner to corner: as true as the data.")
    return _("At most {size} off: what a pixel covers there.", size=_plain_metres(off, off))


def _decimals(off: float) -> int:
    """Return how many decimals say no more than is known."""
    return 2 if off < 0.05 else 1 if off < 0.5 else 0  # noqa: PLR2004 - half of the last digit


def _plain_metres(value: float, off: float) -> str:
    if off >= 10 and abs(value) >= 10 * _KILOMETRE:
        return number(value / _KILOMETRE, 4, "km")
    return fixed(value, _decimals(off)) + "\u00a0m"


def _metres(value: float, off: float, signed: bool = False) -> str:
    sign = "+" if signed and value > 0 else ""
    return sign + _plain_metres(value, off) if abs(value) > 0 else _plain_metres(0.0, off)


def _square_metres(value: float, off: float) -> str:
    digits = 4 if off < value / 100 else 3
    if value >= _LARGE:
        return number(value / _LARGE, digits, "km²")
    if value >= _HECTARE:
        return number(value / _HECTARE, digits, "ha")
    return number(value, digits, "m²")
