"""Modelled series: what a project's settings make of buildings and weather, and what they assume.

Nothing is modelled unless the project asks for it. Modelled series carry the origin "modelled" and
their spread; they are made anew from the settings whenever a project opens.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from twinview.i18n import _
from twinview.model.problem import CommandError, Problem, worst_first
from twinview.model.series import Series
from twinview.model.twin import Twin
from twinview.model.variant import without_results
from twinview.session import demand, solar, weather
from twinview.session.project import Settings

T = TypeVar("T")
Step = Callable[[Twin, Settings], tuple[list[Series], list[Problem]]]

FAILED = "model.failed"


def without_models(twin: Twin) -> Twin:
    """Return the twin as it was before anything was modelled or computed."""
    return without_results(twin.loaded or twin)


def modelled(
    twin: Twin, settings: Settings, holidays: tuple[date, ...] = (), *, strict: bool = False
) -> Twin:
    """Return the twin with the series that the settings ask for.

    Parameters
    ----------
    twin
        The district; series of earlier models are replaced.
    settings
        What to model.
    holidays
        Days that are no workdays, beside those that the demand was modelled with.
    strict
        Whether a model that cannot be made raises, rather than being a problem of the twin.

    Raises
    ------
    CommandError
        Where `strict`: what is missing, and how to add it.
    """
    bare = without_models(twin)
    found: list[Problem] = []
    tried = _Tried(strict, found)
    axis = None
    if settings.demand is not None:
        model = settings.demand
        axis = tried(lambda: demand.axis_of(bare, model), None)
    made, said = weather.on_clock(bare, axis)
    made = made if axis is None else replace(made, time=axis)
    found += said
    steps: list[Step] = [demand.demand_of] if axis is not None else []
    steps += [solar.solar_of] if settings.solar is not None else []
    for step in steps:
        nothing: tuple[list[Series], list[Problem]] = ([], [])
        series, said = tried(partial(step, made, settings), nothing)
        made = made.with_series(*series)
        found += said
    found += demand.offer(made, settings)
    return replace(
        made,
        problems=worst_first([*made.problems, *found]),
        loaded=bare,
        holidays=no_workdays(settings, holidays),
    )


def no_workdays(settings: Settings, holidays: tuple[date, ...]) -> tuple[date, ...]:
    """Return the holidays of a project and of its modelled demand, each once, in order."""
    own = () if settings.demand is None else settings.demand.holidays
    return tuple(sorted({*own, *holidays}))


class _Tried:
    """Calls that may fail: each raises where it is strict, else it becomes a problem."""

    def __init__(self, strict: bool, found: list[Problem]) -> None:
        self.strict, self.found = strict, found

    def __call__(self, work: Callable[[], T], otherwise: T) -> T:
        try:
            return work()
        except CommandError as error:
            if self.strict:
                raise
            self.found.append(_failed(error))
            return otherwise


def _failed(error: CommandError) -> Problem:
    return Problem("error", FAILED, str(error), _("Change the model, or clear it."))
