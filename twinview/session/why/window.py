"""Why a number over a window is what it is: the rule, the steps that count, what weighs most."""

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.quantities import quantities
from twinview.model.twin import DISTRICT
from twinview.model.windowed import Entering, Windowed
from twinview.model.windowsums import Rule
from twinview.overlays.emission import emission
from twinview.overlays.power import net_power
from twinview.scene.aggregation import RULES, clock_text, rule_in, unit_in, window_text
from twinview.scene.numbers import number, percent
from twinview.scene.parts import row, uses
from twinview.scene.resolve import total
from twinview.scene.words import quantity_title
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Input, Parts, exact

Floats = npt.NDArray[np.float64]
PLACE = "time#windows"
MOST = 5
"""Steps that are named one by one."""
FORMULAS: dict[Rule, str] = {
    "sum": "x = Σ x_t · Δt",
    "mean": "x = Σ x_t / n",
    "weighted": "x = Σ x_t · w_t / Σ w_t",
    "max": "|x| = max |x_t|",
    "farthest": "|x − 1| = max |x_t − 1|",
}
DERIVED = {
    ("building", "power"): net_power,
    ("building", "emission"): emission,
    ("load", "emission"): emission,
}
"""Numbers that no series holds, and what makes them of others for the map."""
_ADDED = N_("Added up over the steps")


def is_derived(asked: Asked) -> bool:
    """Tell whether a number is made of others, because no series holds it."""
    known = asked.series(asked.layer_id, asked.quantity) is not None
    return not known and (asked.kind, asked.quantity) in DERIVED


def value_of(asked: Asked) -> float:
    """Return a number as the map and the numbers of the district show it; NaN for none."""
    if asked.layer_id == DISTRICT:
        return total(asked.through, asked.quantity, asked.view)
    if is_derived(asked):
        make = DERIVED[asked.kind, asked.quantity]
        values, _states = make(asked.through, asked.layer, asked.view)
    else:
        values, _states = row(asked.through, asked.layer, asked.quantity, asked.view)
    return float(values[asked.row])


def rule_of(asked: Asked) -> Rule:
    """Return how values of the steps become the one that is asked about."""
    return rule_in(asked.through, asked.layer_id, asked.quantity, asked.view)


def unit_of_quantity(quantity: str) -> str:
    """Return the unit of a quantity at an instant."""
    known = quantities().get(quantity)
    return known.unit if known else "kW"


def unit_over(asked: Asked) -> str:
    """Return the unit of the number over the window."""
    return unit_in(unit_of_quantity(asked.quantity), rule_of(asked))


def of_window(asked: Asked) -> Parts:
    """Explain a number over a window."""
    if is_derived(asked):
        return _derived(asked)
    series = asked.through.find(asked.layer_id, asked.quantity, asked.view.scenario)
    assert isinstance(series, Windowed)
    found = series.entering(asked.row, asked.step)
    worked, inputs = _worked(asked, found, series)
    return Parts(
        PLACE,
        FORMULAS[found.rule],
        worked if found.known else "",
        found.result,
        _lines(asked, found.known, found.rule),
        inputs,
        weighty=_heaviest(asked, found),
    )


# -------------------------------------------------------------------------------------- in words
def _lines(asked: Asked, known: int, rule: Rule) -> tuple[str, ...]:
    """Return over which time a number is taken, how, and which steps of it count."""
    time, window = asked.twin.time, asked.view.window
    looked, chosen = window.steps(time, asked.step), window.chosen(time, asked.step)
    over = window_text(time, window, asked.step)
    said = [_("{rule}: {window}.", rule=_(RULES[rule]), window=over)]
    if len(chosen):
        said.append(_counted(known, len(chosen), time.step))
    left = len(looked) - len(chosen)
    if left:
        said.append(
            _("Of the {all} steps in that time {left} do not count: they are of other days or "
              "hours.", all=number(len(looked)), left=number(left))
        )  # fmt: skip
    if window.kind == "rolling" and len(looked) < window.count(time):
        said.append(_("The window is shorter than asked for: the data begin here."))
    return tuple(said)


def _counted(known: int, count: int, step: int) -> str:
    minutes = f"{step / 60:g}"
    if known == count:
        return _("{count} steps of {minutes} min enter.", count=number(count), minutes=minutes)
    return _("{known} of {count} steps of {minutes} min enter; the others have no value.",
             known=number(known), count=number(count), minutes=minutes)  # fmt: skip


# ------------------------------------------------------------------------------------ in numbers
def _worked(asked: Asked, found: Entering, series: Windowed) -> tuple[str, tuple[Input, ...]]:
    """Return the formula with numbers, and what stands in it."""
    unit, top = unit_of_quantity(asked.quantity), found.sums[0]
    if found.rule == "weighted":
        return _weighted(asked, found, series)
    if found.rule in {"max", "farthest"}:
        return f"= {_amount(found.result, unit)}", ()
    added = Input(_(_ADDED), top / found.hours, unit)
    if found.rule == "sum":
        length = Input(_("Length of a step"), found.hours, "h")
        worked = f"{exact(added.value, unit)} · {exact(found.hours, 'h')} = "
        return worked + exact(found.result, unit_over(asked)), (added, length)
    count = Input(_("Steps with a value"), float(found.known), "")
    worked = f"{exact(top)} / {number(found.known)} = {_amount(found.result, unit)}"
    return worked, (added, count)


def _amount(value: float, unit: str) -> str:
    return exact(value * 100, "%") if unit == "1" else exact(value, unit)


def _weighted(asked: Asked, found: Entering, series: Windowed) -> tuple[str, tuple[Input, ...]]:
    """Return a mean by energy as what stands above the line over what stands below it."""
    assert series.weight is not None
    by, unit = series.weight.meaning.quantity, unit_of_quantity(asked.quantity)
    flows = unit_of_quantity(by) == "kW"
    hours = asked.hours if flows else 1.0
    top, below = (one * hours for one in found.sums)
    title = quantity_title(by)
    energy = Input(title, below, "kWh", "" if flows else _(_ADDED), asked.key(by))
    if unit == "g/kWh":
        above = Input(_("Carbon"), top / 1000, "kg", _("intensity times energy, added up"))
        worked = f"{exact(top / 1000, 'kg')} · 1000 / {exact(below, 'kWh')} = "
    else:
        above = Input(_("Share times energy, added up"), top, "kWh")
        worked = f"{exact(top, 'kWh')} / {exact(below, 'kWh')} = "
    return worked + _amount(found.result, unit), (above, energy)


def _heaviest(asked: Asked, found: Entering) -> tuple[Input, ...]:
    """Return the steps that weigh most, each with the way to what it is made of."""
    unit, (top, _below, _known) = unit_of_quantity(asked.quantity), found.terms
    if found.rule == "sum":
        return summed_steps(asked, found.steps, np.where(np.isfinite(found.value), top, np.nan))
    around = 1.0 if found.rule == "farthest" else 0.0
    size = np.abs(found.value - around if found.rule in {"max", "farthest"} else top)
    made = []
    for k in _largest(size, np.isfinite(found.value)):
        note = ""
        if found.weight is not None:
            by = asked.hours * float(found.weight[k])
            note = f"× {exact(by, 'kWh')}"
        made.append(_step(asked, int(found.steps[k]), float(found.value[k]), unit, note))
    return tuple(made)


def summed_steps(asked: Asked, steps: npt.NDArray[np.intp], added: Floats) -> tuple[Input, ...]:
    """Return the steps that add most to a sum, and one that stands for all others."""
    unit, whole = unit_over(asked), float(np.nansum(added))
    one_sign = bool((np.nan_to_num(added) >= 0).all()) and whole > 0
    known = np.isfinite(added)
    first = _largest(np.abs(added), known)
    made = []
    for k in first:
        share = _("{share} of it", share=percent(float(added[k]) / whole)) if one_sign else ""
        made.append(_step(asked, int(steps[k]), float(added[k]), unit, share))
    rest = int(known.sum()) - len(first)
    if rest:
        left = whole - sum(one.value for one in made)
        made.append(Input(_("{count} more together", count=number(rest)), left, unit))
    return tuple(made)


def _largest(size: Floats, known: npt.NDArray[np.bool_]) -> list[int]:
    """Return the places of the largest sizes, the largest first; of equal ones the earlier."""
    order = np.argsort(-np.where(known, size, -1.0), kind="stable")
    return [int(k) for k in order[: min(MOST, int(known.sum()))]]


def _step(asked: Asked, k: int, value: float, unit: str, note: str) -> Input:
    return Input(clock_text(asked.twin.time, k), value, unit, note, asked.instant(k))


# ------------------------------------------------------------------------------- made of others
def _derived(asked: Asked) -> Parts:
    """Explain what is made of two other numbers, each taken over the window."""
    power = asked.quantity == "power"
    first = uses(asked.twin, asked.layer) if power else "consumption"
    names = (first, "generation" if power else "carbon_intensity")
    found = {one: _over(asked, one) for one in names}
    steps = asked.view.window.chosen(asked.twin.time, asked.step)
    rule = rule_of(asked)
    hours = asked.hours if rule == "sum" else 1.0 / max(len(steps), 1)
    each = [_course(asked, one, len(steps)) for one in names]
    if power:
        known = np.isfinite(each[0]) | np.isfinite(each[1])
        added = np.where(known, np.nan_to_num(each[0]) - np.nan_to_num(each[1]), np.nan) * hours
        values = [float(np.nan_to_num(found[one].value)) for one in names]
        result, formula = values[0] - values[1], "E = E_use − E_gen"
        worked = f"{exact(values[0])} − {exact(values[1])} = "
    else:
        added = each[0] * each[1] / 1000 * hours
        used, rate = (found[one].value for one in names)
        result, formula = used * rate / 1000, "C = E · e / 1000"
        worked = f"{exact(used)} · {exact(rate)} / 1000 = "
    inputs = tuple(one for one in found.values() if np.isfinite(one.value))
    count = int(np.isfinite(added).sum())
    return Parts(PLACE, formula, worked + exact(result, unit_over(asked)), result,
                 _lines(asked, count, rule), inputs,
                 weighty=summed_steps(asked, steps, added) if rule == "sum" else ())  # fmt: skip


def _over(asked: Asked, quantity: str) -> Input:
    """Return another number of the element over the same window."""
    series = asked.through.find(asked.layer_id, quantity, asked.view.scenario)
    rule = series.rule if isinstance(series, Windowed) else "mean"
    values, _states = row(asked.through, asked.layer, quantity, asked.view)
    unit = unit_in(unit_of_quantity(quantity), rule)
    return Input(quantity_title(quantity), float(values[asked.row]), unit,
                 about=asked.key(quantity))  # fmt: skip


def _course(asked: Asked, quantity: str, count: int) -> Floats:
    """Return another number of the element at each step of the window; NaN without one."""
    series = asked.through.find(asked.layer_id, quantity, asked.view.scenario)
    if not isinstance(series, Windowed):
        return np.full(count, np.nan)
    return series.entering(asked.row, asked.step).value
