"""Factors in use: the book with the user's own rows, asked by purpose, with findings on the use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files

from twinview.energy.factor_use import Use, review_all, value_in
from twinview.energy.factors import (
    Factor,
    as_row,
    book,
    candidates,
    lookup,
    make_factor,
    with_own,
)
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.time import TimeAxis
from twinview.session.project import Project

ANYWHERE = "*"
FACTORS: Mapping[str, tuple[str, str, str]] = {
    "gas": ("natural_gas", "*", "combustion"),
    "heat": ("heat", "CN", "heat_default"),
}
"""Carrier, region and kind in the book of factors; it has none for cold."""
MIDSUMMER = (7, 1)
"""The day that stands for a year."""


@dataclass(frozen=True)
class Wanted:
    """What a factor is needed for.

    Parameters
    ----------
    carrier, region, kind
        As in the book of factors.
    purpose
        In words, for the findings: "imports of the district".
    year
        The year whose factor is to be taken; that of the data where not given.
    """

    carrier: str
    region: str
    kind: str
    purpose: str
    year: int | None = None


@dataclass(frozen=True)
class Chosen:
    """A factor, and what its user must be told about it."""

    factor: Factor
    problems: tuple[Problem, ...]

    def value(self, unit: str) -> float:
        """Return its value in a unit, such as g/kWh."""
        return value_in(self.factor, unit)


def own_factors(project: Project) -> tuple[tuple[Factor, ...], tuple[Problem, ...]]:
    """Return the user's own factors, and what is wrong with rows that had to be left out.

    Parameters
    ----------
    project
        Whose rows they are.
    """
    good: list[Factor] = []
    problems = []
    for number, row in enumerate(project.factors, 1):
        try:
            good.append(make_factor(row, _("row {number}", number=number)))
        except ValueError as error:
            problems.append(
                Problem(
                    "error",
                    "factor.row",
                    _("A factor of your own was left out: {why}.", why=error),
                    _("Mend or remove it in the project's factors."),
                )
            )
    return tuple(good), tuple(problems)


def with_rows(project: Project, rows: tuple[Factor, ...]) -> Project:
    """Return the project with other factors of the user's own."""
    return project.model_copy(update={"factors": tuple(as_row(factor) for factor in rows)})


def whole_book(project: Project) -> tuple[Factor, ...]:
    """Return the user's own factors, marked, and behind them those that come with twinview."""
    return with_own(book(), own_factors(project)[0])


def choose(project: Project, time: TimeAxis, wanted: Wanted) -> Chosen:
    """Return the factor for a purpose: the user's own if there is one, of the year of the data.

    Parameters
    ----------
    project
        Its rows win over the book's.
    time
        Axis of the data: its year decides, not today's.
    wanted
        What for.

    Raises
    ------
    CommandError
        There is none, or several that contradict each other; the sentence says what there is.
    """
    entries = whole_book(project)
    days = data_days(time)
    region = wanted.region
    if not candidates(entries, carrier=wanted.carrier, region=region):
        region = (
            ANYWHERE if candidates(entries, carrier=wanted.carrier, region=ANYWHERE) else region
        )
    try:
        match = lookup(
            entries,
            carrier=wanted.carrier,
            region=region,
            kind=wanted.kind,
            on=_day(days, wanted),
            allow_expired=project.settings.expired_factors,
        )
    except LookupError as error:
        raise CommandError(f"{str(error.args[0]).rstrip('.')}.") from error
    return Chosen(match.factor, _findings(match.factor, wanted, time, days))


def parse_reference(text: str, carrier: str, purpose: str) -> Wanted:
    """Return what a setting names as REGION:KIND or REGION:KIND:YEAR.

    Parameters
    ----------
    text
        Such as ``CN-East:grid_average``.
    carrier, purpose
        See `Wanted`.

    Raises
    ------
    CommandError
        It does not read so.
    """
    parts = text.split(":")
    year = parts[2] if len(parts) == 3 else ""
    if len(parts) not in (2, 3) or not all(parts) or not (year.isdigit() or len(parts) == 2):
        raise CommandError(
            _(
                "'{name}' names no factor; write REGION:KIND or REGION:KIND:YEAR, such as "
                "DE:grid_average:2024.",
                name=text,
            )
        )
    return Wanted(carrier, parts[0], parts[1], purpose, int(year) if year else None)


def data_days(time: TimeAxis) -> tuple[date, date] | None:
    """Return the first and the last day of the data; None where they have no time."""
    return None if time.static else (time.at(0).date(), time.at(time.count - 1).date())


def _day(days: tuple[date, date] | None, wanted: Wanted) -> date:
    if wanted.year is not None:
        return date(wanted.year, *MIDSUMMER)
    if days is None:
        raise CommandError(
            _(
                "The data have no year, so none can be looked up for {purpose}: name it, as in "
                "{region}:{kind}:2024.",
                purpose=wanted.purpose,
                region=wanted.region,
                kind=wanted.kind,
            )
        )
    return days[0] + (days[1] - days[0]) / 2


def _findings(
    factor: Factor, wanted: Wanted, time: TimeAxis, days: tuple[date, date] | None
) -> tuple[Problem, ...]:
    """Review a factor at both ends of the data, and in the country of their time zone."""
    country = country_of(time.tz)
    elsewhere = country and factor.country not in (ANYWHERE, country)
    region = country if elsewhere else factor.region
    on = (factor.valid_from or date.min,) if days is None else _within(*days)
    uses = [Use(wanted.carrier, region, wanted.kind, day, wanted.purpose) for day in on]
    return review_all((factor, use) for use in uses)


def _within(first: date, last: date) -> tuple[date, date]:
    """Return both ends a day inwards: a year in UTC ends some hours into the next elsewhere."""
    slack = timedelta(days=1)
    return (first + slack, last - slack) if last - first > 2 * slack else (first, last)


def country_of(zone: str) -> str:
    """Return the ISO 3166 code of the country in which a time zone lies; empty where unknown."""
    return _countries().get(zone, "")


@cache
def _countries() -> dict[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def assumed_factor(carrier: str, project: Project) -> Factor | None:
    """Return the factor that is taken for a carrier of which the data say nothing, if there is one.

    Parameters
    ----------
    carrier
        ``heat``, ``cooling`` or ``gas``.
    project
        Whose own factors go before those of the book.

    Raises
    ------
    CommandError
        Several factors fit and contradict each other.
    """
    if carrier not in FACTORS:
        return None
    name, region, kind = FACTORS[carrier]
    today = datetime.now(tz=UTC).date()
    try:
        return lookup(whole_book(project), carrier=name, region=region, kind=kind, on=today).factor
    except LookupError as error:
        raise CommandError(f"{error.args[0]}.") from error
