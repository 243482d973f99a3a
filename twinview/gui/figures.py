"""Figures of the curves of a selection: what is plotted, in words, and the same as a table."""

from dataclasses import dataclass

import numpy as np

from twinview.gui.plotlines import Figure, Floats
from twinview.gui.stretch import month
from twinview.gui.stretch import ticks as time_ticks
from twinview.i18n import N_, _
from twinview.model.quantities import quantities
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import Layer
from twinview.model.window import Window
from twinview.scene.aggregation import reach_text, window_in, with_days
from twinview.scene.numbers import number, round_steps
from twinview.scene.together import Together, course, duration, months
from twinview.scene.words import name_of, quantity_title
from twinview.session.store import State

KINDS = {
    "curves": N_("Curves"), "months": N_("Months"), "duration": N_("Duration"),
    "day": N_("Day"),
}  # fmt: skip
"""Ids and titles of the figures."""


@dataclass(frozen=True, eq=False)
class Material:
    """What figures are made of.

    Parameters
    ----------
    layer, quantity, unit
        Of what; the unit as a reader sees it.
    singles
        Curves by row of the layer.
    together
        The curve of all of them.
    count
        How many elements are meant.
    whole
        Whether that is the whole layer, for nothing of it is selected.
    left_out
        What was selected as well and does not count, and why.
    """

    layer: Layer
    quantity: str
    unit: str
    singles: dict[int, Floats]
    together: Together
    count: int
    whole: bool
    left_out: tuple[str, ...] = ()


def unit_of(quantity: str) -> str:
    """Return the unit of a quantity as it is plotted."""
    known = quantities().get(quantity)
    return "" if known is None else "%" if known.unit == "1" else known.unit


def aggregation(made: Material) -> str:
    """Return in words how several elements became one curve."""
    counts = {"count": made.together.known}
    if made.together.how == "weighted":
        return _("mean by use of {count}", **counts)
    return (
        _("sum of {count}", **counts)
        if made.together.how == "sum"
        else _("mean of {count}", **counts)
    )


def figure(kind: str, made: Material, state: State, shown: range) -> Figure:
    """Return a figure of the material: curves over the stretch; all else over the whole clock, or
    the range where one is set, of the days that count."""
    time = state.twin.time
    if kind == "curves":
        return _curves(made, time, shown)
    making = {"months": _months, "duration": _duration, "day": _day}
    return making[kind](made, time, window_in(state.twin, state.view))


def _curves(made: Material, time: TimeAxis, shown: range) -> Figure:
    lines = list(made.singles.values()) or [made.together.values]
    part = slice(shown.start, shown.stop)
    steps = np.arange(shown.start, shown.stop, dtype=np.float64)
    title = quantity_title(made.quantity)
    if not made.singles:
        title = f"{title} · {aggregation(made)}"
    marks = tuple((float(one.index), one.text) for one in time_ticks(time, shown, 200) if one.text)
    return Figure(
        title, made.unit, time.tz, steps + 0.5, tuple(line[part] for line in lines), marks,
        (float(shown.start), float(shown.stop)), first=shown.start,
    )  # fmt: skip


def _months(made: Material, time: TimeAxis, window: Window) -> Figure:
    names, bars, unit = months(made.together, time, made.unit, window.counted(time))
    how = _("months, sum") if unit != made.unit else _("months, mean")
    ticks = tuple((float(k), month(one)) for k, (_year, one) in enumerate(names))
    return Figure(
        f"{quantity_title(made.quantity)} · {aggregation(made)} · {how}", unit, span(time, window),
        np.arange(len(names), dtype=np.float64), (bars,), ticks, (-0.6, len(names) - 0.4),
        bars=True, names=tuple(f"{year}-{one:02}" for year, one in names),
    )  # fmt: skip


def _duration(made: Material, time: TimeAxis, window: Window) -> Figure:
    keep = window.counted(time)
    values = duration(made.together.values if keep is None else made.together.values[keep])
    hours = (np.arange(values.size) + 0.5) * time.step / 3600
    end = float(max(values.size, 1) * time.step / 3600)
    ticks = tuple((hour, f"{number(int(hour))} h") for hour in round_steps(0.0, end, 4))
    how = _("load duration")
    title = f"{quantity_title(made.quantity)} · {aggregation(made)} · {how}"
    return Figure(title, made.unit, span(time, window), hours, (values,), ticks, (0.0, end),
                  names=tuple(f"{one:g}" for one in hours.tolist()))  # fmt: skip


def _day(made: Material, time: TimeAxis, window: Window) -> Figure:
    hours, band = course(made.together.values, time, window.counted(time))
    ticks = tuple((float(hour), f"{hour}:00") for hour in (0, 6, 12, 18, 24))
    how = _("median and 10-90 % of the days")
    title = f"{quantity_title(made.quantity)} · {aggregation(made)} · {how}"
    half = time.step / 7200
    foot = span(time, window, time.tz)
    return Figure(title, made.unit, foot, hours + half, (band[1],), ticks, (0.0, 24.0),
                  (band[0], band[2]),
                  names=tuple(map(_clock, hours.tolist())))  # fmt: skip


def _clock(hours: float) -> str:
    return f"{int(hours)}:{round(hours % 1 * 60):02}"


def span(time: TimeAxis, window: Window, zone: str = "") -> str:
    """Return first and last day of a clock, or the ends of the range; and which days count."""
    first, last = time.at(0), time.at(time.count - 1)
    text = f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
    if window.ranged:
        text = reach_text(time, window.span(time))
    return with_days(f"{text} · {zone}" if zone else text, window)


def as_tsv(kind: str, made: Material, plotted: Figure, time: TimeAxis) -> str:
    """Return what is plotted as text with tabs, with a row of titles and units above it."""
    rows = list(made.singles) if kind == "curves" and made.singles else []
    heads = [f"{name_of(made.layer, row)} [{plotted.unit}]" for row in rows]
    if kind == "day":
        heads = [f"{name} [{plotted.unit}]" for name in (_("Median"), "10 %", "90 %")]
    heads = heads or [f"{plotted.title} [{plotted.unit}]"]
    columns = [*plotted.lines, *(plotted.band or ())]
    lines = ["\t".join([_first_head(kind), *heads])]
    for k, x in enumerate(plotted.x.tolist()):
        values = (float(column[k]) for column in columns)
        cells = (f"{value:.6g}" if np.isfinite(value) else _("no data") for value in values)
        lines.append("\t".join([_first_cell(kind, x, plotted, time), *cells]))
    return "\n".join(lines) + "\n"


def _first_head(kind: str) -> str:
    return {"curves": _("Time"), "months": _("Month")}.get(kind, f"{_('Hours')} [h]")


def _first_cell(kind: str, x: float, plotted: Figure, time: TimeAxis) -> str:
    if kind == "curves":
        return format_instant(time.seconds(int(x)), time.tz)
    return plotted.ticks[int(x)][1] if kind == "months" else f"{x:g}"
