"""The indicators of the district: for the whole span and for the stretch of the time bar."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from twinview.energy.account_terms import GROUPS, Indicator
from twinview.energy.factors import Factor
from twinview.gui.asking import Asker
from twinview.gui.cards import empty, text_label
from twinview.gui.jobs import Jobs
from twinview.gui.stretch import TITLES
from twinview.gui.style import Translated, text_font
from twinview.gui.underway import computing_text
from twinview.i18n import N_, _, again
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.scene.words import listed, unbroken
from twinview.session.factor_rows import factor_name
from twinview.session.indicator_texts import mass_unit, unit_text, value_text
from twinview.session.indicators import Accountant, Indicators
from twinview.session.project import Project
from twinview.session.results import load
from twinview.session.store import State

EQUIVALENTS = N_("What that is like")


@dataclass(frozen=True, eq=False)
class Both:
    """Indicators of the whole span, and of the stretch that is shown; None where there are none."""

    whole: Indicators
    part: Indicators | None


class Opener(QLabel):
    """A title that opens what stands below it, by mouse or key.

    Signals
    -------
    opened
        It was clicked, or Space or Return was pressed on it.
    """

    opened = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(unbroken(text), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", "opener")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Open."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class IndicatorsPanel(Translated, QWidget):
    """Numbers with their units; a click on a title says how the number was made.

    Signals
    -------
    factor_wanted
        ``(factor)``: a row of the book of factors is to be shown.
    """

    factor_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asker = Asker(self)
        self.asker.answered.connect(self._answered)
        self.both: Both | None = None
        self.rows: dict[str, tuple[QLabel, QLabel]] = {}
        self.reasons: dict[str, QWidget] = {}
        self.why: dict[str, QLabel] = {}
        self.notes: dict[str, QLabel] = {}
        self._opened: set[str] = set()
        self._mass = "kg"
        self._said = ""
        self._jobs: Jobs | None = None
        self._state: State | None = None
        self._accountant: tuple[Twin, Project, Accountant] | None = None
        self._shown, self._span = range(0), "day"
        self._asked: object = None
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(16, 4, 16, 12)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setMinimumWidth(340)

    def retranslate(self) -> None:
        """Make the indicators anew: their words were made in the other language."""
        self._accountant = None
        self._ask()
        self._fill()

    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        self._ask()

    def show_time(self, shown: range, span: str) -> None:
        """Follow the stretch of the time bar."""
        self._shown, self._span = shown, span
        self._ask()

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._ask()

    def watch(self, jobs: Jobs) -> None:
        """Say how far a computation is while there is nothing else to say."""
        self._jobs = jobs
        jobs.changed.connect(self._say_progress)

    def _say_progress(self) -> None:
        if self.both is None and self.isVisible():
            self._fill()

    def close_down(self) -> None:
        """End what is under way."""
        self.asker.close()

    def _ask(self) -> None:
        """Have the numbers made, where they are seen and are not those on screen."""
        state = self._state
        if state is None or not self.isVisible():
            return
        key = (state.twin, state.project, self._shown, self._accountant is None)
        if self._asked is not None and _same(key, self._asked):
            return
        self._asked = key
        twin, project, path, shown = state.twin, state.project, state.path, self._shown
        self.asker.ask(id(key), lambda: self._made(twin, project, path, shown))

    def _made(self, twin: Twin, project: Project, path: Path | None, shown: range) -> Both | None:
        """Return the numbers (in a thread); what is common to all stretches is kept."""
        kept = self._accountant
        if kept is None or kept[0] is not twin or kept[1] is not project:
            results = load(twin, project, path)
            if results is None:
                return None
            kept = self._accountant = (twin, project, Accountant(results, project))
        accountant = kept[2]
        rows = accountant.rows_of(twin.time, shown)
        return Both(accountant.of(), accountant.of(rows) if len(rows) else None)

    def _answered(self, _key: object, answer: object) -> None:
        self._said = str(answer) if isinstance(answer, CommandError) else ""
        self.both = answer if isinstance(answer, Both) else None
        self._fill()

    # --------------------------------------------------------------------------------------- rows
    def _fill(self) -> None:
        empty(self._grid)
        self.rows, self.reasons, self.why, self.notes = {}, {}, {}, {}
        if self.both is None:
            text = computing_text(self._jobs) or self._said
            text = text or _("Not computed yet: choose Compute (Ctrl+R)")
            self._grid.addWidget(text_label(text, role="soft", wrap=True), 0, 0, 1, 3)
            self._grid.setRowStretch(1, 1)
            return
        known = {one.id: one for one in self.both.whole.items}
        part = {} if self.both.part is None else {one.id: one for one in self.both.part.items}
        groups = {**GROUPS, EQUIVALENTS: tuple(i for i in known if i.startswith("equivalent_"))}
        at = self._head()
        self._mass = mass_unit([*known.values(), *part.values()])
        for group, names in groups.items():
            title = text_label(_(group))
            title.setFont(text_font(bold=True))
            title.setContentsMargins(0, 8, 0, 0)
            self._grid.addWidget(title, at, 0, 1, 3)
            at += 1
            for name in names:
                if name in known:
                    at = self._line(at, known[name], part.get(name))
        for problem in self.both.whole.problems:
            self._grid.addWidget(
                text_label(again(problem.message), role="small", wrap=True), at, 0, 1, 3
            )
            at += 1
        self._grid.setRowStretch(at, 1)

    def _head(self) -> int:
        for column, text in ((1, _("Whole span")), (2, _(TITLES[self._span]))):
            self._grid.addWidget(_right(text_label(text, role="small")), 0, column)
        return 1

    def _line(self, at: int, whole: Indicator, part: Indicator | None) -> int:
        unit = unit_text(whole, self._mass)
        named = listed([whole.title, unit] if unit else [whole.title])
        title = Opener(named)
        title.setToolTip(_("How was this made?"))
        title.opened.connect(lambda: self._toggle(whole.id))
        values = tuple(_right(_value(value_text(one, self._mass))) for one in (whole, part))
        why = text_label(f"{whole.why} {whole.source}".strip(), role="small", wrap=True)
        why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        why.setContentsMargins(8, 0, 0, 4)
        shown = whole.id in self._opened
        reason = _reason(why, whole.factors, self.factor_wanted.emit)
        reason.setVisible(shown)
        self._grid.addWidget(title, at, 0)
        for column, value in enumerate(values, 1):
            self._grid.addWidget(value, at, column)
        if whole.note:
            note = text_label(whole.note, role="warning", wrap=True)
            note.setContentsMargins(8, 0, 0, 0)
            self._grid.addWidget(note, at + 1, 0, 1, 3)
            self.notes[whole.id] = note
        self._grid.addWidget(reason, at + 2, 0, 1, 3)
        self.rows[whole.id], self.reasons[whole.id] = (values[0], values[1]), reason
        self.why[whole.id] = why
        return at + 3

    def _toggle(self, id_: str) -> None:
        self._opened ^= {id_}
        self.reasons[id_].setVisible(id_ in self._opened)


def _same(one: object, other: object) -> bool:
    """Tell whether two questions are about the same twin, project and stretch."""
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    same = one[0] is other[0] and one[1] is other[1]
    return same and one[2:] == other[2:]


def _reason(why: QLabel, factors: tuple[Factor, ...], show: Callable[[Factor], object]) -> QWidget:
    """Return how a number was made, and below it ways to the factors that it was made with."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(why)
    for factor in factors:
        button = QPushButton(_("Factor: {name}", name=factor_name(factor)))
        button.setProperty("flat", True)
        button.clicked.connect(lambda _on=False, factor=factor: show(factor))
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return whole


def _value(text: str) -> QLabel:
    label = text_label(text)
    label.setFont(text_font(tabular=True))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _right(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
