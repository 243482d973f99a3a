"""The list of problems: what is wrong in the data, what was done, how to mend it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from twinview.gui.cards import beside, empty, text_label
from twinview.gui.questions import in_window
from twinview.gui.style import Translated, icon, look_now
from twinview.i18n import N_, _, again
from twinview.model.problem import Problem
from twinview.session.store import State

ICONS = {
    "error": "fa6s.circle-xmark",
    "warning": "fa6s.triangle-exclamation",
    "info": "fa6s.circle-info",
}
NAMES = {"error": N_("Error"), "warning": N_("Warning"), "info": N_("Note")}
FOUND_AGAIN = frozenset({"source.missing", "source.outside"})
"""Problems of files that can be looked for."""
MOST = 200
"""Problems that are listed; the rest is counted."""
LONG = 28
"""Letters of an element's id that its button shows; both ends of a longer one."""


def problem_count(problems: Sequence[Problem]) -> str:
    """Return in words how many problems there are; mere notes are not called problems."""
    count = len(problems)
    if all(one.severity == "info" for one in problems):
        return _("1 note") if count == 1 else _("{count} notes", count=count)
    return _("1 problem") if count == 1 else _("{count} problems", count=count)


class ProblemsPanel(Translated, QWidget):
    """All problems of the twin, worst first.

    Signals
    -------
    wanted
        ``(layer id, element ids)``: show these elements.
    lost
        ``(path)``: look for this source, which is not there.
    """

    wanted = Signal(str, object)
    lost = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: tuple[Problem, ...] = ()
        self._inner = QWidget()
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(16, 8, 16, 8)
        self._list.setSpacing(12)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw the signs in the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._fill()

    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        if new.twin.problems is not self._problems:
            self._problems = new.twin.problems
            self._fill()

    def _fill(self) -> None:
        empty(self._list)
        if not self._problems:
            self._list.addWidget(text_label(_("No problems were found."), role="soft", wrap=True))
        for problem in self._problems[:MOST]:
            self._list.addWidget(self._row(problem))
        if len(self._problems) > MOST:
            text = _("{count} more are not listed.", count=len(self._problems) - MOST)
            self._list.addWidget(text_label(text, role="small"))
        self._list.addStretch(1)

    def _row(self, problem: Problem) -> QWidget:
        row = QFrame()
        sign = QLabel()
        sign.setTextFormat(Qt.TextFormat.PlainText)
        sign.setPixmap(icon(ICONS[problem.severity], look_now()).pixmap(14, 14))
        sign.setAccessibleName(_(NAMES[problem.severity]))
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(text_label(in_window(again(problem.message)), wrap=True))
        if problem.fix:
            fix = in_window(again(problem.fix))
            column.addWidget(text_label(fix, role="small", wrap=True))
        where = " · ".join(part for part in (problem.source, problem.layer) if part)
        if where:
            column.addWidget(text_label(where, role="small", wrap=True))
        if problem.layer and problem.element_ids:
            column.addWidget(self._link(problem), 0, Qt.AlignmentFlag.AlignLeft)
        if problem.code in FOUND_AGAIN:
            find = QPushButton(_("Find..."))
            find.clicked.connect(lambda: self.lost.emit(problem.source))
            column.addWidget(find, 0, Qt.AlignmentFlag.AlignLeft)
        row.setLayout(beside(column, before=sign))
        return row

    def _link(self, problem: Problem) -> QPushButton:
        """Return the button that selects what the problem is about and flies there."""
        first, more = problem.element_ids[0], len(problem.element_ids) - 1

        def said(name: str) -> str:
            return _("{first} and {count} more", first=name, count=more) if more else name

        shown = said(first if len(first) <= LONG else f"{first[: LONG // 2]}…{first[-LONG // 3 :]}")
        button = QPushButton(shown.replace("&", "&&"))
        button.setProperty("link", True)
        button.setAutoDefault(True)  # Enter presses it as well, outside of dialogs too
        name = _("Select and show: {what}", what=said(first))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self.wanted.emit(problem.layer, problem.element_ids))
        return button
