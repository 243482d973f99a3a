"""What inspector and hover card speak about: an element or the district, in words and numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from twinview.i18n import _
from twinview.model.adding import ADDED, added
from twinview.model.ahead import assumed
from twinview.model.lacking import lacks
from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import own_unit, rule_text
from twinview.scene.curves import Floats, on_clock
from twinview.scene.natures import KNOWN, MODELLED, nature_of
from twinview.scene.paint import STATES, State
from twinview.scene.parts import estimated
from twinview.scene.private import group_words, lost
from twinview.scene.titles import word
from twinview.scene.view import View
from twinview.scene.words import (
    KINDS,
    column_title,
    in_language,
    name_of,
    quantity_title,
    ranged_text,
    translations,
    unit_of,
    written,
)

SKIPPED = frozenset({
    "id", "geometry", "name", "name_zh", "fid", "label_weight", "element", "height_source",
})  # fmt: skip
FIRST = (
    "consumption", "power", "load", "generation", "heat_consumption", "cooling_consumption",
    "gas_consumption", "carbon_intensity", "heat_intensity", "cooling_intensity", "gas_intensity",
    "emission", "electricity_emission", "heat_emission", "cooling_emission", "gas_emission",
    "loading", "voltage", "supply_temperature", "velocity", "soc", "energy",
)  # fmt: skip
"""Quantities in the order of the inspector."""
CURVES: tuple[tuple[str, str], ...] = (
    ("consumption", "line"), ("load", "line"), ("power", "line"), ("generation", "#d9a520"),
    ("carbon_intensity", "#d9622e"), ("loading", "warning"), ("soc", "line"),
    ("voltage", "text_soft"), ("heat_consumption", "#b8614c"), ("heat_intensity", "#d9622e"),
    ("cooling_consumption", "#3f948f"), ("gas_consumption", "#a08a3c"),
    ("supply_temperature", "#b8614c"),
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
                words += [word(str(value), column)] if value else []
        identity = self.layer.id_at(self.row)
        words += [identity] if identity not in self.title else []
        return " · ".join(dict.fromkeys(words))

    @property
    def attributes(self) -> list[tuple[str, str, str]]:
        """Names, titles and values of the columns that hold something."""
        if self.layer is None:
            return []
        names = self.layer.attributes.column_names
        found = []
        skipped = SKIPPED | translations(self.layer)
        for column in dict.fromkeys([*names, *ADDED]):
            if column in skipped:
                continue
            own = in_language(self.layer, column)
            value = self.layer.attributes[own][self.row].as_py() if column in names else None
            value = self._with_added(column, value)
            text = written(value, unit_of(self.layer, column), column)
            if text:
                found.append((column, column_title(column), text))
        return found

    def _with_added(self, column: str, value: object) -> object:
        """Return an attribute of a building with what a scenario put on it."""
        assert self.layer is not None
        if self.layer.kind != "building" or column not in ADDED:
            return value
        more = added(self.twin, self.layer.id_at(self.row), column)
        known = float(value) if isinstance(value, int | float) else 0.0
        return known + more if more else value

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

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Quantities that have values, of which none is shown at any step."""
        if self.twin.exact is self.twin:
            return frozenset()
        whole = Subject(self.twin.exact, self.layer_id, self.row, self.scenario)
        hidden = (q for q in whole.curves if q in self.series and q not in self.curves)
        return frozenset(q for q in hidden if np.isfinite(whole.curves[q]).any())

    def group_words(self, quantity: str, i: int) -> str:
        """Say whose mean a value at a step of the clock is; empty for the element's own."""
        values = self.curves.get(quantity)
        value = float("nan") if values is None else float(values[i])
        kept = not np.isfinite(value) and self._withheld(quantity, i)
        return group_words(self.twin, self.layer_id, quantity, self.row, value, kept)

    def privacy_words(self, i: int) -> str:
        """Say what `group_words` says of the first of its values that is not the element's own."""
        return next((text for one in self.series if (text := self.group_words(one, i))), "")

    def _withheld(self, quantity: str, i: int) -> bool:
        """Tell whether there is a value at a step of the clock that is kept back."""
        return lost(self.twin, (self.layer_id, quantity, self.scenario), self.row, i)

    def values(self, i: int) -> Iterator[tuple[str, str, str]]:
        """Yield quantity, title and text of each value at a step of the clock."""
        nothing = np.full(self.twin.time.count, np.nan, dtype=np.float32)
        for quantity, series in self.series.items():
            if quantity not in self.curves and quantity not in self.withheld:
                continue
            values = self.curves.get(quantity, nothing)
            step = series.time.step_at(self.twin.time, i)
            pending = step is not None and not series.ready(step)
            about = quantity in self._estimated
            text = ranged_text(
                quantity, float(values[i]), about, series.meaning.spread, own_unit(series)
            )
            if pending:
                text = _(STATES[State.PENDING])
            elif step is not None and lacks(series, step):
                text = _("Not computed")
            elif not np.isfinite(values[i]) and self._withheld(quantity, i):
                text = _("Withheld")
            if step is not None and assumed(series, step):
                text = _("{what}, provisional", what=text)
            title = " · ".join(one for one in (quantity_title(quantity), rule_text(series)) if one)
            yield quantity, title, text

    def nature(self, quantity: str) -> int:
        """Return what the values of a quantity are made of (`twinview.scene.natures`)."""
        own = int(nature_of(self.series[quantity].meaning.origin))
        return MODELLED if own == KNOWN and quantity in self._estimated else own

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


def uncomputed(twin: Twin) -> bool:
    """Tell whether there is a network, or use without one, that is not computed to the end yet."""
    used = any(twin.find(one.id, "consumption") for one in twin.of_kind("building"))
    made = any(one.meaning.origin == "computed" and ready(one) for one in twin.series.values())
    return (bool(twin.networks) or used) and not made


def layer_title(layer: Layer) -> str:
    """Return the title of a layer, with a capital letter where a file has none."""
    title = _(layer.title)
    return title[:1].upper() + title[1:]
