"""Pictures side by side: each a case at an instant, all of one overlay and on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.scene.manner import hour_text
from twinview.scene.numbers import MINUS, number
from twinview.scene.overlay import available, overlays
from twinview.scene.paint import Legend, Scene
from twinview.scene.painting import (
    COMPARED,
    DIFFERENCE,
    Beside,
    comparable,
    settled,
    shifted,
)
from twinview.scene.parts import noted
from twinview.scene.resolve import choose, resolve
from twinview.scene.styling import Style, key_of, like, restyled
from twinview.scene.swiping import fitted
from twinview.scene.view import Against, Pane, View

MOST = 4
"""Panes that stand side by side at most."""
_DAY, _WEEK, _YEAR = 24.0, 168.0, 8736.0


@dataclass(frozen=True, eq=False)
class Shown:
    """What a pane shows.

    Parameters
    ----------
    pane
        The wish it answers.
    twin
        Whose elements are drawn.
    scene
        What is to be seen of them; None where there is nothing, and `why` says it.
    title, instant
        Name of the case, or of the difference, and its time; translated.
    view
        The case and the step that are looked at; of a difference those of what is less the first.
    why
        Why there is no picture, and what to do; translated.
    """

    pane: Pane
    twin: Twin
    scene: Scene | None
    title: str
    instant: str
    view: View
    why: str = ""


def offset_text(hours: float) -> str:
    """Return how far from the clock an instant lies: ``−7 d``, ``+6 h``; empty for no way."""
    if not hours:
        return ""
    sign, size = MINUS if hours < 0 else "+", abs(hours)
    if size % _YEAR == 0:
        # Weekdays are compared: a year is 52 weeks.
        count = int(size // _YEAR)
        return sign + (_("1 year, same weekday") if count == 1 else _("{n} years", n=count))
    days, rest = divmod(size, _DAY)
    hours = int(size) if size == int(size) else size
    return sign + (_("{n} h", n=number(hours)) if rest else _("{n} d", n=number(int(days))))


def usual(twin: Twin, titles: Sequence[str], shown: str, count: int) -> tuple[Pane, ...]:
    """Return the panes that a comparison begins with, what all are compared with first.

    Parameters
    ----------
    twin
        The case that is shown.
    titles
        Ids of all cases, the base's first.
    shown
        Id of the one that is shown.
    count
        How many panes there shall be, 2 to `MOST`.
    """
    week = -_WEEK if twin.time.stop - twin.time.start > 8 * _DAY * 3600 else -_DAY
    others = [one for one in titles if one != shown]
    if not others:
        last = Pane("", -_DAY if week == -_WEEK else -2 * _DAY)
        return (Pane("", week), Pane(""), Pane(difference=True), last)[:count]
    base = titles[0]
    second = shown if shown != base else others[0]
    rest = [one for one in others if one not in {base, second}]
    last = Pane(rest[0]) if rest else Pane(second, 0.0 if twin.time.static else week)
    return (Pane(base), Pane(second), Pane(difference=True), last)[:count]


def longer(panes: Sequence[Pane], wanted: Sequence[Pane], count: int) -> tuple[Pane, ...]:
    """Return so many panes: those there are, with more of those that are wanted behind them.

    Parameters
    ----------
    panes, wanted
        What there is, and what a comparison begins with; at least `count` of these.
    count
        How many there shall be.
    """
    fresh = [one for one in wanted if one not in panes]
    return (*panes, *fresh, *wanted)[:count]


def compared_to(panes: Sequence[Pane], k: int) -> int:
    """Return the place of the pane that a difference at place `k` is of: the nearest before it."""
    before = [i for i in range(1, k) if not panes[i].difference]
    after = [i for i in range(k + 1, len(panes)) if not panes[i].difference]
    return before[-1] if before else after[0] if after else 0


def panes_of(twin: Twin, view: View, beside: Beside) -> tuple[Shown, ...]:
    """Return what the panes of a view show; none where it has none.

    Parameters
    ----------
    twin, view
        The case that is shown, and the wish.
    beside
        Styles, and the cases.
    """
    overlay = choose(twin, view.overlay).id
    if overlay == DIFFERENCE:
        overlay = settled(twin, view).of
    plain = replace(view, overlay=overlay, against=None, swipe=None, panes=())
    found = [
        _values(pane, twin, plain, beside) if not pane.difference else None for pane in view.panes
    ]
    cases = [one for one in found if one is not None]
    made = iter(_one_scale(cases, beside, _away(cases, plain, beside)))
    values = [None if one is None else next(made) for one in found]
    differences = _one_scale(
        [
            _difference(view.panes, k, values, beside)
            for k, pane in enumerate(view.panes)
            if pane.difference
        ],
        beside,
    )
    rest = iter(differences)
    return tuple(next(rest) if one is None else one for one in values)


def _values(pane: Pane, twin: Twin, view: View, beside: Beside) -> Shown:
    """Return a case at an instant, on its own scale."""
    other = beside.twins.get(pane.scenario) if pane.scenario else twin
    if other is None:
        title = beside.titles.get(pane.scenario, pane.scenario)
        why = _("There is no such scenario any more. Choose another one.")
        return Shown(pane, twin, None, title, "", view, why)
    title = beside.titles.get(other.scenario, _("Base case"))
    step = other.time.step_at(twin.time, view.time)
    step = None if step is None else shifted(other.time, step, pane.hours)
    if step is None:
        return Shown(pane, other, None, title, offset_text(pane.hours), view, _outside(other))
    view = replace(view, scenario=other.scenario, time=step)
    if view.overlay not in available(other):
        return Shown(pane, other, None, title, _instant(other, step, pane), view, _lacking(view))
    return Shown(
        pane, other, resolve(other, view, beside), title, _instant(other, step, pane), view
    )


def _outside(twin: Twin) -> str:
    axis = twin.time
    if axis.static:
        return _("The data hold one instant.")
    first, last = axis.at(0), axis.at(axis.count - 1)
    return _(
        "This instant lies outside the data ({first} to {last}). Choose another offset.",
        first=f"{first:%Y-%m-%d}", last=f"{last:%Y-%m-%d}",
    )  # fmt: skip


def _away(panes: Sequence[Shown], view: View, beside: Beside) -> list[Legend]:
    """Return the legends of cases whose instant lies outside the data.

    Without them colours would change in the moment in which time runs into the data.
    """
    seen = {one.twin.scenario for one in panes if one.scene is not None}
    known = {"", *beside.twins}
    cases = {one.twin.scenario: one.twin for one in panes
             if one.scene is None and one.pane.scenario in known}  # fmt: skip
    return [
        resolve(twin, replace(view, scenario=key), beside).legend
        for key, twin in cases.items()
        if key not in seen and view.overlay in available(twin)
    ]


def _lacking(view: View) -> str:
    title = _(overlays()[view.overlay].title)
    return _("'{overlay}' is not computed for this case yet. Compute it.", overlay=title)


def _instant(twin: Twin, step: int, pane: Pane) -> str:
    if twin.time.static:
        return _("one instant")
    local = twin.time.at(step)
    said = f"{local:%Y-%m-%d} {hour_text(local)}"
    return " · ".join(part for part in (said, offset_text(pane.hours)) if part)


def _difference(
    panes: Sequence[Pane], k: int, values: Sequence[Shown | None], beside: Beside
) -> Shown:
    """Return a pane of values less the first one; elements match by their ids."""
    place = compared_to(panes, k)
    of, first = values[place], values[0]
    if of is None or first is None or place == 0:
        why = _("There is nothing to subtract from. Add a pane with another case or instant.")
        known = first or of
        assert known is not None  # the first pane is never a difference
        return Shown(panes[k], known.twin, None, _("Difference"), "", known.view, why)
    title = _("{second} \N{MINUS SIGN} {first}", second=place + 1, first=1)
    title = _("Difference: {what}", what=title)
    shown = Shown(panes[k], of.twin, None, title, _both(of, first), of.view)
    if of.scene is None or first.scene is None:
        return replace(shown, why=of.why or first.why)
    if of.view.overlay not in comparable(of.twin) or DIFFERENCE not in available(of.twin):
        able = ", ".join(_(overlays()[one].title) for one in COMPARED if one in overlays())
        why = _("There is no difference of this overlay. Choose one of {able}.", able=able)
        return replace(shown, why=why)
    hours = first.pane.hours - of.pane.hours
    against = Against(of.view.overlay, first.twin.scenario, hours)
    view = replace(of.view, overlay=DIFFERENCE, against=against)
    return replace(shown, scene=resolve(of.twin, view, beside))


def _both(of: Shown, first: Shown) -> str:
    """Return which two cases or instants a difference is of."""
    if of.twin.scenario != first.twin.scenario:
        both = [[one.title, offset_text(one.pane.hours)] for one in (of, first)]
        return f" {MINUS} ".join(", ".join(filter(None, parts)) for parts in both)
    said = [one.twin.time.at(one.view.time) for one in (of, first)]
    if said[0].time() == said[1].time():
        return f" {MINUS} ".join(f"{local:%Y-%m-%d}" for local in said)
    return f" {MINUS} ".join(f"{local:%Y-%m-%d} {hour_text(local)}" for local in said)


# --------------------------------------------------------------------------------------- one scale
def _one_scale(panes: Sequence[Shown], beside: Beside, more: Sequence[Legend] = ()) -> list[Shown]:
    """Return panes in the colours of one scale that holds the limits of all, and of more."""
    scenes = [one.scene for one in panes if one.scene is not None]
    legends = [*(one.legend for one in scenes), *more]
    if not scenes or any(one.nominal or not one.colours for one in legends):
        return list(panes)
    low, high = (f(one.limits[k] for one in legends) for k, f in enumerate((min, max)))
    several = len(legends) > 1
    same = all((one.limits, one.breaks) == (legends[0].limits, legends[0].breaks)
               for one in legends)  # fmt: skip
    if same:
        return [replace(one, scene=_noted(one.scene, several)) for one in panes]
    view, told = scenes[0].view, [one for one in scenes[0].paints.values() if one.quantity]
    kept = beside.styles.get(key_of(view, told, view.overlay), Style())
    style = like(kept, replace(legends[0], limits=(low, high)))
    return [
        replace(one, scene=_noted(_styled(one.scene, style), several))
        for one in panes
    ]  # fmt: skip


def _styled(scene: Scene | None, style: Style) -> Scene | None:
    if scene is None:
        return None
    paints, legend = restyled((list(scene.paints.values()), scene.legend), style)
    return replace(scene, paints={one.layer: one for one in paints}, legend=legend)


def _noted(scene: Scene | None, several: bool) -> Scene | None:
    """Return a scene whose legend says that its limits are those of all panes."""
    if scene is None or not several:
        return scene
    common, note = _("limits common to all panes"), scene.legend.note
    for own in (_("limits set by hand"), _("limits fixed"), _("limits of this window"),
                _("limits of this instant")):  # fmt: skip
        if own in note:
            return replace(scene, legend=replace(scene.legend, note=note.replace(own, common)))
    return replace(scene, legend=replace(scene.legend, note=noted(note, common)))


def onto(shown: Shown, drawn: Shown) -> Shown:
    """Return a pane for a picture that another pane's elements are drawn in.

    Parameters
    ----------
    shown, drawn
        Both have scenes, and elements of the same shapes in the same rows.
    """
    if shown.scene is None or drawn.scene is None or shown is drawn:
        return shown
    paints = {
        key: fitted(shown.scene.paints.get(key), own, shown.twin.layers.get(key),
                    drawn.twin.layers[key])
        for key, own in drawn.scene.paints.items()
    }  # fmt: skip
    # The very same rows: others would have the painter mark what is selected anew.
    scene = replace(shown.scene, paints=paints, selected=drawn.scene.selected)
    return replace(shown, scene=scene)


def painted(panes: Sequence[Shown]) -> frozenset[str]:
    """Return the ids of all layers that have colours in any pane."""
    return frozenset(key for one in panes if one.scene is not None for key in one.scene.paints)


# -------------------------------------------------------------------------------------- all panes
def legends(panes: Sequence[Shown]) -> tuple[Legend | None, Legend | None]:
    """Return the legend of the values, and that of the differences; None where there is none."""
    made: list[Legend | None] = [None, None]
    for one in reversed(panes):
        if one.scene is not None:
            made[one.pane.difference] = one.scene.legend
    return made[0], made[1]


def without(panes: Sequence[Pane], k: int) -> tuple[Pane, ...]:
    """Return the panes without the one at place `k`; a difference never comes first.

    Raises
    ------
    CommandError
        Where no picture of values would be left to compare with.
    """
    left = [one for i, one in enumerate(panes) if i != k]
    values = [i for i, one in enumerate(left) if not one.difference]
    if not values:
        raise CommandError(_("The last pane with values stays; close the comparison instead."))
    left.insert(0, left.pop(values[0]))
    return tuple(left)
