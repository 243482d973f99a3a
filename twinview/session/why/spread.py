"""Why counts, quartiles and bars of a histogram are what they are: which elements are meant."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.numbers import number
from twinview.scene.private import groups_for
from twinview.scene.shown import Shown
from twinview.scene.statistics import Statistics, entering, statistics
from twinview.scene.summary import shown_of
from twinview.scene.words import quantity_title, value_text
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Derivation, Input, Parts, exact
from twinview.session.why.members import (
    ORIGIN,
    PLACE,
    key_of,
    member_key,
    other_key,
    subject_of,
    view_of,
    when_of,
)

Rows = npt.NDArray[np.int64]
MOST = 10
"""Elements that are named one by one."""
QUARTILES = {
    "minimum": N_("Minimum"), "lower": N_("Lower quartile"), "median": N_("Median"),
    "upper": N_("Upper quartile"), "maximum": N_("Maximum"),
}  # fmt: skip
"""Names of the five numbers of a spread, in their order."""
COUNTS = {
    "elements": N_("Elements"), "known": N_("With a value"), "missing": N_("No data"),
    "withheld": N_("Withheld"),
}  # fmt: skip
"""Names of what is counted."""


@dataclass(frozen=True, eq=False)
class Spread:
    """Some elements in the order of their values.

    Parameters
    ----------
    asked
        The question.
    rows
        Elements that are meant.
    now
        The numbers of all elements of the layer.
    found
        Their statistics.
    inside, values
        Those that enter, the smallest first, and their values.
    """

    asked: Asked
    rows: Rows
    now: Shown
    found: Statistics
    inside: Rows
    values: npt.NDArray[np.float64]

    def text(self, value: float) -> str:
        """Return a value with its unit."""
        return value_text(self.now.quantity, value, self.now.unit)

    def member(self, k: int, name: str = "", note: str = "") -> Input:
        """Return the element at a place of the order, with the way to its own number."""
        row = int(self.inside[k])
        said = _("mean of its group") if self.now.grouped[row] else note
        name = name or self.asked.name(self.asked.layer_id, row)
        return Input(name, float(self.values[k]), self.now.unit, said, member_key(self.asked, row))

    def derivation(self, title: str, value: float, text: str, parts: Parts) -> Derivation:
        """Return a whole derivation."""
        asked = self.asked
        return Derivation(
            key=key_of(asked), title=f"{quantity_title(asked.quantity)} · {title.lower()}",
            subject=subject_of(asked, len(self.rows)), value=value, text=text,
            when=when_of(asked), origin=_(ORIGIN), parts=parts, over=asked.windowed,
        )  # fmt: skip


def _spread(asked: Asked, rows: Rows) -> Spread:
    _through, now = shown_of(asked.twin, view_of(asked), asked.layer, asked.quantity,
                             asked.state.beside)  # fmt: skip
    groups = groups_for(asked.twin, asked.layer_id, asked.quantity)
    inside, values = entering(now, rows, groups)
    order = np.argsort(values, kind="stable")
    found = statistics(now, rows, groups)
    return Spread(asked, rows, now, found, inside[order], values[order])


# ---------------------------------------------------------------------------------------- quartiles
def _quartile(which: str, asked: Asked, rows: Rows, _rest: str) -> Derivation:
    """Explain a quartile: between which two elements it stands, in the order of their values."""
    at = list(QUARTILES).index(which)
    title, made = _(QUARTILES[which]), _spread(asked, rows)
    value, count = made.found.quartiles[at], len(made.values)
    if not count:
        nothing = Parts(PLACE, lines=_lines(made))
        return made.derivation(title, value, _none(made), nothing)
    place = at / 4 * (count - 1)
    below, share = int(place), place - int(place)
    said = _("Of {count} values in their order it stands at place {place}.",
             count=number(count), place=f"{place + 1:g}")  # fmt: skip
    ends = [made.member(below)]
    formula, worked = "x = x_a", f"= {exact_value(made, value)}"
    if share:
        ends.append(made.member(below + 1))
        a, b = (exact(one.value) for one in ends)
        formula = "x = x_a + f · (x_b − x_a)"
        worked = f"{a} + {share:g} · ({b} − {a}) = {exact_value(made, value)}"
        said += " " + _("It is taken in a straight line between both sides.")
    lines = (said, *_lines(made))
    return made.derivation(title, value, made.text(value),
                           Parts(PLACE, formula, worked, value, lines, tuple(ends)))  # fmt: skip


def exact_value(made: Spread, value: float) -> str:
    """Return a value with all the digits that are needed to work it out again."""
    return exact(value * 100, "%") if made.now.unit == "1" else exact(value, made.now.unit)


def _none(made: Spread) -> str:
    return _("Withheld") if made.found.withheld else _("No data")


def _lines(made: Spread) -> tuple[str, ...]:
    """Say what enters, how, and what is private of it."""
    found, said = made.found, []
    if found.known < found.count:
        said.append(_("{known} of {count} elements have a value.",
                      known=number(found.known), count=number(found.count)))  # fmt: skip
    if made.now.over:
        said.append(made.now.over)
    if found.grouped or found.withheld:
        said.append(
            _("Single dwellings are private: they enter as the mean of a group of neighbours.")
        )
    return tuple(said)


# ------------------------------------------------------------------------------------------- counts
def _count(which: str, asked: Asked, rows: Rows, _rest: str) -> Derivation:
    """Explain how many elements there are: what became of each, and the numbers of their spread."""
    made = _spread(asked, rows)
    found = made.found
    counts = {"elements": found.count, "known": found.known, "missing": found.missing,
              "withheld": found.withheld}  # fmt: skip
    three = [name for name in counts if name != "elements"]
    inputs = [Input(_(COUNTS[one]), float(counts[one]), "") for one in three]
    formula = "n = n_known + n_missing + n_withheld" if which == "elements" else ""
    worked = " + ".join(number(counts[one]) for one in three) + f" = {number(found.count)}"
    for name, value in zip(QUARTILES, found.quartiles, strict=True):
        inputs.append(Input(_(QUARTILES[name]), value, made.now.unit, "", other_key(asked, name)))
    inputs.append(Input(_("Mean"), found.mean, made.now.unit, "", other_key(asked, "mean")))
    parts = Parts(PLACE, formula, worked if formula else "", float(counts[which]), _lines(made),
                  tuple(inputs), weighty=_without(made) if which != "known" else ())  # fmt: skip
    return made.derivation(_(COUNTS[which]), float(counts[which]), number(counts[which]), parts)


def _without(made: Spread) -> tuple[Input, ...]:
    """Return elements that have no value."""
    asked = made.asked
    lost = made.rows[~made.now.known[made.rows]][:MOST]
    return tuple(
        Input(asked.name(asked.layer_id, int(row)), float("nan"), made.now.unit, "",
              member_key(asked, int(row)))
        for row in lost
    )  # fmt: skip


# -------------------------------------------------------------------------------------------- bars
def _bar(asked: Asked, rows: Rows, rest: str) -> Derivation:
    """Explain a bar of the histogram: which elements lie between its edges."""
    low, high = _edges(rest)
    made = _spread(asked, rows)
    edges = made.found.edges
    last = bool(edges) and high >= edges[-1]
    inside = (made.values >= low) & ((made.values <= high) if last else (made.values < high))
    places = np.flatnonzero(inside)[::-1]
    count = int(places.size)
    title = _("{low} to {high}", low=number(low), high=made.text(high))
    closed = "≤" if last else "<"
    formula = f"{exact(low)} ≤ x_i {closed} {exact(high)}"
    weighty = [made.member(int(k)) for k in places[:MOST]]
    said = [_("{count} of {whole} values lie in it.",
              count=number(count), whole=number(len(made.values)))]  # fmt: skip
    if count > MOST:
        said.append(_("The {most} largest of them are named.", most=number(MOST)))
    parts = Parts(PLACE, formula, f"n = {number(count)}", float(count), (*said, *_lines(made)),
                  weighty=tuple(weighty))  # fmt: skip
    return made.derivation(title, float(count), _("{count} elements", count=number(count)), parts)


def _edges(rest: str) -> tuple[float, float]:
    try:
        low, high = (float(one) for one in rest.split(":"))
    except ValueError as error:
        raise CommandError(_("Write the ends of a bar as bar:LOW:HIGH.")) from error
    return low, high


FIGURES: dict[str, Callable[[Asked, Rows, str], Derivation]] = {
    **{name: partial(_quartile, name) for name in QUARTILES},
    **{name: partial(_count, name) for name in COUNTS},
    "bar": _bar,
}
"""By name of the figure."""
