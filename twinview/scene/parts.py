"""Pieces that overlays are made of: rows, states, fixed limits, lines by power, stores."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.between import Between
from twinview.model.lacking import lacks
from twinview.model.series import Series
from twinview.model.twin import Layer, Twin
from twinview.model.windowed import Windowed
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.theme import LOOKS, colours, line_colour, rgb, stops
from twinview.scene.view import Theme, View

Floats = npt.NDArray[np.float32]
States = npt.NDArray[np.uint8]

WIDTHS = np.array([1.0, 1.8, 2.8, 4.2, 6.0], dtype=np.float32)
"""Drawn widths of lines in metres, thin to thick."""
POWER_STEPS = np.array([5.0, 25.0, 100.0, 500.0])
"""Powers in kW at which a line is drawn one step wider."""
SLOWEST, FASTEST, PER_DECADE = 0.5, 2.0, 0.5
"""How fast arrows travel: with hardly any power, at most, and more for each tenfold power."""
SAMPLED = 10_000
"""Elements of which a typical limit is looked for, about."""
IDLE = 0.05
"""Below this many kW no direction is drawn."""


def row(
    twin: Twin, layer: Layer, quantity: str, view: View
) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """Return the values of a layer's quantity at the view's instant, and their states.

    Returns
    -------
    values
        Shape (n,), NaN where there is none.
    states
        Shape (n,), of `State`.
    """
    n = len(layer)
    missing = np.full(n, np.nan, dtype=np.float32)
    series = twin.find(layer.id, quantity, view.scenario)
    i = None if series is None else series.time.step_at(twin.time, view.time)
    if series is None or i is None:
        beyond = series is not None and series.meaning.origin == "computed"
        return missing, np.full(n, State.PENDING if beyond else State.MISSING, dtype=np.uint8)
    if not series.ready(i):
        return missing, np.full(n, State.PENDING, dtype=np.uint8)
    if series.failed(i):
        return missing, np.full(n, State.LACKING if lacks(series, i) else State.FAILED, np.uint8)
    values = series.at(i)
    known = State.ESTIMATED if estimated(twin, series, view) else State.VALUE
    return values, np.where(np.isnan(values), np.uint8(State.MISSING), np.uint8(known))


def estimated(twin: Twin, series: Series, view: View) -> bool:
    """Tell whether numbers are modelled, or computed of what is modelled.

    A grid is computed with its own loads; modelled use enters only where there is none.
    """
    if series.meaning.origin != "computed":
        return series.meaning.origin == "modelled"
    if any(network.carrier == "electricity" for network in twin.networks.values()):
        return False
    found = (
        twin.find(layer.id, quantity, view.scenario)
        for layer in twin.of_kind("building")
        for quantity in ("consumption", "generation")
    )
    return any(one is not None and one.meaning.origin == "modelled" for one in found)


def has_value(states: States) -> npt.NDArray[np.bool_]:
    """Tell which elements have a number."""
    return are(states, State.VALUE) | are(states, State.ESTIMATED) | are(states, State.OVER)


def are(states: States, state: State) -> npt.NDArray[np.bool_]:
    """Tell which elements are in a state: bytes with a byte, far faster than with a word."""
    return np.asarray(states == np.uint8(state))


def of_both(first: States, second: States) -> States:
    """Return the states of numbers that need two others: a gap in either, else estimated if any."""
    whole = np.where(has_value(first), second, first)
    guessed = are(first, State.ESTIMATED) & has_value(second)
    return np.where(guessed, np.uint8(State.ESTIMATED), whole)


def of_either(first: States, second: States) -> States:
    """Return the states of sums of two numbers of which one may be missing."""
    known = has_value(first) | has_value(second)
    guessed = are(first, State.ESTIMATED) | are(second, State.ESTIMATED)
    value = np.where(guessed, np.uint8(State.ESTIMATED), np.uint8(State.VALUE))
    return np.where(known, value, first)


def modelled_note(
    twin: Twin, layers: Sequence[Layer], quantities: Sequence[str], view: View
) -> str:
    """Return what a legend says of modelled values and forecasts; empty where there are none."""
    found = (twin.find(layer.id, name, view.scenario) for layer in layers for name in quantities)
    meanings = [series.meaning for series in found if series is not None]
    spreads = [one.spread for one in meanings if one.origin == "modelled"]
    modelled = ""
    if spreads:
        modelled = _("modelled")
        if max(spreads):
            modelled = _("modelled, ±{spread:.0f} % each", spread=max(spreads) * 100)
    forecast = any(one.origin == "forecast" for one in meanings)
    return noted(modelled, _("forecast") if forecast else "")


def noted(*notes: str) -> str:
    """Return the notes of a legend that say something, as one."""
    return _("; ").join(note for note in notes if note)


CARRIERS = ("", "heat_", "cooling_", "gas_")
"""What the quantities of carriers begin with; those of electricity with nothing."""


def first_known(twin: Twin, layer: Layer, quantities: Sequence[str]) -> str:
    """Return the first quantity that a layer has a series of, or the first of all.

    Parameters
    ----------
    twin, layer
        The district and the layer.
    quantities
        Ids, the most wanted first.
    """
    known = (one for one in quantities if twin.find(layer.id, one) is not None)
    return next(known, quantities[0])


def uses(twin: Twin, layer: Layer) -> str:
    """Return which consumption a layer has: of electricity, else of another carrier."""
    return first_known(twin, layer, [f"{one}consumption" for one in CARRIERS])


def intensity_of(twin: Twin, layer: Layer) -> str:
    """Return which intensity a layer has: of electricity, else of another carrier."""
    return first_known(twin, layer, ["carbon_intensity", *(f"{k}intensity" for k in CARRIERS[1:])])


def nice_ceiling(value: float) -> float:
    """Return the next number of the form 1, 2, 2.5 or 5 times a power of ten."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(
        next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value * (1 - 1e-9))
    )


@lru_cache(maxsize=128)
def typical_limit(series: Series, share: float = 99.0) -> float:
    """Return a round number that all but the largest values of a series stay below.

    It is a quantile of a sample: at most 200 steps spread over the whole axis and 10,000 elements
    spread over all, so it does not change while time runs and costs little for large series.
    """
    if isinstance(series, Between):
        return typical_limit(series.source, share)
    every = max(1, series.size // SAMPLED)
    if isinstance(series, Windowed):
        values = np.abs(series.sample(every))
        return nice_ceiling(float(np.percentile(values, share))) if values.size else 1.0
    steps = np.unique(np.linspace(0, series.time.count - 1, 200).astype(int))
    rows = [series.at(int(i))[::every].copy() for i in steps if series.ready(int(i))]
    values = np.abs(np.concatenate(rows)) if rows else np.array([], dtype=np.float32)
    values = values[np.isfinite(values)]
    return nice_ceiling(float(np.percentile(values, share))) if values.size else 1.0


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return evenly spaced numbers to write under a ramp."""
    return tuple(float(v) for v in np.linspace(low, high, count))


def counted(states: npt.NDArray[np.uint8]) -> tuple[tuple[State, int], ...]:
    """Return how many elements are in each state that a legend explains."""
    found = ((state, int(np.count_nonzero(are(states, state)))) for state in State)
    return tuple((state, n) for state, n in found if n and state not in (State.VALUE, State.PLAIN))


def paint_values(
    layer: Layer,
    values: Floats,
    states: npt.NDArray[np.uint8],
    limits: tuple[float, float],
    ramp: str,
    theme: Theme,
    *,
    quantity: str,
    unit: str,
) -> Paint:
    """Return the paint of a layer coloured along a ramp."""
    return Paint(
        layer=layer.id,
        colour=colours(values, limits, ramp, theme),
        state=states,
        values=values,
        quantity=quantity,
        unit=unit,
    )


def ramp_legend(
    title: str,
    unit: str,
    limits: tuple[float, float],
    ramp: str,
    theme: Theme,
    states: npt.NDArray[np.uint8],
    note: str = "",
) -> Legend:
    """Return the legend of a layer coloured along a ramp with fixed limits."""
    known = has_value(states)
    return Legend(
        title=title,
        unit=unit,
        limits=limits,
        colours=stops(ramp, theme),
        ticks=ticks(*limits),
        shown=(shown := int(np.count_nonzero(known))),
        missing=known.size - shown,
        states=counted(states),
        note=note or _("limits fixed"),
        theme=theme,
    )


def pace(power: npt.NDArray[np.floating]) -> Floats:
    """Return how fast arrows travel for a power in kW: with its logarithm, within bounds."""
    growing = SLOWEST + PER_DECADE * np.log10(1.0 + np.asarray(power) / POWER_STEPS[0])
    return np.asarray(np.minimum(growing, FASTEST), dtype=np.float32)


def power_lines(twin: Twin, view: View, colour: str | None = None) -> list[Paint]:
    """Return all lines and pipes drawn by their power: width in steps, arrows in its direction."""
    paints = []
    for layer in [*twin.of_kind("line"), *twin.of_kind("pipe")]:
        values, states = row(twin, layer, "power", view)
        own = rgb(colour or line_colour(layer, LOOKS[view.theme]))
        plain = np.tile(np.array(own, dtype=np.uint8), (len(layer), 1))
        with np.errstate(invalid="ignore"):
            size = np.nan_to_num(np.abs(values))
            direction = np.where(size > IDLE, np.sign(np.nan_to_num(values)), 0).astype(np.int8)
        known = np.isin(states, (State.VALUE,))
        paints.append(
            Paint(
                layer=layer.id,
                colour=plain,
                state=np.where(known | (states == State.MISSING), State.PLAIN, states).astype(
                    np.uint8
                ),
                values=values,
                quantity="power",
                unit="kW",
                width=WIDTHS[np.searchsorted(POWER_STEPS, size, side="right")],
                direction=direction,
                pace=pace(size),
            )
        )
    return paints


def stores(twin: Twin, view: View, limits: tuple[float, float]) -> list[Paint]:
    """Return the stores: fill is the state of charge, colour the carbon content."""
    paints = []
    for layer in twin.of_kind("storage"):
        fill, states = row(twin, layer, "soc", view)
        content, _states = row(twin, layer, "carbon_intensity", view)
        shown = states == State.VALUE
        coloured = colours(content, limits, "store", view.theme)
        coloured[np.isnan(content) & shown] = rgb(LOOKS[view.theme].site)
        paints.append(
            Paint(
                layer=layer.id,
                colour=coloured,
                state=np.where(shown, State.VALUE, states).astype(np.uint8),
                values=content,
                quantity="carbon_intensity",
                unit="g/kWh",
                fill=fill,
            )
        )
    return paints
