"""Units of emission factors: a mass of a gas for an energy, such as kgCO2e/kWh."""

import re

from twinview.i18n import _

MASSES = {"g": 1.0, "kg": 1e3, "t": 1e6, "lb": 453.59237}
"""Grams in each unit of mass."""
UNIT = re.compile(r"(g|kg|t|lb)(CO2e?)?/(\w+)")


def unit_parts(unit: str) -> tuple[str, str, str]:
    """Return mass, gas (empty where it is not named) and energy of a unit.

    Parameters
    ----------
    unit
        Such as kgCO2/kWh.

    Raises
    ------
    ValueError
        It is not understood.
    """
    found = UNIT.fullmatch(unit)
    if found is None:
        raise ValueError(
            _("'{unit}' is no unit of an emission factor, such as kgCO2/kWh", unit=unit)
        )
    return found[1], found[2] or "", found[3]
