"""The keys by menu, with a search."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import text_font
from twinview.i18n import _
from twinview.session.matching import score

COLUMNS = 3
_WIDE = 1000
Group = tuple[str, list[tuple[str, str]]]


class KeysDialog(QDialog):
    """All keys and what they do; closed with Esc.

    Parameters
    ----------
    groups
        Heading, and rows of keys and what they do.
    """

    def __init__(self, groups: Sequence[Group], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        self._groups = list(groups)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search the keys"))
        self.search.setAccessibleName(_("Search the keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._fill)
        self.sheet = QScrollArea()
        self.sheet.setWidgetResizable(True)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.sheet, 1)
        self._fill()
        inside, room = self._inside.sizeHint(), parent.size()
        self.resize(min(max(inside.width(), _WIDE) + 72, room.width() - 40),
                    min(inside.height() + 96, room.height() - 40))  # fmt: skip

    @property
    def shown(self) -> list[Group]:
        """The groups with the rows that fit the search."""
        words = self.search.text()
        fitting = [
            (heading, [row for row in rows if _fits(words, heading, row)])
            for heading, rows in self._groups
        ]
        return [(heading, rows) for heading, rows in fitting if rows]

    def _fill(self) -> None:
        """Lay the groups out in columns of about the same height, none torn apart."""
        inside = self._inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        heights = [0] * COLUMNS
        whole = sum(len(rows) + 2 for _heading, rows in self.shown)
        at = 0
        for heading, rows in self.shown:
            # The next column once this one has its part, counted to the middle of the group.
            if heights[at] + (len(rows) + 2) / 2 > whole / COLUMNS and at < COLUMNS - 1:
                at += 1
            self._write(grid, at, heights[at], (heading, rows))
            heights[at] += len(rows) + 2
        if not self.shown:
            grid.addWidget(text_label(_("No key fits."), role="soft"), 0, 0)
        for k in range(1, COLUMNS):
            grid.setColumnMinimumWidth(3 * k - 1, 24)
        grid.setRowStretch(max(heights) + 1, 1)
        for k in range(COLUMNS):
            grid.setColumnStretch(3 * k + 1, 1)  # what the keys do takes the room, and wraps
        self.sheet.setWidget(inside)

    @staticmethod
    def _write(grid: QGridLayout, column: int, first: int, group: Group) -> None:
        heading, rows = group
        title = text_label(heading, role="title", wrap=True)
        grid.addWidget(title, first, 3 * column, 1, 2)
        for k, (keys, what) in enumerate(rows, first + 1):
            key = text_label(keys)
            key.setFont(text_font(bold=True))
            grid.addWidget(key, k, 3 * column)
            grid.addWidget(text_label(what, role="soft", wrap=True), k, 3 * column + 1)
        grid.setRowMinimumHeight(first + len(rows) + 1, 10)


def _fits(words: str, heading: str, row: tuple[str, str]) -> bool:
    keys, what = row
    if not words.strip() or words.strip().casefold() in keys.casefold():
        return True
    return score(words, [(what, 1.0), (heading, 0.6)]) is not None
