"""The market-based account: how the import is covered by what a project says was bought."""

from dataclasses import dataclass, replace

import numpy as np

from twinview.energy.factors import Factor
from twinview.energy.scopes import (
    Certificate,
    Line,
    Offset,
    Supply,
    accept_certificates,
    grid_losses,
    market_based,
)
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.time import TimeAxis
from twinview.session.accounts import Accounts
from twinview.session.factor_book import Chosen, Wanted, choose, data_days
from twinview.session.project import Project


@dataclass(frozen=True)
class Market:
    """How the import of a span is covered.

    Parameters
    ----------
    imported
        kWh that are covered.
    factor
        Mean of all instruments in kg/kWh; NaN where nothing was imported or nothing is known.
    lines
        Each instrument.
    source, average_source
        Where residual mix and grid average are from.
    problems
        What does not count, and why.
    refused
        Those of them that are about certificates.
    residual
        The residual mix that stands behind a part, if one does.
    """

    imported: float
    factor: float
    lines: tuple[Line, ...]
    source: str
    average_source: str
    problems: tuple[Problem, ...]
    refused: tuple[Problem, ...] = ()
    residual: Factor | None = None

    @property
    def note(self) -> str:
        """What a reader must know beside every market-based number; empty where all count."""
        count = len(self.refused)
        if not count:
            return ""
        return (
            _("without a certificate that does not count")
            if count == 1
            else _("without {count} certificates that do not count", count=count)
        )

    def within(self, imported: float, average: float) -> "Market":
        """Return how the import of a part of the span is covered.

        What was bought falls to the part by its share of the import. What the average of the grid
        stands for has that of the part itself, so that the parts add up to the whole.

        Parameters
        ----------
        imported
            kWh of the part.
        average
            Of the grid in kg/kWh in it, NaN where nothing was imported.
        """
        if not imported > 0 or not self.lines:
            return replace(self, imported=0.0, factor=np.nan, lines=())
        share = imported / self.imported
        lines = tuple(
            replace(line, energy=line.energy * share,
                    factor=average if line.instrument == "grid_average" else line.factor)
            for line in self.lines
        )  # fmt: skip
        return replace(self, imported=imported, factor=_mean(lines, imported), lines=lines)


def market_of(
    project: Project, time: TimeAxis, imported: float, average: float, year: float
) -> Market:
    """Cover an import by what was bought.

    Parameters
    ----------
    project
        Its accounts say what was bought.
    time
        Axis of the data; its year is that of the certificates.
    imported
        kWh of the span.
    average
        Of the grid in kg/kWh, NaN where nothing was imported.
    year
        Part of a year that the span is: certificates and agreements are for a year.
    """
    accounts = project.accounts
    region = accounts.market or project.settings.import_factor.partition(":")[0]
    residual = _residual_mix(project, time, region)
    average_source = "" if np.isnan(average) else _("the intensity of the import in the data")
    if not imported > 0:
        return Market(0.0, np.nan, (), "", average_source, ())
    certificates, refused = _certificates(accounts, time, region)
    bought = [replace(one, energy=one.energy * year) for one in certificates]
    supply = Supply(
        contracts=tuple((row.id, row.energy_kwh * year, row.factor_kg_per_kwh)
                        for row in accounts.contracts),
        supplier=(accounts.supplier.id, accounts.supplier.factor_kg_per_kwh)
        if accounts.supplier else None,
        residual_mix=residual.value("kg/kWh") if residual else None,
        grid_average=average,
    )  # fmt: skip
    lines, found = market_based(imported, bought, supply, resold=accounts.resold_kwh * year)
    used = residual if any(line.instrument == "residual_mix" for line in lines) else None
    problems = (*refused, *found, *(used.problems if used else ()))
    mix = used.factor if used else None
    source, mean = mix.source if mix else "", _mean(lines, imported)
    return Market(imported, mean, lines, source, average_source, problems, refused, mix)


def _mean(lines: tuple[Line, ...], imported: float) -> float:
    return sum(line.carbon for line in lines) / imported


def _certificates(
    accounts: Accounts, time: TimeAxis, region: str
) -> tuple[tuple[Certificate, ...], tuple[Problem, ...]]:
    days = data_days(time)
    presented = [
        Certificate(row.id, row.market, row.vintage, row.energy_kwh, row.factor_kg_per_kwh,
                    row.retired, row.holder)
        for row in accounts.certificates
    ]  # fmt: skip
    if days is None or not presented:
        return (), ()
    year = (days[0] + (days[1] - days[0]) / 2).year
    return accept_certificates(presented, market=region, year=year, holder=accounts.holder)


def _residual_mix(project: Project, time: TimeAxis, region: str) -> Chosen | None:
    """Return the residual mix of a market; None where the book has none."""
    try:
        return choose(
            project,
            time,
            Wanted("electricity", region, "residual_mix", _("the market-based account")),
        )
    except CommandError:
        return None


def account_losses(project: Project, imported: float, average: float) -> tuple[float, str, str]:
    """Return kg of the losses of the grid outside, how they were told, and the source.

    Parameters
    ----------
    project
        Its accounts hold the loss rate.
    imported
        kWh.
    average
        Of the grid in kg/kWh.
    """
    rate, of = project.accounts.grid_loss, project.accounts.grid_loss_of
    if rate is None:
        return np.nan, _("No loss rate of the grid is set: 'accounts.set grid_loss 0.05'."), ""
    if not imported > 0:
        return 0.0, _("Nothing was imported."), ""
    energy = _("the energy delivered") if of == "delivered" else _("the energy sent out")
    how = _(
        "The import × {rate:.3g} of {of} × {average:.4g} kg/kWh; right only where the average of "
        "the grid does not hold losses already.",
        rate=rate,
        of=energy,
        average=average,
    )
    return grid_losses(imported, average, rate, loss_of=of), how, _("set by the user")


def offsets(project: Project) -> tuple[Offset, ...]:
    """Return the credits that the accounts present."""
    return tuple(Offset(row.id, row.carbon_kg, row.retired) for row in project.accounts.offsets)
