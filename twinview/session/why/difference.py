"""Why a difference is what it is: B less A, each with its case, its instant and a way on."""

from dataclasses import dataclass
from typing import NamedTuple

from twinview.i18n import _
from twinview.model.twin import DISTRICT
from twinview.scene.numbers import MINUS
from twinview.scene.paint import Legend, Paint
from twinview.scene.painting import ADDED, DIFFERENCE, Side, difference, sides, subtracts
from twinview.scene.parts import has_value
from twinview.scene.resolve import choose
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Input, Key, Parts, exact

PLACE = "overlays#compare"


@dataclass(frozen=True, eq=False)
class Subtracted:
    """A number that the map shows as a difference.

    Parameters
    ----------
    asked, paint, legend
        The question, and what the map shows.
    """

    asked: Asked
    paint: Paint
    legend: Legend

    @property
    def value(self) -> float:
        """B less A as it is painted; NaN where there is no A or no number."""
        return float(self.paint.values[self.asked.row])

    @property
    def unit(self) -> str:
        """Its unit."""
        return self.paint.unit

    @property
    def when(self) -> str:
        """Which instants and cases B and A are, and what they are taken over."""
        return self.legend.window


def subtracted(asked: Asked) -> Subtracted | None:
    """Return the difference that the map shows of a number; None where it shows none of it."""
    view = asked.view
    if asked.how or asked.layer_id == DISTRICT or view.overlay != DIFFERENCE:
        return None
    if choose(asked.twin, view.overlay).id != DIFFERENCE:
        return None
    paints, legend = difference(asked.twin, view, asked.state.beside)
    for one in paints:
        if one.layer == asked.layer_id and one.quantity == asked.quantity:
            return Subtracted(asked, one, legend) if subtracts(one, legend) else None
    return None


class _Half(NamedTuple):
    """B or A of one element: its value, and what is to be said of it."""

    value: float
    note: str
    about: Key | None


def of_difference(found: Subtracted) -> Parts:
    """Explain a difference by its two sides."""
    asked, unit = found.asked, found.unit
    both = sides(asked.twin, asked.view, asked.state.beside)
    formula = f"x = B {MINUS} A"
    if both is None:
        return Parts(PLACE, formula, lines=(found.legend.note,))
    b, a = both
    halves = _half(found, b, b), _half(found, a, b)
    inputs = tuple(
        Input(f"{letter}: {side.name}", half.value, unit, half.note, half.about)
        for letter, side, half in zip("BA", both, halves, strict=True)
    )
    result = halves[0].value - halves[1].value
    scale, shown = (100, "%") if unit == "1" else (1, unit)
    first, second = (exact(one.value * scale) for one in halves)
    worked = f"{first} {MINUS} {_bracketed(second)} = {exact(result * scale, shown)}"
    return Parts(PLACE, formula, worked, result, (_("The map shows B less A."),), inputs)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _half(found: Subtracted, side: Side, b: Side) -> _Half:
    """Return what one side says of the element; what it does not have adds nothing."""
    asked = found.asked
    layer = side.twin.layers.get(asked.layer_id)
    paint = next((one for one in side.painted[0] if one.layer == asked.layer_id), None)
    if layer is None or paint is None or asked.element not in layer.row_of:
        value = 0.0 if found.unit in ADDED and layer is not None else float("nan")
        return _Half(value, _("is not there"), None)
    place = layer.row_of[asked.element]
    known = bool(has_value(paint.state)[place])
    value = float(paint.values[place]) if known else float("nan")
    same = side.step == b.step and side.twin.time == b.twin.time
    step = asked.pinned if same else side.step
    case = asked.case if side.twin.scenario == asked.twin.scenario else side.twin.scenario
    return _Half(value, "", Key(asked.layer_id, asked.element, asked.quantity, step, "value", case))
