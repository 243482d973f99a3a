"""The question: which number of which element at which step, and how to look things up for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

import numpy as np

from twinview.i18n import _
from twinview.model.join import Join
from twinview.model.series import Series
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.model.window import INSTANT
from twinview.scene.aggregation import on_the_way, seen
from twinview.scene.numbers import number
from twinview.scene.painting import DIFFERENCE
from twinview.scene.view import View
from twinview.scene.words import ADDED_ID, name_of
from twinview.session.project import Settings
from twinview.session.store import State
from twinview.session.why.derivation import Input, Key

MOST = 7
"""Inputs that are listed one by one; the rest is summed up."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A number that is asked about.

    Parameters
    ----------
    state
        What is open.
    layer_id, row
        The element; row 0 of the layer ``district`` is the whole.
    quantity
        Id of the quantity, or a column.
    step
        Of the clock.
    pinned, how, case, over, figure
        As of `Key`: step, scenario and time where these are fixed, which way the number is seen,
        and which number of several elements it is.
    several
        ``selected`` or ``all``: these elements of the layer together, whatever the row.
    """

    state: State
    layer_id: str
    row: int
    quantity: str
    step: int
    pinned: int | None = None
    how: str = ""
    case: str | None = None
    over: tuple[int, int] | None = None
    figure: str = ""
    several: str = ""

    @property
    def twin(self) -> Twin:
        """The district."""
        return self.state.twin

    @property
    def view(self) -> View:
        """The view at the step; what lies between two steps only where the clock stands."""
        here = self.state.view
        between = here.between if self.step == here.time and self.how != "instant" else 0.0
        return replace(here, time=self.step, between=between)

    @property
    def windowed(self) -> bool:
        """Whether the number is one over the window of the view."""
        instant = self.how == "instant" or self.state.view.window.kind == INSTANT.kind
        return not instant and not self.twin.time.static

    @cached_property
    def through(self) -> Twin:
        """The district as its numbers are seen: over the window, or between two steps."""
        if self.windowed:
            return seen(self.twin, self.view)
        return on_the_way(self.twin, self.view) if self.view.between else self.twin

    @property
    def settings(self) -> Settings:
        """The project's assumptions."""
        return self.state.project.settings

    @cached_property
    def layer(self) -> Layer:
        """The layer of the element (not for the district)."""
        return self.twin.layers[self.layer_id]

    @property
    def kind(self) -> str:
        """Kind of the layer, or ``district``."""
        return DISTRICT if self.layer_id == DISTRICT else self.layer.kind

    @property
    def element(self) -> str:
        """Id of the element."""
        return DISTRICT if self.layer_id == DISTRICT else str(self.layer.ids[self.row])

    @property
    def place(self) -> tuple[str, str]:
        """Ids of layer and element."""
        return self.layer_id, self.element

    def series(self, layer_id: str, quantity: str) -> Series | None:
        """Return the series shown for a layer in the scenario in view."""
        return self.twin.find(layer_id, quantity, self.state.view.scenario)

    def all_of(self, layer_id: str, quantity: str) -> np.ndarray | None:
        """Return a layer's values at the step, float64; None where there are none."""
        series = self.series(layer_id, quantity)
        i = None if series is None else series.time.step_at(self.twin.time, self.step)
        if series is None or i is None or not series.ready(i) or series.failed(i):
            return None
        return series.at(i).astype(np.float64)

    def of(self, quantity: str, layer_id: str = "", row: int | None = None) -> float:
        """Return a value at the step, by default of the element itself; NaN where there is none."""
        values = self.all_of(layer_id or self.layer_id, quantity)
        return float("nan") if values is None else float(values[self.row if row is None else row])

    def total(self, layer_id: str, quantity: str) -> float:
        """Return the sum over a layer at the step, missing ones left out; NaN without values."""
        values = self.all_of(layer_id, quantity)
        return float("nan") if values is None else float(np.nansum(values))

    def whole(self, quantity: str) -> float:
        """Return a number of the district at the step."""
        return self.of(quantity, DISTRICT, 0)

    def key(self, quantity: str, layer_id: str = "", row: int | None = None) -> Key:
        """Return the key of a number of the same instant, by default of the element itself.

        Where the map shows differences, numbers that go into others are none of these.
        """
        how = self.how or ("value" if self.view.overlay == DIFFERENCE else "")
        place = layer_id or self.layer_id
        if place == DISTRICT:
            return Key(DISTRICT, DISTRICT, quantity, self.pinned, how, self.case, self.over)
        at = self.row if row is None else row
        element = str(self.twin.layers[place].ids[at])
        return Key(place, element, quantity, self.pinned, how, self.case, self.over)

    def instant(self, k: int) -> Key:
        """Return the key of the same number at one step of the clock."""
        return replace(self.key(self.quantity), how="instant", step=k, over=None)

    def name(self, layer_id: str, row: int) -> str:
        """Return the name of an element, or its kind and id."""
        layer = self.twin.layers[layer_id]
        name = name_of(layer, row)
        stands = layer.attributes["building"][row].as_py() if layer.has("building") else None
        if not stands or ADDED_ID.fullmatch(layer.id_at(row)) is None:
            return name
        # A building is known by its name where it has one.
        for one in self.twin.of_kind("building"):
            if stands in one.row_of:
                return name.replace(stands, name_of(one, one.row_of[stands]))
        return name

    # ------------------------------------------------------------------------------------- sources
    def file(self, source_id: str) -> str:
        """Return the path of a source in the project's folder, or the name of a file elsewhere."""
        found = {one.id: one.path for one in self.state.project.sources}
        if not source_id:
            return _("data without a file")
        written = found.get(source_id, found.get(source_id.partition(".")[0], source_id))
        path = PurePosixPath(written)
        outside = ".." in path.parts or path.is_absolute() or ":" in written
        return path.name if outside else written

    def layer_source(self, layer_id: str) -> str:
        """Say which file a layer's table is from."""
        layer = self.twin.layers[layer_id]
        return _("{file}: layer '{layer}'", file=self.file(layer.source), layer=layer.title)

    def join_of(self, layer_id: str, quantity: str) -> Join | None:
        """Return how a layer came by a quantity."""
        joins: Sequence[Join] = self.state.project.joins or ()
        return next((j for j in joins if (j.layer, j.quantity) == (layer_id, quantity)), None)

    @property
    def hours(self) -> float:
        """Length of a step in hours; 1 where one instant stands for all time."""
        return 1.0 if self.twin.time.static else self.twin.time.step / 3600


def shortened(inputs: Sequence[Input], unit: str) -> tuple[Input, ...]:
    """Return the largest inputs, and one that stands for all others."""
    if len(inputs) <= MOST:
        return tuple(inputs)
    ranked = sorted(inputs, key=lambda one: -abs(one.value))
    rest = ranked[MOST - 1 :]
    title = _("{count} more together", count=number(len(rest)))
    return (*ranked[: MOST - 1], Input(title, sum(one.value for one in rest), unit))
