"""Quantities and units: one table each, numbers are converted once, on reading."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from twinview.i18n import _

_SCHEMA = Path(__file__).parent / "schema"


@dataclass(frozen=True)
class Quantity:
    """A named physical value.

    Parameters
    ----------
    id, title
        Name in files and code, and what a reader sees (English; translate when shown).
    unit
        The unit in which the program holds and shows it.
    symbol
        Letter used in formulae.
    sums
        True where the values of several elements add up.
    description
        One sentence on what it is and which sign it has.
    """

    id: str
    title: str
    unit: str
    symbol: str
    sums: bool
    description: str


@cache
def quantities() -> dict[str, Quantity]:
    """Return all quantities by id."""
    with (_SCHEMA / "quantities.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["id"]: Quantity(**{**row, "sums": row["sums"] == "yes"})  # type: ignore[arg-type]
            for row in csv.DictReader(table)
        }


@cache
def words() -> dict[tuple[str, str], str]:
    """Return how words of attributes are written, by word and column (empty for any column)."""
    with (_SCHEMA / "words.csv").open(encoding="utf-8", newline="") as table:
        return {(row["word"], row["column"]): row["said"] for row in csv.DictReader(table)}


@cache
def _units() -> dict[str, tuple[str, float]]:
    with (_SCHEMA / "units.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["unit"]: (row["dimension"], float(row["factor"])) for row in csv.DictReader(table)
        }


def known_units() -> tuple[str, ...]:
    """Return the units that numbers can be turned from and into."""
    return tuple(_units())


def factor(unit: str, into: str) -> float:
    """Return the number that a value in `unit` is multiplied with to be in `into`.

    Raises
    ------
    ValueError
        For a unit that is not known, and for units of different dimensions.
    """
    if unit == into:
        return 1.0
    units = _units()
    for name in (unit, into):
        if name not in units:
            raise ValueError(
                _(
                    "the unit '{name}' is not known; known ones are {known}",
                    name=name,
                    known=", ".join(units),
                )
            )
    (dimension, size), (other, reference) = units[unit], units[into]
    if dimension != other:
        raise ValueError(
            _(
                "{unit} ({dimension}) cannot be turned into {into} ({other})",
                unit=unit,
                dimension=dimension,
                into=into,
                other=other,
            )
        )
    return size / reference


def alike_units(unit: str) -> tuple[str, ...]:
    """Return the known units of the same dimension as one, itself among them."""
    units = _units()
    dimension = units.get(unit, ("", 0.0))[0]
    return tuple(one for one, (other, _size) in units.items() if other == dimension) or (unit,)
