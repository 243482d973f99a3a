"""Roofs: area, tilt and azimuth from the geometry of buildings, and what modules fit on them."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.model.geometry import SEMANTICS, Geometry

FLAT_TILT = 5.0
"""Degrees below which a roof is taken as flat: its azimuth is rounding."""

STEEPEST = 75.0
"""Degrees beyond which a face without a name is a wall."""


@dataclass(frozen=True, eq=False)
class Roofs:
    """Faces of roofs.

    Parameters
    ----------
    element
        Whose they are: row of the layer. Shape [f].
    part
        Which part of the geometry. Shape [f].
    area
        In the plane of the face, holes taken off, in m2. Shape [f].
    tilt, azimuth
        In degrees; azimuth clockwise from north, 180 where flat. Shape [f].
    assumed
        Whether nobody said it is a roof: a flat roof over a footprint, or a face that looks up.
        Shape [f].
    """

    element: Ints
    part: Ints
    area: Floats
    tilt: Floats
    azimuth: Floats
    assumed: Bools


def roof_faces(geometry: Geometry) -> Roofs:
    """Find the roofs of buildings.

    Parameters
    ----------
    geometry
        Surfaces of bodies: faces named roof, or, where faces have no names, those whose outward
        normal looks up. Footprints: one flat roof over each part.

    Raises
    ------
    ValueError
        Points and lines have no roofs.
    """
    if geometry.kind not in ("polygon", "surface"):
        raise ValueError("only footprints and bodies have roofs")
    normal, area = _normals(geometry)
    length = np.linalg.norm(normal, axis=1)
    up = np.divide(normal[:, 2], length, out=np.zeros_like(length), where=length > 0)
    if geometry.kind == "polygon":
        chosen, named = area > 0, False
    elif geometry.semantics is not None and (geometry.semantics > 0).any():
        chosen, named = (geometry.semantics == SEMANTICS.index("roof")) & (area > 0), True
    else:
        chosen, named = (up > np.cos(np.radians(STEEPEST))) & (area > 0), False
    part = np.flatnonzero(chosen)
    upward = normal[part] * np.where(normal[part, 2:] < 0, -1.0, 1.0)
    tilt = np.degrees(np.arccos(np.clip(np.abs(up[part]), 0.0, 1.0)))
    azimuth = np.degrees(np.arctan2(upward[:, 0], upward[:, 1])) % 360.0
    owner = np.repeat(np.arange(len(geometry)), np.diff(geometry.elements))
    return Roofs(
        owner[part],
        part,
        area[part],
        tilt,
        np.where(tilt < FLAT_TILT, 180.0, azimuth),
        np.full(part.size, not named),
    )


def footprints(geometry: Geometry) -> Floats:
    """Return the area that each building covers, in m2; NaN where nothing says it.

    Parameters
    ----------
    geometry
        Footprints; or bodies, of which faces named ground count, else the roofs seen from above.
    """
    normal, area = _normals(geometry)
    owner = np.repeat(np.arange(len(geometry)), np.diff(geometry.elements))
    if geometry.kind == "polygon":
        covered = np.bincount(owner, area, minlength=len(geometry))
        return np.where(covered > 0, covered, np.nan)
    length = np.linalg.norm(normal, axis=1)
    flat = np.divide(np.abs(normal[:, 2]), length, out=np.zeros_like(length), where=length > 0)
    ground = np.zeros(area.size, dtype=np.bool_)
    if geometry.semantics is not None:
        ground = geometry.semantics == SEMANTICS.index("ground")
    roofs = roof_faces(geometry)
    below = np.bincount(owner[ground], (area * flat)[ground], minlength=len(geometry))
    above = np.bincount(roofs.element, (area * flat)[roofs.part], minlength=len(geometry))
    covered = np.where(below > 0, below, above)
    return np.where(covered > 0, covered, np.nan)


def _normals(geometry: Geometry) -> tuple[Floats, Floats]:
    """Return the area vector of each part's outline (Newell) and its area without holes.

    Half the sum of p_i x p_(i+1) around a ring is its area along its normal, whatever its shape.
    """
    rings, parts = geometry.rings.astype(np.int64), geometry.parts.astype(np.int64)
    ring_of = np.repeat(np.arange(rings.size - 1), np.diff(rings))
    following = np.arange(len(geometry.coords)) + 1
    counts = np.diff(rings)
    following[rings[1:][counts > 0] - 1] = rings[:-1][counts > 0]
    local = geometry.coords - geometry.coords[rings[:-1][ring_of]]
    turned = np.cross(local, local[following]) / 2.0
    vectors = np.zeros((rings.size - 1, 3))
    np.add.at(vectors, ring_of, turned)
    sizes = np.linalg.norm(vectors, axis=1)
    part_of = np.repeat(np.arange(parts.size - 1), np.diff(parts))
    outline = np.full(parts.size - 1, -1)
    filled = np.diff(parts) > 0
    outline[filled] = parts[:-1][filled]
    signed = -sizes
    signed[outline[filled]] *= -1.0
    area = np.bincount(part_of, signed, minlength=parts.size - 1).astype(np.float64)
    normal = np.zeros((parts.size - 1, 3))
    normal[filled] = vectors[outline[filled]]
    return normal, np.maximum(area, 0.0)


@dataclass(frozen=True)
class Placement:
    """How many modules fit on a roof: assumptions, to be replaced by better knowledge.

    Parameters
    ----------
    density
        Peak power of modules in kW/m2: efficiency times 1 kW/m2.
    pitched_share, flat_share
        Share of a roof that modules cover; on flat roofs rows keep their distance.
    flat_tilt, flat_azimuth
        How modules stand on flat roofs.
    smallest, steepest
        m2 and degrees beyond which no modules are put on a face.
    north
        Faces steeper than `north_tilt` that look less than this many degrees off the pole get none.
    north_tilt
        Degrees.
    southern
        Whether the district lies south of the equator, where the sun stands in the north.
    """

    density: float = 0.2
    pitched_share: float = 0.7
    flat_share: float = 0.5
    flat_tilt: float = 10.0
    flat_azimuth: float = 180.0
    smallest: float = 10.0
    steepest: float = 60.0
    north: float = 45.0
    north_tilt: float = 15.0
    southern: bool = False


@dataclass(frozen=True, eq=False)
class Plants:
    """Modules on each face: peak power in kW (0 for none), tilt and azimuth. Shape [f] each."""

    peak: Floats
    tilt: Floats
    azimuth: Floats


def place_modules(roofs: Roofs, rules: Placement | None = None) -> Plants:
    """Put modules on roofs.

    Parameters
    ----------
    roofs
        Faces.
    rules
        What goes where.
    """
    rule = rules or Placement()
    flat = roofs.tilt < FLAT_TILT
    pole = 180.0 if rule.southern else 0.0
    away = np.abs((roofs.azimuth - pole + 180.0) % 360.0 - 180.0)
    dark = (away < rule.north) & (roofs.tilt > rule.north_tilt)
    fit = (roofs.area >= rule.smallest) & (roofs.tilt <= rule.steepest) & ~dark
    share = np.where(flat, rule.flat_share, rule.pitched_share)
    facing = (rule.flat_azimuth + (180.0 if rule.southern else 0.0)) % 360.0
    return Plants(
        np.where(fit, roofs.area * share * rule.density, 0.0),
        np.where(flat, rule.flat_tilt, roofs.tilt),
        np.where(flat, facing, roofs.azimuth),
    )
