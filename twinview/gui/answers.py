"""What a command found out, as a table in a window of its own; closed with Esc."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.copying import make_copyable
from twinview.gui.fitting import fit
from twinview.gui.helping import HelpButton
from twinview.gui.questions import in_window
from twinview.session.answer import Answer

_WIDE, _HIGH, _WIDEST = 960, 560, 420


class AnswerDialog(QDialog):
    """A table with title and remarks.

    Parameters
    ----------
    answer
        What is shown.
    helped
        Opens a place of the manual.
    parent
        The window.
    """

    def __init__(self, answer: Answer, helped: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(answer.title)
        self.table = QTableWidget(len(answer.rows), len(answer.columns))
        self.table.setHorizontalHeaderLabels([one.removeprefix(">") for one in answer.columns])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        make_copyable(self.table, self)
        right = [one.startswith(">") for one in answer.columns]
        for i, row in enumerate(answer.rows):
            for k, text in enumerate(row):
                self.table.setItem(i, k, _cell(text, right[k]))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(not right[-1])  # numbers stay beside each other
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.resizeColumnsToContents()
        for k in range(len(answer.columns)):
            self.table.setColumnWidth(k, min(self.table.columnWidth(k) + 12, _WIDEST))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        head = QHBoxLayout()
        head.addWidget(text_label(answer.title, role="title", wrap=True), 1)
        head.addWidget(HelpButton(answer.title, "answers", helped, self))
        column.addLayout(head)
        column.addWidget(self.table, 1)
        for remark in answer.remarks:
            column.addWidget(text_label(in_window(remark), role="small", wrap=True))
        fit(self, _WIDE, _HIGH)


def _cell(text: str, right: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return item
