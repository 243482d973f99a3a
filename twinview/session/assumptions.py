"""What a computation assumes where the data are silent; every assumption is said."""

from datetime import UTC, date, datetime

import numpy as np

from twinview.energy.compute import Assumptions
from twinview.energy.district import District
from twinview.energy.factors import Factor, read_factors
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.twin import Twin
from twinview.session.project import Project


def assume(twin: Twin, project: Project, district: District) -> tuple[Assumptions, list[Problem]]:
    """Return the choices of a computation, and what was assumed for want of data.

    Parameters
    ----------
    twin, project
        The district and its settings.
    district
        The network as it will be computed.
    """
    del twin
    settings = project.settings
    problems: list[Problem] = []
    intensity, said = _import_intensity(project, district)
    problems += said
    inside = settings.store_intensity
    if inside is None and len(district.stores):
        inside = intensity
        problems.append(
            Problem(
                "info",
                "storage.initial_content",
                _(
                    "At the start the stores are assumed to hold their 'soc0' at {value:.0f} "
                    "g/kWh, the mean of the import.",
                    value=intensity,
                ),
                _("Set 'store_intensity' in the project's settings if it is known."),
                layer=district.stores.layer.id if district.stores.layer is not None else "",
            )
        )
    chosen = Assumptions(
        netting=settings.netting,
        losses=settings.losses,
        policy=settings.storage_policy,
        rule=settings.storage_rule,
        import_intensity=intensity,
        store_intensity=inside or 0.0,
    )
    return chosen, problems


def _import_intensity(project: Project, district: District) -> tuple[float, list[Problem]]:
    """Return g/kWh of imports: of the series' mean, the setting, or the factor book."""
    series = district.import_intensity
    if series is not None:
        values = series.window(0, series.time.count)
        return float(np.nanmean(values)), []
    if project.settings.import_intensity is not None:
        return project.settings.import_intensity, []
    factor = _factor(project.settings.import_factor)
    unverified = (
        ""
        if factor.verified == "primary"
        else _(" It has not been verified against the publication.")
    )
    return factor.value * 1000, [
        Problem(
            "warning",
            "factor.assumed",
            _(
                "Imports have no carbon intensity of their own; {value:.0f} g/kWh was taken "
                "for all time: {source} ({region}, {kind}).{unverified}",
                value=factor.value * 1000,
                source=factor.source,
                region=factor.region,
                kind=factor.kind,
                unverified=unverified,
            ),
            _(
                "Set 'import_intensity' or 'import_factor' in the project's settings, or add "
                "an hourly series."
            ),
        )
    ]


def _factor(name: str) -> Factor:
    """Return the factor that a setting names as REGION:KIND:YEAR."""
    region, kind, year = [*name.split(":"), "", ""][:3]
    day = date(int(year), 7, 1) if year.isdigit() else datetime.now(tz=UTC).date()
    for factor in read_factors():
        if (factor.region, factor.kind, factor.carrier) == (
            region,
            kind,
            "electricity",
        ) and factor.covers(day):
            return factor
    raise CommandError(
        _(
            "The factor book has no '{name}'; write REGION:KIND:YEAR, such as "
            "DE:grid_average:2024.",
            name=name,
        )
    )
