"""The table on the screen: columns as wide as they need, and a box to tick each row."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from twinview.gui.rows import ElementRows
from twinview.gui.style import text_font
from twinview.gui.table_model import ElementsModel

ROW = 26
WIDEST, NARROWEST = 240, 64
_SAMPLE = 40
"""Rows by which columns get their width."""
_TICK = 26
"""Logical pixels at the left of a row that tick it."""


class ElementsView(ElementRows):
    """Shows an `ElementsModel`."""

    def __init__(self, model: ElementsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("elements")
        self.setModel(model)
        self.setWordWrap(False)
        self.setFont(text_font(tabular=True))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        below = self.verticalHeader()
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

    def ticks(self, index: QModelIndex, x: float) -> bool:
        """Tell whether a place is the box of a row."""
        return index.column() == 0 and x - self.columnViewportPosition(0) < _TICK

    def show_row(self, row: int) -> None:
        """Bring a row into sight, without taking the focus."""
        index: QModelIndex = self.model().index(row, max(self.currentIndex().column(), 0))
        self.setCurrentIndex(index)
        self.scrollTo(index)
