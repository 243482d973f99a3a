"""Solar power on roofs from the settings of a project: which roofs, which weather."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.energy.roofs import Placement, Roofs, roof_faces
from twinview.energy.rooftop import SPREAD, Rooftops, Sunlight, as_said, rooftops
from twinview.energy.solar import Module, check_yield
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.series import Meaning, Profiled, Series
from twinview.model.twin import BASE, DISTRICT, Layer, Twin
from twinview.readers.crs import reproject
from twinview.session.models import SolarModel
from twinview.session.project import Settings
from twinview.session.stock import MOST_NAMED
from twinview.session.weather import Station, station

FAR = 50.0
"""km from which on a station is said to be far."""
YEAR_HOURS = 8760.0
_EARTH = 6371.0


def solar_of(twin: Twin, settings: Settings) -> tuple[list[Series], list[Problem]]:
    """Return the solar potential of roofs and the power of plants, and what was assumed.

    Raises
    ------
    CommandError
        There is no weather, or there are no buildings with a shape.
    """
    model = settings.solar
    assert model is not None
    light, here = sunlight(twin)
    layers = [
        one
        for one in twin.of_kind("building")
        if one.geometry is not None and one.geometry.kind in ("polygon", "surface")
    ]
    if not layers:
        raise CommandError(
            _("There are no buildings with a shape in this project, so there are no roofs.")
        )
    series: list[Series] = []
    problems = _far(twin, here)
    for layer in layers:
        made, said = _of_layer(twin, layer, model, light, here)
        series += made
        problems += said
    return series, problems


def sunlight(twin: Twin) -> tuple[Sunlight, Station]:
    """Return the weather that solar power is made of, and its station.

    Raises
    ------
    CommandError
        The district holds no weather.
    """
    here = station(twin)
    names = ("global_irradiance", "beam_irradiance", "diffuse_irradiance", "temperature")
    found = [twin.find(DISTRICT, name) for name in names]
    if here is None or found[0] is None or found[3] is None:
        raise CommandError(
            _(
                "There is no weather in this project, and a clear sky alone would give far too "
                "much; add an EPW file of the region."
            )
        )
    axis = found[0].time
    empty = np.full(axis.count, np.nan)
    ghi, dni, dhi, air = (empty if s is None else s.of(0).astype(np.float64) for s in found)
    return Sunlight(axis, here.latitude, here.longitude, ghi, dni, dhi, air), here


def _of_layer(
    twin: Twin, layer: Layer, model: SolarModel, light: Sunlight, here: Station
) -> tuple[list[Series], list[Problem]]:
    assert layer.geometry is not None
    roofs = roof_faces(layer.geometry)
    rules = Placement(
        density=model.density,
        pitched_share=model.pitched_share,
        flat_share=model.flat_share,
        southern=here.latitude < 0,
    )
    try:
        module = Module(losses=model.losses)
        found = rooftops(roofs, len(layer), light, rules=rules, module=module, sky=model.sky)
    except ValueError as error:
        raise CommandError(str(error)) from error
    source = _("roofs of the district, weather of {station}, sky model {sky}",
               station=here.name, sky=model.sky)  # fmt: skip
    series: list[Series] = [_series(layer, "pv_potential", found, light, source)]
    problems = [_summary(layer, found, model, here), *_assumed(layer, roofs, rules)]
    problems += _yields(layer, found, light)
    if model.plants != "none":
        made, said = _plants(twin, layer, model, found)
        problems += said
        if made is not None:
            series.append(_series(layer, "generation", made, light, source))
    return series, problems


def _series(layer: Layer, quantity: str, found: Rooftops, light: Sunlight, source: str) -> Profiled:
    return Profiled(
        Meaning(layer.id, quantity, "kW", BASE, "modelled", source, SPREAD),
        light.axis,
        found.profiles.astype(np.float32),
        found.index.astype(np.int32),
        found.scale.astype(np.float32),
        found.element.astype(np.int32),
        len(layer),
    )


def _plants(
    twin: Twin, layer: Layer, model: SolarModel, found: Rooftops
) -> tuple[Rooftops | None, list[Problem]]:
    """Return the roofs that feed in: all, or those whose peak power is known."""
    if twin.find(layer.id, "generation") is not None:
        message = _(
            "'{layer}' has a generation already, which stays as it is; only the potential was "
            "modelled.",
            layer=_(layer.title),
        )
        return None, [Problem("info", "solar.given", message, layer=layer.id)]
    if model.plants == "all":
        return found, []
    if not layer.has(model.column):
        raise CommandError(
            _(
                "The layer '{layer}' has no column '{column}' of the peak power of its plants; "
                "name it with column=NAME, or choose 'all' roofs.",
                layer=layer.id,
                column=model.column,
            )
        )
    said = layer.numbers(model.column)
    bare = (said > 0) & (found.peak <= 0)
    problems = []
    if bare.any():
        message = _(
            "{count} plants of '{layer}' stand on buildings without a roof face that suits; they "
            "got no power.",
            count=int(bare.sum()),
            layer=_(layer.title),
        )
        ids = tuple(str(one) for one in layer.ids[bare][:MOST_NAMED])
        problems = [Problem("warning", "solar.no_roof", message, "", "", layer.id, ids)]
    return as_said(found, said), problems


def _annual(found: Rooftops) -> npt.NDArray[np.float64]:
    """Return the energy of each building in kWh a year; a shorter span is scaled to a year."""
    each = np.nanmean(found.profiles, axis=0) * YEAR_HOURS
    made = np.bincount(found.element, each[found.index] * found.scale, minlength=found.peak.size)
    return np.asarray(made, dtype=np.float64)


def _summary(layer: Layer, found: Rooftops, model: SolarModel, here: Station) -> Problem:
    peak, energy = float(found.peak.sum()), float(_annual(found).sum())
    message = _(
        "{count} of {all} buildings of '{layer}' have roof faces that suit: {peak:,.0f} kWp, "
        "{energy:,.0f} MWh a year, {specific:.0f} kWh/kWp, each building within ±{spread:.0f} %; "
        "weather of {station}, sky model {sky}, no shadows of neighbours.",
        count=int((found.peak > 0).sum()),
        all=len(layer),
        layer=_(layer.title),
        peak=peak,
        energy=energy / 1000,
        specific=energy / peak if peak else 0.0,
        spread=SPREAD * 100,
        station=here.name,
        sky=model.sky,
    )
    return Problem("info", "solar.modelled", message, layer=layer.id)


def _assumed(layer: Layer, roofs: Roofs, rules: Placement) -> list[Problem]:
    """Say where nobody knows the shape of a roof."""
    which = np.unique(roofs.element[roofs.assumed])
    if not which.size:
        return []
    message = _(
        "The roofs of {count} of {all} buildings of '{layer}' are not modelled; they are taken as "
        "flat over the whole footprint, with modules at {tilt:g}° on {share:.0%} of it.",
        count=which.size,
        all=len(layer),
        layer=_(layer.title),
        tilt=rules.flat_tilt,
        share=rules.flat_share,
    )
    if layer.geometry is not None and layer.geometry.kind == "surface":
        message = _(
            "The faces of {count} of {all} buildings of '{layer}' have no names; those that look "
            "up are taken for roofs.",
            count=which.size,
            all=len(layer),
            layer=_(layer.title),
        )
    ids = tuple(str(one) for one in layer.ids[which][:MOST_NAMED])
    fix = _("Add a city model of level of detail 2 to have roofs as they are.")
    return [Problem("info", "solar.roof_assumed", message, fix, layer=layer.id, element_ids=ids)]


def _yields(layer: Layer, found: Rooftops, light: Sunlight) -> list[Problem]:
    if light.axis.count * light.axis.step < 0.99 * YEAR_HOURS * 3600:
        return []
    return [replace(one, layer=layer.id) for one in check_yield(_annual(found), found.peak)]


def _far(twin: Twin, here: Station) -> list[Problem]:
    """Say where the weather is from another region."""
    if not twin.crs:
        return []
    lon, lat, _height = reproject(np.array([twin.origin]), twin.crs, "EPSG:4326")[0]
    a, b = np.radians([lat, here.latitude])
    turn = np.radians(lon - here.longitude)
    cosine = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(turn)
    away = float(_EARTH * np.arccos(np.clip(cosine, -1.0, 1.0)))
    if away <= FAR:
        return []
    message = _(
        "The weather is of {station}, {away:,.0f} km from the district.",
        station=here.name,
        away=away,
    )
    fix = _("Add an EPW file of a station nearby.")
    return [Problem("warning", "solar.far", message, fix)]
