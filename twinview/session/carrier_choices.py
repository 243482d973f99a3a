"""What is assumed of the carbon of heat, cooling and fuels where the data are silent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import numpy as np

from twinview.energy.carriers import Carriers, Choices
from twinview.energy.factor_use import value_in
from twinview.energy.factors import Factor, lookup
from twinview.energy.given import Assumptions
from twinview.energy.piping import PipeNet
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.session.assumptions import how_stores_run
from twinview.session.factor_book import assumed_factor, whole_book
from twinview.session.project import Project


def choices_of(
    carriers: Carriers, project: Project, grid: Assumptions
) -> tuple[Choices, list[Problem]]:
    """Return the choices of a computation over all carriers, and what was assumed.

    Parameters
    ----------
    carriers
        The networks.
    project
        Its settings.
    grid
        Choices of the electrical network.
    """
    problems: list[Problem] = []
    sources = {}
    for net in carriers.nets:
        if _silent(carriers, net):
            value, said = _of_sources(net, project)
            problems.append(said)
            sources[net.network.id] = value
    stores = {}
    for net in carriers.nets:
        if np.isnan(net.stores.numbers("start_intensity_g_per_kwh")).any():
            value = _of_stores(carriers, net, project, sources)
            problems.append(_start(net, value))
            stores[net.network.id] = value
        if net.stores.power is None:
            problems += how_stores_run(grid, net.stores.layer)
    outside = {}
    for carrier in _bought(carriers):
        value, said = _of_machines(carrier, project, grid)
        problems.append(said)
        outside[carrier] = value
    return Choices(grid, sources, outside, stores), problems


def without_grid(project: Project) -> Assumptions:
    """Return the choices that hold for all carriers where there is no electrical network."""
    settings = project.settings
    return Assumptions(
        losses=settings.losses,
        policy=settings.storage_policy,
        rule=settings.storage_rule,
        signal=settings.storage_signal,
        peak_limit=settings.peak_limit_kw,
        peak_percentile=settings.peak_percentile,
    )


def _silent(carriers: Carriers, net: PipeNet) -> bool:
    """Tell whether any source in service names no intensity."""
    layer = net.sources.layer
    if layer is None or not net.sources.on.any():
        return False
    series = carriers.twin.find(layer.id, "carbon_intensity")
    said = np.isfinite(net.sources.numbers("intensity_g_per_kwh"))
    if series is not None and series.meaning.origin != "computed":
        said = said | np.isfinite(series.window(0, series.time.count)).all(axis=0)
    return bool((~said & net.sources.on).any())


def _bought(carriers: Carriers) -> list[str]:
    """Return the carriers that machines buy outside and name no intensity for."""
    silent = (
        one.carrier
        for one in carriers.machines
        if one.source is None and one.carrier and np.isnan(one.intensity)
    )
    return sorted(set(silent))


def _of_sources(net: PipeNet, project: Project) -> tuple[float, Problem]:
    title = _(net.network.title)
    layer = "" if net.sources.layer is None else net.sources.layer.id
    factor = assumed_factor(net.carrier, project)
    if factor is None:
        return 0.0, _nothing_known(title, layer)
    value = value_in(factor, "g/kWh")
    message = _(
        "The sources of '{network}' name no carbon intensity; {value:.0f} g/kWh was taken for all "
        "time: {source} ({region}, {kind}).{unverified}",
        network=title,
        value=value,
        source=factor.source,
        region=factor.region,
        kind=factor.kind,
        unverified=_unverified(factor),
    )
    fix = _("Add 'intensity_g_per_kwh' to the sources, or a series.")
    return value, Problem("warning", "factor.assumed", message, fix, layer=layer)


def _of_stores(
    carriers: Carriers, net: PipeNet, project: Project, sources: Mapping[str, float]
) -> float:
    """Return g/kWh in the stores at the start: the setting, or the mean of the sources."""
    if project.settings.store_intensity is not None:
        return project.settings.store_intensity
    layer = net.sources.layer
    if layer is None:
        return 0.0
    fixed = net.sources.numbers("intensity_g_per_kwh", sources.get(net.network.id, 0.0))
    series = carriers.twin.find(layer.id, "carbon_intensity")
    if series is None or series.meaning.origin == "computed":
        return float(fixed.mean())
    values = series.window(0, series.time.count)
    return float(np.where(np.isnan(values), fixed, values).mean())


def _start(net: PipeNet, value: float) -> Problem:
    return Problem(
        "info",
        "storage.initial_content",
        _(
            "At the start the storage of '{network}' is assumed to hold its 'soc0' at {value:.0f}"
            " g/kWh.",
            network=_(net.network.title),
            value=value,
        ),
        _("Add 'start_intensity_g_per_kwh' to the storage if it is known."),
        layer="" if net.stores.layer is None else net.stores.layer.id,
    )


def _of_machines(carrier: str, project: Project, grid: Assumptions) -> tuple[float, Problem]:
    """Return g/kWh of what machines buy outside of all networks."""
    if carrier == "electricity":
        value, source = _of_import(project, grid)
    else:
        factor = assumed_factor(carrier, project)
        if factor is None:
            return 0.0, _nothing_known(carrier, "converter")
        value = value_in(factor, "g/kWh")
        source = factor.source + _unverified(factor)
    message = _(
        "Converters that belong to no network of {carrier} buy it outside; {value:.0f} g/kWh was "
        "taken for it: {source}.",
        carrier=_(carrier),
        value=value,
        source=source,
    )
    fix = _("Add 'input_intensity_g_per_kwh' to the converters.")
    return value, Problem("warning", "factor.assumed", message, fix, layer="converter")


def _of_import(project: Project, grid: Assumptions) -> tuple[float, str]:
    """Return g/kWh of electricity from outside, and who says so."""
    if project.settings.import_intensity is not None:
        return project.settings.import_intensity, _("the project's settings")
    if grid.import_intensity:
        return grid.import_intensity, _("the import of the electrical grid")
    region, kind, year = [*project.settings.import_factor.split(":"), "", ""][:3]
    day = date(int(year), 7, 1) if year.isdigit() else datetime.now(tz=UTC).date()
    try:
        factor = lookup(
            whole_book(project), carrier="electricity", region=region, kind=kind, on=day
        ).factor
    except LookupError as error:
        raise CommandError(f"{error}.") from error
    return value_in(factor, "g/kWh"), factor.source + _unverified(factor)


def _unverified(factor: Factor) -> str:
    known = factor.verified == "primary"
    return "" if known else _(" It has not been verified against the publication.")


def _nothing_known(what: str, layer: str) -> Problem:
    return Problem(
        "error",
        "factor.missing",
        _(
            "'{what}' names no carbon intensity of its sources, and the book of factors has none; "
            "their carbon is left out, so that results are too low.",
            what=what,
        ),
        _("Add 'intensity_g_per_kwh' to the sources, or a series."),
        layer=layer,
    )
