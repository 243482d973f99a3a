"""The words of a column with their colours: each is chosen by a click on it."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from twinview.gui.colour_dialog import SPOT, ask_colour, spot_icon
from twinview.i18n import _
from twinview.scene.paint import Legend

_COLUMNS = 2


class WordColours(QWidget):
    """A button for each class, and a list of the words that are among the others.

    Signals
    -------
    chosen
        ``(word, #rrggbb)``; an empty colour stands for the usual one.
    """

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, QToolButton] = {}
        self._titles: dict[str, str] = {}
        self.more = QComboBox()
        self.more.activated.connect(self._more)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(self.more)

    def show_words(self, legend: Legend, every: Mapping[str, str], chosen: frozenset[str]) -> None:
        """Show words and their colours.

        Parameters
        ----------
        legend
            What is seen.
        every
            All words of the column, and their titles.
        chosen
            Words whose colour is not the usual one.
        """
        if legend.words != tuple(self.buttons):
            self._make(legend.words)
        titles = dict(zip(legend.words, legend.classes, strict=True))
        for (name, button), colour in zip(self.buttons.items(), legend.colours, strict=True):
            title = titles[name]
            own = [_("chosen")] if name in chosen else []
            button.setText(self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, 118))
            button.setIcon(spot_icon(colour))
            button.setProperty("colour", colour)
            button.setToolTip("\n".join([title, " · ".join([colour, *own])]))
            button.setAccessibleName(_("Colour of {word}", word=title))
        self._titles = {**every, **titles}
        self._offer([one for one in every if one not in self.buttons])

    def _make(self, words: tuple[str, ...]) -> None:
        """Make a button for each word, down the columns as in the legend."""
        focused = next((name for name, one in self.buttons.items() if one.hasFocus()), "")
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {}
        high = -(-len(words) // _COLUMNS)
        for k, name in enumerate(words):
            button = self.buttons[name] = QToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(SPOT)
            button.setProperty("word", True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(partial(self._ask, name))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(partial(self._menu, name))
            self._grid.addWidget(button, k % high, k // high, Qt.AlignmentFlag.AlignLeft)
        if focused in self.buttons:
            self.buttons[focused].setFocus()

    def _offer(self, left: list[str]) -> None:
        self.more.clear()
        self.more.addItem(_("Another word..."), "")
        for name in left:
            self.more.addItem(self._titles[name], name)
        self.more.setVisible(bool(left))
        self.more.setAccessibleName(_("Another word..."))

    def _more(self) -> None:
        name = self.more.currentData()
        self.more.setCurrentIndex(0)
        if name:
            self._ask(name)

    def _ask(self, name: str) -> None:
        """Ask for the colour of a word."""
        button = self.buttons.get(name)
        others = next(reversed(self.buttons.values()))
        now = str((button or others).property("colour"))
        title = self._titles[name]
        ask_colour(
            self, _("Colour of {word}", word=title), now, lambda one: self.chosen.emit(name, one)
        )

    def _menu(self, name: str, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Another colour..."), partial(self._ask, name))
        menu.addAction(_("Usual colour"), lambda: self.chosen.emit(name, ""))
        menu.popup(self.buttons[name].mapToGlobal(at))
