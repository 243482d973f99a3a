"""From wish and data to what is to be seen: a pure function, one row of each series touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.i18n import _, language
from twinview.model.ahead import assumed
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.aggregation import hours_of, interpolated, on_the_way, seen, unit_of
from twinview.scene.daylight import sun_at
from twinview.scene.dyeing import dyed
from twinview.scene.labelling import labels_of
from twinview.scene.layering import PLAIN, TABLES_ONLY, ordered, ranks, unseen
from twinview.scene.manner import hour_text
from twinview.scene.measuring import all_measured
from twinview.scene.numbers import number
from twinview.scene.overlay import Overlay, Painted, available, overlays
from twinview.scene.paint import Clock, Label, Paint, Readout, Scene, State
from twinview.scene.painting import NOTHING, Beside, dressed, dressed_exactly
from twinview.scene.parts import estimated, noted
from twinview.scene.private import groups_for, marked, withheld
from twinview.scene.selecting import Selection, rows_of
from twinview.scene.sifting import Sifted, changing, sift, without_out
from twinview.scene.sketch import sketch
from twinview.scene.telling import lacking_words, pinned
from twinview.scene.theme import LOOKS, line_colour, rgb
from twinview.scene.view import Theme, View

_PLAIN = {
    "building": "clay",
    "annex": "clay",
    "road": "road",
    "place": "ground",
    "tree": "tree",
    "line": "line",
    "transformer": "site",
    "converter": "site",
    "site": "site",
    "storage": "site",
    "node": "line",
    "water": "water",
    "other": "clay",
    "zone": "settlement",
}
"""Name of the look's colour for each kind of layer."""
_PLACES = {
    "settlement": "settlement",
    "field": "field",
    "wood": "wood",
    "water": "water",
    "yard": "settlement",
}
NOTABLE_RESIDUAL = 0.05
"""kW of residual from which the readout warns."""
ROUNDING = 5e-4
"""kW below which a residual is the rounding of stored numbers."""
LARGER = {"kW": "MW", "kWh": "MWh", "MWh": "GWh", "kg": "t"}
"""Units in which numbers of the district from a thousand on are written."""
_STORED = frozenset({"emission", "carbon_intensity", "local_share", "soc"})
"""Numbers of the district that depend on what the stores hold."""
MOST_NAMED = 12
"""Selected elements up to which each is labelled; the names of more would cover the city."""


def resolve(twin: Twin, view: View, beside: Beside = NOTHING) -> Scene:
    """Return what is to be seen of a twin.

    Parameters
    ----------
    twin
        The district.
    view
        The wish. A time outside the data, an unknown overlay or scenario, and hidden or selected
        elements that are gone fall back to the nearest thing that exists. Where it has a window,
        values, legend and numbers of the district are those of the window, in its units. Between
        two steps instants are interpolated, and the legend says so.
    beside
        Styles, and the cases that a difference may be taken from.
    """
    view = _settled(twin, view, choose(twin, view.overlay))
    view = _without_unwanted(view, beside)
    through, (told, legend) = spoken(twin, view, beside)
    note = noted(_grouped_words(twin, told), _with_doubts(twin, view, legend.note))
    legend = replace(legend, note=note, withheld=withheld(told))
    order = ordered(twin.layers, beside.order)
    paints, more = dyed(twin, _paints(twin, view, told, beside), order, beside, view.theme)
    legend = replace(legend, more=more)
    scene = Scene(
        view=view,
        paints=paints,
        legend=legend,
        clock=clock(twin.time, view.time, view.between if interpolated(twin, view) else 0.0),
        readouts=readouts(through, view),
        labels=labels(twin, view, paints, beside),
        about=_(twin.about),
        selected=without_out(rows_of(twin.layers, view.selection), tuple(paints.values())),
        measured=all_measured(twin, view.measures),
        sketch=sketch(twin) if view.map else None,
        sun=sun_at(twin, view.time) if view.sun else None,
        opacity={key: one.opacity for key, one in beside.layers.items() if one.opacity < 1},
        order=tuple(order),
        ranks=ranks(twin.layers, beside.order) if beside.order else {},
        steady=not any(
            changing(twin, twin.layers[key], one.filter)
            for key, one in beside.layers.items()
            if one.filter and key in paints
        ),
        refused=_refused(twin, view, paints, beside),
    )
    return replace(scene, pinned=pinned(twin, scene)) if view.pins else scene


def _without_unwanted(view: View, beside: Beside) -> View:
    """Return a view that hides what is removed or has no opacity at all."""
    gone = unseen(view.hidden, beside.layers)
    return replace(view, hidden=gone) if gone - view.hidden else view


def _paints(
    twin: Twin, view: View, told: Sequence[Paint], beside: Beside
) -> dict[str, Paint]:  # fmt: skip
    """Return what each layer that is drawn looks like."""
    by_layer = {paint.layer: paint for paint in told}
    return {
        layer.id: by_layer.get(layer.id) or _unsaid(twin, view, layer, beside)
        for layer in twin.layers.values()
        if layer.geometry is not None
        and layer.id not in view.hidden
        and (layer.kind not in TABLES_ONLY or layer.id in by_layer)
    }


def _unsaid(twin: Twin, view: View, layer: Layer, beside: Beside) -> Paint:
    """Return the look of a layer that the overlay says nothing about, as its filter wants it."""
    wish = beside.layers.get(layer.id, PLAIN).filter
    if not wish:
        return plain(layer, view.theme)
    return _sparse(layer, view.theme, sift(twin, view, layer, wish, None))


@lru_cache(maxsize=64)
def _sparse(layer: Layer, theme: Theme, sifted: Sifted) -> Paint:
    return replace(plain(layer, theme), out=sifted.out)


def _refused(twin: Twin, view: View, paints: Mapping[str, Paint], beside: Beside) -> dict[str, str]:
    """Return why filters cannot be used, by layer; those that leave anything out can."""
    asked = [
        (key, beside.layers[key].filter)
        for key, paint in paints.items()
        if paint.out is not None and not paint.out.any() and key in beside.layers
    ]
    said = {key: sift(twin, view, twin.layers[key], text, paints[key]).error for key, text in asked}
    return {key: why for key, why in said.items() if why}


def spoken(twin: Twin, view: View, beside: Beside = NOTHING) -> tuple[Twin, Painted]:
    """Return a twin as it is seen through a view's window, and what the overlay says of it."""
    overlay = choose(twin, view.overlay)
    view = _settled(twin, view, overlay)
    through = on_the_way(seen(twin, view), view)
    paints, legend = dressed(twin, view, overlay, beside)
    paints = marked(twin, paints, lambda exact: dressed_exactly(exact, view, overlay, beside)[0])
    return through, (paints, legend)


def _with_doubts(twin: Twin, view: View, note: str) -> str:
    """Add to a note that the instant is provisional, or which value it lacks."""
    said = lacking_words(twin, view)
    if _provisional(twin, view):
        said = _("Provisional: what the storage holds is assumed.")
    return " · ".join(part for part in (note, said) if part)


def _grouped_words(twin: Twin, paints: Sequence[Paint]) -> str:
    """Say that single dwellings are shown as groups; empty where none are."""
    found = (groups_for(twin, one.layer, one.quantity) for one in paints)
    least = next((one.least for one in found if one is not None and one.held.any()), 0)
    if not least:
        return ""
    return _("single dwellings as means of groups of {least} or more", least=least)


def _provisional(twin: Twin, view: View) -> bool:
    return assumed(twin.find(DISTRICT, "emission", view.scenario), view.time)


def choose(twin: Twin, overlay_id: str) -> Overlay:
    """Return an overlay, or the first that the twin has data for where it has none for this one."""
    everything, able = overlays(), available(twin)
    if overlay_id in able:
        return able[overlay_id]
    return next(iter(able.values()), everything["attribute"])


def _settled(twin: Twin, view: View, overlay: Overlay) -> View:
    time = int(np.clip(view.time, 0, twin.time.count - 1))
    between = float(np.clip(view.between, 0.0, 1.0))
    return replace(view, time=time, overlay=overlay.id, between=between)


@lru_cache(maxsize=256)
def plain(layer: Layer, theme: Theme) -> Paint:
    """Return the look of a layer that the overlay says nothing about."""
    look = LOOKS[theme]
    n = len(layer)
    colour = np.tile(
        np.array(rgb(getattr(look, _PLAIN.get(layer.kind, "clay"))), dtype=np.uint8), (n, 1)
    )
    if layer.kind == "place" and layer.has("kind"):
        kinds = layer.column("kind")
        for kind, name in _PLACES.items():
            colour[kinds == kind] = rgb(getattr(look, name))
    if layer.kind == "pipe":
        colour[:] = rgb(line_colour(layer, look))
    width = np.full(n, 1.2, dtype=np.float32) if layer.kind in {"line", "pipe"} else None
    return Paint(
        layer=layer.id,
        colour=colour,
        state=np.full(n, State.PLAIN, dtype=np.uint8),
        values=np.full(n, np.nan, dtype=np.float32),
        width=width,
    )


def clock(time: TimeAxis, i: int, between: float = 0.0) -> Clock:
    """Return how an instant is written: the start of a step, or a point on the way to the next."""
    if time.static:
        return Clock(_("one instant"), "", "", "", static=True)
    local = time.at(i)
    if between:
        local = (local.astimezone(UTC) + timedelta(seconds=between * time.step)).astimezone(
            local.tzinfo
        )
    name, sign = local.tzname() or "UTC", _offset(local)
    zone = name if name == sign else f"{name} ({sign})"
    date = f"{weekday(local.weekday())} {local:%Y-%m-%d}"
    return Clock(date, hour_text(local), zone, "" if time.tz == name else time.tz)


def _offset(local: datetime) -> str:
    """Return the difference to UTC as people write it: ``UTC+2``, ``UTC-9:30``, ``UTC``."""
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def weekday(day: int) -> str:
    """Return the short name of a day of the week, Monday 0."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day]


def total(twin: Twin, quantity: str, view: View) -> float:
    """Return a number of the whole district at the view's time; NaN where there is none."""
    series = twin.find(DISTRICT, quantity, view.scenario)
    i = None if series is None else series.time.step_at(twin.time, view.time)
    if series is None or i is None or not series.ready(i):
        return float("nan")
    return float(series.at(i)[0])


def readouts(twin: Twin, view: View) -> tuple[Readout, ...]:
    """Return the numbers of the whole district at the instant, those that the data hold."""
    rows = (
        ("load", 1.0, "kW", _("load")),
        ("emission", 1.0, "kg/h", _("emission")),
        ("carbon_intensity", 1.0, "g/kWh", _("intensity")),
        ("heat_consumption", 1.0, "kW", _("heat")),
        ("cooling_consumption", 1.0, "kW", _("cooling")),
        ("gas_consumption", 1.0, "kW", _("gas")),
        ("local_share", 100.0, "%", _("local")),
        ("soc", 100.0, "%", _("stored")),
        ("residual", 1.0, "kW", _("residual")),
    )
    shown = []
    for quantity, scale, unit, label in rows:
        series = twin.find(DISTRICT, quantity, view.scenario)
        if series is None:
            continue
        value = total(twin, quantity, view) * scale
        made = _readout(quantity, value, unit_of(series, unit), label, hours_of(series, view.time))
        guessed = quantity != "residual" and estimated(twin, series, view) and np.isfinite(value)
        if quantity in _STORED and _provisional(twin, view):
            made = replace(made, label=_("{what}, provisional", what=made.label))
        shown.append(replace(made, text=f"≈ {made.text}") if guessed else made)
    return tuple(shown)


def _readout(quantity: str, value: float, unit: str, label: str, hours: float = 1.0) -> Readout:
    while unit in LARGER and abs(value) >= 1000 and quantity != "residual":
        value, unit = value / 1000, LARGER[unit]
    warning = quantity == "residual" and abs(value) > NOTABLE_RESIDUAL * hours
    if quantity == "residual":
        value = 0.0 if abs(value) < ROUNDING * hours else value
        text = "0.0" if value == 0 else number(value, 2)
    else:
        text = number(value, 3, of=unit)
    return Readout(quantity, text, unit, label, warning)


def labels(
    twin: Twin, view: View, paints: Mapping[str, Paint], beside: Beside = NOTHING
) -> tuple[Label, ...]:
    """Return the texts fixed to places: selected elements, what the reader wants, named sites."""
    chosen = tuple(_selected_labels(twin, view.selection, paints))
    wanted = {key: one.labels for key, one in beside.layers.items() if one.labels}
    named = tuple(
        label
        for layer in twin.layers.values()
        if layer.kind in {"site", "building"} and layer.id in paints and layer.id not in wanted
        for label in _left(_named(layer, language()), paints[layer.id])
    )
    once = tuple({one.text: one for one in reversed((*chosen, *named))}.values())[::-1]
    if not wanted:
        return once
    order = ordered(twin.layers, beside.order)
    more = (
        labels_of(twin, view, twin.layers[key], wanted[key], paints[key],
                  len(order) - k)
        for k, key in enumerate(order) if key in wanted and key in paints
    )  # fmt: skip
    return (*once, *(label for some in more for label in some))


def _left(named: tuple[tuple[int, Label], ...], paint: Paint) -> Iterable[Label]:
    return (label for row, label in named if paint.out is None or not paint.out[row])


def _selected_labels(
    twin: Twin, selection: Selection, paints: Mapping[str, Paint]
) -> Iterable[Label]:
    if len(selection) > MOST_NAMED:
        return
    for layer_id, element_id in selection:
        layer = twin.layers.get(layer_id)
        if layer is None or layer.geometry is None or element_id not in layer.row_of:
            continue
        row = layer.row_of[element_id]
        paint = paints.get(layer_id)
        if paint is not None and paint.out is not None and paint.out[row]:
            continue
        x, y, z = (float(v) for v in layer.geometry.centres[row])
        yield Label(_name(layer, row) or element_id, (x, y, z + _top(layer)[row]), 100.0)


def _name(layer: Layer, row: int) -> str:
    for column in (f"name_{language()[:2]}", "name") if language() != "en" else ("name",):
        if layer.has(column):
            value = layer.attributes[column][row].as_py()
            if value:
                return str(value)
    return ""


@lru_cache(maxsize=64)
def _top(layer: Layer) -> npt.NDArray[np.float64]:
    """Height above the ground of each element's top, metres."""
    return np.asarray(layer.numbers("height_m", 0.0), dtype=np.float64)


@lru_cache(maxsize=64)
def _named(layer: Layer, lang: str) -> tuple[tuple[int, Label], ...]:
    """Rows and labels of the elements with a weight (`label_weight`), in the given language."""
    if layer.geometry is None or not layer.has("label_weight"):
        return ()
    weights = layer.numbers("label_weight", 0.0)
    top = _top(layer)
    del lang  # part of the cache key: names differ by language
    return tuple(
        (int(row), Label(_name(layer, int(row)), (x, y, z + top[row]), float(weights[row])))
        for row, (x, y, z) in ((r, layer.geometry.centres[r]) for r in np.flatnonzero(weights > 0))
    )
