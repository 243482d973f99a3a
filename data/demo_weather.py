"""One synthetic weather year and the carbon intensity of imported electricity that fits it.

Hourly values are random with the persistence of real weather; monthly means of temperature and
monthly sums of global radiation are scaled to the normals listed in SOURCES.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from demo_base import HOURS, stream

LATITUDE, LONGITUDE = 48.472, 7.884
TEMPERATURE_NORMAL = np.array([2.9, 3.9, 7.6, 11.4, 15.4, 19.0, 21.0, 20.5, 16.1, 11.7, 6.6, 4.2])
RADIATION_NORMAL = np.array(
    [32.0, 51.0, 92.0, 129.0, 153.0, 167.0, 170.0, 146.0, 104.0, 62.0, 34.0, 25.0]
)
DULL, BRIGHT = 0.22, 0.80
IMPORT_MEAN = 363.0
WIND_FULL_LOAD_HOURS = 1850.0


@dataclass(frozen=True)
class Year:
    """The hours of 2024 in Europe/Berlin, seen in UTC and on the wall clock."""

    utc: pd.DatetimeIndex
    local: pd.DatetimeIndex
    day: np.ndarray
    hour: np.ndarray
    month: np.ndarray


def year_2024() -> Year:
    """The time axis: 8,784 interval starts."""
    utc = pd.date_range("2023-12-31T23:00", periods=HOURS, freq="h", tz="UTC")
    local = utc.tz_convert("Europe/Berlin")
    day = (local.dayofyear.to_numpy() - 1).astype(int)
    return Year(utc, local, day, local.hour.to_numpy(), local.month.to_numpy())


@dataclass(frozen=True)
class Weather:
    """Hourly weather: degrees C, W/m2 (horizontal; beam is normal), m/s at hub height."""

    temperature: np.ndarray
    global_horizontal: np.ndarray
    beam_normal: np.ndarray
    diffuse: np.ndarray
    elevation: np.ndarray
    azimuth: np.ndarray
    wind: np.ndarray
    wind_power: np.ndarray
    import_intensity: np.ndarray


def ar1(rng: np.random.Generator, n: int, keep: float) -> np.ndarray:
    """A standard normal series in which each value keeps a share of the one before."""
    noise = rng.standard_normal(n)
    values = np.empty(n)
    values[0] = noise[0]
    for i in range(1, n):
        values[i] = keep * values[i - 1] + np.sqrt(1 - keep**2) * noise[i]
    return values


def sun(year: Year) -> tuple[np.ndarray, np.ndarray]:
    """Elevation and azimuth of the sun (degrees) at the middle of each hour."""
    middle = year.utc + pd.Timedelta(minutes=30)
    g = 2 * np.pi * (middle.dayofyear.to_numpy() - 1 + (middle.hour.to_numpy() - 12) / 24) / 366
    equation = 229.18 * (
        0.000075
        + 0.001868 * np.cos(g)
        - 0.032077 * np.sin(g)
        - 0.014615 * np.cos(2 * g)
        - 0.040849 * np.sin(2 * g)
    )
    declination = (
        0.006918
        - 0.399912 * np.cos(g)
        + 0.070257 * np.sin(g)
        - 0.006758 * np.cos(2 * g)
        + 0.000907 * np.sin(2 * g)
    )
    minutes = middle.hour.to_numpy() * 60 + 30 + equation + 4 * LONGITUDE
    angle = np.radians(minutes / 4 - 180)
    lat = np.radians(LATITUDE)
    sine = np.sin(lat) * np.sin(declination) + np.cos(lat) * np.cos(declination) * np.cos(angle)
    elevation = np.arcsin(sine)
    y = -np.sin(angle) * np.cos(declination)
    x = np.sin(declination) * np.cos(lat) - np.cos(declination) * np.sin(lat) * np.cos(angle)
    return np.degrees(elevation), np.degrees(np.arctan2(y, x)) % 360


def clear_sky(elevation: np.ndarray) -> np.ndarray:
    """Global horizontal radiation under a clear sky (Haurwitz 1945), W/m2."""
    sine = np.maximum(np.sin(np.radians(elevation)), 1e-3)
    return np.where(elevation > 0, 1098.0 * sine * np.exp(-0.057 / sine), 0.0)


def _clearness(year: Year, front: np.ndarray) -> np.ndarray:
    """Clear-sky index per hour from the daily state of the sky and passing clouds."""
    rng = stream("clouds")
    daily = 0.75 * front + 0.66 * ar1(rng, 366, 0.45)
    middle = np.where((year.month >= 4) & (year.month <= 9), 0.72, 0.52)
    day = np.clip(middle + 0.27 * daily[year.day], 0.10, 1.0)
    flicker = ar1(rng, HOURS, 0.6) * 0.22 * np.sqrt(np.clip(day * (1.06 - day), 0.01, None) * 4)
    return np.clip(day + flicker * 0.7, 0.05, 1.04)


def _radiation(year: Year, elevation: np.ndarray, front: np.ndarray) -> np.ndarray:
    clear = clear_sky(elevation)
    index = _clearness(year, front)
    for _ in range(12):
        for m in range(1, 13):
            rows = year.month == m
            ratio = RADIATION_NORMAL[m - 1] * 1000 / (clear[rows] * index[rows]).sum()
            index[rows] = np.clip(index[rows] * ratio, 0.04, 1.04)
    return clear * index


def _diffuse_share(radiation: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    """Share of diffuse light from the clearness index (Erbs, Klein, Duffie 1982)."""
    outside = 1361.0 * np.maximum(np.sin(np.radians(elevation)), 0.02)
    k = np.clip(radiation / outside, 0, 1)
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.where(k <= DULL, 1 - 0.09 * k, np.where(k <= BRIGHT, middle, 0.165))


def _temperature(year: Year, front: np.ndarray, clear_share: np.ndarray) -> np.ndarray:
    """Hourly temperature whose monthly means are the normals."""
    rng = stream("temperature")
    middles = np.array([15, 45, 75, 105, 136, 166, 197, 228, 258, 289, 319, 350])
    days = np.arange(366)
    wrap = (
        np.r_[middles[-1] - 366, middles, middles[0] + 366],
        np.r_[TEMPERATURE_NORMAL[-1], TEMPERATURE_NORMAL, TEMPERATURE_NORMAL[0]],
    )
    season = np.interp(days, *wrap)
    summer = np.cos(2 * np.pi * (days - 200) / 366)
    spell = 2.9 * ar1(rng, 366, 0.8) + 2.2 * front * summer - 0.6 * front
    daily = season + spell
    swing = (2.2 + 5.0 * clear_share) * (1.0 + 0.25 * summer)
    position = np.arange(HOURS) / 24.0
    smooth = np.interp(position, days + 0.5, daily)
    wave = np.cos(2 * np.pi * (year.hour - 15) / 24)
    values = smooth + swing[year.day] * wave + 0.5 * ar1(rng, HOURS, 0.9)
    for _ in range(4):
        error = np.array(
            [TEMPERATURE_NORMAL[m - 1] - values[year.month == m].mean() for m in range(1, 13)]
        )
        wrapped = np.r_[error[-1], error, error[0]]
        values += np.interp(position, wrap[0], wrapped)
    return values


def power_curve(speed: np.ndarray) -> np.ndarray:
    """Share of rated power of a low-wind turbine at a hub wind speed in m/s."""
    knots = np.array([0, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 25, 40])
    share = np.array([0, 0, 0.01, 0.05, 0.12, 0.22, 0.36, 0.54, 0.74, 0.90, 0.98, 1, 1, 0, 0])
    return np.interp(speed, knots, share)


def _wind(year: Year, front: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hub wind (Weibull, k = 1.9) and the turbine's share of rated power."""
    rng = stream("wind")
    day = np.interp(np.arange(HOURS) / 24.0, np.arange(366) + 0.5, -front)
    state = 0.5 * day + 0.72 * ar1(rng, HOURS, 0.965) + 0.35 * ar1(rng, HOURS, 0.8)
    state += 0.25 * np.cos(2 * np.pi * (year.day - 15) / 366)
    rank = norm.cdf((state - state.mean()) / state.std())
    base = (-np.log(np.clip(1 - rank, 1e-6, 1))) ** (1 / 1.9)
    low, high = 3.0, 12.0
    for _ in range(40):
        scale = (low + high) / 2
        hours = power_curve(base * scale).sum()
        low, high = (scale, high) if hours < WIND_FULL_LOAD_HOURS else (low, scale)
    return base * low, power_curve(base * low)


def _import_intensity(
    year: Year, sunshine: np.ndarray, wind: np.ndarray, demand: np.ndarray
) -> np.ndarray:
    """Direct emissions per kWh of the national mix, g/kWh.

    The national mix is a merit order in one line: demand less sun, wind and other renewables is
    met by gas and coal, dirtier the more is needed. Sun and wind of the country are smoothed
    copies of the local ones. The result is scaled to the published yearly mean.
    """
    rng = stream("national grid")
    kernel = np.ones(7) / 7
    own = np.convolve(wind, kernel, mode="same")
    elsewhere = norm.cdf(ar1(rng, HOURS, 0.98)) ** 1.6
    national_wind = 64.0 * np.clip(0.5 * own + 0.34 * elsewhere + 0.03, 0.01, 0.8)
    national_sun = 72.0 * np.convolve(sunshine, np.ones(3) / 3, mode="same") * 0.82
    load = 54.0 * demand
    renewable = national_wind + national_sun + 7.0
    fossil = np.maximum(load - renewable, 6.0)
    dirty = 0.52 + 0.36 * np.clip(fossil / 50.0, 0, 1)
    raw = 1000 * dirty * fossil / np.maximum(load, fossil + renewable)
    raw = raw + 9.0 * ar1(rng, HOURS, 0.9)
    swing = raw / raw.mean() - 1
    values = IMPORT_MEAN + 255.0 * np.tanh(0.74 * IMPORT_MEAN / 255.0 * swing)
    return values + IMPORT_MEAN - values.mean()


def make_weather(year: Year, demand: np.ndarray) -> Weather:
    """The weather year; ``demand`` is a national load shape with mean 1."""
    front = ar1(stream("fronts"), 366, 0.72)
    elevation, azimuth = sun(year)
    radiation = _radiation(year, elevation, front)
    share = _diffuse_share(radiation, elevation)
    diffuse = radiation * share
    sine = np.maximum(np.sin(np.radians(elevation)), 0.06)
    beam = np.where(elevation > 1.0, np.minimum((radiation - diffuse) / sine, 1000.0), 0.0)
    clear = clear_sky(elevation)
    days = np.bincount(year.day, radiation, 366) / np.maximum(np.bincount(year.day, clear, 366), 1)
    wind, power = _wind(year, front)
    return Weather(
        temperature=_temperature(year, front, days),
        global_horizontal=radiation,
        beam_normal=beam,
        diffuse=diffuse,
        elevation=elevation,
        azimuth=azimuth,
        wind=wind,
        wind_power=power,
        import_intensity=_import_intensity(year, radiation / 1000.0, power, demand),
    )
