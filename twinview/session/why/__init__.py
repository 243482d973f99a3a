"""Why this number: from any value shown to what it was made of.

`explained` is the only entry. It looks up the explainer of a kind of element and a quantity, each a
short function that returns `Parts`; what has no explainer of its own is a series or a column of a
file.
"""

import math
from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.adding import added
from twinview.model.lacking import lacks
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.time import format_instant
from twinview.model.twin import DISTRICT, power_grid
from twinview.model.windowed import Windowed
from twinview.overlays.voltage import node_of
from twinview.scene.aggregation import window_text
from twinview.scene.titles import word
from twinview.scene.words import (
    ORIGINS,
    column_title,
    name_of,
    quantity_title,
    unit_of,
    value_text,
    written,
)
from twinview.session.store import State
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Derivation, Input, Key, Parts
from twinview.session.why.difference import Subtracted, of_difference, subtracted
from twinview.session.why.private import (
    guarded,
    is_grouped,
    of_group,
    of_group_made,
    words_of_group,
)
from twinview.session.why.together import is_several, of_several
from twinview.session.why.window import (
    is_derived,
    of_window,
    unit_of_quantity,
    unit_over,
    value_of,
)

__all__ = ["Derivation", "Input", "Key", "Parts", "explained", "why"]

DERIVED = {("building", "emission"), ("building", "power"), ("load", "emission")}
"""Numbers that the overlays make of others; what explains them also works them out."""
HOWS = frozenset({"", "value", "instant"})


def why(
    state: State,
    layer: str,
    element: str,
    quantity: str,
    step: int | None = None,
    how: str = "",
    scenario: str | None = None,
) -> Derivation:
    """Return all that a number is made of; the arguments are those of `Key`."""
    return explained(state, Key(layer, element, quantity, step, how, scenario))


def explained(state: State, key: Key) -> Derivation:
    """Return all that a number is made of.

    Parameters
    ----------
    state
        What is open.
    key
        Which number: by default as the map shows it at the clock's step, over the window and in the
        case in view. Layer ``district`` is the whole, whose element does not matter; element
        ``selected`` means the selected elements of the layer together, ``all`` all that its filter
        leaves.

    Raises
    ------
    CommandError
        When there is no such element or it has no such number; the sentence says what there is.
    """
    if key.how not in HOWS:
        raise CommandError(_("Write value, instant or nothing, not '{how}'.", how=key.how))
    asked = _asked(state, key)
    if asked.several:
        return of_several(asked)
    if key.figure:
        raise CommandError(_("'{figure}' is a number of several elements.", figure=key.figure))
    if _is_column(asked):
        return _attribute(asked)
    less = subtracted(asked)
    if less is not None:
        return _of_difference(asked, less)
    asked = _at_node(asked)
    _must_have(asked)
    return _over_window(asked) if _moves(asked) else _at_instant(asked)


def _asked(state: State, key: Key) -> Asked:
    """Return the question that a key is, in what is open."""
    if key.scenario is not None:
        state = state.showing(key.scenario)
    if key.over is not None and not state.twin.time.static:
        begin, end = key.over
        window = replace(state.view.window, kind="range", begin=begin, end=end)
        state = replace(state, view=replace(state.view, window=window))
    several = key.element if is_several(state, key.layer, key.element) else ""
    row = 0 if several else _row(state, key.layer, key.element)
    return Asked(state, key.layer, row, key.quantity, _step(state, key.step), key.step, key.how,
                 key.scenario, key.over, key.figure, several)  # fmt: skip


def _moves(asked: Asked) -> bool:
    """Tell whether a number is one over the window; what stands still is not."""
    series = asked.through.find(asked.layer_id, asked.quantity, asked.view.scenario)
    return asked.windowed and (isinstance(series, Windowed) or is_derived(asked))


def _at_instant(asked: Asked) -> Derivation:
    """Return what a number at one step is made of."""
    from twinview.session.why.explainers import EXPLAINERS, OTHERS

    quantity = asked.quantity
    explain = EXPLAINERS.get((asked.kind, quantity), OTHERS)
    if is_derived(asked) and is_grouped(asked):
        parts = of_group_made(asked, explain(asked))
        value = value_of(asked)
    else:
        parts = of_group(asked) if is_grouped(asked) else guarded(asked, explain(asked))
        derived = (asked.kind, quantity) in DERIVED
        value = parts.result if derived and parts.result is not None else asked.of(quantity)
    if asked.through is not asked.twin:
        between = value_text(quantity, value_of(asked))
        said = _("On the way to the next step the map shows {value}.", value=between)
        parts = replace(parts, lines=(*parts.lines, said))
    return _derivation(asked, value, "", parts)


def _over_window(asked: Asked) -> Derivation:
    """Return what a number over a window is made of."""
    value, parts = value_of(asked), of_window(asked)
    said = words_of_group(asked, value)
    unit, own = unit_over(asked), unit_of_quantity(asked.quantity)
    parts = replace(parts, lines=(*parts.lines, said)) if said else parts
    return _derivation(asked, value, "" if unit == own else unit, parts)


def _of_difference(asked: Asked, less: Subtracted) -> Derivation:
    """Return what the difference that the map shows is made of."""
    parts, said = of_difference(less), words_of_group(asked, less.value)
    parts = replace(parts, lines=(*parts.lines, said)) if said else parts
    own = unit_of_quantity(asked.quantity)
    made = _derivation(asked, less.value, "" if less.unit == own else less.unit, parts)
    title = _("{what}: B \N{MINUS SIGN} A", what=made.title)
    origin = _(COMPUTED)
    return replace(made, title=title, when=less.when, origin=origin, parts=parts, over=True)


def _derivation(asked: Asked, value: float, unit: str, parts: Parts) -> Derivation:
    known = math.isfinite(value)
    return Derivation(
        key=Key(*asked.place, asked.quantity, asked.pinned, asked.how, asked.case, asked.over),
        title=quantity_title(asked.quantity),
        subject=_subject(asked),
        value=value,
        text=value_text(asked.quantity, value, unit) if known else _absent(asked),
        when=_when(asked),
        origin=_origin(asked, (asked.kind, asked.quantity) in DERIVED),
        parts=parts if known else _bare(parts),
        over=_moves(asked),
    )


def _at_node(asked: Asked) -> Asked:
    """Return the node where an element without a voltage of its own hangs, as the map shows it."""
    if asked.quantity != "voltage" or asked.series(asked.layer_id, "voltage") is not None:
        return asked
    node = node_of(asked.through, asked.view, asked.layer_id, asked.row)
    grid = power_grid(asked.twin)
    if node is None or grid is None:
        return asked
    return replace(asked, layer_id=grid.tables["node"], row=node)


def _row(state: State, layer: str, element: str) -> int:
    if layer == DISTRICT:
        return 0
    found = state.twin.layers.get(layer)
    if found is None or element not in found.row_of:
        raise CommandError(
            _("There is no element '{element}' in '{layer}'.", element=element, layer=layer)
        )
    return found.row_of[element]


def _step(state: State, step: int | None) -> int:
    wanted = state.view.time if step is None else step
    return min(max(wanted, 0), state.twin.time.count - 1)


def _is_column(asked: Asked) -> bool:
    return (
        asked.layer_id != DISTRICT
        and asked.quantity not in quantities()
        and (asked.layer.has(asked.quantity) or bool(_added(asked)))
    )


def _added(asked: Asked) -> float:
    """Return what the case that is shown adds to an attribute of a building."""
    if asked.layer.kind != "building":
        return 0.0
    return added(asked.twin, asked.element, asked.quantity)


def _must_have(asked: Asked) -> None:
    """Refuse a quantity that the element has not."""
    if asked.series(asked.layer_id, asked.quantity) is not None:
        return
    parts = {"emission": "carbon_intensity", "power": "consumption"}
    if (asked.kind, asked.quantity) in DERIVED and asked.series(
        asked.layer_id, parts[asked.quantity]
    ):
        return
    known = sorted({q for layer, q, _scenario in asked.twin.series if layer == asked.layer_id})
    if asked.layer_id != DISTRICT:
        known += [c for c in asked.layer.attributes.column_names if c not in {"id", "geometry"}]
    raise CommandError(
        _(
            "'{layer}' has no '{quantity}'; compute first, or ask for one of {known}.",
            layer=asked.layer_id,
            quantity=asked.quantity,
            known=", ".join(known) or "-",
        )
    )


def _subject(asked: Asked) -> str:
    """Return whose number it is, and in which case where that is not the one in view."""
    whole = asked.twin.name or _("District")
    said = whole if asked.layer_id == DISTRICT else name_of(asked.layer, asked.row)
    return said if asked.case is None else f"{said} · {case_name(asked)}"


def case_name(asked: Asked) -> str:
    """Return what readers call the case of a number."""
    return asked.state.beside.titles.get(asked.twin.scenario, _("Base case"))


def _absent(asked: Asked) -> str:
    """Say why there is no number: not computed, without solution, or not in the data."""
    if words_of_group(asked, math.nan):
        return _("Withheld")
    series = asked.through.find(asked.layer_id, asked.quantity, asked.view.scenario)
    i = None if series is None else series.time.step_at(asked.twin.time, asked.step)
    if series is not None and i is not None and series.failed(i):
        return lacks(series, i) or _("Power flow did not converge")
    if (
        series is not None
        and series.meaning.origin == "computed"
        and (i is None or not series.ready(i))
    ):
        return _("Not computed yet")
    return _("No data")


def _bare(parts: Parts) -> Parts:
    """Return what can be said of a number that is not there."""
    return Parts(
        parts.place, parts.formula, lines=parts.lines, settings=parts.settings,
        sources=parts.sources,
    )  # fmt: skip


def _when(asked: Asked) -> str:
    time = asked.twin.time
    if time.static:
        return _("one instant")
    if _moves(asked):
        return f"{window_text(time, asked.view.window, asked.step)}, {time.tz}"
    begin = format_instant(time.seconds(asked.step), time.tz)
    return _("{begin}, {minutes} min, {zone}", begin=begin, minutes=time.step // 60, zone=time.tz)


COMPUTED = N_("computed from what is listed below")


def _origin(asked: Asked, derived: bool) -> str:
    series = asked.series(asked.layer_id, asked.quantity)
    if derived or series is None:
        return _(COMPUTED)
    origin = _(ORIGINS.get(series.meaning.origin, series.meaning.origin))
    return f"{origin} ({_(series.meaning.source)})" if series.meaning.source else origin


def _attribute(asked: Asked) -> Derivation:
    """Return what there is to say of an attribute: the column and the file it stands in."""
    column, more = asked.quantity, _added(asked)
    has = asked.layer.has(column)
    value = asked.layer.attributes[column][asked.row].as_py() if has else None
    unit = unit_of(asked.layer, column)
    before = written(value, unit, column) or _("none")
    if more:
        value = more + (value or 0.0)
    number = float(value) if isinstance(value, int | float) else float("nan")
    place = _(
        "{file}: layer '{layer}', column '{column}' of '{element}'",
        file=asked.file(asked.layer.source),
        layer=asked.layer.title,
        column=column,
        element=asked.element,
    )
    said = asked.layer.column("origin")[asked.row] if asked.layer.has("origin") else None
    lines = [] if not said else [_("The data say of this row: {origin}.", origin=word(said))]
    if more:
        lines.append(_("The data have {before}; the scenario adds {more}.",
                       before=before, more=written(more, unit)))  # fmt: skip
    if column.startswith("height") and asked.layer.has("height_source"):
        source = asked.layer.column("height_source")[asked.row]
        lines += [_("Height from: {source}.", source=word(source))] if source else []
    return Derivation(
        key=asked.key(column),
        title=column_title(column),
        subject=_subject(asked),
        value=number,
        text=written(value, unit, column) or _("No data"),
        when="",
        origin=_(ORIGINS["given"]),
        parts=Parts(
            "data#attributes", result=None, lines=tuple(lines), sources=(place,) if has else ()
        ),
    )
