"""The selector of scenarios in the top bar, and a word where the one shown is not computed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from twinview.gui.jobs import Jobs
from twinview.gui.style import Translated
from twinview.gui.subject import uncomputed
from twinview.gui.underway import computing
from twinview.i18n import _
from twinview.model.scenario import Scenario, find, usable
from twinview.model.twin import BASE
from twinview.scene.words import named
from twinview.session.project import Project
from twinview.session.store import Session, State

MOST_LETTERS, FEW_LETTERS = 28, 14


def case_title(project: Project, scenario: str) -> str:
    """Return what a reader sees for a case."""
    found = find(project.scenarios, scenario)
    return _("Base case") if found is None else found.name


class ScenarioBar(Translated, QWidget):
    """Says which case is shown, and offers the others.

    Signals
    -------
    asked
        ``(command, argument)``: something was chosen.
    opened
        The panel of scenarios is wanted.
    resized
        It takes more or less room than before.
    """

    asked = Signal(str, str)
    opened = Signal()
    resized = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs: Jobs | None = None
        self._narrow = False
        self.button, self.note = QToolButton(), QToolButton()
        self.menu = QMenu(self.button)
        self.button.setMenu(self.menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.note.setProperty("warning", True)
        self.menu.aboutToShow.connect(self.fill)
        self.note.clicked.connect(lambda: self.asked.emit("compute.run", ""))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.button)
        row.addWidget(self.note)
        self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Say that it takes another room."""
        super().resizeEvent(event)
        self.resized.emit()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.note.setText(_("Compute") if self._narrow else _("Not computed · compute"))
        self.note.setToolTip(_("Compute this scenario") + "  (Ctrl+R)")
        self.note.setAccessibleName(_("Compute this scenario"))
        self.changed(self._session.state, self._session.state)

    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        title = case_title(new.project, new.view.scenario)
        most = FEW_LETTERS if self._narrow else MOST_LETTERS
        short = title if len(title) <= most else title[: most - 1] + "…"
        self.button.setText(f"{short}  ▾")
        self.button.setAccessibleName(named(_("Scenario"), title))
        self.button.setToolTip(named(_("Scenario"), title))
        self.setVisible(bool(new.twin.layers))
        self._offer()

    def fold(self, narrow: bool) -> None:
        """Say it in fewer letters, or in all again."""
        self._narrow = narrow
        self.retranslate()

    def watch(self, jobs: Jobs) -> None:
        """Offer to compute only while nothing is computed."""
        self._jobs = jobs
        jobs.changed.connect(self._offer)

    def _offer(self) -> None:
        lacking = bool(self._session.state.twin.layers) and uncomputed(self._session.state.twin)
        self.note.setVisible(lacking and not computing(self._jobs))

    def fill(self) -> None:
        """Write the menu for what is open."""
        self.menu.clear()
        state = self._session.state
        for one in (Scenario(id=BASE, title=_("Base case")), *usable(state.project.scenarios)):
            action = self.menu.addAction(one.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(one.id == state.view.scenario)
            action.triggered.connect(
                lambda _on=False, id_=one.id: self.asked.emit("scenario.show", id_)
            )
        self.menu.addSeparator()
        changing = state.view.scenario != BASE
        for name, title, able in (
            ("scenario.new", _("New scenario..."), True),
            ("scenario.copy", _("Copy the scenario..."), changing),
            ("scenario.rename", _("Rename the scenario..."), changing),
            ("scenario.remove", _("Remove the scenario"), changing),
        ):
            action = self.menu.addAction(title)
            action.setEnabled(able)
            action.triggered.connect(lambda _on=False, name=name: self.asked.emit(name, ""))
        self.menu.addSeparator()
        self.menu.addAction(_("Changes and totals"), self.opened.emit)
        self.menu.addAction(_("Compute"), lambda: self.asked.emit("compute.run", ""))
