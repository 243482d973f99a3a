"""Profile columns of the demo year: shapes with mean 1 for loads, shares of rated power for
generators. A device's power in W is its column times its ``scale_w``.
"""

from __future__ import annotations

import datetime as dt
import warnings
from typing import TYPE_CHECKING

import numpy as np
from demandlib import bdew

from demo_base import HOURS, stream
from demo_weather import Weather, Year, ar1

if TYPE_CHECKING:
    import pandas as pd

HOUSEHOLD_SHAPES = 48
PV_PLANES = {  # azimuth and tilt in degrees; None: east and west halves
    "pv_s": (180, 38),
    "pv_se": (135, 38),
    "pv_sw": (225, 38),
    "pv_e": (90, 38),
    "pv_w": (270, 38),
    "pv_flat": (None, 12),
    "pv_park": (180, 20),
}
HEAT_PUMPS = {  # heating limit C, memory of the house h, flow at -12 C, set-back at night
    "hp_old_a": (16.0, 14, 52, True),
    "hp_old_b": (16.5, 20, 50, False),
    "hp_mid_a": (15.0, 24, 46, True),
    "hp_mid_b": (15.0, 30, 45, False),
    "hp_mid_c": (15.5, 22, 47, True),
    "hp_new_a": (13.0, 44, 38, False),
    "hp_new_b": (12.5, 40, 36, True),
    "hp_new_c": (13.5, 52, 37, False),
}
HOLIDAYS = [
    (1, 1),
    (1, 6),
    (3, 29),
    (4, 1),
    (5, 1),
    (5, 9),
    (5, 20),
    (5, 30),
    (10, 3),
    (11, 1),
    (12, 25),
    (12, 26),
]
SCHOOL_BREAKS = [
    ((1, 1), (1, 7)),
    ((2, 12), (2, 16)),
    ((3, 23), (4, 5)),
    ((5, 20), (6, 1)),
    ((7, 25), (9, 8)),
    ((10, 28), (11, 2)),
    ((12, 22), (12, 31)),
]


def mean_one(values: np.ndarray) -> np.ndarray:
    """The series divided by its mean."""
    return values / values.mean()


def standard_profiles(year: Year) -> pd.DataFrame:
    """BDEW standard load profiles of 2024 as hourly power with mean 1, on the UTC axis."""
    holidays = {dt.date(2024, m, d): "holiday" for m, d in HOLIDAYS}
    names = ("h0_dyn", "g0", "g1", "g2", "g3", "g4", "g5")
    with warnings.catch_warnings():  # demandlib turns every later warning into an error
        slp = bdew.ElecSlp(2024, holidays=holidays)
        frame = slp.get_scaled_power_profiles(dict.fromkeys(names, 1000.0))
    hourly = frame.resample("h").mean()
    wall = year.local.tz_localize(None)
    return (hourly / hourly.mean()).loc[wall].reset_index(drop=True)


def weekend(year: Year) -> np.ndarray:
    """True on Saturdays, Sundays and holidays."""
    days = {(d.month, d.day) for d in (dt.date(2024, m, x) for m, x in HOLIDAYS)}
    free = np.array([(t.month, t.day) in days for t in year.local])
    return (year.local.dayofweek.to_numpy() >= 5) | free


def _bump(hour: np.ndarray, at: float, width: float) -> np.ndarray:
    gap = (hour - at + 12) % 24 - 12
    return np.exp(-0.5 * (gap / width) ** 2)


HABITS = [  # (hour, width, weight) on working days: workers, retired, family, home office, late
    [(6.3, 1.0, 0.9), (18.8, 1.9, 1.2)],
    [(8.5, 1.4, 0.6), (11.8, 1.2, 1.2), (18.0, 1.8, 0.6)],
    [(6.8, 0.9, 1.0), (13.0, 1.3, 0.5), (18.2, 2.2, 1.3)],
    [(8.0, 1.3, 0.6), (13.0, 3.4, 0.7), (19.0, 2.0, 0.9)],
    [(9.5, 1.2, 0.5), (20.8, 1.9, 1.5)],
]


def _spikes(rng: np.random.Generator, expect: np.ndarray) -> np.ndarray:
    """Cooking, washing, drying: single hours, likelier when people are at home."""
    per_day = rng.uniform(2.6, 4.4)
    chance = np.clip(per_day / 24 * expect / expect.mean(), 0, 0.6)
    hit = rng.random(HOURS) < chance
    return hit * rng.gamma(5.0, 0.2, HOURS)


def household_shapes(year: Year, h0: np.ndarray) -> dict[str, np.ndarray]:
    """48 household curves: the standard profile shifted, bent by habits, noisy, with holidays."""
    free = weekend(year)
    shapes = {}
    for k in range(HOUSEHOLD_SHAPES):
        rng = stream(f"household {k}")
        shift = rng.uniform(-1.2, 1.2)
        base = np.interp(np.arange(HOURS) - shift, np.arange(HOURS), h0)
        habit = np.full(HOURS, 0.35)
        for at, width, weight in HABITS[k % len(HABITS)]:
            moved = year.hour + 0.5 - free * 1.4 - rng.normal(0, 0.4)
            habit = habit + weight * rng.uniform(0.8, 1.2) * _bump(moved, at, width)
        bent = base * (0.45 + 0.55 * habit / habit.mean())
        noisy = bent * np.exp(0.22 * ar1(rng, HOURS, 0.55) + 0.12 * ar1(rng, HOURS, 0.985))
        noisy = 0.72 * mean_one(noisy) + 0.28 * mean_one(_spikes(rng, bent))
        for _ in range(int(rng.integers(1, 4))):
            start = int(rng.choice([*range(30, 70), *range(85, 100), *range(140, 250), 298, 355]))
            away = (year.day >= start) & (year.day < start + int(rng.integers(5, 15)))
            noisy[away] = 0.24 + 0.12 * rng.random(int(away.sum()))
        shapes[f"hh_{k:02d}"] = mean_one(np.maximum(noisy, 0.12))
    return shapes


def cop(outside: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Coefficient of performance of an air-source heat pump.

    The curve 6.08 - 0.09 dT + 0.0005 dT2 is that of When2Heat (Ruhnau, Hirth, Praktiknjo 2019).
    The factor 0.95 brings the year to the 3.4 that field tests of recent pumps found.
    """
    lift = np.clip(flow - outside, 15.0, 75.0)
    return np.clip(0.95 * (6.08 - 0.09 * lift + 0.0005 * lift**2), 1.6, 5.6)


def _memory(values: np.ndarray, hours: float) -> np.ndarray:
    keep = np.exp(-1.0 / hours)
    out = np.empty_like(values)
    out[0] = values[:48].mean()
    for i in range(1, len(values)):
        out[i] = keep * out[i - 1] + (1 - keep) * values[i]
    return out


def heat_pump_shapes(
    year: Year, weather: Weather
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Heat-pump curves and the seasonal performance factor of each."""
    shapes, factors = {}, {}
    for name, (limit, hours, flow_cold, setback) in HEAT_PUMPS.items():
        rng = stream(name)
        outside = weather.temperature
        felt = 0.45 * outside + 0.55 * _memory(outside, hours)
        demand = np.maximum(limit - felt, 0.0)
        night = (year.hour >= 22) | (year.hour < 5)
        boost = (year.hour >= 5) & (year.hour < 8)
        if setback:
            demand = demand * np.where(night, 0.78, np.where(boost, 1.10, 1.0))
        clock = year.hour + 0.5 + rng.uniform(-2.2, 2.2)
        water = 0.35 + _bump(clock, 6.8, 1.4) + 0.7 * _bump(clock, 20.0, 2.0)
        share = 0.16 if "old" in name else 0.20 if "mid" in name else 0.30
        space = mean_one(demand) * np.exp(0.10 * ar1(rng, HOURS, 0.5))
        hot = mean_one(water * np.exp(0.25 * rng.standard_normal(HOURS)))
        flow = np.clip(24 + (flow_cold - 24) * np.clip((20 - outside) / 32, 0, 1.1), 26, None)
        power = (1 - share) * space / cop(outside, flow) + share * hot / cop(
            outside, np.full(HOURS, 50.0)
        )
        heat = (1 - share) * space + share * hot
        factors[name] = float(heat.sum() / power.sum())
        shapes[name] = mean_one(power + 0.004)
    return shapes, factors


def pv_shapes(weather: Weather) -> dict[str, np.ndarray]:
    """PV power per kWp: beam and isotropic diffuse on the plane, warm cells, losses 13 %."""
    shapes = {}
    sine = np.sin(np.radians(weather.elevation))
    for name, (azimuth, tilt) in PV_PLANES.items():
        light = np.zeros(HOURS)
        sides = [90, 270] if azimuth is None else [azimuth]
        slope = np.radians(tilt)
        for side in sides:
            turn = np.radians(weather.azimuth - side)
            incidence = np.cos(slope) * sine + np.sin(slope) * np.cos(
                np.radians(weather.elevation)
            ) * np.cos(turn)
            plane = weather.beam_normal * np.maximum(incidence, 0)
            plane += weather.diffuse * (1 + np.cos(slope)) / 2
            plane += 0.2 * weather.global_horizontal * (1 - np.cos(slope)) / 2
            light += plane / len(sides)
        cell = weather.temperature + 0.031 * light
        power = 0.87 * light / 1000 * (1 - 0.0037 * (cell - 25))
        shapes[name] = np.where(light > 8, np.clip(power, 0, 1.0), 0.0)
    return shapes


def _in_breaks(year: Year) -> np.ndarray:
    stamp = year.local.month.to_numpy() * 100 + year.local.day.to_numpy()
    inside = np.zeros(HOURS, dtype=bool)
    for (m1, d1), (m2, d2) in SCHOOL_BREAKS:
        inside |= (stamp >= m1 * 100 + d1) & (stamp <= m2 * 100 + d2)
    return inside


def cooling_overhead(temperature: np.ndarray) -> np.ndarray:
    """Hourly PUE of the data centre: free cooling when cold, chillers when warm."""
    return 1.20 + 0.22 / (1 + np.exp(-(temperature - 19.0) / 3.5))


def _ev_hub(year: Year, free: np.ndarray) -> np.ndarray:
    rng = stream("ev hub")
    hour = year.hour + 0.5
    work = 0.12 + 0.8 * _bump(hour, 8.2, 1.4) + 0.9 * _bump(hour, 12.8, 1.8)
    work += 1.5 * _bump(hour, 17.8, 2.2)
    rest = 0.12 + 1.3 * _bump(hour, 13.5, 3.2) + 0.7 * _bump(hour, 18.5, 2.0)
    level = np.where(free, 0.85 * rest, work) * (1 + 0.1 * np.cos(2 * np.pi * year.day / 366))
    return rng.poisson(level * 7) / 7.0 * 0.75 + 0.25 * level + 0.02


def special_shapes(year: Year, weather: Weather, slp: pd.DataFrame) -> dict[str, np.ndarray]:
    """Curves of school, clinic, shops, factory, data centre, EV hub and 5G masts."""
    free, rng = weekend(year), stream("special")
    hour, temperature = year.hour, weather.temperature
    winter = 1 + 0.25 * np.cos(2 * np.pi * (year.day - 15) / 366)
    school = 0.14 + slp.g1.to_numpy() * np.where(_in_breaks(year), 0.16, 1.0) * winter
    clinic = 0.55 * slp.g3.to_numpy() + 0.45 * slp.g1.to_numpy()
    clinic = clinic * (1 + 0.02 * np.maximum(temperature - 22, 0))
    shift = np.where(free, 0.22, np.where((hour >= 6) & (hour < 22), 1.0, 0.34))
    shift = shift * np.where((year.day >= 359) | (year.day < 6), 0.35, 1.0)
    factory = shift * (1 + 0.06 * ar1(rng, HOURS, 0.7) - 0.10 * (hour == 12))
    computing = 0.86 + 0.07 * _bump(hour + 0.5, 14, 5) + 0.03 * ar1(rng, HOURS, 0.97)
    traffic = 0.12 + 0.5 * _bump(hour + 0.5, 13, 4.0) + 0.7 * _bump(hour + 0.5, 20.3, 2.6)
    traffic = np.clip(traffic * np.exp(0.08 * ar1(rng, HOURS, 0.6)), 0, 1)
    noise = np.exp(0.05 * ar1(rng, HOURS, 0.5))
    return {
        "school": mean_one(school * noise),
        "clinic": mean_one(clinic * np.exp(0.04 * ar1(rng, HOURS, 0.5))),
        "shop_day": mean_one(slp.g4.to_numpy() * np.exp(0.07 * ar1(rng, HOURS, 0.5))),
        "shop_bakery": mean_one(slp.g5.to_numpy() * np.exp(0.07 * ar1(rng, HOURS, 0.5))),
        "shop_evening": mean_one(slp.g2.to_numpy() * np.exp(0.07 * ar1(rng, HOURS, 0.5))),
        "trade": mean_one(slp.g0.to_numpy() * np.exp(0.07 * ar1(rng, HOURS, 0.5))),
        "factory": mean_one(factory),
        "data_centre": mean_one(computing * cooling_overhead(temperature)),
        "ev_hub": mean_one(_ev_hub(year, free)),
        "mast_5g": mean_one(2.25 + 1.55 * traffic),
    }


def make_profiles(
    year: Year, weather: Weather, slp: pd.DataFrame
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """All profile columns, and the seasonal performance factors of the heat pumps."""
    pumps, factors = heat_pump_shapes(year, weather)
    columns = household_shapes(year, slp.h0_dyn.to_numpy())
    columns |= pumps | pv_shapes(weather) | {"wind": weather.wind_power}
    columns |= special_shapes(year, weather, slp)
    columns["import_intensity"] = weather.import_intensity
    return columns, factors
