"""Instants put on an axis of equal steps: gaps, order, stamps that name ends."""

from dataclasses import dataclass, field

import numpy as np

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.readers.common.times import MISSING, Seconds
from twinview.readers.registry import ReadError

_HOUR, _DAY = 3600, 86400
_MOST_STEPS = 20_000_000
_SPARSE = 200  # steps per stamp from which on the times follow no step


@dataclass(eq=False)
class Steps:
    """Times on an axis of equal steps.

    Parameters
    ----------
    axis
        The axis.
    row
        Step of each row of the file, -1 where it has no time.
    problems
        Gaps, double times and the like.
    """

    axis: TimeAxis
    row: Seconds
    problems: list[Problem] = field(default_factory=list)


def on_axis(
    utc: Seconds,
    tz: str,
    file: str,
    *,
    step: int = 0,
    label: str = "",
    local: Seconds | None = None,
) -> Steps:
    """Put instants on an axis of equal steps.

    Parameters
    ----------
    utc
        Seconds in UTC, in the file's order, MISSING where there is none.
    tz
        Zone to show them in.
    file
        Name of the file.
    step
        Seconds of a step where the file says it; 0 to find it.
    label
        ``start`` or ``end`` where the file says what its stamps mean.
    local
        The stamps as written, to see whether they name the ends of their intervals.
    """
    known = utc != MISSING
    if not known.any():
        raise ReadError(_("{file} holds no time that can be read.", file=file))
    stamps = np.unique(utc[known])
    step = step or _step(stamps, file)
    problems: list[Problem] = []
    shift = 0
    if label == "end" or (not label and _names_ends(utc if local is None else local, step)):
        shift = step
        message = _("The times in {file} name the ends of their intervals; they were moved to the "
                    "starts.", file=file)  # fmt: skip
        problems.append(Problem("info", "time.interval_end", message, "", file))
    count = int((stamps[-1] - stamps[0]) // step) + 1
    axis = TimeAxis(int(stamps[0]) - shift, step, count, tz)
    row = np.where(known, (utc - stamps[0]) // step, -1)
    problems += _gaps(stamps, axis, file)
    if not bool(np.all(np.diff(utc[known]) >= 0)):
        message = _("The rows of {file} are not in order of time; they were sorted.", file=file)
        problems.append(Problem("info", "time.unsorted", message, "", file))
    return Steps(axis, row, problems)


def _step(stamps: Seconds, file: str) -> int:
    if len(stamps) == 1:
        return _HOUR
    gaps = np.diff(stamps)
    values, counts = np.unique(gaps, return_counts=True)
    common = int(values[counts.argmax()])
    step = common if not (gaps % common).any() else int(np.gcd.reduce(gaps))
    count = int(stamps[-1] - stamps[0]) // step + 1
    if count > _MOST_STEPS or count > _SPARSE * len(stamps) + 1000:
        raise ReadError(
            _("The times in {file} follow no step: {stamps} times would need {count} steps of "
              "{step} s. Bring them to equal steps first.",
              file=file, stamps=len(stamps), count=count, step=step)
        )  # fmt: skip
    return step


def _names_ends(local: Seconds, step: int) -> bool:
    """Tell whether stamps run from one step after a day's start to a day's end, over whole days."""
    known = local[local != MISSING]
    first, last = int(known.min()), int(known.max())
    return (
        first % _DAY == step % _DAY
        and step < _DAY
        and last % _DAY == 0
        and last - first + step >= _DAY
        and (last - first + step) % _DAY == 0
    )


def _gaps(stamps: Seconds, axis: TimeAxis, file: str) -> list[Problem]:
    gaps = np.diff(stamps)
    wide = gaps[gaps > axis.step]
    if not len(wide):
        return []
    said = {"file": file, "count": len(wide), "hours": f"{wide.max() / _HOUR:g}"}
    text = (
        _("{file} has a gap of {hours} h in time; it stays empty.", **said)
        if len(wide) == 1
        else _(
            "{file} has {count} gaps in time, the longest of {hours} h; they stay empty.", **said
        )
    )
    return [Problem("warning", "time.gap", text, "", file)]
