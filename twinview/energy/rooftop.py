"""Solar power of a layer of buildings: a few planes, and how much of each every building has."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.roofs import Placement, Roofs, place_modules
from twinview.energy.solar import (
    Irradiance,
    Module,
    Sky,
    on_planes,
    pv_power,
    split_global,
)
from twinview.model.sun import Sun, sun_position
from twinview.model.time import TimeAxis

SPREAD = 0.3
"""Range of a roof's solar power: an assumption. Chimneys, windows, shadows and the share that
modules cover are not known; the weather of a year differs by some 10 %."""

TILT_STEP, AZIMUTH_STEP = 5.0, 10.0
"""Degrees to which planes are rounded, so that a city has a few hundred of them. Half of it changes
the annual yield by less than 1 %."""

_AT_A_TIME = 32
"""Planes in memory at a time: a year of quarter hours of them is 9 MB for each array."""


@dataclass(frozen=True, eq=False)
class Sunlight:
    """Weather for solar power at the steps of an axis.

    Parameters
    ----------
    axis
        The steps; the sun is taken at their middles.
    latitude, longitude
        Where, north and east positive.
    ghi, dni, dhi
        Global and diffuse horizontal, beam normal irradiance in W/m2; `dni` and `dhi` are made of
        `ghi` where they are missing. Shape [T].
    temperature
        Of the air in °C. Shape [T].
    """

    axis: TimeAxis
    latitude: float
    longitude: float
    ghi: Floats
    dni: Floats
    dhi: Floats
    temperature: Floats


@dataclass(frozen=True, eq=False)
class Rooftops:
    """Power of modules on roofs, as sums of scaled profiles.

    Parameters
    ----------
    profiles
        Power of 1 kW of modules on each plane, kW. Shape [T, K].
    index, scale, element
        Plane, peak power in kW and building of each entry. Shape [M].
    peak
        Of each building in kW, 0 where no modules fit. Shape [n].
    """

    profiles: Floats
    index: Ints
    scale: Floats
    element: Ints
    peak: Floats


def rooftops(
    roofs: Roofs,
    count: int,
    light: Sunlight,
    *,
    rules: Placement | None = None,
    module: Module | None = None,
    sky: Sky = "isotropic",
) -> Rooftops:
    """Put modules on roofs and return what they make.

    Parameters
    ----------
    roofs
        Faces of buildings.
    count
        Number of buildings.
    light
        Weather.
    rules, module, sky
        What goes where, how it behaves, and the model of the sky.
    """
    plants = place_modules(roofs, rules)
    used = np.flatnonzero(plants.peak > 0)
    tilt = np.round(plants.tilt[used] / TILT_STEP) * TILT_STEP
    azimuth = np.round(plants.azimuth[used] / AZIMUTH_STEP) * AZIMUTH_STEP % 360.0
    planes, plane = np.unique(np.stack([tilt, azimuth]), axis=1, return_inverse=True)
    entries, entry = np.unique(
        np.stack([roofs.element[used], plane.ravel()]), axis=1, return_inverse=True
    )
    scale = _sums(entry, plants.peak[used], entries.shape[1])
    return Rooftops(
        per_kilowatt(light, planes[0], planes[1], module, sky),
        entries[1],
        scale,
        entries[0],
        _sums(roofs.element[used], plants.peak[used], count),
    )


def _sums(groups: Ints, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(groups.ravel(), values, minlength=count), dtype=np.float64)


def per_kilowatt(
    light: Sunlight, tilt: Floats, azimuth: Floats, module: Module | None, sky: Sky
) -> Floats:
    """Return the power of 1 kW of modules on planes, kW. Shape [T, K].

    Parameters
    ----------
    light
        Weather.
    tilt, azimuth
        Of the planes. Shape [K].
    module, sky
        How modules behave, and the model of the sky.
    """
    ground, sun = _on_ground(light)
    made = np.empty((light.axis.count, tilt.size))
    for first in range(0, tilt.size, _AT_A_TIME):
        part = slice(first, first + _AT_A_TIME)
        falling = on_planes(ground, sun, tilt[part], azimuth[part], sky=sky)
        ones = np.ones(falling.values.shape[1])
        made[:, part] = pv_power(falling.values, light.temperature, ones, module)
    return made


def _on_ground(light: Sunlight, step: int | None = None) -> tuple[Irradiance, Sun]:
    """Return what falls on the ground and where the sun stands, of all steps or of one."""
    rows = slice(None) if step is None else slice(step, step + 1)
    middle = light.axis.instants[rows] + np.timedelta64(light.axis.step // 2, "s")
    sun = sun_position(middle, light.latitude, light.longitude)
    ghi, dni, dhi = (one[rows] for one in (light.ghi, light.dni, light.dhi))
    beam, diffuse = split_global(ghi, sun)
    ground = Irradiance(
        ghi, np.where(np.isnan(dni), beam, dni), np.where(np.isnan(dhi), diffuse, dhi)
    )
    return ground, sun


def falling_on(light: Sunlight, step: int, tilt: Floats, azimuth: Floats, sky: Sky) -> Floats:
    """Return what falls on planes in one step, W/m2. Shape [K].

    Parameters
    ----------
    light
        Weather.
    step
        Of its axis.
    tilt, azimuth
        Of the planes in degrees. Shape [K].
    sky
        Model of the sky.
    """
    ground, sun = _on_ground(light, step)
    return np.asarray(on_planes(ground, sun, tilt, azimuth, sky=sky).values[0])


def as_said(found: Rooftops, said: Floats) -> Rooftops:
    """Return roofs with the peak power that is known of each building, spread as it would fit.

    Parameters
    ----------
    found
        Roofs as the rules fill them.
    said
        Peak power of each building in kW; NaN or 0 for none. A building on whose roof nothing fits
        gets nothing. Shape [n].
    """
    known = np.where(said > 0, said, 0.0)
    ratio = np.divide(known, found.peak, out=np.zeros_like(known), where=found.peak > 0)
    scale = found.scale * ratio[found.element]
    kept = scale > 0
    return Rooftops(
        found.profiles, found.index[kept], scale[kept], found.element[kept], found.peak * ratio
    )
