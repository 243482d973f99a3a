"""Why a modelled number is what it is: demand of archetypes, sun on roofs."""

import numpy as np

from twinview.energy.demand import Archetype
from twinview.energy.roofs import Placement, place_modules, roof_faces
from twinview.energy.rooftop import AZIMUTH_STEP, TILT_STEP, falling_on
from twinview.energy.solar import Module
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.series import Profiled
from twinview.model.twin import DISTRICT
from twinview.scene.numbers import number
from twinview.session.demand import estimated_row
from twinview.session.solar import sunlight
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Input, Parts, exact
from twinview.session.why.factor import VERIFIED
from twinview.session.why.made import of_devices, series_value
from twinview.session.why.pipes import summed_up

SUN = "P = P_peak·G/1000·(1 + γ·(T_cell − 25))·(1 − losses)·η,  T_cell = T + (NOCT − 20)/800·G"


def is_modelled(asked: Asked) -> bool:
    """Tell whether the number comes from a model of the project."""
    series = asked.series(asked.layer_id, asked.quantity)
    return series is not None and series.meaning.origin == "modelled"


def consumption(asked: Asked) -> Parts:
    """Explain a consumption: the sum over loads, or what an archetype gives."""
    series, model = asked.series(asked.layer_id, asked.quantity), asked.settings.demand
    if not is_modelled(asked) or model is None or not isinstance(series, Profiled):
        return of_devices(asked)
    i = series.time.step_at(asked.twin.time, asked.step) or 0
    entries = series.entries(asked.row)
    found = estimated_row(asked.layer, asked.row, model)
    if found is None or len(entries) != 1:
        return series_value(asked)
    size, row = found
    shape = float(series.profiles[i, series.index[entries[0]]])
    result = size * row.value * shape
    home = row.per == "household"
    inputs = (
        Input(_("Households") if home else _("Floor area"), size, "1" if home else "m²"),
        Input(_("Energy in a year"), row.value, "kWh" if home else "kWh/m²", _archetype(row)),
        Input(_("Profile at this step"), shape, "kW/(kWh/a)"),
    )
    worked = f"{exact(size)} · {exact(row.value)} · {exact(shape)} = {exact(result, 'kW')}"
    lines = (
        _("Nobody metered this building: an archetype says its energy in a year, a standard "
          "profile when it is used."),
        *_spread(series.meaning.spread),
    )  # fmt: skip
    source = _("{source}; {verified}.", source=row.source, verified=_(VERIFIED[row.verified]))
    return Parts("method#profiles", "P(t) = A · q · p(t)", worked, result, lines, inputs,
                 sources=(asked.layer_source(asked.layer_id), source,
                          series.meaning.source))  # fmt: skip


def _archetype(row: Archetype) -> str:
    return _("archetype '{use}' of {climate}", use=row.use, climate=row.climate)


def _spread(spread: float) -> tuple[str, ...]:
    if not spread:
        return ()
    said = _("A single value may be off by {spread:.0f} % either way, the sum of many by less.",
             spread=spread * 100)  # fmt: skip
    return (said,)


def solar(asked: Asked) -> Parts:
    """Explain the power of modules on roofs that is made of geometry and weather."""
    series, model = asked.series(asked.layer_id, asked.quantity), asked.settings.solar
    geometry = asked.layer.geometry
    if not is_modelled(asked) or model is None or geometry is None:
        return of_devices(asked) if asked.quantity == "generation" else series_value(asked)
    assert isinstance(series, Profiled)
    try:
        light, _here = sunlight(asked.twin)
    except CommandError:
        return series_value(asked)
    i = series.time.step_at(asked.twin.time, asked.step) or 0
    entries = series.entries(asked.row)
    planes = _planes(asked, light.latitude < 0)
    if len(planes) != len(entries):
        return series_value(asked)
    sky = falling_on(light, i, planes[:, 0], planes[:, 1], model.sky)
    air, module = float(light.temperature[i]), Module(losses=model.losses)
    inputs, terms, result = [], [], 0.0
    for entry, plane, light_on in zip(entries, planes, sky.tolist(), strict=True):
        peak = float(series.scale[entry])
        cell = air + (module.noct - 20.0) / 800.0 * light_on
        inputs.append(_face(plane, peak, light_on, cell))
        terms.append(_term(peak, light_on, cell, module))
        result += peak * float(series.profiles[i, series.index[entry]])
    inputs += _module(asked, air, module)
    worked = f"{summed_up(terms)} = {exact(result, 'kW')}"
    lines = (
        _("What modules on the roof feed in under the weather of this step."),
        *_spread(series.meaning.spread),
    )
    sources = tuple(asked.layer_source(one.id) for one in asked.twin.of_kind("weather")[-1:])
    return Parts("method#solar", SUN, worked, result, lines, tuple(inputs),
                 ((_("Sky model"), model.sky),),
                 (asked.layer_source(asked.layer_id), *sources, series.meaning.source))  # fmt: skip


def _face(plane: np.ndarray, peak: float, light: float, cell: float) -> Input:
    """Return the modules of one plane as a row."""
    name = _("Modules at {tilt:.0f}°, facing {azimuth:.0f}°", tilt=plane[0], azimuth=plane[1])
    note = _("{light} on them, cells at {cell}", light=exact(light, "W/m²"),
             cell=exact(cell, "°C"))  # fmt: skip
    return Input(name, peak, "kW", note)


def _term(peak: float, light: float, cell: float, module: Module) -> str:
    heat = f"(1 − {number(-module.temperature_coefficient, 2)}·({exact(cell)} − 25))"
    return f"{exact(peak)}·{exact(light)}/1000·{heat}·{1 - module.losses:g}·{module.inverter:g}"


def _module(asked: Asked, air: float, module: Module) -> list[Input]:
    return [
        Input(_("Air"), air, "°C", about=asked.key("temperature", DISTRICT)),
        Input(_("Losses of wires, dirt and mismatch"), module.losses * 100, "%"),
        Input(_("Efficiency of the inverter"), module.inverter * 100, "%"),
        Input(_("Loss of power for each K"), -module.temperature_coefficient * 100, "%"),
        Input(_("Cells in the open at 800 W/m² (NOCT)"), module.noct, "°C"),
    ]


def _planes(asked: Asked, southern: bool) -> np.ndarray:
    """Return tilt and azimuth of a building's planes in the order of its entries. [k, 2]."""
    model, geometry = asked.settings.solar, asked.layer.geometry
    assert model is not None
    assert geometry is not None
    rules = Placement(density=model.density, pitched_share=model.pitched_share,
                      flat_share=model.flat_share, southern=southern)  # fmt: skip
    roofs = roof_faces(geometry.taken(np.array([asked.row])))
    plants = place_modules(roofs, rules)
    used = plants.peak > 0
    tilt = np.round(plants.tilt[used] / TILT_STEP) * TILT_STEP
    azimuth = np.round(plants.azimuth[used] / AZIMUTH_STEP) * AZIMUTH_STEP % 360.0
    return np.asarray(np.unique(np.stack([tilt, azimuth], axis=1), axis=0))
