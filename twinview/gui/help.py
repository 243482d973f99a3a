"""The keys by menu, with a search."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.helping import HelpButton
from twinview.gui.style import text_font
from twinview.i18n import N_, _
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
    helped
        Opens a place of the manual.
    """

    def __init__(
        self, groups: Sequence[Group], helped: Callable[[str], object], parent: QWidget
    ) -> None:
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
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(HelpButton(N_("Keys"), "keys", helped, self))
        column.addLayout(head)
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
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(32)
        # A grid for each: in a common one a line that wraps would part the lines beside it.
        grids = [QGridLayout() for _k in range(COLUMNS)]
        for grid in grids:
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(5)
            grid.setColumnStretch(1, 1)  # what the keys do takes the room, and wraps
            row.addLayout(grid, 1)
        heights = [0] * COLUMNS
        whole = sum(len(rows) + 2 for _heading, rows in self.shown)
        at = 0
        for heading, rows in self.shown:
            # The next column once this one has its part, counted to the middle of the group.
            if sum(heights) + (len(rows) + 2) / 2 > whole * (at + 1) / COLUMNS and at < COLUMNS - 1:
                at += 1
            self._write(grids[at], heights[at], (heading, rows))
            heights[at] += len(rows) + 2
        if not self.shown:
            grids[0].addWidget(text_label(_("No key fits."), role="soft"), 0, 0)
        for grid, high in zip(grids, heights, strict=True):
            grid.setRowStretch(high + 1, 1)
        self.sheet.setWidget(inside)

    @staticmethod
    def _write(grid: QGridLayout, first: int, group: Group) -> None:
        heading, rows = group
        title = text_label(heading, role="title", wrap=True)
        grid.addWidget(title, first, 0, 1, 2)
        for k, (keys, what) in enumerate(rows, first + 1):
            key = text_label(keys)
            key.setFont(text_font(bold=True))
            grid.addWidget(key, k, 0)
            grid.addWidget(text_label(what, role="soft", wrap=True), k, 1)
        grid.setRowMinimumHeight(first + len(rows) + 1, 10)


def _fits(words: str, heading: str, row: tuple[str, str]) -> bool:
    keys, what = row
    if not words.strip() or words.strip().casefold() in keys.casefold():
        return True
    return score(words, [(what, 1.0), (heading, 0.6)]) is not None
