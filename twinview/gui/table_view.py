"""The table on the screen: rows are picked by mouse and keys, and the pick is the map's selection.

Qt's own selection is not used: it keeps a range for every run of rows, and a hundred thousand
elements of a sorted table make as many runs.
"""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from twinview.gui.style import text_font
from twinview.gui.table_model import ElementsModel

ROW = 26
WIDEST, NARROWEST = 240, 64
_SAMPLE = 40
"""Rows by which columns get their width."""
_TICK = 26
"""Logical pixels at the left of a row that tick it."""
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter
_OWN = frozenset({
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
    Qt.Key.Key_End, Qt.Key.Key_Space, *_ENTER, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
})  # fmt: skip
"""Keys that mean the table while it has the focus, and not the clock."""
Modifier = Qt.KeyboardModifier


class ElementsView(QTableView):
    """Shows an `ElementsModel`.

    Signals
    -------
    picked
        ``(how, first, last)``: rows of the table from first to last shall be selected; how is
        only, add or toggle.
    opened
        ``(row)``: fly there.
    all_wanted
        All rows shall be selected.
    copied
        The rows shall be copied.
    """

    picked = Signal(str, int, int)
    opened = Signal(int)
    all_wanted = Signal()
    copied = Signal()

    def __init__(self, model: ElementsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("elements")
        self._anchor = 0
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFont(text_font(tabular=True))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        below = self.verticalHeader()
        below.hide()
        below.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        below.setDefaultSectionSize(ROW)
        above = self.horizontalHeader()
        above.setSortIndicatorClearable(True)
        above.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        above.setHighlightSections(False)
        self.setSortingEnabled(True)
        model.modelReset.connect(self.fit_columns)

    def fit_columns(self) -> None:
        """Give columns the room that their titles and first rows need."""
        model = self.model()
        metrics = self.fontMetrics()
        for column in range(model.columnCount()):
            rows = range(min(_SAMPLE, model.rowCount()))
            texts = [str(model.index(row, column).data() or "") for row in rows]
            title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            wide = max((metrics.horizontalAdvance(one) for one in texts), default=0)
            wide = max(
                wide + 32 + (_TICK if column == 0 else 0), metrics.horizontalAdvance(title) + 34
            )
            self.setColumnWidth(column, min(max(wide, NARROWEST), WIDEST))

    # ------------------------------------------------------------------------------------- picking
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick a row: alone, with Ctrl or its box besides others, with Shift a whole range."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        box = index.column() == 0 and event.position().x() - self.columnViewportPosition(0) < _TICK
        ticked = bool(event.modifiers() & Modifier.ControlModifier) or box
        self._pick(index.row(), bool(event.modifiers() & Modifier.ShiftModifier), ticked)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag over rows to pick them all."""
        index = self.indexAt(event.position().toPoint())
        dragged = bool(event.buttons() & Qt.MouseButton.LeftButton) and index.isValid()
        if dragged and index.row() != self.currentIndex().row():
            self.setCurrentIndex(index)
            self._pick(index.row(), True, False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Fly to an element."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.opened.emit(index.row())

    def _pick(self, row: int, ranged: bool, ticked: bool) -> None:
        if not ranged:
            self._anchor = row
            self.picked.emit("toggle" if ticked else "only", row, row)
            return
        first, last = sorted((min(self._anchor, self.model().rowCount() - 1), row))
        self.picked.emit("add" if ticked else "only", first, last)

    def event(self, event: QEvent) -> bool:
        """Keep keys that a table has of its own from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            ours = event.key() in _OWN or event.matches(QKeySequence.StandardKey.Copy)
            if ours or event.matches(QKeySequence.StandardKey.SelectAll):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Tick with Space, extend with Shift, fly with Return, copy and take all as everywhere."""
        row = self.currentIndex().row()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.all_wanted.emit()
        elif event.key() == Qt.Key.Key_Space and row >= 0:
            self._pick(row, False, True)
        elif event.key() in _ENTER and row >= 0:
            self.opened.emit(row)
        else:
            super().keyPressEvent(event)
            moved = self.currentIndex().row()
            if moved != row and event.modifiers() & Modifier.ShiftModifier:
                self._pick(moved, True, False)
            elif moved != row:
                self._anchor = moved

    def show_row(self, row: int) -> None:
        """Bring a row into sight, without taking the focus."""
        index: QModelIndex = self.model().index(row, max(self.currentIndex().column(), 0))
        self.setCurrentIndex(index)
        self.scrollTo(index)
