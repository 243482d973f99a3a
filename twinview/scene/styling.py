"""How the shown quantity is coloured where the reader wants it otherwise than the overlay does."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from twinview.i18n import N_, _
from twinview.model.kept import Kept
from twinview.model.twin import Twin
from twinview.scene.attributes import Words, coloured
from twinview.scene.classing import FEWEST, MOST, SAID, Method, breaks_of
from twinview.scene.numbers import number
from twinview.scene.numbers import ticks as texts_of
from twinview.scene.overlay import Painted
from twinview.scene.paint import Legend, Paint
from twinview.scene.parts import has_value, noted, ticks
from twinview.scene.theme import RAMPS, is_colour, ramp_table, rgb, stops
from twinview.scene.view import View

CHOICES: dict[str, str] = {
    "carbon": N_("Yellow to red"),
    "power": N_("Blue"),
    "value": N_("Green to blue"),
    "cividis": N_("Yellow to dark blue (cividis)"),
    "viridis": N_("Yellow to violet (viridis)"),
    "grey": N_("Grey"),
    "difference": N_("Blue to orange, pale centre"),
    "net": N_("Teal to blue, pale centre"),
    "voltage": N_("Violet to brown, pale centre"),
}
"""Ramps to choose from, all safe for colour-blind readers (marked for translation)."""

MOST_WORDS = 24
"""Words that can have chosen colours: more make no legend that anybody reads."""


class Style(Kept):
    """How one overlay, or one attribute, is coloured.

    Parameters
    ----------
    ramp
        Name of a ramp; empty for the overlay's own.
    reverse
        Whether low and high change places on it.
    limits
        Values at its ends; None for the overlay's own.
    within
        Whether the limits are those of the values that are shown now, whatever `limits` says.
    method, count
        How values are put into classes, and into how many; an empty method colours continuously.
    breaks
        Values between classes, rising.
    unit
        Of limits and breaks: they hold for values of this unit only.
    words
        Colours of words (`twinview.scene.attributes`); others have the usual ones.
    """

    ramp: str = ""
    reverse: bool = False
    limits: tuple[float, float] | None = None
    within: bool = False
    method: Method = ""
    count: int = Field(default=5, ge=FEWEST, le=MOST)
    breaks: tuple[float, ...] = ()
    unit: str = ""
    words: Words = ()

    @field_validator("limits")
    @classmethod
    def _rising(cls, limits: tuple[float, float] | None) -> tuple[float, float] | None:
        if limits is not None and not (np.isfinite(limits).all() and limits[0] < limits[1]):
            raise ValueError(_("the lower limit is not below the upper one"))
        return limits

    @field_validator("breaks")
    @classmethod
    def _sorted(cls, breaks: tuple[float, ...]) -> tuple[float, ...]:
        if not all(np.isfinite(breaks)) or len(breaks) >= MOST or list(breaks) != sorted(breaks):
            raise ValueError(_("the breaks do not rise, or there are too many"))
        return breaks

    @field_validator("words")
    @classmethod
    def _chosen(cls, words: Words) -> Words:
        if len(words) > MOST_WORDS:
            raise ValueError(_("more than {most} words have colours", most=MOST_WORDS))
        for _word, one in words:
            if not is_colour(one):
                raise ValueError(_("'{colour}' is no colour such as #4477aa", colour=one))
        return words


def column_key(layer: str, column: str) -> str:
    """Return under which name the style of a column is kept, whatever shows it."""
    return f"attribute:{layer}.{column}"


def key_of(view: View, paints: Sequence[Paint], overlay: str) -> str:
    """Return under which name a style is kept: the overlay's, with the column or what it is of.

    Parameters
    ----------
    view, paints, overlay
        What is wanted, and what the overlay made of it.
    """
    if overlay == "attribute" and paints:
        return column_key(paints[0].layer, paints[0].quantity)
    if overlay == "difference":
        return f"difference:{view.against.of if view.against else ''}"
    return overlay


def carrying(paints: Sequence[Paint], legend: Legend) -> list[tuple[int, npt.NDArray[np.bool_]]]:
    """Return which paints and which of their elements have the colours of the legend's ramp."""
    return [
        (k, has_value(one.state) & np.isfinite(one.values))
        for k, one in enumerate(paints)
        if one.unit == legend.unit and one.quantity
    ]


def shown_values(painted: Painted) -> npt.NDArray[np.float64]:
    """Return the numbers that have a colour of the ramp, in one row."""
    paints, legend = painted
    found = [paints[k].values[known] for k, known in carrying(paints, legend)]
    return np.concatenate([np.empty(0), *found]).astype(np.float64)


def with_outside(painted: Painted) -> Painted:
    """Return paints and a legend that says of how many elements the colour is that of an end.

    Parameters
    ----------
    painted
        In the colours that are seen.
    """
    legend, values = painted[1], shown_values(painted)
    (low, high), slack = legend.limits, 1e-6 * abs(legend.limits[1] - legend.limits[0])
    count = int(((values < low - slack) | (values > high + slack)).sum())
    if legend.classes or not count:
        return painted
    said = _("{count} outside the limits", count=number(count))
    return painted[0], replace(legend, note=noted(legend.note, said))


def worded(twin: Twin, painted: Painted, style: Style | None) -> Painted:
    """Return paints and legend of words in the colours that a style has for them.

    Parameters
    ----------
    twin, painted
        The district, and what an overlay made of it.
    style
        The reader's wish.
    """
    paints, legend = painted
    if style is None or not style.words or not legend.nominal:
        return painted
    layer = twin.layers[paints[0].layer]
    return coloured(layer, paints[0].quantity, legend.theme, style.words)


def restyled(painted: Painted, style: Style | None, windowed: bool = False) -> Painted:
    """Return paints and legend in another style; as they are without one, and for named classes.

    Parameters
    ----------
    painted
        What an overlay made.
    style
        The reader's wish.
    windowed
        Whether the values are those of a window of time.
    """
    paints, legend = painted
    if style is None or legend.nominal or not legend.colours:
        return painted
    values = shown_values(painted) if style.within else np.empty(0)
    limits = _limits(style, legend, values)
    breaks = _breaks(style, legend, values, limits)
    anchors = stops(style.ramp, legend.theme) if style.ramp in RAMPS else legend.colours
    anchors = anchors[::-1] if style.reverse else anchors
    made = list(paints)
    for k, known in carrying(paints, legend):
        colour = paints[k].colour.copy()
        colour[known] = _coloured(paints[k].values[known], limits, breaks, anchors)
        made[k] = replace(paints[k], colour=colour)
    return made, _legend(legend, style, limits, breaks, anchors, windowed)


def _fits(style: Style, legend: Legend) -> bool:
    return style.unit in {"", legend.unit}


def _limits(style: Style, legend: Legend, values: npt.NDArray[np.float64]) -> tuple[float, float]:
    low, high = legend.limits
    if style.within and values.size:
        low, high = float(values.min()), float(values.max())
    elif style.limits is not None and not style.within and _fits(style, legend):
        low, high = style.limits
    if legend.centre is not None:
        reach = max(abs(low - legend.centre), abs(high - legend.centre)) or 1.0
        low, high = legend.centre - reach, legend.centre + reach
    return (low, high) if high > low else (low, low + 1.0)


def _breaks(
    style: Style,
    legend: Legend,
    values: npt.NDArray[np.float64],
    limits: tuple[float, float],
) -> tuple[float, ...]:
    if not style.method:
        return ()
    if style.within and style.method != "manual":
        return breaks_of(values, style.method, style.count, limits)
    if style.breaks and _fits(style, legend):
        return style.breaks
    return breaks_of(values, "equal", style.count, limits)


def like(style: Style, legend: Legend) -> Style:
    """Return the style that gives other values the colours of a legend."""
    classes = {"breaks": legend.breaks, "method": "manual"} if legend.breaks else {}
    return style.model_copy(
        update={"limits": legend.limits, "within": False, "unit": legend.unit, **classes}
    )


def class_colours(anchors: tuple[str, ...], count: int) -> tuple[str, ...]:
    """Return one colour per class, from one end of a ramp to the other."""
    table = ramp_table(anchors)
    rows = np.linspace(0, len(table) - 1, count).round().astype(int)
    return tuple("#{:02x}{:02x}{:02x}".format(*table[row]) for row in rows)


@cache
def _palette(anchors: tuple[str, ...], count: int) -> npt.NDArray[np.uint8]:
    return np.array([rgb(one) for one in class_colours(anchors, count)], dtype=np.uint8)


def _coloured(
    values: npt.NDArray[np.float32],
    limits: tuple[float, float],
    breaks: tuple[float, ...],
    anchors: tuple[str, ...],
) -> npt.NDArray[np.uint8]:
    if breaks:
        places = np.searchsorted(np.array(breaks), values, side="right")
        return _palette(anchors, len(breaks) + 1)[places]
    table = ramp_table(anchors)
    share = np.clip((values - limits[0]) / (limits[1] - limits[0]), 0, 1)
    found: npt.NDArray[np.uint8] = table[(share * (len(table) - 1)).round().astype(np.intp)]
    return found


def class_texts(breaks: tuple[float, ...]) -> tuple[str, ...]:
    """Return what each class holds, in words."""
    said = texts_of(breaks)
    between = [_("{low} to {high}", low=a, high=b) for a, b in pairwise(said)]
    return (_("below {value}", value=said[0]), *between, _("{value} and more", value=said[-1]))


def _legend(
    legend: Legend, style: Style, limits: tuple[float, float], breaks: tuple[float, ...],
    anchors: tuple[str, ...], windowed: bool,
) -> Legend:  # fmt: skip
    made = replace(
        legend,
        limits=limits,
        colours=class_colours(anchors, len(breaks) + 1) if breaks else anchors,
        ticks=() if breaks else ticks(*limits),
        classes=class_texts(breaks) if breaks else (),
        breaks=breaks,
    )
    return replace(made, note=_noted(legend, style, windowed))


def _noted(legend: Legend, style: Style, windowed: bool) -> str:
    """Return the note with what is true of these limits and classes."""
    if style.within:
        limits = _("limits of this window") if windowed else _("limits of this instant")
    elif style.limits is not None and _fits(style, legend):
        limits = _("limits set by hand")
    else:
        limits = _("limits fixed")
    said = [limits] if not style.method or style.within else []
    if style.method:
        said.append(_(SAID[style.method]))
    fixed = _("limits fixed")
    now = _("limits of this instant")
    plain = legend.note.replace(fixed, "").replace(now, "")
    rest = (one.strip(" ;；，,") for one in plain.split(_("; ")))
    return _("; ").join([*(one for one in rest if one), *said])
