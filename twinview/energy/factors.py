"""The book of emission factors: a table, and a search in it that never guesses.

Statistics that look alike are different things: the average of a grid, the figure that an
emissions trading scheme prescribes, what is left after green contracts, a life-cycle footprint. A
search names the one it wants; what does not fit is an error that says what there is, not a
neighbour's number. Rows of the user's own go before those of the book, and are marked.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path

from twinview.energy.factor_units import unit_parts
from twinview.i18n import N_, _

BOOK = Path(__file__).with_name("data") / "factors.csv"

KINDS = {
    "grid_average": N_("average of all generation of a grid in a year"),
    "residual_mix": N_("grid average without non-fossil power sold under contract"),
    "fossil_mix": N_("average of the fossil generation of a grid"),
    "ets_reporting": N_("figure prescribed for reports under an emissions trading scheme"),
    "life_cycle": N_("footprint with construction and fuel supply"),
    "combustion": N_("burning the fuel on site"),
    "heat_default": N_("default for bought heat"),
    "grid_losses": N_("losses of transmission and distribution for each unit delivered"),
}
CHECKED = {"primary": N_("at the source"), "secondary": N_("quoted"), "no": N_("no")}
"""How well a row was checked, in a word."""
VERIFIED = tuple(CHECKED)
SCOPES = (1, 2, 3)


@dataclass(frozen=True)
class Factor:
    """One published number.

    Parameters
    ----------
    value, unit
        Such as 0.5306 and kgCO2/kWh.
    carrier
        electricity, heat, natural_gas or another fuel.
    scope
        GHG Protocol scope in which it is used: 1, 2 or 3.
    region
        ISO 3166 code, with province or grid region after a hyphen, such as CN-SC or CN-East; `*`
        for what is the same everywhere.
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

    @property
    def country(self) -> str:
        """The first part of the region: a country, a union of them, or `*`."""
        return self.region.partition("-")[0]

    def covers(self, day: date) -> bool:
        """Tell whether the factor describes the period of a day.

        Parameters
        ----------
        day
            The day.
        """
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


COLUMNS = tuple(field.name for field in fields(Factor) if field.name != "origin")


@dataclass(frozen=True)
class Match:
    """A factor found, and what its user must be told: `user`, `expired`, `unverified`."""

    factor: Factor
    flags: tuple[str, ...]


@cache
def book() -> tuple[Factor, ...]:
    """Return the book that comes with twinview, read once."""
    return read_factors()


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
    return parse_factors(path.read_text(encoding="utf-8-sig"), path.name)


def parse_factors(text: str, name: str) -> tuple[Factor, ...]:
    """Read a book of factors from the text of a table; see `read_factors`.

    Parameters
    ----------
    text
        CSV with a header.
    name
        What to call it in errors.
    """
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(
            _(
                "{name} has no column {missing}; the columns are {known}",
                name=name,
                missing=", ".join(missing),
                known=", ".join(COLUMNS),
            )
        )
    return tuple(
        make_factor(row, _("{name}, line {line}", name=name, line=rows.line_num)) for row in rows
    )


def make_factor(row: Mapping[str, str], place: str) -> Factor:
    """Return the factor that a row of texts holds, with every field checked.

    Parameters
    ----------
    row
        Texts by the names of `COLUMNS`; dates as YYYY-MM-DD or empty.
    place
        Where the row stands, for the error.

    Raises
    ------
    ValueError
        A field does not make sense.
    """

    def day(name: str) -> date | None:
        return date.fromisoformat(row[name].strip()) if row[name] else None

    try:
        factor = Factor(
            float(row["value"]), row["unit"], row["carrier"], int(row["scope"]), row["region"],
            day("valid_from"), day("valid_to"), row["kind"], row["source"], day("published"),
            row["verified"],
        )  # fmt: skip
        unit_parts(factor.unit)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
    wrong = _nonsense(factor)
    if wrong:
        raise ValueError(f"{place}: {wrong}")
    return factor


def _nonsense(factor: Factor) -> str:
    """Say which field of a factor makes no sense; empty where all do."""
    if factor.kind not in KINDS or factor.verified not in VERIFIED:
        return _(
            "unknown kind '{kind}' or verified '{verified}'; there are {kinds}, and {flags}",
            kind=factor.kind,
            verified=factor.verified,
            kinds=", ".join(KINDS),
            flags=", ".join(VERIFIED),
        )
    if not 0 <= factor.value < float("inf") or factor.scope not in SCOPES:
        return _("a value is a number from 0 up, and a scope 1, 2 or 3")
    if not factor.carrier or not factor.region or not factor.source:
        return _("carrier, region and source must not be empty")
    if factor.valid_from and factor.valid_to and factor.valid_to < factor.valid_from:
        return _("its period ends before it begins")
    return ""


def as_row(factor: Factor) -> dict[str, str]:
    """Return the row of a table that `make_factor` turns into the factor again.

    Parameters
    ----------
    factor
        The factor; whose it is (`origin`) is not written.
    """
    texts = {name: getattr(factor, name) for name in COLUMNS}
    return {
        name: "" if value is None else repr(value) if isinstance(value, float) else str(value)
        for name, value in texts.items()
    }


def as_table(factors: Iterable[Factor]) -> str:
    """Return factors as the text of a CSV file.

    Parameters
    ----------
    factors
        In the order wanted.
    """
    stream = io.StringIO(newline="")
    table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(as_row(factor) for factor in factors)
    return stream.getvalue()


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
        raise LookupError(
            _("Several factors fit, and they differ ({told}): remove all but one", told=told)
        )
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
    words = {"kind": kind, "carrier": carrier, "region": region, "day": day}
    start = _("No {kind} factor of {carrier} in {region} for {day}. ", **words)
    if earlier:
        return start + _(
            "The latest one ends {end}: allow expired factors to use it knowingly,"
            " or add the year's own to the book",
            end=earlier[0].valid_to,
        )
    if same:
        return start + _(
            "The earliest one begins {begin}: add the year's own", begin=same[-1].valid_from
        )
    others = sorted({factor.kind for factor in candidates(book, carrier=carrier, region=region)})
    if others:
        return start + _(
            "There are other statistics, which are not the same: {kinds}", kinds=", ".join(others)
        )
    regions = _known_regions(book, carrier, region)
    if not regions:
        return start + _("None at all: add a row with its source")
    return start + _(
        "The book knows {carrier} in {regions}: add a row with its source",
        carrier=carrier,
        regions=", ".join(regions),
    )


def _known_regions(book: tuple[Factor, ...], carrier: str, region: str) -> list[str]:
    """Return the parts that the book knows of the wanted country, else the countries it knows."""
    known = [factor for factor in book if factor.carrier == carrier]
    near = {one.region for one in known if one.country == region.partition("-")[0]}
    return sorted(near or {one.country for one in known})
