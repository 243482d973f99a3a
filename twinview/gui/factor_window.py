"""The book of factors in a window: searched, filtered, with rows of one's own that can change."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twinview.energy.factors import KINDS, Factor, as_row, make_factor
from twinview.gui.cards import text_label
from twinview.gui.factor_changes import FactorChanges
from twinview.gui.factor_form import FactorForm
from twinview.gui.fitting import fit
from twinview.gui.helping import HelpButton
from twinview.gui.style import Translated
from twinview.i18n import N_, _
from twinview.scene.words import named
from twinview.session.factor_book import own_factors
from twinview.session.factor_rows import FILTERS, Row, cells, heads, key_of, rows_of
from twinview.session.store import Session, State

_WIDE, _HIGH, _WIDEST = 1080, 640, 280
BUTTONS = {
    "add": N_("Add..."),
    "edit": N_("Change..."),
    "remove": N_("Remove"),
    "use": N_("Use for the import"),
    "import": N_("Import..."),
    "own": N_("Export own rows..."),
    "template": N_("Empty table..."),
}
ADDED = ("value", "unit", "carrier", "region", "kind", "source", "valid_from", "valid_to",
         "scope", "published", "verified")  # fmt: skip
"""Columns in the order in which the command that adds a row takes them."""
NUMBERS = frozenset({1})
"""Columns that stand to the right."""


class FactorWindow(Translated, QDialog):
    """Everything that can be done with factors; each edit is a command, so it can be undone.

    Parameters
    ----------
    session
        The store.
    ask
        Runs a command of the table, asking for what is missing.
    parent
        The window it belongs to.
    """

    _news = Signal(object, object)

    def __init__(
        self, session: Session, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._ask = session, ask
        self.rows: list[Row] = []
        self.which = "all"
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.fill)
        self.filters = {name: self._filter(name) for name in FILTERS}
        self.table = QTableWidget()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.itemSelectionChanged.connect(self._chosen_changed)
        self.table.itemDoubleClicked.connect(lambda _item: self._do("edit"))
        self.about = text_label(role="small", wrap=True)
        self.form = FactorForm()
        self.form.saved.connect(self._keep)
        self.changes = FactorChanges()
        self.buttons = {name: self._button(name) for name in BUTTONS}
        self._lay_out()
        fit(self, _WIDE, _HIGH)
        self._news.connect(self._changed)
        self._unlisten = session.listen(self._news.emit)
        self.retranslate()

    def _filter(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setProperty("pill", True)
        button.clicked.connect(lambda: self.show_filter(name))
        return button

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self._do(name))
        return button

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search, 1)
        for one in self.filters.values():
            top.addWidget(one)
        top.addWidget(HelpButton(N_("Book of factors"), "factors", self._help, self))
        for name, button in self.buttons.items():
            if name == "import":
                foot.addStretch(1)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addWidget(self.about)
        column.addWidget(self.form)
        column.addWidget(self.changes)
        column.addLayout(foot)

    def _help(self, place: str) -> None:
        self._ask("help.open", place)

    # ----------------------------------------------------------------------------------- following
    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Book of factors"))
        self.search.setPlaceholderText(_("Search: region, carrier, kind, source"))
        self.search.setAccessibleName(_("Search in the book of factors"))
        for name, pill in self.filters.items():
            pill.setText(_(FILTERS[name]))
        for name, button in self.buttons.items():
            button.setText(_(BUTTONS[name]))
        self.fill()

    def _changed(self, old: State, new: State) -> None:
        self.changes.changed(old, new)
        if new.project is not old.project or new.twin.time != old.twin.time:
            self.fill()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Hide; what changed is remembered until the district is closed."""
        self.form.hide()
        super().closeEvent(event)

    def close_down(self) -> None:
        """End what is under way and hear no more news."""
        self._unlisten()
        self.changes.asker.close()

    # --------------------------------------------------------------------------------------- table
    def show_filter(self, name: str) -> None:
        """Show a part of the book."""
        self.which = name
        self.fill()

    def fill(self) -> None:
        """Write the rows that fit search and filter; the chosen one stays chosen."""
        chosen = self.chosen
        state = self._session.state
        self.filters[self.which].setChecked(True)
        self.rows = rows_of(state.project, state.twin.time, self.search.text(), self.which)
        titles = (_("Whose"), *heads())
        self.table.setColumnCount(len(titles))
        self.table.setHorizontalHeaderLabels(list(titles))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for k in NUMBERS:
            head = self.table.horizontalHeaderItem(k + 1)
            if head is not None:
                head.setTextAlignment(right)
        self.table.setRowCount(len(self.rows))
        for i, row in enumerate(self.rows):
            whose = _("own") if row.number else _("book")
            for k, text in enumerate((whose, *cells(row.factor))):
                self.table.setItem(i, k, _item(text, row, k))
        self._size_columns()
        if chosen is not None:
            self._choose(chosen.factor)
        self._chosen_changed()

    def _size_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.resizeColumnsToContents()
        for k in range(self.table.columnCount()):
            self.table.setColumnWidth(k, min(self.table.columnWidth(k) + 12, _WIDEST))

    @property
    def chosen(self) -> Row | None:
        """The row that is chosen."""
        found = self.table.selectionModel()
        lines = [] if found is None else found.selectedRows()
        line = lines[0].row() if lines else -1
        return self.rows[line] if 0 <= line < len(self.rows) else None

    def show_factor(self, factor: Factor) -> None:
        """Show one row of the book, whatever was searched before."""
        self.search.setText("")
        self.show_filter("all")
        self._choose(factor)

    def _choose(self, factor: Factor) -> None:
        for line, row in enumerate(self.rows):
            if key_of(row.factor) == key_of(factor) and row.factor.value == factor.value:
                self.table.selectRow(line)
                self.table.scrollTo(self.table.model().index(line, 0))
                return

    def _chosen_changed(self) -> None:
        row = self.chosen
        own = row is not None and row.number > 0
        self.buttons["remove"].setEnabled(own)
        self.buttons["edit"].setEnabled(row is not None)
        self.buttons["edit"].setText(_("Change...") if own or row is None else _("Copy as own..."))
        self.buttons["use"].setEnabled(row is not None and row.factor.carrier == "electricity")
        self.about.setText("" if row is None else _about(row))

    # --------------------------------------------------------------------------------------- doing
    def _do(self, name: str) -> None:
        row = self.chosen
        if name == "add":
            self.form.ask(None, 0)
        elif name == "import":
            self._ask("factors.import")
        elif name in {"own", "template"}:
            where = _where(self, name)
            if where:
                self._ask("factors.export", *where)
        elif row is None:
            return
        elif name == "edit":
            self.form.ask(row.factor, row.number)
        elif name == "use":
            self._ask("factors.use", _reference(row.factor))
        else:
            one = row.factor
            begin = str(one.valid_from) if one.valid_from else "always"
            self._ask("factors.remove", one.carrier, one.region, one.kind, begin)

    def _keep(self, number: int, row: dict[str, str]) -> None:
        """Have a command keep the row of the form, and show it."""
        if number:
            old = as_row(own_factors(self._session.state.project)[0][number - 1])
            changes = ";".join(f"{k}={text}" for k, text in row.items() if text != old[k])
            if changes:
                self._ask("factors.edit", number, changes)
        else:
            self._ask("factors.add", *(row[name] for name in ADDED))
        self._choose(make_factor(row, ""))


def _item(text: str, row: Row, column: int) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    side = Qt.AlignmentFlag.AlignRight if column - 1 in NUMBERS else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    font = item.font()
    font.setBold(row.number > 0 and column == 0)
    item.setFont(font)
    return item


def _about(row: Row) -> str:
    """Return what a row says, in a sentence."""
    factor = row.factor
    parts = [named(factor.kind, _(KINDS[factor.kind])), factor.source]
    if factor.published:
        parts.append(_("published {day}", day=factor.published))
    if row.expired:
        parts.append(_("its period ends before that of the data"))
    return " · ".join(parts)


def _reference(factor: Factor) -> str:
    """Return how settings name a factor: REGION:KIND or with :YEAR."""
    year = f":{factor.valid_from.year}" if factor.valid_from else ""
    return f"{factor.region}:{factor.kind}{year}"


def _where(parent: QWidget, which: str) -> tuple[object, ...]:
    """Ask where a table is to be written; nothing where the user changes their mind."""
    from twinview.gui.dialogs import ask_save

    title = _(BUTTONS[which]).rstrip(". …")
    path = ask_save(parent, title, f"factors-{which}.csv", ("csv",))
    return () if path is None else (path, which)
