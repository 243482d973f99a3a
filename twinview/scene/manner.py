"""How the reader likes times and quantities written: one choice for everything that is shown.

Like the language it is the reader's, not the project's: files and tables do not follow it.
"""

from dataclasses import dataclass
from datetime import datetime

from twinview.i18n import _

LARGER = {
    "kg": "t", "t": "kt", "kg/h": "t/h", "kW": "MW", "MW": "GW", "kWh": "MWh", "MWh": "GWh",
}  # fmt: skip
"""The unit a thousand times as large."""
_THOUSAND = 1000.0
_NOON = 12


@dataclass(frozen=True)
class Manner:
    """A choice.

    Parameters
    ----------
    twelve
        Hours of the day twice from 1 to 12.
    larger
        Thousands of kilograms as tonnes, thousands of kilowatt hours as megawatt hours, and so on.
    """

    twelve: bool = False
    larger: bool = False


_state = {"now": Manner()}


def manner() -> Manner:
    """Return the choice in use."""
    return _state["now"]


def set_manner(chosen: Manner) -> None:
    """Write everything in another way from now on."""
    _state["now"] = chosen


def hour_text(local: datetime) -> str:
    """Return the time of day: ``18:05``, or ``6:05 pm``."""
    if not manner().twelve:
        return f"{local:%H:%M}"
    time = f"{(local.hour - 1) % _NOON + 1}:{local:%M}"
    return _("{time} am", time=time) if local.hour < _NOON else _("{time} pm", time=time)


def readable(value: float, unit: str) -> tuple[float, str]:
    """Return a value with the unit it is read in: the same, or a larger one where that is liked."""
    if not manner().larger:
        return value, unit
    while unit in LARGER and abs(value) >= _THOUSAND:
        value, unit = value / _THOUSAND, LARGER[unit]
    return value, unit
