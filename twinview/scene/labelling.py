"""Labels that the reader wants of a layer: a column, the shown value, or words with both in them.

A label is made of one name, such as ``height_m``, or of a text with names in braces, such as
``{name}: {value}``. Names are columns, ``value`` for the shown quantity, and the quantities that
the layer has values of. What is reckoned of them stands in braces too, perhaps with the digits
behind the point: ``{consumption / floor_area_m2:.1f}``.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import on_the_way, own_unit, seen
from twinview.scene.filtering import reckoned
from twinview.scene.numbers import number
from twinview.scene.paint import Label, Paint
from twinview.scene.parts import row
from twinview.scene.sifting import VALUE, further, known_values, timed
from twinview.scene.view import View
from twinview.scene.words import in_language, unit_of, value_text, written

Rows = npt.NDArray[np.int64]
Text = Callable[[int], str]
"""From a row to what is written, empty where there is nothing."""

MOST = 600
"""Elements of a layer that are labelled at most: those nearest to what is looked at."""
LONGEST = 200
"""Letters of what is wanted, and of a label."""
_NAME = re.compile(r"\{([^{}]+)\}")
_RECKONED = re.compile(r"[-+*/()]|:\.\df$")
_DIGITS = re.compile(r":\.(\d)f$")
_WEIGHT = 40.0
"""Above names that come with the data, below what is selected."""


def labels_of(
    twin: Twin, view: View, layer: Layer, wanted: str, paint: Paint, above: int
) -> tuple[Label, ...]:
    """Return the labels of a layer; none where what is wanted cannot be made any more.

    Parameters
    ----------
    twin, view, layer
        The district, the instant, and the layer.
    wanted
        What stands in a label.
    paint
        What is drawn of the layer: its values, and which elements are left out.
    above
        How many layers lie below this one: its labels win over theirs.
    """
    if layer.geometry is None:
        return ()
    try:
        text = maker(twin, view, layer, wanted, paint)
    except CommandError:  # the data are others than when it was chosen
        return ()
    shape, top = layer.geometry.centres, layer.numbers("height_m", 0.0)
    rows = _nearest(shape, view, paint)
    sizes = _sizes(layer, names_in(wanted)[0])[rows]
    made = []
    for k, share in zip(rows.tolist(), _shares(sizes).tolist(), strict=True):
        said = text(k)[:LONGEST]
        if said:
            x, y, z = (float(one) for one in shape[k])
            height = float(top[k]) if np.isfinite(top[k]) else 0.0
            made.append(Label(said, (x, y, z + height), _WEIGHT + above + 0.9 * share))
    return tuple(made)


def maker(twin: Twin, view: View, layer: Layer, wanted: str, paint: Paint | None) -> Text:
    """Return what makes the text of an element's label.

    Raises
    ------
    CommandError
        For a name that the layer does not have.
    """
    named = _NAME.findall(wanted)
    if not named:
        return _made(twin, view, layer, wanted.strip(), paint)
    parts = {one: _made(twin, view, layer, one.strip(), paint) for one in named}

    def text(k: int) -> str:
        said = {one: make(k) for one, make in parts.items()}
        if not any(said.values()):
            return ""
        return _NAME.sub(lambda found: said[found.group(1)] or "–", wanted)

    return text


def choices(twin: Twin, layer: Layer) -> list[str]:
    """Return the names that labels of a layer may be made of, those that all layers have first."""
    left_out = {"geometry", "fid", "label_weight"}
    columns = [one for one in layer.attributes.column_names if one not in left_out]
    first = [one for one in ("name", "id") if one in columns]
    return list(dict.fromkeys([VALUE, *first, *sorted(timed(twin, layer)), *columns]))


def _made(twin: Twin, view: View, layer: Layer, name: str, paint: Paint | None) -> Text:
    if name == VALUE:
        return _shown(twin, layer, paint)
    if name in timed(twin, layer) and not layer.has(name):
        return _quantity(twin, view, layer, name)
    if not layer.has(name) and _RECKONED.search(name):
        return _figures(twin, view, layer, name, paint)
    if not layer.has(name):
        known = ", ".join(choices(twin, layer))
        raise CommandError(
            _("Labels of '{layer}' cannot be made of '{name}'; there are {known}.",
              layer=layer.id, name=name, known=known)
        )  # fmt: skip
    return _column(layer, name)


def _figures(twin: Twin, view: View, layer: Layer, wanted: str, paint: Paint | None) -> Text:
    """Return what writes the numbers that an expression makes."""
    digits = _DIGITS.search(wanted)
    more = further(twin, view, layer, lambda: known_values(layer, paint))
    values = reckoned(layer, _DIGITS.sub("", wanted), more)

    def text(k: int) -> str:
        value = float(values[k])
        if not np.isfinite(value):
            return ""
        return number(value) if digits is None else f"{value:.{digits.group(1)}f}"

    return text


def _column(layer: Layer, name: str) -> Text:
    column = layer.attributes[in_language(layer, name)]
    unit, plain = unit_of(layer, name), name == "id" or name.startswith("name")

    def text(k: int) -> str:
        value = column[k].as_py()
        if isinstance(value, str) and plain:
            return value
        return written(value, "" if isinstance(value, str) else unit, name)

    return text


def _shown(twin: Twin, layer: Layer, paint: Paint | None) -> Text:
    if paint is None or not paint.quantity:
        return lambda _k: ""
    if layer.has(paint.quantity):
        return _column(layer, paint.quantity)
    values = known_values(layer, paint)
    return _written(values, paint.quantity, paint.unit)


def _quantity(twin: Twin, view: View, layer: Layer, name: str) -> Text:
    through = on_the_way(seen(twin, view), view)
    values, _states = row(through, layer, name, view)
    series = through.find(layer.id, name, view.scenario)
    return _written(values, name, "" if series is None else own_unit(series))


def _written(values: npt.NDArray[np.floating], quantity: str, unit: str) -> Text:
    def text(k: int) -> str:
        value = float(values[k])
        return value_text(quantity, value, unit) if np.isfinite(value) else ""

    return text


def _nearest(centres: npt.NDArray[np.float64], view: View, paint: Paint) -> Rows:
    """Return the rows that may be labelled: `MOST` at most, nearest to what is looked at."""
    there = np.isfinite(centres).all(axis=1)
    if paint.out is not None:
        there &= ~paint.out
    rows = np.asarray(np.flatnonzero(there), dtype=np.int64)
    if len(rows) <= MOST:
        return rows
    if view.camera is None:  # spread over all
        return np.asarray(rows[np.linspace(0, len(rows) - 1, MOST).astype(int)])
    away = np.hypot(*(centres[rows, :2] - view.camera.focus[:2]).T)
    return np.asarray(np.sort(rows[np.argpartition(away, MOST)[:MOST]]), dtype=np.int64)


@lru_cache(maxsize=64)
def _sizes(layer: Layer, name: str) -> npt.NDArray[np.float64]:
    """Return numbers by which elements of a layer are labelled first: the named one, else height.

    The same at all instants, so that labels do not jump while time runs.
    """
    if layer.has(name):
        kind = layer.attributes.schema.field(name).type
        if pa.types.is_floating(kind) or pa.types.is_integer(kind):
            return layer.numbers(name)
    return layer.numbers("height_m", 0.0)


def _shares(sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return where numbers stand between the least and the largest, 0 to 1."""
    known = np.where(np.isfinite(sizes), sizes, -np.inf)
    order = np.empty(len(known))
    order[np.argsort(known, kind="stable")] = np.arange(len(known))
    return order / max(len(known) - 1, 1)


def check(twin: Twin, layer: Layer, wanted: str) -> None:
    """Raise CommandError where labels cannot be made of what is wanted."""
    if len(wanted) > LONGEST:
        raise CommandError(_("A label is made of at most {count} letters.", count=LONGEST))
    maker(twin, View(), layer, wanted, None)


def names_in(wanted: str) -> Sequence[str]:
    """Return the names that a label is made of."""
    return [one.strip() for one in _NAME.findall(wanted)] or [wanted.strip()]
