"""Marked instants: the peak, the cleanest hour, alarms of the results, and the user's notes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.lacking import lacking_of
from twinview.model.problem import CommandError
from twinview.model.series import STRIDE, Series
from twinview.model.twin import Layer, Twin
from twinview.scene.numbers import number
from twinview.scene.words import name_of
from twinview.session.when import special

if TYPE_CHECKING:
    from twinview.session.store import State

PEAK, CLEANEST, OVERLOAD, VOLTAGE, FAILED, NOTE = (
    "peak", "cleanest", "overload", "voltage", "failed", "note",
)  # fmt: skip
KINDS = {
    PEAK: N_("Peak load"), CLEANEST: N_("Cleanest hour"), OVERLOAD: N_("Over the limit"),
    VOLTAGE: N_("Voltage outside of its band"), FAILED: N_("Power flow did not converge"),
    NOTE: N_("Note"),
}  # fmt: skip
"""What each kind of mark says (marked for translation)."""
FULL = 100.0
"""Percent of its own limit from which an element is overloaded."""
BAND = (0.9, 1.1)
"""Voltage in p.u. that supply must keep (EN 50160: plus or minus 10 %)."""


@dataclass(frozen=True)
class Mark:
    """A marked instant.

    Parameters
    ----------
    step
        Step of the clock.
    kind
        One of `KINDS`.
    title
        What it says; translated, or the user's own words.
    """

    step: int
    kind: str
    title: str


def marks(state: "State") -> tuple[Mark, ...]:
    """Return all marks of what is open, in the order of time."""
    twin = state.twin
    if twin.time.static:
        return ()
    notes = (
        Mark(twin.time.nearest(one.seconds), NOTE, one.title)
        for one in state.project.marks
        if twin.time.start <= one.seconds < twin.time.stop
    )
    return tuple(sorted((*notes, *_extremes(twin), *alarms(twin)), key=lambda one: one.step))


def beside(state: "State", direction: int) -> int:
    """Return the step of the next mark, or of the one before.

    Raises
    ------
    CommandError
        Where there is none.
    """
    here = state.view.time
    steps = [one.step for one in marks(state)]
    if direction > 0:
        found = min((one for one in steps if one > here), default=None)
    else:
        found = max((one for one in steps if one < here), default=None)
    if found is None:
        raise CommandError(
            _("There is no later mark.") if direction > 0 else _("There is no earlier mark.")
        )
    return found


def _extremes(twin: Twin) -> list[Mark]:
    found = []
    for kind, name in ((PEAK, "peak load"), (CLEANEST, "cleanest hour")):
        try:
            found.append(Mark(special(twin, name), kind, _(KINDS[kind])))
        except CommandError:
            continue
    return found


def alarms(twin: Twin) -> list[Mark]:
    """Return the alarms of finished results: each spell of time once, at its worst step."""
    found = []
    for layer in twin.layers.values():
        loading = _finished(twin, layer, "loading")
        if loading is not None:
            values, rows = worst(loading, 0.0)
            found += _spells(values > FULL, values, OVERLOAD, layer, rows, "%")
        voltage = _finished(twin, layer, "voltage")
        if voltage is not None:
            values, rows = worst(voltage, 1.0)
            beyond = (values < BAND[0]) | (values > BAND[1])
            found += _spells(beyond, values, VOLTAGE, layer, rows, "p.u.")
            solved = getattr(voltage, "solved", None)
            if solved is not None and voltage.time == twin.time:
                lacking = lacking_of(voltage)
                failed = ~solved if lacking is None else ~solved & ~lacking.steps
                found += _spells(failed, values, FAILED, layer, rows, "")
    return found


def _finished(twin: Twin, layer: Layer, quantity: str) -> Series | None:
    """Return a series on the clock whose steps have all been computed."""
    series = twin.find(layer.id, quantity)
    if series is None or series.time != twin.time:
        return None
    done = getattr(series, "done", None)
    return series if done is None or bool(done.all()) else None


@lru_cache(maxsize=16)
def worst(series: Series, around: float) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
    """Return the value farthest from another at each step, and whose it is. Shape (count,) each.

    NaN where no element has a value.
    """
    count = series.time.count
    values = np.full(count, np.nan, dtype=np.float32)
    rows = np.zeros(count, dtype=np.intp)
    for first in range(0, count if series.size else 0, STRIDE):
        part = series.window(first, min(first + STRIDE, count))
        away = np.abs(part - np.float32(around))
        away[np.isnan(away)] = -1.0
        row = np.argmax(away, axis=1)
        rows[first : first + STRIDE] = row
        values[first : first + STRIDE] = part[np.arange(len(part)), row]
    return values, rows


def _spells(
    beyond: npt.NDArray[np.bool_],
    values: npt.NDArray[np.float32],
    kind: str,
    layer: Layer,
    rows: npt.NDArray[np.intp],
    unit: str,
) -> list[Mark]:
    """Return a mark at the worst step of each spell."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], beyond.astype(np.int8), [0]])))
    found = []
    around = 1.0 if kind == VOLTAGE else 0.0
    for first, last in ends.reshape(-1, 2):
        away = np.nan_to_num(np.abs(values[first:last] - around), nan=0.0)
        step = int(first + np.argmax(away)) if kind != FAILED else int(first)
        title = _(KINDS[kind])
        if unit:
            title = _(
                "{kind}: {element}, {value}",
                kind=title,
                element=name_of(layer, int(rows[step])),
                value=number(float(values[step]), 3, unit),
            )
        found.append(Mark(step, kind, title))
    return found
