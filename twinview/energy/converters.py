"""Machines between carriers, and how carbon goes through them: nothing is lost, nothing is made.

A machine takes carriers with known intensities and gives carriers whose intensities follow: all the
carbon that goes in comes out, shared among the outputs by a rule that is a setting, because there
is no natural one. Intensities are in g/kWh of the carrier, temperatures in °C.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats

KELVIN = 273.15
Rule = Literal["energy", "exergy", "efficiency"]
WasteRule = Literal["free", "energy", "exergy"]

# Reference efficiencies of separate generation: WRI/WBCSD GHG Protocol tool "Allocation of GHG
# Emissions from a CHP Plant", v1.0 (2006), defaults for electricity and for steam or hot water.
REFERENCE_POWER, REFERENCE_HEAT = 0.35, 0.80

# Staffell et al. 2012, Energy Environ. Sci. 5, 9291 (doi 10.1039/C2EE22653G): a + b dT + c dT^2,
# and the range of dT = sink - source in K that it was fitted to.
STAFFELL = {
    "air": ((6.81, -0.121, 0.000630), (15.0, 60.0)),
    "ground": ((8.77, -0.150, 0.000734), (20.0, 60.0)),
}


@dataclass(frozen=True, eq=False)
class Shared:
    """Carbon shared among outputs.

    Parameters
    ----------
    intensity
        Of each output; NaN where it gives nothing. Shape [T, o].
    unbooked
        Carbon of steps in which nothing came out that could carry it: stand-by. Same unit as the
        input's power times intensity. Shape [T].
    """

    intensity: Floats
    unbooked: Floats


def share_carbon(carbon: ArrayLike, outputs: ArrayLike, weights: ArrayLike) -> Shared:
    """Share the carbon that went into a machine among what came out.

    Parameters
    ----------
    carbon
        Power times intensity of all inputs. Shape [T].
    outputs
        Power of each output, not negative. Shape [T, o].
    weights
        What a kWh of each counts. Shape [T, o] or [o].

    Raises
    ------
    ValueError
        An output or a weight is negative.
    """
    mass = np.asarray(carbon, dtype=np.float64)
    power = np.asarray(outputs, dtype=np.float64)
    weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), power.shape)
    if (power < 0).any() or (weight < 0).any() or power.ndim != 2:
        raise ValueError("outputs and weights must not be negative")
    counted = (power * weight).sum(axis=1)
    rate = np.zeros_like(mass)
    np.divide(mass, counted, out=rate, where=counted > 0)
    intensity = np.where(power > 0, weight * rate[:, None], np.nan)
    return Shared(intensity, np.where(counted > 0, 0.0, mass))


def carnot_cop(
    source: ArrayLike, sink: ArrayLike, quality: ArrayLike, *, highest: float = 10.0
) -> Floats:
    """Return the coefficient of performance of a heat pump: quality x T_sink / (T_sink - T_source).

    Parameters
    ----------
    source, sink
        Where heat is taken from, and given to. Shape [T].
    quality
        Share of the ideal (Carnot) machine that it reaches, above 0 and up to 1.
    highest
        Limit where the two are close; the formula has none.

    Raises
    ------
    ValueError
        The quality is no share.
    """
    if not _is_share(quality):
        raise ValueError("quality is a share of the ideal machine: above 0 and up to 1")
    return _carnot(source, sink, np.asarray(sink, np.float64) + KELVIN, quality, highest)


def carnot_eer(
    cold: ArrayLike, ambient: ArrayLike, quality: ArrayLike, *, highest: float = 15.0
) -> Floats:
    """Return the cold a chiller gives for its electricity: quality x T_cold / (T_amb - T_cold).

    Parameters
    ----------
    cold, ambient
        Where heat is taken from, and given to. Shape [T].
    quality, highest
        As of `carnot_cop`.

    Raises
    ------
    ValueError
        The quality is no share.
    """
    if not _is_share(quality):
        raise ValueError("quality is a share of the ideal machine: above 0 and up to 1")
    return _carnot(cold, ambient, np.asarray(cold, np.float64) + KELVIN, quality, highest)


def _carnot(
    low: ArrayLike, high: ArrayLike, wanted: Floats, quality: ArrayLike, highest: float
) -> Floats:
    lift = np.asarray(high, np.float64) - np.asarray(low, np.float64)
    ideal = np.full(np.broadcast_shapes(lift.shape, wanted.shape), np.inf)
    np.divide(wanted, lift, out=ideal, where=lift > 0)
    return np.asarray(np.minimum(np.asarray(quality) * ideal, highest), dtype=np.float64)


def measured_cop(kind: Literal["air", "ground"], lift: ArrayLike) -> Floats:
    """Return the mean coefficient of performance of heat pumps on sale (Staffell et al. 2012).

    Parameters
    ----------
    kind
        Source: air or ground.
    lift
        Sink less source in K; beyond the range of the fit its ends are used. Shape [T].
    """
    (constant, linear, square), (low, high) = STAFFELL[kind]
    step = np.clip(np.asarray(lift, dtype=np.float64), low, high)
    return np.asarray(constant + linear * step + square * step**2, dtype=np.float64)


def heat_pump(electricity: ArrayLike, cop: ArrayLike, source: ArrayLike = 0.0) -> Floats:
    """Return the intensity of the heat of a heat pump: (e_el + (COP - 1) e_source) / COP.

    Parameters
    ----------
    electricity
        Intensity of the electricity. Shape [T].
    cop
        Coefficient of performance, at least 1. Shape [T].
    source
        Intensity of the heat taken up: 0 for air and ground, that of `waste_heat` for a data
        centre's. Shape [T].

    Raises
    ------
    ValueError
        A coefficient of performance is below 1.
    """
    ratio = np.asarray(cop, dtype=np.float64)
    if (ratio < 1).any():
        raise ValueError("a heat pump gives at least the electricity it takes: cop >= 1")
    taken = (ratio - 1.0) * np.asarray(source, np.float64)
    return np.asarray((np.asarray(electricity, np.float64) + taken) / ratio, dtype=np.float64)


def chiller(electricity: ArrayLike, eer: ArrayLike) -> Floats:
    """Return the intensity of cold: e_el / EER.

    Parameters
    ----------
    electricity
        Intensity of the electricity. Shape [T].
    eer
        Cold for each unit of electricity, above 0. Shape [T].

    Raises
    ------
    ValueError
        A ratio is not positive.
    """
    ratio = np.asarray(eer, dtype=np.float64)
    if (ratio <= 0).any():
        raise ValueError("eer must be above 0")
    return np.asarray(np.asarray(electricity, np.float64) / ratio, dtype=np.float64)


def boiler(fuel: ArrayLike, efficiency: ArrayLike) -> Floats:
    """Return the intensity of a boiler's heat: e_fuel / efficiency.

    Parameters
    ----------
    fuel
        Intensity of the fuel, by lower heating value. Shape [T].
    efficiency
        By the same heating value, so a condensing boiler may pass 1. Shape [T].

    Raises
    ------
    ValueError
        The efficiency is out of range.
    """
    ratio = np.asarray(efficiency, dtype=np.float64)
    if ((ratio <= 0) | (ratio > 1.12)).any():  # noqa: PLR2004 - HHV/LHV of hydrogen and methane
        raise ValueError("efficiency must lie above 0 and up to 1.12 (by lower heating value)")
    return np.asarray(np.asarray(fuel, np.float64) / ratio, dtype=np.float64)


def chp(
    fuel: ArrayLike,
    power_efficiency: ArrayLike,
    heat_efficiency: ArrayLike,
    rule: Rule,
    *,
    supply: ArrayLike = 90.0,
    back: ArrayLike = 50.0,
    ambient: ArrayLike = 10.0,
    references: tuple[float, float] = (REFERENCE_POWER, REFERENCE_HEAT),
) -> tuple[Floats, Floats]:
    """Return the intensities of power and heat of a combined plant.

    Parameters
    ----------
    fuel
        Intensity of the fuel. Shape [T].
    power_efficiency, heat_efficiency
        Output over fuel; together at most 1.12. Shape [T].
    rule
        "energy": a kWh of heat counts as one of power. "exergy": heat counts by the power it could
        give, 1 - T0/T. "efficiency": each counts by the fuel that separate generation would need
        (GHG Protocol; with the EU's references it is the Finnish method).
    supply, back, ambient
        For "exergy".
    references
        Efficiencies of separate generation of power and heat, for "efficiency".

    Raises
    ------
    ValueError
        An efficiency is out of range, or the rule is not known.
    """
    rate = np.atleast_1d(np.asarray(fuel, dtype=np.float64))
    shape = np.broadcast_shapes(rate.shape, np.shape(power_efficiency), np.shape(heat_efficiency))
    each = (np.asarray(one, np.float64) for one in (power_efficiency, heat_efficiency))
    outputs = np.stack([np.broadcast_to(one, shape) for one in each], axis=1)
    if (outputs <= 0).any() or (outputs.sum(axis=1) > 1.12).any():  # noqa: PLR2004
        raise ValueError("efficiencies must be above 0 and together at most 1.12")
    heat = heat_quality(supply, back, ambient) if rule == "exergy" else np.ones(shape)
    weights = np.stack([np.ones(shape), np.broadcast_to(heat, shape)], axis=1)
    if rule == "efficiency":
        weights = weights / np.asarray(references)
    elif rule not in ("energy", "exergy"):
        raise ValueError(f"rule must be energy, exergy or efficiency, not {rule!r}")
    found = share_carbon(np.broadcast_to(rate, shape), outputs, weights).intensity
    return found[:, 0], found[:, 1]


def heat_quality(supply: ArrayLike, back: ArrayLike, ambient: ArrayLike) -> Floats:
    """Return the power that a kWh of heat could give: 1 - T0 / T_mean, with the logarithmic mean.

    Parameters
    ----------
    supply, back
        Of the water that carries the heat; they may be equal. Shape [T].
    ambient
        Shape [T].

    Raises
    ------
    ValueError
        The heat is not warmer than the ambient.
    """
    hot, cool, cold = (np.asarray(one, np.float64) + KELVIN for one in (supply, back, ambient))
    if (cool > hot).any() or (cool < cold).any():
        raise ValueError("temperatures must fall from supply to return to ambient")
    ratio = np.log(hot / cool)
    mean = np.broadcast_to(hot, ratio.shape).copy()
    np.divide(hot - cool, ratio, out=mean, where=ratio > 0)
    return np.asarray(1.0 - cold / mean, dtype=np.float64)


def waste_heat(
    electricity: ArrayLike,
    power: ArrayLike,
    heat: ArrayLike,
    rule: WasteRule,
    *,
    temperature: ArrayLike = 30.0,
    ambient: ArrayLike = 10.0,
) -> Shared:
    """Share the carbon of a data centre's electricity between its service and the heat it gives.

    Parameters
    ----------
    electricity
        Intensity of the electricity. Shape [T].
    power
        Of the whole site, cooling included (IT power times PUE), in kW. Shape [T].
    heat
        Recovered, in kW, at most `power`. Shape [T].
    rule
        "free": all carbon stays with the service, as it would arise without recovery (usual).
        "energy" and "exergy" give the heat a part: by kWh, or by what power it could give.
    temperature, ambient
        For "exergy".

    Returns
    -------
    Shared
        Intensities of the service (for each kWh of `power`) and of the heat.

    Raises
    ------
    ValueError
        More heat is given than power is taken.
    """
    used, given = np.asarray(power, np.float64), np.asarray(heat, np.float64)
    if (given > used * (1 + 1e-9)).any():
        raise ValueError("a data centre gives no more heat than it takes power")
    weight: Floats = np.zeros(given.shape)
    if rule == "energy":
        weight = np.ones(given.shape)
    elif rule == "exergy":
        weight = weight + heat_quality(temperature, temperature, ambient)
    elif rule != "free":
        raise ValueError(f"rule must be free, energy or exergy, not {rule!r}")
    carbon = np.asarray(electricity, np.float64) * used
    weights = np.stack([np.ones(given.shape), weight], axis=1)
    return share_carbon(carbon, np.stack([used, given], axis=1), weights)


def _is_share(values: ArrayLike) -> bool:
    share = np.asarray(values, dtype=np.float64)
    return bool(((share > 0) & (share <= 1)).all())
