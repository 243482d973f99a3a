"""A dialog that asks what goes into a file: fields below each other, then Close and Write."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.helping import HelpButton
from twinview.gui.style import Translated
from twinview.i18n import _


class WritingDialog(Translated, QDialog):
    """Asks what goes into a file; who makes one says what is done when it is to be written.

    Parameters
    ----------
    ask
        Runs a command of the table.
    write
        Does what was asked for.
    parent
        The window it belongs to.
    """

    def __init__(
        self,
        ask: Callable[..., object],
        write: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask, self._titles = ask, dict[str, str]()
        self._fields, self._labels = dict[str, QWidget](), dict[str, QLabel]()
        self.leave, self.write = QPushButton(), QPushButton()
        self.write.setProperty("primary", True)
        self.write.setDefault(True)
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.close)
        self.write.clicked.connect(write)

    def lay_out(
        self,
        titles: Mapping[str, str],
        fields: Sequence[QWidget],
        below: Sequence[QWidget],
        page: tuple[str, str],
    ) -> None:
        """Put everything into its place.

        Parameters
        ----------
        titles
            Of the fields, by name; marked for translation.
        fields, below
            What stands beside the titles, and below them.
        page
            Title and name of the dialog in the manual (`HelpButton`).
        """
        self._titles, self._fields = dict(titles), dict(zip(titles, fields, strict=True))
        self._labels = {name: text_label(role="soft") for name in titles}
        grid, foot = QGridLayout(), QHBoxLayout()
        grid.setHorizontalSpacing(10)
        grid.setColumnStretch(1, 1)
        for line, (name, field) in enumerate(self._fields.items()):
            self._labels[name].setBuddy(field)
            grid.addWidget(self._labels[name], line, 0)
            grid.addWidget(field, line, 1)
        for line, part in enumerate(below, len(self._fields)):
            grid.addWidget(part, line, 1)
        self.help = HelpButton(*page, partial(self._ask, "help.open"), self)
        foot.addWidget(self.help)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.write)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(14)
        column.addLayout(grid)
        column.addLayout(foot)

    def retranslate(self) -> None:
        """Write the texts anew."""
        for name, title in self._titles.items():
            self._labels[name].setText(_(title))
            self._fields[name].setAccessibleName(_(title))
        self.leave.setText(_("Close"))
        self.write.setText(_("Write..."))
