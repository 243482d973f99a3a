"""The panel of scenarios: what the one shown changes, and its totals beside the base's."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import beside, empty, text_label
from twinview.gui.jobs import Jobs
from twinview.gui.scenario_bar import case_title
from twinview.gui.style import IconButton, Translated, text_font
from twinview.gui.subject import uncomputed
from twinview.gui.underway import computing, computing_text
from twinview.i18n import N_, _
from twinview.model.saying import sentence
from twinview.model.scenario import Scenario, find
from twinview.model.twin import BASE
from twinview.scene.numbers import fixed, signed
from twinview.session.comparing import Comparison, kept_beside, term
from twinview.session.store import State

OFFERS = (
    ("scenario.add_pv", N_("Add photovoltaics...")),
    ("scenario.add_storage", N_("Add storage...")),
    ("scenario.add_charger", N_("Add a charger...")),
    ("scenario.scale", N_("Scale the loads...")),
    ("scenario.set_factor", N_("Carbon intensity of imports...")),
    ("scenario.switch", N_("Open or close lines...")),
)
TABLES = {
    "energy_kwh": (N_("Energy, kWh"), N_("Energy, MWh")),
    "carbon_kg": (N_("Carbon, kg CO₂"), N_("Carbon, t CO₂")),
}
"""Title of each table in the unit of the sums and in thousands of it."""
TERMS = {
    "energy_kwh": ("import", "generation", "load", "export", "loss"),
    "carbon_kg": ("import", "arrived", "load", "loss", "export", "left", "storage_delta"),
}
"""Terms of each table, those of vehicles where any come."""
_THOUSANDS = 10_000
"""Sums from this on are shown in thousands."""


class ScenarioPanel(Translated, QWidget):
    """Says what a scenario changes, takes changes out, offers more, compares.

    Signals
    -------
    asked
        ``(command)``: a button was pressed.
    dropped
        ``(number)``: a change, counted from 1, is to be taken out.
    """

    asked = Signal(str)
    dropped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: State | None = None
        self._stale = True
        self._jobs: Jobs | None = None
        self._progress: QLabel | None = None
        self.comparison: Comparison | None = None
        self.offers: QMenu | None = None
        self._inner = QWidget()
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(16, 4, 16, 12)
        self._list.setSpacing(6)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setMinimumSize(248, 160)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._refresh()

    def watch(self, jobs: Jobs) -> None:
        """Say how far a computation is, in the place of the totals that it will make."""
        self._jobs = jobs
        jobs.changed.connect(self._say_progress)

    def _say_progress(self) -> None:
        """Follow a computation; where it begins or ends, the whole panel is written anew."""
        text = computing_text(self._jobs)
        if bool(text) is not (self._progress is not None):
            self._refresh()
        elif self._progress is not None:
            self._progress.setText(text)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        first, self._state = self._state is None, new
        if first or new.twin is not old.twin or new.project is not old.project:
            self._refresh()

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Catch up with what happened while nothing was seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        if self._stale:
            self._refresh()

    # -------------------------------------------------------------------------------------- making
    def _refresh(self) -> None:
        self._stale = not self.isVisible()
        state = self._state
        if self._stale or state is None:
            return
        empty(self._list)
        self._progress = None
        shown = find(state.project.scenarios, state.view.scenario)
        title = case_title(state.project, state.view.scenario)
        self._list.addWidget(text_label(title, role="title", wrap=True))
        if shown is None:
            text = _("The district as it was read. A scenario changes it and leaves it as it is.")
            self._list.addWidget(text_label(text, role="small", wrap=True))
            self._button(_("New scenario..."), "scenario.new")
        else:
            self._say_changes(state, shown)
            self._offer()
            self._compare(state)
        self._list.addStretch(1)

    def _say_changes(self, state: State, shown: Scenario) -> None:
        if shown.parent != BASE:
            over = _("Over: {parent}", parent=case_title(state.project, shown.parent))
            self._list.addWidget(text_label(over, role="small", wrap=True))
        if not shown.changes:
            text = _("It changes nothing yet. Select buildings and add something to them.")
            self._list.addWidget(text_label(text, role="small", wrap=True))
        for number, change in enumerate(shown.changes, 1):
            text = sentence(change, state.twin)
            text = text[:1].upper() + text[1:]
            button = IconButton("fa6s.xmark", size=11)
            button.describe(_("Remove this change"))
            button.clicked.connect(lambda _on=False, number=number: self.dropped.emit(number))
            self._list.addLayout(beside(text_label(text, wrap=True), after=button))

    def _button(self, text: str, command: str) -> QPushButton:
        button = QPushButton(text)
        if command:
            button.clicked.connect(lambda: self.asked.emit(command))
        self._list.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return button

    def _offer(self) -> None:
        button = self._button(_("Add a change"), "")
        self.offers = QMenu(button)
        for name, text in OFFERS:
            action = self.offers.addAction(_(text))
            action.triggered.connect(lambda _on=False, name=name: self.asked.emit(name))
        button.setMenu(self.offers)

    def _compare(self, state: State) -> None:
        """Say the totals beside those of the base, or what is missing for that."""
        rule = QFrame()
        rule.setObjectName("rule")
        self._list.addWidget(rule)
        self.comparison = kept_beside(state.twin, state.base, state.project, state.path)
        if self.comparison is None and computing(self._jobs):
            self._progress = text_label(computing_text(self._jobs), role="small", wrap=True)
            self._list.addWidget(self._progress)
            return
        if self.comparison is None:
            which = _("This scenario") if uncomputed(state.twin) else _("The base case")
            text = _("{which} is not computed, so there is nothing to compare.", which=which)
            self._list.addWidget(text_label(text, role="small", wrap=True))
            if uncomputed(state.twin):
                self._button(_("Compute"), "compute.run")
            return
        for table in TABLES:
            if self.comparison.difference[table]:  # else a district without electricity
                self._list.addLayout(_totals(self.comparison, table))
        self._list.addWidget(text_label(_spanned(self.comparison), role="small", wrap=True))


def _totals(found: Comparison, table: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    names = [name for name in TERMS[table] if name in found.scenario[table]]
    base, scenario = found.base[table], found.scenario[table]
    many = any(abs(one.get(name, 0.0)) >= _THOUSANDS for one in (base, scenario) for name in names)
    share = 1000 if many else 1
    heads = (_(TABLES[table][many]), _("Base"), _("Scenario"), _("Change"))
    rows = [
        (
            term(name),
            fixed(base.get(name, 0.0) / share, 1),
            fixed(scenario[name] / share, 1),
            signed(found.difference[table][name] / share, 1),
        )
        for name in names
    ]
    for k, texts in enumerate((heads, *rows)):
        for column, text in enumerate(texts):
            label = text_label(text, role="small" if k == 0 or column == 0 else "")
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight)
            if k and column:
                label.setFont(text_font(bold=column == len(heads) - 1, tabular=True))
            grid.addWidget(label, k, column)
    return grid


def _spanned(found: Comparison) -> str:
    """Return which span the totals are of, and what else the difference holds."""
    span = found.scenario["span"]
    if span["from"] is None:
        return _("One instant; the sums are those of one hour.")
    text = _("{begin} to {end}", begin=span["from"][:10], end=span["to"][:10])
    if not found.same_start:
        text += ". " + _("The base was computed from another start: storage may hold other energy.")
    return text
