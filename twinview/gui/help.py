"""The table of keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import text_font
from twinview.i18n import _


class KeysDialog(QDialog):
    """All keys and what they do; closed with Esc."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        half = (len(rows) + 1) // 2
        for k, (keys, title) in enumerate(rows):
            column = 0 if k < half else 3
            key = text_label(keys)
            key.setFont(text_font(bold=True))
            grid.addWidget(key, k % half, column)
            grid.addWidget(text_label(title, role="soft"), k % half, column + 1)
        grid.setColumnMinimumWidth(2, 24)
