"""Why this number: from any value shown to what it was made of.

`why` is the only entry. It looks up the explainer of a kind of element and a quantity, each a short
function that returns `Parts`; what has no explainer of its own is a series or a column of a file.
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
from twinview.model.window import INSTANT
from twinview.overlays.voltage import node_of
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
from twinview.session.why.private import guarded, is_grouped, of_group

__all__ = ["Derivation", "Input", "Key", "Parts", "why"]

DERIVED = {("building", "emission"), ("building", "power"), ("load", "emission")}
"""Numbers that no series holds: the overlays make them of others."""


def why(
    state: State, layer: str, element: str, quantity: str, step: int | None = None
) -> Derivation:
    """Return all that a number is made of.

    Parameters
    ----------
    state
        What is open.
    layer, element
        Ids; layer ``district`` for the whole, whose element does not matter.
    quantity
        Id of a quantity, or a column of the layer.
    step
        Of the clock; by default the one in view.

    Raises
    ------
    CommandError
        When there is no such element or it has no such number; the sentence says what there is.
    """
    from twinview.session.why.explainers import EXPLAINERS, OTHERS

    asked = _at_node(Asked(state, layer, _row(state, layer, element), quantity, _step(state, step)))
    if _is_column(asked):
        return _attribute(asked)
    _must_have(asked)
    explain = EXPLAINERS.get((asked.kind, quantity), OTHERS)
    parts = of_group(asked) if is_grouped(asked) else guarded(asked, explain(asked))
    derived = (asked.kind, quantity) in DERIVED
    value = parts.result if derived and parts.result is not None else asked.of(quantity)
    known = math.isfinite(value)
    return Derivation(
        key=asked.key(quantity),
        title=quantity_title(quantity),
        subject=_subject(asked),
        value=value,
        text=value_text(quantity, value) if known else _absent(asked),
        when=_when(asked),
        origin=_origin(asked, derived),
        parts=parts if known else _bare(parts),
    )


def _at_node(asked: Asked) -> Asked:
    """Return the node where an element without a voltage of its own hangs, as the map shows it."""
    if asked.quantity != "voltage" or asked.series(asked.layer_id, "voltage") is not None:
        return asked
    view = replace(asked.state.view, time=asked.step, window=INSTANT)
    node, grid = node_of(asked.twin, view, asked.layer_id, asked.row), power_grid(asked.twin)
    if node is None or grid is None:
        return asked
    return Asked(asked.state, grid.tables["node"], node, "voltage", asked.step)


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
    if asked.layer_id == DISTRICT:
        return asked.twin.name or _("District")
    return name_of(asked.layer, asked.row)


def _absent(asked: Asked) -> str:
    """Say why there is no number: not computed, without solution, or not in the data."""
    series = asked.series(asked.layer_id, asked.quantity)
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
    before = written(value, unit) or _("none")
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
    lines = [] if not said else [_("The data say of this row: {origin}.", origin=_(said))]
    if more:
        lines.append(_("The data have {before}; the scenario adds {more}.",
                       before=before, more=written(more, unit)))  # fmt: skip
    if column.startswith("height") and asked.layer.has("height_source"):
        source = asked.layer.column("height_source")[asked.row]
        lines += [_("Height from: {source}.", source=_(source))] if source else []
    return Derivation(
        key=asked.key(column),
        title=column_title(column),
        subject=_subject(asked),
        value=number,
        text=written(value, unit) or _("No data"),
        when="",
        origin=_(ORIGINS["given"]),
        parts=Parts(
            "data#attributes", result=None, lines=tuple(lines), sources=(place,) if has else ()
        ),
    )
