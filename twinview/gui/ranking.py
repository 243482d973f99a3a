"""The largest values, one row each: picked as in the table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QWidget

from twinview.gui.rows import ElementRows
from twinview.gui.style import text_font

_ROW = 24


class Ranking(ElementRows):
    """Shows places, names and values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ranking")
        self._lines = QStandardItemModel(0, 2, self)
        self.setModel(self._lines)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.copied.connect(self.copy_lines)

    def show_lines(
        self, heads: tuple[str, str], lines: Sequence[tuple[str, str]], marked: Sequence[bool]
    ) -> None:
        """Show names and values, the largest first; those that are selected are ticked."""
        at = self.currentIndex()
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)
        self._lines.setRowCount(len(lines))
        self._lines.setHorizontalHeaderLabels(heads)
        for column, side in enumerate(sides):
            head = self._lines.horizontalHeaderItem(column)
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        for row, (line, on) in enumerate(zip(lines, marked, strict=True)):
            for column, text in enumerate((f"{row + 1}  {line[0]}", line[1])):
                item = QStandardItem(f"✓ {text}" if on and not column else text)
                item.setFont(text_font(bold=on, tabular=True))
                item.setTextAlignment(sides[column] | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(text)
                self._lines.setItem(row, column, item)
        if at.isValid() and at.row() < len(lines):
            self.setCurrentIndex(self._lines.index(at.row(), at.column()))
        self.setFixedHeight(_ROW * len(lines) + self.horizontalHeader().sizeHint().height() + 4)
        self.setVisible(bool(lines))

    def said(self, row: int) -> str:
        """Return what stands in a row."""
        return self._lines.item(row, 0).text()

    def copy_lines(self) -> None:
        """Copy all rows as a table."""
        rows = range(self._lines.rowCount())
        texts = ["\t".join(self._lines.item(k, c).toolTip() for c in range(2)) for k in rows]
        QGuiApplication.clipboard().setText("\n".join(texts) + "\n")
