"""Series of other steps than the clock's, brought to it before anything is computed."""

from dataclasses import replace

from twinview.i18n import _
from twinview.model.clocked import OnClock, brought
from twinview.model.problem import Problem
from twinview.model.quantities import quantities
from twinview.model.series import Profiled, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Twin


def clocked(twin: Twin) -> tuple[Twin, list[Problem]]:
    """Return a district all of whose given series have the steps of its clock.

    How they are brought to it, `twinview.model.clocked.brought` says.

    Parameters
    ----------
    twin
        As it was opened.

    Returns
    -------
    tuple[Twin, list[Problem]]
        The district, and which of its series have finer steps.
    """
    made, said = [], []
    for series in twin.series.values():
        own = series.time
        if own.static or own == twin.time or series.meaning.origin == "computed":
            continue
        made.append(_laid(series, twin.time))
        if own.step < twin.time.step:
            said.append(_say(twin, series))
    return (twin.with_series(*made) if made else twin), said


def _laid(series: Series, clock: TimeAxis) -> Series:
    if not isinstance(series, Profiled):
        return OnClock(series, clock)

    profiles = brought(series.time, clock, 0, clock.count, lambda a, b: series.profiles[a:b])
    return replace(series, time=clock, profiles=profiles)


def _say(twin: Twin, series: Series) -> Problem:
    layer, known = series.meaning.layer, quantities().get(series.meaning.quantity)
    message = _(
        "{quantity} of '{layer}' has steps of {own} s, the clock steps of {clock} s; its means "
        "over the clock's steps enter the computation.",
        quantity=_(known.title) if known is not None else series.meaning.quantity,
        layer=layer,
        own=series.time.step,
        clock=twin.time.step,
    )
    return Problem("info", "series.finer", message, "", "", layer)
