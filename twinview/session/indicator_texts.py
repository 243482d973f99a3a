"""Indicators as a reader sees them: one unit of mass for all of a table, shares in percent."""

import math
from collections.abc import Iterable

from twinview.energy.account_terms import Indicator
from twinview.i18n import N_, _
from twinview.scene.numbers import NOTHING, number, percent

KG, TONNES = "kg", N_("t")
MANY = 10_000.0
"""kg from which on a table of masses is written in tonnes."""


def mass_unit(items: Iterable[Indicator]) -> str:
    """Return the unit in which all masses of a table are written: kg, or t where one is large.

    Parameters
    ----------
    items
        All indicators of the table.
    """
    masses = (abs(one.value) for one in items if one.unit == KG and math.isfinite(one.value))
    return TONNES if max(masses, default=0.0) >= MANY else KG


def unit_text(one: Indicator, mass: str) -> str:
    """Return the unit under which an indicator is written; empty for shares and counts.

    Parameters
    ----------
    one
        The indicator.
    mass
        Unit of masses, as `mass_unit` gives it.
    """
    if one.unit in {"", "1"}:
        return ""
    return _(mass) if one.unit == KG else _(one.unit)


def value_text(one: Indicator | None, mass: str) -> str:
    """Return a value without its unit; a dash where it cannot be told, nothing for none.

    Parameters
    ----------
    one, mass
        See `unit_text`.
    """
    if one is None:
        return ""
    if not math.isfinite(one.value):
        return NOTHING
    if one.unit == "1":
        return percent(one.value, 3)
    scale = 1e-3 if one.unit == KG and mass == TONNES else 1.0
    return number(one.value * scale, 4)
