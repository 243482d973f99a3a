"""Checks of values against each other within one file."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.readers.common import frames

_FASTEST = 100.0  # of its capacity per hour that a store can give or take


def storage(frame: frames.Frame, path: Path) -> tuple[Problem, ...]:
    """Return the values of stores that cannot be: below zero, above capacity, a power out of reach.

    Parameters
    ----------
    frame
        Columns of a file; only one with state and capacity side by side is checked.
    path
        The file.
    """
    energy, capacity = _numbers(frame, "soc_", "energy"), _numbers(frame, "capacity", "capacity")
    if energy is None or capacity is None:
        return ()
    power = _numbers(frame, "power", "power")
    rules = {
        _("below zero"): energy < 0,
        _("above the capacity"): energy > capacity,
    }
    if power is not None:
        rules[_("a power out of reach")] = np.abs(power) > _FASTEST * capacity
    count = int(sum(int(rows.sum()) for rows in rules.values()))
    if not count:
        return ()
    message = _(
        "{count} values of storage in {file} are out of range ({rules}); they are kept as they "
        "are.",
        count=count,
        file=path.name,
        rules=", ".join(f"{name}: {int(rows.sum())}" for name, rows in rules.items() if rows.any()),
    )
    fix = _("Correct them in the source; the capacity and the powers should fit.")
    return (Problem("warning", "storage.range", message, fix, path.name),)


def _numbers(frame: frames.Frame, *starts: str) -> npt.NDArray[np.float64] | None:
    for column in frame.columns:
        if column.name.lower().startswith(starts):
            if column.texts is None:
                return np.asarray(column.data, dtype=np.float64)
            return frames.text_numbers_safe(column)
    return None
