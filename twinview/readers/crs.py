"""Coordinate systems: what a file says, what its numbers allow, which one a district has."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
from pyproj.exceptions import CRSError, ProjError

from twinview.i18n import _
from twinview.model.problem import CommandError, NeedsAnswer

Coords = npt.NDArray[np.float64]
SWAPPED = ":yx"
WGS84 = "EPSG:4326"

# Systems that people often forget to name, the likelier of equal-looking ones first.
_COMMON = (
    28992,
    31370,
    2154,
    2056,
    21781,
    31256,
    31255,
    31254,
    31287,
    27700,
    5514,
    2180,
    3006,
    3067,
    25832,
    25833,
    25831,
    25830,
    31467,
    31468,
    3763,
    3035,
    3857,
    4549,
    4548,
    4547,
    4546,
    4545,
    4544,
    2326,
    3826,
    6677,
    6674,
    5186,
    32650,
    32649,
    32651,
    32648,
    3414,
    7856,
    28356,
    2193,
    2263,
    2229,
    26918,
    32618,
    26915,
    26911,
    26910,
)
_MOST_CHOICES = 8
_LATITUDE, _LONGITUDE = 90.0, 180.0
_DISTORTION = 2e-3
_MARGIN = 5.0
"""Degrees around the area of use of a system in which it is still believed."""


@lru_cache(maxsize=64)
def parse(text: str) -> pyproj.CRS:
    """Return a coordinate system by name or definition.

    Raises
    ------
    CommandError
        For a text that is none.
    """
    try:
        return pyproj.CRS.from_user_input(text)
    except CRSError as error:
        raise CommandError(
            _("{crs} is no coordinate system; write it like EPSG:25832.", crs=text[:80])
        ) from error


def name_of(crs: str) -> str:
    """Return authority and code of a coordinate system where it has them, else its text."""
    found = parse(crs)
    authority = found.to_authority(min_confidence=70)
    return ":".join(authority) if authority else found.to_wkt()


def split_swapped(crs: str) -> tuple[str, bool]:
    """Return the name without ``:yx``, and whether it was there."""
    swapped = crs.lower().endswith(SWAPPED)
    return (crs[: -len(SWAPPED)] if swapped else crs), swapped


def plausible(crs: str, bounds: Sequence[float]) -> bool:
    """Tell whether coordinates can be of a system: degrees are degrees, others lie near its area.

    Parameters
    ----------
    crs
        The system.
    bounds
        Extent (x0, x1, y0, y1, ...).
    """
    system = parse(crs)
    x0, x1, y0, y1 = bounds[:4]
    if system.is_geographic:
        return max(abs(y0), abs(y1)) <= _LATITUDE and max(abs(x0), abs(x1)) <= 2 * _LONGITUDE
    return True


def near(crs: str, bounds: Sequence[float]) -> bool:
    """Tell whether the middle of an extent lies where a system is used, give or take a country.

    Parameters
    ----------
    crs
        The system; one that tells no area of use is taken to fit whatever is plausible.
    bounds
        Extent (x0, x1, y0, y1, ...).
    """
    area = parse(crs).area_of_use
    if area is None or not plausible(crs, bounds):
        return plausible(crs, bounds)
    x0, x1, y0, y1 = bounds[:4]
    middle = np.array([[(x0 + x1) / 2, (y0 + y1) / 2, 0.0]])
    east, north = reproject(middle, crs, WGS84)[0, :2]
    inside = area.south - _MARGIN <= north <= area.north + _MARGIN
    # An area may lie across the date line.
    wide = (area.east - area.west) % 360.0 or 360.0
    return bool(inside and (east - area.west + _MARGIN) % 360.0 <= wide + 2 * _MARGIN)


def check_given(file: str, crs: str, bounds: Sequence[float], swapped: bool) -> None:
    """Ask again where the system that the user gives cannot be that of the numbers.

    Parameters
    ----------
    file, crs
        Name of the file, and the system.
    bounds
        Extent as in the file (x0, x1, y0, y1, ...).
    swapped
        True where the file writes north first.
    """
    x0, x1, y0, y1 = bounds[:4]
    if not plausible(crs, (y0, y1, x0, x1) if swapped else (x0, x1, y0, y1)):
        raise ask(file, bounds, _("its numbers do not fit {crs}", crs=crs))


def ask(file: str, bounds: Sequence[float], reason: str = "") -> NeedsAnswer:
    """Return the question for the coordinate system of a file, with the likely answers.

    Parameters
    ----------
    file
        Name of the file.
    bounds
        Extent (x0, x1, y0, y1, ...).
    reason
        Why it is asked; by default that the file does not say.
    """
    choices = likely(bounds)
    return NeedsAnswer(
        _(
            "{file}: {reason}. Name it with --crs{example} (the coordinates run from "
            "{x0}, {y0} to {x1}, {y1}).",
            file=file,
            reason=reason or _("the file does not say its coordinate system"),
            example=_(", likely {choices}", choices=", ".join(choices)) if choices else "",
            x0=f"{bounds[0]:.10g}",
            y0=f"{bounds[2]:.10g}",
            x1=f"{bounds[1]:.10g}",
            y1=f"{bounds[3]:.10g}",
        ),
        "--crs",
        choices,
    )


def likely(bounds: Sequence[float]) -> tuple[str, ...]:
    """Return the coordinate systems that an extent fits, likely ones first."""
    x0, x1, y0, y1 = bounds[:4]
    if max(abs(x0), abs(x1)) <= _LONGITUDE and max(abs(y0), abs(y1)) <= _LATITUDE:
        return (WGS84,)
    if max(abs(x0), abs(x1)) <= _LATITUDE and max(abs(y0), abs(y1)) <= _LONGITUDE:
        return (WGS84 + SWAPPED,)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    found = [f"EPSG:{code}" for code in _COMMON if _lies_in(code, x, y)]
    found = found or [f"EPSG:{code}{SWAPPED}" for code in _COMMON if _lies_in(code, y, x)]
    return tuple(found[:_MOST_CHOICES])


def _lies_in(code: int, x: float, y: float) -> bool:
    system = parse(f"EPSG:{code}")
    area = system.area_of_use
    if area is None:
        return False
    lon, lat = _transformer(f"EPSG:{code}", WGS84).transform(x, y)
    return bool(area.west <= lon <= area.east and area.south <= lat <= area.north)


def district_crs(crs: str, bounds: Sequence[float]) -> str:
    """Return the projected system in metres that a district is drawn in.

    The file's own where it is projected, in metres and true to scale around the place; else the UTM
    zone of the centre. Web Mercator is never kept: at 50 degrees north it is 55 % too long.

    Parameters
    ----------
    crs
        System of the data.
    bounds
        Extent in that system (x0, x1, y0, y1, ...).
    """
    system = _flat(parse(crs))
    lon, lat = _centre(crs, bounds)
    if system.is_projected and _in_metres(system) and _true_to_scale(system, lon, lat):
        return name_of(system.to_wkt())
    zone = int((lon + _LONGITUDE) // 6) % 60 + 1
    if abs(lat) > 84:
        return "EPSG:32661" if lat > 0 else "EPSG:32761"
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def reproject(coords: Coords, src: str, dst: str) -> Coords:
    """Return coordinates (east, north, up), shape (n, 3), in another system; heights become metres.

    Parameters
    ----------
    coords
        Shape (n, 2) or (n, 3), east or longitude first.
    src, dst
        Systems from and to; `dst` is horizontal, in metres.

    Raises
    ------
    CommandError
        Where the numbers do not belong to the system.
    """
    xyz = np.zeros((len(coords), 3))
    xyz[:, : coords.shape[1]] = coords
    system = parse(src)
    if system.is_geocentric:
        xyz = np.stack(_transformer(src, "EPSG:4979").transform(*xyz.T), axis=1)
        src = WGS84
    elif system.is_compound or len(system.axis_info) > 2:
        xyz[:, 2] *= system.axis_info[-1].unit_conversion_factor or 1.0
    x, y = _transformer(_flat(parse(src)).to_wkt(), dst).transform(xyz[:, 0], xyz[:, 1])
    moved = np.stack([x, y, xyz[:, 2]], axis=1)
    if not np.isfinite(moved).all():
        raise CommandError(
            _(
                "The coordinates do not belong to {crs}: they lie outside of it. "
                "Name the right one with --crs.",
                crs=system.name,
            )
        )
    return moved


def _flat(system: pyproj.CRS) -> pyproj.CRS:
    """Return the horizontal part of a system."""
    if system.is_compound:
        return system.sub_crs_list[0]
    return system.to_2d() if len(system.axis_info) > 2 else system


@lru_cache(maxsize=64)
def _transformer(src: str, dst: str) -> Any:
    return pyproj.Transformer.from_crs(src, dst, always_xy=True)


def _centre(crs: str, bounds: Sequence[float]) -> tuple[float, float]:
    """Return longitude and latitude of the middle of an extent, also across the date line."""
    x0, x1, y0, y1 = bounds[:4]
    system = parse(crs)
    if system.is_geocentric:
        lon, lat, _up = _transformer(crs, "EPSG:4979").transform(
            (x0 + x1) / 2, (y0 + y1) / 2, sum(bounds[4:6]) / 2
        )
        return float(lon), float(lat)
    if system.is_geographic and x1 - x0 > _LONGITUDE:
        return -_LONGITUDE if x0 + x1 < 0 else _LONGITUDE - 1e-9, (y0 + y1) / 2
    lon, lat = _transformer(_flat(system).to_wkt(), WGS84).transform((x0 + x1) / 2, (y0 + y1) / 2)
    if not np.isfinite([lon, lat]).all():
        raise CommandError(
            _(
                "The coordinates do not belong to {crs}: they lie outside of it. "
                "Name the right one with --crs.",
                crs=system.name,
            )
        )
    return (float(lon) + _LONGITUDE) % (2 * _LONGITUDE) - _LONGITUDE, float(lat)


def _in_metres(system: pyproj.CRS) -> bool:
    return all(axis.unit_conversion_factor == 1.0 for axis in system.axis_info)


def _true_to_scale(system: pyproj.CRS, lon: float, lat: float) -> bool:
    try:
        found = pyproj.Proj(system).get_factors(lon, lat)
    except ProjError:
        return False
    ratios = np.array([found.meridional_scale, found.parallel_scale])
    return bool(np.isfinite(ratios).all() and np.abs(ratios - 1).max() < _DISTORTION)
