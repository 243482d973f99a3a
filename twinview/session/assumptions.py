"""What a computation assumes where the data are silent; every assumption is said."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twinview.i18n import _
from twinview.model.changing import Imports
from twinview.model.problem import CommandError, Problem, Severity
from twinview.model.series import broken
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin
from twinview.session.factor_book import Chosen, choose, own_factors, parse_reference
from twinview.session.findings import MOST_NAMED
from twinview.session.project import Project, Settings

if TYPE_CHECKING:  # the solvers, which opening does not need
    from twinview.energy.compute import Assumptions
    from twinview.energy.district import District


def assume(
    twin: Twin, project: Project, district: "District"
) -> tuple["Assumptions", list[Problem]]:
    """Return the choices of a computation, and what was assumed for want of data.

    Parameters
    ----------
    twin, project
        The district and its settings.
    district
        The network as it will be computed.
    """
    from twinview.energy.compute import Assumptions

    settings = project.settings
    problems: list[Problem] = list(own_factors(project)[1])
    intensity, said = _import_intensity(twin, project, district)
    problems += said
    inside = settings.store_intensity
    if inside is None and district.fixed.any():
        inside = intensity
        problems.append(
            Problem(
                "info",
                "storage.initial_content",
                _(
                    "At the start storage is assumed to hold its 'soc0' at {value:.0f} g/kWh, the"
                    " mean of the import.",
                    value=intensity,
                ),
                _("Set 'store_intensity' in the project's settings if it is known."),
                layer=district.stores.layer.id if district.stores.layer is not None else "",
            )
        )
    brought, told = _vehicles(settings, district, intensity)
    problems += [*told, *_reactive(district)]
    chosen = Assumptions(
        netting=settings.netting,
        losses=settings.losses,
        policy=settings.storage_policy,
        rule=settings.storage_rule,
        import_intensity=intensity,
        store_intensity=inside or 0.0,
        vehicle_intensity=brought,
        signal=settings.storage_signal,
        peak_limit=settings.peak_limit_kw,
        peak_percentile=settings.peak_percentile,
    )
    return chosen, [*problems, *how_stores_run(chosen, district.stores.layer)]


def _vehicles(settings: Settings, district: "District", mean: float) -> tuple[float, list[Problem]]:
    """Return g/kWh of what vehicles bring where their charger names none, and what is assumed."""
    fleet, layer = district.fleet, district.stores.layer
    if fleet is None or layer is None:
        return 0.0, []
    value = mean if settings.vehicle_intensity is None else settings.vehicle_intensity
    silent = fleet.charger & np.isnan(fleet.w0)
    problems = []
    if silent.any() and settings.vehicle_intensity is None:
        message = _(
            "Vehicles are assumed to arrive with what is in them at {value:.0f} g/kWh, the mean of "
            "the import.",
            value=value,
        )
        fix = _("Set 'vehicle_intensity' in the project's settings if it is known.")
        problems.append(Problem("info", "fleet.initial_content", message, fix, layer=layer.id))
    return value, [*problems, *_outside(district, layer)]


def _outside(district: "District", layer: Layer) -> list[Problem]:
    """Say how many stays do not lie within the data, or not whole steps long."""
    assert district.fleet is not None
    stays, time = district.fleet.stays, district.time
    if time.static:
        message = _("The data stand still, so vehicles neither come nor go.")
        return [Problem("warning", "fleet.outside", message, layer=layer.id)]
    first, last = stays.steps(time)
    lost = int(((first >= time.count) | (last <= first)).sum())
    if not lost:
        return []
    message = _(
        "{count} of {all} stays of vehicles lie outside the data, or within one step; they are "
        "left out.",
        count=lost,
        all=first.size,
    )
    fix = _("Check when the schedule begins.")
    severity: Severity = "warning" if lost == first.size else "info"
    return [Problem(severity, "fleet.outside", message, fix, layer=layer.id)]


def _reactive(district: "District") -> list[Problem]:
    """Say where a series of reactive power has gaps: there it follows the active power."""
    found = []
    for devices in (district.loads, district.gens):
        if devices.reactive_power is None or devices.layer is None:
            continue
        holes = devices.layer.ids[broken(devices.reactive_power)]
        if len(holes):
            message = _(
                "The reactive power of {count} elements of '{layer}' has gaps, first '{first}'; "
                "in these steps it follows the active power at the ratio of the fixed powers.",
                count=len(holes),
                layer=_(devices.layer.title),
                first=holes[0],
            )
            fix = _("Fill the gaps in the series of reactive power.")
            names = tuple(str(one) for one in holes[:MOST_NAMED])
            found.append(
                Problem("warning", "reactive.gaps", message, fix, layer=devices.layer.id,
                        element_ids=names)
            )  # fmt: skip
    return found


def how_stores_run(chosen: "Assumptions", layer: Layer | None) -> list[Problem]:
    """Say what runs stores, where it is not simply own use first.

    Parameters
    ----------
    chosen
        The rule, and what belongs to it.
    layer
        The stores; None where there are none.
    """
    if layer is None or chosen.rule in ("self_consumption", "given"):
        return []
    words = {
        "price": _("in the quarter of each day with the lowest price"),
        "carbon": _("in the quarter of each day with the lowest average intensity of the import"),
        "marginal": _("in the quarter of each day with the lowest marginal intensity; accounts "
                      "go on using the average"),
    }  # fmt: skip
    if chosen.rule != "peak_shaving":
        marginal = chosen.rule == "carbon" and chosen.signal == "marginal"
        text = _("Storage charges {when}.", when=words["marginal" if marginal else chosen.rule])
    elif chosen.peak_limit is not None:
        text = _(
            "Storage keeps what is drawn around it below {limit:g} kW.", limit=chosen.peak_limit
        )
    else:
        text = _(
            "Storage keeps what is drawn around it below its percentile {percentile:g} of the "
            "whole span.",
            percentile=chosen.peak_percentile,
        )
    return [
        Problem("info", "storage.rule", text, _("Choose in 'How storage is run'."), layer=layer.id)
    ]


def imports_of(project: Project, time: TimeAxis) -> Imports:
    """Return what a project's settings and the factor book say of imports.

    Parameters
    ----------
    project
        Its settings, and factors of the user's own.
    time
        Axis of the data: its year decides.
    """

    def book(name: str) -> tuple[float, tuple[Problem, ...]]:
        wanted = parse_reference(name, "electricity", _("the import of electricity"))
        chosen = choose(project, time, wanted)
        return chosen.value("g/kWh"), chosen.problems

    def assumed() -> float:
        given = project.settings.import_intensity
        return book(project.settings.import_factor)[0] if given is None else given

    return Imports(assumed, book)


def _import_intensity(
    twin: Twin, project: Project, district: "District"
) -> tuple[float, list[Problem]]:
    """Return g/kWh of imports: of the series' mean, the setting, or the factor book."""
    series = district.import_intensity
    if series is not None:
        values = series.window(0, series.time.count)
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else np.nan
        return mean, _gaps(values, mean)
    if project.settings.import_intensity is not None:
        return project.settings.import_intensity, []
    wanted = parse_reference(
        project.settings.import_factor, "electricity", _("the import of electricity")
    )
    chosen = choose(project, twin.time, wanted)
    return chosen.value("g/kWh"), [_assumed(chosen), *chosen.problems]


def _gaps(values: NDArray[np.float32], mean: float) -> list[Problem]:
    """Say how many steps of the import's intensity had to be filled."""
    missing = int(np.isnan(values).any(axis=1).sum())
    if not missing:
        return []
    if np.isnan(mean):
        raise CommandError(
            _("The carbon intensity of the import has no value at any step; give one.")
        )
    return [
        Problem(
            "warning",
            "intensity.gaps",
            _(
                "The carbon intensity of the import is missing at {count} of {steps} steps; its "
                "mean of {value:.0f} g/kWh was taken there.",
                count=missing,
                steps=len(values),
                value=mean,
            ),
            _("Complete the series."),
        )
    ]


def _assumed(chosen: Chosen) -> Problem:
    factor = chosen.factor
    return Problem(
        "warning",
        "factor.assumed",
        _(
            "Imports have no carbon intensity of their own; {value:.0f} g/kWh was taken "
            "for all time: {source} ({region}, {kind}).",
            value=chosen.value("g/kWh"),
            source=factor.source,
            region=factor.region,
            kind=factor.kind,
        ),
        _("Set 'import_intensity' or 'import_factor' in the project's settings, or add "
          "an hourly series."),
    )  # fmt: skip
