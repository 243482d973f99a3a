"""The dialog for files that are not there: where they may be now, and what moved with them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.asking_dialog import AskingDialog
from twinview.gui.cards import text_label
from twinview.gui.dialogs import ask_open
from twinview.gui.fitting import fit
from twinview.gui.helping import HelpButton
from twinview.i18n import N_, _
from twinview.progress import Progress, drain
from twinview.scene.numbers import number
from twinview.session.project import Source
from twinview.session.searching import Candidate, Search, gone, place_of, search, together
from twinview.session.store import Session, State

CONTENT = {True: N_("the same"), False: N_("another"), None: N_("not known")}
_WIDE, _HIGH = 820, 460


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; None when the user changes their mind."""
    name = QFileDialog.getExistingDirectory(parent, title)
    return Path(name) if name else None


class FindWindow(AskingDialog):
    """Looks for sources that are not there."""

    def __init__(
        self, session: Session, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(session, ask, parent)
        self._folders: list[Path] = []
        self.candidates: tuple[Candidate, ...] = ()
        self.which = QComboBox()
        self.which.activated.connect(lambda _k: self._search())
        self.place = text_label(role="small", wrap=True)
        self.table = QTableWidget(0, 3)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.itemSelectionChanged.connect(self._show_state)
        self.said = text_label(role="small", wrap=True)
        self.folder, self.file, self.leave, self.use = (QPushButton() for _k in range(4))
        self.use.setProperty("primary", True)
        for button, act in (
            (self.folder, self._choose_folder),
            (self.file, self._choose_file),
            (self.leave, self.close),
            (self.use, self._use),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        self._told.connect(self.said.setText)
        self._lay_out()
        fit(self, _WIDE, _HIGH)
        self.retranslate()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.folder)
        foot.addWidget(self.file)
        foot.addStretch(1)
        foot.addWidget(HelpButton(N_("Find moved files"), "moved", self._help, self))
        foot.addWidget(self.leave)
        foot.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for part in (self.which, self.place, self.table, self.said):
            column.addWidget(part, 1 if part is self.table else 0)
        column.addLayout(foot)

    def _help(self, place: str) -> None:
        self._ask("help.open", place)

    # ----------------------------------------------------------------------------------- following
    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Find moved files"))
        self.which.setAccessibleName(_("Which file is looked for"))
        heads = [_("File"), _("Content"), _("Found with it")]
        self.table.setHorizontalHeaderLabels(heads)
        self.folder.setText(_("Look in a folder..."))
        self.file.setText(_("Choose the file..."))
        self.leave.setText(_("Close"))
        self.use.setText(_("Use it"))
        self._show_state()

    def _changed(self, old: State, new: State) -> None:
        if new.project is old.project or not self.isVisible():
            return
        self._list()
        if not self.which.count():  # found, or another project: nothing to do here any more
            self.close()

    def begin(self, path: str = "") -> None:
        """Look for a source, the first one that is not there where none is named."""
        self._list(path)
        self.show()
        self.raise_()
        self.activateWindow()

    def _list(self, path: str = "") -> None:
        """List the sources that are not there, and look for the first one."""
        now = path or self.which.currentText()
        self.which.clear()
        for source in gone(self._session.state):
            self.which.addItem(source.path, source.id)
        self.which.setCurrentIndex(max(self.which.findText(now), 0))
        self._search()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Look for nothing any more."""
        self._asked += 1
        self.asker.drop()
        super().closeEvent(event)

    @property
    def source(self) -> Source | None:
        """The source that is looked for."""
        wanted = self.which.currentData()
        return next((one for one in self._session.state.project.sources if one.id == wanted), None)

    # ------------------------------------------------------------------------------------ searching
    def _search(self) -> None:
        self._fill(())
        source, state, folders = self.source, self._session.state, tuple(self._folders)
        if source is None:
            self.place.setText("")
            self.said.setText(_("All files of the project are there."))
            return
        self.place.setText(_("It was at {path}.", path=place_of(state, source)))
        self.said.setText(_("Looking..."))
        self.look_up(lambda: drain(search(state, source, folders), self._report))

    def _report(self, step: Progress) -> None:
        self._tell(step.message)

    def _answered(self, answer: object) -> None:
        if not isinstance(answer, Search):
            self.said.setText(_("The search failed; choose the file itself."))
            return
        count = number(answer.looked_at)
        if not answer.found:
            text = _("Nothing was found among {count} files; look in another folder.", count=count)
        elif answer.whole:
            text = _("{count} files were looked at.", count=count)
        else:
            text = _("Only the first {count} files were looked at; name a smaller folder.",
                     count=count)  # fmt: skip
        self.said.setText(text)
        self._fill(answer.found)

    def _fill(self, found: tuple[Candidate, ...]) -> None:
        self.candidates = found
        self.table.setRowCount(len(found))
        source, state = self.source, self._session.state
        for i, one in enumerate(found):
            moved = [] if source is None else together(state, source, one.path)[1:]
            others = ", ".join(Path(other.path).name for other, _path in moved)
            for k, text in enumerate((str(one.path), _(CONTENT[one.same]), others)):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(i, k, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for k in (1, 2):
            header.setSectionResizeMode(k, QHeaderView.ResizeMode.ResizeToContents)
        if found:
            self.table.selectRow(0)
        self._show_state()

    def _show_state(self) -> None:
        self.use.setEnabled(bool(self.table.selectionModel().selectedRows()))
        for button in (self.folder, self.file):
            button.setEnabled(self.which.count() > 0)

    # --------------------------------------------------------------------------------------- doing
    def _choose_folder(self) -> None:
        folder = ask_folder(self, _("Look in a folder...").rstrip(". …"))
        if folder is not None:
            self._folders.append(folder)
            self._search()

    def _choose_file(self) -> None:
        for path in ask_open(self, _("Choose the file...").rstrip(". …")):
            self._take(path)

    def _use(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if rows:
            self._take(self.candidates[rows[0].row()].path)

    def _take(self, path: Path) -> None:
        source = self.source
        if source is not None:
            self._ask("file.relink", source.id, path)
