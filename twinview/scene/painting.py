"""What an overlay makes of a twin through the view's window: plain, or as a difference of two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from twinview.i18n import _
from twinview.model.time import TimeAxis
from twinview.model.twin import BASE, Layer, Twin
from twinview.scene.aggregation import on_the_way, seen
from twinview.scene.layering import LayerChoice
from twinview.scene.manner import hour_text
from twinview.scene.overlay import Overlay, Painted, overlays
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.parts import (
    Floats,
    States,
    counted,
    has_value,
    nice_ceiling,
    noted,
    of_both,
    ramp_legend,
)
from twinview.scene.sifting import thinned
from twinview.scene.styling import Style, key_of, restyled, shown_values, with_outside, worded
from twinview.scene.subtracting import ADDED, subtracted
from twinview.scene.theme import colours
from twinview.scene.view import INSTANT, Against, View
from twinview.scene.windows import over_window

DIFFERENCE = "difference"
COMPARED = ("emission", "carbon", "power", "loading", "voltage", "solar")
"""Overlays of which differences are shown, the likeliest first."""
SAMPLED = 16
"""Steps at which a typical difference is looked for."""
_DAY = 86400


@dataclass(frozen=True, eq=False)
class Beside:
    """What decides a scene beside the twin that is shown and the view.

    Parameters
    ----------
    styles
        By what they are for (`twinview.scene.styling.key_of`).
    twins
        All cases, by scenario.
    titles
        What readers call the scenarios.
    layers, order
        What is wanted of the layers, by id, and their order, the topmost first.
    """

    styles: Mapping[str, Style] = field(default_factory=dict)
    twins: Mapping[str, Twin] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, LayerChoice] = field(default_factory=dict)
    order: tuple[str, ...] = ()


NOTHING = Beside()


def dressed(twin: Twin, view: View, overlay: Overlay, beside: Beside = NOTHING) -> Painted:
    """Return paints and legend as they are seen: of the window, in the reader's style.

    Parameters
    ----------
    twin, view, overlay
        The district, a view whose time lies within the data, and its overlay.
    beside
        Styles, and the cases that a difference may be taken from.
    """
    if overlay.id == DIFFERENCE:
        view = replace(view, against=settled(twin, view))
        made = difference(twin, view, beside)
    else:
        made = painted(twin, view, overlay)
    style = beside.styles.get(key_of(view, made[0], overlay.id))
    made = thinned(twin, view, worded(twin, made, style), beside.layers)
    windowed = view.window.kind != INSTANT.kind and not twin.time.static
    made = restyled(made, style, windowed)
    return with_outside(made) if overlay.id == DIFFERENCE else made


def dressed_exactly(exact: Twin, view: View, overlay: Overlay, beside: Beside) -> Painted:
    """Return what `dressed` does, of values that nobody sees: also of the case subtracted."""
    key = settled(exact, view).scenario if overlay.id == DIFFERENCE else ""
    other = beside.twins.get(key)
    twins = {} if other is None else {key: other.exact}
    return dressed(exact, view, overlay, replace(beside, twins=twins))


def painted(twin: Twin, view: View, overlay: Overlay) -> Painted:
    """Return what an overlay makes of a twin that is seen through the view's window."""
    through = on_the_way(seen(twin, view), view)
    return over_window(through, view, overlay, overlay.paint(through, view))


# -------------------------------------------------------------------------------------- difference
def comparable(twin: Twin) -> list[str]:
    """Return the overlays of which a twin can show differences."""
    known = overlays()
    return [one for one in COMPARED if one in known and known[one].available(twin)]


def settled(twin: Twin, view: View) -> Against:
    """Return what a difference is taken of and from, with what the view leaves open filled in.

    A scenario is compared with the base at the same instant; the base with itself a week before,
    a day before where the data are shorter than that.
    """
    wish, able = view.against or Against(), comparable(twin)
    of = wish.of if wish.of in able else next(iter(able), wish.of)
    if wish.scenario or wish.hours:
        return replace(wish, of=of)
    if twin.scenario != BASE:
        return Against(of, BASE)
    weekly = twin.time.stop - twin.time.start > 8 * _DAY
    return Against(of, "", -168.0 if weekly else -24.0)


def shifted(axis: TimeAxis, i: int, hours: float) -> int | None:
    """Return the step some hours after another, whole days by the local clock; None outside."""
    if axis.static or not hours:
        return i
    days, rest = divmod(hours, 24)
    later = axis.seconds(i) + round(hours * 3600)
    try:
        return axis.index_of(later if rest else axis.same_clock(i, int(days)))
    except ValueError:
        return None


@dataclass(frozen=True, eq=False)
class _Pair:
    """B and A, each a twin and what it is looked at with; A has no step where there is none."""

    b: Twin
    a: Twin
    overlay: Overlay
    hours: float

    def before(self, i: int) -> int | None:
        """Return the step of A that belongs to one of B."""
        step = self.a.time.step_at(self.b.time, i)
        return None if step is None else shifted(self.a.time, step, self.hours)

    def at(self, view: View) -> tuple[Painted, Painted] | None:
        """Return what both are painted like at an instant of B."""
        step = self.before(view.time)
        if step is None:
            return None
        view = replace(view, overlay=self.overlay.id, against=None)
        before = replace(view, scenario=self.a.scenario, time=step)
        return painted(self.b, view, self.overlay), painted(self.a, before, self.overlay)


def difference(twin: Twin, view: View, beside: Beside = NOTHING) -> Painted:
    """Return B - A: what the view shows, less the same of another case or instant.

    Parameters
    ----------
    twin, view
        B; what it is compared with is `view.against`.
    beside
        Where the other case is found.
    """
    pair, there = _paired(twin, view, beside)
    if pair is None:
        return [], Legend(_("Nothing to show"), "", (0.0, 1.0), ())
    found = pair.at(view) if there else None
    if found is None:
        empty = painted(twin, replace(view, overlay=pair.overlay.id), pair.overlay)
        made = _subtracted(empty, ([], empty[1]), pair, view)
        note = _("A lies outside the data") if there else _("A is not at hand")
    else:
        made, note = _subtracted(*found, pair, view), _summed(found, pair, view, beside)
    paints, legend = made
    said = noted(note, legend.note) if found else noted(legend.note, note)
    return paints, replace(legend, note=said, window=_names(pair, view, beside, legend.window))


def _paired(twin: Twin, view: View, beside: Beside) -> tuple[_Pair | None, bool]:
    """Return B and A, and whether A is at hand; else B stands in its place."""
    against = settled(twin, view)
    overlay = overlays().get(against.of)
    own = against.scenario in {"", twin.scenario}
    other = twin if own else beside.twins.get(against.scenario)
    if overlay is None:
        return None, False
    return _Pair(twin, other or twin, overlay, against.hours), other is not None


class Side(NamedTuple):
    """B or A: its case, its step, the name readers know both by, and what it is painted like."""

    twin: Twin
    step: int
    name: str
    painted: Painted


def sides(twin: Twin, view: View, beside: Beside = NOTHING) -> tuple[Side, Side] | None:
    """Return B and A of a difference (`difference`); None where there is no A."""
    pair, there = _paired(twin, view, beside)
    found = pair.at(view) if pair is not None and there else None
    if pair is None or found is None:
        return None
    before = pair.before(view.time)
    assert before is not None
    places = ((pair.b, view.time), (pair.a, before))
    b, a = (
        Side(one, step, _name(one, step, pair, beside), paint)
        for (one, step), paint in zip(places, found, strict=True)
    )
    return b, a


def subtracts(paint: Paint, legend: Legend) -> bool:
    """Tell whether a paint of B is one that A is subtracted from."""
    return paint.unit == legend.unit and not bool((paint.state == State.PLAIN).all())


def _subtracted(b: Painted, a: Painted, pair: _Pair, view: View) -> Painted:
    paints, legend = b
    before = {one.layer: one for one in a[0]}
    key = replace(_lens(view), scenario=pair.b.scenario)
    found, states = [], []
    for one in paints:
        if not subtracts(one, legend):
            continue
        layers = pair.b.layers[one.layer], pair.a.layers.get(one.layer)
        found.append((one, *_less(one, before.get(one.layer), layers)))
        states.append(found[-1][2])
    values = [less[has_value(state)] for _one, less, state in found]
    reach = _typical(pair.b, pair.a, pair.overlay.id, pair.hours, key)
    note = _("limits fixed")
    if not reach and (reach := _most(values)):
        note = _("limits of this instant")
    limits = (-(reach or 1.0), reach or 1.0)
    by_layer = {one.layer: (less, state) for one, less, state in found}
    made = [
        one if one.layer not in by_layer else _painted_less(one, *by_layer[one.layer], limits, view)
        for one in paints
    ]
    whole = np.concatenate([np.empty(0, np.uint8), *states])
    title = _("{what}: B \N{MINUS SIGN} A", what=legend.title)
    own = ramp_legend(title, legend.unit, limits, DIFFERENCE, view.theme, whole, note)
    return made, replace(own, states=counted(whole), centre=0.0, window=legend.window)


def _painted_less(
    one: Paint, less: Floats, state: States, limits: tuple[float, float], view: View
) -> Paint:
    over = " · ".join(part for part in ("B \N{MINUS SIGN} A", one.over) if part)
    colour = colours(less, limits, DIFFERENCE, view.theme)
    return replace(one, colour=colour, state=state, values=less, over=over)


def _most(values: Sequence[Floats]) -> float:
    """Return a round number that all but the largest sizes stay below; 0 where all are 0."""
    sizes = np.abs(np.concatenate([np.empty(0), *values]))
    sizes = sizes[sizes > 0]
    return nice_ceiling(float(np.percentile(sizes, 98))) if sizes.size else 0.0


def _summed(found: tuple[Painted, Painted], pair: _Pair, view: View, beside: Beside) -> str:
    """Say what the differences of all elements that are drawn add up to."""
    if found[0][1].unit not in ADDED:
        return ""
    b, a = (
        (_drawn(thinned(twin, view, one, beside.layers), twin, view), twin.layers)
        for one, twin in zip(found, (pair.b, pair.a), strict=True)
    )
    return subtracted(b, a).words(found[0][1].unit)


def _drawn(made: Painted, twin: Twin, view: View) -> Painted:
    """Return paints without those of layers that are hidden or have no shapes."""
    return [
        one
        for one in made[0]
        if one.layer not in view.hidden and twin.layers[one.layer].geometry is not None
    ], made[1]


def _less(b: Paint, a: Paint | None, layers: tuple[Layer, Layer | None]) -> tuple[Floats, States]:
    """Return B - A of each element of B, and its state; elements match by their ids."""
    # What A does not have at all has drawn and emitted nothing there.
    none = np.float32(0.0 if b.unit in ADDED else np.nan)
    absent = State.VALUE if b.unit in ADDED else State.MISSING
    if a is None or layers[1] is None:
        if layers[1] is not None:
            none, absent = np.float32(np.nan), State.MISSING
        values = np.full(len(b.values), none, np.float32)
        return _minus(b, values, np.full(len(b.values), absent, np.uint8))
    values, states = a.values, a.state
    if layers[1] is not layers[0]:
        rows = layers[1].rows(layers[0].ids)
        there = rows >= 0
        values = np.where(there, a.values[rows], none)
        states = np.where(there, a.state[rows], absent).astype(np.uint8)
    return _minus(b, values, states)


def _minus(b: Paint, values: Floats, states: States) -> tuple[Floats, States]:
    joined = of_both(b.state, states)
    joined[joined == State.OVER] = State.VALUE
    less = np.where(has_value(joined), b.values - values, np.nan).astype(np.float32)
    return less, joined


def _lens(view: View) -> View:
    """Return what of a view decides values, whatever the instant."""
    return View(window=view.window, overlay=view.overlay)


@lru_cache(maxsize=16)
def _typical(b: Twin, a: Twin, overlay: str, hours: float, lens: View) -> float:
    """Return a round number that all but the largest differences stay below, whatever the time.

    It is 0 where no instant that is looked at has been computed, and where nothing differs.
    """
    pair, found = _Pair(b, a, overlays()[overlay], hours), []
    for i in np.unique(np.linspace(0, b.time.count - 1, SAMPLED).astype(int)):
        both = pair.at(replace(lens, time=int(i)))
        if both is None:
            continue
        (paints, legend), (others, _legend) = both
        before = {one.layer: one for one in others}
        for one in paints:
            if subtracts(one, legend):
                layers = b.layers[one.layer], a.layers.get(one.layer)
                less, _state = _less(one, before.get(one.layer), layers)
                found.append(less[np.isfinite(less)])
    return _most(found)


def _names(pair: _Pair, view: View, beside: Beside, window: str) -> str:
    """Return which case and instant B and A are."""
    said = _(
        "B: {b}; A: {a}",
        b=_name(pair.b, view.time, pair, beside),
        a=_name(pair.a, pair.before(view.time), pair, beside),
    )
    return " · ".join(part for part in (window, said) if part)


def _name(twin: Twin, step: int | None, pair: _Pair, beside: Beside) -> str:
    parts = []
    if pair.a.scenario != pair.b.scenario:
        parts.append(beside.titles.get(twin.scenario, _("Base case")))
    if pair.hours:
        local = None if step is None else twin.time.at(step)
        outside = _("outside the data")
        parts.append(outside if local is None else f"{local:%Y-%m-%d} {hour_text(local)}")
    return " ".join(parts) or _("the same")


def sample(twin: Twin, view: View, overlay: Overlay, beside: Beside = NOTHING) -> Floats:
    """Return values that an overlay shows over all the time, for classes that stay as they are.

    Parameters
    ----------
    twin, view, overlay, beside
        As for `dressed`.
    """
    steps = [view.time]
    if overlay.id != "attribute":
        steps = sorted({*np.linspace(0, twin.time.count - 1, SAMPLED).astype(int).tolist()})
    plain = replace(beside, styles={})
    found = [shown_values(dressed(twin, replace(view, time=k), overlay, plain)) for k in steps]
    return np.concatenate(found).astype(np.float32)
