"""Demand of buildings from the settings of a project: which steps, figures and profiles."""

from collections import Counter
from dataclasses import replace

import numpy as np

from twinview.energy.demand import (
    ANYWHERE,
    SPREAD,
    Archetype,
    Estimate,
    check_feeders,
    estimate,
    read_archetypes,
)
from twinview.energy.profiles import SOURCE, assign, profiles, year_axis
from twinview.energy.uses import WITHOUT
from twinview.i18n import _
from twinview.model.assemble import clock
from twinview.model.problem import CommandError, Problem, worst_first
from twinview.model.series import Meaning, Profiled, Series, total
from twinview.model.time import TimeAxis
from twinview.model.twin import BASE, Layer, Twin
from twinview.session.models import DemandModel
from twinview.session.project import Settings
from twinview.session.stock import MOST_NAMED, Stock, stock_of
from twinview.session.weather import weather_series

YEAR_HOURS = 8760.0
COMMAND = "model.demand"


def climates() -> tuple[str, ...]:
    """Return the zones of the shipped archetypes: that with most rows, anywhere, the others."""
    rows = Counter(one.climate for one in read_archetypes())
    zones = [zone for zone, _count in rows.most_common() if zone != ANYWHERE]
    return (zones[0], ANYWHERE, *sorted(zones[1:]))


def archetypes_of(model: DemandModel) -> tuple[Archetype, ...]:
    """Return the archetypes of a model: the user's own rows go before those they stand for."""
    own = {(one.use, one.climate, one.carrier) for one in model.own}
    shipped = [r for r in read_archetypes() if (r.use, r.climate, r.carrier) not in own]
    return (*shipped, *model.own)


def axis_of(twin: Twin, model: DemandModel) -> TimeAxis:
    """Return the steps of modelled demand.

    Parameters
    ----------
    twin
        The district without modelled series.
    model
        Its year and zone.

    Raises
    ------
    CommandError
        The model names what is not there, or year and zone are needed and not given, or do not fit
        what the district's clock follows.
    """
    _check_words(model, archetypes_of(model))
    weather = weather_series(twin)
    others = clock([one.time for one in twin.series.values() if one not in weather])
    tz = model.tz or twin.time.tz
    if not others.static:
        years = (others.at(0).year, others.at(others.count - 1).year)
        if model.year is not None and not years[0] <= model.year <= years[1]:
            raise CommandError(
                _(
                    "The district's clock runs from {begin} to {end}; leave the year {year} out.",
                    begin=others.at(0).date().isoformat(),
                    end=others.at(others.count - 1).date().isoformat(),
                    year=model.year,
                )
            )
        return _zoned(others, tz)
    if model.year is None and weather:
        return _zoned(weather[0].time, tz)
    if model.year is None or (not model.tz and not weather):
        raise CommandError(
            _(
                "Nothing in this district has times, so the year and the zone of the demand are "
                "needed, such as year=2023;tz=Europe/Berlin."
            )
        )
    _zoned(others, tz)
    return year_axis(model.year, tz, model.step_minutes * 60)


def _zoned(axis: TimeAxis, tz: str) -> TimeAxis:
    try:
        return replace(axis, tz=tz)
    except ValueError as error:
        raise CommandError(f"{error}.") from error


def demand_of(twin: Twin, settings: Settings) -> tuple[list[Series], list[Problem]]:
    """Return the consumption of buildings without one, and what was assumed.

    Raises
    ------
    CommandError
        There are no buildings, or the model names what is not there.
    """
    model = settings.demand
    assert model is not None
    layers = twin.of_kind("building")
    if not layers:
        raise CommandError(
            _("There are no buildings in this project; say what a layer is with --kind=building.")
        )
    table = archetypes_of(model)
    series: list[Series] = []
    problems: list[Problem] = []
    for layer in layers:
        if twin.find(layer.id, "consumption") is not None:
            problems.append(_has_one(layer))
            continue
        made, said = _of_layer(twin.time, layer, model, table)
        series += made
        problems += said
    if not series:
        why = worst_first(problems)[0]
        raise CommandError(f"{why.message} {why.fix}".strip())
    return series, [*problems, *_against_grid(twin, series)]


def _check_words(model: DemandModel, table: tuple[Archetype, ...]) -> None:
    zones = {one.climate for one in table}
    if model.climate not in zones:
        raise CommandError(
            _(
                "There are no archetypes of '{climate}'; there are {known}.",
                climate=model.climate,
                known=", ".join(sorted(zones)),
            )
        )
    uses = {one.use for one in table if one.carrier == "electricity"}
    if model.otherwise and model.otherwise not in uses:
        raise CommandError(
            _(
                "There are no archetypes of the use '{use}'; there are {known}.",
                use=model.otherwise,
                known=", ".join(sorted(uses)),
            )
        )


def _of_layer(
    axis: TimeAxis, layer: Layer, model: DemandModel, table: tuple[Archetype, ...]
) -> tuple[list[Series], list[Problem]]:
    stock = stock_of(layer, model, [one.use for one in table])
    found, named = _estimated(stock, layer, model, table)
    energy = np.full(len(layer), np.nan)
    energy[named] = found.energy
    rows = np.flatnonzero(np.isfinite(energy))
    problems = [*stock.problems, *(_placed(one, layer) for one in found.problems)]
    if not rows.size:
        return [], problems
    chosen = assign([stock.uses[row] for row in rows])
    try:
        shapes = profiles(axis, chosen.names, model.holidays)
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    source = _("archetypes of {climate} times floor area, spread by {profiles}",
               climate=model.climate, profiles=SOURCE)  # fmt: skip
    series = Profiled(
        Meaning(layer.id, "consumption", "kW", BASE, "modelled", source, SPREAD),
        axis,
        shapes.astype(np.float32),
        chosen.index.astype(np.int32),
        energy[rows].astype(np.float32),
        rows.astype(np.int32),
        len(layer),
    )
    return [series], [_summary(layer, energy, model, axis), *problems]


def _placed(problem: Problem, layer: Layer) -> Problem:
    return replace(problem, layer=layer.id, element_ids=problem.element_ids[:MOST_NAMED])


def _estimated(
    stock: Stock, layer: Layer, model: DemandModel, table: tuple[Archetype, ...]
) -> tuple[Estimate, np.ndarray]:
    """Return the estimate of the buildings whose use is known, and their rows."""
    named = np.flatnonzero([word not in ("", WITHOUT) for word in stock.uses])
    found = estimate(
        stock.area[named],
        [stock.uses[row] for row in named],
        model.climate,
        "electricity",
        table=table,
        households=stock.households[named],
        ids=[str(layer.ids[row]) for row in named],
    )
    return found, named


def estimated_row(layer: Layer, row: int, model: DemandModel) -> tuple[float, Archetype] | None:
    """Return what one building's estimate is made of; None where it has none.

    Parameters
    ----------
    layer, row
        The building.
    model
        How demand is estimated.

    Returns
    -------
    tuple or None
        Floor area in m2 or households, whichever the archetype counts, and the archetype.
    """
    table = archetypes_of(model)
    stock = stock_of(layer, model, [one.use for one in table])
    found, named = _estimated(stock, layer, model, table)
    place = np.flatnonzero(named == row)
    if not place.size or found.row[place[0]] < 0:
        return None
    chosen = table[int(found.row[place[0]])]
    size = stock.households if chosen.per == "household" else stock.area
    return float(size[row]), chosen


def _summary(layer: Layer, energy: np.ndarray, model: DemandModel, axis: TimeAxis) -> Problem:
    known = energy[np.isfinite(energy)]
    message = _(
        "The demand of {count} of {all} buildings of '{layer}' is modelled: {energy:,.0f} MWh a "
        "year, each building within ±{spread:.0f} %; archetypes of {climate}, profiles of "
        "{profiles} in {zone}.",
        count=known.size,
        all=len(layer),
        layer=_(layer.title),
        energy=float(known.sum()) / 1000,
        spread=SPREAD * 100,
        climate=model.climate,
        profiles=SOURCE,
        zone=axis.tz,
    )
    fix = _("Add meters where there are any; the profiles are those of many customers in Germany.")
    return Problem("info", "demand.modelled", message, fix, layer=layer.id)


def _has_one(layer: Layer) -> Problem:
    message = _(
        "'{layer}' has a consumption already, which stays as it is; nothing was modelled for it.",
        layer=_(layer.title),
    )
    return Problem("info", "demand.given", message, layer=layer.id)


def _against_grid(twin: Twin, series: list[Series]) -> list[Problem]:
    """Hold the modelled sum against the loads of a grid whose buildings are not known."""
    problems: list[Problem] = []
    for network in twin.networks.values():
        power = twin.find(network.tables.get("sym_load", ""), "power")
        if network.carrier != "electricity" or power is None or not series:
            continue
        mean = float(np.nanmean(total(power), dtype=np.float64))
        energy = [float(one.scale.sum()) for one in series if isinstance(one, Profiled)]
        check = check_feeders([sum(energy)], [0], [mean * YEAR_HOURS], names=[_(network.title)])
        message = _(
            "The buildings' modelled demand is {ratio:.2f} times that of the loads of "
            "'{network}'; the grid is computed with its own loads.",
            ratio=float(check.ratio[0]),
            network=_(network.title),
        )
        problems += [Problem("info", "demand.beside_grid", message), *check.problems]
    return problems


def offer(twin: Twin, settings: Settings) -> list[Problem]:
    """Offer to model the demand where there are buildings and nobody consumes anything."""
    layers = twin.of_kind("building")
    consuming = any(twin.find(one.id, "consumption") for one in layers) or any(
        twin.find(one.id, "power") for one in twin.of_kind("load")
    )
    if not layers or consuming or settings.demand is not None:
        return []
    message = _("The buildings have no consumption; it can be modelled from their size and use.")
    fix = _("Choose Compute > Model the demand, or run '{command} CLIMATE'.", command=COMMAND)
    return [Problem("info", "model.offer", message, fix, layer=layers[0].id)]
