"""The table of keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import text_font
from twinview.i18n import _

COLUMNS = 3


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
        high = -(-len(rows) // COLUMNS)
        for k, (keys, title) in enumerate(rows):
            column = 3 * (k // high)
            key = text_label(keys)
            key.setFont(text_font(bold=True))
            grid.addWidget(key, k % high, column)
            grid.addWidget(text_label(title, role="soft"), k % high, column + 1)
        for k in range(1, COLUMNS):
            grid.setColumnMinimumWidth(3 * k - 1, 24)
