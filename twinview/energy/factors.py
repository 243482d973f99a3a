"""The book of emission factors: a table, and a search in it that never guesses.

Statistics that look alike are different things: the average of a grid, the figure that an
emissions trading scheme prescribes, what is left after green contracts, a life-cycle footprint. A
search names the one it wants; what does not fit is an error that says what there is, not a
neighbour's number. Rows of the user's own go before those of the book, and are marked.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

BOOK = Path(__file__).with_name("factors.csv")

KINDS = {
    "grid_average": "average of all generation of a grid in a year",
    "residual_mix": "grid average without non-fossil power sold under contract",
    "fossil_mix": "average of the fossil generation of a grid",
    "ets_reporting": "figure prescribed for reports under an emissions trading scheme",
    "life_cycle": "footprint with construction and fuel supply",
    "combustion": "burning the fuel on site",
    "heat_default": "default for bought heat",
}


@dataclass(frozen=True)
class Factor:
    """One published number.

    Parameters
    ----------
    value, unit
        Such as 0.5306 and kgCO2/kWh.
    carrier
        electricity, natural_gas or heat.
    scope
        GHG Protocol scope in which it is used: 1, 2 or 3.
    region
        ISO 3166 code, with the grid region after a hyphen, such as CN or CN-East.
    valid_from, valid_to
        First and last day of the period it describes; none for a physical constant.
    kind
        One of `KINDS`.
    source, published
        Who says so, and since when; no date where it is not known.
    verified
        `primary` (read in the publication), `secondary` (read in a text that quotes it) or `no`.
    origin
        `book`, or `user` for a row of the user's own.
    """

    value: float
    unit: str
    carrier: str
    scope: int
    region: str
    valid_from: date | None
    valid_to: date | None
    kind: str
    source: str
    published: date | None
    verified: str
    origin: str = "book"

    def covers(self, day: date) -> bool:
        """Tell whether the factor describes the period of a day.

        Parameters
        ----------
        day
            The day.
        """
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Match:
    """A factor found, and what its user must be told: `user`, `expired`, `unverified`."""

    factor: Factor
    flags: tuple[str, ...]


def read_factors(path: Path = BOOK) -> tuple[Factor, ...]:
    """Read a book of factors.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns of `Factor`; by default the one that comes with twinview.

    Raises
    ------
    ValueError
        A row does not make sense; the message names its line.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return tuple(_factor(row, f"{path.name}, line {rows.line_num}") for row in rows)


def _factor(row: dict[str, str], place: str) -> Factor:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    try:
        factor = Factor(
            float(row["value"]), row["unit"], row["carrier"], int(row["scope"]), row["region"],
            day("valid_from"), day("valid_to"), row["kind"], row["source"], day("published"),
            row["verified"],
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
    if factor.kind not in KINDS or factor.verified not in ("primary", "secondary", "no"):
        raise ValueError(f"{place}: unknown kind {factor.kind!r} or verified {factor.verified!r}")
    return factor


def with_own(book: Iterable[Factor], own: Iterable[Factor]) -> tuple[Factor, ...]:
    """Return the book with the user's rows, marked as such, before its own.

    Parameters
    ----------
    book
        Factors that come with twinview.
    own
        The user's.
    """
    return (*(replace(factor, origin="user") for factor in own), *book)


def candidates(
    book: Iterable[Factor], *, carrier: str, region: str, kind: str | None = None
) -> list[Factor]:
    """Return the factors of a region for a person to choose from: latest first, own before others.

    Parameters
    ----------
    book
        Factors.
    carrier, region
        What and where.
    kind
        Which statistic, if only one.
    """
    found = [
        factor
        for factor in book
        if (factor.carrier, factor.region) == (carrier, region) and kind in (None, factor.kind)
    ]
    found.sort(key=lambda factor: factor.origin != "user")
    return sorted(found, key=lambda factor: factor.valid_to or date.max, reverse=True)


def lookup(
    book: Iterable[Factor],
    *,
    carrier: str,
    region: str,
    kind: str,
    on: date,
    allow_expired: bool = False,
) -> Match:
    """Return the factor of a region and kind for a day; the user's own if there is one for it.

    Parameters
    ----------
    book
        Factors.
    carrier, region, kind
        What, where, and which statistic.
    on
        Day of the consumption.
    allow_expired
        Take the latest earlier one, flagged `expired`, where the day's own is not in the book.

    Raises
    ------
    LookupError
        There is none, or two that contradict each other; the message says what there is and what to
        do.
    """
    entries = tuple(book)
    same = candidates(entries, carrier=carrier, region=region, kind=kind)
    fitting = [factor for factor in same if factor.covers(on)]
    if fitting:
        return Match(_only(fitting), _flags(_only(fitting), on))
    earlier = [factor for factor in same if factor.valid_to is not None and factor.valid_to < on]
    if earlier and allow_expired:
        return Match(earlier[0], _flags(earlier[0], on))
    raise LookupError(_remedy(entries, same, earlier, (carrier, region, kind), on))


def _only(fitting: list[Factor]) -> Factor:
    """Return the user's factor, or else the book's; two different ones are not a choice of ours."""
    own = [factor for factor in fitting if factor.origin == "user"] or fitting
    numbers = {(factor.value, factor.unit) for factor in own}
    if len(numbers) > 1:
        told = ", ".join(f"{value:g} {unit}" for value, unit in sorted(numbers))
        raise LookupError(f"Several factors fit, and they differ ({told}): remove all but one")
    return own[0]


def _flags(factor: Factor, day: date) -> tuple[str, ...]:
    flags = {
        "user": factor.origin == "user",
        "expired": not factor.covers(day),
        "unverified": factor.verified == "no",
    }
    return tuple(name for name, raised in flags.items() if raised)


def _remedy(
    book: tuple[Factor, ...],
    same: list[Factor],
    earlier: list[Factor],
    wanted: tuple[str, str, str],
    day: date,
) -> str:
    carrier, region, kind = wanted
    start = f"No {kind} factor of {carrier} in {region} for {day}. "
    if earlier:
        return start + (
            f"The latest one ends {earlier[0].valid_to}: allow expired factors to use it knowingly,"
            " or add the year's own to the book"
        )
    if same:
        return start + f"The earliest one begins {same[-1].valid_from}: add the year's own"
    others = sorted({factor.kind for factor in candidates(book, carrier=carrier, region=region)})
    if others:
        return start + f"There are other statistics, which are not the same: {', '.join(others)}"
    regions = sorted({factor.region for factor in book if factor.carrier == carrier})
    known = f"The book knows {carrier} in {', '.join(regions)}" if regions else "None at all"
    return start + f"{known}: add a row with its source"
