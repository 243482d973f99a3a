"""What a join would come to, beside its form: a sentence, a map, rows, and keys without a mate."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import empty, text_label
from twinview.gui.copying import make_copyable
from twinview.gui.coverage_map import CoverageMap
from twinview.gui.style import Translated, icon, look_now
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.session.join_heads import Heading
from twinview.session.join_look import Look

LISTED = 5000
"""Keys that a list shows; all are copied."""
SIGNS = {"fault": "fa6s.circle-xmark", "warning": "fa6s.triangle-exclamation",
         "note": "fa6s.circle-info"}  # fmt: skip


class KeyList(Translated, QWidget):
    """Names that can be copied."""

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.copy = QPushButton()
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.copy.setText(_("Copy all"))

    def show_names(self, names: Sequence[str]) -> None:
        """Show other names."""
        self.names = tuple(names)
        self.list.clear()
        self.list.addItems(self.names[:LISTED])
        self.copy.setEnabled(bool(names))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.names))


class JoinPreview(Translated, QWidget):
    """Shows a look at a join, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self.headline = text_label(role="title", wrap=True)
        self.map = CoverageMap()
        self._said = QVBoxLayout()
        self._said.setContentsMargins(0, 0, 8, 0)
        self._said.setSpacing(4)
        inner = QWidget()
        inner.setLayout(self._said)
        self.said = QScrollArea()
        self.said.setWidgetResizable(True)
        self.said.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.said.setWidget(inner)
        self.rows = QTableWidget()
        self.rows.setShowGrid(False)
        self.rows.verticalHeader().hide()
        self.rows.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        make_copyable(self.rows, self.rows)
        self.without, self.unused = KeyList(), KeyList()
        self.tabs = QTabWidget()
        for part in (self.rows, self.without, self.unused):
            self.tabs.addTab(part, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.headline)
        column.addWidget(self.map, 3)
        column.addWidget(self.said, 2)
        column.addWidget(self.tabs, 3)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        found = None if self._look is None else self._look.coverage
        counts = (0, 0) if found is None else (len(found.without), len(found.unused))
        titles = (
            _("First rows"),
            _("Elements without a column: {count}", count=number(counts[0])),
            _("Columns without an element: {count}", count=number(counts[1])),
        )
        for k, title in enumerate(titles):
            self.tabs.setTabText(k, title)

    def show_look(self, look: Look) -> None:
        """Show what a join would come to."""
        self._look = look
        found = look.coverage
        said = _(
            "{matched} of {all} elements have a column; {share:.1f} % of their values are there.",
            matched=number(found.matched), all=number(found.elements), share=found.percent,
        )  # fmt: skip
        self.headline.setText(said)
        self.map.show_coverage(found, look.table.time.tz)
        self._say(("fault", look.faults), ("warning", look.warnings), ("note", look.notes))
        self._fill(look.heads, look.rows)
        self.without.show_names(found.without)
        self.unused.show_names(found.unused)
        self.retranslate()

    def show_fault(self, text: str, heads: Sequence[Heading] = (), kind: str = "fault") -> None:
        """Say why nothing can be shown, with the file's first rows as they stand in it."""
        self._look = None
        self.headline.setText("")
        self.map.show_coverage(None)
        self._say((kind, (text,) if text else ()))
        rows = tuple(zip(*(one.cells for one in heads), strict=True)) if heads else ()
        self._fill(tuple(one.name for one in heads), rows)
        self.without.show_names(())
        self.unused.show_names(())
        self.retranslate()

    def wait(self, text: str) -> None:
        """Say that a look is under way; the last one stays."""
        self.headline.setText(text)

    def _say(self, *groups: tuple[str, Sequence[str]]) -> None:
        empty(self._said)
        for kind, texts in groups:
            for text in texts:
                line, sign = QHBoxLayout(), text_label()
                sign.setPixmap(icon(SIGNS[kind], look_now()).pixmap(13, 13))
                line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
                line.addWidget(
                    text_label(text, role="small" if kind == "note" else "", wrap=True), 1
                )
                self._said.addLayout(line)
        self._said.addStretch(1)

    def _fill(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.rows.clear()
        self.rows.setColumnCount(len(heads))
        self.rows.setRowCount(len(rows))
        self.rows.setHorizontalHeaderLabels(list(heads))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for i, row in enumerate(rows):
            for k, text in enumerate(row):
                item = QTableWidgetItem(text)
                if k:
                    item.setTextAlignment(right)
                self.rows.setItem(i, k, item)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for k in range(len(heads)):
            head = self.rows.horizontalHeaderItem(k)
            if head is not None:
                head.setTextAlignment(right if k else left)
        self.rows.resizeColumnsToContents()
