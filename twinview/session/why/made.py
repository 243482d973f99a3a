"""Why a power or another series is what it is: its profile and scale, its file, its devices."""

import numpy as np

from twinview.i18n import _
from twinview.model.series import Profiled
from twinview.model.time import format_instant
from twinview.model.twin import Layer
from twinview.session.why.asked import Asked, shortened
from twinview.session.why.derivation import Input, Parts, exact

FIXED = {"power": "p_specified", "reactive_power": "q_specified"}
"""Columns that fixed powers of devices stand in."""
COMPONENTS = {"consumption": "sym_load", "generation": "sym_gen"}


def series_value(asked: Asked) -> Parts:
    """Explain a number of a series by its profile and scale, or by the column it stands in."""
    series, value = asked.series(asked.layer_id, asked.quantity), asked.of(asked.quantity)
    sources = given(asked, asked.layer_id, asked.row, asked.quantity)
    if series is None or not isinstance(series, Profiled):
        lines = (_("The value stands in the file as it is shown."),)
        if series is not None and series.meaning.origin == "computed":
            lines = (_("The value is a result of the computation."),)
        return Parts("data#series", "", result=value, lines=lines, sources=sources)
    i = series.time.step_at(asked.twin.time, asked.step) or 0
    places = series.entries(asked.row)
    names = _columns(asked, asked.layer_id, asked.row, len(places))
    pairs = [(float(series.profiles[i, series.index[k]]), float(series.scale[k])) for k in places]
    inputs = []
    for name, (profile, scale) in zip(names, pairs, strict=True):
        inputs.append(Input(_("Profile {name} at this step", name=name), profile, "1"))
        inputs.append(Input(_("Scale"), scale, series.meaning.unit))
    result = sum(profile * scale for profile, scale in pairs)
    terms = " + ".join(f"{exact(profile)}·{exact(scale)}" for profile, scale in pairs)
    return Parts(
        "method#profiles",
        "P(t) = Σ p(t) · s",
        f"{terms} = {exact(result, series.meaning.unit)}" if pairs else "",
        result,
        (_("The profile says how the value moves, the scale how large it is."),),
        tuple(inputs),
        sources=sources,
    )


def of_devices(asked: Asked) -> Parts:
    """Explain consumption or generation of a building: the sum over its devices."""
    component = COMPONENTS[asked.quantity]
    inputs = [
        Input(
            asked.name(layer.id, row),
            asked.of("power", layer.id, row),
            "kW",
            about=asked.key("power", layer.id, row),
        )
        for layer in _tables(asked, component)
        for row in np.flatnonzero(layer.column("building") == asked.element).tolist()
    ]
    inputs = [one for one in inputs if np.isfinite(one.value)]
    if not inputs:
        return series_value(asked)
    result = sum(one.value for one in inputs)
    terms = " + ".join(exact(one.value) for one in inputs[:6]) + (" + …" if len(inputs) > 6 else "")
    words = (
        _("What the building's loads draw in this step, added up.")
        if asked.quantity == "consumption"
        else _("What the building's generators feed in in this step, added up.")
    )
    sources = [
        given(asked, one.about.layer, asked.twin.layers[one.about.layer].row_of[one.about.element],
              "power")
        for one in inputs
        if one.about is not None
    ]  # fmt: skip
    return Parts(
        "data#joins",
        "P = Σ P_d",
        f"{terms} = {exact(result, 'kW')}",
        result,
        (words,),
        shortened(inputs, "kW"),
        sources=tuple(dict.fromkeys(line for lines in sources for line in lines)),
    )


def net_power(asked: Asked) -> Parts:
    """Explain the net power of a building: what it uses less what it makes."""
    used, made = (float(np.nan_to_num(asked.of(q))) for q in ("consumption", "generation"))
    result = used - made
    return Parts(
        "overlays#power",
        "P = P_use − P_gen",
        f"{exact(used)} − {exact(made)} = {exact(result, 'kW')}",
        result,
        (_("Below zero the building feeds into the grid."),),
        (
            Input(_("Consumption"), used, "kW", about=asked.key("consumption")),
            Input(_("Generation"), made, "kW", about=asked.key("generation")),
        ),
    )


def given(asked: Asked, layer_id: str, row: int, quantity: str) -> tuple[str, ...]:
    """Return the file, column and row that a number of a series of an element was read from."""
    join = asked.join_of(layer_id, quantity)
    if layer_id not in asked.twin.layers:
        return tuple(asked.layer_source(one.id) for one in asked.twin.of_kind("weather")[-1:])
    if join is None:
        return _without_join(asked, layer_id, row, quantity)
    layer, file = asked.twin.layers[layer_id], asked.file(join.table)
    when = _instant(asked, layer_id, quantity)
    if join.kind == "columns":
        column = join.pattern.replace("{id}", str(layer.ids[row]))
        return (_cell(file, column, when),)
    column = layer.column(join.profile)[row] if layer.has(join.profile) else ""
    found: tuple[str, ...] = (_cell(file, column, when),)
    if join.scale:
        place = _(
            "{file}: layer '{layer}', column '{column}' of '{element}'",
            file=asked.file(layer.source),
            layer=layer.title,
            column=join.scale,
            element=layer.ids[row],
        )
        found = (*found, place)
    return found


def _cell(file: str, column: str, when: str) -> str:
    """Return file and column, and the row where it has one."""
    if not when:
        return _("{file}: column '{column}'", file=file, column=column)
    return _("{file}: column '{column}', row {instant}", file=file, column=column, instant=when)


def _instant(asked: Asked, layer_id: str, quantity: str) -> str:
    """Return the instant of the step as the series' own axis has it; empty where it has none."""
    series = asked.series(layer_id, quantity)
    i = None if series is None else series.time.step_at(asked.twin.time, asked.step)
    if series is None or i is None or series.time.static:
        return ""
    return format_instant(series.time.seconds(i), series.time.tz)


def _without_join(asked: Asked, layer_id: str, row: int, quantity: str) -> tuple[str, ...]:
    """Return where a number stands that came with its layer: the column of fixed powers."""
    layer, column = asked.twin.layers[layer_id], FIXED.get(quantity, "")
    if not layer.has(column):
        return (asked.layer_source(layer_id),)
    place = _(
        "{file}: layer '{layer}', column '{column}' of '{element}'",
        file=asked.file(layer.source),
        layer=layer.title,
        column=column,
        element=layer.ids[row],
    )
    return (place,)


def _columns(asked: Asked, layer_id: str, row: int, count: int) -> list[str]:
    """Return the names of the profiles of an element, as far as one column names them."""
    join = asked.join_of(layer_id, asked.quantity)
    layer = asked.twin.layers.get(layer_id)
    if join is not None and layer is not None and count == 1 and layer.has(join.profile):
        return [f"'{layer.column(join.profile)[row]}'"]
    return [str(k + 1) for k in range(count)]


def _tables(asked: Asked, component: str) -> list[Layer]:
    """Return the device tables of a kind that name buildings."""
    ids = [network.tables.get(component, "") for network in asked.twin.networks.values()]
    layers = [asked.twin.layers[one] for one in ids if one in asked.twin.layers]
    return [layer for layer in layers if layer.has("building")]
