"""What inspector and hover card speak about: an element or the district, in words and numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from twinview.draw.legend import STATES
from twinview.gui.curves import Floats, on_clock
from twinview.i18n import N_, _, language
from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.twin import Layer, Twin
from twinview.scene.numbers import SPACE, number
from twinview.scene.numbers import ticks as tick_texts
from twinview.scene.paint import Scene, State
from twinview.scene.parts import estimated
from twinview.scene.view import View

KINDS = {
    "building": N_("Building"), "line": N_("Line"), "node": N_("Node"), "storage": N_("Store"),
    "transformer": N_("Transformer"), "road": N_("Road"), "place": N_("Place"), "tree": N_("Tree"),
    "site": N_("Site"), "load": N_("Load"), "generator": N_("Generator"), "source": N_("Source"),
    "weather": N_("Weather"), "other": N_("Element"),
}  # fmt: skip
COLUMNS = {
    "use": N_("Use"),
    "type": N_("Type"),
    "storeys": N_("Storeys"),
    "height_m": N_("Height"),
    "eaves_m": N_("Eaves"),
    "ridge_m": N_("Ridge"),
    "roof": N_("Roof"),
    "ridge_deg": N_("Ridge direction"),
    "floor_area_m2": N_("Floor area"),
    "pv_kwp": N_("Solar power"),
    "heat_pump": N_("Heat pump"),
    "households": N_("Households"),
    "origin": N_("Origin"),
    "battery_kwh": N_("Battery"),
    "length_m": N_("Length"),
    "name": N_("Name"),
    "capacity_kwh": N_("Capacity"),
    "height_source": N_("Height from"),
}
"""Titles of columns that many districts have; others are shown by their own names."""
SUFFIXES = {
    "_m2": "m²", "_m": "m", "_kwp": "kWp", "_kwh": "kWh", "_kw": "kW", "_deg": "°", "_kva": "kVA",
}  # fmt: skip
"""Units that a column's name ends with, where its field does not name one."""
CLOSED = 5e-4
"""A residual below this is what floating point leaves over, and is shown as nothing."""
SKIPPED = frozenset({
    "id", "geometry", "name", "name_zh", "fid", "label_weight", "element", "height_source",
})  # fmt: skip
FIRST = (
    "consumption", "power", "load", "generation", "carbon_intensity", "emission", "loading",
    "voltage", "soc", "energy",
)  # fmt: skip
"""Quantities in the order of the inspector."""
CURVES: tuple[tuple[str, str], ...] = (
    ("consumption", "line"), ("load", "line"), ("power", "line"), ("generation", "#d9a520"),
    ("carbon_intensity", "#d9622e"), ("loading", "warning"), ("soc", "line"),
    ("voltage", "text_soft"),
)  # fmt: skip
"""Quantities that get a curve, and its colour."""


@dataclass(frozen=True, eq=False)
class Subject:
    """One element of a twin.

    Parameters
    ----------
    twin
        The district.
    layer_id, row
        The element; row 0 of the layer ``district`` is the whole.
    scenario
        Whose series are shown.
    """

    twin: Twin
    layer_id: str
    row: int
    scenario: str

    @property
    def layer(self) -> Layer | None:
        """The layer; None for the district."""
        return self.twin.layers.get(self.layer_id)

    @property
    def title(self) -> str:
        """Name, or kind and id."""
        if self.layer is None:
            return self.twin.name or _("District")
        return name_of(self.layer, self.row)

    @property
    def kind(self) -> str:
        """What it is."""
        if self.layer is None:
            return _("Whole district")
        words = [_(KINDS.get(self.layer.kind, KINDS["other"]))]
        for column in ("use", "type", "kind"):
            if self.layer.has(column):
                value = self.layer.attributes[column][self.row].as_py()
                if value and str(value) not in words:
                    words.append(_(str(value).replace("_", " ")))
        identity = str(self.layer.ids[self.row])
        return " · ".join([*words, identity] if identity not in self.title else words)

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """Titles and values of the columns that hold something."""
        if self.layer is None:
            return []
        found = []
        for column in self.layer.attributes.column_names:
            if column in SKIPPED:
                continue
            value = self.layer.attributes[column][self.row].as_py()
            text = written(value, unit_of(self.layer, column))
            if text:
                found.append((column_title(column), text))
        return found

    @cached_property
    def series(self) -> dict[str, Series]:
        """Series of its layer by quantity, in the order of the inspector."""
        ids = {q for layer, q, _s in self.twin.series if layer == self.layer_id}
        known = [*FIRST, *quantities()]
        order = sorted(ids, key=lambda q: (known.index(q) if q in known else len(known), q))
        found = {q: self.twin.find(self.layer_id, q, self.scenario) for q in order}
        return {q: one for q, one in found.items() if one is not None}

    @cached_property
    def curves(self) -> dict[str, Floats]:
        """Values at each step of the clock by quantity; those without any value are left out."""
        made = {}
        for quantity, series in self.series.items():
            values = on_clock(self.twin, series, series.of(self.row))
            if np.isfinite(values).any() or not ready(series):
                made[quantity] = values
        return made

    def values(self, i: int) -> Iterator[tuple[str, str, str]]:
        """Yield quantity, title and text of each value at a step of the clock."""
        for quantity, values in self.curves.items():
            series = self.series[quantity]
            step = series.time.step_at(self.twin.time, i)
            pending = step is not None and not series.ready(step)
            about = quantity in self._estimated
            text = (
                _(STATES[State.PENDING])
                if pending
                else ranged_text(quantity, float(values[i]), about, series.meaning.spread)
            )
            yield quantity, quantity_title(quantity), text

    @cached_property
    def _estimated(self) -> frozenset[str]:
        """Quantities that are modelled, or computed of what is modelled; no residuals."""
        view = View(scenario=self.scenario)
        found = (q for q, one in self.series.items() if estimated(self.twin, one, view))
        return frozenset(found) - {"residual", "carbon_residual"}


def ready(series: Series) -> bool:
    """Tell whether all of a series has been computed."""
    done = getattr(series, "done", None)
    return done is None or bool(np.all(done))


def name_of(layer: Layer, row: int) -> str:
    """Return the name of an element in the language in use, else its kind and id."""
    for column in (f"name_{language()[:2]}", "name"):
        if layer.has(column):
            value = layer.attributes[column][row].as_py()
            if value:
                return str(value)
    return f"{_(KINDS.get(layer.kind, KINDS['other']))} {layer.ids[row]}"


def layer_title(layer: Layer) -> str:
    """Return the title of a layer, with a capital letter where a file has none."""
    title = _(layer.title)
    return title[:1].upper() + title[1:]


def quantity_title(quantity: str) -> str:
    """Return the title of a quantity or of a column."""
    known = quantities().get(quantity)
    if quantity == "load":
        return _("Load")
    return _(known.title) if known else column_title(quantity)


def value_text(quantity: str, value: float) -> str:
    """Return a value of a quantity with its unit; what is missing is said in words."""
    if not math.isfinite(value):
        return _(STATES[State.MISSING])
    known = quantities().get(quantity)
    unit = known.unit if known else "kW" if quantity == "load" else ""
    if unit == "1":
        return number(value * 100, 3, "%")
    if quantity in {"residual", "carbon_residual"} and abs(value) < CLOSED:
        value = 0.0
    return number(value, 4 if unit == "p.u." else 3, unit)


def ranged_text(quantity: str, value: float, about: bool, spread: float) -> str:
    """Return a value; an estimate says so, with its range where that is known.

    Parameters
    ----------
    quantity, value
        What it is, in the quantity's unit.
    about
        Whether it is an estimate.
    spread
        How far it may be off, as a share of it; 0 where nobody says.
    """
    text = value_text(quantity, value)
    if not about or not math.isfinite(value):
        return text
    if not spread:
        return f"≈ {text}"
    low, high = (number(value * (1 + sign * spread), 2) for sign in (-1, 1))
    return _("≈ {value} ({low} to {high})", value=text, low=low, high=high)


def column_title(column: str) -> str:
    """Return what a reader sees for a column."""
    if column in COLUMNS:
        return _(COLUMNS[column])
    stem = next((column.removesuffix(end) for end in SUFFIXES if column.endswith(end)), column)
    return stem.replace("_", " ").capitalize()


def unit_of(layer: Layer, column: str) -> str:
    """Return the unit of a column: its field's own, else the one its name ends with."""
    named = next((unit for end, unit in SUFFIXES.items() if column.endswith(end)), "")
    return layer.unit(column) or named


def written(value: Any, unit: str = "") -> str:
    """Return an attribute as text; empty for what is not there."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return ""
        return tick_texts([round(value, 2)])[0] + (SPACE + unit if unit else "")
    if isinstance(value, bytes) or value is None:
        return ""
    text = str(value).strip()
    return _(text) + (SPACE + unit if unit and text else "") if text else ""


def hover_lines(twin: Twin, scene: Scene, layer_id: str, row: int) -> tuple[str, list[str]] | None:
    """Return title and lines of the hover card; None for what has nothing to say."""
    layer = twin.layers.get(layer_id)
    paint = scene.paints.get(layer_id)
    if layer is None or paint is None or row >= len(layer):
        return None
    lines = []
    state = State(int(paint.state[row]))
    if state in {State.MISSING, State.PENDING, State.FAILED}:
        lines.append(f"{quantity_title(paint.quantity)}: {_(STATES[state])}")
    elif state is not State.PLAIN:
        lines.append(_said(layer, row, paint.quantity, float(paint.values[row]), paint.unit))
    if state in {State.ESTIMATED, State.OVER}:
        lines.append(_(STATES[state]))
    if not twin.time.static and lines:
        lines.append(f"{scene.clock.date}  {scene.clock.time} {scene.clock.offset.split(' ')[0]}")
    return name_of(layer, row), lines


def _said(layer: Layer, row: int, quantity: str, value: float, unit: str) -> str:
    if quantity not in quantities() and layer.has(quantity):
        text = written(layer.attributes[quantity][row].as_py(), unit_of(layer, quantity))
        return f"{column_title(quantity)}: {text}"
    if quantity in quantities():
        return f"{quantity_title(quantity)}: {value_text(quantity, value)}"
    return number(value, 3, unit)
