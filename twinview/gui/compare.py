"""Curves of the selected elements side by side, and what they are together."""

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.asking import AskingPanel
from twinview.gui.cards import text_label
from twinview.gui.curvelegend import CurveLegend
from twinview.gui.figures import KINDS, Material, as_tsv, figure, unit_of
from twinview.gui.hands import Pick
from twinview.gui.plot import Plot
from twinview.gui.statistics import Segments
from twinview.gui.style import IconButton
from twinview.gui.subject import CURVES
from twinview.gui.value import Place, offer_why_at
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.model.window import INSTANT
from twinview.scene.numbers import number
from twinview.scene.sifting import EVERY, SELECTED
from twinview.scene.together import MOST, singles, together
from twinview.scene.words import name_of, named, quantity_title
from twinview.session.selected import (
    chosen,
    layer_meant,
    must_be_shown,
    sieve,
    unseen_words,
    within,
)
from twinview.session.store import State


class ComparePanel(AskingPanel):
    """One quantity of the selection: its curves, months, durations, and the course of a day.

    Signals
    -------
    chosen
        ``(step)``: the user clicked in the curves.
    said
        ``(text)``: something was copied.
    asked
        ``(command, arguments)``: the element of a curve is to be selected.
    wondered
        ``(layer, element, quantity)``: where a number at the instant comes from is wanted.
    pointed
        ``(pick or None)``: the pointer is on the curve of an element, or on its name.
    """

    chosen = Signal(int)
    said = Signal(str)
    asked = Signal(str, tuple)
    wondered = Signal(str, str, str)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.material: Material | None = None
        self.kinds, self.quantity = Segments(KINDS), QComboBox()
        self.copy = IconButton("fa6s.copy", size=14)
        self.plot = Plot()
        self.note = text_label(role="small", wrap=True)
        self.legend = CurveLegend()
        self._state: State | None = None
        self._index, self._shown = 0, range(1)
        self._under: Pick | None = None
        self._asked: object = None
        self._window = INSTANT
        self._error = ""
        self._lay_out()
        self.kinds.chosen.connect(lambda _key: self._fill())
        self.quantity.activated.connect(lambda _k: self._timer.start())
        self.copy.clicked.connect(self.copy_data)
        self.plot.chosen.connect(self._clicked)
        self.legend.asked.connect(self._wonder)
        offer_why_at(self.plot, self._value_at)
        for part in (self.plot, self.legend):
            part.pointed.connect(self._pointed)
            part.picked.connect(self._picked)
        self.retranslate()

    def _lay_out(self) -> None:
        self.quantity.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.addWidget(self.quantity, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.kinds)
        column.addWidget(self.plot)
        column.addLayout(self.legend)
        column.addWidget(self.note)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.kinds.retranslate()
        self.copy.describe(_("Copy the data of the picture"))
        self.quantity.setAccessibleName(_("Quantity of the curves"))
        self.quantity.clear()
        if self._state is not None:
            self._timer.start()
            self._fill()

    # ----------------------------------------------------------------------------------- following
    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        if self.isVisible():
            self._timer.start()

    def show_time(self, index: int, shown: range) -> None:
        """Follow the clock and the stretch of the time bar."""
        moved, self._index = index != self._index, index
        if shown != self._shown:
            self._shown = shown
            self._fill()
        elif moved and self.isVisible():
            self._mark()
            self._write_values()

    def _ask(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        if state.twin.time.static:
            self._answered(None, CommandError(_("The data have one instant and no curves.")))
            return
        try:
            layer = layer_meant(state)
        except CommandError as error:
            self._answered(None, error)
            return
        self._offer(state.twin, layer)
        quantity = self.quantity.currentData()
        if quantity is None:
            self._answered(None, CommandError(_("These elements have no curves.")))
            return
        key = (id(state.twin), state.view.selection, layer.id, quantity, state.view.scenario,
               sieve(state))  # fmt: skip
        if key != self._asked:
            self._asked = key
            if self.material is None:
                self.note.setText(_("Being made..."))
                self.note.show()
            self.asker.ask(0, lambda: material(state, layer, quantity))
        elif state.view.window != self._window:
            self._fill()

    def _offer(self, twin: Twin, layer: Layer) -> None:
        """Offer the quantities that a layer has series of."""
        order = [*(quantity for quantity, _ink in CURVES), *quantities()]
        held = {q for owner, q, _case in twin.series if owner == layer.id and q in quantities()}
        wanted = sorted(held, key=order.index)
        now = [self.quantity.itemData(k) for k in range(self.quantity.count())]
        if now == wanted:
            return
        chosen = self.quantity.currentData()
        self.quantity.clear()
        for one in wanted:
            self.quantity.addItem(quantity_title(one), one)
        self.quantity.setCurrentIndex(max(self.quantity.findData(chosen), 0) if wanted else -1)

    def _answered(self, _key: object, answer: object) -> None:
        self.material = answer if isinstance(answer, Material) else None
        self._error = str(answer) if isinstance(answer, CommandError) else ""
        if self.material is None:
            self._asked = None
        self._fill()

    # ------------------------------------------------------------------------------------ content
    def _fill(self) -> None:
        made, state = self.material, self._state
        self.plot.setVisible(made is not None)
        self.note.setText(self._error if made is None else self._noted(made))
        self.note.setVisible(bool(self.note.text()))
        if made is None or state is None or self._shown.stop > state.twin.time.count:
            self.plot.show_figure(None)
            self.legend.name_lines([])
            return
        self._window = state.view.window
        self.plot.show_figure(figure(self.kinds.value, made, state, self._shown))
        self._mark()
        self._name_lines()

    def _mark(self) -> None:
        self.plot.mark(self._index + 0.5 if self.kinds.value == "curves" else None)

    def _name_lines(self) -> None:
        """Write the legend: number, dashes and colour, name and the value at the instant."""
        made = self.material
        alone = made is not None and self.kinds.value == "curves"
        rows = made.singles if made is not None and alone else ()
        self.legend.name_lines([name_of(made.layer, row) for row in rows] if made else [])
        self._write_values()
        self.point_out(self._under)
        self.updateGeometry()

    def _write_values(self) -> None:
        made = self.material
        if made is None:
            return
        for entry, values in zip(self.legend.entries, made.singles.values(), strict=False):
            entry.say(number(float(values[self._index]), 3, made.unit))

    @staticmethod
    def _noted(made: Material) -> str:
        parts = [f"{one}." for one in made.left_out]
        if made.whole:
            parts.append(_("Nothing is selected: all of the layer together."))
        elif made.count > MOST and made.singles:
            parts.append(_("The first {most} of {count}.", most=MOST, count=number(made.count)))
        if made.together.missing:
            parts.append(_("{count} without data.", count=number(made.together.missing)))
        if made.together.withheld:
            parts.append(
                _("{count} withheld: single dwellings are private.",
                  count=number(made.together.withheld))
            )  # fmt: skip
        return " ".join(parts)

    # ----------------------------------------------------------------------------------- pointing
    def point_out(self, found: Pick | None) -> None:
        """Mark the curve of what is pointed at, and its entry."""
        self._under, made = found, self.material
        mine = made is not None and found is not None and found[0] == made.layer.id
        rows = list(made.singles) if made is not None and mine else []
        k = rows.index(found[2]) if found is not None and found[2] in rows else -1
        self.legend.point_out(k)
        self.plot.point_out(k if self.kinds.value == "curves" else -1)

    def _wonder(self, k: int) -> None:
        """Ask where the number of a curve at the instant comes from."""
        found, made = self._element(k), self.material
        if found is not None and made is not None:
            self.wondered.emit(*found[:2], made.quantity)

    def _value_at(self, place: QPoint) -> Place | None:
        """Return what the value of the picture nearest to a place leads to."""
        found, made, plotted = self.plot.value_at(QPointF(place)), self.material, self.plot.figure
        if found is None or made is None or plotted is None:
            return None
        k, i = found
        value = float((*plotted.lines, *(plotted.band or ()))[k][i])
        if not plotted.names:
            return partial(self._wonder_step, k, plotted.first + i), number(value, 3, plotted.unit)
        kind = {"months": "month", "duration": "duration", "day": "day"}[self.kinds.value]
        which = f":{('median', 'low', 'high')[k]}" if kind == "day" else ""
        figure_ = f"{kind}:{plotted.names[i]}{which}"
        said = named(plotted.names[i], number(value, 3, plotted.unit))
        return partial(self._wonder_figure, made, "", figure_), said

    def _wonder_step(self, k: int, step: int) -> None:
        """Go to a step of a curve, and ask where its number there comes from."""
        made = self.material
        self.chosen.emit(step)
        if made is not None and made.singles:
            self._wonder(k)
        elif made is not None:
            self._wonder_figure(made, "instant", made.together.how)

    def _wonder_figure(self, made: Material, how: str, figure_: str) -> None:
        element = EVERY if made.whole else SELECTED
        self.asked.emit("why", (made.layer.id, element, made.quantity, how, figure_))

    def _element(self, k: int) -> Pick | None:
        """Return whose the k-th curve is; None where it is nobody's own."""
        made = self.material
        if made is None or self.kinds.value != "curves" or not 0 <= k < len(made.singles):
            return None
        row = list(made.singles)[k]
        return made.layer.id, made.layer.id_at(row), row

    def _pointed(self, k: int) -> None:
        self.pointed.emit(self._element(k))

    def _picked(self, k: int, add: bool) -> None:
        found = self._element(k)
        if found is not None:
            self.asked.emit("select.add" if add else "select.only", found[:2])

    # -------------------------------------------------------------------------------------- doing
    def _clicked(self, x: float) -> None:
        if self.kinds.value == "curves":
            self.chosen.emit(min(max(int(x), self._shown.start), self._shown.stop - 1))

    def copy_data(self) -> None:
        """Copy what is plotted as a table."""
        made, state, plotted = self.material, self._state, self.plot.figure
        if made is not None and state is not None and plotted is not None:
            text = as_tsv(self.kinds.value, made, plotted, state.twin.time)
            QGuiApplication.clipboard().setText(text)
            self.said.emit(_("The data of the picture were copied."))


def material(state: State, layer: Layer, quantity: str) -> Material:
    """Return what the figures of a selection are made of; of the whole layer without one.

    Raises
    ------
    CommandError
        Nothing of it is seen.
    """
    must_be_shown(state, layer)
    twin, scenario = state.twin, state.view.scenario
    counts = chosen(state, layer.id)
    whole = not (counts.rows or counts.filtered)
    rows = np.flatnonzero(within(state, layer)) if whole else counts.rows.get(layer.id)
    if rows is None:
        raise CommandError(unseen_words(counts))
    alone = {} if whole else singles(twin, layer, quantity, rows, scenario)
    made = together(twin, layer, quantity, np.unique(rows), scenario)
    if unit_of(quantity) == "%" and quantities()[quantity].unit == "1":
        alone = {row: values * 100 for row, values in alone.items()}
        made = replace(made, values=made.values * 100)
    return Material(layer, quantity, unit_of(quantity), alone, made, len(rows), whole, counts.words)
