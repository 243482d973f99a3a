"""Why months, durations and days of a curve are what they are: which steps they are made of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.window import Window
from twinview.scene.aggregation import HOURLY, clock_text, days_text, window_in
from twinview.scene.numbers import number
from twinview.scene.together import BAND, Together, local_times, months, together
from twinview.scene.words import quantity_title, value_text
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Derivation, Input, Parts, exact
from twinview.session.why.members import ORIGIN, PLACE, key_of, step_key, subject_of
from twinview.session.why.window import MOST

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Steps = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Curve:
    """The curve of some elements together, and the steps of it that count.

    Parameters
    ----------
    asked, count
        The question, and how many elements are meant.
    together
        The curve.
    window
        Range and days that count.
    steps
        Those that count.
    """

    asked: Asked
    count: int
    together: Together
    window: Window
    steps: Steps

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return quantities()[self.asked.quantity].unit

    @property
    def hours(self) -> float:
        """Length of a step."""
        return self.asked.hours

    def step(self, k: int, note: str = "") -> Input:
        """Return a step of it, with the way to what each element gives there."""
        key = step_key(self.asked, k, self.together.how)
        value = float(self.together.values[k])
        return Input(clock_text(self.asked.twin.time, k), value, self.unit, note, key)

    def lines(self) -> tuple[str, ...]:
        """Say of what the curve is, which steps count, and what is kept back."""
        made = self.together
        count = number(made.known)
        names = {"sum": _("sum of {count}", count=count), "mean": _("mean of {count}", count=count),
                 "weighted": _("mean by use of {count}", count=count)}  # fmt: skip
        how = names[made.how]
        said = [_("At each step: {how}.", how=how)]
        days = days_text(self.window)
        said += [_("Only {days} count.", days=days)] if days else []
        if made.withheld:
            said.append(
                _("{count} withheld: single dwellings are private.", count=number(made.withheld))
            )
        if made.missing:
            said.append(_("{count} without data.", count=number(made.missing)))
        return tuple(said)

    def exact(self, value: float, unit: str = "") -> str:
        """Return a value with the digits that working it out again needs."""
        unit = unit or self.unit
        return exact(value * 100, "%") if unit == "1" else exact(value, unit)

    def derivation(
        self, title: str, when: str, value: float, unit: str, parts: Parts
    ) -> Derivation:
        """Return a whole derivation; without a value it says so."""
        asked, own = self.asked, "" if unit == self.unit else unit
        known = bool(np.isfinite(value))
        text = value_text(asked.quantity, value, own)
        withheld = not self.together.known and self.together.withheld
        return Derivation(
            key=key_of(asked), title=f"{quantity_title(asked.quantity)} · {title}",
            subject=subject_of(asked, self.count), value=value,
            text=text if known or not withheld else _("Withheld"), when=when, origin=_(ORIGIN),
            parts=parts, over=True,
        )  # fmt: skip


def _curve(asked: Asked, rows: Rows) -> Curve:
    time = asked.twin.time
    if time.static:
        raise CommandError(_("The data have one instant and no curves."))
    made = together(asked.twin, asked.layer, asked.quantity, np.unique(rows), asked.view.scenario)
    window = window_in(asked.twin, asked.view)
    keep = window.counted(time)
    steps = np.arange(time.count) if keep is None else np.flatnonzero(keep)
    return Curve(asked, len(rows), made, window, steps)


# ------------------------------------------------------------------------------------------- months
def _month(asked: Asked, rows: Rows, rest: str) -> Derivation:
    """Explain a month: the steps added up, or their mean."""
    made = _curve(asked, rows)
    time = asked.twin.time
    stamps = local_times(time).astype("datetime64[M]").astype(str)
    steps = made.steps[stamps[made.steps] == rest]
    if not steps.size:
        raise CommandError(_("No step of '{month}' counts; write a month as 2024-03.", month=rest))
    keep = np.zeros(time.count, dtype=np.bool_)
    keep[steps] = True
    _names, bars, unit = months(made.together, time, made.unit, keep)
    value, values = float(bars[0]), made.together.values[steps]
    weights = made.together.weights
    mine = np.ones(len(steps)) if weights is None else weights[steps]
    added = np.where(mine == 0, 0.0, values * mine)
    formula, worked, inputs = _month_worked(made, value, unit, added, mine)
    lines = [*made.lines(), _counted(values, time.step)]
    if not np.isfinite(value):
        lines.append(_("A month with steps without a value gets no bar: it is no smaller month."))
        worked = ""
    when = f"{rest}, {clock_text(time, int(steps[0]))} – {clock_text(time, int(steps[-1]) + 1)}"
    size = np.where(np.isfinite(added), np.abs(added), -1.0)
    order = np.argsort(-size, kind="stable")[:MOST]
    weighty = tuple(
        made.step(int(steps[k]), "" if weights is None else f"× {exact(float(mine[k]))}")
        for k in order
        if size[k] >= 0
    )
    parts = Parts("time#windows", formula, worked, value, tuple(lines), inputs, weighty=weighty)
    return made.derivation(rest, f"{when}, {time.tz}", value, unit, parts)


def _month_worked(
    made: Curve, value: float, unit: str, added: Floats, weights: Floats
) -> tuple[str, str, tuple[Input, ...]]:
    """Return formula, the formula with numbers, and what stands in it."""
    top, below = float(np.nansum(added)), float(weights.sum())
    result = made.exact(value, unit)
    if made.unit in HOURLY:
        inputs = (Input(_("Added up over the steps"), top, made.unit),
                  Input(_("Length of a step"), made.hours, "h"))  # fmt: skip
        worked = f"{exact(top, made.unit)} · {exact(made.hours, 'h')} = {result}"
        return "x = Σ x_t · Δt", worked, inputs
    if made.together.weights is not None:
        inputs = (Input(_("Value times use, added up"), top, ""), Input(_("Use"), below, ""))
        return "x = Σ x_t · w_t / Σ w_t", f"{exact(top)} / {exact(below)} = {result}", inputs
    inputs = (Input(_("Added up over the steps"), top, made.unit),
              Input(_("Steps with a value"), below, ""))  # fmt: skip
    return "x = Σ x_t / n", f"{exact(top)} / {number(int(below))} = {result}", inputs


def _counted(values: Floats, step: int) -> str:
    known, minutes = int(np.isfinite(values).sum()), f"{step / 60:g}"
    if known == len(values):
        return _("{count} steps of {minutes} min enter.", count=number(known), minutes=minutes)
    return _("{known} of {count} steps of {minutes} min enter; the others have no value.",
             known=number(known), count=number(len(values)), minutes=minutes)  # fmt: skip


# ---------------------------------------------------------------------------------------- durations
def _duration(asked: Asked, rows: Rows, rest: str) -> Derivation:
    """Explain a place of the load duration curve: the step that has its value."""
    made = _curve(asked, rows)
    values = made.together.values[made.steps]
    good = np.isfinite(values)
    steps, values = made.steps[good], values[good]
    order = np.argsort(-values, kind="stable")
    hours = _number(rest, _("Write a duration as duration:HOURS."))
    when = _reach(made)
    if not values.size:
        return made.derivation(_("load duration"), when, float("nan"), made.unit, Parts(PLACE))
    place = min(max(int(hours / made.hours), 0), values.size - 1)
    at, value = int(steps[order[place]]), float(values[order[place]])
    reached = (place + 1) * made.hours
    lines = (
        _("Of {count} steps in falling order this is number {place}: it is reached or exceeded for"
          " {hours} h.", count=number(int(values.size)), place=number(place + 1),
          hours=f"{reached:g}"),
        *made.lines(),
    )  # fmt: skip
    title = _("reached for {hours} h", hours=f"{reached:g}")
    parts = Parts(PLACE, "x_(1) ≥ x_(2) ≥ … ≥ x_(n)", f"x_({place + 1}) = {made.exact(value)}",
                  value, lines, (made.step(at),))  # fmt: skip
    return made.derivation(title, when, value, made.unit, parts)


def _number(text: str, use: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise CommandError(use) from error


def _reach(made: Curve) -> str:
    time, steps = made.asked.twin.time, made.steps
    if not steps.size:
        return _("No step counts.")
    ends = (clock_text(time, int(one)) for one in (steps[0], steps[-1] + 1))
    first, last = ends
    return f"{_('{first} to {last}', first=first, last=last)}, {time.tz}"


# --------------------------------------------------------------------------------------------- days
NAMES = {"low": BAND[0], "median": BAND[1], "high": BAND[2]}


def _day(asked: Asked, rows: Rows, rest: str) -> Derivation:
    """Explain an hour of the course of a day: between which days its median or band stands."""
    made = _curve(asked, rows)
    clock, _sign, which = rest.rpartition(":")
    if which not in NAMES:
        raise CommandError(_("Write an hour of the day as day:14:00:median, or low or high."))
    local = local_times(asked.twin.time)[made.steps]
    minutes = (local - local.astype("datetime64[D]")).astype("timedelta64[m]").astype(np.int64)
    steps = made.steps[minutes == _minutes(clock)]
    values = made.together.values[steps]
    good = np.isfinite(values)
    steps, values = steps[good], values[good]
    name = (
        _("median of the days")
        if which == "median"
        else _("{share} of the days", share=f"{NAMES[which]:.0%}")
    )
    title = f"{clock} · {name}"
    if not values.size:
        return made.derivation(title, _reach(made), float("nan"), made.unit, Parts(PLACE))
    return _quantile(made, (steps, values), NAMES[which], title)


def _quantile(made: Curve, days: tuple[Steps, Floats], share: float, title: str) -> Derivation:
    steps, values = days
    order = np.argsort(values, kind="stable")
    place = share * (values.size - 1)
    below, part = int(place), place - int(place)
    value = float(np.quantile(values, share))
    ends = [made.step(int(steps[order[below]]))]
    formula, worked = "x = x_a", f"= {made.exact(value)}"
    if part > 0:
        ends.append(made.step(int(steps[order[below + 1]])))
        a, b = (exact(one.value) for one in ends)
        formula = "x = x_a + f · (x_b − x_a)"
        worked = f"{a} + {part:.4g} · ({b} − {a}) = {made.exact(value)}"
    lines = (
        _("Of {count} values in their order it stands at place {place}.",
          count=number(int(values.size)), place=f"{place + 1:g}"),
        *made.lines(),
    )  # fmt: skip
    parts = Parts(PLACE, formula, worked, value, lines, tuple(ends))
    return made.derivation(title, _reach(made), value, made.unit, parts)


def _minutes(clock: str) -> int:
    use = _("Write an hour of the day as day:14:00:median, or low or high.")
    hours, _sign, minutes = clock.partition(":")
    return round(_number(hours, use) * 60 + _number(minutes or "0", use))


FIGURES: dict[str, Callable[[Asked, Rows, str], Derivation]] = {
    "month": _month, "duration": _duration, "day": _day,
}  # fmt: skip
"""By name of the figure."""
