"""Sun and solar power: where the sun stands, what falls on a roof, what modules make of it.

Own, short equations with their source, which hold to a few percent; where pvlib is installed (the
extra `solar`), the sky model of Perez is there too, which is better by a few percent on
steep roofs. Each result names its model, because the two give different numbers.

Angles in degrees: azimuth clockwise from north, tilt from the horizontal. Irradiance in W/m2, the
mean of a step; the sun is taken at the middle of the step. Shadows of neighbours are not in it.
"""

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats, as_column
from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.sun import Sun

Sky = Literal["isotropic", "hay_davies", "perez"]

ALBEDO = 0.2
LOWEST = np.sin(np.radians(1.0))
"""Below this sine of the elevation beam ratios are not trusted: division by nearly nothing."""

CLOUDY, CLEAR = 0.22, 0.8
"""Where the correlation of Erbs changes its form, as clearness indices."""

STANDARD = 1000.0
PLAUSIBLE_YIELD = (300.0, 2300.0)
"""kWh a year for each kWp: an assumption, wide enough for any fixed module."""


def incidence(sun: Sun, tilt: ArrayLike, azimuth: ArrayLike) -> Floats:
    """Return the cosine of the angle between the sun and the normal of planes.

    Duffie & Beckman, eq. 1.6.3, in terms of elevation and azimuth.

    Parameters
    ----------
    sun
        Position.
    tilt, azimuth
        Of the planes. Shape [n].

    Returns
    -------
    Floats
        Negative where the sun is behind. Shape [T, n].
    """
    slope = np.radians(np.atleast_1d(np.asarray(tilt, np.float64)))
    facing = np.radians(np.atleast_1d(np.asarray(azimuth, np.float64)))
    height, bearing = np.radians(sun.elevation)[:, None], np.radians(sun.azimuth)[:, None]
    cosine = np.sin(height) * np.cos(slope)
    cosine = cosine + np.cos(height) * np.sin(slope) * np.cos(bearing - facing)
    return np.asarray(cosine, dtype=np.float64)


def split_global(ghi: ArrayLike, sun: Sun) -> tuple[Floats, Floats]:
    """Return normal beam and horizontal diffuse irradiance where only the global one is known.

    Erbs, Klein & Duffie 1982 (Solar Energy 28, 293-302); Duffie & Beckman, eq. 2.10.1.

    Parameters
    ----------
    ghi
        Global horizontal irradiance. Shape [T].
    sun
        Position.

    Returns
    -------
    tuple
        Beam normal and diffuse horizontal. Shape [T] each.
    """
    total = np.maximum(np.asarray(ghi, dtype=np.float64), 0.0)
    sine = np.sin(np.radians(sun.elevation))
    up = sine > LOWEST
    outside = sun.extraterrestrial * np.maximum(sine, LOWEST)
    clear = np.clip(total / outside, 0.0, 1.0)
    share = np.polyval([12.336, -16.638, 4.388, -0.1604, 0.9511], clear)
    share = np.where(clear <= CLOUDY, 1.0 - 0.09 * clear, share)
    share = np.where(clear > CLEAR, 0.165, share)
    diffuse = np.where(up, share * total, total)
    beam = np.where(up, (total - diffuse) / np.maximum(sine, LOWEST), 0.0)
    return beam, diffuse


@dataclass(frozen=True, eq=False)
class Irradiance:
    """What falls on the ground: global and diffuse horizontal, beam normal. Shape [T] each."""

    ghi: Floats
    dni: Floats
    dhi: Floats


@dataclass(frozen=True, eq=False)
class Falling:
    """What falls on planes, in W/m2, shape [T, n], and by which model of the sky."""

    values: Floats
    sky: Sky


def best_sky() -> Sky:
    """Return the best sky model that is installed."""
    return "perez" if importlib.util.find_spec("pvlib") else "isotropic"


def on_planes(
    light: Irradiance,
    sun: Sun,
    tilt: ArrayLike,
    azimuth: ArrayLike,
    *,
    sky: Sky = "isotropic",
    albedo: float = ALBEDO,
) -> Falling:
    """Return what falls on tilted planes.

    isotropic: Liu & Jordan 1963; Duffie & Beckman, eq. 2.15.1. hay_davies: Hay & Davies 1980;
    Duffie & Beckman, eq. 2.16.4. perez: Perez et al. 1990, by pvlib.

    Parameters
    ----------
    light
        On the ground; NaN stays NaN.
    sun
        At the middle of each step.
    tilt, azimuth
        Of the planes. Shape [n].
    sky
        Model; `best_sky` tells what is installed.
    albedo
        Share that the ground reflects.

    Raises
    ------
    ValueError
        The model is not known, or needs pvlib.
    """
    slope = np.atleast_1d(np.asarray(tilt, dtype=np.float64))
    facing = as_column(azimuth, "azimuth", slope.size)
    if sky == "perez":
        return Falling(_by_pvlib(light, sun, slope, facing, albedo), sky)
    if sky not in ("isotropic", "hay_davies"):
        raise ValueError(f"sky must be isotropic, hay_davies or perez, not {sky!r}")
    cosine = np.maximum(incidence(sun, slope, facing), 0.0)
    sine = np.sin(np.radians(sun.elevation))[:, None]
    beam, diffuse = light.dni[:, None], light.dhi[:, None]
    view = (1.0 + np.cos(np.radians(slope))) / 2.0
    around = np.zeros_like(beam)
    if sky == "hay_davies":
        around = np.where(sine > 0, beam / sun.extraterrestrial[:, None], 0.0)
    ratio = cosine / np.maximum(sine, LOWEST)
    falling = np.where(sine > 0, beam * cosine, 0.0)
    falling = falling + diffuse * (around * ratio + (1.0 - around) * view)
    falling = falling + light.ghi[:, None] * albedo * (1.0 - view)
    return Falling(np.maximum(falling, 0.0), sky)


def _by_pvlib(light: Irradiance, sun: Sun, slope: Floats, facing: Floats, albedo: float) -> Floats:
    if not importlib.util.find_spec("pvlib"):
        raise ValueError(_("The sky model of Perez needs pvlib: install twinview[solar]."))
    pvlib: Any = importlib.import_module("pvlib.irradiance")
    planes, which = np.unique(np.stack([slope, facing]), axis=1, return_inverse=True)
    found = np.empty((sun.elevation.size, planes.shape[1]))
    for k, (tilt, azimuth) in enumerate(planes.T):
        parts = pvlib.get_total_irradiance(
            tilt, azimuth, 90.0 - sun.elevation, sun.azimuth, light.dni, light.ghi, light.dhi,
            dni_extra=sun.extraterrestrial, albedo=albedo, model="perez",
        )  # fmt: skip
        found[:, k] = np.nan_to_num(parts["poa_global"])
    missing = np.isnan(light.ghi + light.dni + light.dhi)
    found[missing] = np.nan
    return np.asarray(found[:, np.ravel(which)], dtype=np.float64)


@dataclass(frozen=True)
class Module:
    """How modules and their inverter behave.

    PVWatts version 5 (Dobos 2014, NREL/TP-6A20-62641): losses and inverter; nominal operating cell
    temperature as in Duffie & Beckman, sec. 23.3, without the small term of the efficiency.

    Parameters
    ----------
    temperature_coefficient
        Of the power, for each K above 25 °C.
    noct
        Cell temperature at 800 W/m2 and 20 °C.
    losses
        Dirt, wires, mismatch, downtime: a share of the power.
    inverter
        Efficiency.
    ac_share
        Rating of the inverter as a share of the modules' peak power; it clips there.
    """

    temperature_coefficient: float = -0.0037
    noct: float = 46.0
    losses: float = 0.14
    inverter: float = 0.96
    ac_share: float = 1.0


def pv_power(
    falling: ArrayLike, temperature: ArrayLike, peak: ArrayLike, module: Module | None = None
) -> Floats:
    """Return the power that modules feed in.

    Parameters
    ----------
    falling
        On their plane, in W/m2. Shape [T, n].
    temperature
        Of the air, in °C. Shape [T].
    peak
        Of each roof, in kW under standard conditions. Shape [n].
    module
        How they behave.

    Returns
    -------
    Floats
        In kW. Shape [T, n]; NaN where the weather is missing.
    """
    kind = module or Module()
    light = np.asarray(falling, dtype=np.float64)
    rating = np.asarray(peak, dtype=np.float64)
    air = np.asarray(temperature, dtype=np.float64)[:, None]
    cell = air + (kind.noct - 20.0) / 800.0 * light
    direct = light / STANDARD * rating * (1.0 + kind.temperature_coefficient * (cell - 25.0))
    fed = np.maximum(direct, 0.0) * (1.0 - kind.losses) * kind.inverter
    return np.asarray(np.minimum(fed, rating * kind.ac_share), dtype=np.float64)


def check_yield(energy: ArrayLike, peak: ArrayLike) -> tuple[Problem, ...]:
    """Say which roofs have an annual yield that cannot be.

    Parameters
    ----------
    energy
        Of a whole year, in kWh. Shape [n].
    peak
        In kW. Shape [n].
    """
    made, rating = np.asarray(energy, np.float64), np.asarray(peak, np.float64)
    rated = rating > 0
    specific = made[rated] / rating[rated]
    low, high = PLAUSIBLE_YIELD
    odd = (specific < low) | (specific > high)
    if not odd.any():
        return ()
    return (
        Problem(
            "warning",
            "solar.yield",
            _("{count} solar plants yield less than {low} or more than {high} kWh a year for each "
              "kW of peak power, which does not happen.",
              count=int(odd.sum()), low=f"{low:.0f}", high=f"{high:.0f}"),
            _("Check units and time zone of the weather, and the peak power."),
        ),
    )  # fmt: skip
