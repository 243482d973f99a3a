"""The book of factors as a list to look through: which rows fit some words and a filter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from twinview.energy.factors import CHECKED, Factor
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.scene.words import listed
from twinview.session.factor_book import ANYWHERE, data_days, whole_book
from twinview.session.project import Project

FILTERS = {
    "all": N_("All"),
    "own": N_("Own"),
    "verified": N_("Verified"),
    "unverified": N_("Not verified"),
    "expired": N_("Expired"),
}
"""What can be shown of the book."""
CARRIERS = {
    "electricity": N_("electricity"), "heat": N_("heat"), "natural_gas": N_("natural gas"),
    "diesel": N_("diesel"), "crude_oil": N_("crude oil"), "lpg": N_("liquefied petroleum gas"),
    "fuel_oil": N_("fuel oil"), "hard_coal": N_("hard coal"), "lignite": N_("lignite"),
    "anthracite": N_("anthracite"),
}  # fmt: skip
KINDS = {
    "grid_average": N_("grid average"), "residual_mix": N_("residual mix"),
    "fossil_mix": N_("fossil mix"), "ets_reporting": N_("emissions trading"),
    "life_cycle": N_("life cycle"), "combustion": N_("combustion"),
    "heat_default": N_("default for heat"), "grid_losses": N_("grid losses"),
}  # fmt: skip
"""What carriers and kinds of the book are called; those of own rows may be others."""
Key = tuple[str, str, str, date | None, date | None]


@dataclass(frozen=True)
class Row:
    """A factor of the list.

    Parameters
    ----------
    factor
        The factor.
    number
        Of the user's own rows, counted from 1; 0 for a row of the book.
    expired
        Whether its period ends before that of the data.
    """

    factor: Factor
    number: int
    expired: bool


def key_of(factor: Factor) -> Key:
    """Return what a row is for: two rows of one key cannot both hold."""
    return factor.carrier, factor.region, factor.kind, factor.valid_from, factor.valid_to


def rows_of(project: Project, time: TimeAxis, words: str = "", which: str = "all") -> list[Row]:
    """Return the rows that hold all words and fit a filter, the user's own first.

    Parameters
    ----------
    project
        Its rows stand before the book's.
    time
        Axis of the data: a factor whose period ends before it has expired; today where the data
        have no time.
    words
        Looked for in every column, whatever their case.
    which
        One of `FILTERS`.

    Raises
    ------
    CommandError
        There is no such filter.
    """
    if which not in FILTERS:
        raise CommandError(
            _("There is no filter '{which}'; there are {known}.", which=which,
              known=", ".join(FILTERS))
        )  # fmt: skip
    days = data_days(time)
    day = datetime.now(tz=UTC).date() if days is None else days[0] + (days[1] - days[0]) / 2
    found = []
    for place, factor in enumerate(whole_book(project), 1):
        own = factor.origin == "user"
        expired = factor.valid_to is not None and factor.valid_to < day
        row = Row(factor, place if own else 0, expired)
        if _fits(row, which) and _holds(factor, words):
            found.append(row)
    return found


def _fits(row: Row, which: str) -> bool:
    return {
        "all": True,
        "own": row.number > 0,
        "verified": row.factor.verified != "no",
        "unverified": row.factor.verified == "no",
        "expired": row.expired,
    }[which]


def _holds(factor: Factor, words: str) -> bool:
    text = " ".join((factor.carrier, factor.kind, *cells(factor))).lower()
    return all(word in text for word in words.lower().split())


def cells(factor: Factor) -> tuple[str, ...]:
    """Return a factor as texts: carrier, value, unit, scope, region, period, kind, source, flag."""
    return (
        _(CARRIERS.get(factor.carrier, factor.carrier)),
        f"{factor.value:g}",
        factor.unit,
        str(factor.scope),
        factor.region,
        period(factor),
        _(KINDS.get(factor.kind, factor.kind)),
        factor.source,
        _(CHECKED[factor.verified]),
    )


def heads() -> tuple[str, ...]:
    """Return the titles of `cells`."""
    return (_("Carrier"), _("Value"), _("Unit"), _("Scope"), _("Region"), _("Valid"), _("Kind"),
            _("Source"), _("Verified"))  # fmt: skip


def factor_name(factor: Factor) -> str:
    """Return what a reader calls a row: value, unit, region, kind and period."""
    region = _("anywhere") if factor.region == ANYWHERE else factor.region
    return listed(
        [
            f"{factor.value:g} {factor.unit}",
            f"{region} {_(KINDS.get(factor.kind, factor.kind))}",
            period(factor),
        ]
    )


def period(factor: Factor) -> str:
    """Return the period of a factor in words."""
    begin, end = factor.valid_from, factor.valid_to
    if begin is None and end is None:
        return _("always")
    if begin and end and (begin, end) == (date(begin.year, 1, 1), date(begin.year, 12, 31)):
        return str(begin.year)
    return f"{begin or '…'} – {end or '…'}"
