"""How values of a window become one, and how a legend names that: never the mean of ratios."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from twinview.i18n import N_, _
from twinview.model.between import Between
from twinview.model.clocked import OnClock
from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.time import TimeAxis, zone
from twinview.model.twin import DISTRICT, Twin
from twinview.model.window import Window, local_seconds
from twinview.model.windowed import Windowed
from twinview.model.windowsums import Rule
from twinview.scene.view import View

HOURLY = {"kW": "kWh", "kvar": "kvarh", "kg/h": "kg"}
"""Units of what flows, and of what has flowed."""
WEIGHTS = {
    "carbon_intensity": ("consumption", "load", "energy", "power"),
    "heat_intensity": ("heat_consumption",),
    "cooling_intensity": ("cooling_consumption",),
    "gas_intensity": ("gas_consumption",),
    "import_intensity": ("import",),
    "local_share": ("load",),
}
"""What shares and intensities are weighted by: the first that a layer has."""
_THROUGH = frozenset({"line", "pipe", "return_pipe", "transformer", "converter"})
_LARGEST = frozenset({"loading", "velocity"})
RULES: dict[Rule, str] = {
    "sum": N_("Sum"),
    "mean": N_("Mean over time"),
    "weighted": N_("Mean weighted by energy"),
    "max": N_("Maximum"),
    "farthest": N_("Farthest from 1 p.u."),
}
"""What legends call each rule (marked for translation)."""
SHORT: dict[Rule, str] = {
    "sum": N_("sum"),
    "mean": N_("mean"), "weighted": N_("mean"), "max": N_("maximum"), "farthest": N_("extreme"),
}  # fmt: skip
"""The same beside the titles of quantities (marked for translation)."""
DAYS: dict[str, str] = {
    "all": N_("all days"),
    "workdays": N_("Monday to Friday"),
    "weekends": N_("weekends"),
}
"""What legends call each kind of day (marked for translation)."""
WITH_HOLIDAYS = {
    **DAYS,
    "workdays": N_("Monday to Friday without holidays"),
    "weekends": N_("weekends and holidays"),
}
"""The same where the project names holidays (marked for translation)."""
SEASONS: dict[str, str] = {
    "all": N_("the whole year"),
    "winter": N_("December to February"),
    "spring": N_("March to May"),
    "summer": N_("June to August"),
    "autumn": N_("September to November"),
}
"""What legends call each season (marked for translation)."""


def rule_of(quantity: str, kind: str, window: Window) -> Rule:
    """Return how values of a quantity become one.

    Parameters
    ----------
    quantity, kind
        What it is, and the kind of the layer: what goes through lines is shown as mean power,
        because their widths are those of powers.
    window
        Over which; typical days show means, not sums.
    """
    known = quantities().get(quantity)
    unit = known.unit if known else "kW"
    if quantity in _LARGEST:
        return "max"
    if unit == "p.u.":
        return "farthest"
    if quantity in WEIGHTS:
        return "weighted"
    through = quantity == "power" and kind in _THROUGH
    if unit in HOURLY and not through and window.kind != "typical":
        return "sum"
    return "mean"


def unit_in(unit: str, rule: Rule) -> str:
    """Return the unit of values of a unit after a rule."""
    return HOURLY.get(unit, unit) if rule == "sum" else unit


@lru_cache(maxsize=8)
def _seen_through(twin: Twin, window: Window) -> Twin:
    series = {
        key: one if one.time.static else _windowed(twin, key, one, window)
        for key, one in twin.series.items()
    }
    exact = None if twin.shown_for is None else _seen_through(twin.shown_for, window)
    return replace(twin, series=series, shown_for=exact)


def seen(twin: Twin, view: View) -> Twin:
    """Return a twin whose series show one value of each element for the window of each step.

    It is the same twin where the view shows instants.
    """
    if view.window.kind == "instant" or twin.time.static:
        return twin
    # Locks decide nothing that is seen, nor do ranges that no window uses.
    window = replace(window_in(twin, view), locked="")
    if window.kind == "rolling":
        window = replace(window, begin=None, end=None)
    elif window.kind == "cumulative":
        window = replace(window, length=0)
    return _seen_through(twin, window)


def on_the_way(twin: Twin, view: View) -> Twin:
    """Return a twin whose series on the clock show what lies between two steps, if that is asked.

    Windows hold whole steps only, and there is nothing after the last step.
    """
    if not interpolated(twin, view):
        return twin
    series = {
        key: Between(one, view.between) if one.time == twin.time else one
        for key, one in twin.series.items()
    }
    exact = None if twin.shown_for is None else on_the_way(twin.shown_for, view)
    return replace(twin, series=series, shown_for=exact)


def interpolated(twin: Twin, view: View) -> bool:
    """Tell whether a view shows what lies between two steps."""
    whole = view.window.kind != "instant" or twin.time.static
    return view.between > 0 and not whole and view.time < twin.time.count - 1


def _windowed(twin: Twin, key: tuple[str, str, str], series: Series, window: Window) -> Windowed:
    layer, quantity, scenario = key
    kind = twin.layers[layer].kind if layer in twin.layers else layer
    rule = rule_of(quantity, kind, window)
    weight = _weight(twin, layer, quantity, scenario) if rule == "weighted" else None
    if rule == "weighted" and weight is None:
        rule = "mean"
    meaning = replace(series.meaning, unit=unit_in(series.meaning.unit, rule))
    clocked = series if series.time == twin.time else OnClock(series, twin.time)
    return Windowed(meaning, clocked, rule, window, weight)


def _weight(twin: Twin, layer: str, quantity: str, scenario: str) -> Series | None:
    found = (twin.find(layer, name, scenario) for name in WEIGHTS[quantity])
    series = next((one for one in found if one is not None), None)
    if series is None or series.time == twin.time:
        return series
    return OnClock(series, twin.time)


def rule_in(twin: Twin, layer: str, quantity: str, view: View) -> Rule:
    """Return the rule that a layer's values follow in a twin that is `seen` through a window."""
    series = twin.find(layer, quantity, view.scenario)
    if isinstance(series, Windowed):
        return series.rule
    kind = twin.layers[layer].kind if layer in twin.layers else DISTRICT
    rule = rule_of(quantity, kind, view.window)
    return "mean" if rule == "weighted" else rule


def unit_of(series: Series, unit: str) -> str:
    """Return the unit of a series' values: its own where it is seen through a window."""
    return unit_in(unit, series.rule) if isinstance(series, Windowed) else unit


def own_unit(series: Series) -> str:
    """Return the unit of a series where a window made it another than the quantity's, else ''."""
    known = quantities().get(series.meaning.quantity)
    unit = known.unit if known else "kW"
    return unit_of(series, unit) if unit_of(series, unit) != unit else ""


def rule_text(series: Series) -> str:
    """Return what a title says of how values were brought together; '' for those of an instant."""
    return _(SHORT[series.rule]) if isinstance(series, Windowed) else ""


def hours_of(series: Series, i: int) -> float:
    """Return the hours that were added up in a value at step `i`; 1 where none were."""
    if not isinstance(series, Windowed) or series.rule != "sum":
        return 1.0
    return len(series.seen.chosen(series.time, i)) * series.time.step / 3600


def window_text(axis: TimeAxis, window: Window, i: int) -> str:
    """Return in words over which time values are taken: the hours, their ends, which days."""
    steps, chosen = window.steps(axis, i), window.chosen(axis, i)
    if not len(steps):
        return _("nothing of the range has come yet")
    first, last = (clock_text(axis, edge) for edge in (steps.start, steps.stop))
    if window.kind == "typical":
        last = clock_text(axis, steps.stop - 1)
        count = len({int(k) for k in local_seconds(axis)[chosen] // 86400})
        days = _("1 day") if count == 1 else _("{days} days", days=count)
        text = _(
            "typical day, {hour} of {days}, {first} to {last}",
            hour=f"{axis.at(i):%H:00}", days=days, first=first[:10], last=last[:10],
        )  # fmt: skip
    else:
        text = _(
            "{length}, {first} to {last}",
            length=length_text(len(steps) * axis.step), first=first, last=last,
        )  # fmt: skip
    return with_days(text, window)


def window_in(twin: Twin, view: View) -> Window:
    """Return the window of a view, which knows the holidays of the district."""
    return replace(view.window, holidays=twin.holidays) if twin.holidays else view.window


def days_text(window: Window) -> str:
    """Return in words which days count; empty where all do."""
    kinds = WITH_HOLIDAYS if window.holidays else DAYS
    days = _(kinds[window.days]) if window.days != "all" else ""
    season = _(SEASONS[window.season]) if window.season != "all" else ""
    return _("{days}, {season}", days=days, season=season) if days and season else days or season


def with_days(text: str, window: Window) -> str:
    """Return what is said of a time, and which of its days count."""
    days = days_text(window)
    return _("{window}, only {days}", window=text, days=days) if days else text


def reach_text(axis: TimeAxis, steps: range) -> str:
    """Return in words when some steps begin and end."""
    first, last = (clock_text(axis, edge) for edge in (steps.start, steps.stop))
    return _("{first} to {last}", first=first, last=last)


def short_text(axis: TimeAxis, window: Window, i: int) -> str:
    """Return in a word or two over which time values are taken."""
    if window.kind == "typical":
        return _("typical day")
    return length_text(len(window.steps(axis, i)) * axis.step)


def clock_text(axis: TimeAxis, edge: int) -> str:
    """Return the local date and time at which a step begins; the end of the axis for its count."""
    if edge < axis.count:
        return f"{axis.at(edge):%Y-%m-%d %H:%M}"
    return f"{datetime.fromtimestamp(axis.stop, tz=zone(axis.tz)):%Y-%m-%d %H:%M}"


def length_text(seconds: float) -> str:
    """Return a length of time as people say it: hours up to two days, then days and hours."""
    days, hours = divmod(seconds / 3600, 24)
    if days < 2:
        return _("{hours} h", hours=f"{seconds / 3600:g}")
    whole = _("{days} days", days=f"{days:g}")
    return _("{days} {hours} h", days=whole, hours=f"{hours:g}") if hours else whole
