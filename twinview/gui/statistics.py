"""Statistics of what the map shows: of all or of the selection, now or over a stretch."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.asking import AskingPanel
from twinview.gui.cards import text_label
from twinview.gui.hands import Pick
from twinview.gui.histogram import Histogram
from twinview.gui.ranking import Ranking
from twinview.gui.style import text_font
from twinview.gui.subject import layer_title
from twinview.gui.value import Lines, Place, offer_why_at
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.scene.aggregation import reach_text, window_in, with_days
from twinview.scene.numbers import number
from twinview.scene.private import groups_for
from twinview.scene.selecting import pairs, rows_of
from twinview.scene.shown import Shown
from twinview.scene.sifting import EVERY, SELECTED
from twinview.scene.statistics import TOP, Statistics, statistics
from twinview.scene.words import name_of, quantity_title
from twinview.session.selected import Chosen, chosen, layer_meant, mapped, unseen_words, within
from twinview.session.spans import ends_of, ends_text, stretched
from twinview.session.store import State
from twinview.session.why.spread import COUNTS, QUARTILES

SCOPES = {"all": N_("All"), "selection": N_("Selection")}
TIMES = {"instant": N_("Map"), "span": N_("Stretch")}


@dataclass(frozen=True, eq=False)
class Found:
    """Statistics, and what they were made of."""

    layer: Layer
    shown: Shown
    statistics: Statistics
    over: tuple[int, int] | None
    """Seconds since 1970 of the stretch that they are of; None where they are those of the map."""
    reach: str = ""
    """Between which ends, and on which days, where values are taken over a time."""
    left_out: tuple[str, ...] = ()
    """What was selected as well and does not count, and why."""


class Segments(QWidget):
    """A few buttons of which one is down.

    Signals
    -------
    chosen
        ``(key)``.
    """

    chosen = Signal(str)

    def __init__(self, titles: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self.value = next(iter(titles))
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for key in titles:
            button = self.buttons[key] = QToolButton()
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setMinimumWidth(40)
            button.setChecked(key == self.value)
            button.clicked.connect(lambda _on=False, key=key: self.choose(key))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        for key, button in self.buttons.items():
            button.setText(_(self._titles[key]))
            button.setToolTip(button.text())  # where there is little room it is shortened

    def choose(self, key: str) -> None:
        """Press a button."""
        self.buttons[key].setChecked(True)
        if key != self.value:
            self.value = key
            self.chosen.emit(key)


class StatisticsPanel(AskingPanel):
    """Histogram, numbers and ranking.

    Signals
    -------
    asked
        ``(command, arguments)``.
    pointed
        ``(pick or None)``: the pointer is on the row of an element.
    """

    asked = Signal(str, tuple)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None
        self.title = text_label(wrap=True)
        self.title.setFont(text_font(bold=True))
        self.scope, self.time = Segments(SCOPES), Segments(TIMES)
        self.bars = Histogram()
        self.note = text_label(role="small", wrap=True)
        self.ranking = Ranking()
        self.numbers = Lines(self._wonder)
        self._state: State | None = None
        self._under: Pick | None = None
        self._shown = range(1)
        self._lay_out()
        for one in (self.scope, self.time):
            one.chosen.connect(lambda _key: self._timer.start())
        self.bars.brushed.connect(self._brushed)
        self.ranking.picked.connect(self._picked)
        self.ranking.opened.connect(self._opened)
        self.ranking.all_wanted.connect(lambda: self._picked("only", 0, TOP))
        self.ranking.pointed.connect(self._pointed)
        offer_why_at(self.ranking, self._rank_at)
        offer_why_at(self.bars, self._bar_at)
        self.retranslate()

    def _lay_out(self) -> None:
        self.numbers.setVerticalSpacing(2)
        choices = QHBoxLayout()
        choices.addWidget(self.scope)
        choices.addStretch(1)
        choices.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.title, self.bars, self.note, self.ranking):
            column.addWidget(part)
        column.insertLayout(1, choices)
        column.insertLayout(3, self.numbers)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.scope.retranslate()
        self.time.retranslate()
        self.ranking.setAccessibleName(_("The largest values"))
        self._ask()

    # ----------------------------------------------------------------------------------- following
    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        if self.isVisible():
            self._timer.start()

    def show_time(self, shown: range) -> None:
        """Follow the stretch of the time bar."""
        if shown != self._shown:
            self._shown = shown
            if self.isVisible() and self.time.value == "span":
                self._timer.start()

    def _ask(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        try:
            layer = layer_meant(state)
        except CommandError as error:
            self._answered(None, error)
            return
        if self.time.value == "instant":
            self._answered(None, made(state, layer, self.scope.value, None))
        else:
            scope, shown = self.scope.value, self._shown
            key = (layer.id, scope, shown, state.view.overlay, state.view.scenario,
                   state.view.window)  # fmt: skip
            self.asker.ask(key, lambda: made(state, layer, scope, shown))

    def _answered(self, _key: object, answer: object) -> None:
        self.found = answer if isinstance(answer, Found) else None
        self._fill(str(answer) if isinstance(answer, CommandError) else "")

    # ----------------------------------------------------------------------------------- content
    def _fill(self, said: str) -> None:
        found = self.found
        for part in (self.bars, self.ranking):
            part.setVisible(found is not None)
        if found is None:
            self.title.setText("")
            self.numbers.show(())
            self.note.setText(said)
            return
        now, numbers = found.shown, found.statistics
        self.title.setText(
            _("{quantity} of {layer}", quantity=quantity_title(now.quantity),
              layer=layer_title(found.layer))
        )  # fmt: skip
        scale, unit = (100.0, "%") if now.unit == "1" else (1.0, now.unit)
        self.bars.show_bars(tuple(one * scale for one in numbers.edges), numbers.bars, unit)
        self.bars.setVisible(bool(numbers.bars))
        self.numbers.show(lines(numbers, scale, unit))
        self.note.setText(self._noted(found))
        self.note.setVisible(bool(self.note.text()))
        self._rank(found, scale, unit)

    def _noted(self, found: Found) -> str:
        over = ", ".join(one for one in (found.shown.over, found.reach) if one)
        parts = [*found.left_out, over]
        if found.statistics.grouped or found.statistics.withheld:
            parts.append(
                _("Single dwellings are private: they enter as the mean of a group of neighbours.")
            )
        return ". ".join(one for one in parts if one)

    def _rank(self, found: Found, scale: float, unit: str) -> None:
        assert self._state is not None
        rows = found.statistics.ranking
        title = _("The {count} largest", count=min(len(rows), TOP))
        values = (number(float(found.shown.values[row]) * scale, of=unit) for row in rows)
        lines = [(name_of(found.layer, row), one) for row, one in zip(rows, values, strict=True)]
        marked = self._marked(found)
        self.ranking.show_lines((title, unit), lines, [row in marked for row in rows])
        self.point_out(self._under)

    def _marked(self, found: Found) -> set[int]:
        """Return the rows of the layer that are selected."""
        assert self._state is not None
        rows = rows_of(self._state.twin.layers, self._state.view.selection).get(found.layer.id)
        return set() if rows is None else set(rows.tolist())

    def point_out(self, found: Pick | None) -> None:
        """Frame the row of what is pointed at."""
        self._under, row = found, -1
        if found is not None and self.found is not None and found[0] == self.found.layer.id:
            ranking = self.found.statistics.ranking
            row = ranking.index(found[2]) if found[2] in ranking else -1
        self.ranking.frame_row(row)

    # ---------------------------------------------------------------------------------------- why
    def _wonder(self, figure: str) -> None:
        """Ask what a number of the elements together is made of."""
        self._ask_why(SELECTED if self.scope.value == "selection" else EVERY, figure)

    def _ask_why(self, element: str, figure: str) -> None:
        found = self.found
        if found is not None and self._state is not None:
            ends = ends_text(self._state.twin.time, found.over)
            words = (found.layer.id, element, found.shown.quantity)
            more = ("", figure, *ends) if figure or any(ends) else ()
            self.asked.emit("why", (*words, *more))

    def _rank_at(self, place: QPoint) -> Place | None:
        """Return what the number of a row leads to."""
        at, found = self.ranking.indexAt(place), self.found
        if not at.isValid() or found is None:
            return None
        element = found.layer.id_at(found.statistics.ranking[at.row()])
        return partial(self._ask_why, element, ""), str(at.data() or "")

    def _bar_at(self, place: QPoint) -> Place | None:
        """Return what a bar of the histogram leads to."""
        found = self.found
        if found is None or not found.statistics.bars:
            return None
        k = self.bars.bar_at(place.x())
        low, high = found.statistics.edges[k : k + 2]
        return partial(self._wonder, f"bar:{low!r}:{high!r}"), self.bars.said(k)

    # -------------------------------------------------------------------------------------- doing
    def _brushed(self, low: float, high: float) -> None:
        """Select the elements whose values lie under the brush; the last bar holds its end too."""
        found = self.found
        if found is None:
            return
        scale = 100.0 if found.shown.unit == "1" else 1.0
        low, high = low / scale, high / scale
        open_ = np.where(found.shown.known, found.shown.values, np.nan)
        last = high >= found.statistics.edges[-1]
        inside = (open_ >= low) & ((open_ <= high) if last else (open_ < high))
        if found.over is not None or found.shown.quantity == "":
            words = [w for one in found.layer.ids[inside] for w in (found.layer.id, str(one))]
            self.asked.emit("select.these", ("only", *words))
        elif inside.any():
            sign = "<=" if last else "<"
            text = f"{found.layer.id}: value >= {low!r} and value {sign} {high!r}"
            self.asked.emit("select.where", (text,))

    def _picked(self, how: str, first: int, last: int) -> None:
        found = self.found
        rows = [] if found is None else list(found.statistics.ranking[first : last + 1])
        if found is None or not rows:
            return
        if how == "toggle":
            how = "remove" if self._marked(found).issuperset(rows) else "add"
        words = [word for pair in pairs(found.layer, rows) for word in pair]
        self.asked.emit("select.these", (how, *words))

    def _opened(self, at: int) -> None:
        self._picked("only", at, at)
        self.asked.emit("view.selection", ())

    def _pointed(self, at: int) -> None:
        found = self.found
        inside = found is not None and 0 <= at < len(found.statistics.ranking)
        row = found.statistics.ranking[at] if found is not None and inside else -1
        here = None if found is None or row < 0 else (found.layer.id, found.layer.id_at(row), row)
        self.pointed.emit(here)


def made(state: State, layer: Layer, scope: str, stretch: range | None) -> Found | CommandError:
    """Return the statistics of what the map shows of a layer, or why there are none."""
    over = None
    if stretch is not None and not state.twin.time.static:
        held = stretched(state, stretch)
        if held is None:
            return CommandError(_("The range lies outside of the stretch that is shown."))
        over = ends_of(held)
        state = replace(state, view=replace(state.view, window=held))
    try:
        now = mapped(state, layer)
    except CommandError as error:
        return error
    groups = groups_for(state.twin, layer.id, now.quantity)
    counts = Chosen({layer.id: np.flatnonzero(within(state, layer))})
    if scope == "selection":
        counts = chosen(state, layer.id)
        if not counts.rows:
            none = _("Nothing of '{layer}' is selected.", layer=layer_title(layer))
            return CommandError(unseen_words(counts) if counts.words else none)
    numbers = statistics(now, counts.rows[layer.id], groups)
    return Found(layer, now, numbers, over, _reach(state), counts.words)


def _reach(state: State) -> str:
    time, window = state.twin.time, window_in(state.twin, state.view)
    if time.static or window.kind == "instant":
        return ""
    steps = window.steps(time, min(state.view.time, time.count - 1))
    return with_days(reach_text(time, steps), window)


def lines(found: Statistics, scale: float, unit: str) -> list[tuple[str, str, str]]:
    """Return keys, titles and texts of the numbers; a key is what explains the number."""
    counts = {"elements": found.count, "known": found.known, "missing": found.missing,
              "withheld": found.withheld}  # fmt: skip
    said = [(one, _(COUNTS[one]), number(count)) for one, count in counts.items()
            if count or one in {"elements", "known"}]  # fmt: skip
    if np.isfinite(found.total):
        said.append(("sum", _("Sum"), number(found.total * scale, 4, unit)))
    values = [(key, _(QUARTILES[key]), value)
              for key, value in zip(QUARTILES, found.quartiles, strict=True)]  # fmt: skip
    values.append(("mean", _("Mean"), found.mean))
    return said + [(key, name, number(value * scale, 3, unit)) for key, name, value in values]
