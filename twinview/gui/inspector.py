"""The inspector: name, kind, values at the instant, curves with the time mark, attributes."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from twinview.gui.cards import beside, text_label
from twinview.gui.charts import Chart
from twinview.gui.jobs import Jobs
from twinview.gui.several import Several
from twinview.gui.sources import Sources
from twinview.gui.stretch import TITLES
from twinview.gui.style import IconButton, Translated
from twinview.gui.subject import CURVES, Subject, ready, uncomputed
from twinview.gui.underway import computing_text
from twinview.gui.value import Lines, offer_why
from twinview.i18n import N_, _
from twinview.model.quantities import quantities
from twinview.model.twin import DISTRICT
from twinview.scene.aggregation import (
    interpolated,
    own_unit,
    rule_text,
    seen,
    window_in,
    window_text,
)
from twinview.scene.manner import hour_text
from twinview.scene.view import View
from twinview.scene.words import ORIGINS, listed, quantity_title
from twinview.session.selected import chosen, sieve
from twinview.session.store import State

MOST_CURVES = 3
_TITLES = {
    "day": N_("this day"),
    "week": N_("this week"),
    "month": N_("this month"),
    "year": N_("this year"),
    "free": N_("as shown"),
}
assert _TITLES.keys() == TITLES.keys()


class Inspector(Translated, QWidget):
    """Says everything about the selected element; about the district where none is selected.

    Signals
    -------
    chosen
        ``(step)``: the user clicked in a curve.
    asked
        ``(layer, element, quantity)``: where a number comes from is wanted.
    pin_wanted
        Cards of the selected elements are to be pinned, or no longer.
    """

    pin_wanted = Signal()
    chosen = Signal(int)
    asked = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject: Subject | None = None
        self.charts: dict[str, Chart] = {}
        self._state: State | None = None
        self._jobs: Jobs | None = None
        self._index, self._shown, self._span = 0, range(1), "day"
        self.title = text_label(role="title", wrap=True)
        self.pin = IconButton("fa6s.thumbtack", size=14)
        self.pin.setCheckable(True)
        self.pin.describe(_("Pin the card"), "P")
        self.pin.hide()
        self.pin.clicked.connect(lambda _on=False: self.pin_wanted.emit())
        self.kind = text_label(role="small", wrap=True)
        self._more = text_label(role="small", wrap=True)
        self.over = text_label(role="soft", wrap=True)
        self.about = text_label(role="small", wrap=True)
        self.numbers, self._facts = Lines(self._ask, bold=True), Lines(self._ask)
        self.sources, self.several = Sources(), Several()
        self._charts = QVBoxLayout()
        self._inner = QWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        self._rule = QFrame()
        self._rule.setObjectName("rule")
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addLayout(beside(self.title, after=self.pin))
        for label in (self.kind, self._more, self.over):
            head.addWidget(label)
        column.addLayout(head)
        column.addWidget(self.several)
        column.addLayout(self.numbers)
        column.addWidget(self.sources)
        column.addLayout(self._charts)
        column.addWidget(self._rule)
        column.addLayout(self._facts)
        column.addWidget(self.about)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setMinimumWidth(248)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for the same width whatever is shown: the city gets the rest."""
        return QSize(288, 400)

    def watch(self, jobs: Jobs) -> None:
        """Say how far a computation is."""
        self._jobs = jobs
        jobs.changed.connect(self._say_more)
        self.sources.watch(jobs)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.pin.describe(_("Pin the card"), "P")
        self._rebuild()

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        first = self._state is None
        self._state = new
        picked = new.view.selection
        self.pin.setVisible(bool(picked))
        self.pin.setChecked(bool(picked) and set(picked) <= set(new.view.pins))
        if (
            first
            or new.twin is not old.twin
            or new.view.selection != old.view.selection
            or new.view.scenario != old.view.scenario
            or (self.subject is not None and seen(new.twin, new.view) is not self.subject.twin)
            or (self.several.isVisible() and new.view.overlay != old.view.overlay)
            or (bool(new.view.selection) and sieve(new)[:2] != sieve(old)[:2])
        ):
            self._rebuild()

    def show_time(self, index: int, shown: range, span: str) -> None:
        """Follow the clock."""
        if span != self._span:
            self._span = span
            self._name_charts()
        self._index, self._shown = index, shown
        if self.subject is not None and self.isVisible():
            self.several.show_time(index)
            self._show_values()

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Catch up with the clock."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._show_values()

    # -------------------------------------------------------------------------------------- making
    def _rebuild(self) -> None:
        self.subject = self._chosen_subject()
        subject = self.subject
        self._scroll.setVisible(subject is not None)  # its bar too goes where there is nothing
        if subject is None:
            self._show_lines(None)
            return
        assert self._state is not None
        if self.several.show_state(self._state):
            self._show_lines(None)
            self._show_several()
            return
        self.title.setText(subject.title)
        self.kind.setText(" · ".join(part for part in (subject.kind, _badge(subject)) if part))
        self._say_more()
        # Where the data come from, as on pictures: the window has room for it only here.
        self.about.setText(_(subject.twin.about) if subject.layer is None else "")
        self.about.setVisible(bool(self.about.text()))
        self._show_lines(subject)
        self.sources.show_element(self._state, subject.layer, subject.row)
        self._make_charts(subject)
        self._show_values()
        whole = self._inner.layout()
        if whole is not None:
            # At once: where the language changes twice in a turn, its own request gets lost.
            whole.activate()
            # The scroll area gives new curves their room now; till its turn they would overlap.
            QCoreApplication.sendEvent(self._inner, QEvent(QEvent.Type.LayoutRequest))

    def _show_lines(self, subject: Subject | None) -> None:
        """Show the numbers and the facts of an element."""
        self.numbers.show([] if subject is None else subject.values(self._index))
        for quantity, value in self.numbers.values.items():
            value.setToolTip(self._derivation(quantity))
        facts = [] if subject is None else subject.attributes
        self._rule.setVisible(bool(facts))
        self._facts.show(facts)

    def _show_several(self) -> None:
        """Leave everything that is of one element alone."""
        assert self._state is not None
        title, kind = self.several.title()
        self.title.setText(title)
        self.kind.setText(kind)
        for widget in (self._more, self.about, self._rule, *self.charts.values()):
            widget.hide()
        self.sources.show_element(self._state, None, 0)

    def _chosen_subject(self) -> Subject | None:
        state = self._state
        if state is None or not state.twin.layers:
            return None
        twin = seen(state.twin, state.view)
        for layer_id, element in reversed(state.view.selection):
            layer = state.twin.layers.get(layer_id)
            if layer is not None and element in layer.row_of:
                return Subject(twin, layer_id, layer.row_of[element], state.view.scenario)
        return Subject(twin, DISTRICT, 0, state.view.scenario)

    def _say_more(self) -> None:
        state = self._state
        count = len(state.view.selection) if state is not None else 0
        text = ""
        if count == 0 and state is not None and uncomputed(state.twin):
            text = computing_text(self._jobs) or _("Not computed yet: choose Compute (Ctrl+R)")
        elif count == 0:
            text = _("Click a building, a line or a storage unit to see its numbers")
            kept = self.subject.privacy_words(self._index) if self.subject is not None else ""
            text = "\n".join(one for one in (text, kept) if one)
        elif state is not None and (unseen := chosen(state).words):
            text = listed(unseen)
        elif self.subject is not None:
            text = self.subject.privacy_words(self._index)
        self._more.setText(text)
        self._more.setVisible(bool(text))

    def _ask(self, quantity: str) -> None:
        """Ask where a number of the subject comes from."""
        subject = self.subject
        if subject is not None:
            element = DISTRICT if subject.layer is None else subject.layer.id_at(subject.row)
            self.asked.emit(subject.layer_id, element, quantity)

    def _derivation(self, quantity: str) -> str:
        """Return in words what a number is and where it comes from."""
        assert self.subject is not None
        meaning = self.subject.series[quantity].meaning
        known = quantities().get(quantity)
        parts = [_(known.description)] if known else []
        parts.append(_("Origin: {origin}", origin=_(ORIGINS.get(meaning.origin, meaning.origin))))
        if meaning.spread:
            parts.append(
                _(
                    "Modelled: a single value may be off by {spread:.0f} % either way, the sum of "
                    "many by less.",
                    spread=meaning.spread * 100,
                )
            )
        if meaning.source:
            parts.append(_(meaning.source))
        parts.append(self.subject.group_words(quantity, self._index))
        return "\n".join(part for part in parts if part)

    def _make_charts(self, subject: Subject) -> None:
        known = subject.curves.keys()
        wanted = [(q, ink) for q, ink in CURVES if q in known][:MOST_CURVES]
        for quantity in list(self.charts):
            if quantity not in dict(wanted):
                chart = self.charts.pop(quantity)
                self._charts.removeWidget(chart)
                chart.hide()
                chart.deleteLater()
        for place, (quantity, ink) in enumerate(wanted):
            if quantity not in self.charts:
                chart = self.charts[quantity] = Chart(ink)
                chart.chosen.connect(self.chosen)
                offer_why(chart, partial(self._ask, quantity))
                self._charts.insertWidget(place, chart)
            waits = not ready(subject.series[quantity])
            values, nature = subject.curves[quantity], subject.nature(quantity)
            self.charts[quantity].show_values(values, subject.twin.time, waits, nature)
        self._name_charts()

    def _name_charts(self) -> None:
        for quantity, chart in self.charts.items():
            known = quantities().get(quantity)
            series = self.subject.series[quantity] if self.subject else None
            unit = own_unit(series) if series is not None else ""
            unit = unit or (known.unit if known else "kW")
            unit = "" if unit == "1" else unit
            rule = rule_text(series) if series is not None else ""
            parts = (quantity_title(quantity), rule, unit, _(_TITLES[self._span]))
            chart.name(listed(part for part in parts if part), unit)

    def _show_values(self) -> None:
        subject = self.subject
        several = not self.several.isHidden()
        if subject is None or several or self._index >= subject.twin.time.count:
            return
        self._say_window(subject)
        for quantity, _title, text in subject.values(self._index):
            if quantity in self.numbers.values:
                self.numbers.values[quantity].setText(text)
        self.sources.show_time(self._index)
        for chart in self.charts.values():
            chart.setVisible(not subject.twin.time.static)
            chart.show_time(self._index, self._shown)

    def _say_window(self, subject: Subject) -> None:
        """Say over which time the values are, where they are not those of the instant shown."""
        text, time = "", subject.twin.time
        view = self._state.view if self._state is not None else View()
        if self._state is not None and interpolated(self._state.twin, view):
            text = _("Values of the step at {time}", time=hour_text(time.at(self._index)))
        elif view.window.kind != "instant" and not time.static:
            text = window_text(time, window_in(subject.twin, view), self._index)
        self.over.setText(text)
        self.over.setVisible(bool(text))


def _badge(subject: Subject) -> str:
    """Return words that set modelled and forecast elements apart; empty for all others."""
    found = {one.meaning.origin for one in subject.series.values()}
    return listed(_(ORIGINS[name]) for name in ("modelled", "forecast") if name in found)
